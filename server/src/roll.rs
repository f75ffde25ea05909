//! The phones colleagues use in villages: tied to an account, told whom their colleague looks after, untied when lost.
//!
//! A tied phone proves itself by its own token, for a session would have run out in the village. What it may see and say is
//! decided anew each time, by the roles its colleague holds then ([`phone_permit`]).

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use domain::dated_fact::Day;
use domain::ids::{DeviceId, LearnerId};
use domain::place::{Level, PlaceId, day_number};
use domain::role::{Action, Grant, scope_of};
use domain::roll::{ROLL_MAX, Roll, RollLearner, RollPlace};
use domain::scope::{PlacePath, Scope};

use crate::access::{Permit, may, phone_permit};
use crate::devices::{ProvenDevice, TokenHash};
use crate::failure::{Failure, Refusal};
use crate::staff::entry;
use crate::standing::Lessons;
use crate::state::AppState;
use crate::store::{NewStaffPhone, PeopleQuery, Person, StaffPhone, TieOutcome};

type Enrol = Permit<may::EnrolPeople>;
type Mine = Permit<may::KeepOwnAccount>;

/// Length of the key of a list, in bytes: AES-256.
const KEY_BYTES: usize = 32;

/// Names of units beside a person: a hamlet and its commune.
const PLACE_NAMES: usize = 2;

/// Ties a phone to the caller's account. Its key is kept for the day she forgets what opens the list.
///
/// # Errors
/// [`Refusal::FieldRefused`] for a key that is none, [`Refusal::DeviceUnknown`], [`Refusal::PhoneTaken`], and
/// [`Refusal::NotAllowed`] when nothing she may do is possible without the second factor.
pub async fn tie(
    state: &AppState,
    permit: &Enrol,
    (device, token): (DeviceId, &str),
    key: &str,
) -> Result<(), Failure> {
    let token = TokenHash::of(token).ok_or(Refusal::DeviceUnknown)?;
    let bytes = BASE64URL_NOPAD.decode(key.as_bytes()).ok().filter(|bytes| bytes.len() == KEY_BYTES);
    let bytes = bytes.ok_or(Refusal::FieldRefused)?;
    let counts = |grant: &&Grant| !grant.role.needs_second_factor();
    let grants: Vec<Grant> = permit.grants().iter().filter(counts).cloned().collect();
    if scope_of(permit.who(), &grants, Action::EnrolPeople).is_none() {
        return Err(Refusal::NotAllowed.into());
    }
    let new = NewStaffPhone {
        device,
        token_hash: token.as_str().to_owned(),
        staff: permit.who(),
        key_sealed: state.seal.seal(&bytes, &purpose(device)),
    };
    let said = entry(state, permit.who(), "phone-tied", None);
    match state.store.tie_phone(&new, state.clock.now_ms(), &said).await? {
        TieOutcome::Tied => Ok(()),
        TieOutcome::DeviceUnknown => Err(Refusal::DeviceUnknown.into()),
        TieOutcome::Taken => Err(Refusal::PhoneTaken.into()),
    }
}

/// Returns the key of the list on a phone of the caller's, so that she can choose a new secret for it.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not tied to her.
pub async fn key(state: &AppState, permit: &Enrol, device: DeviceId) -> Result<String, Failure> {
    let phone = state.store.staff_phone(device).await?.filter(|phone| phone.staff == permit.who());
    let phone = phone.ok_or(Refusal::NotFound)?;
    let key = state.seal.unseal(&phone.key_sealed, &purpose(device)).ok_or(Refusal::NotFound)?;
    state.store.add_audit(&entry(state, permit.who(), "phone-key-given", None)).await?;
    Ok(BASE64URL_NOPAD.encode(&key))
}

/// Returns the caller's phones, the one seen last first.
///
/// # Errors
/// When the database fails.
pub async fn phones(state: &AppState, permit: &Mine) -> Result<Vec<StaffPhone>, Failure> {
    Ok(state.store.phones_of_staff(permit.who()).await?)
}

/// Unties a phone of the caller's, perhaps a lost one: it is told nothing more, and what it says about people is set aside.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn untie(state: &AppState, permit: &Mine, device: DeviceId) -> Result<(), Failure> {
    let said = entry(state, permit.who(), "phone-untied", None);
    let untied = state.store.untie_phone(permit.who(), device, state.clock.now_ms(), &said).await?;
    if untied { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Returns whom the phone's colleague looks after and where each stands, and writes down that it was fetched.
///
/// # Errors
/// [`Refusal::PhoneNotTied`] when the phone speaks for nobody (any more).
pub async fn roll(state: &AppState, device: ProvenDevice) -> Result<Roll, Failure> {
    let permit = phone_permit::<may::SeePeople>(state, device).await?.ok_or(Refusal::PhoneNotTied)?;
    let account = state.store.account(permit.who()).await?.ok_or(Refusal::PhoneNotTied)?;
    let query = PeopleQuery::default();
    let page = state.store.people(permit.scope(), &query, None, ROLL_MAX).await?;
    let ids: Vec<LearnerId> = page.people.iter().map(|person| person.id).collect();
    let without_pin = state.store.without_pin(&ids).await?;
    let paths: Vec<&PlacePath> = page.people.iter().filter_map(|person| person.path.as_ref()).collect();
    let names = state.store.place_names(&paths).await?;
    let made_ms = state.clock.now_ms();
    let (lessons, mut learned) = (Lessons::of(state), state.store.learning_of(&ids).await?);
    let mut agreements = state.store.agreements_of(&ids).await?;
    let learner = |person: Person| {
        let said = agreements.remove(&person.id).unwrap_or_default();
        RollLearner {
            id: person.id,
            place: place_words(&person, &names),
            has_pin: !without_pin.contains(&person.id),
            since_ms: person.created_ms,
            standing: lessons.standing(&learned.remove(&person.id).unwrap_or_default(), made_ms),
            agreed: said.agreed(),
            agreed_ms: said.agreed_ms(),
            code: person.code,
            details: person.details,
        }
    };
    let learners: Vec<RollLearner> = page.people.into_iter().map(learner).collect();
    let mut said = entry(state, permit.who(), "roll-fetched", None);
    said.detail = learners.len().to_string();
    state.store.add_audit(&said).await?;
    Ok(Roll {
        staff: permit.who(),
        name: account.whole_name,
        made_ms,
        places: places(state, permit.scope(), made_ms).await?,
        learners,
        more: page.next.is_some(),
    })
}

/// Returns the communes and hamlets within a scope.
async fn places(state: &AppState, scope: &Scope, now_ms: i64) -> Result<Vec<RollPlace>, Failure> {
    let Some(within) = scope.near() else { return Ok(Vec::new()) };
    let day = day_number(&Day::in_vietnam(now_ms));
    let found = state.store.places_within(&within, day).await?;
    let lives_there = found.into_iter().filter(|place| place.level >= Level::Commune);
    Ok(lives_there.map(|place| RollPlace { id: place.id, name: place.name }).collect())
}

fn place_words(person: &Person, names: &BTreeMap<PlaceId, String>) -> String {
    let ids = person.path.iter().flat_map(|path| path.ids().rev().take(PLACE_NAMES));
    ids.filter_map(|id| names.get(&id.parse().ok()?).cloned()).collect::<Vec<_>>().join(", ")
}

/// What the key of a list is sealed for.
fn purpose(device: DeviceId) -> String {
    format!("roll {device}")
}
