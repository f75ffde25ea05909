//! One place of the tree with what lies in it, and what it became or came from. Opened level by level: the largest answer holds
//! the units of one province.

use std::collections::{BTreeMap, BTreeSet};

use domain::place::{Level, PlaceId};

use super::{BEFORE_TO, renamed};
use crate::store::{Direction, Followed, FoundPlace, Place, Store, StoreError};

/// A place, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The place.
    pub place: Place,
    /// Whether what is shown is the edition of before July 2025.
    pub before: bool,
    /// Its name until a day, where it was changed since.
    pub former: Option<(String, i64)>,
    /// The units above it, the country first.
    pub above: Vec<Place>,
    /// How many units of each level lie in it, itself included.
    pub counts: Vec<(Level, u64)>,
    /// The units directly below it, each with how many lie directly below that.
    pub below: Vec<(Place, u64)>,
    /// Hamlets that were closed.
    pub closed: Vec<Place>,
    /// What it became (units of before) or came from (units of today), by province.
    pub related: Vec<Related>,
}

/// Units of the other edition, all of one province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The province.
    pub province: Place,
    /// How many units of the opened place belong to it: communes, and island districts that had none.
    pub here: Vec<(Level, u64)>,
    /// The units there, each with whether it holds most of the opened commune or is mostly held by it.
    pub units: Vec<(Place, bool)>,
}

/// Most places in one answer of a search.
const FOUND_MAX: usize = 30;

/// Returns a place with what lies in it; nothing for one that is not there. The country is shown as it was before July 2025 if
/// so wished; every other unit belongs to one edition.
///
/// # Errors
/// When the database fails.
pub async fn open(
    store: &Store,
    id: &PlaceId,
    before: bool,
    today: i64,
) -> Result<Option<Opened>, StoreError> {
    let Some(place) = store.place(id).await? else { return Ok(None) };
    let before = match place.level {
        Level::Country => before,
        Level::Hamlet => false,
        _ => place.valid_to.is_some(),
    };
    let day = if before { BEFORE_TO } else { today };
    let mut above = store.places_above(&place.path).await?;
    above.pop();
    let below = store.places_below(id, day).await?;
    let units = store.count_below(&below.iter().map(|unit| &unit.id).collect::<Vec<_>>(), day).await?;
    let with_units = |unit: Place| {
        let number = units.get(&unit.id).copied().unwrap_or(0);
        (unit, number)
    };
    let closed = match place.level {
        Level::Commune => store.closed_hamlets(id, day).await?,
        _ => Vec::new(),
    };
    let related = match place.level {
        Level::Country | Level::Hamlet => Vec::new(),
        _ => {
            let direction = if before { Direction::Forward } else { Direction::Back };
            by_province(store, store.followed(&place.path, direction).await?).await?
        }
    };
    let former = renamed(id).map(|(name, until)| (name.to_owned(), until));
    Ok(Some(Opened {
        before,
        former,
        above,
        counts: store.count_within(&place.path, day).await?,
        below: below.into_iter().map(with_units).collect(),
        closed,
        related,
        place,
    }))
}

/// Returns units of the whole country whose name contains the beginnings of all typed words, in one of the two editions.
///
/// # Errors
/// When the database fails.
pub async fn find(
    store: &Store,
    typed: &str,
    before: bool,
    today: i64,
) -> Result<Vec<FoundPlace>, StoreError> {
    let day = if before { BEFORE_TO } else { today };
    let everywhere = [domain::scope::PlacePath("vn/".into())];
    store.search_places(typed, &everywhere, day, FOUND_MAX).await
}

/// By province: communes here that have to do with it, and units there, each with whether it holds most of one.
type Groups = BTreeMap<String, (BTreeSet<PlaceId>, Vec<(Place, bool)>)>;

async fn by_province(store: &Store, followed: Vec<Followed>) -> Result<Vec<Related>, StoreError> {
    let mut groups = Groups::new();
    for Followed { here, there, is_main } in followed {
        let Some(province) = there.path.ids().nth(1).map(str::to_owned) else { continue };
        let (communes, units) = groups.entry(province).or_default();
        communes.insert(here);
        match units.last_mut() {
            // Those of one unit follow each other.
            Some((last, was_main)) if last.id == there.id => *was_main |= is_main,
            _ => units.push((there, is_main)),
        }
    }
    let mut related = Vec::with_capacity(groups.len());
    for (province, (communes, units)) in groups {
        let Ok(id) = province.parse::<PlaceId>() else { continue };
        let Some(province) = store.place(&id).await? else { continue };
        related.push(Related { province, here: by_level(&communes), units });
    }
    // The one that holds most of it first.
    related.sort_by_key(|one| std::cmp::Reverse(one.here.iter().map(|(_, count)| count).sum::<u64>()));
    Ok(related)
}

fn by_level(units: &BTreeSet<PlaceId>) -> Vec<(Level, u64)> {
    let mut counts = BTreeMap::new();
    for level in units.iter().filter_map(PlaceId::level) {
        *counts.entry(level).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}
