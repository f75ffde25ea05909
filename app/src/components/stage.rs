//! Where an island draws: once on the server, and on the phone again whenever something it reads has changed.
//!
//! The server draws an island as part of a page, with its name and its data in attributes of its place. The phone wakes
//! it there by calling the same function again, and needs nothing of Leptos for it: see [`super::follow`].

use serde::de::DeserializeOwned;

use super::node::Element;

pub use super::follow::Redraw;

/// Draws an island as it stands.
pub type Drawing = Box<dyn Fn() -> Element>;

/// What an island leaves on a page: on the server its markup, on the phone nothing, because it stands there already.
#[cfg(feature = "ssr")]
pub type Place = leptos::prelude::AnyView;
/// What an island leaves on a page: on the server its markup, on the phone nothing, because it stands there already.
#[cfg(not(feature = "ssr"))]
pub type Place = ();

/// Returns the place of an island on the page. `name` is how the phone finds its function
/// ([`crate::islands`]), `begin` gets the data the page hands over and returns how to draw; what
/// the drawing reads (the phone's state, a [`Redraw`]) makes it draw anew.
pub fn stage<T: DeserializeOwned>(
    name: &'static str,
    class: &'static str,
    begin: impl FnOnce(T) -> Drawing + 'static,
) -> Place {
    // A page and its islands are one build, so data that cannot be read is a broken build; its place stays as the
    // server drew it.
    place(name, class, Box::new(move |json| crate::json::read(json).ok().map(begin)))
}

type Begin = Box<dyn FnOnce(&str) -> Option<Drawing>>;

#[cfg(not(feature = "ssr"))]
mod awake {
    use std::cell::RefCell;

    use super::{Begin, Drawing};
    use crate::components::follow::follow;
    use crate::components::patch::{build_in, patch};

    thread_local! {
        /// Where the island that is being woken stands.
        static AT: RefCell<Option<web_sys::Element>> = const { RefCell::new(None) };
    }

    /// Wakes the island at a place by calling its function.
    pub(crate) fn wake_at(place: web_sys::Element, island: fn()) {
        AT.set(Some(place));
        island();
    }

    pub(super) fn place(_name: &str, _class: &str, begin: Begin) {
        let Some(place) = AT.take() else { return };
        let data = place.get_attribute("data-with").unwrap_or_else(|| "null".to_owned());
        if let Some(draw) = begin(&data) {
            draw_in(place, draw);
        }
    }

    fn draw_in(place: web_sys::Element, draw: Drawing) {
        let standing = RefCell::new(None);
        follow(move || {
            let tree = draw();
            let drawn = match standing.take() {
                Some(mut standing) => {
                    patch(&mut standing, tree);
                    Some(standing)
                }
                // The server's drawing stays until now.
                None => build_in(&place, tree),
            };
            standing.replace(drawn);
        });
    }
}

#[cfg(not(feature = "ssr"))]
use awake::place;
#[cfg(not(feature = "ssr"))]
pub(crate) use awake::wake_at;

#[cfg(feature = "ssr")]
fn place(name: &'static str, class: &'static str, begin: Begin) -> Place {
    use leptos::prelude::*;
    let Handed(json) = use_context().unwrap_or_default();
    let mut html = String::new();
    if let Some(draw) = begin(json.as_deref().unwrap_or("null")) {
        draw().html(&mut html);
    }
    view! { <div class=class data-island=name data-with=json inner_html=html></div> }.into_any()
}

/// What a page hands to the island it is about to draw.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
struct Handed(Option<String>);

/// Draws an island with its data: JSON in an attribute of its place, not Leptos properties, which would bring all of
/// `serde_json`'s reader to the phone.
#[cfg(feature = "ssr")]
pub fn with_data<V>(data: &impl serde::Serialize, island: impl FnOnce() -> V) -> V {
    use leptos::prelude::provide_context;
    let json = serde_json::to_string(data).expect("what islands are handed is plain data");
    provide_context(Handed(Some(json)));
    let drawn = island();
    provide_context(Handed(None));
    drawn
}
