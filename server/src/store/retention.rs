//! Deleting what is past its term, in small steps, and finding records with which nothing happens any more.

use domain::ids::LearnerId;
use domain::scope::Scope;
use sqlx::any::AnyRow;

use super::filter::{Filter, Value};
use super::row::Row;
use super::{Result, Store};

/// The moments before which something goes; nothing where it stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PastTerm {
    /// Sessions begun before.
    pub sessions_ms: Option<i64>,
    /// Sessions used last before.
    pub idle_ms: Option<i64>,
    /// Entries of the log from before.
    pub audit_ms: Option<i64>,
    /// Requests and incidents closed before.
    pub requests_ms: Option<i64>,
    /// Tries counted since before.
    pub tries_ms: Option<i64>,
    /// What lists changed before.
    pub import_ms: Option<i64>,
}

/// How much was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Sessions.
    pub sessions: u64,
    /// Entries of the log.
    pub audit: u64,
    /// Requests and incidents.
    pub requests: u64,
    /// Counters of tries.
    pub tries: u64,
    /// Rows that could be taken back.
    pub import_rows: u64,
}

/// Somebody with whose record nothing happens any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inactive {
    /// Names the person.
    pub id: LearnerId,
    /// The name; empty when none was said.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<i64>,
    /// The name of the place.
    pub place_name: Option<String>,
    /// When something happened last.
    pub last_ms: i64,
}

impl Store {
    /// Deletes what is past its term: `step` rows a transaction, at most `steps_max` transactions a kind.
    ///
    /// # Errors
    /// When the database fails; what was deleted before stays deleted.
    pub async fn purge(&self, past: &PastTerm, step: u32, steps_max: u32) -> Result<Purged> {
        let mut purged = Purged::default();
        let kinds = [
            (past.sessions_ms, &mut purged.sessions, "staff_sessions", "id", "created_ms < ?"),
            (past.audit_ms, &mut purged.audit, "audit", "id", "at_ms < ?"),
            (past.requests_ms, &mut purged.requests, "data_requests", "id", "closed_ms < ?"),
            (past.tries_ms, &mut purged.tries, "pin_attempts", "code", "since_ms < ?"),
            (
                past.import_ms,
                &mut purged.import_rows,
                "import_rows",
                "batch",
                "batch IN (SELECT number FROM import_batches WHERE imported_ms < ?)",
            ),
        ];
        for (before, count, table, key, condition) in kinds {
            *count += self.purge_kind(before, (table, key, condition), (step, steps_max)).await?;
        }
        let idle = ("staff_sessions", "id", "seen_ms < ?");
        purged.sessions += self.purge_kind(past.idle_ms, idle, (step, steps_max)).await?;
        // Whom an incident concerned goes before the incident, perhaps over several runs.
        let closed = "incident IN (SELECT id FROM incidents WHERE closed_ms < ?)";
        self.purge_kind(past.requests_ms, ("incident_people", "incident", closed), (step, steps_max)).await?;
        let bare = "closed_ms < ? AND id NOT IN (SELECT incident FROM incident_people)";
        purged.requests +=
            self.purge_kind(past.requests_ms, ("incidents", "id", bare), (step, steps_max)).await?;
        let tries = ("staff_tries", "tried", "since_ms < ?");
        purged.tries += self.purge_kind(past.tries_ms, tries, (step, steps_max)).await?;
        Ok(purged)
    }

    async fn purge_kind(
        &self,
        before: Option<i64>,
        (table, key, condition): (&str, &str, &str),
        (step, steps_max): (u32, u32),
    ) -> Result<u64> {
        let Some(before) = before else { return Ok(0) };
        let mut all = 0;
        for _ in 0..steps_max {
            let mut delete =
                Filter::new(&format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE"));
            delete.add(condition, [Value::Number(before)]);
            delete.add("LIMIT ?)", [Value::Number(step.into())]);
            let gone = self
                .retry(async || Ok(delete.statement().execute(&self.writer).await?.rows_affected()))
                .await?;
            all += gone;
            if gone == 0 {
                break;
            }
        }
        Ok(all)
    }

    /// Returns people in scope with whose records nothing has happened since a moment, the longest first; `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn inactive_people(&self, scope: &Scope, since_ms: i64, limit: u32) -> Result<Vec<Inactive>> {
        let mut filter = Filter::new(
            "SELECT p.id, p.name, p.birth_year, pl.name AS place_name, p.changed_ms FROM people p \
             LEFT JOIN places pl ON pl.id = p.place WHERE p.merged_into IS NULL AND p.restricted_ms IS NULL",
        );
        let since = || [Value::Number(since_ms)];
        filter.add("AND p.changed_ms < ?", since());
        filter.add(
            "AND NOT EXISTS (SELECT 1 FROM events e WHERE e.learner = p.id AND e.received_ms >= ?)",
            since(),
        );
        filter.add(
            "AND NOT EXISTS (SELECT 1 FROM device_learners d JOIN devices v ON v.id = d.device \
             WHERE d.learner = p.id AND d.removed_ms IS NULL AND v.last_seen_ms >= ?)",
            since(),
        );
        filter.scope("p", scope).add("ORDER BY p.changed_ms, p.id LIMIT ?", [Value::Number(limit.into())]);
        let found = filter.statement().fetch_all(&self.reader).await?;
        let read = |row: &AnyRow| {
            let row = Row { table: "people", row };
            Ok(Inactive {
                id: row.parsed("id")?,
                name: row.text("name")?,
                birth_year: row.optional("birth_year")?,
                place_name: row.optional("place_name")?,
                last_ms: row.number("changed_ms")?,
            })
        };
        found.iter().map(read).collect()
    }
}
