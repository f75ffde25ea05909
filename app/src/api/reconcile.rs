//! Facts that were set aside, and what can be done about them.

use domain::aside::Settlement;
use domain::ids::LearnerId;
use domain::sync::Code;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Problem;
use super::people::PersonChoice;

/// Something set aside, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideRow {
    /// Names it.
    pub id: Uuid,
    /// When it arrived, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// What kind of browser the phone is.
    pub phone: String,
    /// Why it was set aside.
    pub code: Code,
    /// Whom it is about, if such a person is known.
    pub person: Option<PersonChoice>,
    /// What was sent.
    pub sent: Sent,
    /// Whether it may be given to a person who is chosen; else at most to the one it names.
    pub any_person: bool,
    /// Whether it may be given to the person it names.
    pub this_person: bool,
    /// What became of it, once somebody settled it.
    pub settled: Option<SettledRow>,
}

/// What was sent, without the words of machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sent {
    /// Something this server understands.
    Fact {
        /// The kind of fact, as it stands in the protocol.
        kind: String,
        /// The lesson's title, or the name or answer that was said; may be empty.
        about: String,
        /// The phone's clock, in milliseconds since 1970 UTC.
        at_ms: i64,
    },
    /// Something else, letter by letter.
    Unreadable(String),
}

/// What became of something set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledRow {
    /// How it was settled.
    pub how: Settlement,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The name of who settled it.
    pub by: String,
}

/// A page of what was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsidePage {
    /// The newest first.
    pub rows: Vec<AsideRow>,
    /// Before which one the next page begins, if there is more.
    pub next: Option<Uuid>,
}

/// Returns a page of what is still open, or of what was settled.
#[server(prefix = "/api/staff/v1", endpoint = "list-asides", input = Json, output = Json)]
pub async fn list_asides(settled: bool, before: Option<Uuid>) -> Result<AsidePage, Problem> {
    super::backend::backend()?.list_asides(settled, before).await
}

/// Judges something again by today's rules; returns why it stays aside, or nothing when it is a fact now.
#[server(prefix = "/api/staff/v1", endpoint = "review-aside", input = Json, output = Json)]
pub async fn review_aside(id: Uuid) -> Result<Option<Code>, Problem> {
    super::backend::backend()?.review_aside(id).await
}

/// Makes something a fact of a person; returns why it stays aside, or nothing when it is a fact now.
#[server(prefix = "/api/staff/v1", endpoint = "bind-aside", input = Json, output = Json)]
pub async fn bind_aside(id: Uuid, person: LearnerId) -> Result<Option<Code>, Problem> {
    super::backend::backend()?.bind_aside(id, person).await
}

/// Closes something with a reason.
#[server(prefix = "/api/staff/v1", endpoint = "close-aside", input = Json, output = Json)]
pub async fn close_aside(id: Uuid, why: Settlement) -> Result<(), Problem> {
    super::backend::backend()?.close_aside(id, why).await
}

/// Takes a closing back.
#[server(prefix = "/api/staff/v1", endpoint = "reopen-aside", input = Json, output = Json)]
pub async fn reopen_aside(id: Uuid) -> Result<(), Problem> {
    super::backend::backend()?.reopen_aside(id).await
}

/// Returns people to whom something may belong, by what was typed of their names.
#[server(prefix = "/api/staff/v1", endpoint = "find-person-for-aside", input = Json, output = Json)]
pub async fn find_person_for_aside(typed: String) -> Result<Vec<PersonChoice>, Problem> {
    super::backend::backend()?.find_person_for_aside(typed).await
}
