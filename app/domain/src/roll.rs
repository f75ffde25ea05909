//! Whom an ambassador looks after, and where each stands: what her phone keeps to work in a village without a network.
//!
//! `POST /api/v1/roll`, since protocol 3. The phone proves itself by its token; that it is tied to a colleague's account, and
//! what she may see today, the server knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::LearnerCode;
use crate::consent::ConsentPurpose;
use crate::event::{Event, EventKind};
use crate::ids::{DeviceId, EventId, LearnerId, LessonId, StaffId};
use crate::person::Details;
use crate::place::PlaceId;

/// Learners on one roll, at most: more than one person visits; the phone says when some are left out.
pub const ROLL_MAX: usize = 500;

/// So many wrong tries at the same thing, and never a right one, mean that somebody needs help.
pub const STUCK_TRIES: usize = 3;

/// Who has done nothing for so many days has not come for long.
pub const AWAY_DAYS: i64 = 14;

const DAY_MS: i64 = 86_400_000;

/// Asks for the roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRoll {
    /// See [`crate::sync::PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// Whose it is.
    pub staff: StaffId,
    /// Her whole name.
    pub name: String,
    /// The server's clock when it was made, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// The units she may enrol people in: her communes and their hamlets.
    pub places: Vec<RollPlace>,
    /// Whom she looks after, sorted by given name.
    pub learners: Vec<RollLearner>,
    /// Whether there are more than [`ROLL_MAX`].
    pub more: bool,
}

/// A unit that a person can live in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollPlace {
    /// Names it.
    pub id: PlaceId,
    /// Its name, with its kind.
    pub name: String,
}

/// Somebody the ambassador looks after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollLearner {
    /// Names her.
    pub id: LearnerId,
    /// Her code.
    pub code: LearnerCode,
    /// What is kept of her.
    pub details: Details,
    /// Where she lives, in words.
    pub place: String,
    /// Whether she has a PIN; without one she cannot open her record.
    pub has_pin: bool,
    /// When she was entered, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// Where she stands.
    pub standing: Standing,
    /// What she agrees to, rising by purpose. Added to protocol 3: pages from before do not read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<ConsentPurpose>,
    /// When she last agreed to something or took it back, milliseconds since 1970 UTC by the clock that said so: what she says
    /// next has to be dated after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_ms: Option<i64>,
}

/// Where somebody stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Lamps lit.
    pub lit: usize,
    /// When she last learned: the phone's clock, milliseconds since 1970 UTC; nothing before her first fact.
    pub last_ms: Option<i64>,
    /// The lesson she is stuck in.
    pub stuck: Option<LessonId>,
    /// Its title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stuck_title: String,
}

/// The one word an ambassador needs about somebody, the most pressing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Tries again and again and does not get on.
    Stuck,
    /// Has not come for long.
    Away,
    /// Has not begun.
    New,
    /// Gets on.
    Learning,
}

impl Standing {
    /// Returns the one word about somebody who was entered at `since_ms`, as things are at `now_ms`.
    pub fn word(&self, since_ms: i64, now_ms: i64) -> Word {
        let is_long_ago = |ms: i64| now_ms.saturating_sub(ms) > AWAY_DAYS * DAY_MS;
        match self.last_ms {
            _ if is_long_ago(self.last_ms.unwrap_or(since_ms)) => Word::Away,
            None => Word::New,
            Some(_) if self.stuck.is_some() => Word::Stuck,
            Some(_) => Word::Learning,
        }
    }
}

/// Returns the lesson somebody is stuck in: [`STUCK_TRIES`] wrong tries at one question or practice of it, and never a right
/// one; of several the one tried last. Any order, any repetition, same result.
pub fn stuck_in<'a>(facts: impl IntoIterator<Item = (&'a Event, Option<bool>)>) -> Option<LessonId> {
    type Tries = (BTreeMap<EventId, i64>, bool);
    let mut tried: BTreeMap<(&LessonId, &str), Tries> = BTreeMap::new();
    for (event, right) in facts {
        let (lesson, what) = match &event.kind {
            EventKind::AnswerGiven { lesson, item, .. } => (lesson, item.as_str()),
            EventKind::PracticeFinished { lesson, practice, .. } => (lesson, practice.as_str()),
            _ => continue,
        };
        let tries = tried.entry((lesson, what)).or_default();
        if right == Some(true) {
            tries.1 = true;
        } else {
            tries.0.insert(event.id, event.at_ms);
        }
    }
    let stuck = tried.into_iter().filter(|(_, (wrong, right))| !right && wrong.len() >= STUCK_TRIES);
    let last = |wrong: &BTreeMap<EventId, i64>| wrong.values().copied().max();
    stuck.max_by_key(|(_, (wrong, _))| last(wrong)).map(|((lesson, _), _)| lesson.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::event;
    use crate::item::Response;
    use proptest::prelude::*;

    fn answer(id: u128, lesson: &str, item: &str) -> Event {
        let kind = EventKind::AnswerGiven {
            lesson: lesson.parse().unwrap(),
            item: item.parse().unwrap(),
            variant: 0,
            response: Response::One(0),
        };
        let at_ms = i64::try_from(id).unwrap();
        Event { at_ms, ..event(id, kind) }
    }

    fn stuck(facts: &[(Event, bool)]) -> Option<String> {
        let found = stuck_in(facts.iter().map(|(event, right)| (event, Some(*right))));
        found.map(|lesson| lesson.as_str().to_owned())
    }

    #[test]
    fn three_wrong_tries_at_one_thing_and_never_a_right_one_are_being_stuck() {
        let wrong = |id, lesson, item| (answer(id, lesson, item), false);
        let mut facts = vec![wrong(1, "6.1", "a"), wrong(2, "6.1", "a"), wrong(3, "6.1", "b")];
        assert_eq!(stuck(&facts), None, "two and one are not three");
        facts.push(wrong(1, "6.1", "a"));
        assert_eq!(stuck(&facts), None, "sent twice is one try");
        facts.push(wrong(4, "6.1", "a"));
        assert_eq!(stuck(&facts).as_deref(), Some("6.1"));
        facts.extend((5..8).map(|id| wrong(id, "6.2", "a")));
        assert_eq!(stuck(&facts).as_deref(), Some("6.2"), "the one tried last");
        facts.push((answer(8, "6.2", "a"), true));
        assert_eq!(stuck(&facts).as_deref(), Some("6.1"));
    }

    #[test]
    fn the_most_pressing_word_is_said() {
        let now = 100 * DAY_MS;
        let standing = |last_ms, stuck: Option<&str>| Standing {
            last_ms,
            stuck: stuck.map(|id| id.parse().unwrap()),
            ..Standing::default()
        };
        assert_eq!(standing(None, None).word(now - DAY_MS, now), Word::New);
        assert_eq!(standing(None, None).word(now - 15 * DAY_MS, now), Word::Away);
        assert_eq!(standing(Some(now - 15 * DAY_MS), Some("6.1")).word(0, now), Word::Away);
        assert_eq!(standing(Some(now - DAY_MS), Some("6.1")).word(0, now), Word::Stuck);
        assert_eq!(standing(Some(now), None).word(0, now), Word::Learning);
        assert!(Word::Stuck < Word::Away && Word::New < Word::Learning);
    }

    #[test]
    fn the_shapes_of_protocol_3_are_frozen() {
        let request = FetchRoll { protocol: 3, device: DeviceId(uuid::Uuid::from_u128(8)) };
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"protocol":3,"device":"00000000-0000-0000-0000-000000000008"}"#
        );
        let frozen = r#"{"staff":"00000000-0000-0000-0000-000000000009","name":"Hoàng Thị Mai","made_ms":5,"places":[{"id":"18859@20250701","name":"Phường Đồng Thuận"}],"learners":[{"id":"00000000-0000-0000-0000-000000000007","code":"572000000002","details":{"name":"Hồ Thị Lan","birth_year":1958},"place":"Phường Đồng Thuận","has_pin":true,"since_ms":1,"standing":{"lit":2,"last_ms":4,"stuck":"6.3","stuck_title":"OTP"}}],"more":false}"#;
        let roll: Roll = serde_json::from_str(frozen).unwrap();
        assert_eq!(serde_json::to_string(&roll).unwrap(), frozen);
    }

    #[test]
    fn what_was_added_to_protocol_3_is_frozen_too() {
        let frozen = r#"{"id":"00000000-0000-0000-0000-000000000007","code":"572000000002","details":{"name":"Hồ Thị Lan"},"place":"","has_pin":true,"since_ms":1,"standing":{"lit":0,"last_ms":null,"stuck":null},"agreed":["learning-record","research"],"agreed_ms":3}"#;
        let learner: RollLearner = serde_json::from_str(frozen).unwrap();
        assert_eq!(serde_json::to_string(&learner).unwrap(), frozen);
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            (facts, shuffled) in prop::collection::vec((0u128..30, 0usize..2, 0usize..2, any::<bool>()), 0..40)
                .prop_map(|list| {
                    let mut facts: Vec<(Event, bool)> = list
                        .into_iter()
                        .map(|(id, lesson, item, right)| (answer(id, ["6.1", "6.2"][lesson], ["a", "b"][item]), right))
                        .collect();
                    facts.sort_by_key(|(event, _)| event.id);
                    facts.dedup_by_key(|(event, _)| event.id);
                    facts
                })
                .prop_flat_map(|facts| (Just(facts.clone()), Just([facts.clone(), facts].concat()).prop_shuffle()))
        ) {
            prop_assert_eq!(stuck(&facts), stuck(&shuffled));
        }
    }
}
