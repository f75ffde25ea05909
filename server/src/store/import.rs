//! Lists of people read in as numbered batches, each remembered row by row, so that it can be taken back.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ClassId, EventId, LearnerId, StaffId};
use domain::person::{Details, Group};
use domain::place::PlaceId;
use domain::scope::{PlacePath, Scope};
use sqlx::AnyConnection;

use super::filter::{Filter, Value};
use super::person::{
    self, COLUMNS, NewPerson, Person, corrected_path, find, home, lock, path_in_scope, read,
};
use super::person_facts::{self, SERVER_DEVICE};
use super::placeholders::with_rows;
use super::row::Row;
use super::{NewAudit, Result, Store, audit, class, look_alike};

/// A batch to write. Hamlets in it are there already.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// Who reads the list in.
    pub by: StaffId,
    /// The place the list is for, as it is named in the list of batches.
    pub place: String,
    /// The last batch when the list was compared, see [`Store::last_batch`]: the same list sent twice at once would else add
    /// its people twice.
    pub last_known: i64,
    /// People to add, each with the number of its row.
    pub new: Vec<(u32, NewPerson)>,
    /// People to change.
    pub changed: Vec<ChangedRow>,
    /// What the log says. The number of the batch is filled in.
    pub entry: NewAudit,
}

/// A person to change.
#[derive(Debug, Clone)]
pub struct ChangedRow {
    /// The number of the row.
    pub line: u32,
    /// Who.
    pub id: LearnerId,
    /// What the comparison saw.
    pub version: i64,
    /// What is to be kept of her.
    pub details: Details,
    /// Name the facts of what changes.
    pub events: [EventId; 2],
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchOutcome {
    /// Written, under this number.
    Written(i64),
    /// Another list was written since the comparison, somebody changed one of the people, or took one of the codes: compare
    /// again.
    ChangedMeanwhile,
    /// A row's place or class is not in scope.
    NoPlace,
}

/// A batch that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub number: i64,
    /// Who read the list in.
    pub by: StaffId,
    /// When.
    pub at_ms: i64,
    /// The place the list is for.
    pub place: String,
    /// Rows that added or changed a person.
    pub rows: u64,
    /// Who took it back and when, if somebody did.
    pub undone: Option<(StaffId, i64)>,
}

/// What taking a batch back did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// People who were added and are gone again.
    pub removed: u64,
    /// People who are again as they were.
    pub restored: u64,
    /// People who stay as they are, with the numbers of their rows.
    pub left: Vec<(u32, LearnerId, WhyLeft)>,
}

/// Why a row of a batch is not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeft {
    /// She has learned, agreed or opened her record since.
    HasFacts,
    /// Somebody changed her since.
    ChangedSince,
    /// Somebody decided on her since.
    DecidedSince,
}

impl Store {
    /// Returns the people in scope who may be meant by rows: those with these codes, and those with these names, in the form of
    /// [`domain::person::alike_key`], who live in these communes or, when asked for, nowhere yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_alike(
        &self,
        scope: &Scope,
        codes: &[String],
        alike: &[String],
        (communes, nowhere): (&[String], bool),
    ) -> Result<Vec<Person>> {
        let mut connection = self.reader.acquire().await?;
        let mut people = Vec::new();
        for (column, values) in [("p.alike", alike), ("l.code", codes)] {
            // Namesakes all over the country would be thousands for every name.
            let lives = |filter: &mut Filter| {
                if column == "p.alike" {
                    filter.add("AND ((1 = 1", []);
                    filter.list("AND p.commune IN", communes.iter().map(String::as_str));
                    filter.add(if nowhere { ") OR p.commune IS NULL)" } else { "))" }, []);
                }
            };
            for part in values.chunks(person_facts::ROWS_MAX) {
                let mut filter = Filter::new(&format!(
                    "SELECT {COLUMNS} FROM people p JOIN learners l ON l.id = p.id WHERE p.merged_into IS NULL"
                ));
                filter.list(&format!("AND {column} IN"), part.iter().map(String::as_str)).scope("p", scope);
                lives(&mut filter);
                for row in &filter.statement().fetch_all(&mut *connection).await? {
                    people.push(read(row)?);
                }
            }
        }
        Ok(people)
    }

    /// Returns the number of the last batch, 0 before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_batch(&self) -> Result<i64> {
        let row = sqlx::query("SELECT COALESCE(MAX(number), 0) AS number FROM import_batches")
            .fetch_one(&self.reader)
            .await?;
        Row { table: "import_batches", row: &row }.number("number")
    }

    /// Writes a batch, all or nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write_batch(&self, scope: &Scope, batch: &NewBatch, now_ms: i64) -> Result<BatchOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let number = batch.last_known + 1;
            if !take_number(&mut tx, batch, now_ms).await? {
                return Ok(BatchOutcome::ChangedMeanwhile);
            }
            let mut paths: BTreeMap<(Option<&PlaceId>, Option<Group>), PlacePath> = BTreeMap::new();
            let mut classes: BTreeSet<&[ClassId]> = BTreeSet::new();
            let mut new = Vec::with_capacity(batch.new.len());
            for (_, person) in &batch.new {
                let details = &person.details;
                let path = match paths.entry((details.place.as_ref(), details.group)) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(slot) => match path_in_scope(&mut tx, scope, details).await? {
                        Some(path) => slot.insert(path).clone(),
                        None => return Ok(BatchOutcome::NoPlace),
                    },
                };
                if classes.insert(&details.classes)
                    && !class::may_change(&mut tx, scope, &[], &details.classes).await?
                {
                    return Ok(BatchOutcome::NoPlace);
                }
                new.push((person, path));
            }
            if is_code_taken(&mut tx, &batch.new).await? {
                return Ok(BatchOutcome::ChangedMeanwhile);
            }
            person_facts::insert(&mut tx, &new, now_ms).await?;
            let mut rows = Vec::new();
            for (line, person) in &batch.new {
                rows.push((*line, person.id, None, json(&person.details)));
            }
            for changed in &batch.changed {
                lock(&mut tx, changed.id).await?;
                let stored = find(&mut tx, scope, changed.id).await?;
                let Some(stored) = stored.filter(|stored| stored.version == changed.version) else {
                    return Ok(BatchOutcome::ChangedMeanwhile);
                };
                let Some(path) = corrected_path(&mut tx, scope, &stored, &changed.details).await? else {
                    return Ok(BatchOutcome::NoPlace);
                };
                let (before, after) = (&stored.details.classes, &changed.details.classes);
                if !class::may_change(&mut tx, scope, before, after).await? {
                    return Ok(BatchOutcome::NoPlace);
                }
                person_facts::change(&mut tx, &stored, &changed.details, &path, changed.events, now_ms)
                    .await?;
                rows.push((changed.line, changed.id, Some(json(&stored.details)), json(&changed.details)));
            }
            remember(&mut tx, number, &rows).await?;
            let ids: Vec<LearnerId> = rows.iter().map(|(_, id, ..)| *id).collect();
            look_alike::look_for(&mut tx, &ids, now_ms).await?;
            let entry = NewAudit { detail: number.to_string(), ..batch.entry.clone() };
            audit::add(&mut tx, &entry).await?;
            tx.commit().await?;
            Ok(BatchOutcome::Written(number))
        })
        .await
    }

    /// Returns the batches read in by somebody, or by everybody, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn batches(&self, by: Option<StaffId>, limit: usize) -> Result<Vec<Batch>> {
        let mut filter = Filter::new(
            "SELECT b.number, b.imported_by, b.imported_ms, b.place, b.undone_by, b.undone_ms, \
             (SELECT COUNT(*) FROM import_rows r WHERE r.batch = b.number) AS row_count FROM import_batches b WHERE 1 = 1",
        );
        if let Some(by) = by {
            filter.texts("AND b.imported_by = ?", [by.to_string().as_str()]);
        }
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        filter.add("ORDER BY b.number DESC LIMIT ?", [limit]);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read_batch).collect()
    }

    /// Takes a batch back as far as nothing happened since: people it added go, people it changed are again as they were.
    /// Returns nothing when there is no such batch, it was taken back before, or one of its people is not in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undo_batch(
        &self,
        scope: &Scope,
        number: i64,
        by: StaffId,
        mut new_event: impl FnMut() -> EventId,
        (entry, now_ms): (&NewAudit, i64),
    ) -> Result<Option<Undone>> {
        let new_ids: Vec<[EventId; 2]> = {
            let rows = sqlx::query("SELECT line FROM import_rows WHERE batch = $1")
                .bind(number)
                .fetch_all(&self.reader)
                .await?;
            rows.iter().map(|_| [new_event(), new_event()]).collect()
        };
        self.retry(async || {
            let mut tx = self.begin().await?;
            let undone = sqlx::query(
                "UPDATE import_batches SET undone_by = $1, undone_ms = $2 WHERE number = $3 AND undone_ms IS NULL",
            )
            .bind(by.to_string())
            .bind(now_ms)
            .bind(number)
            .execute(&mut *tx)
            .await?;
            if undone.rows_affected() == 0 {
                return Ok(None);
            }
            let rows = sqlx::query(
                "SELECT person, line, before, after FROM import_rows WHERE batch = $1 ORDER BY person",
            )
            .bind(number)
            .fetch_all(&mut *tx)
            .await?;
            let mut result = Undone::default();
            for (row, events) in rows.iter().zip(&new_ids) {
                let row = Row { table: "import_rows", row };
                let id: LearnerId = row.parsed("person")?;
                let line = u32::try_from(row.number("line")?).map_err(|_| row.unreadable("line"))?;
                let before: Option<Details> =
                    row.optional::<String>("before")?.map(|_| row.json("before")).transpose()?;
                let after: Details = row.json("after")?;
                lock(&mut tx, id).await?;
                if find(&mut tx, &Scope::All, id).await?.is_none() {
                    // Deleted at her own wish meanwhile: nothing is left to take back.
                    continue;
                }
                let Some(stored) = find(&mut tx, scope, id).await? else { return Ok(None) };
                if let Some(why) = what_happened_since(&mut tx, &stored, &after, before.is_none()).await? {
                    result.left.push((line, id, why));
                } else if let Some(before) = before {
                    let path = match &before.place {
                        Some(id) => home(&mut tx, id).await?,
                        None => None,
                    };
                    // A hamlet that was removed meanwhile is as good as none.
                    let before = Details { place: path.as_ref().and(before.place.clone()), ..before };
                    let path = path.unwrap_or_else(person::nowhere);
                    person_facts::change(&mut tx, &stored, &before, &path, *events, now_ms).await?;
                    look_alike::look_again(&mut tx, id, now_ms).await?;
                    result.restored += 1;
                } else {
                    person_facts::delete_words(&mut tx, id, &stored.details.name).await?;
                    remove(&mut tx, id).await?;
                    result.removed += 1;
                }
            }
            audit::add(&mut tx, &NewAudit { detail: number.to_string(), ..entry.clone() }).await?;
            tx.commit().await?;
            Ok(Some(result))
        })
        .await
    }
}

/// Takes the number after the last one that the comparison knew; false when somebody else has it.
async fn take_number(tx: &mut AnyConnection, batch: &NewBatch, now_ms: i64) -> Result<bool> {
    let added = sqlx::query(
        "INSERT INTO import_batches (number, imported_by, imported_ms, place) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (number) DO NOTHING",
    )
    .bind(batch.last_known + 1)
    .bind(batch.by.to_string())
    .bind(now_ms)
    .bind(batch.place.as_str())
    .execute(tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

async fn is_code_taken(tx: &mut AnyConnection, new: &[(u32, NewPerson)]) -> Result<bool> {
    for part in new.chunks(person_facts::ROWS_MAX) {
        let mut filter = Filter::new("SELECT id FROM learners WHERE 1 = 1");
        filter.list("AND code IN", part.iter().map(|(_, person)| person.code.as_str()));
        if filter.statement().fetch_optional(&mut *tx).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

type RememberedRow = (u32, LearnerId, Option<String>, String);

async fn remember(tx: &mut AnyConnection, batch: i64, rows: &[RememberedRow]) -> Result<()> {
    for part in rows.chunks(person_facts::ROWS_MAX) {
        let mut query = with_rows(
            "INSERT INTO import_rows (batch, line, person, before, after) VALUES",
            part.len(),
            5,
            "",
        );
        for (line, id, before, after) in part {
            query = query
                .bind(batch)
                .bind(i64::from(*line))
                .bind(id.to_string())
                .bind(before.clone())
                .bind(after.clone());
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn what_happened_since(
    tx: &mut AnyConnection,
    stored: &Person,
    after: &Details,
    was_added: bool,
) -> Result<Option<WhyLeft>> {
    if stored.details != *after {
        return Ok(Some(WhyLeft::ChangedSince));
    }
    if !was_added {
        return Ok(None);
    }
    let id = stored.id.to_string();
    let is_found = async |tx: &mut AnyConnection, text: &str| {
        let mut filter = Filter::new(text);
        filter.texts("= ? LIMIT 1", [id.as_str()]);
        filter.statement().fetch_optional(tx).await.map(|row| row.is_some())
    };
    // Facts that this server wrote itself came with the list.
    let facts = format!("SELECT id FROM events WHERE device <> '{SERVER_DEVICE}' AND learner");
    for (question, why) in [
        (facts.as_str(), WhyLeft::HasFacts),
        ("SELECT device FROM device_learners WHERE learner", WhyLeft::HasFacts),
        ("SELECT id FROM certificates WHERE learner", WhyLeft::HasFacts),
        ("SELECT id FROM person_decisions WHERE kept", WhyLeft::DecidedSince),
        ("SELECT id FROM person_decisions WHERE other", WhyLeft::DecidedSince),
    ] {
        if is_found(&mut *tx, question).await? {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

/// Removes somebody whom only a list knew.
async fn remove(tx: &mut AnyConnection, id: LearnerId) -> Result<()> {
    for text in [
        "DELETE FROM likely_duplicates WHERE a = $1 OR b = $1",
        "DELETE FROM class_members WHERE person = $1",
        "DELETE FROM people WHERE id = $1",
        "DELETE FROM events WHERE learner = $1",
        "DELETE FROM learners WHERE id = $1",
    ] {
        sqlx::query(text).bind(id.to_string()).execute(&mut *tx).await?;
    }
    Ok(())
}

fn read_batch(row: &sqlx::any::AnyRow) -> Result<Batch> {
    let row = Row { table: "import_batches", row };
    Ok(Batch {
        number: row.number("number")?,
        by: row.parsed("imported_by")?,
        at_ms: row.number("imported_ms")?,
        place: row.text("place")?,
        rows: row.count("row_count")?,
        undone: row.optional_parsed("undone_by")?.zip(row.optional::<i64>("undone_ms")?),
    })
}

fn json(details: &Details) -> String {
    serde_json::to_string(details).expect("details have only strings, numbers and lists")
}
