//! Facts that were set aside, looked at by a person: judged again, given to the person they belong to, or closed with a
//! reason.
//!
//! Nothing is deleted and nothing sent is changed. A fix happens once, whoever comes second is told so, and the phone that
//! sends the same later is told that it is stored.

use domain::aside::{Settlement, may_bind, may_lack_its_person};
use domain::ids::LearnerId;
use domain::sync::Code;
use uuid::Uuid;

use crate::access::{Permit, may};
use crate::failure::{Failure, Refusal};
use crate::ingest::{Again, judge_again, understood};
use crate::staff::entry;
use crate::state::AppState;
use crate::store::{NewAudit, SetAside, SettleOutcome, Settling};

type Join = Permit<may::JoinPeople>;

/// Rows on one page.
pub const PAGE: u32 = 20;

/// Returns a page of what was set aside, and writes down that it was opened.
///
/// # Errors
/// When the database fails.
pub async fn list(
    state: &AppState,
    permit: &Join,
    settled: bool,
    before: Option<Uuid>,
) -> Result<Vec<SetAside>, Failure> {
    let found = state.store.set_asides(permit.scope(), settled, before, PAGE).await?;
    state.store.add_audit(&entry(state, permit.who(), "asides-listed", None)).await?;
    Ok(found)
}

/// Judges something again by today's rules. Returns why it stays aside, or nothing when it is a fact now.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`].
pub async fn review(state: &AppState, permit: &Join, id: Uuid) -> Result<Option<Code>, Failure> {
    let aside = open(state, permit, id).await?;
    let fact = match judge_again(state, aside.device, &aside.body, false).await? {
        Again::Aside(code) => {
            let said = about(state, permit, &aside, "aside-judged", code.as_str());
            state.store.add_audit(&said).await?;
            return Ok(Some(code));
        }
        Again::Known => None,
        Again::Fact(fact) => Some(fact),
    };
    let said = about(state, permit, &aside, "aside-judged", Settlement::Stored.as_str());
    let settling =
        Settling { id, how: Settlement::Stored, by: permit.who(), bound_to: None, event: fact.as_deref() };
    settle(state, permit, &settling, &said).await
}

/// Makes something a fact of the person it belongs to. Returns why it stays aside, or nothing when it is a fact now.
///
/// # Errors
/// [`Refusal::NotFound`] also for a person out of scope, [`Refusal::AlreadySettled`], [`Refusal::NotBindable`].
pub async fn bind(
    state: &AppState,
    permit: &Join,
    id: Uuid,
    person: LearnerId,
) -> Result<Option<Code>, Failure> {
    let aside = open(state, permit, id).await?;
    let whose = state.store.person(permit.scope(), person).await?.ok_or(Refusal::NotFound)?;
    let is_hers = understood(&aside.body).is_some_and(|event| may_bind(&event, person));
    if !is_hers || !may_lack_its_person(aside.code) {
        return Err(Refusal::NotBindable.into());
    }
    let fact = match judge_again(state, aside.device, &aside.body, true).await? {
        Again::Aside(code) => return Ok(Some(code)),
        Again::Known => None,
        Again::Fact(fact) => Some(fact),
    };
    // What is a fact already keeps its person.
    let how = if fact.is_some() { Settlement::Bound } else { Settlement::Stored };
    let fact = fact.map(|mut fact| {
        fact.event.learner = person;
        fact
    });
    let said = NewAudit {
        person: Some(person),
        place: whose.path.clone(),
        ..about(state, permit, &aside, "aside-bound", "")
    };
    let bound_to = fact.as_ref().map(|_| person);
    let settling = Settling { id, how, by: permit.who(), bound_to, event: fact.as_deref() };
    settle(state, permit, &settling, &said).await
}

/// Closes something without making it a fact.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::AlreadySettled`], [`Refusal::FieldRefused`] for a reason that is none.
pub async fn close(state: &AppState, permit: &Join, id: Uuid, why: Settlement) -> Result<(), Failure> {
    if !why.is_closing() {
        return Err(Refusal::FieldRefused.into());
    }
    let aside = open(state, permit, id).await?;
    let said = about(state, permit, &aside, "aside-closed", why.as_str());
    let settling = Settling { id, how: why, by: permit.who(), bound_to: None, event: None };
    settle(state, permit, &settling, &said).await.map(|_| ())
}

/// Takes a closing back.
///
/// # Errors
/// [`Refusal::NotFound`] also when it is open or became a fact.
pub async fn reopen(state: &AppState, permit: &Join, id: Uuid) -> Result<(), Failure> {
    let aside = state.store.set_aside(permit.scope(), id).await?.ok_or(Refusal::NotFound)?;
    let said = about(state, permit, &aside, "aside-reopened", "");
    let is_open = state.store.reopen_aside(permit.scope(), id, &said).await?;
    if is_open { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Returns something that nobody settled yet.
async fn open(state: &AppState, permit: &Join, id: Uuid) -> Result<SetAside, Failure> {
    let aside = state.store.set_aside(permit.scope(), id).await?.ok_or(Refusal::NotFound)?;
    if aside.settled.is_some() { Err(Refusal::AlreadySettled.into()) } else { Ok(aside) }
}

async fn settle(
    state: &AppState,
    permit: &Join,
    settling: &Settling<'_>,
    said: &NewAudit,
) -> Result<Option<Code>, Failure> {
    match state.store.settle_aside(permit.scope(), settling, said).await? {
        SettleOutcome::Settled => Ok(None),
        SettleOutcome::IdConflict => Ok(Some(Code::IdConflict)),
        SettleOutcome::NoPerson => Err(Refusal::NotFound.into()),
        SettleOutcome::NotOpen => Err(Refusal::AlreadySettled.into()),
    }
}

/// Returns an entry of the log about something set aside and the person it names.
fn about(state: &AppState, permit: &Join, aside: &SetAside, action: &'static str, detail: &str) -> NewAudit {
    NewAudit {
        person: aside.person.as_ref().map(|person| person.id),
        place: aside.person.as_ref().and_then(|person| person.path.clone()),
        detail: detail.to_owned(),
        ..entry(state, permit.who(), action, None)
    }
}
