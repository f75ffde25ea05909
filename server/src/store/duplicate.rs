//! Records that look like one person's: a list for people to decide on, deciding, and taking a decision back. What was
//! decided is read in `decision.rs`.
//!
//! Merging moves nothing. The facts stay where they were written; `merged_into` says which record stands for a person,
//! and progress, certificates and counts are read over all records of one ([`records_of`]). Taking a merge back gives
//! each record its own again.

use std::collections::BTreeMap;

use domain::ids::{DecisionId, LearnerId, StaffId};
use domain::person::Likeness;
use domain::scope::Scope;
use sqlx::AnyConnection;

use super::decision::{DecisionKind, find_decision, read_decision};
use super::filter::{Filter, Value};
use super::person::{Person, about, find, lock};
use super::row::Row;
use super::{NewAudit, Result, Store, audit};

/// Two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelyDuplicate {
    /// One.
    pub a: Person,
    /// The other.
    pub b: Person,
    /// Why they look like one.
    pub likeness: Likeness,
    /// When that was noticed.
    pub found_ms: i64,
}

/// Where a page of pairs ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairCursor {
    /// When the last pair was noticed.
    pub found_ms: i64,
    /// The last pair.
    pub a: LearnerId,
    /// The last pair.
    pub b: LearnerId,
}

/// Entries of the log about a pair of records: the one that stays first. They are told whom and where they are about.
pub type PairEntries = [NewAudit; 2];

/// A decision to write.
#[derive(Debug, Clone, Copy)]
pub struct NewDecision {
    /// Names the decision.
    pub id: DecisionId,
    /// The record that is to stand for both after a merge; either one otherwise.
    pub kept: LearnerId,
    /// The other record.
    pub other: LearnerId,
    /// Who decides.
    pub by: StaffId,
}

/// What became of a decision, or of taking one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionOutcome {
    /// Done.
    Done,
    /// One of the two is not there or not in scope, or both are the same.
    NotFound,
    /// Decided or taken back meanwhile.
    Already,
}

impl Store {
    /// Returns pairs in scope on which nobody has decided, the newest first, from a cursor on. Both must be in scope: the list
    /// of one commune says nothing about people of another.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn likely_duplicates(
        &self,
        scope: &Scope,
        after: Option<PairCursor>,
        limit: usize,
    ) -> Result<Vec<LikelyDuplicate>> {
        let mut connection = self.reader.acquire().await?;
        let mut filter = Filter::new(
            "SELECT d.a, d.b, d.likeness, d.found_ms FROM likely_duplicates d JOIN people p ON p.id = d.a \
             JOIN people q ON q.id = d.b WHERE d.state = 'open' AND p.merged_into IS NULL AND q.merged_into IS NULL \
             AND p.restricted_ms IS NULL AND q.restricted_ms IS NULL",
        );
        filter.scope("p", scope).scope("q", scope);
        if let Some(PairCursor { found_ms, a, b }) = after {
            let at = || Value::Number(found_ms);
            let pair = [a, b].map(|id| Value::Text(id.to_string()));
            let values = [at(), at()].into_iter().chain(pair);
            filter.add("AND (d.found_ms < ? OR (d.found_ms = ? AND (d.a, d.b) > (?, ?)))", values);
        }
        let limit = Value::Number(i64::try_from(limit).unwrap_or(i64::MAX));
        filter.add("ORDER BY d.found_ms DESC, d.a, d.b LIMIT ?", [limit]);
        let mut pairs = Vec::new();
        for row in &filter.statement().fetch_all(&mut *connection).await? {
            let row = Row { table: "likely_duplicates", row };
            let (a, b) = (row.parsed("a")?, row.parsed("b")?);
            let a = find(&mut connection, scope, a).await?;
            if let Some((a, b)) = a.zip(find(&mut connection, scope, b).await?) {
                let (likeness, found_ms) = (row.named("likeness")?, row.number("found_ms")?);
                pairs.push(LikelyDuplicate { a, b, likeness, found_ms });
            }
        }
        Ok(pairs)
    }

    /// Lets one record stand for another one too. Both are told of in the log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn merge_people(
        &self,
        scope: &Scope,
        new: NewDecision,
        entries: &PairEntries,
        now_ms: i64,
    ) -> Result<DecisionOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some([kept, other]) = both(&mut tx, scope, new).await? else {
                return Ok(DecisionOutcome::NotFound);
            };
            if kept.merged_into.is_some() || other.merged_into.is_some() {
                return Ok(DecisionOutcome::Already);
            }
            write(&mut tx, new, DecisionKind::Merge, now_ms).await?;
            sqlx::query(
                "UPDATE people SET merged_into = $1, version = version + 1, changed_ms = $2 \
                 WHERE id = $3 OR merged_into = $3",
            )
            .bind(new.kept.to_string())
            .bind(now_ms)
            .bind(new.other.to_string())
            .execute(&mut *tx)
            .await?;
            write_down(&mut tx, entries, [&kept, &other]).await?;
            tx.commit().await?;
            Ok(DecisionOutcome::Done)
        })
        .await
    }

    /// Remembers that two records are two people's. Both are told of in the log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_people_apart(
        &self,
        scope: &Scope,
        new: NewDecision,
        entries: &PairEntries,
        now_ms: i64,
    ) -> Result<DecisionOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some([kept, other]) = both(&mut tx, scope, new).await? else {
                return Ok(DecisionOutcome::NotFound);
            };
            if state_of(&mut tx, new).await?.is_some_and(|state| state != "open") {
                return Ok(DecisionOutcome::Already);
            }
            write(&mut tx, new, DecisionKind::Apart, now_ms).await?;
            write_down(&mut tx, entries, [&kept, &other]).await?;
            tx.commit().await?;
            Ok(DecisionOutcome::Done)
        })
        .await
    }

    /// Takes a decision back; the pair is open again. Both are told of in the log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undo_decision(
        &self,
        scope: &Scope,
        (id, by): (DecisionId, StaffId),
        entries: &PairEntries,
        now_ms: i64,
    ) -> Result<DecisionOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(decision) = find_decision(&mut tx, id).await? else { return Ok(DecisionOutcome::NotFound) };
            let pair = NewDecision { id, kept: decision.kept, other: decision.other, by };
            let Some([kept, other]) = both(&mut tx, scope, pair).await? else {
                return Ok(DecisionOutcome::NotFound);
            };
            // Only one of two who take it back at once finds it standing.
            let undone = sqlx::query(
                "UPDATE person_decisions SET undone_by = $1, undone_ms = $2 WHERE id = $3 AND undone_ms IS NULL",
            )
            .bind(by.to_string())
            .bind(now_ms)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
            if undone.rows_affected() == 0 {
                return Ok(DecisionOutcome::Already);
            }
            set_state(&mut tx, pair, "open").await?;
            if decision.kind == DecisionKind::Merge {
                part(&mut tx, decision.other, now_ms).await?;
            }
            write_down(&mut tx, entries, [&kept, &other]).await?;
            tx.commit().await?;
            Ok(DecisionOutcome::Done)
        })
        .await
    }
}

/// Returns all records of the person to whom this one belongs: the standing one first. A record nobody knows is alone.
pub(super) async fn records_of(connection: &mut AnyConnection, id: LearnerId) -> Result<Vec<LearnerId>> {
    let found = sqlx::query("SELECT id, merged_into FROM people WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let into =
        found.as_ref().map(|row| Row { table: "people", row }.optional_parsed("merged_into")).transpose()?;
    let standing: LearnerId = into.flatten().unwrap_or(id);
    let others = sqlx::query("SELECT id FROM people WHERE merged_into = $1 ORDER BY id")
        .bind(standing.to_string())
        .fetch_all(&mut *connection)
        .await?;
    let others = others.iter().map(|row| Row { table: "people", row }.parsed("id"));
    std::iter::once(Ok(standing)).chain(others).collect()
}

/// Locks both records in the order of ids and returns them, if both are in scope.
async fn both(tx: &mut AnyConnection, scope: &Scope, pair: NewDecision) -> Result<Option<[Person; 2]>> {
    if pair.kept == pair.other {
        return Ok(None);
    }
    lock(tx, pair.kept.min(pair.other)).await?;
    lock(tx, pair.kept.max(pair.other)).await?;
    let kept = find(tx, scope, pair.kept).await?;
    let pair = kept.zip(find(tx, scope, pair.other).await?).map(|(kept, other)| [kept, other]);
    Ok(pair.filter(|pair| pair.iter().all(|person| !person.restricted)))
}

async fn write_down(tx: &mut AnyConnection, entries: &PairEntries, people: [&Person; 2]) -> Result<()> {
    for (entry, person) in entries.iter().zip(people) {
        audit::add(tx, &about(entry, person)).await?;
    }
    Ok(())
}

async fn write(tx: &mut AnyConnection, new: NewDecision, kind: DecisionKind, now_ms: i64) -> Result<()> {
    let (name, state) = match kind {
        DecisionKind::Merge => ("merge", "merged"),
        DecisionKind::Apart => ("apart", "apart"),
    };
    sqlx::query(
        "INSERT INTO person_decisions (id, kind, kept, other, decided_by, decided_ms) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id.to_string())
    .bind(name)
    .bind(new.kept.to_string())
    .bind(new.other.to_string())
    .bind(new.by.to_string())
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    set_state(tx, new, state).await
}

async fn state_of(tx: &mut AnyConnection, pair: NewDecision) -> Result<Option<String>> {
    let found = sqlx::query("SELECT a, state FROM likely_duplicates WHERE a = $1 AND b = $2")
        .bind(pair.kept.min(pair.other).to_string())
        .bind(pair.kept.max(pair.other).to_string())
        .fetch_optional(tx)
        .await?;
    found.as_ref().map(|row| Row { table: "likely_duplicates", row }.text("state")).transpose()
}

async fn set_state(tx: &mut AnyConnection, pair: NewDecision, state: &'static str) -> Result<()> {
    sqlx::query("UPDATE likely_duplicates SET state = $1 WHERE a = $2 AND b = $3")
        .bind(state)
        .bind(pair.kept.min(pair.other).to_string())
        .bind(pair.kept.max(pair.other).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Says anew which record stands for each of a person's, from the merges that still hold.
async fn part(tx: &mut AnyConnection, member: LearnerId, now_ms: i64) -> Result<()> {
    let records = records_of(tx, member).await?;
    let ids = texts(&records);
    let mut filter = Filter::new("SELECT * FROM person_decisions WHERE kind = 'merge' AND undone_ms IS NULL");
    filter.list("AND other IN", ids.iter().map(String::as_str));
    let merges = filter.statement().fetch_all(&mut *tx).await?;
    let merges = merges.iter().map(read_decision).collect::<Result<Vec<_>>>()?;
    let into: BTreeMap<LearnerId, LearnerId> = merges.iter().map(|merge| (merge.other, merge.kept)).collect();
    for id in records {
        let mut standing = id;
        // Only standing records are merged, so the steps lead away from where they began and end.
        while let Some(next) = into.get(&standing) {
            standing = *next;
        }
        sqlx::query(
            "UPDATE people SET merged_into = $1, version = version + 1, changed_ms = $2 WHERE id = $3",
        )
        .bind((standing != id).then(|| standing.to_string()))
        .bind(now_ms)
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

pub(super) fn texts(ids: &[LearnerId]) -> Vec<String> {
    ids.iter().map(LearnerId::to_string).collect()
}

#[cfg(test)]
mod tests;
