//! What people ask about their own data: written down, answered, closed. A row is never deleted; what somebody said in her
//! own words goes when everything else about her goes.

use domain::consent::ConsentPurpose;
use domain::ids::{LearnerId, StaffId};
use domain::request::{RequestKind, RequestState};
use domain::scope::{PlacePath, Scope};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::audit::{self, NewAudit};
use super::event::{NewEvent, store_events};
use super::filter::{Filter, Value};
use super::row::Row;
use super::{Result, SERVER_DEVICE, Store};

/// A request to write down.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Names it; made on the phone, so that asking twice is asking once.
    pub id: Uuid,
    /// Whose data it is about.
    pub person: LearnerId,
    /// What is asked.
    pub kind: RequestKind,
    /// Which agreement is taken back, where that is asked.
    pub purpose: Option<ConsentPurpose>,
    /// What she said; may be empty.
    pub words: String,
    /// When it came.
    pub received_ms: i64,
    /// Who entered it; nobody when she asked on her phone.
    pub entered_by: Option<StaffId>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataRequest {
    /// Names it.
    pub id: Uuid,
    /// Whose data it is about.
    pub person: LearnerId,
    /// Her name; nothing when she was deleted, empty when she said none.
    pub name: Option<String>,
    /// Her year of birth.
    pub birth_year: Option<i64>,
    /// The name of the place where she lives.
    pub place_name: Option<String>,
    /// Where that is.
    pub path: Option<PlacePath>,
    /// Whether only those who answer requests may see her now.
    pub restricted: bool,
    /// What is asked.
    pub kind: RequestKind,
    /// Which agreement is taken back.
    pub purpose: Option<ConsentPurpose>,
    /// Whether she asked on her phone, else it was entered by staff.
    pub by_phone: bool,
    /// What she said.
    pub words: String,
    /// When it came.
    pub received_ms: i64,
    /// When she was told that it came.
    pub replied_ms: Option<i64>,
    /// When it was extended, and why.
    pub extended: Option<(i64, String)>,
    /// How far it is.
    pub state: RequestState,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// What was decided and why.
    pub answer: String,
    /// The name of who did the last step.
    pub handled_by: Option<String>,
}

/// One step of answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// She was told that it came and what happens next.
    Reply,
    /// It takes longer, for this reason; once.
    Extend(String),
    /// It is done; more about it.
    Done(String),
    /// It is refused, for this reason.
    Refuse(String),
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// Done now.
    Done,
    /// No such request in scope.
    NotFound,
    /// Done before, or closed.
    Already,
}

const SELECT: &str = "SELECT r.id, r.person, p.name, p.birth_year, pl.name AS place_name, COALESCE(p.path, r.path) AS path, \
     p.restricted_ms, r.kind, r.purpose, r.way, r.words, r.received_ms, r.replied_ms, r.extended_ms, r.extension_reason, \
     r.closed_ms, r.outcome, r.answer, who.whole_name AS handled_by \
     FROM data_requests r LEFT JOIN people p ON p.id = r.person LEFT JOIN places pl ON pl.id = p.place \
     LEFT JOIN staff who ON who.id = r.handled_by WHERE";

impl Store {
    /// Writes a request down, once for each id; an entry of the log where staff did it. Returns whether there is such a
    /// person: within the scope, or, for a phone, at all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_request(
        &self,
        scope: &Scope,
        new: &NewRequest,
        entry: Option<&NewAudit>,
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let mut filter = Filter::new("SELECT p.id, p.path FROM people p WHERE");
            filter.texts("p.id = ?", [new.person.to_string().as_str()]).scope("p", scope);
            let Some(found) = filter.statement().fetch_optional(&mut *tx).await? else { return Ok(false) };
            let path = Row { table: "people", row: &found }.text("path")?;
            let added = insert(&mut tx, new, &path).await?;
            if let Some(entry) = entry.filter(|_| added) {
                let place = PlacePath::parse(&path);
                audit::add(&mut tx, &NewAudit { person: Some(new.person), place, ..entry.clone() }).await?;
            }
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Returns requests of people in scope: those that are open, the oldest first, or those that are closed, the newest
    /// first; `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requests(&self, scope: &Scope, closed: bool, limit: u32) -> Result<Vec<DataRequest>> {
        let mut filter = Filter::new(SELECT);
        filter.add(if closed { "r.closed_ms IS NOT NULL" } else { "r.closed_ms IS NULL" }, []);
        reach(&mut filter, scope);
        filter
            .add(if closed { "ORDER BY r.closed_ms DESC, r.id" } else { "ORDER BY r.received_ms, r.id" }, []);
        filter.add("LIMIT ?", [Value::Number(limit.into())]);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read).collect()
    }

    /// Returns one request, if its person is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request(&self, scope: &Scope, id: Uuid) -> Result<Option<DataRequest>> {
        let mut connection = self.reader.acquire().await?;
        one(&mut connection, scope, id).await
    }

    /// Returns what a person has asked, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requests_of(&self, person: LearnerId, limit: u32) -> Result<Vec<DataRequest>> {
        let mut filter = Filter::new(SELECT);
        filter.texts("r.person = ?", [person.to_string().as_str()]);
        filter.add("ORDER BY r.received_ms DESC, r.id LIMIT ?", [Value::Number(limit.into())]);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read).collect()
    }

    /// Takes a step, once; the entry of the log is told whom and where it is about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn step_request(
        &self,
        scope: &Scope,
        id: Uuid,
        step: &Step,
        entry: &NewAudit,
    ) -> Result<StepOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(found) = one(&mut tx, scope, id).await? else { return Ok(StepOutcome::NotFound) };
            if !take(&mut tx, id, step, entry).await? {
                return Ok(StepOutcome::Already);
            }
            audit::add(&mut tx, &about(entry, &found)).await?;
            tx.commit().await?;
            Ok(StepOutcome::Done)
        })
        .await
    }

    /// Stores the fact that an agreement is taken back, and closes the request with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdraw_for_request(
        &self,
        scope: &Scope,
        id: Uuid,
        mut new: NewEvent,
        entry: &NewAudit,
    ) -> Result<StepOutcome> {
        new.event.at_ms = self.after_all_said(new.event.learner, entry.at_ms).await?;
        new.json = new.event.canonical_json();
        self.retry(async || {
            let mut tx = self.begin().await?;
            let found = one(&mut tx, scope, id).await?.filter(|found| found.name.is_some());
            let Some(found) = found else { return Ok(StepOutcome::NotFound) };
            if !take(&mut tx, id, &Step::Done(String::new()), entry).await? {
                return Ok(StepOutcome::Already);
            }
            store_events(&mut tx, Some(SERVER_DEVICE), std::slice::from_ref(&new), entry.at_ms).await?;
            audit::add(&mut tx, &about(entry, &found)).await?;
            tx.commit().await?;
            Ok(StepOutcome::Done)
        })
        .await
    }

    /// Restricts a person, or lifts that; a request to restrict that is open is done with it. Returns nothing done when
    /// the request is not in scope or its person is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restrict_for_request(
        &self,
        scope: &Scope,
        id: Uuid,
        restricted: bool,
        entry: &NewAudit,
    ) -> Result<StepOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let found = one(&mut tx, scope, id).await?.filter(|found| found.name.is_some());
            let Some(found) = found else { return Ok(StepOutcome::NotFound) };
            let changed = sqlx::query(
                "UPDATE people SET restricted_ms = $1, version = version + 1, changed_ms = $2 \
                 WHERE (id = $3 OR merged_into = $3) AND (restricted_ms IS NULL) = (CAST($4 AS BIGINT) = 1)",
            )
            .bind(restricted.then_some(entry.at_ms))
            .bind(entry.at_ms)
            .bind(found.person.to_string())
            .bind(i64::from(restricted))
            .execute(&mut *tx)
            .await?;
            if changed.rows_affected() == 0 {
                return Ok(StepOutcome::Already);
            }
            if restricted {
                take(&mut tx, id, &Step::Done(String::new()), entry).await?;
            }
            audit::add(&mut tx, &about(entry, &found)).await?;
            tx.commit().await?;
            Ok(StepOutcome::Done)
        })
        .await
    }
}

async fn insert(tx: &mut AnyConnection, new: &NewRequest, path: &str) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO data_requests (id, person, path, kind, purpose, way, words, received_ms, entered_by, \
         extension_reason, answer, handled_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(new.id.to_string())
    .bind(new.person.to_string())
    .bind(path)
    .bind(new.kind.as_str())
    .bind(new.purpose.map(ConsentPurpose::as_str))
    .bind(if new.entered_by.is_some() { "commune" } else { "phone" })
    .bind(new.words.as_str())
    .bind(new.received_ms)
    .bind(new.entered_by.map(|staff| staff.to_string()))
    .bind(new.entered_by.map(|staff| staff.to_string()))
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Returns one request within a transaction.
pub(super) async fn one(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<DataRequest>> {
    let mut filter = Filter::new(SELECT);
    filter.texts("r.id = ?", [id.to_string().as_str()]);
    reach(&mut filter, scope);
    filter.statement().fetch_optional(connection).await?.as_ref().map(read).transpose()
}

/// Takes a step within a transaction. Returns false when it was taken before, or the request is closed.
pub(super) async fn take(tx: &mut AnyConnection, id: Uuid, step: &Step, entry: &NewAudit) -> Result<bool> {
    let mut update = Filter::new("UPDATE data_requests SET");
    let at = || Value::Number(entry.at_ms);
    match step {
        Step::Reply => update.add("replied_ms = ?", [at()]),
        Step::Extend(why) => update
            .add("extended_ms = ?, extension_reason = ?", [at(), Value::Text(why.clone())])
            .add(", replied_ms = COALESCE(replied_ms, ?)", [at()]),
        Step::Done(answer) => close(&mut update, "done", answer, entry.at_ms),
        Step::Refuse(why) => close(&mut update, "refused", why, entry.at_ms),
    };
    if let Some(staff) = entry.actor {
        update.texts(", handled_by = ?", [staff.to_string().as_str()]);
    }
    update.texts("WHERE id = ? AND closed_ms IS NULL", [id.to_string().as_str()]);
    match step {
        Step::Reply => update.add("AND replied_ms IS NULL", []),
        Step::Extend(_) => update.add("AND extended_ms IS NULL", []),
        Step::Done(_) | Step::Refuse(_) => &mut update,
    };
    Ok(update.statement().execute(tx).await?.rows_affected() > 0)
}

fn close<'f>(update: &'f mut Filter, outcome: &str, answer: &str, at_ms: i64) -> &'f mut Filter {
    update.add(
        "closed_ms = ?, replied_ms = COALESCE(replied_ms, ?)",
        [Value::Number(at_ms), Value::Number(at_ms)],
    );
    update.texts(", outcome = ?, answer = ?", [outcome, answer])
}

/// Returns an entry of the log with whom and where it is about.
pub(super) fn about(entry: &NewAudit, request: &DataRequest) -> NewAudit {
    NewAudit { person: Some(request.person), place: request.path.clone(), ..entry.clone() }
}

/// Adds that the person of a request is in scope, or lived in a whole place of it when she was deleted.
fn reach(filter: &mut Filter, scope: &Scope) {
    if let Scope::Of(reaches) = scope {
        filter.any_of("p", "COALESCE(p.path, r.path)", reaches);
    }
}

fn read(row: &AnyRow) -> Result<DataRequest> {
    let row = Row { table: "data_requests", row };
    let purpose: Option<String> = row.optional("purpose")?;
    let (replied_ms, closed_ms) = (row.optional::<i64>("replied_ms")?, row.optional::<i64>("closed_ms")?);
    let outcome: Option<String> = row.optional("outcome")?;
    let state = match (outcome, replied_ms) {
        (Some(_), _) => row.named("outcome")?,
        (None, Some(_)) => RequestState::Replied,
        (None, None) => RequestState::Received,
    };
    let extended_ms: Option<i64> = row.optional("extended_ms")?;
    let reason = row.text("extension_reason")?;
    Ok(DataRequest {
        id: row.parsed("id")?,
        person: row.parsed("person")?,
        name: row.optional("name")?,
        birth_year: row.optional("birth_year")?,
        place_name: row.optional("place_name")?,
        path: PlacePath::parse(&row.text("path")?),
        restricted: row.optional::<i64>("restricted_ms")?.is_some(),
        kind: row.named("kind")?,
        purpose: purpose.map(|_| row.named("purpose")).transpose()?,
        by_phone: row.text("way")? == "phone",
        words: row.text("words")?,
        received_ms: row.number("received_ms")?,
        replied_ms,
        extended: extended_ms.map(|at_ms| (at_ms, reason)),
        state,
        closed_ms,
        answer: row.text("answer")?,
        handled_by: row.optional("handled_by")?,
    })
}
