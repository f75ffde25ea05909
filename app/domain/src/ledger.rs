//! What a person agreed to, agreement by agreement: told by facts, never edited.

use crate::consent::{ConsentManner, ConsentPurpose};
use crate::event::{Event, EventKind};
use crate::ids::StaffId;

/// One agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// What for.
    pub purpose: ConsentPurpose,
    /// Which wording was shown or read aloud.
    pub text_version: u16,
    /// When it was given, by the phone's clock.
    pub given_ms: i64,
    /// How, where the learner did not simply read and press.
    pub manner: Option<ConsentManner>,
    /// The colleague who witnessed it.
    pub witness: Option<StaffId>,
    /// When it was taken back.
    pub withdrawn_ms: Option<i64>,
}

/// Returns all agreements told by facts, in any order of arrival: by purpose, the newest first. A withdrawal ends every
/// agreement to its purpose given before it.
pub fn ledger<'a>(events: impl IntoIterator<Item = &'a Event> + Clone) -> Vec<Agreement> {
    let withdrawn = |purpose: ConsentPurpose, after_ms: i64| {
        let of = |event: &'a Event| match event.kind {
            EventKind::ConsentWithdrawn { purpose: taken } if taken == purpose => Some(event.at_ms),
            _ => None,
        };
        events.clone().into_iter().filter_map(of).filter(|at_ms| *at_ms >= after_ms).min()
    };
    let mut agreements: Vec<Agreement> = events
        .clone()
        .into_iter()
        .filter_map(|event| match &event.kind {
            EventKind::ConsentGiven { purpose, text_version, manner } => Some(Agreement {
                purpose: *purpose,
                text_version: *text_version,
                given_ms: event.at_ms,
                manner: manner.clone(),
                witness: event.actor,
                withdrawn_ms: withdrawn(*purpose, event.at_ms),
            }),
            _ => None,
        })
        .collect();
    agreements.sort_by_key(|one| (one.purpose, std::cmp::Reverse(one.given_ms)));
    agreements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::event;

    #[test]
    fn agreements_end_with_the_first_withdrawal_after_them_in_any_order() {
        use ConsentPurpose::{LearningRecord, Research};
        let at = |id: u128, at_ms: i64, kind: EventKind| Event { at_ms, ..event(id, kind) };
        let given = |purpose| EventKind::ConsentGiven { purpose, text_version: 1, manner: None };
        let taken = |purpose| EventKind::ConsentWithdrawn { purpose };
        let mut events = vec![
            at(1, 10, given(LearningRecord)),
            at(2, 20, taken(LearningRecord)),
            at(3, 30, given(LearningRecord)),
            at(4, 25, given(Research)),
            at(5, 40, taken(Research)),
            at(6, 50, taken(Research)),
        ];
        let expected = [(LearningRecord, 30, None), (LearningRecord, 10, Some(20)), (Research, 25, Some(40))];
        for _ in 0..events.len() {
            events.rotate_left(1);
            let told: Vec<_> =
                ledger(&events).iter().map(|one| (one.purpose, one.given_ms, one.withdrawn_ms)).collect();
            assert_eq!(told, expected);
        }
    }
}
