//! What was set aside, as a person looks at it: listed, made a fact, closed, opened again. Nothing is deleted.

use domain::aside::Settlement;
use domain::ids::{DeviceId, LearnerId, StaffId};
use domain::scope::{PlacePath, Scope};
use domain::sync::Code;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::audit::{self, NewAudit};
use super::event::{NewEvent, store_events};
use super::filter::{Filter, Value};
use super::person::find;
use super::row::Row;
use super::{Result, Store};

/// Something set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Names it.
    pub id: Uuid,
    /// When it arrived, in milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// The phone that sent it.
    pub device: DeviceId,
    /// What kind of browser the phone is.
    pub phone: String,
    /// Why it was set aside.
    pub code: Code,
    /// What was sent, as it was sent.
    pub body: String,
    /// Whom it is about, if such a person is known.
    pub person: Option<AsidePerson>,
    /// What became of it, once somebody settled it.
    pub settled: Option<Settled>,
}

/// Whom something set aside is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsidePerson {
    /// Names the person.
    pub id: LearnerId,
    /// The name; empty when none was said.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<i64>,
    /// The name of the place.
    pub place_name: Option<String>,
    /// The place with everything above it, once it is known.
    pub path: Option<PlacePath>,
}

/// What became of something set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// How it was settled.
    pub how: Settlement,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The name of who settled it.
    pub by: String,
}

/// How something set aside is to be settled.
#[derive(Debug, Clone)]
pub struct Settling<'a> {
    /// What is settled.
    pub id: Uuid,
    /// How.
    pub how: Settlement,
    /// Who settles it.
    pub by: StaffId,
    /// The chosen person, when it becomes a fact of hers.
    pub bound_to: Option<LearnerId>,
    /// The fact that it becomes, if it is none yet. Its learner is whose it becomes; its JSON is what was sent.
    pub event: Option<&'a NewEvent>,
}

/// What became of a settling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleOutcome {
    /// Settled now.
    Settled,
    /// Not there, out of scope, or settled by somebody before.
    NotOpen,
    /// No such person within the scope.
    NoPerson,
    /// The id is taken by a different fact.
    IdConflict,
}

const SELECT: &str = "SELECT q.id, q.received_ms, q.device, d.label, q.code, q.body, q.closed_ms, q.outcome, \
     who.whole_name, p.id AS person, p.name, p.birth_year, p.path, pl.name AS place_name \
     FROM quarantine q JOIN devices d ON d.id = q.device \
     LEFT JOIN people p ON p.id = COALESCE(q.bound_to, q.learner) AND p.restricted_ms IS NULL LEFT JOIN places pl ON pl.id = p.place \
     LEFT JOIN staff who ON who.id = q.closed_by WHERE";

impl Store {
    /// Returns what was set aside about people in scope, newest first: what is still open, or what was settled; older than
    /// `before`, `limit` at most. What is about nobody known is for those who may see everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_asides(
        &self,
        scope: &Scope,
        settled: bool,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<SetAside>> {
        let mut filter = Filter::new(SELECT);
        filter.add(if settled { "q.closed_ms IS NOT NULL" } else { "q.closed_ms IS NULL" }, []);
        if let Some(before) = before {
            filter.texts("AND q.id < ?", [before.to_string().as_str()]);
        }
        filter.scope("p", scope).add("ORDER BY q.id DESC LIMIT ?", [Value::Number(limit.into())]);
        let found = filter.statement().fetch_all(&self.reader).await?;
        found.iter().map(read).collect()
    }

    /// Returns one thing set aside, if its person is in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_aside(&self, scope: &Scope, id: Uuid) -> Result<Option<SetAside>> {
        let mut filter = Filter::new(SELECT);
        filter.texts("q.id = ?", [id.to_string().as_str()]).scope("p", scope);
        let found = filter.statement().fetch_optional(&self.reader).await?;
        found.as_ref().map(read).transpose()
    }

    /// Settles something set aside, once: the fact, the decision and the entry of the log together or not at all.
    ///
    /// # Errors
    /// When the database fails; then nothing was changed.
    pub async fn settle_aside(
        &self,
        scope: &Scope,
        settling: &Settling<'_>,
        entry: &NewAudit,
    ) -> Result<SettleOutcome> {
        self.retry(|| self.try_settle(scope, settling, entry)).await
    }

    async fn try_settle(
        &self,
        scope: &Scope,
        settling: &Settling<'_>,
        entry: &NewAudit,
    ) -> Result<SettleOutcome> {
        let mut tx = self.begin().await?;
        let person = settling.bound_to.map(|person| person.to_string());
        let mut update = Filter::new("UPDATE quarantine SET");
        let (id, by) = (settling.id.to_string(), settling.by.to_string());
        update.add("closed_ms = ?,", [Value::Number(entry.at_ms)]);
        update.texts("closed_by = ?, outcome = ?", [by.as_str(), settling.how.as_str()]);
        if let Some(person) = &person {
            update.texts(", bound_to = ?", [person.as_str()]);
        }
        update.texts("WHERE id = ? AND closed_ms IS NULL", [id.as_str()]);
        of_people_in(&mut update, scope);
        // Whoever comes second waits here, and then finds it settled.
        if update.statement().fetch_optional(&mut *tx).await?.is_none() {
            return Ok(SettleOutcome::NotOpen);
        }
        if let Some(person) = settling.bound_to
            && find(&mut tx, scope, person).await?.is_none_or(|person| person.restricted)
        {
            return Ok(SettleOutcome::NoPerson);
        }
        if let Some(event) = settling.event {
            let already = store_events(&mut tx, None, std::slice::from_ref(event), entry.at_ms).await?;
            if already.values().any(|json| *json != event.json) {
                return Ok(SettleOutcome::IdConflict);
            }
        }
        audit::add(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(SettleOutcome::Settled)
    }

    /// Opens again what was closed without becoming a fact; false when there is nothing such in scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reopen_aside(&self, scope: &Scope, id: Uuid, entry: &NewAudit) -> Result<bool> {
        let mut tx = self.begin().await?;
        let mut update = Filter::new(
            "UPDATE quarantine SET closed_ms = NULL, closed_by = NULL, outcome = NULL WHERE closed_ms IS NOT NULL",
        );
        update.texts("AND id = ?", [id.to_string().as_str()]);
        update.list("AND outcome IN", Settlement::CLOSINGS.map(Settlement::as_str));
        of_people_in(&mut update, scope);
        if update.statement().fetch_optional(&mut *tx).await?.is_none() {
            return Ok(false);
        }
        audit::add(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Ends an update with the scope of the rows' people.
fn of_people_in(update: &mut Filter, scope: &Scope) {
    if *scope != Scope::All {
        update.add("AND EXISTS (SELECT 1 FROM people p WHERE p.id = quarantine.learner", []);
        update.scope("p", scope).add(")", []);
    }
    update.add("RETURNING id", []);
}

fn read(row: &AnyRow) -> Result<SetAside> {
    let row = Row { table: "quarantine", row };
    let person: Option<LearnerId> = row.optional_parsed("person")?;
    let person = match person {
        Some(id) => Some(AsidePerson {
            id,
            name: row.text("name")?,
            birth_year: row.optional("birth_year")?,
            place_name: row.optional("place_name")?,
            path: PlacePath::parse(&row.text("path")?),
        }),
        None => None,
    };
    let at_ms: Option<i64> = row.optional("closed_ms")?;
    let settled = match at_ms {
        Some(at_ms) => Some(Settled { how: row.named("outcome")?, at_ms, by: row.text("whole_name")? }),
        None => None,
    };
    Ok(SetAside {
        id: row.parsed("id")?,
        received_ms: row.number("received_ms")?,
        device: row.parsed("device")?,
        phone: row.text("label")?,
        code: row.named("code")?,
        body: row.text("body")?,
        person,
        settled,
    })
}
