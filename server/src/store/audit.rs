//! Who saw or changed whom. Rows are added in the transaction of the change they tell of, and never changed.

use domain::ids::{LearnerId, StaffId};
use domain::scope::{PlacePath, Scope};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};
use uuid::Uuid;

use super::duplicate::records_of;
use super::filter::Filter;
use super::grant::Within;
use super::row::Row;
use super::{Result, Store};

/// Something that was done, to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// Names the row; UUIDv7, so that rows sort by time.
    pub id: Uuid,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who did it; nothing for the command line.
    pub actor: Option<StaffId>,
    /// What, as a stable name such as `staff-added`.
    pub action: &'static str,
    /// The learner concerned.
    pub person: Option<LearnerId>,
    /// The colleague concerned.
    pub staff: Option<StaffId>,
    /// Where the one concerned is.
    pub place: Option<PlacePath>,
    /// More, without personal data: a role, a count.
    pub detail: String,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Names the row.
    pub id: Uuid,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Name of who did it; nothing for the command line.
    pub actor: Option<String>,
    /// What, as a stable name.
    pub action: String,
    /// The learner concerned.
    pub person: Option<LearnerId>,
    /// Name of the colleague concerned.
    pub staff: Option<String>,
    /// More.
    pub detail: String,
}

/// Somebody saw or changed a person, as she herself is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The name of who did it; nothing for the command line.
    pub who: Option<String>,
    /// The widest role she held then.
    pub role: Option<String>,
    /// What, as a stable name.
    pub action: String,
}

/// Which entries are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Done by this colleague.
    pub actor: Option<StaffId>,
    /// From this moment on.
    pub from_ms: Option<i64>,
    /// Before this moment.
    pub until_ms: Option<i64>,
    /// Older than this entry: the last one of the page before.
    pub before: Option<Uuid>,
}

impl Store {
    /// Writes one entry that belongs to no change: somebody has looked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_audit(&self, new: &NewAudit) -> Result<()> {
        let mut connection = self.writer.acquire().await?;
        add(&mut connection, new).await
    }

    /// Returns entries about places within a scope, newest first, `limit` at most. Entries without a place are for those
    /// who may see everything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, scope: &Scope, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditEntry>> {
        let within = Within::of(scope, "a.place", 6);
        let text = format!(
            "SELECT a.id, a.at_ms, a.action, a.person, a.detail, who.whole_name AS actor, whom.whole_name AS staff \
             FROM audit a LEFT JOIN staff who ON who.id = a.actor LEFT JOIN staff whom ON whom.id = a.staff \
             WHERE a.actor >= $1 AND a.actor <= $2 AND a.at_ms >= $3 AND a.at_ms < $4 AND a.id < $5 AND {} \
             ORDER BY a.at_ms DESC, a.id DESC LIMIT {limit}",
            within.sql
        );
        // Without an actor to look for, the condition would hide what the command line did.
        let text = match filter.actor {
            Some(_) => text,
            None => text.replace("a.actor >= $1 AND a.actor <= $2", "$1 = $2"),
        };
        let actor = filter.actor.map(|id| id.to_string()).unwrap_or_default();
        let before = filter.before.map_or_else(|| "~".to_owned(), |id| id.to_string());
        let mut query = sqlx::query(AssertSqlSafe(text))
            .bind(actor.clone())
            .bind(actor)
            .bind(filter.from_ms.unwrap_or(0))
            .bind(filter.until_ms.unwrap_or(i64::MAX))
            .bind(before);
        for bound in within.bounds {
            query = query.bind(bound);
        }
        let found = query.fetch_all(&self.reader).await?;
        found.iter().map(read).collect()
    }

    /// Returns who saw or changed a learner on any record of hers, newest first, `limit` at most: what she herself may know.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn looks_at(&self, learner: LearnerId, limit: u32) -> Result<Vec<LookedAt>> {
        let mut connection = self.reader.acquire().await?;
        let ids: Vec<String> =
            records_of(&mut connection, learner).await?.iter().map(LearnerId::to_string).collect();
        let mut filter = Filter::new(
            "SELECT a.id, a.at_ms, a.action, who.whole_name, (SELECT g.role FROM staff_grants g WHERE g.staff = a.actor \
             AND g.from_ms <= a.at_ms AND (g.until_ms IS NULL OR g.until_ms > a.at_ms) \
             ORDER BY CASE g.role WHEN 'system-admin' THEN 0 WHEN 'place-admin' THEN 1 ELSE 2 END, g.id LIMIT 1) AS role \
             FROM audit a LEFT JOIN staff who ON who.id = a.actor WHERE 1 = 1",
        );
        filter.list("AND a.person IN", ids.iter().map(String::as_str));
        filter.add(&format!("ORDER BY a.at_ms DESC, a.id DESC LIMIT {limit}"), []);
        let found = filter.statement().fetch_all(&mut *connection).await?;
        let read = |row: &AnyRow| {
            let row = Row { table: "audit", row };
            Ok(LookedAt {
                at_ms: row.number("at_ms")?,
                who: row.optional("whole_name")?,
                role: row.optional("role")?,
                action: row.text("action")?,
            })
        };
        found.iter().map(read).collect()
    }

    /// Returns who saw or changed a person in scope, newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_about(&self, scope: &Scope, id: LearnerId, limit: u32) -> Result<Vec<AuditEntry>> {
        // Whoever has the person now also sees what was done before she moved here.
        let mut filter = Filter::new(
            "SELECT a.id, a.at_ms, a.action, a.person, a.detail, who.whole_name AS actor, whom.whole_name AS staff \
             FROM people p JOIN audit a ON a.person = p.id \
             LEFT JOIN staff who ON who.id = a.actor LEFT JOIN staff whom ON whom.id = a.staff WHERE",
        );
        filter.texts("p.id = ?", [id.to_string().as_str()]).scope("p", scope);
        filter.add(&format!("ORDER BY a.at_ms DESC, a.id DESC LIMIT {limit}"), []);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<AuditEntry> {
    let row = Row { table: "audit", row };
    Ok(AuditEntry {
        id: row.parsed("id")?,
        at_ms: row.number("at_ms")?,
        actor: row.optional("actor")?,
        action: row.text("action")?,
        person: row.optional_parsed("person")?,
        staff: row.optional("staff")?,
        detail: row.text("detail")?,
    })
}

/// Writes one entry within a transaction.
pub(super) async fn add(connection: &mut AnyConnection, new: &NewAudit) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (id, at_ms, actor, action, person, staff, place, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id.to_string())
    .bind(new.at_ms)
    .bind(new.actor.map(|id| id.to_string()))
    .bind(new.action)
    .bind(new.person.map(|id| id.to_string()))
    .bind(new.staff.map(|id| id.to_string()))
    .bind(new.place.as_ref().map(|place| place.as_str().to_owned()))
    .bind(new.detail.as_str())
    .execute(connection)
    .await?;
    Ok(())
}
