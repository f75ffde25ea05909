//! Adding a person, correcting what is kept of her, giving her a new PIN.

use domain::code::{LearnerCode, check_new_pin};
use domain::ids::{LearnerId, StaffId};
use domain::person::Details;

use super::{Acting, PeopleError, PeopleRefusal, checked};
use crate::secret::Secrets;
use crate::store::{AddOutcome, CorrectOutcome, NewPerson, Person};

/// How often another code is taken when one is taken: two of a hundred million people share one in a thousand tries.
const CODES_MAX: u32 = 8;

/// Adds a person. She can open her record once [`give_pin`] gave her a PIN.
///
/// # Errors
/// [`PeopleRefusal::Name`], [`PeopleRefusal::BirthYear`], [`PeopleRefusal::OtherGroup`], [`PeopleRefusal::NoPlace`],
/// [`PeopleRefusal::NoClass`], [`PeopleRefusal::ClassesTooMany`].
pub async fn add(
    acting: Acting<'_>,
    details: Details,
    ambassador: Option<StaffId>,
) -> Result<Person, PeopleError> {
    let details = checked(acting, details)?;
    let mut new = new_person(acting, details, ambassador);
    let entry = acting.entry("person-added");
    for _ in 0..CODES_MAX {
        match acting.store.add_person(acting.scope, &new, &entry, acting.now_ms).await? {
            AddOutcome::Added(person) => return Ok(*person),
            AddOutcome::NoPlace => return Err(PeopleRefusal::NoPlace.into()),
            AddOutcome::NoClass => return Err(PeopleRefusal::NoClass.into()),
            AddOutcome::CodeTaken => new = new_person(acting, new.details, ambassador),
        }
    }
    Err(PeopleRefusal::Already.into())
}

/// Returns a person with a new id and code.
pub(super) fn new_person(acting: Acting<'_>, details: Details, ambassador: Option<StaffId>) -> NewPerson {
    NewPerson {
        id: LearnerId(acting.random.id(acting.now_ms)),
        code: LearnerCode::from_random(u64::from_le_bytes(acting.random.bytes())),
        events: acting.new_events(),
        details,
        ambassador,
    }
}

/// Replaces what is kept of a person, if it is still what `version` was.
///
/// # Errors
/// As [`add`], and [`PeopleRefusal::NotFound`], [`PeopleRefusal::ChangedMeanwhile`].
pub async fn correct(
    acting: Acting<'_>,
    (id, version): (LearnerId, i64),
    details: Details,
) -> Result<Person, PeopleError> {
    let details = checked(acting, details)?;
    let (events, entry) = (acting.new_events(), acting.entry("person-corrected"));
    let refusal = match acting
        .store
        .correct_person(acting.scope, (id, version), &details, events, (&entry, acting.now_ms))
        .await?
    {
        CorrectOutcome::Corrected(person) => return Ok(*person),
        CorrectOutcome::NotFound => PeopleRefusal::NotFound,
        CorrectOutcome::NoPlace => PeopleRefusal::NoPlace,
        CorrectOutcome::NoClass => PeopleRefusal::NoClass,
        CorrectOutcome::ChangedMeanwhile(person) => PeopleRefusal::ChangedMeanwhile(person),
    };
    Err(refusal.into())
}

/// Adds a person with a code and a PIN to hand to her. Returns both the person and the PIN, which is kept nowhere.
///
/// # Errors
/// As [`add`].
pub async fn enrol(
    acting: Acting<'_>,
    secrets: &Secrets,
    details: Details,
    ambassador: Option<StaffId>,
) -> Result<(Person, String), PeopleError> {
    // Hashed before anything is written: a server that is busy then has added nobody.
    let pin = new_pin(acting);
    let hash = secrets.hash(&pin).await?;
    let person = add(acting, details, ambassador).await?;
    set_pin(acting, person.id, &hash).await?;
    Ok((person, pin))
}

/// Gives a person a new PIN: nobody else's help is needed by somebody who forgot hers. Returns it; it is kept nowhere.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn give_pin(
    acting: Acting<'_>,
    secrets: &Secrets,
    id: LearnerId,
) -> Result<(Person, String), PeopleError> {
    let person = acting.store.person(acting.scope, id).await?.ok_or(PeopleRefusal::NotFound)?;
    let pin = new_pin(acting);
    set_pin(acting, id, &secrets.hash(&pin).await?).await?;
    // Wrong tries of the old PIN say nothing about the new one.
    acting.store.forget_tries(&person.code).await?;
    Ok((person, pin))
}

async fn set_pin(acting: Acting<'_>, id: LearnerId, hash: &str) -> Result<(), PeopleError> {
    let is_there = acting.store.reset_pin(acting.scope, id, hash, &acting.entry("pin-given")).await?;
    if is_there { Ok(()) } else { Err(PeopleRefusal::NotFound.into()) }
}

/// Returns six digits that are not among those that strangers try first.
pub(super) fn new_pin(acting: Acting<'_>) -> String {
    loop {
        let pin = format!("{:06}", u64::from_le_bytes(acting.random.bytes()) % 1_000_000);
        if check_new_pin(&pin).is_ok() {
            return pin;
        }
    }
}
