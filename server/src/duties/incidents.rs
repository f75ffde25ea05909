//! The register of incidents: those in charge of a place for their place, administrators for everywhere.

use domain::incident::FIELD_MAX_CHARS;
use domain::scope::{PlacePath, Scope};
use uuid::Uuid;

use crate::access::{Permit, may};
use crate::failure::{Failure, Refusal};
use crate::people::PeopleRefusal;
use crate::staff::{entry, new_id};
use crate::state::AppState;
use crate::store::{Incident, IncidentOutcome, IncidentText, NewIncident};

type Keep = Permit<may::KeepIncidents>;

/// Incidents on the page.
pub const PAGE: u32 = 100;

/// People named in one incident; more are a number.
const PEOPLE_MAX: usize = 100;

/// Returns the incidents in scope, and writes down that they were looked at.
///
/// # Errors
/// When the database fails.
pub async fn list(state: &AppState, permit: &Keep) -> Result<Vec<Incident>, Failure> {
    let found = state.store.incidents(permit.scope(), PAGE).await?;
    state.store.add_audit(&entry(state, permit.who(), "incidents-listed", None)).await?;
    Ok(found)
}

/// Writes an incident down, or anew. A new one without a place is where the caller is in charge.
///
/// # Errors
/// [`Refusal::NotFound`] also for a place out of scope, [`Refusal::AlreadySettled`] when it is closed,
/// [`Refusal::FieldRefused`], and "changed meanwhile".
pub async fn keep(
    state: &AppState,
    permit: &Keep,
    (id, version): (Option<Uuid>, i64),
    mut new: NewIncident,
) -> Result<(), Failure> {
    let now_ms = state.clock.now_ms();
    check(&new.text, now_ms)?;
    new.people.truncate(PEOPLE_MAX);
    let (id, version, action) = match id {
        Some(id) => (id, version.max(1), "incident-changed"),
        None => (new_id(state), 0, "incident-added"),
    };
    if version == 0 {
        new.place = place(permit.scope(), new.place)?;
    }
    let new = NewIncident { id, version, ..new };
    let done = entry(state, permit.who(), action, None);
    written(state.store.keep_incident(permit.scope(), &new, &done).await?)
}

/// Closes an incident.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`].
pub async fn close(state: &AppState, permit: &Keep, id: Uuid) -> Result<(), Failure> {
    let done = entry(state, permit.who(), "incident-closed", None);
    written(state.store.close_incident(permit.scope(), id, &done).await?)
}

fn check(text: &IncidentText, now_ms: i64) -> Result<(), Refusal> {
    let fields = [&text.what, &text.kinds, &text.harm, &text.done, &text.told];
    let fits = fields.iter().all(|field| field.chars().count() <= FIELD_MAX_CHARS);
    let is_past = |ms: i64| (1..=now_ms).contains(&ms);
    let times = is_past(text.detected_ms) && text.told_ms.is_none_or(is_past);
    if fits && times && !text.what.trim().is_empty() && text.people_number >= 0 {
        Ok(())
    } else {
        Err(Refusal::FieldRefused)
    }
}

/// Returns where a new incident is: within the scope, for those bound to places the first of theirs if none is said.
fn place(scope: &Scope, said: Option<PlacePath>) -> Result<Option<PlacePath>, Refusal> {
    match (scope.whole_places(), said) {
        (_, Some(place)) if scope.covers(&place) => Ok(Some(place)),
        (None, None) => Ok(None),
        (Some(places), None) => places.into_iter().next().map(Some).ok_or(Refusal::NotFound),
        _ => Err(Refusal::NotFound),
    }
}

fn written(outcome: IncidentOutcome) -> Result<(), Failure> {
    match outcome {
        IncidentOutcome::Written => Ok(()),
        IncidentOutcome::NotFound => Err(Refusal::NotFound.into()),
        IncidentOutcome::Closed => Err(Refusal::AlreadySettled.into()),
        IncidentOutcome::ChangedMeanwhile => Err(Refusal::People(PeopleRefusal::LookAgain).into()),
    }
}
