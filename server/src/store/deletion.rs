//! Deleting a person at her own wish: the only place where facts are ever deleted.
//!
//! What stays is a marker without personal data: the number that named her record, when, and why. By it every phone that
//! still has the record is told to clear itself, nothing of it is stored again, and a restored backup is brought to the same
//! state ([`Store::apply_deletions`]).

use std::collections::BTreeSet;

use domain::ids::{CertificateId, LearnerId};
use domain::scope::Scope;
use sqlx::{AnyConnection, AssertSqlSafe};
use uuid::Uuid;

use super::data_request::{Step, StepOutcome, about, one, take};
use super::duplicate::records_of;
use super::filter::Filter;
use super::person::lock;
use super::row::Row;
use super::{NewAudit, Result, Store, audit};

/// Why a record was deleted, as it stands in its marker.
const AT_HER_WISH: &str = "request";

/// Markers looked at in one step of [`Store::apply_deletions`].
const MARKERS_STEP: usize = 500;

impl Store {
    /// Deletes the person of a request with all her records, all or nothing, and closes the request. Nobody can undo it.
    ///
    /// # Errors
    /// When the database fails; then nothing was deleted.
    pub async fn delete_for_request(&self, scope: &Scope, id: Uuid, entry: &NewAudit) -> Result<StepOutcome> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let found = one(&mut tx, scope, id).await?.filter(|found| found.name.is_some());
            let Some(found) = found else { return Ok(StepOutcome::NotFound) };
            let mut records = records_of(&mut tx, found.person).await?;
            records.sort();
            for record in &records {
                lock(&mut tx, *record).await?;
            }
            if !take(&mut tx, id, &Step::Done(String::new()), entry).await? {
                return Ok(StepOutcome::Already);
            }
            erase(&mut tx, &records, entry.at_ms).await?;
            // Whatever else she asked is answered by this; the reasons given to her may name her.
            let ids: Vec<String> = records.iter().map(LearnerId::to_string).collect();
            let mut close =
                Filter::new("UPDATE data_requests SET words = '', extension_reason = '', answer = '',");
            let at = || super::filter::Value::Number(entry.at_ms);
            close.add("closed_ms = COALESCE(closed_ms, ?), outcome = COALESCE(outcome, 'done')", [at()]);
            close.list("WHERE person IN", ids.iter().map(String::as_str));
            close.statement().execute(&mut *tx).await?;
            audit::add(&mut tx, &about(entry, &found)).await?;
            tx.commit().await?;
            Ok(StepOutcome::Done)
        })
        .await
    }

    /// Returns those of these learners whose records were deleted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deleted_among(&self, learners: &BTreeSet<LearnerId>) -> Result<BTreeSet<LearnerId>> {
        let mut connection = self.reader.acquire().await?;
        deleted_among(&mut connection, learners).await
    }

    /// Returns the numbers of all certificates that were withdrawn.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdrawn_certificates(&self) -> Result<Vec<CertificateId>> {
        let found =
            sqlx::query("SELECT id FROM withdrawn_certificates ORDER BY id").fetch_all(&self.reader).await?;
        found.iter().map(|row| Row { table: "withdrawn_certificates", row }.parsed("id")).collect()
    }

    /// Deletes again what markers say is deleted: for a backup that is older than they are, and for what arrived at the very
    /// moment of a deletion. Returns how many records were there again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply_deletions(&self) -> Result<usize> {
        let mut again = 0;
        let found = sqlx::query(
            "SELECT d.learner, d.deleted_ms FROM deletions d WHERE EXISTS (SELECT 1 FROM learners l WHERE l.id = d.learner) \
             OR EXISTS (SELECT 1 FROM quarantine q WHERE q.learner = d.learner)",
        )
        .fetch_all(&self.reader)
        .await?;
        for part in found.chunks(MARKERS_STEP) {
            for row in part {
                let row = Row { table: "deletions", row };
                let (learner, deleted_ms) = (row.parsed("learner")?, row.number("deleted_ms")?);
                self.retry(async || {
                    let mut tx = self.begin().await?;
                    lock(&mut tx, learner).await?;
                    erase(&mut tx, &[learner], deleted_ms).await?;
                    Ok(tx.commit().await?)
                })
                .await?;
                again += 1;
            }
        }
        Ok(again)
    }
}

/// Returns those of these learners whose records were deleted.
pub(super) async fn deleted_among(
    connection: &mut AnyConnection,
    learners: &BTreeSet<LearnerId>,
) -> Result<BTreeSet<LearnerId>> {
    if learners.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<String> = learners.iter().map(LearnerId::to_string).collect();
    let mut filter = Filter::new("SELECT learner FROM deletions WHERE 1 = 1");
    filter.list("AND learner IN", ids.iter().map(String::as_str));
    let found = filter.statement().fetch_all(connection).await?;
    found.iter().map(|row| Row { table: "deletions", row }.parsed("learner")).collect()
}

/// Takes everything of these records away and leaves their markers. In this order, because rows name each other.
async fn erase(tx: &mut AnyConnection, records: &[LearnerId], now_ms: i64) -> Result<()> {
    let ids: Vec<String> = records.iter().map(LearnerId::to_string).collect();
    let list = || (1..=ids.len()).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
    let run = async |tx: &mut AnyConnection, text: &str| -> Result<()> {
        let mut query = sqlx::query(AssertSqlSafe(text.replace("THESE", &format!("({})", list()))));
        for id in &ids {
            query = query.bind(id.clone());
        }
        query.execute(tx).await?;
        Ok(())
    };
    let moment = |text: &str| text.replace("NOW", &now_ms.to_string());
    run(
        tx,
        &moment(
            "INSERT INTO withdrawn_certificates (id, withdrawn_ms) SELECT id, NOW FROM certificates WHERE learner IN THESE \
             ON CONFLICT (id) DO NOTHING",
        ),
    )
    .await?;
    for text in [
        "DELETE FROM pin_attempts WHERE code IN (SELECT code FROM learners WHERE id IN THESE)",
        "DELETE FROM certificates WHERE learner IN THESE",
        "DELETE FROM events WHERE learner IN THESE",
        "DELETE FROM quarantine WHERE learner IN THESE OR bound_to IN THESE",
        "DELETE FROM import_rows WHERE person IN THESE",
        "DELETE FROM likely_duplicates WHERE a IN THESE OR b IN THESE",
        "DELETE FROM person_decisions WHERE kept IN THESE OR other IN THESE",
        "DELETE FROM person_words WHERE person IN THESE",
        "DELETE FROM class_members WHERE person IN THESE",
        "UPDATE staff SET person = NULL WHERE person IN THESE",
        "DELETE FROM device_learners WHERE learner IN THESE",
        "DELETE FROM people WHERE id IN THESE",
        "DELETE FROM learners WHERE id IN THESE",
    ] {
        run(tx, text).await?;
    }
    for id in &ids {
        sqlx::query(
            "INSERT INTO deletions (learner, deleted_ms, why) VALUES ($1, $2, $3) ON CONFLICT (learner) DO NOTHING",
        )
        .bind(id.clone())
        .bind(now_ms)
        .bind(AT_HER_WISH)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
