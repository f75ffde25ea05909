//! Records that look like one person's: shown side by side, decided on by a person, each decision taken back if need be.

use domain::ids::{DecisionId, LearnerId};
use domain::person::{Details, Likeness};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::people::CourseLamps;

/// Where a page of pairs ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairAfter {
    /// When the last pair was noticed, in milliseconds since 1970 UTC.
    pub found_ms: i64,
    /// The last pair.
    pub a: LearnerId,
    /// The last pair.
    pub b: LearnerId,
}

/// A page of pairs on which nobody has decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairPage {
    /// The newest first.
    pub rows: Vec<PairRow>,
    /// After which pair the next page begins, if there is more.
    pub next: Option<PairAfter>,
}

/// Two records that may be one person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRow {
    /// Why they look so.
    pub likeness: Likeness,
    /// Both records, the one that was there first before the other.
    pub records: [PairRecord; 2],
}

impl PairRow {
    /// Returns what names the pair.
    pub fn key(&self) -> String {
        let [one, other] = &self.records;
        format!("{} {}", one.id, other.id)
    }
}

/// One of two records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRecord {
    /// Names the record.
    pub id: LearnerId,
    /// The code, in groups.
    pub code: String,
    /// What is kept of the person.
    pub details: Details,
    /// Where the person lives, from the nearest up; empty when nobody knows.
    pub place: String,
    /// Courses in which lamps are lit.
    pub courses: Vec<CourseLamps>,
    /// Since when there is the record, in milliseconds since 1970 UTC.
    pub created_ms: i64,
}

/// A page of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionPage {
    /// The newest first.
    pub rows: Vec<DecisionRow>,
    /// Before which decision the next page begins, if there is more.
    pub next: Option<DecisionId>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Names it.
    pub id: DecisionId,
    /// Whether the two were found to be one person; else two.
    pub merged: bool,
    /// The record that stays.
    pub kept: DecidedPerson,
    /// The other one.
    pub other: DecidedPerson,
    /// Who decided.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who took it back and when.
    pub undone: Option<(String, i64)>,
}

/// One of those about whom somebody decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedPerson {
    /// The name.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<i64>,
}

/// Returns a page of pairs, of which both are people whom the caller looks after.
#[server(prefix = "/api/staff/v1", endpoint = "list-look-alikes", input = Json, output = Json)]
pub async fn list_look_alikes(after: Option<PairAfter>) -> Result<PairPage, Problem> {
    super::backend::backend()?.list_look_alikes(after).await
}

/// Lets one record stand for another one too.
#[server(prefix = "/api/staff/v1", endpoint = "merge-people", input = Json, output = Json)]
pub async fn merge_people(kept: LearnerId, other: LearnerId) -> Result<(), Problem> {
    super::backend::backend()?.merge_people(kept, other).await
}

/// Remembers that two records are two people's.
#[server(prefix = "/api/staff/v1", endpoint = "keep-people-apart", input = Json, output = Json)]
pub async fn keep_people_apart(one: LearnerId, other: LearnerId) -> Result<(), Problem> {
    super::backend::backend()?.keep_people_apart(one, other).await
}

/// Returns a page of decisions about people whom the caller looks after.
#[server(prefix = "/api/staff/v1", endpoint = "list-decisions", input = Json, output = Json)]
pub async fn list_decisions(before: Option<DecisionId>) -> Result<DecisionPage, Problem> {
    super::backend::backend()?.list_decisions(before).await
}

/// Takes a decision back.
#[server(prefix = "/api/staff/v1", endpoint = "undo-decision", input = Json, output = Json)]
pub async fn undo_decision(decision: DecisionId) -> Result<(), Problem> {
    super::backend::backend()?.undo_decision(decision).await
}
