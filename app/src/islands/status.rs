//! The quiet line at the foot of every page: what is kept where. "Đã gửi" only ever stands on receipts.

use crate::components::parts::announcement;
use crate::components::stage::{Place, stage};
use crate::i18n::{t, tf};
use crate::offline::lost::Trace;
use crate::phone::{self, Learner, Phone, Problem, Sending};

/// Where the learner's work is.
pub fn status_line() -> Place {
    stage("status_line", "status", |()| {
        let phone = phone::state();
        Box::new(move || {
            phone
                .with(|phone| announcement(if phone.problem.is_some() { "warning" } else { "" }, line(phone)))
        })
    })
}

fn line(phone: &Phone) -> String {
    match phone.problem {
        Some(Problem::Full) => return t("status-full"),
        Some(Problem::Unavailable) => return t("status-unavailable"),
        Some(Problem::Unreadable) => return t("status-unreadable"),
        Some(Problem::Blocked) => return t("status-blocked"),
        Some(Problem::Outdated) => return t("status-outdated"),
        None => {}
    }
    match phone.beside.trace {
        Trace::Lost => return t("status-lost"),
        Trace::TakenOff => return t("taken-off-heading"),
        Trace::None | Trace::Kept => {}
    }
    let Some(learner) = &phone.learner else { return String::new() };
    if learner.kept + learner.waiting + learner.odd == 0 {
        return t("status-nothing-yet");
    }
    if !learner.shared {
        return tf("status-here", &[("count", &learner.waiting.to_string())]);
    }
    shared_line(learner, &phone.sending)
}

fn shared_line(learner: &Learner, sending: &Sending) -> String {
    let sent = learner.kept + learner.odd;
    let count = learner.waiting.to_string();
    let size = learner.waiting_bytes.div_ceil(1024).to_string();
    match sending {
        _ if learner.waiting == 0 && learner.registered => tf("status-sent", &[("count", &sent.to_string())]),
        Sending::Busy => t("status-sending"),
        Sending::Unreachable => tf("status-offline", &[("count", &count), ("size", &size)]),
        Sending::Refused(code) => tf("status-refused", &[("count", &count), ("code", code)]),
        Sending::Idle => tf("status-waiting", &[("count", &count), ("size", &size)]),
    }
}
