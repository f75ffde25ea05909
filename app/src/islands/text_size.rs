//! Letter size, kept on this phone. `boot.js` sets it again before the next page is drawn.

use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{button, icon};
use crate::components::stage::{Place, stage};
use crate::i18n::t;

/// Three sizes to choose from.
pub fn text_size() -> Place {
    stage("text_size", "text-size", |()| Box::new(draw))
}

fn draw() -> Element {
    let choice =
        |class: &str, size: &'static str, word: String| button(class, None, word, move || remember(size));
    el("div")
        .class("sizes")
        .attr("role", "group")
        .attr("aria-label", t("text-size"))
        .child(icon(Icon::Letters))
        .child(el("span").text(t("text-size")))
        .child(choice("size-1", "1", t("text-size-normal")))
        .child(choice("size-2", "2", t("text-size-large")))
        .child(choice("size-3", "3", t("text-size-largest")))
}

#[cfg(feature = "hydrate")]
fn remember(size: &str) {
    let Some(window) = web_sys::window() else { return };
    if let Some(root) = window.document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-size", size);
    }
    // Without storage the size holds for this page.
    if let Ok(Some(storage)) = window.local_storage() {
        let _ = storage.set_item("size", size);
    }
}

#[cfg(not(feature = "hydrate"))]
fn remember(_: &str) {}
