//! Adding a person, correcting what is kept of her, giving her a new PIN.

use domain::code::{LearnerCode, check_new_pin};
use domain::ids::{LearnerId, StaffId};
use domain::person::Details;

use super::{Acting, PeopleError, PeopleRefusal, checked};
use crate::secret::Secrets;
use crate::store::{AddOutcome, CorrectOutcome, NewPerson, Person};

/// How often another code is taken when one is taken: two of a hundred million people share one in a thousand tries.
const CODES_MAX: u32 = 8;

/// Adds a person. She can open her record once [`reset_pin`] gave her a PIN.
///
/// # Errors
/// [`PeopleRefusal::Name`], [`PeopleRefusal::BirthYear`], [`PeopleRefusal::NoPlace`].
pub async fn add(
    acting: Acting<'_>,
    details: Details,
    ambassador: Option<StaffId>,
) -> Result<Person, PeopleError> {
    let details = checked(details, acting.this_year())?;
    let mut new = new_person(acting, details, ambassador);
    for _ in 0..CODES_MAX {
        match acting.store.add_person(acting.scope, &new, acting.now_ms).await? {
            AddOutcome::Added(person) => return Ok(*person),
            AddOutcome::NoPlace => return Err(PeopleRefusal::NoPlace.into()),
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
    let details = checked(details, acting.this_year())?;
    let events = acting.new_events();
    let refusal = match acting
        .store
        .correct_person(acting.scope, (id, version), &details, events, acting.now_ms)
        .await?
    {
        CorrectOutcome::Corrected(person) => return Ok(*person),
        CorrectOutcome::NotFound => PeopleRefusal::NotFound,
        CorrectOutcome::NoPlace => PeopleRefusal::NoPlace,
        CorrectOutcome::ChangedMeanwhile(person) => PeopleRefusal::ChangedMeanwhile(person),
    };
    Err(refusal.into())
}

/// Gives a person a new PIN: nobody else's help is needed by somebody who forgot hers.
///
/// # Errors
/// [`PeopleRefusal::PinRefused`], [`PeopleRefusal::NotFound`].
pub async fn reset_pin(
    acting: Acting<'_>,
    secrets: &Secrets,
    id: LearnerId,
    pin: &str,
) -> Result<(), PeopleError> {
    check_new_pin(pin).map_err(|_| PeopleRefusal::PinRefused)?;
    let person = acting.store.person(acting.scope, id).await?.ok_or(PeopleRefusal::NotFound)?;
    let hash = secrets.hash(pin).await?;
    if !acting.store.reset_pin(acting.scope, id, &hash).await? {
        return Err(PeopleRefusal::NotFound.into());
    }
    // Wrong tries of the old PIN say nothing about the new one.
    acting.store.forget_tries(&person.code).await?;
    Ok(())
}
