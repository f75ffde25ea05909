//! Events → who the learner says to be, what is kept of her beside, and what the learner agreed to. The newest word counts, in any order of arrival.

use crate::code::LearnerCode;
use crate::consent::ConsentPurpose;
use crate::event::{Event, EventKind};
use crate::ids::{DeviceId, EventId};
#[cfg(feature = "people")]
use crate::person::Details;

/// When something was said, comparable across phones: the phone's clock first, then its own order.
type Moment = (i64, DeviceId, u64, EventId);

/// Name, code and agreements of one learner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    name: Option<(Moment, String)>,
    code: Option<(Moment, LearnerCode)>,
    #[cfg(feature = "people")]
    described: Option<(Moment, Details)>,
    /// One for each purpose, rising by purpose.
    consents: Vec<(ConsentPurpose, Moment, bool)>,
}

impl Profile {
    /// Adds one fact.
    pub fn add(&mut self, event: &Event) {
        let moment = (event.at_ms, event.device, event.seq, event.id);
        match &event.kind {
            EventKind::LearnerEnrolled { code, name } => {
                keep_newest(&mut self.code, moment, code.clone());
                keep_newest(&mut self.name, moment, name.clone());
            }
            EventKind::ProfileCorrected { name } => keep_newest(&mut self.name, moment, name.clone()),
            EventKind::ConsentGiven { purpose, .. } => self.consent(*purpose, moment, true),
            EventKind::ConsentWithdrawn { purpose } => self.consent(*purpose, moment, false),
            #[cfg(feature = "people")]
            EventKind::PersonDescribed { birth_year, place, group, phone, needs, classes } => {
                let details = Details {
                    name: String::new(),
                    birth_year: *birth_year,
                    place: place.clone(),
                    group: *group,
                    phone: phone.clone(),
                    needs: needs.clone(),
                    classes: classes.clone(),
                };
                keep_newest(&mut self.described, moment, details);
            }
            _ => {}
        }
    }

    fn consent(&mut self, purpose: ConsentPurpose, moment: Moment, given: bool) {
        let at = self.consents.partition_point(|kept| kept.0 < purpose);
        match self.consents.get_mut(at).filter(|kept| kept.0 == purpose) {
            Some(kept) if kept.1 > moment => {}
            Some(kept) => *kept = (purpose, moment, given),
            None => self.consents.insert(at, (purpose, moment, given)),
        }
    }

    /// Returns the profile told by a list of facts.
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut profile = Self::default();
        for event in events {
            profile.add(event);
        }
        profile
    }

    /// Returns the whole name, once there is one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|(_, name)| name.as_str())
    }

    /// Returns what is kept of the person; an empty name while she has not said it.
    #[cfg(feature = "people")]
    pub fn details(&self) -> Details {
        let described = self.described.as_ref().map(|(_, details)| details.clone()).unwrap_or_default();
        Details { name: self.name().unwrap_or_default().to_owned(), ..described }
    }

    /// Returns the learner's code, once there is one.
    pub fn code(&self) -> Option<&LearnerCode> {
        self.code.as_ref().map(|(_, code)| code)
    }

    /// Returns what the learner agrees to, rising by purpose.
    #[cfg(feature = "people")]
    pub fn agreed(&self) -> Vec<ConsentPurpose> {
        self.consents.iter().filter(|(_, _, given)| *given).map(|(purpose, ..)| *purpose).collect()
    }

    /// Returns when the learner last agreed to something or took it back.
    #[cfg(feature = "people")]
    pub fn agreed_ms(&self) -> Option<i64> {
        self.consents.iter().map(|(_, (at_ms, ..), _)| *at_ms).max()
    }

    /// Returns whether the learner agrees to this purpose. Silence is no agreement.
    pub fn agrees_to(&self, purpose: ConsentPurpose) -> bool {
        self.consents.iter().any(|(kept, _, given)| *kept == purpose && *given)
    }
}

fn keep_newest<T>(slot: &mut Option<(Moment, T)>, moment: Moment, value: T) {
    if slot.as_ref().is_none_or(|(kept, _)| *kept <= moment) {
        *slot = Some((moment, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::event;
    use proptest::prelude::*;

    fn said(id: u128, at_ms: i64, kind: EventKind) -> Event {
        Event { at_ms, ..event(id, kind) }
    }

    #[test]
    fn the_newest_word_counts() {
        let purpose = ConsentPurpose::LearningRecord;
        let code = LearnerCode::from_random(5);
        let events = [
            said(1, 10, EventKind::ConsentGiven { purpose, text_version: 1, manner: None }),
            said(2, 11, EventKind::LearnerEnrolled { code: code.clone(), name: "Hồ Thị Lan".into() }),
            said(3, 12, EventKind::ProfileCorrected { name: "Hồ Thị Lan Anh".into() }),
        ];
        let profile = Profile::from_events(&events);
        assert_eq!(profile.name(), Some("Hồ Thị Lan Anh"));
        assert_eq!(profile.code(), Some(&code));
        assert!(profile.agrees_to(purpose));
        let withdrawn = said(4, 13, EventKind::ConsentWithdrawn { purpose });
        assert!(!Profile::from_events(events.iter().chain([&withdrawn])).agrees_to(purpose));
        assert!(!Profile::default().agrees_to(purpose), "silence is no agreement");
    }

    #[test]
    #[cfg(feature = "people")]
    fn a_description_replaces_the_one_before_and_leaves_the_name() {
        let described = |id, at_ms, birth_year, needs| {
            let kind = EventKind::PersonDescribed {
                birth_year,
                place: None,
                group: None,
                phone: None,
                needs,
                classes: vec![],
            };
            said(id, at_ms, kind)
        };
        let needs = vec![crate::person::SupportNeed::Audio];
        let events = [
            described(1, 12, None, needs.clone()),
            described(2, 11, Some(1968), vec![]),
            said(3, 10, EventKind::ProfileCorrected { name: "Hồ Thị Lan".into() }),
        ];
        let expected = Details { name: "Hồ Thị Lan".into(), needs, ..Details::default() };
        assert_eq!(Profile::from_events(&events).details(), expected);
        assert_eq!(Profile::default().details(), Details::default());
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            (events, shuffled) in prop::collection::vec((0i64..4, 0u8..4, 0u128..50), 0..20)
                .prop_map(|said_list| {
                    let mut events: Vec<Event> = said_list
                        .into_iter()
                        .map(|(at, which, id)| {
                            let purpose = ConsentPurpose::LearningRecord;
                            let code = LearnerCode::from_random(u64::try_from(id).unwrap());
                            said(id, at, match which {
                                0 => EventKind::ConsentGiven { purpose, text_version: 1, manner: None },
                                1 => EventKind::ConsentWithdrawn { purpose },
                                2 => EventKind::ProfileCorrected { name: format!("n{id}") },
                                _ => EventKind::LearnerEnrolled { code, name: format!("e{id}") },
                            })
                        })
                        .collect();
                    // One id is one fact.
                    events.sort_by_key(|event| event.id);
                    events.dedup_by_key(|event| event.id);
                    events
                })
                .prop_flat_map(|events| (Just(events.clone()), Just([events.clone(), events].concat()).prop_shuffle()))
        ) {
            prop_assert_eq!(Profile::from_events(&events), Profile::from_events(&shuffled));
        }
    }
}
