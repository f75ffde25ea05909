//! The official administrative units, from the lists in the binary (`server/data/places`) into the database; and finding
//! one of them by name or path, for whoever gives roles. `tree` opens one with what lies in it; `hamlets` changes what has no
//! official list.

pub mod hamlets;
pub mod tree;

use domain::place::{Level, PlaceId};
use domain::scope::{PlacePath, Scope};
use sha2::{Digest, Sha256};

use crate::encoding;
use crate::store::{FoundPlace, Place, PlaceEdition, Store, StoreError};

static BEFORE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/before.csv.br"));
static NOW: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/now.csv.br"));
static SUCCESSORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/successors.csv.br"));

/// Units of today that were given another name since: code, name, name before.
static RENAMED: &str = include_str!("../data/places/renamed.csv");

/// Last day of the names before: Resolutions 30/2026/QH16 and 237/NQ-UBTVQH16.
const RENAMED_UNTIL: i64 = 20_260_429;

/// The lists do not say since when the units of before were valid.
pub const BEFORE_FROM: i64 = 0;

/// Last day of the units of before.
pub const BEFORE_TO: i64 = 20_250_630;

/// First day of the units of today: Decision 19/2025/QĐ-TTg.
pub const NOW_FROM: i64 = 20_250_701;

/// Changes when the same lists are to be written in another way.
const WRITTEN_AS: &[u8] = b"1";

/// Brings the units in the database to the edition in this binary. Returns whether anything was written; the same again
/// costs one question to the database.
///
/// # Errors
/// When the database fails.
pub async fn import(store: &Store, now_ms: i64) -> Result<bool, StoreError> {
    store.import_places(&edition(), now_ms).await
}

/// A place somebody may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its path.
    pub path: PlacePath,
    /// Its name, with its kind.
    pub name: String,
    /// What it lies in.
    pub above: String,
}

/// Most places in one answer.
const FOUND_MAX: usize = 20;

/// Returns places within a scope whose name contains the beginnings of all typed words, valid on a day.
///
/// # Errors
/// When the database fails.
pub async fn search(store: &Store, scope: &Scope, typed: &str, day: i64) -> Result<Vec<Found>, StoreError> {
    let within = scope.near().unwrap_or_else(|| vec![PlacePath("vn/".into())]);
    let found = store.search_places(typed, &within, day, FOUND_MAX).await?;
    let shown = |found: FoundPlace| Found {
        path: found.place.path,
        name: found.place.name,
        above: found.above.join(", "),
    };
    Ok(found.into_iter().map(shown).collect())
}

/// Returns the place of a path.
///
/// # Errors
/// When the database fails.
pub async fn by_path(store: &Store, path: &PlacePath) -> Result<Option<Found>, StoreError> {
    let mut above = store.places_above(path).await?;
    let Some(place) = above.pop().filter(|place| place.path == *path) else { return Ok(None) };
    let names = above.into_iter().rev().filter(|place| place.level != Level::Country).map(|place| place.name);
    Ok(Some(Found { path: place.path, name: place.name, above: names.collect::<Vec<_>>().join(", ") }))
}

fn edition() -> PlaceEdition {
    let mut hash = Sha256::new();
    for part in [WRITTEN_AS, BEFORE, NOW, SUCCESSORS, RENAMED.as_bytes()] {
        hash.update(part);
    }
    let [before, now, successors] = [BEFORE, NOW, SUCCESSORS].map(unpacked);
    let mut places = vec![country()];
    add_units(&mut places, &before, BEFORE_FROM, Some(BEFORE_TO));
    add_units(&mut places, &now, NOW_FROM, None);
    for [code, name, _] in rows(RENAMED) {
        let id = PlaceId::official(&code, NOW_FROM);
        let unit = places.iter_mut().find(|place| place.id == id).expect("units of today (tested)");
        unit.name = name;
    }
    let successors = rows(&successors).map(|[old, new, main]| {
        (PlaceId::official(&old, BEFORE_FROM), PlaceId::official(&new, NOW_FROM), main == "yes")
    });
    PlaceEdition {
        hash: data_encoding::HEXLOWER.encode(&hash.finalize()),
        successors: successors.collect(),
        places,
    }
}

/// Returns the name a unit had before, and the last day of it. The unit stays the same: people in it have not moved.
pub(crate) fn renamed(id: &PlaceId) -> Option<(&'static str, i64)> {
    let rows = RENAMED.lines().skip(1).filter_map(|line| line.split_once(','));
    let mut names = rows.filter(|(code, _)| *id == PlaceId::official(code, NOW_FROM));
    let (_, names) = names.next()?;
    names.split_once(',').map(|(_, before)| (before, RENAMED_UNTIL))
}

fn country() -> Place {
    Place {
        id: PlaceId::country(),
        code: None,
        level: Level::Country,
        name: "Việt Nam".into(),
        path: PlacePath("vn/".into()),
        valid_from: 0,
        valid_to: None,
    }
}

/// Adds the units of one list, provinces first, so that every parent stands before its children.
fn add_units(places: &mut Vec<Place>, list: &str, valid_from: i64, valid_to: Option<i64>) {
    let mut units: Vec<[String; 3]> = rows(list).collect();
    units.sort_by_key(|[code, ..]| (code.len(), code.clone()));
    let mut paths = std::collections::BTreeMap::from([(String::new(), "vn/".to_owned())]);
    for [code, name, parent] in units {
        let id = PlaceId::official(&code, valid_from);
        let above = paths.get(&parent).expect("the lists name every parent (tested)");
        let path = format!("{above}{id}/");
        paths.insert(code.clone(), path.clone());
        let level = id.level().expect("official codes have two, three or five digits (tested)");
        places.push(Place { id, code: Some(code), level, name, path: PlacePath(path), valid_from, valid_to });
    }
}

fn unpacked(compressed: &[u8]) -> String {
    String::from_utf8(encoding::unpacked(compressed)).expect("UTF-8 (tested)")
}

/// Returns the rows of a list after its header. No name has a comma or a quote in it (tested).
fn rows(list: &str) -> impl Iterator<Item = [String; 3]> {
    list.lines().skip(1).filter_map(|line| {
        let mut parts = line.split(',').map(str::to_owned);
        Some([parts.next()?, parts.next()?, parts.next()?])
    })
}

#[cfg(test)]
mod tests;
