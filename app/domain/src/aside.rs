//! What becomes of a fact that was set aside, once a person has looked at it.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::ids::LearnerId;
use crate::sync::Code;

/// How something set aside was settled. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// Judged again, and now a fact.
    Stored,
    /// Now a fact of a person who was chosen.
    Bound,
    /// Closed: somebody tried something out.
    Trial,
    /// Closed: the same is known already.
    KnownAlready,
    /// Closed: nobody knows whose it is.
    NobodyKnows,
    /// Closed: nobody can read it.
    Unreadable,
}

impl Settlement {
    /// Why something may be closed without becoming a fact, in the order in which people are asked.
    pub const CLOSINGS: [Self; 4] = [Self::Trial, Self::KnownAlready, Self::NobodyKnows, Self::Unreadable];

    /// Returns whether it was closed without becoming a fact. Only that can be taken back.
    pub fn is_closing(self) -> bool {
        Self::CLOSINGS.contains(&self)
    }

    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Bound => "bound",
            Self::Trial => "trial",
            Self::KnownAlready => "known-already",
            Self::NobodyKnows => "nobody-knows",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Returns whether something set aside for this reason may lack nothing but its person. The others were sent by a phone that
/// has the learner's record, so that it is known whose they are.
pub fn may_lack_its_person(code: Code) -> bool {
    !matches!(code, Code::UnknownContent | Code::ResponseDoesNotFit)
}

/// Returns whether a fact may become one of this person. What was learned may be anybody's whose phone had another record;
/// a name, a code and an agreement are the word of the one whose record says so.
pub fn may_bind(event: &Event, person: LearnerId) -> bool {
    event.learner == person || event.kind.lesson().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::ConsentPurpose;
    use crate::event::EventKind;
    use crate::event::tests::event;
    use uuid::Uuid;

    #[test]
    fn names_are_those_that_are_stored() {
        for how in Settlement::CLOSINGS.into_iter().chain([Settlement::Stored, Settlement::Bound]) {
            assert_eq!(serde_json::to_string(&how).unwrap(), format!("\"{}\"", how.as_str()));
            assert_eq!(how.is_closing(), !matches!(how, Settlement::Stored | Settlement::Bound));
        }
    }

    #[test]
    fn nobody_agrees_for_somebody_else() {
        let learned = event(1, EventKind::LessonFinished { lesson: "6.1".parse().unwrap() });
        let agreed = event(
            2,
            EventKind::ConsentGiven {
                purpose: ConsentPurpose::LearningRecord,
                text_version: 1,
                manner: None,
            },
        );
        let other = LearnerId(Uuid::from_u128(1));
        assert!(may_bind(&learned, other) && may_bind(&agreed, agreed.learner));
        assert!(!may_bind(&agreed, other));
    }
}
