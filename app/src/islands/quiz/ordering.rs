//! Put steps in order by tapping them one after the other; no dragging.

use std::rc::Rc;

use domain::item::Step;

use super::Desk;
use super::shuffle::disorder;
use crate::components::node::{Element, el};
use crate::components::parts::paragraph;
use crate::i18n::{t, tf};

/// Draws the steps in disorder; a tap gives the next number, another tap takes it and all later ones back.
pub(super) fn draw(desk: &Rc<Desk>, steps: &[Step]) -> Element {
    let order = disorder(steps.len(), desk.attempt.get());
    let rows = order.into_iter().map(|at| row(desk, at, &steps[usize::from(at)].text)).collect();
    el("div").child(paragraph("quiet how", t("quiz-order"))).child(el("div").class("choices").children(rows))
}

fn row(desk: &Rc<Desk>, at: u8, text: &str) -> Element {
    let place =
        desk.taken.borrow().iter().position(|other| *other == at).map(|place| (place + 1).to_string());
    let label = match &place {
        Some(place) => tf("quiz-step-taken", &[("place", place), ("step", text)]),
        None => text.to_owned(),
    };
    let class = if place.is_some() { "choice-row taken" } else { "choice-row" };
    let taker = Rc::clone(desk);
    let toggle = move |taken: &mut Vec<u8>| match taken.iter().position(|other| *other == at) {
        Some(place) => taken.truncate(place),
        None => taken.push(at),
    };
    el("button")
        .attr("type", "button")
        .class(class)
        .attr("aria-label", label)
        .flag("disabled", desk.is_answered())
        .child(el("span").class("place").text(place.unwrap_or_default()))
        .child(el("span").read().text(text))
        .on("click", move |_| taker.take(toggle))
}
