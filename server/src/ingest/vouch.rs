//! For whom a phone may speak besides its learners: the colleague it is tied to, where she works.

use std::collections::BTreeSet;

use domain::event::{Event, EventKind};
use domain::ids::StaffId;
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
}

impl Vouched {
    /// Returns why an event that names a colleague cannot be hers.
    pub(super) fn doubt(&self, event: &Event) -> Option<Code> {
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
    let named: BTreeSet<PlaceId> = said.iter().filter_map(place).collect();
    let places = state.store.places_in_scope(permit.scope(), &named).await?;
    Ok(Vouched { staff: Some(permit.who()), places })
}
