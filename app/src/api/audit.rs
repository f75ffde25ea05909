//! The audit log: who saw or changed whom.

use domain::ids::StaffId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Problem;

/// What of the log is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuestion {
    /// Done by this colleague.
    pub actor: Option<StaffId>,
    /// From this moment on, in milliseconds since 1970 UTC.
    pub from_ms: Option<i64>,
    /// Before this moment.
    pub until_ms: Option<i64>,
    /// Older than this entry.
    pub before: Option<Uuid>,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Names it.
    pub id: Uuid,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who did it; nothing for the command line.
    pub actor: Option<String>,
    /// What, as a stable name.
    pub action: String,
    /// The colleague concerned.
    pub staff: Option<String>,
    /// Whether a learner is concerned; who, stands on the learner's own page.
    pub about_person: bool,
    /// More: a role, a count.
    pub detail: String,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The newest first.
    pub rows: Vec<AuditRow>,
    /// Before which entry the next page begins, if there is more.
    pub next: Option<Uuid>,
}

/// Returns a page of the log.
#[server(prefix = "/api/staff/v1", endpoint = "read-audit", input = Json, output = Json)]
pub async fn read_audit(question: AuditQuestion) -> Result<AuditPage, Problem> {
    super::backend::backend()?.read_audit(question).await
}
