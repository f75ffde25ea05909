//! The browsers in which one is signed in.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Problem;

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Names it.
    pub id: Uuid,
    /// What kind of browser it is.
    pub device: String,
    /// Since when, in milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it was last used, to about five minutes.
    pub seen_ms: i64,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Returns one's sessions, the last used first.
#[server(prefix = "/api/staff/v1", endpoint = "list-sessions", input = Json, output = Json)]
pub async fn list_sessions() -> Result<Vec<SessionRow>, Problem> {
    super::backend::backend()?.list_sessions().await
}

/// Ends one of one's sessions.
#[server(prefix = "/api/staff/v1", endpoint = "end-session", input = Json, output = Json)]
pub async fn end_session(session: Uuid) -> Result<(), Problem> {
    super::backend::backend()?.end_session(session).await
}

/// Ends all of one's sessions but this one.
#[server(prefix = "/api/staff/v1", endpoint = "end-other-sessions", input = Json, output = Json)]
pub async fn end_other_sessions() -> Result<(), Problem> {
    super::backend::backend()?.end_other_sessions().await
}
