//! People: one citizen each, with the same id as the learning record. Added, corrected, read one by one, always within a
//! scope; lists and searches stand in `person_list.rs`.
//!
//! The name is a fact like any other: whoever says it last is right, on a phone or at a desk. A name given here is
//! therefore written as an event of this server, which phones and certificates read; the columns of `people` follow
//! from the facts and serve lists.

use std::collections::{BTreeMap, BTreeSet};

use domain::code::LearnerCode;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{DeviceId, EventId, LearnerId, StaffId};
use domain::person::{Details, SupportNeed, alike_key};
use domain::place::{Level, PlaceId};
use domain::profile::Profile;
use domain::scope::{PlacePath, Scope};
use domain::sort_key::name_sort_key;
use domain::text::fold;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::event::{NewEvent, insert_events, next_number};
use super::filter::{Filter, Value};
use super::placeholders::with_rows;
use super::row::Row;
use super::{Result, Store, duplicate, place};

/// The phone that stands for this server in the facts it writes itself.
pub const SERVER_DEVICE: DeviceId = DeviceId(Uuid::nil());

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
    /// Names the fact that says code and name.
    pub event: EventId,
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
}

pub(super) const COLUMNS: &str = "p.id, l.code, p.name, p.birth_year, p.place, p.path, p.person_group, p.phone, \
     p.needs, p.ambassador, p.identity_end, p.merged_into, p.version, p.created_ms, p.changed_ms, p.sort_key";

impl Store {
    /// Returns one person, if she is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&self, scope: &Scope, id: LearnerId) -> Result<Option<Person>> {
        let mut connection = self.reader.acquire().await?;
        find(&mut connection, scope, id).await
    }

    /// Adds a person who has a code and no PIN yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_person(&self, scope: &Scope, new: &NewPerson, now_ms: i64) -> Result<AddOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(path) = path_in_scope(&mut tx, scope, new.details.place.as_ref()).await? else {
                return Ok(AddOutcome::NoPlace);
            };
            let there = sqlx::query("SELECT id FROM learners WHERE code = $1 OR id = $2")
                .bind(new.code.as_str())
                .bind(new.id.to_string())
                .fetch_optional(&mut *tx)
                .await?;
            if there.is_some() {
                return Ok(AddOutcome::CodeTaken);
            }
            insert(&mut tx, &[(new, path)], now_ms).await?;
            duplicate::look_for(&mut tx, &[new.id], now_ms).await?;
            let added = find(&mut tx, &Scope::All, new.id).await?.ok_or(sqlx::Error::RowNotFound)?;
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
                let path = path_in_scope(&mut tx, &Scope::All, Some(id)).await?;
                paths.insert(id, path.ok_or(sqlx::Error::RowNotFound)?);
            }
            let path = |new: &NewPerson| new.details.place.as_ref().and_then(|id| paths.get(id).cloned());
            let rows: Vec<_> = people.iter().map(|new| (new, path(new).unwrap_or_else(nowhere))).collect();
            insert(&mut tx, &rows, now_ms).await?;
            let ids: Vec<LearnerId> = people.iter().map(|new| new.id).collect();
            duplicate::look_for(&mut tx, &ids, now_ms).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Replaces what is kept of a person, if it is still what `version` was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn correct_person(
        &self,
        scope: &Scope,
        (id, version): (LearnerId, i64),
        details: &Details,
        event: EventId,
        now_ms: i64,
    ) -> Result<CorrectOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            lock(&mut tx, id).await?;
            let Some(stored) = find(&mut tx, scope, id).await? else { return Ok(CorrectOutcome::NotFound) };
            if stored.details == *details {
                return Ok(CorrectOutcome::Corrected(Box::new(stored)));
            }
            if stored.version != version {
                return Ok(CorrectOutcome::ChangedMeanwhile(Box::new(stored)));
            }
            // A place that stays is no new claim on it, also where it is not known.
            let path = if stored.details.place == details.place {
                stored.path.clone().unwrap_or_else(nowhere)
            } else {
                match path_in_scope(&mut tx, scope, details.place.as_ref()).await? {
                    Some(path) => path,
                    None => return Ok(CorrectOutcome::NoPlace),
                }
            };
            change(&mut tx, &stored, details, &path, event, now_ms).await?;
            duplicate::look_again(&mut tx, id, now_ms).await?;
            let corrected = find(&mut tx, &Scope::All, id).await?.ok_or(sqlx::Error::RowNotFound)?;
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
        filter.texts("WHERE p.id = ?", [id.to_string().as_str()]).scope("p", scope);
        Ok(filter.statement().execute(&self.writer).await?.rows_affected() == 1)
    }

    /// Sets the hash of a person's PIN: the way back in for somebody who forgot it, or never had one. Returns whether the
    /// person is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_pin(&self, scope: &Scope, id: LearnerId, pin_hash: &str) -> Result<bool> {
        let mut filter = Filter::new("UPDATE learners SET");
        filter.texts("pin_hash = ? WHERE id = ?", [pin_hash, id.to_string().as_str()]);
        filter.add("AND EXISTS (SELECT 1 FROM people p WHERE p.id = learners.id", []);
        filter.scope("p", scope).add(")", []);
        Ok(filter.statement().execute(&self.writer).await?.rows_affected() == 1)
    }

    /// Keeps what finds and compares an identity number: a keyed hash and its last three digits, never the number. Returns
    /// whether the person is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_identity(
        &self,
        scope: &Scope,
        id: LearnerId,
        identity: Option<(&str, &str)>,
        now_ms: i64,
    ) -> Result<bool> {
        let mut filter = Filter::new("UPDATE people AS p SET version = version + 1,");
        filter.add("changed_ms = ?,", [Value::Number(now_ms)]);
        match identity {
            Some((hash, end)) => filter.texts("identity_hash = ?, identity_end = ?", [hash, end]),
            None => filter.add("identity_hash = NULL, identity_end = NULL", []),
        };
        filter.texts("WHERE p.id = ?", [id.to_string().as_str()]).scope("p", scope);
        Ok(filter.statement().execute(&self.writer).await?.rows_affected() == 1)
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

pub(super) fn nowhere() -> PlacePath {
    PlacePath(String::new())
}

/// Returns the path of a place where people live, if the scope covers it; an empty one for no place, which everybody may
/// enter but somebody bound to places.
pub(super) async fn path_in_scope(
    tx: &mut AnyConnection,
    scope: &Scope,
    id: Option<&PlaceId>,
) -> Result<Option<PlacePath>> {
    let Some(id) = id else { return Ok((!matches!(scope, Scope::Places(_))).then(nowhere)) };
    let found = place::find(tx, id).await?;
    let lives_there = |place: &place::Place| place.level >= Level::Commune && scope.covers(&place.path);
    Ok(found.filter(lives_there).map(|place| place.path))
}

/// Takes the row lock under which a learner's facts are numbered.
pub(super) async fn lock(tx: &mut AnyConnection, id: LearnerId) -> Result<()> {
    sqlx::query("UPDATE learners SET last_seq = last_seq WHERE id = $1")
        .bind(id.to_string())
        .execute(tx)
        .await?;
    Ok(())
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
        .maybe_number("birth_year")?
        .map(|year| u16::try_from(year).map_err(|_| row.unreadable("birth_year")));
    let path = row.text("path")?;
    let group = row.maybe_text("person_group")?;
    Ok(Person {
        id: row.parsed("id")?,
        code: row.parsed("code")?,
        details: Details {
            name: row.text("name")?,
            birth_year: year.transpose()?,
            place: row.maybe_parsed("place")?,
            group: group.map(|_| row.named("person_group")).transpose()?,
            phone: row.maybe_parsed("phone")?,
            needs: read_needs(&row.text("needs")?).ok_or_else(|| row.unreadable("needs"))?,
        },
        path: (!path.is_empty()).then_some(PlacePath(path)),
        ambassador: row.maybe_parsed("ambassador")?,
        identity_end: row.maybe_text("identity_end")?,
        merged_into: row.maybe_parsed("merged_into")?,
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

fn write_needs(needs: &[SupportNeed]) -> String {
    needs.iter().map(|need| need.as_str()).collect::<Vec<_>>().join(" ")
}

/// Rows in one statement: at most 19 values each stay far below the 32,766 that SQLite allows.
pub(super) const ROWS_MAX: usize = 500;

/// Adds people with their records, words and first facts. Nobody of them is there yet.
pub(super) async fn insert(
    tx: &mut AnyConnection,
    people: &[(&NewPerson, PlacePath)],
    now_ms: i64,
) -> Result<()> {
    for part in people.chunks(ROWS_MAX) {
        let mut learners = with_rows(
            "INSERT INTO learners (id, code, pin_hash, created_ms, last_seq) VALUES",
            part.len(),
            5,
            "",
        );
        for (new, _) in part {
            learners =
                learners.bind(new.id.to_string()).bind(new.code.as_str()).bind("").bind(now_ms).bind(1_i64);
        }
        learners.execute(&mut *tx).await?;
        let facts: Vec<NewEvent> = part.iter().map(|(new, _)| enrolled(new, now_ms)).collect();
        insert_events(tx, &facts, &vec![1; facts.len()], now_ms).await?;
        insert_rows(tx, part, now_ms).await?;
        let names: Vec<(LearnerId, &str)> =
            part.iter().map(|(new, _)| (new.id, new.details.name.as_str())).collect();
        insert_words(tx, &names).await?;
    }
    Ok(())
}

async fn insert_rows(tx: &mut AnyConnection, part: &[(&NewPerson, PlacePath)], now_ms: i64) -> Result<()> {
    let mut query = with_rows(
        "INSERT INTO people (id, name, sort_key, fold, alike, birth_year, place, province, commune, path, \
         person_group, phone, needs, ambassador, version, created_ms, changed_ms) VALUES",
        part.len(),
        17,
        "",
    );
    for (new, path) in part {
        let details = &new.details;
        query = query
            .bind(new.id.to_string())
            .bind(details.name.clone())
            .bind(name_sort_key(&details.name))
            .bind(folded(&details.name))
            .bind(alike_key(&details.name))
            .bind(details.birth_year.map(i64::from))
            .bind(details.place.as_ref().map(PlaceId::to_string))
            .bind(part_of(path, Level::Province))
            .bind(part_of(path, Level::Commune))
            .bind(path.to_string())
            .bind(details.group.map(|group| group.as_str()))
            .bind(details.phone.as_ref().map(|phone| phone.as_str().to_owned()))
            .bind(write_needs(&details.needs))
            .bind(new.ambassador.map(|staff| staff.to_string()))
            .bind(1_i64)
            .bind(now_ms)
            .bind(now_ms);
    }
    query.execute(tx).await?;
    Ok(())
}

/// Adds the row of somebody who made a record on a phone and has not said a name yet.
pub(super) async fn insert_nameless(tx: &mut AnyConnection, id: LearnerId, now_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO people (id, name, sort_key, fold, alike, path, needs, version, created_ms, changed_ms) \
         VALUES ($1, '', '', '', '', '', '', 1, $2, $2)",
    )
    .bind(id.to_string())
    .bind(now_ms)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes what is kept of a person; a changed name also as a fact.
pub(super) async fn change(
    tx: &mut AnyConnection,
    stored: &Person,
    details: &Details,
    path: &PlacePath,
    event: EventId,
    now_ms: i64,
) -> Result<()> {
    if stored.details.name != details.name {
        let number = next_number(tx, stored.id, 1).await?;
        let kind = EventKind::ProfileCorrected { name: details.name.clone() };
        let fact = own_fact(event, stored.id, number, kind, now_ms);
        insert_events(tx, &[fact], &[number], now_ms).await?;
        write_name(tx, stored.id, &details.name).await?;
    }
    sqlx::query(
        "UPDATE people SET birth_year = $1, place = $2, province = $3, commune = $4, path = $5, person_group = $6, \
         phone = $7, needs = $8, version = version + 1, changed_ms = $9 WHERE id = $10",
    )
    .bind(details.birth_year.map(i64::from))
    .bind(details.place.as_ref().map(PlaceId::to_string))
    .bind(part_of(path, Level::Province))
    .bind(part_of(path, Level::Commune))
    .bind(path.to_string())
    .bind(details.group.map(|group| group.as_str()))
    .bind(details.phone.as_ref().map(|phone| phone.as_str().to_owned()))
    .bind(write_needs(&details.needs))
    .bind(now_ms)
    .bind(stored.id.to_string())
    .execute(tx)
    .await?;
    Ok(())
}

/// Brings a person's name to what her facts say: called under the learner's row lock, after facts were added.
pub(super) async fn follow_facts(tx: &mut AnyConnection, id: LearnerId, now_ms: i64) -> Result<()> {
    let found = sqlx::query(
        "SELECT id, body FROM events WHERE learner = $1 AND kind IN ('LearnerEnrolled', 'ProfileCorrected')",
    )
    .bind(id.to_string())
    .fetch_all(&mut *tx)
    .await?;
    let events = found.iter().map(|row| Row { table: "events", row }.json("body"));
    let events: Vec<Event> = events.collect::<Result<_>>()?;
    let profile = Profile::from_events(&events);
    let Some(name) = profile.name() else { return Ok(()) };
    let changed = sqlx::query("SELECT id FROM people WHERE id = $1 AND name <> $2")
        .bind(id.to_string())
        .bind(name)
        .fetch_optional(&mut *tx)
        .await?;
    if changed.is_some() {
        write_name(tx, id, name).await?;
        sqlx::query("UPDATE people SET version = version + 1, changed_ms = $1 WHERE id = $2")
            .bind(now_ms)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
        duplicate::look_again(tx, id, now_ms).await?;
    }
    Ok(())
}

async fn write_name(tx: &mut AnyConnection, id: LearnerId, name: &str) -> Result<()> {
    sqlx::query("UPDATE people SET name = $1, sort_key = $2, fold = $3, alike = $4 WHERE id = $5")
        .bind(name)
        .bind(name_sort_key(name))
        .bind(folded(name))
        .bind(alike_key(name))
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM person_words WHERE person = $1").bind(id.to_string()).execute(&mut *tx).await?;
    insert_words(tx, &[(id, name)]).await
}

async fn insert_words(tx: &mut AnyConnection, names: &[(LearnerId, &str)]) -> Result<()> {
    let mut words: Vec<(String, String)> = Vec::new();
    for (id, name) in names {
        let folded = fold(name);
        words.extend(folded.split_terminator(' ').map(|word| (word.to_owned(), id.to_string())));
    }
    words.sort_unstable();
    words.dedup();
    for part in words.chunks(ROWS_MAX * 4) {
        let mut query = with_rows("INSERT INTO person_words (word, person) VALUES", part.len(), 2, "");
        for (word, person) in part {
            query = query.bind(word.clone()).bind(person.clone());
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

fn folded(name: &str) -> String {
    format!(" {}", fold(name))
}

fn part_of(path: &PlacePath, level: Level) -> Option<String> {
    let is = |id: &&str| id.parse::<PlaceId>().is_ok_and(|id| id.level() == Some(level));
    path.ids().find(is).map(str::to_owned)
}

fn enrolled(new: &NewPerson, now_ms: i64) -> NewEvent {
    let kind = EventKind::LearnerEnrolled { code: new.code.clone(), name: new.details.name.clone() };
    own_fact(new.event, new.id, 1, kind, now_ms)
}

/// Returns a fact that this server itself says.
fn own_fact(id: EventId, learner: LearnerId, number: i64, kind: EventKind, now_ms: i64) -> NewEvent {
    let seq = u64::try_from(number).unwrap_or(1);
    let event = Event {
        id,
        v: EVENT_VERSION,
        learner,
        device: SERVER_DEVICE,
        seq,
        at_ms: now_ms,
        mono_ms: 0,
        actor: None,
        content: None,
        kind,
    };
    NewEvent { json: event.canonical_json(), event, verdict: None }
}

#[cfg(test)]
pub(crate) mod tests;
