//! Answers that are typed: a number, a few words. With or without diacritics.
//!
//! Nothing is judged while the keyboard still composes a letter: the answer is taken when it is handed in.

use std::rc::Rc;

use domain::item::TEXT_MAX_CHARS;

use super::Desk;
use crate::components::node::{Element, el};

/// Draws a field with its label and, behind it, what is counted.
pub(super) fn draw(desk: &Rc<Desk>, label: String, unit: &str, mode: &'static str) -> Element {
    let typist = Rc::clone(desk);
    let field = el("input")
        .attr("type", "text")
        .attr("inputmode", mode)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("maxlength", TEXT_MAX_CHARS.to_string())
        .flag("readonly", desk.is_answered())
        .attr("value", &**desk.typed.borrow())
        .on("input", move |event| drop(typist.typed.replace(event.value.clone())));
    el("label")
        .class("typed")
        .child(el("span").text(label))
        .child(field)
        .child(el("span").authored().text(unit))
}
