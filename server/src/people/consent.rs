//! Writing down that somebody agreed with a colleague's help: one who was entered by a list and cannot read the text herself, or a
//! child whose parent agreed.

use domain::consent::{ConsentManner, ConsentMethod, ConsentPurpose, Guardian, TEXT_VERSION, may_be_child};
use domain::event::{EVENT_VERSION, Event, EventKind, check_name};
use domain::ids::{EventId, LearnerId};

use super::{Acting, PeopleError, PeopleRefusal, one};
use crate::import::encoding::tidy;
use crate::store::{NewEvent, SERVER_DEVICE};

/// Writes down what a person agreed to after the text was read aloud; whoever acts is the witness.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::ConsentMissing`], [`PeopleRefusal::GuardianMissing`] for somebody who may be
/// under 16.
pub async fn record_consent(
    acting: Acting<'_>,
    id: LearnerId,
    mut purposes: Vec<ConsentPurpose>,
    guardian: Option<Guardian>,
) -> Result<(), PeopleError> {
    purposes.sort();
    purposes.dedup();
    if purposes.is_empty() {
        return Err(PeopleRefusal::ConsentMissing.into());
    }
    let person = one(acting, id).await?;
    let is_child = person.details.birth_year.is_some_and(|year| may_be_child(year, acting.this_year()));
    let guardian = guardian.map(|guardian| Guardian { name: tidy(&guardian.name), ..guardian });
    match &guardian {
        Some(guardian) => check_name(&guardian.name).map_err(|_| PeopleRefusal::GuardianMissing)?,
        None if is_child => return Err(PeopleRefusal::GuardianMissing.into()),
        None => {}
    }
    let said = |purpose| {
        let event = Event {
            id: EventId(acting.random.id(acting.now_ms)),
            v: EVENT_VERSION,
            learner: id,
            device: SERVER_DEVICE,
            seq: 1,
            at_ms: acting.now_ms,
            mono_ms: 0,
            actor: Some(acting.staff),
            content: None,
            kind: EventKind::ConsentGiven {
                purpose,
                text_version: TEXT_VERSION,
                manner: Some(ConsentManner { method: ConsentMethod::ReadAloud, guardian: guardian.clone() }),
            },
        };
        NewEvent { json: event.canonical_json(), event, verdict: None }
    };
    let events: Vec<NewEvent> = purposes.into_iter().map(said).collect();
    let entry = acting.entry("consent-recorded");
    if acting.store.record_consents(acting.scope, id, events, &entry).await? {
        Ok(())
    } else {
        Err(PeopleRefusal::NotFound.into())
    }
}
