//! What a learner did: appended facts with ids made on the phone. Nothing else about behaviour is recorded.

use serde::{Deserialize, Serialize};

use crate::code::LearnerCode;
use crate::consent::{ConsentManner, ConsentPurpose};
#[cfg(feature = "people")]
use crate::ids::ClassId;
use crate::ids::{ContentHash, DeviceId, EventId, ItemId, LearnerId, LessonId, PracticeId, StaffId};
use crate::item::{Response, TEXT_MAX_CHARS};
#[cfg(feature = "people")]
use crate::person::{BIRTH_YEAR_MIN, CLASSES_MAX, Group, Phone, SupportNeed};
#[cfg(feature = "people")]
use crate::place::PlaceId;
use crate::practice::ACTIONS_MAX;
use crate::text::is_letter_or_digit;

/// The newest form of an event this code writes and reads.
///
/// 1 (2026-11): first form.
pub const EVENT_VERSION: u16 = 1;

/// Largest event accepted, in bytes of JSON. The longest practice run is about 1 KB.
pub const EVENT_MAX_BYTES: usize = 4096;

/// Longest name of a person, in characters: the certificate must fit a printed QR.
pub const NAME_MAX_CHARS: usize = 60;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Made once on the phone; a second delivery is recognised by it.
    pub id: EventId,
    /// Form of this event, see [`EVENT_VERSION`].
    pub v: u16,
    /// Whose learning it is.
    pub learner: LearnerId,
    /// The phone that recorded it.
    pub device: DeviceId,
    /// Counts the events of this device from 1: the order in which they happened there, whatever its clock says.
    pub seq: u64,
    /// The phone's clock, milliseconds since 1970 UTC. May be wrong by years.
    pub at_ms: i64,
    /// Milliseconds since the page was opened, from a clock that never jumps.
    pub mono_ms: u64,
    /// The colleague who pressed, when it was not the learner. Believed only from a phone that the colleague tied to her
    /// account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<StaffId>,
    /// The lesson version seen, for facts about a lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentHash>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventKind {
    /// Read a lesson to its end ("learned").
    LessonFinished {
        /// The lesson.
        lesson: LessonId,
    },
    /// Answered a practice question; the raw response, never a mark.
    AnswerGiven {
        /// The lesson.
        lesson: LessonId,
        /// The question.
        item: ItemId,
        /// Which of its situations.
        variant: u8,
        /// The answer.
        response: Response,
    },
    /// Reached the goal of a simulated practice.
    PracticeFinished {
        /// The lesson.
        lesson: LessonId,
        /// The practice.
        practice: PracticeId,
        /// Every button pressed, as positions: the server replays them.
        actions: Vec<u8>,
        /// How often help was asked for.
        hints: u8,
    },
    /// Says how the real task of a lesson went.
    RealUse {
        /// The lesson.
        lesson: LessonId,
        /// How it went.
        outcome: RealUseOutcome,
    },
    /// Has a name and a code: the record can be found again.
    LearnerEnrolled {
        /// The code on the learner's paper.
        code: LearnerCode,
        /// The whole name.
        name: String,
    },
    /// Agreed to one purpose.
    ConsentGiven {
        /// What for.
        purpose: ConsentPurpose,
        /// Which wording was shown or read aloud.
        text_version: u16,
        /// How, where the learner did not simply read and press. Since protocol 3.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        manner: Option<ConsentManner>,
    },
    /// Took the agreement back.
    ConsentWithdrawn {
        /// What for.
        purpose: ConsentPurpose,
    },
    /// Corrected the name.
    ProfileCorrected {
        /// The whole name.
        name: String,
    },
    /// Said, or was entered with, what is kept of a person beside the name; replaces what was said before. Unknown to
    /// learners' phones: the server sends it to none.
    #[cfg(feature = "people")]
    PersonDescribed {
        /// The year of birth.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        birth_year: Option<u16>,
        /// Where the person lives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<PlaceId>,
        /// The group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<Group>,
        /// A number to call.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Phone>,
        /// What the person asks for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        needs: Vec<SupportNeed>,
        /// The classes in which the person learns: said by this server only.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        classes: Vec<ClassId>,
    },
}

/// How a real task went, in the learner's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RealUseOutcome {
    /// Did it alone.
    Alone,
    /// Was helped.
    Helped,
    /// Not yet.
    NotYet,
}

/// Why a readable event is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidEvent {
    /// An answer, a run or a name is longer than the product ever writes.
    TooLong,
    /// A name without a letter.
    EmptyName,
    /// A name with a line break or another character that cannot be printed.
    Unprintable,
    /// A fact about a lesson that does not say which version.
    ContentMissing,
    /// A birth year in which nobody alive was born, one need or class said twice, or more classes than anybody is in.
    #[cfg(feature = "people")]
    Impossible,
    /// `seq` starts at 1 and all counters fit the database (63 bits).
    Counter,
}

impl Event {
    /// Checks what the types alone do not.
    ///
    /// # Errors
    /// [`InvalidEvent`] names the first rule broken.
    pub fn check(&self) -> Result<(), InvalidEvent> {
        let fits = |number: u64| i64::try_from(number).is_ok();
        if self.seq == 0 || !fits(self.seq) || !fits(self.mono_ms) {
            return Err(InvalidEvent::Counter);
        }
        if self.kind.lesson().is_some() && self.content.is_none() {
            return Err(InvalidEvent::ContentMissing);
        }
        match &self.kind {
            EventKind::AnswerGiven { response: Response::Text(text), .. }
                if text.chars().count() > TEXT_MAX_CHARS =>
            {
                Err(InvalidEvent::TooLong)
            }
            EventKind::PracticeFinished { actions, .. } if actions.len() > ACTIONS_MAX => {
                Err(InvalidEvent::TooLong)
            }
            EventKind::LearnerEnrolled { name, .. } | EventKind::ProfileCorrected { name } => {
                check_name(name)
            }
            EventKind::ConsentGiven {
                manner: Some(ConsentManner { guardian: Some(guardian), .. }), ..
            } => check_name(&guardian.name),
            #[cfg(feature = "people")]
            EventKind::PersonDescribed { birth_year, needs, classes, .. }
                if birth_year.is_some_and(|year| year < BIRTH_YEAR_MIN)
                    || !needs.is_sorted_by(|a, b| a < b)
                    || !classes.is_sorted_by(|a, b| a < b)
                    || classes.len() > CLASSES_MAX =>
            {
                Err(InvalidEvent::Impossible)
            }
            _ => Ok(()),
        }
    }

    /// Returns the event as JSON, always the same bytes for the same event: what "same id, other content" compares.
    pub fn canonical_json(&self) -> String {
        serde_json::to_string(self).expect("an event has only strings, numbers and lists")
    }
}

/// Checks the name of a person.
///
/// # Errors
/// [`InvalidEvent::EmptyName`], [`InvalidEvent::Unprintable`] or [`InvalidEvent::TooLong`].
pub fn check_name(name: &str) -> Result<(), InvalidEvent> {
    if !name.chars().any(|c| is_letter_or_digit(c) && !c.is_ascii_digit()) {
        Err(InvalidEvent::EmptyName)
    } else if name.chars().any(char::is_control) {
        Err(InvalidEvent::Unprintable)
    } else if name.chars().count() > NAME_MAX_CHARS {
        Err(InvalidEvent::TooLong)
    } else {
        Ok(())
    }
}

impl EventKind {
    /// Returns the lesson this is about.
    pub fn lesson(&self) -> Option<&LessonId> {
        match self {
            Self::LessonFinished { lesson }
            | Self::AnswerGiven { lesson, .. }
            | Self::PracticeFinished { lesson, .. }
            | Self::RealUse { lesson, .. } => Some(lesson),
            Self::LearnerEnrolled { .. }
            | Self::ConsentGiven { .. }
            | Self::ConsentWithdrawn { .. }
            | Self::ProfileCorrected { .. } => None,
            #[cfg(feature = "people")]
            Self::PersonDescribed { .. } => None,
        }
    }

    /// Returns the name of this kind, as it stands in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::LessonFinished { .. } => "LessonFinished",
            Self::AnswerGiven { .. } => "AnswerGiven",
            Self::PracticeFinished { .. } => "PracticeFinished",
            Self::RealUse { .. } => "RealUse",
            Self::LearnerEnrolled { .. } => "LearnerEnrolled",
            Self::ConsentGiven { .. } => "ConsentGiven",
            Self::ConsentWithdrawn { .. } => "ConsentWithdrawn",
            Self::ProfileCorrected { .. } => "ProfileCorrected",
            #[cfg(feature = "people")]
            Self::PersonDescribed { .. } => "PersonDescribed",
        }
    }

    /// Returns the names of all kinds this code knows, as they stand in JSON.
    pub fn names() -> &'static [&'static str] {
        &[
            "LessonFinished",
            "AnswerGiven",
            "PracticeFinished",
            "RealUse",
            "LearnerEnrolled",
            "ConsentGiven",
            "ConsentWithdrawn",
            "ProfileCorrected",
            #[cfg(feature = "people")]
            "PersonDescribed",
        ]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use uuid::Uuid;

    pub(crate) fn event(id: u128, kind: EventKind) -> Event {
        Event {
            id: EventId(Uuid::from_u128(id)),
            v: EVENT_VERSION,
            learner: LearnerId(Uuid::from_u128(7)),
            device: DeviceId(Uuid::from_u128(8)),
            seq: u64::try_from(id).unwrap() + 1,
            at_ms: 1_780_000_000_000,
            mono_ms: 5,
            actor: None,
            content: kind.lesson().map(|_| "00ff".parse().unwrap()),
            kind,
        }
    }

    #[test]
    fn what_the_types_allow_and_the_product_never_writes_is_refused() {
        let lesson: LessonId = "6.3".parse().unwrap();
        let long = "a".repeat(TEXT_MAX_CHARS + 1);
        let answer = EventKind::AnswerGiven {
            lesson: lesson.clone(),
            item: "q".parse().unwrap(),
            variant: 0,
            response: Response::Text(long.clone()),
        };
        let practice = EventKind::PracticeFinished {
            lesson: lesson.clone(),
            practice: "p".parse().unwrap(),
            actions: vec![0; ACTIONS_MAX + 1],
            hints: 0,
        };
        assert_eq!(event(1, answer).check(), Err(InvalidEvent::TooLong));
        assert_eq!(event(1, practice).check(), Err(InvalidEvent::TooLong));
        assert_eq!(
            event(1, EventKind::ProfileCorrected { name: " . ".into() }).check(),
            Err(InvalidEvent::EmptyName)
        );
        for name in ["Lan\0", "Hồ Thị\nLan", "Lan\u{85}"] {
            let corrected = EventKind::ProfileCorrected { name: name.into() };
            assert_eq!(event(1, corrected).check(), Err(InvalidEvent::Unprintable), "{name:?}");
        }
        #[cfg(feature = "people")]
        for (birth_year, needs) in [
            (Some(1899), vec![]),
            (None, vec![SupportNeed::Helper; 2]),
            (None, vec![SupportNeed::Helper, SupportNeed::Audio]),
        ] {
            let described = EventKind::PersonDescribed {
                birth_year,
                place: None,
                group: None,
                phone: None,
                needs,
                classes: vec![],
            };
            assert_eq!(event(1, described).check(), Err(InvalidEvent::Impossible));
        }
        let finished = EventKind::LessonFinished { lesson };
        assert_eq!(event(1, finished.clone()).check(), Ok(()));
        let without = Event { content: None, ..event(1, finished.clone()) };
        assert_eq!(without.check(), Err(InvalidEvent::ContentMissing));
        assert_eq!(Event { seq: 0, ..event(1, finished) }.check(), Err(InvalidEvent::Counter));
    }

    #[test]
    fn the_list_of_kind_names_is_complete() {
        let unknown = serde_json::from_str::<EventKind>(r#"{"Nothing":{}}"#).unwrap_err().to_string();
        for name in EventKind::names() {
            assert!(unknown.contains(&format!("`{name}`")), "{name} in {unknown}");
        }
        assert_eq!(unknown.matches('`').count() / 2, EventKind::names().len() + 1, "{unknown}");
    }

    #[test]
    fn a_longest_practice_run_fits_the_event_limit() {
        let kind = EventKind::PracticeFinished {
            lesson: "6.3".parse().unwrap(),
            practice: "p".repeat(48).parse().unwrap(),
            actions: vec![255; ACTIONS_MAX],
            hints: 255,
        };
        assert!(event(1, kind).canonical_json().len() < EVENT_MAX_BYTES);
    }
}
