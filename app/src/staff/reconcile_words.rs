//! Facts that were set aside, in words: what was sent, why it could not be stored, what became of it.

use domain::aside::Settlement;
use domain::sync::Code;

use crate::api::people::PersonChoice;
use crate::api::reconcile::Sent;
use crate::i18n::{t, tf};

/// Returns why something was set aside, for somebody who knows phones but no computers.
pub(super) fn why(code: Code) -> String {
    match code {
        Code::Malformed => t("aside-malformed"),
        Code::TooLarge => t("aside-too-large"),
        Code::FutureVersion => t("aside-future-version"),
        Code::UnknownKind => t("aside-unknown-kind"),
        Code::UnknownLearner => t("aside-unknown-learner"),
        Code::OtherDevice => t("aside-other-device"),
        Code::UnknownContent => t("aside-unknown-content"),
        Code::ResponseDoesNotFit => t("aside-response-does-not-fit"),
        Code::IdConflict => t("aside-id-conflict"),
        Code::DeviceRemoved => t("aside-device-removed"),
        Code::ActorUnknown => t("aside-actor-unknown"),
        Code::OutsideScope => t("aside-outside-scope"),
    }
}

/// Returns how something was settled.
pub(super) fn how(how: Settlement) -> String {
    match how {
        Settlement::Stored => t("aside-stored"),
        Settlement::Bound => t("aside-bound"),
        Settlement::Trial => t("aside-trial"),
        Settlement::KnownAlready => t("aside-known-already"),
        Settlement::NobodyKnows => t("aside-nobody-knows"),
        Settlement::Unreadable => t("aside-unreadable"),
    }
}

/// Returns what was sent.
pub(super) fn sent(sent: &Sent) -> String {
    let Sent::Fact { kind, about, .. } = sent else { return t("sent-unreadable") };
    match kind.as_str() {
        "LessonFinished" => tf("sent-finished", &[("lesson", about)]),
        "AnswerGiven" => tf("sent-answered", &[("lesson", about)]),
        "PracticeFinished" => tf("sent-practised", &[("lesson", about)]),
        "RealUse" => tf("sent-real-use", &[("lesson", about)]),
        "LearnerEnrolled" => tf("sent-enrolled", &[("name", about)]),
        "ProfileCorrected" => tf("sent-renamed", &[("name", about)]),
        "ConsentGiven" => t("sent-agreed"),
        "ConsentWithdrawn" => t("sent-withdrew"),
        _ => t("sent-described"),
    }
}

/// Returns what tells a person from others of the same name.
pub(super) fn person(person: &PersonChoice) -> String {
    let name = if person.name.is_empty() { t("aside-nameless") } else { person.name.clone() };
    let year = person.birth_year.map(|year| year.to_string());
    let place = Some(person.place_name.clone()).filter(|place| !place.is_empty());
    [Some(name), year, place].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Returns the words for a stable name in the log: a reason, or what became of it; nothing for any other.
pub(super) fn named(name: &str) -> String {
    let read = serde_json::Value::String(name.to_owned());
    let settlement = serde_json::from_value(read.clone()).map(how);
    settlement.or_else(|_| serde_json::from_value(read).map(why)).unwrap_or_default()
}
