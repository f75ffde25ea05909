//! Incidents with personal data. Written down and closed, never deleted.

use domain::ids::{LearnerId, StaffId};
use domain::scope::{PlacePath, Scope};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::audit::{self, NewAudit};
use super::filter::{Filter, Value};
use super::placeholders::with_rows;
use super::row::Row;
use super::{Result, Store};

/// What is written about an incident.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncidentText {
    /// What happened.
    pub what: String,
    /// When it was detected.
    pub detected_ms: i64,
    /// Which kinds of data.
    pub kinds: String,
    /// How many people it concerns.
    pub people_number: i64,
    /// What harm is likely.
    pub harm: String,
    /// What was done.
    pub done: String,
    /// When the authority was told.
    pub told_ms: Option<i64>,
    /// How, and by whom.
    pub told: String,
}

/// An incident to write down, or anew.
#[derive(Debug, Clone)]
pub struct NewIncident {
    /// Names it.
    pub id: Uuid,
    /// 0 for a new one, else what stood there when it was opened.
    pub version: i64,
    /// Where; nothing for everywhere.
    pub place: Option<PlacePath>,
    /// What is written.
    pub text: IncidentText,
    /// Whom it concerns.
    pub people: Vec<LearnerId>,
    /// Who writes it.
    pub by: StaffId,
}

/// Somebody whom an incident concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentPerson {
    /// Names the person.
    pub id: LearnerId,
    /// The name.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<i64>,
    /// The name of the place.
    pub place_name: Option<String>,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Names it.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// Where.
    pub place: Option<PlacePath>,
    /// What is written.
    pub text: IncidentText,
    /// Whom it concerns, of those in scope.
    pub people: Vec<IncidentPerson>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// Name of who wrote it down.
    pub entered_by: String,
}

/// What became of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentOutcome {
    /// Written now.
    Written,
    /// No such incident in scope.
    NotFound,
    /// Somebody else wrote meanwhile.
    ChangedMeanwhile,
    /// It is closed.
    Closed,
}

const SELECT: &str = "SELECT i.id, i.path, i.what, i.detected_ms, i.kinds, i.people_number, i.harm, i.done, i.told_ms, i.told, \
     i.closed_ms, i.version, who.whole_name FROM incidents i JOIN staff who ON who.id = i.entered_by WHERE 1 = 1";

impl Store {
    /// Returns the incidents in scope, those that are open first, then the newest; `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn incidents(&self, scope: &Scope, limit: u32) -> Result<Vec<Incident>> {
        let mut connection = self.reader.acquire().await?;
        let mut filter = Filter::new(SELECT);
        reach(&mut filter, scope);
        filter.add(
            "ORDER BY CASE WHEN i.closed_ms IS NULL THEN 0 ELSE 1 END, i.detected_ms DESC, i.id LIMIT ?",
            [Value::Number(limit.into())],
        );
        let found = filter.statement().fetch_all(&mut *connection).await?;
        let mut incidents: Vec<Incident> = found.iter().map(read).collect::<Result<_>>()?;
        for incident in &mut incidents {
            incident.people = people_of(&mut connection, scope, incident.id).await?;
        }
        Ok(incidents)
    }

    /// Writes an incident down, or anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_incident(
        &self,
        scope: &Scope,
        new: &NewIncident,
        entry: &NewAudit,
    ) -> Result<IncidentOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let place = if new.version == 0 {
                insert(&mut tx, new, entry.at_ms).await?;
                new.place.clone()
            } else {
                let Some(stored) = one(&mut tx, scope, new.id).await? else {
                    return Ok(IncidentOutcome::NotFound);
                };
                if stored.closed_ms.is_some() {
                    return Ok(IncidentOutcome::Closed);
                }
                if !update(&mut tx, new).await? {
                    return Ok(IncidentOutcome::ChangedMeanwhile);
                }
                stored.place
            };
            concern(&mut tx, scope, new).await?;
            audit::add(&mut tx, &NewAudit { place, ..entry.clone() }).await?;
            tx.commit().await?;
            Ok(IncidentOutcome::Written)
        })
        .await
    }

    /// Closes an incident, once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_incident(&self, scope: &Scope, id: Uuid, entry: &NewAudit) -> Result<IncidentOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(stored) = one(&mut tx, scope, id).await? else { return Ok(IncidentOutcome::NotFound) };
            let closed = sqlx::query(
                "UPDATE incidents SET closed_ms = $1, version = version + 1 WHERE id = $2 AND closed_ms IS NULL",
            )
            .bind(entry.at_ms)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
            if closed.rows_affected() == 0 {
                return Ok(IncidentOutcome::Closed);
            }
            audit::add(&mut tx, &NewAudit { place: stored.place, ..entry.clone() }).await?;
            tx.commit().await?;
            Ok(IncidentOutcome::Written)
        })
        .await
    }
}

async fn insert(tx: &mut AnyConnection, new: &NewIncident, now_ms: i64) -> Result<()> {
    let text = &new.text;
    sqlx::query(
        "INSERT INTO incidents (id, path, what, detected_ms, kinds, people_number, harm, done, told_ms, told, version, \
         entered_by, entered_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12)",
    )
    .bind(new.id.to_string())
    .bind(new.place.as_ref().map(|place| place.as_str().to_owned()).unwrap_or_default())
    .bind(text.what.as_str())
    .bind(text.detected_ms)
    .bind(text.kinds.as_str())
    .bind(text.people_number)
    .bind(text.harm.as_str())
    .bind(text.done.as_str())
    .bind(text.told_ms)
    .bind(text.told.as_str())
    .bind(new.by.to_string())
    .bind(now_ms)
    .execute(tx)
    .await?;
    Ok(())
}

async fn update(tx: &mut AnyConnection, new: &NewIncident) -> Result<bool> {
    let text = &new.text;
    let done = sqlx::query(
        "UPDATE incidents SET what = $1, detected_ms = $2, kinds = $3, people_number = $4, harm = $5, done = $6, \
         told_ms = $7, told = $8, version = version + 1 WHERE id = $9 AND version = $10",
    )
    .bind(text.what.as_str())
    .bind(text.detected_ms)
    .bind(text.kinds.as_str())
    .bind(text.people_number)
    .bind(text.harm.as_str())
    .bind(text.done.as_str())
    .bind(text.told_ms)
    .bind(text.told.as_str())
    .bind(new.id.to_string())
    .bind(new.version)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Writes whom it concerns. People out of scope, or gone, are neither added nor taken away: who writes does not see them.
async fn concern(tx: &mut AnyConnection, scope: &Scope, new: &NewIncident) -> Result<()> {
    let ids: Vec<String> = new.people.iter().map(LearnerId::to_string).collect();
    let mut seen = Filter::new("DELETE FROM incident_people WHERE");
    seen.texts(
        "incident = ? AND person IN (SELECT p.id FROM people p WHERE 1 = 1",
        [new.id.to_string().as_str()],
    );
    seen.scope("p", scope).add(")", []);
    seen.statement().execute(&mut *tx).await?;
    let mut filter = Filter::new("SELECT p.id FROM people p WHERE 1 = 1");
    filter.list("AND p.id IN", ids.iter().map(String::as_str)).scope("p", scope);
    let found = filter.statement().fetch_all(&mut *tx).await?;
    if found.is_empty() {
        return Ok(());
    }
    let mut rows = with_rows(
        "INSERT INTO incident_people (incident, person) VALUES",
        found.len(),
        2,
        "ON CONFLICT DO NOTHING",
    );
    for row in &found {
        rows = rows.bind(new.id.to_string()).bind(Row { table: "people", row }.text("id")?);
    }
    rows.execute(tx).await?;
    Ok(())
}

async fn one(connection: &mut AnyConnection, scope: &Scope, id: Uuid) -> Result<Option<Incident>> {
    let mut filter = Filter::new(SELECT);
    filter.texts("AND i.id = ?", [id.to_string().as_str()]);
    reach(&mut filter, scope);
    filter.statement().fetch_optional(connection).await?.as_ref().map(read).transpose()
}

async fn people_of(connection: &mut AnyConnection, scope: &Scope, id: Uuid) -> Result<Vec<IncidentPerson>> {
    let mut filter = Filter::new(
        "SELECT p.id, p.name, p.birth_year, pl.name AS place_name FROM incident_people c JOIN people p ON p.id = c.person \
         LEFT JOIN places pl ON pl.id = p.place WHERE",
    );
    filter.texts("c.incident = ?", [id.to_string().as_str()]).scope("p", scope);
    filter.add("ORDER BY p.sort_key, p.id", []);
    let found = filter.statement().fetch_all(connection).await?;
    let read = |row: &AnyRow| {
        let row = Row { table: "people", row };
        Ok(IncidentPerson {
            id: row.parsed("id")?,
            name: row.text("name")?,
            birth_year: row.optional("birth_year")?,
            place_name: row.optional("place_name")?,
        })
    };
    found.iter().map(read).collect()
}

/// Adds that the place of an incident is in scope; one that concerns everywhere is for those who may see everything.
fn reach(filter: &mut Filter, scope: &Scope) {
    if let Some(places) = scope.whole_places() {
        filter.within("i.path", &places);
    }
}

fn read(row: &AnyRow) -> Result<Incident> {
    let row = Row { table: "incidents", row };
    Ok(Incident {
        id: row.parsed("id")?,
        version: row.number("version")?,
        place: PlacePath::parse(&row.text("path")?),
        text: IncidentText {
            what: row.text("what")?,
            detected_ms: row.number("detected_ms")?,
            kinds: row.text("kinds")?,
            people_number: row.number("people_number")?,
            harm: row.text("harm")?,
            done: row.text("done")?,
            told_ms: row.optional("told_ms")?,
            told: row.text("told")?,
        },
        people: Vec::new(),
        closed_ms: row.optional("closed_ms")?,
        entered_by: row.text("whole_name")?,
    })
}
