//! Where the learner's work is, in full: what waits, what the server has and since when, what it set aside.

use crate::components::node::{Element, el};
use crate::components::parts::paragraph;
use crate::components::stage::{Place, stage};
use crate::i18n::{t, tf};
use crate::phone::{self, Learner};

/// Says what of the present learner's work is only here and what the server has.
pub fn work_state() -> Place {
    stage("work_state", "card", |()| {
        let phone = phone::state();
        Box::new(move || phone.with(|phone| draw(phone.learner.as_ref()).children(clock(phone.clock_off_ms))))
    })
}

fn draw(learner: Option<&Learner>) -> Element {
    let Some(learner) = learner else { return paragraph("quiet", t("record-opening")) };
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
    let odd = (learner.odd > 0).then(|| paragraph("", tf("work-odd", &[("count", &count(learner.odd))])));
    let more = received.into_iter().chain(odd).collect();
    el("div").child(paragraph("", waiting)).children(more)
}

/// Says that the phone's clock is wrong, and what time it is.
fn clock(off_ms: Option<i64>) -> Vec<Element> {
    let say = |off_ms| {
        paragraph("gentle", tf("work-clock", &[("when", &phone::moment(phone::right_time_ms(off_ms)))]))
    };
    off_ms.into_iter().map(say).collect()
}
