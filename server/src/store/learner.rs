//! Learners' records: made on one phone, opened on others.

use std::collections::BTreeSet;

use domain::code::LearnerCode;
use domain::ids::{DeviceId, LearnerId};

use super::deletion::deleted_among;
use super::row::Row;
use super::{Result, Store, device, person_facts};

/// A record to make.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// The phone it is made on.
    pub device: DeviceId,
    /// What proves the phone.
    pub token_hash: String,
    /// The learner.
    pub learner: LearnerId,
    /// The learner's code.
    pub code: LearnerCode,
    /// The hash of the learner's PIN.
    pub pin_hash: String,
}

/// What became of a record to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateOutcome {
    /// Made now.
    Created,
    /// This phone made the same record before, with this PIN.
    AlreadyYours {
        /// The hash of the PIN chosen then.
        pin_hash: String,
    },
    /// The code belongs to another learner.
    CodeTaken,
    /// The learner exists and this phone has no part in it.
    NotYours,
    /// The phone is known by another token.
    DeviceUnknown,
}

/// What opening a record needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenableRecord {
    /// Whose it is.
    pub learner: LearnerId,
    /// The hash of the learner's PIN; nothing for somebody who was entered in a list and has none yet.
    pub pin_hash: Option<String>,
}

/// What proves that somebody is the learner of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSecrets {
    /// The learner's code.
    pub code: LearnerCode,
    /// The hash of the learner's PIN.
    pub pin_hash: String,
}

impl Store {
    /// Makes a record and registers its phone. Only [`CreateOutcome::Created`] changes anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_record(&self, new: &NewRecord, now_ms: i64) -> Result<CreateOutcome> {
        self.retry(|| self.try_create_record(new, now_ms)).await
    }

    async fn try_create_record(&self, new: &NewRecord, now_ms: i64) -> Result<CreateOutcome> {
        let mut tx = self.begin().await?;
        if !device::register(&mut tx, new.device, &new.token_hash, now_ms).await? {
            return Ok(CreateOutcome::DeviceUnknown);
        }
        let deleted = deleted_among(&mut tx, &BTreeSet::from([new.learner])).await?;
        if !deleted.is_empty() {
            // She asked for it to be deleted; beginning anew is beginning with another record.
            return Ok(CreateOutcome::NotYours);
        }
        let inserted = sqlx::query(
            "INSERT INTO learners (id, code, pin_hash, created_ms, last_seq) VALUES ($1, $2, $3, $4, 0) \
             ON CONFLICT DO NOTHING",
        )
        .bind(new.learner.to_string())
        .bind(new.code.as_str())
        .bind(new.pin_hash.as_str())
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        if inserted.rows_affected() == 0 {
            // Leaving drops the transaction, and with it a phone registered a moment ago.
            return why_not_created(&mut tx, new).await;
        }
        person_facts::insert_nameless(&mut tx, new.learner, now_ms).await?;
        link(&mut tx, new.device, new.learner, now_ms).await?;
        tx.commit().await?;
        Ok(CreateOutcome::Created)
    }

    /// Returns the record with this code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_by_code(&self, code: &LearnerCode) -> Result<Option<OpenableRecord>> {
        let found = sqlx::query("SELECT id, pin_hash FROM learners WHERE code = $1")
            .bind(code.as_str())
            .fetch_optional(&self.reader)
            .await?;
        let read = |row: &sqlx::any::AnyRow| {
            let row = Row { table: "learners", row };
            let pin_hash = row.text("pin_hash")?;
            Ok(OpenableRecord {
                learner: row.parsed("id")?,
                pin_hash: (!pin_hash.is_empty()).then_some(pin_hash),
            })
        };
        found.as_ref().map(read).transpose()
    }

    /// Returns the code of a learner's record and the hash of its PIN.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_of(&self, learner: LearnerId) -> Result<Option<RecordSecrets>> {
        let found = sqlx::query("SELECT id, code, pin_hash FROM learners WHERE id = $1")
            .bind(learner.to_string())
            .fetch_optional(&self.reader)
            .await?;
        let read = |row: &sqlx::any::AnyRow| {
            let row = Row { table: "learners", row };
            Ok(RecordSecrets { code: row.parsed("code")?, pin_hash: row.text("pin_hash")? })
        };
        found.as_ref().map(read).transpose()
    }

    /// Gives a phone a part in a record, also one it was taken off; registers the phone if it is new. Returns false when the phone is known by
    /// another token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link_device(
        &self,
        device: DeviceId,
        token_hash: &str,
        learner: LearnerId,
        now_ms: i64,
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            if !device::register(&mut tx, device, token_hash, now_ms).await? {
                return Ok(false);
            }
            link(&mut tx, device, learner, now_ms).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Returns whether a phone has a part in a learner's record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_linked(&self, device: DeviceId, learner: LearnerId) -> Result<bool> {
        let found = sqlx::query(
            "SELECT learner FROM device_learners WHERE device = $1 AND learner = $2 AND removed_ms IS NULL",
        )
        .bind(device.to_string())
        .bind(learner.to_string())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }

    /// Returns whether a learner's record was taken off a phone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_taken_off(&self, device: DeviceId, learner: LearnerId) -> Result<bool> {
        let found = sqlx::query(
            "SELECT learner FROM device_learners WHERE device = $1 AND learner = $2 AND removed_ms IS NOT NULL",
        )
        .bind(device.to_string())
        .bind(learner.to_string())
        .fetch_optional(&self.reader)
        .await?;
        Ok(found.is_some())
    }
}

async fn why_not_created(tx: &mut sqlx::AnyConnection, new: &NewRecord) -> Result<CreateOutcome> {
    let found = sqlx::query(
        "SELECT l.id, l.code, l.pin_hash, d.linked_ms FROM learners l \
         LEFT JOIN device_learners d ON d.learner = l.id AND d.device = $1 AND d.removed_ms IS NULL \
         WHERE l.id = $2",
    )
    .bind(new.device.to_string())
    .bind(new.learner.to_string())
    .fetch_optional(tx)
    .await?;
    let Some(found) = found else { return Ok(CreateOutcome::CodeTaken) };
    let row = Row { table: "learners", row: &found };
    let linked = sqlx::Row::try_get::<Option<i64>, _>(&found, "linked_ms")?.is_some();
    Ok(if linked && row.text("code")? == new.code.as_str() {
        CreateOutcome::AlreadyYours { pin_hash: row.text("pin_hash")? }
    } else {
        CreateOutcome::NotYours
    })
}

async fn link(tx: &mut sqlx::AnyConnection, device: DeviceId, learner: LearnerId, now_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO device_learners (device, learner, linked_ms) VALUES ($1, $2, $3) \
         ON CONFLICT (device, learner) DO UPDATE SET linked_ms = excluded.linked_ms, removed_ms = NULL \
         WHERE device_learners.removed_ms IS NOT NULL",
    )
    .bind(device.to_string())
    .bind(learner.to_string())
    .bind(now_ms)
    .execute(tx)
    .await?;
    Ok(())
}
