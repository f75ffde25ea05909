//! What people decided about records that look like one person's, and who took it back.

use domain::ids::{DecisionId, LearnerId, StaffId};
use domain::scope::Scope;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use super::duplicate::{records_of, texts};
use super::filter::{Filter, Value};
use super::person::find;
use super::row::Row;
use super::{Result, Store};

/// What was decided about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// One person: `kept` stands for both.
    Merge,
    /// Two people.
    Apart,
}

/// A decision about two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Names the decision.
    pub id: DecisionId,
    /// What was decided.
    pub kind: DecisionKind,
    /// The record that stands for both after a merge; either one otherwise.
    pub kept: LearnerId,
    /// The other record.
    pub other: LearnerId,
    /// Who decided.
    pub decided_by: StaffId,
    /// When.
    pub decided_ms: i64,
    /// Who took it back and when, if somebody did.
    pub undone: Option<(StaffId, i64)>,
}

/// A decision with the names of those concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedDecision {
    /// The decision.
    pub decision: Decision,
    /// Name and birth year of the record that stays.
    pub kept: (String, Option<i64>),
    /// Name and birth year of the other record.
    pub other: (String, Option<i64>),
    /// Name of who decided.
    pub by: String,
    /// Name of who took it back.
    pub undone_by: Option<String>,
}

impl Store {
    /// Returns what was decided about a person and the records she stands for, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decisions_about(&self, scope: &Scope, id: LearnerId) -> Result<Vec<Decision>> {
        let mut connection = self.reader.acquire().await?;
        if find(&mut connection, scope, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let ids = texts(&records_of(&mut connection, id).await?);
        let mut filter = Filter::new("SELECT * FROM person_decisions WHERE (1 = 1");
        filter.list("AND kept IN", ids.iter().map(String::as_str)).add(") OR (1 = 1", []);
        filter.list("AND other IN", ids.iter().map(String::as_str));
        filter.add(") ORDER BY decided_ms DESC, id", []);
        filter.statement().fetch_all(&mut *connection).await?.iter().map(read_decision).collect()
    }

    /// Returns decisions about people in scope, both of them, the newest first; `before` is the last one of the page before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decisions(
        &self,
        scope: &Scope,
        before: Option<DecisionId>,
        limit: usize,
    ) -> Result<Vec<ListedDecision>> {
        // Ids are made of the time: their order is that of the decisions, along the primary key.
        let mut filter = Filter::new(
            "SELECT d.*, k.name AS kept_name, k.birth_year AS kept_year, o.name AS other_name, \
             o.birth_year AS other_year, who.whole_name AS who, whom.whole_name AS taker \
             FROM person_decisions d JOIN people k ON k.id = d.kept JOIN people o ON o.id = d.other \
             LEFT JOIN staff who ON who.id = d.decided_by LEFT JOIN staff whom ON whom.id = d.undone_by WHERE 1 = 1",
        );
        filter.scope("k", scope).scope("o", scope);
        if let Some(before) = before {
            filter.texts("AND d.id < ?", [before.to_string().as_str()]);
        }
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        filter.add("ORDER BY d.id DESC LIMIT ?", [limit]);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read_listed).collect()
    }
}

pub(super) async fn find_decision(tx: &mut AnyConnection, id: DecisionId) -> Result<Option<Decision>> {
    let found = sqlx::query("SELECT * FROM person_decisions WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(tx)
        .await?;
    found.as_ref().map(read_decision).transpose()
}

pub(super) fn read_decision(row: &AnyRow) -> Result<Decision> {
    let row = Row { table: "person_decisions", row };
    Ok(Decision {
        id: row.parsed("id")?,
        kind: match row.text("kind")?.as_str() {
            "merge" => DecisionKind::Merge,
            "apart" => DecisionKind::Apart,
            _ => return Err(row.unreadable("kind")),
        },
        kept: row.parsed("kept")?,
        other: row.parsed("other")?,
        decided_by: row.parsed("decided_by")?,
        decided_ms: row.number("decided_ms")?,
        undone: row.optional_parsed("undone_by")?.zip(row.optional::<i64>("undone_ms")?),
    })
}

fn read_listed(row: &AnyRow) -> Result<ListedDecision> {
    let decision = read_decision(row)?;
    let row = Row { table: "person_decisions", row };
    Ok(ListedDecision {
        decision,
        kept: (row.text("kept_name")?, row.optional("kept_year")?),
        other: (row.text("other_name")?, row.optional("other_year")?),
        by: row.optional::<String>("who")?.unwrap_or_default(),
        undone_by: row.optional("taker")?,
    })
}
