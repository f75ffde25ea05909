//! People whom staff look after: their list, new ones, one person with what is kept and who has looked.

use domain::consent::{ConsentManner, ConsentPurpose, Guardian};
use domain::ids::LearnerId;
use domain::person::{Details, Group};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::audit::AuditRow;
use super::error::Problem;
use super::places::PlaceRow;

/// Which people to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleQuestion {
    /// What was typed: beginnings of words of the name, or of a code or telephone number.
    pub typed: String,
    /// Those of this group.
    pub group: Option<Group>,
    /// After whom the page begins.
    pub after: Option<PersonCursor>,
}

/// Where a page of people ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCursor {
    /// What the last person is sorted by.
    pub sort_key: String,
    /// The last person.
    pub id: LearnerId,
}

/// A person in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Names the person.
    pub id: LearnerId,
    /// The whole name; empty for somebody who has not said it yet.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<u16>,
    /// The group.
    pub group: Option<Group>,
    /// Where the person lives, from the nearest up; empty when nobody knows.
    pub place: String,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// Sorted by given name, as lists in Vietnam are.
    pub rows: Vec<PersonRow>,
    /// After whom the next page begins, if there is more.
    pub next: Option<PersonCursor>,
}

/// A person to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChoice {
    /// Names the person.
    pub id: LearnerId,
    /// The name; empty when none was said.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<i64>,
    /// The name of the place; empty when it is not known.
    pub place_name: String,
}

/// What opens a record, to be written down: shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenCode {
    /// Whose it is.
    pub id: LearnerId,
    /// Her name, so that the paper goes to the right person.
    pub name: String,
    /// The code, in groups.
    pub code: String,
    /// The PIN.
    pub pin: String,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPerson {
    /// Names the person.
    pub id: LearnerId,
    /// What a correction has to name, so that nobody overwrites what somebody else wrote meanwhile.
    pub version: i64,
    /// The code, in groups.
    pub code: String,
    /// What is kept of the person.
    pub details: Details,
    /// Where the person lives.
    pub place: Option<PlaceRow>,
    /// The names of her classes.
    pub classes: Vec<String>,
    /// What is kept of her identity number.
    pub identity: IdentityShown,
    /// How far the person is in each course.
    pub courses: Vec<CourseLamps>,
    /// What the person agreed to, by purpose, the newest first.
    pub consents: Vec<ConsentRow>,
    /// Who saw or changed the person, the newest first; nothing for those who may not read the log.
    pub looks: Option<Vec<AuditRow>>,
}

/// What is kept of a person's identity number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityShown {
    /// This installation keeps none.
    Off,
    /// Nothing.
    Nothing,
    /// A digest, and these last three digits.
    Ends(String),
}

/// What was noticed when an identity number was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityNoticed {
    /// Others of whom the same number is kept.
    pub also: Vec<PersonChoice>,
    /// Whether the number speaks of another birth year.
    pub year_differs: bool,
}

/// One agreement of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRow {
    /// What for.
    pub purpose: ConsentPurpose,
    /// Which wording.
    pub text_version: u16,
    /// When it was given, by the phone's clock.
    pub given_ms: i64,
    /// How, where the learner did not simply read and press.
    pub manner: Option<ConsentManner>,
    /// The name of the colleague who witnessed it.
    pub witness: Option<String>,
    /// When it was taken back.
    pub withdrawn_ms: Option<i64>,
}

/// How far somebody is in a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseLamps {
    /// The course's title.
    pub title: String,
    /// Lamps lit.
    pub lit: usize,
    /// Lessons in the course.
    pub lessons: usize,
}

/// Returns a page of the people whom the caller looks after.
#[server(prefix = "/api/staff/v1", endpoint = "list-people", input = Json, output = Json)]
pub async fn list_people(question: PeopleQuestion) -> Result<PeoplePage, Problem> {
    super::backend::backend()?.list_people(question).await
}

/// Adds a person; returns a code and PIN to hand out.
#[server(prefix = "/api/staff/v1", endpoint = "add-person", input = Json, output = Json)]
pub async fn add_person(details: Details) -> Result<GivenCode, Problem> {
    super::backend::backend()?.add_person(details).await
}

/// Returns one person.
#[server(prefix = "/api/staff/v1", endpoint = "see-person", input = Json, output = Json)]
pub async fn see_person(person: LearnerId) -> Result<SeenPerson, Problem> {
    super::backend::backend()?.see_person(person).await
}

/// Replaces what is kept of a person.
#[server(prefix = "/api/staff/v1", endpoint = "correct-person", input = Json, output = Json)]
pub async fn correct_person(person: LearnerId, version: i64, details: Details) -> Result<(), Problem> {
    super::backend::backend()?.correct_person(person, version, details).await
}

/// Keeps a digest and the last three digits of a person's identity number; an empty text keeps nothing any more.
#[server(prefix = "/api/staff/v1", endpoint = "keep-identity", input = Json, output = Json)]
pub async fn keep_identity(person: LearnerId, number: String) -> Result<IdentityNoticed, Problem> {
    super::backend::backend()?.keep_identity(person, number).await
}

/// Writes down that a person agreed after the text was read aloud, the caller being the witness; for a child somebody else did.
#[server(prefix = "/api/staff/v1", endpoint = "record-consent", input = Json, output = Json)]
pub async fn record_consent(
    person: LearnerId,
    purposes: Vec<ConsentPurpose>,
    guardian: Option<Guardian>,
) -> Result<(), Problem> {
    super::backend::backend()?.record_consent(person, purposes, guardian).await
}

/// Gives a person who forgot hers a new PIN; returns it with the code.
#[server(prefix = "/api/staff/v1", endpoint = "give-pin", input = Json, output = Json)]
pub async fn give_pin(person: LearnerId) -> Result<GivenCode, Problem> {
    super::backend::backend()?.give_pin(person).await
}
