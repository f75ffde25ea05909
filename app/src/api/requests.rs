//! What people ask about their own data: the register, its clocks, and what can be done at once.

use domain::consent::ConsentPurpose;
use domain::ids::LearnerId;
use domain::request::{RequestKind, RequestState};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Problem;
use super::people::PersonChoice;

/// A request in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Names it.
    pub id: Uuid,
    /// Whose data it is about; nothing when she was deleted.
    pub person: Option<PersonChoice>,
    /// Whether only those who answer requests may see her now.
    pub restricted: bool,
    /// What is asked.
    pub kind: RequestKind,
    /// Which agreement is taken back, where that is asked.
    pub purpose: Option<ConsentPurpose>,
    /// Whether she asked on her phone, else it was entered by staff.
    pub by_phone: bool,
    /// What she said; may be empty.
    pub words: String,
    /// When it came, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// How far it is.
    pub state: RequestState,
    /// Days left until the end of the day of the first reply; negative when it is overdue. Nothing once it was given.
    pub reply_left: Option<i64>,
    /// Days left until the end of the day of the answer. Nothing once it is closed.
    pub answer_left: Option<i64>,
    /// Why it takes longer, when it was extended.
    pub extended: Option<String>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// What was decided and why.
    pub answer: String,
    /// Who did the last step.
    pub handled_by: Option<String>,
}

/// One step of answering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestStep {
    /// She was told that it came and what happens next.
    Reply,
    /// It takes longer, for this reason; once.
    Extend(String),
    /// It is done; more about it, may be empty.
    Done(String),
    /// It is refused, for this reason.
    Refuse(String),
}

/// What can be done at once for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fulfilment {
    /// Nobody but those who answer requests sees or changes her from now on.
    Restrict,
    /// Everybody may again who could before.
    LiftRestriction,
    /// Her agreement is taken back as a fact, which reaches her phones.
    Withdraw,
    /// Everything of her is deleted, here and on her phones.
    Delete,
}

/// Returns the requests of people in scope: those that are open, the most urgent first, or the last ones that were closed.
#[server(prefix = "/api/staff/v1", endpoint = "list-requests", input = Json, output = Json)]
pub async fn list_requests(closed: bool) -> Result<Vec<RequestRow>, Problem> {
    super::backend::backend()?.list_requests(closed).await
}

/// Writes down what somebody asked who came in person.
#[server(prefix = "/api/staff/v1", endpoint = "enter-request", input = Json, output = Json)]
pub async fn enter_request(
    person: LearnerId,
    kind: RequestKind,
    purpose: Option<ConsentPurpose>,
    words: String,
) -> Result<(), Problem> {
    super::backend::backend()?.enter_request(person, kind, purpose, words).await
}

/// Takes a step of answering.
#[server(prefix = "/api/staff/v1", endpoint = "step-request", input = Json, output = Json)]
pub async fn step_request(id: Uuid, step: RequestStep) -> Result<(), Problem> {
    super::backend::backend()?.step_request(id, step).await
}

/// Does what was asked at once, and closes the request.
#[server(prefix = "/api/staff/v1", endpoint = "fulfil-request", input = Json, output = Json)]
pub async fn fulfil_request(id: Uuid, what: Fulfilment) -> Result<(), Problem> {
    super::backend::backend()?.fulfil_request(id, what).await
}

/// Returns everything that is kept about the person of a request, as a file in base64url.
#[server(prefix = "/api/staff/v1", endpoint = "export-for-request", input = Json, output = Json)]
pub async fn export_for_request(id: Uuid) -> Result<String, Problem> {
    super::backend::backend()?.export_for_request(id).await
}

/// Somebody with whose record nothing has happened for years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InactiveRow {
    /// Whom.
    pub person: PersonChoice,
    /// When something happened last, in milliseconds since 1970 UTC.
    pub last_ms: i64,
}

/// Returns people in scope with whose records nothing has happened for the term, for somebody to look at.
#[server(prefix = "/api/staff/v1", endpoint = "list-inactive", input = Json, output = Json)]
pub async fn list_inactive() -> Result<Vec<InactiveRow>, Problem> {
    super::backend::backend()?.list_inactive().await
}

/// Returns people who may be asking, by what was typed of their names.
#[server(prefix = "/api/staff/v1", endpoint = "find-person-for-request", input = Json, output = Json)]
pub async fn find_person_for_request(typed: String) -> Result<Vec<PersonChoice>, Problem> {
    super::backend::backend()?.find_person_for_request(typed).await
}
