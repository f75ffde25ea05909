//! Where the learner's work is, in full: what waits, what the server has and since when, what it set aside.

use crate::components::node::{Element, el};
use crate::components::parts::paragraph;
use crate::components::stage::{Place, stage};
use crate::i18n::{t, tf};
use crate::phone::{self, Phone};

/// Says what of the present learner's work is only here and what the server has, and how much of other people's waits.
pub fn work_state() -> Place {
    stage("work_state", "card", |()| {
        let phone = phone::state();
        Box::new(move || phone.with(draw))
    })
}

fn draw(phone: &Phone) -> Element {
    let Some(learner) = &phone.learner else { return paragraph("quiet", t("record-opening")) };
    let count = |count: usize| count.to_string();
    let waiting = if learner.waiting == 0 {
        t("work-none-waits")
    } else if learner.shared {
        let size = learner.waiting_bytes.div_ceil(1024).to_string();
        tf("status-waiting", &[("count", &count(learner.waiting)), ("size", &size)])
    } else {
        tf("status-here", &[("count", &count(learner.waiting))])
    };
    let received = learner.last_receipt_ms.map(|at_ms| {
        let values = [("count", &*count(learner.kept)), ("when", &phone::moment(at_ms))];
        paragraph("", tf("work-received", &values))
    });
    let beside = phone.beside;
    let mut more: Vec<Element> = received.into_iter().collect();
    if learner.odd > 0 {
        more.push(paragraph("", tf("work-odd", &[("count", &count(learner.odd))])));
    }
    // Of the others a number, nobody's name.
    if beside.others_waiting > 0 {
        more.push(paragraph("", tf("work-others", &[("count", &count(beside.others_waiting))])));
    }
    if let Some(off_ms) = phone.clock_off_ms {
        let now = phone::moment(phone::right_time_ms(off_ms));
        more.push(paragraph("gentle", tf("work-clock", &[("when", &now)])));
    }
    if beside.damaged > 0 {
        more.push(paragraph("", tf("work-damaged", &[("count", &count(beside.damaged))])));
    }
    el("div").child(paragraph("", waiting)).children(more)
}
