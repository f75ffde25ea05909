//! Classes: people who learn together, at school, in the evening, in a hamlet. Who is in one is kept of people like anything
//! else, by facts; here are the classes themselves, and the table that lists read.

use std::collections::BTreeSet;

use domain::class::class_key;
use domain::ids::{ClassId, LearnerId, StaffId};
use domain::place::{Level, PlaceId};
use domain::scope::{PlacePath, Reach, Scope};
use domain::text::fold;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::{Filter, MEMBERS, Value};
use super::person::{self, Person};
use super::person_facts::ROWS_MAX;
use super::placeholders::with_rows;
use super::row::Row;
use super::{NewAudit, Result, Store, audit, place};

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Names the class.
    pub id: ClassId,
    /// What it is called.
    pub name: String,
    /// The commune or hamlet where it is held.
    pub place: PlaceId,
    /// That place with everything above it.
    pub path: PlacePath,
    /// When it was opened, in milliseconds since 1970 UTC.
    pub opened_ms: i64,
    /// Since when nobody joins any more.
    pub closed_ms: Option<i64>,
}

/// A class in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedClass {
    /// The class.
    pub class: Class,
    /// How many people are in it.
    pub members: u64,
}

/// What became of a class to open or change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassOutcome {
    /// Done now.
    Done(Class),
    /// The place has an open class of this name: this.
    Exists(Class),
    /// No such class, or no such commune or hamlet, within the scope.
    NotFound,
}

const COLUMNS: &str = "c.id, c.name, c.place, c.path, c.opened_ms, c.closed_ms";

impl Store {
    /// Opens a class at a commune or hamlet that is in scope as a whole. The name has been checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_class(
        &self,
        scope: &Scope,
        (id, name): (ClassId, &str),
        (place, by): (&PlaceId, StaffId),
        entry: &NewAudit,
    ) -> Result<ClassOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            place::lock(&mut tx, place).await?;
            let found = place::find(&mut tx, place).await?;
            let is_here = |place: &place::Place| {
                place.level >= Level::Commune && place.valid_to.is_none() && scope.covers(&place.path)
            };
            let Some(here) = found.filter(is_here) else { return Ok(ClassOutcome::NotFound) };
            if let Some(same) = of_name(&mut tx, place, name).await? {
                return Ok(ClassOutcome::Exists(same));
            }
            let class = Class {
                id,
                name: name.to_owned(),
                place: here.id,
                path: here.path,
                opened_ms: entry.at_ms,
                closed_ms: None,
            };
            sqlx::query(
                "INSERT INTO classes (id, name, fold, place, path, opened_by, opened_ms, alike) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(class.id.to_string())
            .bind(class.name.as_str())
            .bind(fold(&class.name))
            .bind(class.place.to_string())
            .bind(class.path.to_string())
            .bind(by.to_string())
            .bind(class.opened_ms)
            .bind(class_key(&class.name))
            .execute(&mut *tx)
            .await?;
            audit::add(&mut tx, &about(entry, &class)).await?;
            tx.commit().await?;
            Ok(ClassOutcome::Done(class))
        })
        .await
    }

    /// Gives a class whose place is in scope another name. The name has been checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename_class(
        &self,
        scope: &Scope,
        id: ClassId,
        name: &str,
        entry: &NewAudit,
    ) -> Result<ClassOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(mut class) = locked(&mut tx, scope, id).await? else {
                return Ok(ClassOutcome::NotFound);
            };
            let same = of_name(&mut tx, &class.place, name).await?;
            if let Some(same) = same.filter(|same| same.id != id && class.closed_ms.is_none()) {
                return Ok(ClassOutcome::Exists(same));
            }
            let entry = NewAudit { detail: format!("{} → {name}", class.name), ..about(entry, &class) };
            name.clone_into(&mut class.name);
            sqlx::query("UPDATE classes SET name = $1, fold = $2, alike = $3 WHERE id = $4")
                .bind(name)
                .bind(fold(name))
                .bind(class_key(name))
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
            // Roles show the name of their class.
            sqlx::query("UPDATE staff_grants SET place_name = $1 WHERE class = $2")
                .bind(name)
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
            audit::add(&mut tx, &entry).await?;
            tx.commit().await?;
            Ok(ClassOutcome::Done(class))
        })
        .await
    }

    /// Closes a class whose place is in scope, or opens it again. Its people stay in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_class(
        &self,
        scope: &Scope,
        id: ClassId,
        closed_ms: Option<i64>,
        entry: &NewAudit,
    ) -> Result<ClassOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(mut class) = locked(&mut tx, scope, id).await? else {
                return Ok(ClassOutcome::NotFound);
            };
            let same = of_name(&mut tx, &class.place, &class.name).await?;
            if let Some(same) = same.filter(|same| same.id != id && closed_ms.is_none()) {
                return Ok(ClassOutcome::Exists(same));
            }
            class.closed_ms = closed_ms;
            sqlx::query("UPDATE classes SET closed_ms = $1 WHERE id = $2")
                .bind(closed_ms)
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
            audit::add(&mut tx, &about(entry, &class)).await?;
            tx.commit().await?;
            Ok(ClassOutcome::Done(class))
        })
        .await
    }

    /// Returns classes in scope, open ones first, whose name contains the beginnings of all typed words.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn classes(&self, scope: &Scope, typed: &str, limit: usize) -> Result<Vec<ListedClass>> {
        let mut filter = Filter::new(&format!(
            "SELECT {COLUMNS}, (SELECT COUNT(*) FROM class_members m JOIN people o ON o.id = m.person \
             WHERE m.class = c.id AND (o.merged_into IS NULL OR NOT EXISTS (SELECT 1 FROM class_members n \
             WHERE n.class = c.id AND n.person = o.merged_into))) AS members FROM classes c WHERE 1 = 1"
        ));
        reach(&mut filter, scope);
        for word in fold(typed).split_terminator(' ') {
            filter.texts("AND ' ' || c.fold LIKE ?", [format!("% {word}%").as_str()]);
        }
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        filter.add("ORDER BY c.closed_ms IS NOT NULL, c.path, c.alike, c.id LIMIT ?", [limit]);
        let read = |row: &AnyRow| {
            let members = Row { table: "classes", row }.count("members")?;
            Ok(ListedClass { class: read(row)?, members })
        };
        filter.statement().fetch_all(&self.reader).await?.iter().map(read).collect()
    }

    /// Returns one class, if it is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn class(&self, scope: &Scope, id: ClassId) -> Result<Option<Class>> {
        let mut connection = self.reader.acquire().await?;
        let found = find(&mut connection, id).await?;
        Ok(found.filter(|class| scope.has_class(class.id, &class.path)))
    }

    /// Returns these classes as far as there are such, also those out of scope: what they are called stands beside people who
    /// are in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn classes_of(&self, ids: &BTreeSet<ClassId>) -> Result<Vec<Class>> {
        let ids: Vec<String> = ids.iter().map(ClassId::to_string).collect();
        let mut found = Vec::new();
        for part in ids.chunks(ROWS_MAX) {
            let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM classes c WHERE 1 = 1"));
            filter.list("AND c.id IN", part.iter().map(String::as_str)).add("ORDER BY c.alike, c.id", []);
            found.extend(filter.statement().fetch_all(&self.reader).await?);
        }
        found.iter().map(read).collect()
    }

    /// Returns classes of these names, in the form of [`class_key`], in scope: open ones, in which a list may put people.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn classes_named(&self, scope: &Scope, keys: &BTreeSet<String>) -> Result<Vec<Class>> {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        for part in keys.chunks(ROWS_MAX) {
            let mut filter =
                Filter::new(&format!("SELECT {COLUMNS} FROM classes c WHERE c.closed_ms IS NULL"));
            filter.list("AND c.alike IN", part.iter().copied());
            reach(&mut filter, scope);
            found.extend(filter.statement().fetch_all(&self.reader).await?);
        }
        found.iter().map(read).collect()
    }

    /// Returns the members of a class who are in scope and have no PIN yet, at most `limit`, in the order of their ids: two who
    /// ask at once lock them in the same order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members_without_pin(
        &self,
        scope: &Scope,
        class: ClassId,
        limit: usize,
    ) -> Result<Vec<Person>> {
        let mut filter = Filter::new(&format!(
            "SELECT {} FROM people p JOIN learners l ON l.id = p.id \
             WHERE l.pin_hash = '' AND p.merged_into IS NULL AND p.restricted_ms IS NULL",
            person::COLUMNS
        ));
        filter.texts(&format!("AND p.id IN ({MEMBERS})"), [class.to_string().as_str()]).scope("p", scope);
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        filter.add("ORDER BY p.id LIMIT ?", [limit]);
        filter.statement().fetch_all(&self.reader).await?.iter().map(person::read).collect()
    }
}

/// Adds that a class is in scope.
fn reach(filter: &mut Filter, scope: &Scope) {
    let Scope::Of(reaches) = scope else { return };
    let (mut pieces, mut values) = (Vec::new(), Vec::new());
    for reach in reaches {
        match reach {
            Reach::Place(place) => {
                pieces.push("(c.path >= ? AND c.path < ?)");
                values.extend([place.as_str().to_owned(), place.end()]);
            }
            Reach::Class(class, _) => {
                pieces.push("c.id = ?");
                values.push(class.to_string());
            }
            Reach::Group(..) | Reach::Charge(..) => {}
        }
    }
    match pieces.as_slice() {
        [] => filter.add("AND 1 = 0", []),
        pieces => filter.texts(&format!("AND ({})", pieces.join(" OR ")), values.iter().map(String::as_str)),
    };
}

/// Returns whether somebody with this scope may bring a person from these classes to those: whichever she joins or leaves has
/// to be in scope, and whichever she joins open.
pub(super) async fn may_change(
    tx: &mut AnyConnection,
    scope: &Scope,
    before: &[ClassId],
    after: &[ClassId],
) -> Result<bool> {
    let joined = after.iter().filter(|class| !before.contains(class)).map(|class| (*class, true));
    let left = before.iter().filter(|class| !after.contains(class)).map(|class| (*class, false));
    for (id, joins) in joined.chain(left) {
        let found = find(tx, id).await?.filter(|class| scope.has_class(id, &class.path));
        if !found.is_some_and(|class| !joins || class.closed_ms.is_none()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns those of these classes that there are.
pub(super) async fn known(tx: &mut AnyConnection, classes: &[ClassId]) -> Result<Vec<ClassId>> {
    let mut known = Vec::new();
    for id in classes {
        known.extend(find(tx, *id).await?.map(|class| class.id));
    }
    Ok(known)
}

/// Adds who is in which class.
pub(super) async fn add_members(tx: &mut AnyConnection, members: &[(ClassId, LearnerId)]) -> Result<()> {
    for part in members.chunks(ROWS_MAX) {
        let mut query = with_rows("INSERT INTO class_members (class, person) VALUES", part.len(), 2, "");
        for (class, person) in part {
            query = query.bind(class.to_string()).bind(person.to_string());
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Takes somebody out of all classes.
pub(super) async fn remove_member(tx: &mut AnyConnection, person: LearnerId) -> Result<()> {
    sqlx::query("DELETE FROM class_members WHERE person = $1").bind(person.to_string()).execute(tx).await?;
    Ok(())
}

/// Returns classes as the table of people keeps them.
pub(super) fn write(classes: &[ClassId]) -> String {
    classes.iter().map(ClassId::to_string).collect::<Vec<_>>().join(" ")
}

async fn find(connection: &mut AnyConnection, id: ClassId) -> Result<Option<Class>> {
    let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM classes c WHERE"));
    filter.texts("c.id = ?", [id.to_string().as_str()]);
    filter.statement().fetch_optional(connection).await?.as_ref().map(read).transpose()
}

/// Returns a class whose place is in scope, under the row lock of the place.
async fn locked(tx: &mut AnyConnection, scope: &Scope, id: ClassId) -> Result<Option<Class>> {
    let Some(class) = find(tx, id).await? else { return Ok(None) };
    place::lock(tx, &class.place).await?;
    // Read again: somebody else may have changed it before the lock was there.
    Ok(find(tx, id).await?.filter(|class| scope.covers(&class.path)))
}

/// Returns the open class of this name at a place.
async fn of_name(tx: &mut AnyConnection, place: &PlaceId, name: &str) -> Result<Option<Class>> {
    let mut filter = Filter::new(&format!("SELECT {COLUMNS} FROM classes c WHERE c.closed_ms IS NULL"));
    filter.texts("AND c.place = ? AND c.alike = ?", [place.as_str(), class_key(name).as_str()]);
    filter.statement().fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// Returns an entry of the log with the class it is about.
fn about(entry: &NewAudit, class: &Class) -> NewAudit {
    NewAudit { place: Some(class.path.clone()), detail: class.name.clone(), ..entry.clone() }
}

fn read(row: &AnyRow) -> Result<Class> {
    let row = Row { table: "classes", row };
    Ok(Class {
        id: row.parsed("id")?,
        name: row.text("name")?,
        place: row.parsed("place")?,
        path: row.parsed("path")?,
        opened_ms: row.number("opened_ms")?,
        closed_ms: row.optional("closed_ms")?,
    })
}
