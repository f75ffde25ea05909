//! Match left with right, one left at a time; no dragging.

use std::rc::Rc;

use domain::item::Pair;

use super::Desk;
use super::shuffle::positions;
use crate::components::node::{Element, el};
use crate::components::parts::paragraph;
use crate::i18n::t;

/// Draws the pairs made so far (a tap takes them apart), the next left side and the right sides still free.
pub(super) fn draw(desk: &Rc<Desk>, pairs: &[Pair]) -> Element {
    let taken = desk.taken.borrow().clone();
    let made = (0u8..).zip(&taken).map(|(place, at)| {
        let (left, right) = (&pairs[usize::from(place)].left, &pairs[usize::from(*at)].right);
        row(desk, left, right, move |taken| taken.truncate(usize::from(place)))
    });
    let mut parts: Vec<Element> = made.collect();
    if let Some(next) = pairs.get(taken.len()) {
        parts.push(paragraph("match-left", next.left.clone()).read());
        parts.push(paragraph("quiet how", t("quiz-match")));
        let order = positions(pairs.len(), desk.attempt.get().wrapping_add(pairs.len()));
        let free = order.into_iter().filter(|at| !taken.contains(at));
        parts
            .extend(free.map(|at| row(desk, "", &pairs[usize::from(at)].right, move |taken| taken.push(at))));
    }
    el("div").class("choices").children(parts)
}

/// A made pair, or (with nothing on its left) a right side to choose.
fn row(desk: &Rc<Desk>, left: &str, right: &str, change: impl Fn(&mut Vec<u8>) + Copy + 'static) -> Element {
    let taker = Rc::clone(desk);
    let class = if left.is_empty() { "choice-row" } else { "choice-row pair taken" };
    el("button")
        .attr("type", "button")
        .class(class)
        .flag("disabled", desk.is_answered())
        .child(el("span").class("pair-left").authored().text(left))
        .child(el("span").class("pair-right").read().text(right))
        .on("click", move |_| taker.take(change))
}
