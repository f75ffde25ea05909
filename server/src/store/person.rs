//! People: one citizen each, with the same id as the learning record. Added, corrected, read one by one, always within a
//! scope. Lists and searches stand in `person_list.rs`, what writes a person's facts and columns in `person_facts.rs`.
//!
//! What is kept of a person is facts like any other: whoever says it last is right, on a phone or at a desk. What is
//! entered here is therefore written as events of this server, which certificates and, for the name, phones read; the
//! columns of `people` follow from the facts and serve lists.

use std::collections::{BTreeMap, BTreeSet};

use domain::code::LearnerCode;
use domain::ids::{ClassId, EventId, LearnerId, StaffId};
use domain::person::{Details, SupportNeed};
use domain::place::{Level, PlaceId};
use domain::scope::{PlacePath, Reach, Scope};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::filter::{Filter, Value};
use super::person_facts::{change, follow_facts, insert};
use super::row::Row;
use super::{NewAudit, Result, Store, audit, class, look_alike, place};

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Names the person and the learning record.
    pub id: LearnerId,
    /// What opens the record, together with a PIN.
    pub code: LearnerCode,
    /// What is kept of the person.
    pub details: Details,
    /// The place with everything above it, once it is known.
    pub path: Option<PlacePath>,
    /// The ambassador who looks after the person.
    pub ambassador: Option<StaffId>,
    /// The last digits of an identity number, where an authority asked for it.
    pub identity_end: Option<String>,
    /// The record that stands for this one too.
    pub merged_into: Option<LearnerId>,
    /// Whether only those who answer requests may see her: she asked for it.
    pub restricted: bool,
    /// Rises with every change.
    pub version: i64,
    /// When the person was added.
    pub created_ms: i64,
    /// When the person was last changed.
    pub changed_ms: i64,
    /// What lists are sorted by.
    pub sort_key: String,
}

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Names the person.
    pub id: LearnerId,
    /// Opens the record.
    pub code: LearnerCode,
    /// Name the facts that say code and name, and everything else.
    pub events: [EventId; 2],
    /// What is kept of the person. The name has been checked and is composed.
    pub details: Details,
    /// The ambassador who looks after the person.
    pub ambassador: Option<StaffId>,
}

/// What became of a person to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddOutcome {
    /// Added now.
    Added(Box<Person>),
    /// The code belongs to somebody else: take another.
    CodeTaken,
    /// No such commune or hamlet within the scope.
    NoPlace,
    /// No such class that people join, within the scope.
    NoClass,
}

/// What became of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectOutcome {
    /// Corrected now, or as it was already.
    Corrected(Box<Person>),
    /// No such person within the scope.
    NotFound,
    /// Somebody else changed the person meanwhile: this is what stands there now.
    ChangedMeanwhile(Box<Person>),
    /// No such commune or hamlet within the scope.
    NoPlace,
    /// No such class that people join or leave, within the scope.
    NoClass,
}

pub(super) const COLUMNS: &str = "p.id, l.code, p.name, p.birth_year, p.place, p.path, p.person_group, p.phone, \
     p.needs, p.classes, p.ambassador, p.identity_end, p.merged_into, p.restricted_ms, p.version, p.created_ms, p.changed_ms, p.sort_key";

impl Store {
    /// Returns one person, if she is in scope and not restricted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&self, scope: &Scope, id: LearnerId) -> Result<Option<Person>> {
        let mut connection = self.reader.acquire().await?;
        Ok(find(&mut connection, scope, id).await?.filter(|person| !person.restricted))
    }

    /// Returns the person of a request, also when she is restricted. Who may ask was decided by the request's scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person_for_request(&self, id: LearnerId) -> Result<Option<Person>> {
        let mut connection = self.reader.acquire().await?;
        find(&mut connection, &Scope::All, id).await
    }

    /// Adds a person who has a code and no PIN yet. The entry of the log is told whom and where it is about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_person(
        &self,
        scope: &Scope,
        new: &NewPerson,
        entry: &NewAudit,
        now_ms: i64,
    ) -> Result<AddOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(path) = path_in_scope(&mut tx, scope, &new.details).await? else {
                return Ok(AddOutcome::NoPlace);
            };
            if !class::may_change(&mut tx, scope, &[], &new.details.classes).await? {
                return Ok(AddOutcome::NoClass);
            }
            let there = sqlx::query("SELECT id FROM learners WHERE code = $1 OR id = $2")
                .bind(new.code.as_str())
                .bind(new.id.to_string())
                .fetch_optional(&mut *tx)
                .await?;
            if there.is_some() {
                return Ok(AddOutcome::CodeTaken);
            }
            insert(&mut tx, &[(new, path)], now_ms).await?;
            look_alike::look_for(&mut tx, &[new.id], now_ms).await?;
            let added = find(&mut tx, &Scope::All, new.id).await?.ok_or(sqlx::Error::RowNotFound)?;
            audit::add(&mut tx, &about(entry, &added)).await?;
            tx.commit().await?;
            Ok(AddOutcome::Added(Box::new(added)))
        })
        .await
    }

    /// Adds many people at once, as moving in from another system does; look-alikes among them are noticed. Their ids and codes
    /// are new.
    ///
    /// # Errors
    /// When the database fails; then nobody was added.
    pub async fn add_people(&self, people: &[NewPerson], now_ms: i64) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let places: BTreeSet<&PlaceId> =
                people.iter().filter_map(|new| new.details.place.as_ref()).collect();
            let mut paths = BTreeMap::new();
            for id in places {
                paths.insert(id, home(&mut tx, id).await?.ok_or(sqlx::Error::RowNotFound)?);
            }
            let path = |new: &NewPerson| new.details.place.as_ref().and_then(|id| paths.get(id).cloned());
            let rows: Vec<_> = people.iter().map(|new| (new, path(new).unwrap_or_else(nowhere))).collect();
            insert(&mut tx, &rows, now_ms).await?;
            let ids: Vec<LearnerId> = people.iter().map(|new| new.id).collect();
            look_alike::look_for(&mut tx, &ids, now_ms).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Replaces what is kept of a person, if it is still what `version` was. The entry of the log is told whom and where it is
    /// about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn correct_person(
        &self,
        scope: &Scope,
        (id, version): (LearnerId, i64),
        details: &Details,
        events: [EventId; 2],
        (entry, now_ms): (&NewAudit, i64),
    ) -> Result<CorrectOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(stored) = locked(&mut tx, scope, id).await? else {
                return Ok(CorrectOutcome::NotFound);
            };
            if stored.details == *details {
                return Ok(CorrectOutcome::Corrected(Box::new(stored)));
            }
            if stored.version != version {
                return Ok(CorrectOutcome::ChangedMeanwhile(Box::new(stored)));
            }
            let Some(path) = corrected_path(&mut tx, scope, &stored, details).await? else {
                return Ok(CorrectOutcome::NoPlace);
            };
            if !class::may_change(&mut tx, scope, &stored.details.classes, &details.classes).await? {
                return Ok(CorrectOutcome::NoClass);
            }
            change(&mut tx, &stored, details, &path, events, now_ms).await?;
            look_alike::look_again(&mut tx, id, now_ms).await?;
            let corrected = find(&mut tx, &Scope::All, id).await?.ok_or(sqlx::Error::RowNotFound)?;
            audit::add(&mut tx, &about(entry, &corrected)).await?;
            tx.commit().await?;
            Ok(CorrectOutcome::Corrected(Box::new(corrected)))
        })
        .await
    }

    /// Gives a person to an ambassador, or to nobody. Returns whether the person is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entrust_person(
        &self,
        scope: &Scope,
        id: LearnerId,
        ambassador: Option<StaffId>,
        now_ms: i64,
    ) -> Result<bool> {
        let mut filter = Filter::new("UPDATE people AS p SET version = version + 1,");
        filter.add("changed_ms = ?,", [Value::Number(now_ms)]);
        match ambassador {
            Some(staff) => filter.texts("ambassador = ?", [staff.to_string().as_str()]),
            None => filter.add("ambassador = NULL", []),
        };
        filter
            .texts("WHERE p.restricted_ms IS NULL AND p.id = ?", [id.to_string().as_str()])
            .scope("p", scope);
        Ok(filter.statement().execute(&self.writer).await?.rows_affected() == 1)
    }

    /// Sets the hashes of first PINs, all or none; who is not in scope or has one by now is left out. Returns to whom one was
    /// given. Each has an entry in the log, which is told whom and where it is about.
    ///
    /// # Errors
    /// When the database fails; then nobody was given one.
    pub async fn give_first_pins(
        &self,
        scope: &Scope,
        hashes: &[(LearnerId, String, NewAudit)],
    ) -> Result<BTreeSet<LearnerId>> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let mut given = BTreeSet::new();
            for (id, hash, entry) in hashes {
                let Some(person) = locked(&mut tx, scope, *id).await? else { continue };
                let set = sqlx::query("UPDATE learners SET pin_hash = $1 WHERE id = $2 AND pin_hash = ''")
                    .bind(hash.as_str())
                    .bind(id.to_string())
                    .execute(&mut *tx)
                    .await?;
                if set.rows_affected() == 1 {
                    audit::add(&mut tx, &about(entry, &person)).await?;
                    given.insert(*id);
                }
            }
            tx.commit().await?;
            Ok(given)
        })
        .await
    }

    /// Sets the hash of a person's PIN: the way back in for somebody who forgot it, or never had one. Returns whether the
    /// person is in scope. The entry of the log is told whom and where it is about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_pin(
        &self,
        scope: &Scope,
        id: LearnerId,
        pin_hash: &str,
        entry: &NewAudit,
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(person) = locked(&mut tx, scope, id).await? else { return Ok(false) };
            sqlx::query("UPDATE learners SET pin_hash = $1 WHERE id = $2")
                .bind(pin_hash)
                .bind(id.to_string())
                .execute(&mut *tx)
                .await?;
            audit::add(&mut tx, &about(entry, &person)).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Takes the names of records from before people were kept out of their facts. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn name_earlier_people(&self, now_ms: i64) -> Result<u64> {
        let mut named = 0;
        loop {
            let found = sqlx::query("SELECT id FROM people WHERE version = 0 LIMIT 500")
                .fetch_all(&self.reader)
                .await?;
            if found.is_empty() {
                return Ok(named);
            }
            let ids = found.iter().map(|row| Row { table: "people", row }.parsed("id"));
            let ids: Vec<LearnerId> = ids.collect::<Result<_>>()?;
            let mut tx = self.begin().await?;
            for id in &ids {
                sqlx::query("UPDATE people SET version = 1 WHERE id = $1 AND version = 0")
                    .bind(id.to_string())
                    .execute(&mut *tx)
                    .await?;
                follow_facts(&mut tx, *id, now_ms).await?;
            }
            tx.commit().await?;
            named += ids.len() as u64;
        }
    }
}

/// Returns an entry of the log with whom and where it is about.
pub(super) fn about(entry: &NewAudit, person: &Person) -> NewAudit {
    NewAudit { person: Some(person.id), place: person.path.clone(), ..entry.clone() }
}

pub(super) fn nowhere() -> PlacePath {
    PlacePath(String::new())
}

/// Returns the path of a place where people live, if there is one.
pub(super) async fn home(tx: &mut AnyConnection, id: &PlaceId) -> Result<Option<PlacePath>> {
    let found = place::find(tx, id).await?;
    Ok(found.filter(|place| place.level >= Level::Commune).map(|place| place.path))
}

/// Returns the path of where somebody lives, an empty one for nowhere, if the scope lets her be entered there.
pub(super) async fn path_in_scope(
    tx: &mut AnyConnection,
    scope: &Scope,
    details: &Details,
) -> Result<Option<PlacePath>> {
    let path = match &details.place {
        Some(id) => match home(tx, id).await? {
            Some(path) => Some(path),
            None => return Ok(None),
        },
        None => None,
    };
    Ok(scope.admits(path.as_ref(), details.group).then(|| path.unwrap_or_else(nowhere)))
}

/// Returns the path of where somebody lives after a correction, if she is still in scope then. A place that stays is no new
/// claim on it, also where it is not known.
pub(super) async fn corrected_path(
    tx: &mut AnyConnection,
    scope: &Scope,
    stored: &Person,
    details: &Details,
) -> Result<Option<PlacePath>> {
    if stored.details.place != details.place {
        return path_in_scope(tx, scope, details).await;
    }
    // Of whatever group, whoever is in a class is seen by those who teach it.
    let in_class = |reaches: &[Reach]| {
        reaches.iter().any(|reach| matches!(reach, Reach::Class(class, _) if details.classes.contains(class)))
    };
    let is_kept = stored.details.group == details.group
        || scope.admits(stored.path.as_ref(), details.group)
        || matches!(scope, Scope::Of(reaches) if in_class(reaches));
    Ok(is_kept.then(|| stored.path.clone().unwrap_or_else(nowhere)))
}

/// Takes the row lock under which a learner's facts are numbered.
pub(super) async fn lock(tx: &mut AnyConnection, id: LearnerId) -> Result<()> {
    sqlx::query("UPDATE learners SET last_seq = last_seq WHERE id = $1")
        .bind(id.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Returns a person in scope under her row lock, unless she is restricted.
pub(super) async fn locked(tx: &mut AnyConnection, scope: &Scope, id: LearnerId) -> Result<Option<Person>> {
    lock(tx, id).await?;
    Ok(find(tx, scope, id).await?.filter(|person| !person.restricted))
}

pub(super) async fn find(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: LearnerId,
) -> Result<Option<Person>> {
    let mut filter =
        Filter::new(&format!("SELECT {COLUMNS} FROM people p JOIN learners l ON l.id = p.id WHERE"));
    filter.texts("p.id = ?", [id.to_string().as_str()]).scope("p", scope);
    filter.statement().fetch_optional(connection).await?.as_ref().map(read).transpose()
}

pub(super) fn read(row: &AnyRow) -> Result<Person> {
    let row = Row { table: "people", row };
    let year = row
        .optional::<i64>("birth_year")?
        .map(|year| u16::try_from(year).map_err(|_| row.unreadable("birth_year")));
    let path = row.text("path")?;
    let group = row.optional::<String>("person_group")?;
    Ok(Person {
        id: row.parsed("id")?,
        code: row.parsed("code")?,
        details: Details {
            name: row.text("name")?,
            birth_year: year.transpose()?,
            place: row.optional_parsed("place")?,
            group: group.map(|_| row.named("person_group")).transpose()?,
            phone: row.optional_parsed("phone")?,
            needs: read_needs(&row.text("needs")?).ok_or_else(|| row.unreadable("needs"))?,
            classes: read_classes(&row.text("classes")?).ok_or_else(|| row.unreadable("classes"))?,
        },
        path: (!path.is_empty()).then_some(PlacePath(path)),
        ambassador: row.optional_parsed("ambassador")?,
        identity_end: row.optional::<String>("identity_end")?,
        merged_into: row.optional_parsed("merged_into")?,
        restricted: row.optional::<i64>("restricted_ms")?.is_some(),
        version: row.number("version")?,
        created_ms: row.number("created_ms")?,
        changed_ms: row.number("changed_ms")?,
        sort_key: row.text("sort_key")?,
    })
}

fn read_needs(text: &str) -> Option<Vec<SupportNeed>> {
    let need = |name: &str| SupportNeed::ALL.into_iter().find(|need| need.as_str() == name);
    text.split_terminator(' ').map(need).collect()
}

fn read_classes(text: &str) -> Option<Vec<ClassId>> {
    text.split_terminator(' ').map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
pub(crate) mod tests;
