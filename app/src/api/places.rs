//! Places, found by what people type.

use domain::scope::PlacePath;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;

/// A place to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// Its path, which names it.
    pub path: PlacePath,
    /// Its name, with its kind.
    pub name: String,
    /// What it lies in, from the nearest up; empty for the country.
    pub above: String,
}

/// Returns places whose name contains every typed word, without regard to diacritics, within what the caller is in
/// charge of.
#[server(prefix = "/api/staff/v1", endpoint = "search-places", input = Json, output = Json)]
pub async fn search_places(text: String) -> Result<Vec<PlaceRow>, Problem> {
    super::backend::backend()?.search_places(text).await
}
