//! Phones and what proves them.

use domain::ids::DeviceId;

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
        if row.text("token_hash")? != token_hash {
            return Ok(DeviceCheck::OtherToken);
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
}

/// Registers a phone within a transaction, or recognises it. Returns false when it is known by another token.
pub(super) async fn register(
    tx: &mut sqlx::AnyConnection,
    device: DeviceId,
    token_hash: &str,
    now_ms: i64,
) -> Result<bool> {
    sqlx::query(
        "INSERT INTO devices (id, token_hash, created_ms, last_seen_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(device.to_string())
    .bind(token_hash)
    .bind(now_ms)
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    let found = sqlx::query("SELECT id, token_hash FROM devices WHERE id = $1")
        .bind(device.to_string())
        .fetch_one(&mut *tx)
        .await?;
    Ok(Row { table: "devices", row: &found }.text("token_hash")? == token_hash)
}
