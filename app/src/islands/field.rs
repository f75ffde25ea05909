//! Forms of islands: a labelled field that says what to do when something is wrong with it, and the form around it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::components::node::{Element, el};
use crate::components::parts::paragraph;

/// What a person has typed into a field. Typing does not draw anew: the field itself shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(Rc<RefCell<String>>);

impl Typed {
    /// Returns what is typed so far.
    pub(super) fn get(&self) -> String {
        self.0.borrow().clone()
    }

    /// Writes something into the field.
    #[cfg(any(feature = "ssr", feature = "learner"))]
    pub(super) fn set(&self, words: String) {
        self.0.replace(words);
    }
}

/// Draws a field: its label, what to write, what to do when it is wrong. `mode` is the keyboard: `numeric` or `text`.
pub(super) fn field(
    label: String,
    help: String,
    mode: &'static str,
    typed: &Typed,
    mistake: String,
) -> Element {
    let store = typed.clone();
    let input = el("input")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("inputmode", mode)
        .class(mode)
        .attr("aria-invalid", if mistake.is_empty() { "false" } else { "true" })
        .attr("value", typed.get())
        .on("input", move |event| drop(store.0.replace(event.value.clone())));
    el("label")
        .class("field")
        .child(el("span").class("label").text(label))
        .child(el("span").class("quiet").text(help))
        .child(input)
        .child(paragraph("gentle", mistake).attr("role", "alert"))
}

/// Draws a form; handing it in never leaves the page.
pub(super) fn form(
    class: &str,
    parts: Vec<Element>,
    button: String,
    busy: bool,
    submit: Rc<dyn Fn()>,
) -> Element {
    let send = el("button").attr("type", "submit").class("button main").flag("disabled", busy).text(button);
    el("form")
        .class(class)
        .flag("novalidate", true)
        .children(parts)
        .child(send)
        .on("submit", move |_| submit())
}
