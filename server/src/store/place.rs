//! Administrative units: children, ancestors, search, what followed what. Hamlets are changed in `hamlet.rs`, the tree is counted
//! in `place_tree.rs`.

use std::collections::{BTreeMap, BTreeSet};

use domain::place::{Level, PlaceId, compare_key, short_name};
use domain::scope::PlacePath;
use domain::sort_key::sort_key;
use domain::text::fold;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::{Filter, Value};
use super::placeholders::with_rows;
use super::row::Row;
use super::{Result, Store};

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Names the unit.
    pub id: PlaceId,
    /// The official code; hamlets have none.
    pub code: Option<String>,
    /// How high it stands.
    pub level: Level,
    /// The whole name, kind and all.
    pub name: String,
    /// The unit with everything above it.
    pub path: PlacePath,
    /// First day on which it is valid, written 20250701; 0 is not known.
    pub valid_from: i64,
    /// Last day on which it is valid; nothing means until further notice.
    pub valid_to: Option<i64>,
}

/// A unit that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPlace {
    /// The unit.
    pub place: Place,
    /// Names of the units above it, the nearest first, without the country.
    pub above: Vec<String>,
}

/// One edition of the official units.
#[derive(Debug, Clone)]
pub struct PlaceEdition {
    /// SHA-256 of the files in hexadecimal.
    pub hash: String,
    /// The units, every parent before its children.
    pub places: Vec<Place>,
    /// Unit of before, unit of today, whether that holds most of it.
    pub successors: Vec<(PlaceId, PlaceId, bool)>,
}

/// Rows in one statement: twelve values each stay far below the 32,766 that SQLite allows.
const ROWS_MAX: usize = 500;

/// How many units a search ranks. Four letters match a few hundred.
const RANKED_MAX: i64 = 400;

pub(super) const COLUMNS: &str = "p.id, p.code, p.level, p.name, p.path, p.valid_from, p.valid_to";

impl Store {
    /// Brings the official units to this edition; hamlets stay. Returns whether anything was written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_places(&self, edition: &PlaceEdition, now_ms: i64) -> Result<bool> {
        self.retry(async || {
            let known = sqlx::query("SELECT name, hash FROM place_editions WHERE name = 'vn'")
                .fetch_optional(&self.reader)
                .await?;
            if let Some(row) = &known
                && (Row { table: "place_editions", row }).text("hash")? == edition.hash
            {
                return Ok(false);
            }
            let mut tx = self.begin().await?;
            for part in edition.places.chunks(ROWS_MAX) {
                write_places(&mut tx, part).await?;
            }
            for part in edition.successors.chunks(ROWS_MAX) {
                write_successors(&mut tx, part).await?;
            }
            sqlx::query(
                "INSERT INTO place_editions (name, hash, imported_ms) VALUES ('vn', $1, $2) \
                 ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, imported_ms = excluded.imported_ms",
            )
            .bind(edition.hash.as_str())
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Returns one unit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn place(&self, id: &PlaceId) -> Result<Option<Place>> {
        let mut connection = self.reader.acquire().await?;
        find(&mut connection, id).await
    }

    /// Returns the units directly below one, valid on a day, in Vietnamese order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_below(&self, parent: &PlaceId, day: i64) -> Result<Vec<Place>> {
        let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE"));
        filter.texts("p.parent = ?", [parent.as_str()]);
        valid_on(&mut filter, day);
        filter.add("ORDER BY p.sort_key, p.id", []);
        read_all(&filter.statement().fetch_all(&self.reader).await?)
    }

    /// Returns a unit and everything in it that is valid on a day: what reading a list of people compares with.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_within(&self, places: &[PlacePath], day: i64) -> Result<Vec<Place>> {
        let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE 1 = 1"));
        filter.within("p.path", places);
        valid_on(&mut filter, day);
        filter.add("ORDER BY p.path", []);
        read_all(&filter.statement().fetch_all(&self.reader).await?)
    }

    /// Returns the units above one, the country first, the unit itself last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_above(&self, path: &PlacePath) -> Result<Vec<Place>> {
        let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE 1 = 1"));
        filter.list("AND p.id IN", path.ids()).add("ORDER BY p.level", []);
        read_all(&filter.statement().fetch_all(&self.reader).await?)
    }

    /// Returns the names of all units on these paths.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn place_names(&self, paths: &[&PlacePath]) -> Result<BTreeMap<PlaceId, String>> {
        let mut ids: Vec<&str> = paths.iter().flat_map(|path| path.ids()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut names = BTreeMap::new();
        for part in ids.chunks(ROWS_MAX) {
            let mut filter = Filter::new("SELECT id, name FROM places WHERE 1 = 1");
            filter.list("AND id IN", part.iter().copied());
            for row in &filter.statement().fetch_all(&self.reader).await? {
                let row = Row { table: "places", row };
                names.insert(row.parsed("id")?, row.text("name")?);
            }
        }
        Ok(names)
    }

    /// Returns units whose names have words beginning like the typed ones, with or without diacritics ("dong hoi"): those
    /// spelled exactly so first, higher ones before lower ones. `within` narrows to a place.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_places(
        &self,
        typed: &str,
        within: &[PlacePath],
        day: i64,
        limit: usize,
    ) -> Result<Vec<FoundPlace>> {
        let folded = fold(typed);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE p.level > 0"));
        for word in folded.split(' ') {
            filter.texts("AND p.fold LIKE ?", [format!("% {word}%").as_str()]);
        }
        filter.within("p.path", within);
        valid_on(&mut filter, day);
        filter.add("ORDER BY p.level, p.sort_key, p.id LIMIT ?", [Value::Number(RANKED_MAX)]);
        let mut found = read_all(&filter.statement().fetch_all(&self.reader).await?)?;
        found.sort_by_cached_key(|place| rank(&place.name, typed));
        found.truncate(limit);
        let names = self.place_names(&found.iter().map(|place| &place.path).collect::<Vec<_>>()).await?;
        let above = |place: &Place| {
            let above = place.path.ids().rev().skip(1).filter_map(|id| id.parse::<PlaceId>().ok());
            above.filter(|id| *id != PlaceId::country()).filter_map(|id| names.get(&id).cloned()).collect()
        };
        Ok(found.into_iter().map(|place| FoundPlace { above: above(&place), place }).collect())
    }

    /// Returns what followed a unit that is no longer valid, each with whether it holds most of it. More than one: the unit
    /// was divided, and a person must say where a record belongs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn successors_of(&self, old: &PlaceId) -> Result<Vec<(Place, bool)>> {
        let mut filter = Filter::new(&format!(
            "SELECT {COLUMNS}, s.is_main FROM place_successors s JOIN places p ON p.id = s.new WHERE"
        ));
        filter.texts("s.old = ? ORDER BY s.is_main DESC, p.sort_key", [old.as_str()]);
        let found = filter.statement().fetch_all(&self.reader).await?;
        let read = |row: &AnyRow| {
            Ok((read_place(row)?, Row { table: "place_successors", row }.number("is_main")? != 0))
        };
        found.iter().map(read).collect()
    }

    /// Returns the units of before that are part of one of today.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn predecessors_of(&self, new: &PlaceId) -> Result<Vec<Place>> {
        let mut filter = Filter::new(&format!(
            "SELECT {COLUMNS} FROM place_successors s JOIN places p ON p.id = s.old WHERE"
        ));
        filter.texts("s.new = ? ORDER BY p.sort_key, p.id", [new.as_str()]);
        read_all(&filter.statement().fetch_all(&self.reader).await?)
    }

    /// Returns the communes of before that became part of units within these places, with everything above them, and for each
    /// all units it became part of: what reading an old list asks for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn places_before(
        &self,
        within: &[PlacePath],
    ) -> Result<(Vec<Place>, BTreeMap<PlaceId, Vec<PlaceId>>)> {
        let mut filter = Filter::new(
            "SELECT s.old, s.new FROM place_successors s WHERE s.old IN \
             (SELECT t.old FROM place_successors t JOIN places p ON p.id = t.new WHERE 1 = 1",
        );
        filter.within("p.path", within).add(") ORDER BY s.old, s.is_main DESC, s.new", []);
        let mut successors: BTreeMap<PlaceId, Vec<PlaceId>> = BTreeMap::new();
        for row in &filter.statement().fetch_all(&self.reader).await? {
            let row = Row { table: "place_successors", row };
            successors.entry(row.parsed("old")?).or_default().push(row.parsed("new")?);
        }
        let mut places = Vec::new();
        let ids: Vec<&PlaceId> = successors.keys().collect();
        for part in ids.chunks(ROWS_MAX) {
            let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE 1 = 1"));
            filter.list("AND p.id IN", part.iter().map(|id| id.as_str()));
            places.extend(read_all(&filter.statement().fetch_all(&self.reader).await?)?);
        }
        let above: BTreeSet<&str> = places.iter().flat_map(|place| place.path.ids().rev().skip(1)).collect();
        let above: Vec<String> = above.into_iter().map(str::to_owned).collect();
        for part in above.chunks(ROWS_MAX) {
            let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE 1 = 1"));
            filter.list("AND p.id IN", part.iter().map(String::as_str));
            places.extend(read_all(&filter.statement().fetch_all(&self.reader).await?)?);
        }
        Ok((places, successors))
    }
}

/// Lower is better: spelled exactly so, the same without diacritics, anything else; each in the order of the list.
fn rank(name: &str, typed: &str) -> u8 {
    let same = |one: &str| one.to_lowercase() == typed.trim().to_lowercase();
    if same(name) || same(short_name(name)) {
        0
    } else if compare_key(name) == compare_key(typed) {
        1
    } else {
        2
    }
}

/// Takes the row lock of a place, under which the hamlets of a commune change, and the classes held there.
pub(super) async fn lock(tx: &mut AnyConnection, place: &PlaceId) -> Result<()> {
    sqlx::query("UPDATE places SET valid_from = valid_from WHERE id = $1")
        .bind(place.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn find(connection: &mut AnyConnection, id: &PlaceId) -> Result<Option<Place>> {
    let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM places p WHERE"));
    filter.texts("p.id = ?", [id.as_str()]);
    filter.statement().fetch_optional(connection).await?.as_ref().map(read_place).transpose()
}

/// Adds that a unit is valid on a day.
pub(super) fn valid_on(filter: &mut Filter, day: i64) {
    let day = || Value::Number(day);
    filter.add("AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)", [day(), day()]);
}

pub(super) fn read_all(rows: &[AnyRow]) -> Result<Vec<Place>> {
    rows.iter().map(read_place).collect()
}

fn read_place(row: &AnyRow) -> Result<Place> {
    let row = Row { table: "places", row };
    Ok(Place {
        id: row.parsed("id")?,
        code: row.optional::<String>("code")?,
        level: Level::from_number(row.number("level")?).ok_or_else(|| row.unreadable("level"))?,
        name: row.text("name")?,
        path: PlacePath(row.text("path")?),
        valid_from: row.number("valid_from")?,
        valid_to: row.optional::<i64>("valid_to")?,
    })
}

/// Writes units; those that are there get name and last day.
pub(super) async fn write_places(tx: &mut AnyConnection, places: &[Place]) -> Result<()> {
    let mut query = with_rows(
        "INSERT INTO places (id, code, level, name, parent, path, valid_from, valid_to, sort_key, fold) VALUES",
        places.len(),
        10,
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, valid_to = excluded.valid_to, \
         sort_key = excluded.sort_key, fold = excluded.fold",
    );
    for place in places {
        query = query
            .bind(place.id.to_string())
            .bind(place.code.clone())
            .bind(place.level as i64)
            .bind(place.name.clone())
            .bind(place.path.ids().rev().nth(1).map(str::to_owned))
            .bind(place.path.to_string())
            .bind(place.valid_from)
            .bind(place.valid_to)
            .bind(format!("{}!{}", sort_key(short_name(&place.name)), sort_key(&place.name)))
            .bind(format!(" {}", fold(&place.name)));
    }
    query.execute(tx).await?;
    Ok(())
}

async fn write_successors(tx: &mut AnyConnection, successors: &[(PlaceId, PlaceId, bool)]) -> Result<()> {
    let mut query = with_rows(
        "INSERT INTO place_successors (old, new, is_main) VALUES",
        successors.len(),
        3,
        "ON CONFLICT (old, new) DO UPDATE SET is_main = excluded.is_main",
    );
    for (old, new, is_main) in successors {
        query = query.bind(old.to_string()).bind(new.to_string()).bind(i64::from(*is_main));
    }
    query.execute(tx).await?;
    Ok(())
}
