//! Where an island draws: once on the server, and on the phone again whenever something it reads has changed.
//!
//! An island is handed its data as JSON in an attribute of its own place on the page, not as Leptos properties:
//! reading those would bring all of `serde_json`'s reader to the phone.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::node::Element;

/// Tells an island to draw anew after its own state has changed.
#[derive(Debug, Clone, Default)]
pub struct Redraw(ArcTrigger);

impl Redraw {
    /// Returns a new one.
    pub fn new() -> Self {
        Self(ArcTrigger::new())
    }

    /// Draws anew.
    pub fn now(&self) {
        self.0.notify();
    }

    /// Follows: to be called while drawing.
    pub fn follow(&self) {
        self.0.track();
    }
}

/// Draws an island as it stands.
pub type Drawing = Box<dyn Fn() -> Element>;

/// Returns the place of an island on the page. `begin` gets the data the page hands over and returns how to draw; what
/// the drawing reads (the phone's state, a [`Redraw`]) makes it draw anew.
pub fn stage<T: DeserializeOwned>(
    class: &'static str,
    begin: impl FnOnce(T) -> Drawing + 'static,
) -> AnyView {
    // A page and its islands are one build, so data that cannot be read is a broken build; its place stays as the
    // server drew it.
    place(class, Box::new(move |json| crate::json::read(json).ok().map(begin)))
}

type Begin = Box<dyn FnOnce(&str) -> Option<Drawing>>;

/// Attribute that carries the data of an island.
const DATA: &str = "data-with";

#[cfg(feature = "hydrate")]
fn place(class: &'static str, begin: Begin) -> AnyView {
    use super::patch::{Standing, build_in, patch};
    let place = NodeRef::<leptos::html::Div>::new();
    let mut begin = Some(begin);
    Effect::new(move |_: Option<()>| {
        let Some(place) = place.get() else { return };
        let data = place.get_attribute(DATA).unwrap_or_else(|| "null".to_owned());
        let Some(draw) = begin.take().and_then(|begin| begin(&data)) else { return };
        Effect::new(move |standing: Option<Option<Standing>>| {
            let tree = draw();
            match standing.flatten() {
                Some(mut standing) => {
                    patch(&mut standing, tree);
                    Some(standing)
                }
                None => build_in(&place, tree),
            }
        });
    });
    // The server's drawing stays until the first one of the phone.
    view! { <div class=class node_ref=place inner_html=""></div> }.into_any()
}

#[cfg(not(feature = "hydrate"))]
fn place(class: &'static str, begin: Begin) -> AnyView {
    let Handed(json) = use_context().unwrap_or_default();
    let mut html = String::new();
    if let Some(draw) = begin(json.as_deref().unwrap_or("null")) {
        draw().html(&mut html);
    }
    let _ = DATA;
    view! { <div class=class data-with=json inner_html=html></div> }.into_any()
}

/// What a page hands to the island it is about to draw.
#[cfg(not(feature = "hydrate"))]
#[derive(Debug, Clone, Default)]
struct Handed(Option<String>);

/// Draws an island with its data.
#[cfg(feature = "ssr")]
pub fn with_data<V>(data: &impl serde::Serialize, island: impl FnOnce() -> V) -> V {
    let json = serde_json::to_string(data).expect("what islands are handed is plain data");
    provide_context(Handed(Some(json)));
    let drawn = island();
    provide_context(Handed(None));
    drawn
}
