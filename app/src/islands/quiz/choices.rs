//! Choose one, choose several: big labels around real radio buttons and boxes.

use std::rc::Rc;

use domain::item::Choice;

use super::Desk;
use super::shuffle::positions;
use crate::components::node::{Element, el};
use crate::components::parts::paragraph;
use crate::i18n::t;

/// Draws the choices; `several` may be taken, or exactly one.
pub(super) fn draw(desk: &Rc<Desk>, choices: &[Choice], several: bool) -> Element {
    let order = positions(choices.len(), desk.attempt.get());
    let rows = order.into_iter().map(|at| row(desk, at, &choices[usize::from(at)].text, several)).collect();
    let how = if several { t("quiz-several") } else { String::new() };
    el("div").child(paragraph("quiet how", how)).child(el("div").class("choices").children(rows))
}

fn row(desk: &Rc<Desk>, at: u8, text: &str, several: bool) -> Element {
    let taken = desk.taken.borrow().contains(&at);
    let taker = Rc::clone(desk);
    let take = move |taken: &mut Vec<u8>| {
        if !several {
            taken.clear();
        }
        match taken.binary_search(&at) {
            Ok(found) => drop(taken.remove(found)),
            Err(place) => taken.insert(place, at),
        }
    };
    let input = el("input")
        .attr("type", if several { "checkbox" } else { "radio" })
        // Radio buttons of one name belong together; each question of the page needs its own.
        .attr("name", desk.data.item.id.as_str())
        .flag("disabled", desk.is_answered())
        .flag("checked", taken)
        .on("change", move |_| taker.take(take));
    let class = if taken { "choice-row taken" } else { "choice-row" };
    el("label").class(class).child(input).child(el("span").read().text(text))
}
