//! The tree of places as people walk it: how many units of each level lie in one, and what followed what, for a whole province
//! as for one commune.

use std::collections::BTreeMap;

use domain::place::{Level, PlaceId};
use domain::scope::PlacePath;

use super::filter::Filter;
use super::place::{COLUMNS, Place, read_all, valid_on};
use super::row::Row;
use super::{Result, Store};

/// Ids in one statement: far below the 32,766 values that SQLite allows.
const IDS_MAX: usize = 500;

/// In which direction changes are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From units of before to those of today.
    Forward,
    /// From units of today to those of before.
    Back,
}

/// What one unit became, or came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// A commune within the place that was asked about, or an island district without communes.
    pub here: PlaceId,
    /// The unit on the other side.
    pub there: Place,
    /// Whether the one of today holds most of the one of before.
    pub is_main: bool,
}

impl Store {
    /// Returns how many units of each level lie within a place on a day, the place itself included.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_within(&self, path: &PlacePath, day: i64) -> Result<Vec<(Level, u64)>> {
        let mut filter = Filter::new("SELECT p.level, COUNT(*) AS number FROM places p WHERE 1 = 1");
        filter.within("p.path", std::slice::from_ref(path));
        valid_on(&mut filter, day);
        filter.add("GROUP BY p.level ORDER BY p.level", []);
        let found = filter.statement().fetch_all(&self.reader).await?;
        let read = |row| {
            let row = Row { table: "places", row };
            let level = Level::from_number(row.number("level")?).ok_or_else(|| row.unreadable("level"))?;
            Ok((level, row.count("number")?))
        };
        found.iter().map(read).collect()
    }

    /// Returns how many units lie directly below each of these on a day. Those with none are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_below(&self, parents: &[&PlaceId], day: i64) -> Result<BTreeMap<PlaceId, u64>> {
        let mut counts = BTreeMap::new();
        for part in parents.chunks(IDS_MAX) {
            let mut filter = Filter::new("SELECT p.parent, COUNT(*) AS number FROM places p WHERE 1 = 1");
            filter.list("AND p.parent IN", part.iter().map(|id| id.as_str()));
            valid_on(&mut filter, day);
            filter.add("GROUP BY p.parent", []);
            for row in &filter.statement().fetch_all(&self.reader).await? {
                let row = Row { table: "places", row };
                counts.insert(row.parsed("parent")?, row.count("number")?);
            }
        }
        Ok(counts)
    }

    /// Returns what every commune within a place became or came from, in the order of names on the other side.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn followed(&self, path: &PlacePath, direction: Direction) -> Result<Vec<Followed>> {
        let (here, there) = match direction {
            Direction::Forward => ("old", "new"),
            Direction::Back => ("new", "old"),
        };
        let mut filter = Filter::new(&format!(
            "SELECT s.{here} AS here, s.{there} AS there, s.is_main FROM place_successors s \
             JOIN places p ON p.id = s.{here} WHERE 1 = 1"
        ));
        filter.within("p.path", std::slice::from_ref(path)).add("ORDER BY s.old, s.new", []);
        let mut pairs: Vec<(PlaceId, PlaceId, bool)> = Vec::new();
        for row in &filter.statement().fetch_all(&self.reader).await? {
            let row = Row { table: "place_successors", row };
            pairs.push((row.parsed("here")?, row.parsed("there")?, row.number("is_main")? != 0));
        }
        let mut ids: Vec<&PlaceId> = pairs.iter().map(|(_, there, _)| there).collect();
        ids.sort();
        ids.dedup();
        let mut places: Vec<Place> = Vec::new();
        for part in ids.chunks(IDS_MAX) {
            let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE 1 = 1"));
            filter
                .list("AND p.id IN", part.iter().map(|id| id.as_str()))
                .add("ORDER BY p.sort_key, p.id", []);
            places.extend(read_all(&filter.statement().fetch_all(&self.reader).await?)?);
        }
        let mut by_there: BTreeMap<&PlaceId, Vec<(&PlaceId, bool)>> = BTreeMap::new();
        for (here, there, is_main) in &pairs {
            by_there.entry(there).or_default().push((here, *is_main));
        }
        let followed = places.iter().flat_map(|there| {
            by_there.get(&there.id).into_iter().flatten().map(|(here, is_main)| Followed {
                here: (*here).clone(),
                there: there.clone(),
                is_main: *is_main,
            })
        });
        Ok(followed.collect())
    }
}
