//! The register of requests: written down, answered step by step, and done at once where that is possible.

use domain::consent::ConsentPurpose;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{EventId, LearnerId};
use domain::request::{RequestKind, WORDS_MAX_CHARS};
use uuid::Uuid;

use crate::access::{Permit, may};
use crate::failure::{Failure, Refusal};
use crate::import::encoding::tidy;
use crate::staff::{entry, new_id};
use crate::state::AppState;
use crate::store::{DataRequest, NewEvent, NewRequest, SERVER_DEVICE, Step, StepOutcome};

type Answer = Permit<may::AnswerRequests>;

/// Requests on the page: more than a commune has open in a year.
pub const PAGE: u32 = 200;

/// Returns requests, and writes down that they were looked at.
///
/// # Errors
/// When the database fails.
pub async fn list(state: &AppState, permit: &Answer, closed: bool) -> Result<Vec<DataRequest>, Failure> {
    let found = state.store.requests(permit.scope(), closed, PAGE).await?;
    let mut looked = entry(state, permit.who(), "requests-listed", None);
    looked.detail = found.len().to_string();
    state.store.add_audit(&looked).await?;
    Ok(found)
}

/// Writes down what somebody asked in person.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::FieldRefused`] for too many words.
pub async fn enter(
    state: &AppState,
    permit: &Answer,
    (person, kind, purpose): (LearnerId, RequestKind, Option<ConsentPurpose>),
    words: &str,
) -> Result<(), Failure> {
    let new = NewRequest {
        id: new_id(state),
        person,
        kind,
        purpose: purpose.filter(|_| kind == RequestKind::Withdraw),
        words: said(words)?,
        received_ms: state.clock.now_ms(),
        entered_by: Some(permit.who()),
    };
    let mut entered = entry(state, permit.who(), "request-entered", None);
    entered.detail = kind.as_str().to_owned();
    found(state.store.add_request(permit.scope(), &new, Some(&entered)).await?)
}

/// Takes a step of answering.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`], [`Refusal::FieldRefused`] for a reason that is missing and for a
/// deletion that is only said to be done.
pub async fn step(state: &AppState, permit: &Answer, id: Uuid, step: Step) -> Result<(), Failure> {
    let action = match &step {
        Step::Reply => "request-replied",
        Step::Extend(_) => "request-extended",
        Step::Done(_) => "request-done",
        Step::Refuse(_) => "request-refused",
    };
    if matches!(step, Step::Done(_)) {
        let request = state.store.request(permit.scope(), id).await?.ok_or(Refusal::NotFound)?;
        // Nobody marks a deletion as done that was none.
        if request.kind == RequestKind::Delete && request.closed_ms.is_none() {
            return Err(Refusal::FieldRefused.into());
        }
    }
    let step = match step {
        Step::Extend(why) => Step::Extend(reason(&why)?),
        Step::Refuse(why) => Step::Refuse(reason(&why)?),
        Step::Done(answer) => Step::Done(said(&answer)?),
        Step::Reply => Step::Reply,
    };
    let done = entry(state, permit.who(), action, None);
    stepped(state.store.step_request(permit.scope(), id, &step, &done).await?)
}

/// Restricts the person of a request, or lifts that.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`].
pub async fn restrict(state: &AppState, permit: &Answer, id: Uuid, restricted: bool) -> Result<(), Failure> {
    let action = if restricted { "person-restricted" } else { "person-unrestricted" };
    let done = entry(state, permit.who(), action, None);
    stepped(state.store.restrict_for_request(permit.scope(), id, restricted, &done).await?)
}

/// Takes an agreement of the person back as a fact of this server, which her phones follow: they stop sending.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`].
pub async fn withdraw(state: &AppState, permit: &Answer, id: Uuid) -> Result<(), Failure> {
    let request = open(state, permit, id).await?;
    let now_ms = state.clock.now_ms();
    let event = Event {
        id: EventId(state.random.id(now_ms)),
        v: EVENT_VERSION,
        learner: request.person,
        device: SERVER_DEVICE,
        seq: 1,
        at_ms: now_ms,
        mono_ms: 0,
        actor: Some(permit.who()),
        content: None,
        kind: EventKind::ConsentWithdrawn {
            purpose: request.purpose.unwrap_or(ConsentPurpose::LearningRecord),
        },
    };
    let done = entry(state, permit.who(), "consent-withdrawn", None);
    let new = NewEvent { json: event.canonical_json(), event, verdict: None };
    stepped(state.store.withdraw_for_request(permit.scope(), id, new, &done).await?)
}

/// Deletes the person of a request with everything of hers. Nobody can undo it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`].
pub async fn delete(state: &AppState, permit: &Answer, id: Uuid) -> Result<(), Failure> {
    let request = open(state, permit, id).await?;
    if request.kind != RequestKind::Delete {
        return Err(Refusal::FieldRefused.into());
    }
    let done = entry(state, permit.who(), "person-deleted", None);
    stepped(state.store.delete_for_request(permit.scope(), id, &done).await?)
}

/// Returns a request that is still open.
async fn open(state: &AppState, permit: &Answer, id: Uuid) -> Result<DataRequest, Failure> {
    let request = state.store.request(permit.scope(), id).await?.ok_or(Refusal::NotFound)?;
    if request.closed_ms.is_some() { Err(Refusal::AlreadySettled.into()) } else { Ok(request) }
}

/// Returns what somebody said, tidied.
///
/// # Errors
/// [`Refusal::FieldRefused`] when it is too long.
pub(super) fn said(words: &str) -> Result<String, Refusal> {
    let words = tidy(words);
    if words.chars().count() > WORDS_MAX_CHARS { Err(Refusal::FieldRefused) } else { Ok(words) }
}

fn reason(why: &str) -> Result<String, Refusal> {
    let why = said(why)?;
    if why.is_empty() { Err(Refusal::FieldRefused) } else { Ok(why) }
}

fn found(is_there: bool) -> Result<(), Failure> {
    if is_there { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

fn stepped(outcome: StepOutcome) -> Result<(), Failure> {
    match outcome {
        StepOutcome::Done => Ok(()),
        StepOutcome::NotFound => Err(Refusal::NotFound.into()),
        StepOutcome::Already => Err(Refusal::AlreadySettled.into()),
    }
}
