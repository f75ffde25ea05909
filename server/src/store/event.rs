//! Facts and what was set aside: looked up, appended, read back. Nothing here is ever changed or deleted, but for a person
//! who asked for it (`deletion.rs`).

use std::collections::{BTreeMap, BTreeSet};

use domain::aside::Settlement;
use domain::event::{Event, EventKind};
use domain::ids::{ContentHash, DeviceId, EventId, LearnerId, LessonId};
use domain::sync::Code;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::filter::Filter;
use super::placeholders::{with_list, with_rows};
use super::row::Row;
use super::{Result, Store, consent, device, duplicate, person_facts};

/// People looked up in one question.
const PEOPLE_AT_ONCE: usize = 500;

/// A fact to store.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The fact. Its learner is whose it is, also where a person found that out later.
    pub event: Event,
    /// Its canonical JSON, as it was sent.
    pub json: String,
    /// See [`domain::progress::Progress::add`].
    pub verdict: Option<bool>,
}

/// Something to set aside.
#[derive(Debug, Clone)]
pub struct NewAside {
    /// Names the row.
    pub id: Uuid,
    /// The event's id, if it could be read.
    pub event: Option<EventId>,
    /// The learner's id, if it could be read.
    pub learner: Option<LearnerId>,
    /// Why.
    pub code: Code,
    /// What was sent, as it was sent.
    pub body: String,
    /// SHA-256 of the body in hexadecimal.
    pub body_hash: String,
}

/// What a phone's batch adds.
#[derive(Debug, Clone, Default)]
pub struct Append {
    /// Facts, in the order of the batch. Every learner exists.
    pub events: Vec<NewEvent>,
    /// What is set aside.
    pub aside: Vec<NewAside>,
}

/// What was found while appending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appended {
    /// Facts not stored because their id was stored already, by a request at the same time: the stored JSON.
    pub already: BTreeMap<EventId, String>,
}

/// What is known about a batch before it is judged.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The learners this phone has a part in.
    pub learners: BTreeSet<LearnerId>,
    /// The learners whose record was taken off this phone.
    pub removed: BTreeSet<LearnerId>,
    /// The learners whose record was deleted everywhere.
    pub deleted: BTreeSet<LearnerId>,
    /// Facts stored under ids of the batch: their JSON.
    pub events: BTreeMap<EventId, String>,
    /// What was set aside from this phone with an id or a body of the batch.
    pub aside: Vec<Aside>,
}

/// Something set aside earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The event's id, if it could be read.
    pub event: Option<EventId>,
    /// Why.
    pub code: Code,
    /// SHA-256 of the body in hexadecimal.
    pub body_hash: String,
    /// Whether it became a fact meanwhile.
    pub is_fact: bool,
}

/// A stored fact with its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFact {
    /// The fact.
    pub event: Event,
    /// See [`domain::progress::Progress::add`].
    pub verdict: Option<bool>,
}

impl Store {
    /// Returns what is known about a batch.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look_up(&self, device: DeviceId, ids: &[EventId], body_hashes: &[String]) -> Result<Seen> {
        let mut connection = self.reader.acquire().await?;
        let mut seen = Seen::default();
        let links = sqlx::query("SELECT learner, removed_ms FROM device_learners WHERE device = $1")
            .bind(device.to_string())
            .fetch_all(&mut *connection)
            .await?;
        for row in &links {
            let removed = sqlx::Row::try_get::<Option<i64>, _>(row, "removed_ms")?.is_some();
            let learner = Row { table: "device_learners", row }.parsed("learner")?;
            if removed { &mut seen.removed } else { &mut seen.learners }.insert(learner);
        }
        seen.events = stored_json(&mut connection, ids).await?;
        seen.aside = set_aside(&mut connection, device, ids, body_hashes).await?;
        Ok(seen)
    }

    /// Stores facts and what is set aside, all or nothing.
    ///
    /// Each learner's changes are numbered under that learner's row lock, which is held until the commit: a later
    /// number can never be seen before an earlier one, and learners do not wait for each other. Locks are taken in the
    /// order of ids, so that two batches cannot wait for each other in a circle.
    ///
    /// # Errors
    /// When the database fails; then nothing was stored.
    pub async fn append(&self, device: DeviceId, append: &Append, now_ms: i64) -> Result<Appended> {
        if append.events.is_empty() && append.aside.is_empty() {
            return Ok(Appended::default());
        }
        self.retry(|| self.try_append(device, append, now_ms)).await
    }

    async fn try_append(&self, device: DeviceId, append: &Append, now_ms: i64) -> Result<Appended> {
        let mut tx = self.begin().await?;
        let mut already = BTreeMap::new();
        if !append.events.is_empty() {
            already = store_events(&mut tx, Some(device), &append.events, now_ms).await?;
        }
        if !append.aside.is_empty() {
            insert_aside(&mut tx, device, &append.aside, now_ms).await?;
        }
        tx.commit().await?;
        Ok(Appended { already })
    }

    /// Returns all facts of a learner, in the order in which they arrived; those of all records when a person has several.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn facts_of(&self, learner: LearnerId) -> Result<Vec<StoredFact>> {
        let mut connection = self.reader.acquire().await?;
        let records = duplicate::records_of(&mut connection, learner).await?;
        facts_in(&mut connection, &records, "1 = 1").await
    }

    /// Returns what a person has learned in other records than this one, with verdicts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn learned_elsewhere(&self, learner: LearnerId) -> Result<Vec<StoredFact>> {
        let mut connection = self.reader.acquire().await?;
        let mut records = duplicate::records_of(&mut connection, learner).await?;
        records.retain(|record| *record != learner);
        facts_in(&mut connection, &records, "lesson IS NOT NULL").await
    }

    /// Returns what each of these people has learned, with verdicts; also what stands in records merged into hers. In no
    /// particular order, and without facts that are about no lesson.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn learning_of(&self, people: &[LearnerId]) -> Result<BTreeMap<LearnerId, Vec<StoredFact>>> {
        self.facts_among(people, "e.lesson IS NOT NULL").await
    }

    /// Returns the facts of a kind about each of these people, as [`learning_of`](Self::learning_of) does.
    pub(super) async fn facts_among(
        &self,
        people: &[LearnerId],
        of_a_kind: &'static str,
    ) -> Result<BTreeMap<LearnerId, Vec<StoredFact>>> {
        let mut told: BTreeMap<LearnerId, Vec<StoredFact>> = BTreeMap::new();
        for part in people.chunks(PEOPLE_AT_ONCE) {
            let ids: Vec<String> = part.iter().map(LearnerId::to_string).collect();
            for (whose, among) in [("p.id", "p.id IN"), ("p.merged_into", "p.merged_into IN")] {
                let mut filter = Filter::new(&format!(
                    "SELECT {whose} AS person, e.id, e.body, e.verdict FROM people p JOIN events e ON e.learner = p.id \
                     WHERE {of_a_kind}"
                ));
                filter.list(&format!("AND {among}"), ids.iter().map(String::as_str));
                for row in &filter.statement().fetch_all(&self.reader).await? {
                    let row = Row { table: "events", row };
                    let person: LearnerId = row.parsed("person")?;
                    let event = Event { learner: person, ..row.json("body")? };
                    let fact = StoredFact { event, verdict: row.yes_or_no("verdict")? };
                    told.entry(person).or_default().push(fact);
                }
            }
        }
        Ok(told)
    }
}

/// Returns the facts of a kind in these records, in the order in which they arrived.
async fn facts_in(
    connection: &mut AnyConnection,
    records: &[LearnerId],
    of_a_kind: &'static str,
) -> Result<Vec<StoredFact>> {
    // One record's numbers are the order of arrival even when the server's clock was set back.
    let order = if records.len() == 1 { "learner_seq" } else { "received_ms, learner, learner_seq" };
    let ids = duplicate::texts(records);
    let mut filter = Filter::new(&format!("SELECT id, learner, body, verdict FROM events WHERE {of_a_kind}"));
    filter.list("AND learner IN", ids.iter().map(String::as_str)).add(&format!("ORDER BY {order}"), []);
    let found = filter.statement().fetch_all(connection).await?;
    let read = |row| {
        let row = Row { table: "events", row };
        let event = Event { learner: row.parsed("learner")?, ..row.json("body")? };
        Ok(StoredFact { event, verdict: row.yes_or_no("verdict")? })
    };
    found.iter().map(read).collect()
}

/// Stores facts under their learners' locks, with everything that follows from them; returns the JSON of those whose id was
/// taken. The `sender` is a phone that is known.
pub(super) async fn store_events(
    tx: &mut AnyConnection,
    sender: Option<DeviceId>,
    events: &[NewEvent],
    now_ms: i64,
) -> Result<BTreeMap<EventId, String>> {
    let others = events.iter().map(|new| new.event.device).filter(|other| sender != Some(*other));
    device::mention(&mut *tx, others, now_ms).await?;
    let numbers = take_numbers(&mut *tx, events).await?;
    let stored = insert_events(&mut *tx, events, &numbers, now_ms).await?;
    let left: Vec<EventId> =
        events.iter().map(|new| new.event.id).filter(|id| !stored.contains(id)).collect();
    let already = stored_json(&mut *tx, &left).await?;
    for learner in described_in(events, &stored) {
        person_facts::follow_facts(&mut *tx, learner, now_ms).await?;
    }
    let is_stored = |event: &&Event| stored.contains(&event.id);
    for event in events.iter().map(|new| &new.event).filter(is_stored) {
        person_facts::entrust(&mut *tx, event, now_ms).await?;
    }
    consent::log_witnessed(&mut *tx, events.iter().map(|new| &new.event).filter(is_stored), now_ms).await?;
    Ok(already)
}

/// Returns the learners of whom these facts may have changed what is kept.
fn described_in(events: &[NewEvent], stored: &BTreeSet<EventId>) -> BTreeSet<LearnerId> {
    let describes = |new: &&NewEvent| {
        matches!(
            new.event.kind,
            EventKind::LearnerEnrolled { .. }
                | EventKind::ProfileCorrected { .. }
                | EventKind::PersonDescribed { .. }
        ) && stored.contains(&new.event.id)
    };
    events.iter().filter(describes).map(|new| new.event.learner).collect()
}

/// Takes the next numbers of every learner of the batch; returns one for each fact.
async fn take_numbers(tx: &mut AnyConnection, events: &[NewEvent]) -> Result<Vec<i64>> {
    let mut wanted: BTreeMap<LearnerId, i64> = BTreeMap::new();
    for new in events {
        *wanted.entry(new.event.learner).or_default() += 1;
    }
    let mut next: BTreeMap<LearnerId, i64> = BTreeMap::new();
    for (learner, count) in wanted {
        next.insert(learner, next_number(&mut *tx, learner, count).await?);
    }
    let take = |new: &NewEvent| {
        let number = next.entry(new.event.learner).or_default();
        *number += 1;
        *number - 1
    };
    Ok(events.iter().map(take).collect())
}

/// Takes `count` numbers of a learner's changes under the learner's row lock; returns the first.
pub(super) async fn next_number(tx: &mut AnyConnection, learner: LearnerId, count: i64) -> Result<i64> {
    let row =
        sqlx::query("UPDATE learners SET last_seq = last_seq + $1 WHERE id = $2 RETURNING id, last_seq")
            .bind(count)
            .bind(learner.to_string())
            .fetch_one(tx)
            .await?;
    Ok(Row { table: "learners", row: &row }.number("last_seq")? - count + 1)
}

pub(super) async fn insert_events(
    tx: &mut AnyConnection,
    events: &[NewEvent],
    numbers: &[i64],
    now_ms: i64,
) -> Result<BTreeSet<EventId>> {
    let mut query = with_rows(
        "INSERT INTO events (id, learner, learner_seq, device, device_seq, received_ms, kind, lesson, content, \
         verdict, body) VALUES",
        events.len(),
        11,
        "ON CONFLICT (id) DO NOTHING RETURNING id",
    );
    // In the order of ids: two batches with the same ids under different learners cannot wait for each other in a
    // circle.
    let mut rows: Vec<(&NewEvent, &i64)> = events.iter().zip(numbers).collect();
    rows.sort_by_key(|(new, _)| new.event.id);
    for (new, number) in rows {
        let event = &new.event;
        query = query
            .bind(event.id.to_string())
            .bind(event.learner.to_string())
            .bind(*number)
            .bind(event.device.to_string())
            .bind(i64::try_from(event.seq).unwrap_or(i64::MAX))
            .bind(now_ms)
            .bind(event.kind.name())
            .bind(event.kind.lesson().map(LessonId::as_str))
            .bind(event.content.as_ref().map(ContentHash::as_str))
            .bind(new.verdict.map(i64::from))
            .bind(new.json.as_str());
    }
    let stored = query.fetch_all(tx).await?;
    stored.iter().map(|row| Row { table: "events", row }.parsed("id")).collect()
}

async fn insert_aside(
    tx: &mut AnyConnection,
    device: DeviceId,
    aside: &[NewAside],
    now_ms: i64,
) -> Result<()> {
    let mut query = with_rows(
        "INSERT INTO quarantine (id, received_ms, device, event_id, learner, code, body, body_hash) VALUES",
        aside.len(),
        8,
        "ON CONFLICT (device, body_hash) DO NOTHING",
    );
    for new in aside {
        query = query
            .bind(new.id.to_string())
            .bind(now_ms)
            .bind(device.to_string())
            .bind(new.event.map(|id| id.to_string()))
            .bind(new.learner.map(|id| id.to_string()))
            .bind(new.code.as_str())
            .bind(new.body.as_str())
            .bind(new.body_hash.as_str());
    }
    query.execute(tx).await?;
    Ok(())
}

async fn stored_json(connection: &mut AnyConnection, ids: &[EventId]) -> Result<BTreeMap<EventId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = with_list("SELECT id, body FROM events WHERE id IN", 1, ids.len());
    for id in ids {
        query = query.bind(id.to_string());
    }
    let found = query.fetch_all(connection).await?;
    let read = |row| {
        let row = Row { table: "events", row };
        Ok((row.parsed("id")?, row.text("body")?))
    };
    found.iter().map(read).collect()
}

/// How something set aside becomes a fact.
const FACTS: [Settlement; 2] = [Settlement::Stored, Settlement::Bound];

async fn set_aside(
    connection: &mut AnyConnection,
    device: DeviceId,
    ids: &[EventId],
    body_hashes: &[String],
) -> Result<Vec<Aside>> {
    const BY_EVENT: &str =
        "SELECT id, event_id, code, body_hash, outcome FROM quarantine WHERE device = $1 AND event_id IN";
    const BY_BODY: &str =
        "SELECT id, event_id, code, body_hash, outcome FROM quarantine WHERE device = $1 AND body_hash IN";
    let ids: Vec<String> = ids.iter().map(EventId::to_string).collect();
    let mut found = Vec::new();
    for (text, values) in [(BY_EVENT, ids.as_slice()), (BY_BODY, body_hashes)] {
        if values.is_empty() {
            continue;
        }
        let mut query = with_list(text, 2, values.len()).bind(device.to_string());
        for value in values {
            query = query.bind(value.as_str());
        }
        found.extend(query.fetch_all(&mut *connection).await?);
    }
    let read = |row: &sqlx::any::AnyRow| {
        let event: Option<String> = sqlx::Row::try_get(row, "event_id")?;
        let row = Row { table: "quarantine", row };
        let event = event.map(|_| row.parsed("event_id")).transpose()?;
        let outcome: Option<String> = row.optional("outcome")?;
        let is_fact = outcome.is_some_and(|how| FACTS.map(Settlement::as_str).contains(&how.as_str()));
        Ok(Aside { event, code: row.named("code")?, body_hash: row.text("body_hash")?, is_fact })
    };
    found.iter().map(read).collect()
}
