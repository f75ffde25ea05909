//! For whom a phone may speak besides its learners: the colleague it is tied to, where she works.

use std::collections::BTreeSet;

use domain::consent::ConsentMethod;
use domain::event::{Event, EventKind};
use domain::ids::{LearnerId, StaffId};
use domain::place::PlaceId;
use domain::sync::Code;

use super::read::Reading;
use crate::access::{may, phone_permit};
use crate::devices::ProvenDevice;
use crate::state::AppState;
use crate::store::StoreError;

/// What the sending phone's colleague may say.
#[derive(Debug, Clone, Default)]
pub(super) struct Vouched {
    /// The colleague, while she may enrol people.
    staff: Option<StaffId>,
    /// The places named in the batch at which she may.
    places: BTreeSet<PlaceId>,
    /// Those of the batch's learners who are hers.
    people: BTreeSet<LearnerId>,
}

impl Vouched {
    /// Returns whether an agreement given before a colleague is to be believed though the phone has no part in the record, or
    /// why not: it is the one thing that a phone may say of such a learner, when it speaks for that colleague and the learner
    /// is one of her people. Nothing for anything else.
    pub(super) fn witnessed(&self, event: &Event) -> Option<Result<(), Code>> {
        let EventKind::ConsentGiven { manner: Some(manner), .. } = &event.kind else { return None };
        let actor = event.actor.filter(|_| manner.method == ConsentMethod::ReadAloud)?;
        Some(if self.staff != Some(actor) {
            Err(Code::ActorUnknown)
        } else if self.people.contains(&event.learner) {
            Ok(())
        } else {
            Err(Code::OutsideScope)
        })
    }

    /// Returns why an event cannot be what it says: a colleague named who cannot have said it, or a class, in which nobody but
    /// a desk puts anybody.
    pub(super) fn doubt(&self, event: &Event) -> Option<Code> {
        if matches!(&event.kind, EventKind::PersonDescribed { classes, .. } if !classes.is_empty()) {
            return Some(Code::OutsideScope);
        }
        let actor = event.actor?;
        if self.staff != Some(actor) {
            return Some(Code::ActorUnknown);
        }
        match &event.kind {
            EventKind::PersonDescribed { place: Some(place), .. } if !self.places.contains(place) => {
                Some(Code::OutsideScope)
            }
            _ => None,
        }
    }
}

/// Returns what the phone's colleague may say in this batch; a batch that names none costs no question.
pub(super) async fn vouch(
    state: &AppState,
    device: ProvenDevice,
    readings: &[Reading],
) -> Result<Vouched, StoreError> {
    let said: Vec<&Event> =
        readings.iter().filter_map(Reading::event).filter(|event| event.actor.is_some()).collect();
    if said.is_empty() {
        return Ok(Vouched::default());
    }
    let Some(permit) = phone_permit::<may::EnrolPeople>(state, device).await? else {
        return Ok(Vouched::default());
    };
    let place = |event: &&Event| match &event.kind {
        EventKind::PersonDescribed { place, .. } => place.clone(),
        _ => None,
    };
    let is_agreement = |event: &&&Event| matches!(event.kind, EventKind::ConsentGiven { .. });
    let named: BTreeSet<PlaceId> = said.iter().filter_map(place).collect();
    let agreeing: BTreeSet<LearnerId> = said.iter().filter(is_agreement).map(|event| event.learner).collect();
    Ok(Vouched {
        staff: Some(permit.who()),
        places: state.store.places_in_scope(permit.scope(), &named).await?,
        people: state.store.people_in_scope(permit.scope(), &agreeing).await?,
    })
}
