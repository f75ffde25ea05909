//! The tree of places, opened level by level; and the hamlets, which whoever looks after a commune keeps.

use domain::place::{Level, PlaceId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;

/// A place by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPlace {
    /// Names it.
    pub id: PlaceId,
    /// Its name, with its kind.
    pub name: String,
}

/// A place, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedPlace {
    /// The place.
    pub place: NamedPlace,
    /// How high it stands.
    pub level: Level,
    /// The official code; hamlets have none.
    pub code: Option<String>,
    /// Whether what is shown is the edition of before July 2025.
    pub before: bool,
    /// First day on which it is valid, written 20250701; 0 is not known.
    pub valid_from: i64,
    /// Last day on which it is valid; nothing means until further notice.
    pub valid_to: Option<i64>,
    /// Its name until a day, where it was changed since.
    pub former: Option<(String, i64)>,
    /// The units above it, the country first.
    pub above: Vec<NamedPlace>,
    /// How many units of each level lie in it, itself included.
    pub counts: Vec<(Level, u64)>,
    /// The units directly below it, in Vietnamese order.
    pub below: Vec<PlaceBelow>,
    /// Hamlets that were closed.
    pub closed: Vec<PlaceBelow>,
    /// What it became or came from, by province.
    pub related: Vec<RelatedPlaces>,
    /// People who live in the place and of whom no unit below is known; only where the caller may see people.
    pub people_here: Option<u64>,
    /// Whether the caller may change the hamlets of this commune.
    pub may_keep: bool,
}

/// A unit below another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceBelow {
    /// The unit.
    pub place: NamedPlace,
    /// The official code.
    pub code: Option<String>,
    /// First day on which it is valid; 0 is not known.
    pub valid_from: i64,
    /// Last day on which it is valid.
    pub valid_to: Option<i64>,
    /// How many units lie directly below it.
    pub units: u64,
    /// How many of the caller's people live there; nothing where she may see none.
    pub people: Option<u64>,
}

/// Units of the other edition, all of one province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedPlaces {
    /// The province.
    pub province: NamedPlace,
    /// How many communes of the opened place belong to it.
    pub here: usize,
    /// The units there.
    pub units: Vec<RelatedPlace>,
}

/// A unit of the other edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedPlace {
    /// The unit.
    pub place: NamedPlace,
    /// Whether most of the unit of before belongs to the one of today.
    pub is_main: bool,
}

/// A place that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceHit {
    /// The place.
    pub place: NamedPlace,
    /// What it lies in, from the nearest up.
    pub above: String,
}

/// Returns a place with what lies in it; nothing opens the country. `before` shows the country as it was before July 2025.
#[server(prefix = "/api/staff/v1", endpoint = "open-place", input = Json, output = Json)]
pub async fn open_place(place: Option<PlaceId>, before: bool) -> Result<OpenedPlace, Problem> {
    super::backend::backend()?.open_place(place, before).await
}

/// Returns places of the whole country by the beginnings of their names' words, with or without diacritics.
#[server(prefix = "/api/staff/v1", endpoint = "look-up-places", input = Json, output = Json)]
pub async fn look_up_places(text: String, before: bool) -> Result<Vec<PlaceHit>, Problem> {
    super::backend::backend()?.look_up_places(text, before).await
}

/// Adds a hamlet below a commune.
#[server(prefix = "/api/staff/v1", endpoint = "add-hamlet", input = Json, output = Json)]
pub async fn add_hamlet(commune: PlaceId, name: String) -> Result<(), Problem> {
    super::backend::backend()?.add_hamlet(commune, name).await
}

/// Gives a hamlet another name.
#[server(prefix = "/api/staff/v1", endpoint = "rename-hamlet", input = Json, output = Json)]
pub async fn rename_hamlet(hamlet: PlaceId, name: String) -> Result<(), Problem> {
    super::backend::backend()?.rename_hamlet(hamlet, name).await
}

/// Says until which day a hamlet is valid, written 20250630; nothing opens it again.
#[server(prefix = "/api/staff/v1", endpoint = "close-hamlet", input = Json, output = Json)]
pub async fn close_hamlet(hamlet: PlaceId, last_day: Option<i64>) -> Result<(), Problem> {
    super::backend::backend()?.close_hamlet(hamlet, last_day).await
}

/// Removes a hamlet that was added by mistake.
#[server(prefix = "/api/staff/v1", endpoint = "remove-hamlet", input = Json, output = Json)]
pub async fn remove_hamlet(hamlet: PlaceId) -> Result<(), Problem> {
    super::backend::backend()?.remove_hamlet(hamlet).await
}
