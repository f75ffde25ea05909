//! Lists of people as files: looked through first, then written, taken back if need be; and taken out.

use domain::scope::PlacePath;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;

/// A file with a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFile {
    /// Its bytes as base64url without padding.
    pub content: String,
    /// Where people live of whom a row says nothing.
    pub commune: Option<PlacePath>,
}

/// What reading a list in would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPreview {
    /// How many rows would do what.
    pub counts: ListCounts,
    /// Rows to look at: all that change somebody, look like somebody, or have problems, and the first that add somebody.
    pub rows: Vec<ListRow>,
    /// Headers of columns that are not read.
    pub unread: Vec<String>,
    /// Hamlets that would be added.
    pub hamlets: Vec<String>,
    /// Classes that would be opened.
    pub classes: Vec<String>,
    /// Names what was shown: nothing else is written under it.
    pub fingerprint: String,
}

/// How many rows do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListCounts {
    /// Add a person, look-alikes included.
    pub new: usize,
    /// Of these: look like somebody who is there.
    pub look_alike: usize,
    /// Change a person.
    pub changed: usize,
    /// Change nothing.
    pub same: usize,
    /// Are left out.
    pub problems: usize,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// Its number in the file.
    pub line: u32,
    /// The name as it stands in the file; empty where there is none.
    pub name: String,
    /// What it would do.
    pub does: RowDoes,
}

/// What a row would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowDoes {
    /// Adds a person.
    New,
    /// Adds a person who looks like somebody who is there.
    LooksLike,
    /// Changes a person in these columns.
    Changed(Vec<String>),
    /// Is left out.
    Problems(Vec<CellProblem>),
}

/// What is wrong in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellProblem {
    /// The column, as a stable name.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// What is wrong, as a stable name.
    pub code: String,
    /// The earlier row with the same person.
    pub line: Option<u32>,
}

/// What reading a list in did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListApplied {
    /// The number by which it can be taken back; nothing when no row changed anything.
    pub batch: Option<i64>,
    /// How many rows did what.
    pub counts: ListCounts,
}

/// A list that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRow {
    /// Its number.
    pub number: i64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The place it was for; empty when the rows said it.
    pub place: String,
    /// Rows that added or changed somebody.
    pub rows: u64,
    /// When it was taken back.
    pub undone_ms: Option<i64>,
}

/// What taking a list back did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchUndone {
    /// People who were added and are gone again.
    pub removed: u64,
    /// People who are again as they were.
    pub restored: u64,
    /// People who stay, because something happened since.
    pub left: usize,
}

/// The two kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFormat {
    /// Text that every spreadsheet reads.
    Csv,
    /// A spreadsheet.
    Xlsx,
}

/// Says what reading a list in would do, and writes nothing.
#[server(prefix = "/api/staff/v1", endpoint = "preview-list", input = Json, output = Json)]
pub async fn preview_list(file: ListFile) -> Result<ListPreview, Problem> {
    super::backend::backend()?.preview_list(file).await
}

/// Writes a list as it was shown; rows with problems are left out.
#[server(prefix = "/api/staff/v1", endpoint = "apply-list", input = Json, output = Json)]
pub async fn apply_list(file: ListFile, fingerprint: String) -> Result<ListApplied, Problem> {
    super::backend::backend()?.apply_list(file, fingerprint).await
}

/// Returns the lists that the caller has written, the newest first.
#[server(prefix = "/api/staff/v1", endpoint = "list-batches", input = Json, output = Json)]
pub async fn list_batches() -> Result<Vec<BatchRow>, Problem> {
    super::backend::backend()?.list_batches().await
}

/// Takes a list back as far as nothing happened since.
#[server(prefix = "/api/staff/v1", endpoint = "undo-batch", input = Json, output = Json)]
pub async fn undo_batch(number: i64) -> Result<BatchUndone, Problem> {
    super::backend::backend()?.undo_batch(number).await
}

/// Returns a file with the caller's people, as base64url.
#[server(prefix = "/api/staff/v1", endpoint = "export-people", input = Json, output = Json)]
pub async fn export_people(format: ListFormat) -> Result<String, Problem> {
    super::backend::backend()?.export_people(format).await
}
