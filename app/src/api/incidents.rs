//! Incidents with personal data: what happened, whom it concerns, what was done, who was told.

use domain::ids::LearnerId;
use domain::scope::PlacePath;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Problem;
use super::people::PersonChoice;

/// What is written about an incident.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentText {
    /// What happened.
    pub what: String,
    /// When it was detected, in milliseconds since 1970 UTC.
    pub detected_ms: i64,
    /// Which kinds of data.
    pub kinds: String,
    /// How many people it concerns, as far as known.
    pub people_number: i64,
    /// What harm is likely.
    pub harm: String,
    /// What was done.
    pub done: String,
    /// When Bộ Công an (A05) was told, in milliseconds since 1970 UTC.
    pub told_ms: Option<i64>,
    /// How it was told, and by whom.
    pub told: String,
}

/// An incident to write down, or to write anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentDraft {
    /// Which one; nothing for a new one.
    pub id: Option<Uuid>,
    /// What stood there when it was opened: nobody overwrites what somebody else wrote meanwhile.
    pub version: i64,
    /// Where, for a new one; nothing for where the caller is in charge.
    pub place: Option<PlacePath>,
    /// What is written.
    pub text: IncidentText,
    /// Whom it concerns.
    pub people: Vec<LearnerId>,
}

/// An incident in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentRow {
    /// Names it.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// Where; empty for everywhere.
    pub place_name: String,
    /// What is written.
    pub text: IncidentText,
    /// Whole hours left until the authority must have been told; negative when it is overdue. Nothing once it was.
    pub hours_left: Option<i64>,
    /// Whom it concerns, of those whom the caller may see.
    pub people: Vec<PersonChoice>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// Who wrote it down.
    pub entered_by: String,
}

/// Returns the incidents in scope, those that are open first.
#[server(prefix = "/api/staff/v1", endpoint = "list-incidents", input = Json, output = Json)]
pub async fn list_incidents() -> Result<Vec<IncidentRow>, Problem> {
    super::backend::backend()?.list_incidents().await
}

/// Writes an incident down, or anew.
#[server(prefix = "/api/staff/v1", endpoint = "keep-incident", input = Json, output = Json)]
pub async fn keep_incident(draft: IncidentDraft) -> Result<(), Problem> {
    super::backend::backend()?.keep_incident(draft).await
}

/// Closes an incident; what is written stays as it is from then on.
#[server(prefix = "/api/staff/v1", endpoint = "close-incident", input = Json, output = Json)]
pub async fn close_incident(id: Uuid) -> Result<(), Problem> {
    super::backend::backend()?.close_incident(id).await
}
