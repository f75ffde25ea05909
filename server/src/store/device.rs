//! Phones: what proves them, what they sign with, and which of them have a record.

use std::collections::BTreeSet;

use domain::ids::{DeviceId, LearnerId};
use domain::sync::LinkedDevice;

use super::row::Row;
use super::{Result, Store};

/// How a phone's proof stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceCheck {
    /// Known, with this token.
    Proven,
    /// Known, with another token.
    OtherToken,
    /// Never seen.
    Unknown,
}

/// In place of the token's hash for a phone that never came itself: another one brought what it recorded.
const ONLY_MENTIONED: &str = "";

/// `last_seen_ms` moves at most once an hour, so that a sync without news writes nothing.
const SEEN_STEP_MS: i64 = 3_600_000;

impl Store {
    /// Returns whether this phone is known by this token, and notes that it was seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_device(&self, device: DeviceId, token_hash: &str, now_ms: i64) -> Result<DeviceCheck> {
        let found = sqlx::query("SELECT id, token_hash, last_seen_ms FROM devices WHERE id = $1")
            .bind(device.to_string())
            .fetch_optional(&self.reader)
            .await?;
        let Some(found) = found else { return Ok(DeviceCheck::Unknown) };
        let row = Row { table: "devices", row: &found };
        match row.text("token_hash")?.as_str() {
            ONLY_MENTIONED => return Ok(DeviceCheck::Unknown),
            known if known != token_hash => return Ok(DeviceCheck::OtherToken),
            _ => {}
        }
        if row.number("last_seen_ms")? + SEEN_STEP_MS <= now_ms {
            sqlx::query("UPDATE devices SET last_seen_ms = $1 WHERE id = $2")
                .bind(now_ms)
                .bind(device.to_string())
                .execute(&self.writer)
                .await?;
        }
        Ok(DeviceCheck::Proven)
    }

    /// Returns the public key that a phone signs with, if it has registered one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn device_key(&self, device: DeviceId) -> Result<Option<String>> {
        let found = sqlx::query_scalar("SELECT public_key FROM devices WHERE id = $1")
            .bind(device.to_string())
            .fetch_optional(&self.reader)
            .await?;
        Ok(found.flatten())
    }

    /// Notes the public key that a known phone signs with from now on, and what kind of browser it is. Earlier keys are
    /// kept beside it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_device_key(&self, device: DeviceId, key: &str, label: &str, now_ms: i64) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            sqlx::query("UPDATE devices SET public_key = $1, label = $2 WHERE id = $3")
                .bind(key)
                .bind(label)
                .bind(device.to_string())
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO device_keys (device, public_key, since_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(device.to_string())
            .bind(key)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
            Ok(tx.commit().await?)
        })
        .await
    }

    /// Returns the phones that have a learner's record, the one seen last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn devices_of(&self, learner: LearnerId) -> Result<Vec<LinkedDevice>> {
        let found = sqlx::query(
            "SELECT d.id, d.label, l.linked_ms, d.last_seen_ms FROM device_learners l JOIN devices d ON d.id = l.device \
             WHERE l.learner = $1 AND l.removed_ms IS NULL ORDER BY d.last_seen_ms DESC, d.id",
        )
        .bind(learner.to_string())
        .fetch_all(&self.reader)
        .await?;
        let read = |row| {
            let row = Row { table: "devices", row };
            Ok(LinkedDevice {
                device: row.parsed("id")?,
                label: row.text("label")?,
                since_ms: row.number("linked_ms")?,
                seen_ms: row.number("last_seen_ms")?,
            })
        };
        found.iter().map(read).collect()
    }

    /// Takes a learner's record off a phone. Returns false when the phone does not have it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_device(&self, device: DeviceId, learner: LearnerId, now_ms: i64) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE device_learners SET removed_ms = $1 WHERE device = $2 AND learner = $3 AND removed_ms IS NULL",
        )
        .bind(now_ms)
        .bind(device.to_string())
        .bind(learner.to_string())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

/// Makes rows for phones that another one speaks of, where there are none.
pub(super) async fn mention(
    tx: &mut sqlx::AnyConnection,
    devices: impl Iterator<Item = DeviceId>,
    now_ms: i64,
) -> Result<()> {
    // In the order of ids, each once: two batches cannot wait for each other in a circle.
    for device in devices.collect::<BTreeSet<_>>() {
        sqlx::query(
            "INSERT INTO devices (id, token_hash, created_ms, last_seen_ms) VALUES ($1, $2, $3, $3) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(device.to_string())
        .bind(ONLY_MENTIONED)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Registers a phone within a transaction, or recognises it. Returns false when it is known by another token.
pub(super) async fn register(
    tx: &mut sqlx::AnyConnection,
    device: DeviceId,
    token_hash: &str,
    now_ms: i64,
) -> Result<bool> {
    sqlx::query(
        "INSERT INTO devices (id, token_hash, created_ms, last_seen_ms) VALUES ($1, $2, $3, $3) \
         ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, last_seen_ms = excluded.last_seen_ms \
         WHERE devices.token_hash = $4",
    )
    .bind(device.to_string())
    .bind(token_hash)
    .bind(now_ms)
    .bind(ONLY_MENTIONED)
    .execute(&mut *tx)
    .await?;
    let found = sqlx::query("SELECT id, token_hash FROM devices WHERE id = $1")
        .bind(device.to_string())
        .fetch_one(&mut *tx)
        .await?;
    Ok(Row { table: "devices", row: &found }.text("token_hash")? == token_hash)
}
