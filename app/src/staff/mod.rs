//! Staff pages in the browser: drawn by Leptos from what server functions answer. The third bundle; nothing here is on a
//! learner's phone.
//!
//! The server's page is the same for everybody and names in `data-page` what is drawn in it. A page asks who is signed in
//! and what that person may do; hiding a button is politeness, the server checks every call again.
#![expect(unreachable_pub, reason = "`#[component]` writes plain `pub`")]

mod account;
mod agreement;
mod audit;
mod classes;
mod colleagues;
mod home;
mod incidents;
mod lists;
mod look_alikes;
mod parts;
mod people;
mod person_chooser;
mod place_chooser;
mod places;
mod reconcile;
mod reconcile_words;
mod requests;
mod roll;
mod words;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

/// Entry in the browser: draws the page that the place asks for.
#[wasm_bindgen]
pub fn start_staff(place: web_sys::HtmlElement) {
    let page = place.get_attribute("data-page").unwrap_or_default();
    // What the server put there says that something is coming.
    place.set_inner_html("");
    let draw = move || match page.as_str() {
        "account" => view! { <account::AccountPage /> }.into_any(),
        "people" => view! { <people::PeoplePageView /> }.into_any(),
        "classes" => view! { <classes::ClassesPage /> }.into_any(),
        "lists" => view! { <lists::ListsPage /> }.into_any(),
        "look-alikes" => view! { <look_alikes::LookAlikesPage /> }.into_any(),
        "places" => view! { <places::PlacesPage /> }.into_any(),
        "colleagues" => view! { <colleagues::ColleaguesPage /> }.into_any(),
        "roll" => view! { <roll::RollPage /> }.into_any(),
        "reconcile" => view! { <reconcile::ReconcilePage /> }.into_any(),
        "incidents" => view! { <incidents::IncidentsPage /> }.into_any(),
        "requests" => view! { <requests::RequestsPage /> }.into_any(),
        "audit" => view! { <audit::AuditPageView /> }.into_any(),
        _ => view! { <home::HomePage /> }.into_any(),
    };
    // The page lives as long as its window.
    mount_to(place.unchecked_into(), draw).forget();
}
