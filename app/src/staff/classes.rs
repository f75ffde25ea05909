//! Classes: found as typed, opened, looked into one by one. Which class is open stands behind `#`.

mod cards;
mod members;
mod opened;

use domain::ids::ClassId;
use domain::role::Action;
use leptos::prelude::*;

use self::opened::Opened;
use super::parts::{Doing, Field, SearchField, loaded};
use super::place_chooser::PlaceChooser;
use super::words;
use crate::api::classes::{ClassRow, FoundClasses, list_classes, open_class};
use crate::api::myself::{Myself, who_am_i};
use crate::api::places::PlaceRow;
use crate::i18n::{t, tf};

/// The page: the list, or the class that the address names.
#[component]
pub(super) fn ClassesPage() -> impl IntoView {
    let open = RwSignal::new(named().unwrap_or_default());
    // Kept while a class is open: whoever comes back finds the list as it was asked for.
    let typed = RwSignal::new(String::new());
    let listener = window_event_listener(leptos::ev::hashchange, move |_| {
        if let Some(named) = named() {
            open.set(named);
        }
    });
    on_cleanup(move || listener.remove());
    move || match open.get() {
        Some(id) => view! { <Opened id=id /> }.into_any(),
        None => view! { <List typed=typed /> }.into_any(),
    }
}

/// Returns the class that the address names, or none for the list; nothing when it names a part of the page.
fn named() -> Option<Option<ClassId>> {
    let hash = web_sys::window()?.location().hash().ok()?;
    match hash.trim_start_matches('#') {
        "" => Some(None),
        id => id.parse().ok().map(Some),
    }
}

#[component]
fn List(typed: RwSignal<String>) -> impl IntoView {
    let found = LocalResource::new(move || list_classes(typed.get()));
    let row = |class: ClassRow| {
        let closed = class.closed.then(|| view! { <span class="mark">{t("class-closed")}</span> });
        let about = [class.place, tf("class-members", &[("count", &words::number(class.members))])];
        view! {
            <li>
                <a class="whole" href=format!("#{}", class.id)>
                    <span>
                        <strong class="big">{class.name}</strong>
                        " "
                        {closed}
                        <br />
                        <span class="quiet">{about.join(" · ")}</span>
                    </span>
                </a>
            </li>
        }
    };
    let list = move |FoundClasses { classes, more }: FoundClasses| {
        if classes.is_empty() {
            let is_all = typed.read_untracked().trim().is_empty();
            let none = if is_all { t("classes-none") } else { t("classes-not-found") };
            return view! { <p>{none}</p> }.into_any();
        }
        let more = more.then(|| not_all(&classes));
        view! { <ul class="rows">{classes.into_iter().map(row).collect_view()}</ul> {more} }.into_any()
    };
    let new = |myself: Myself| {
        let may = myself.may.contains(&Action::KeepClasses);
        may.then(|| view! { <New /> }).into_any()
    };
    view! {
        <div class="narrow">
            <SearchField label=t("classes-search") begin=typed.get_untracked() typed=move |text| typed.set(text) />
        </div>
        {loaded(found, list)}
        {loaded(LocalResource::new(who_am_i), new)}
    }
}

/// Says that there are more classes than these, and how to find them.
pub(super) fn not_all(shown: &[ClassRow]) -> AnyView {
    let count = shown.len().to_string();
    view! { <p class="plain-note">{tf("classes-more", &[("count", &count)])}</p> }.into_any()
}

/// Opening a class.
#[component]
fn New() -> impl IntoView {
    let (name, place) = (RwSignal::new(String::new()), RwSignal::new(None::<PlaceRow>));
    let (doing, opened) = (Doing::new(), RwSignal::new(false));
    let place_id = move || {
        place.read().as_ref().and_then(|place| place.path.ids().next_back().and_then(|id| id.parse().ok()))
    };
    let open = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match place_id() {
            Some(place) => doing.ask(open_class(name.get_untracked(), place), |class| {
                // Whoever opened a class wants to fill it.
                if let Some(window) = web_sys::window() {
                    let _ = window.location().set_hash(&class.to_string());
                }
                words::go_to_the_top();
            }),
            None => doing.refuse("no-place"),
        }
    };
    view! {
        <details class="card narrow" on:toggle=move |_| opened.set(true)>
            <summary>
                <h2>{t("class-open")}</h2>
            </summary>
            <form on:submit=open>
                <Field label=t("class-name") help=t("class-name-help") value=name />
                {move || opened.get().then(|| view! { <PlaceChooser chosen=place /> })} {doing.said()}
                <button class="button main" disabled=move || doing.is_busy()>
                    {t("class-open-button")}
                </button>
            </form>
        </details>
    }
}
