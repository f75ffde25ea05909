//! The second factor of staff: the sealed secret, which codes were used, and codes for when the phone is lost.

use domain::ids::StaffId;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::{NewAudit, Result, Store, audit, session};

impl Store {
    /// Sets up somebody's second factor, which counts as passed in `session`, with new recovery codes. Other sessions end:
    /// they did not pass it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_second_factor(
        &self,
        (staff, session): (StaffId, Uuid),
        (sealed, step): (&str, i64),
        recovery_hashes: &[String],
        entry: &NewAudit,
    ) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            sqlx::query("UPDATE staff SET totp_sealed = $1, totp_step = $2 WHERE id = $3")
                .bind(sealed.to_owned())
                .bind(step)
                .bind(staff.to_string())
                .execute(&mut *tx)
                .await?;
            pass(&mut tx, session).await?;
            session::end_all(&mut tx, staff, Some(session)).await?;
            replace_codes(&mut tx, staff, recovery_hashes).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Removes somebody's second factor and the recovery codes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_second_factor(&self, staff: StaffId, entry: &NewAudit) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            remove(&mut tx, staff).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Uses the code of a step, once and never an older one. Returns false when that step was used: somebody looked over
    /// a shoulder.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_step(&self, staff: StaffId, session: Uuid, step: i64) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let used = sqlx::query("UPDATE staff SET totp_step = $1 WHERE id = $2 AND totp_step < $1")
                .bind(step)
                .bind(staff.to_string())
                .execute(&mut *tx)
                .await?;
            if used.rows_affected() == 0 {
                return Ok(false);
            }
            pass(&mut tx, session).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Uses a recovery code, once. Returns false when there is none such.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_recovery_code(
        &self,
        (staff, session): (StaffId, Uuid),
        code_hash: &str,
        now_ms: i64,
        entry: &NewAudit,
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let used = sqlx::query(
                "UPDATE staff_recovery_codes SET used_ms = $1 WHERE staff = $2 AND code_hash = $3 AND used_ms IS NULL",
            )
            .bind(now_ms)
            .bind(staff.to_string())
            .bind(code_hash.to_owned())
            .execute(&mut *tx)
            .await?;
            if used.rows_affected() == 0 {
                return Ok(false);
            }
            pass(&mut tx, session).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Replaces somebody's recovery codes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_recovery_codes(
        &self,
        staff: StaffId,
        hashes: &[String],
        entry: &NewAudit,
    ) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            replace_codes(&mut tx, staff, hashes).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Returns how many recovery codes somebody has left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recovery_codes_left(&self, staff: StaffId) -> Result<u32> {
        let left: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM staff_recovery_codes WHERE staff = $1 AND used_ms IS NULL",
        )
        .bind(staff.to_string())
        .fetch_one(&self.reader)
        .await?;
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }
}

/// Notes within a transaction that a session passed the second factor.
async fn pass(connection: &mut AnyConnection, session: Uuid) -> Result<()> {
    sqlx::query("UPDATE staff_sessions SET code_passed = 1 WHERE id = $1")
        .bind(session.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes the second factor within a transaction.
pub(super) async fn remove(connection: &mut AnyConnection, staff: StaffId) -> Result<()> {
    sqlx::query("UPDATE staff SET totp_sealed = NULL, totp_step = 0 WHERE id = $1")
        .bind(staff.to_string())
        .execute(&mut *connection)
        .await?;
    replace_codes(connection, staff, &[]).await
}

async fn replace_codes(connection: &mut AnyConnection, staff: StaffId, hashes: &[String]) -> Result<()> {
    sqlx::query("DELETE FROM staff_recovery_codes WHERE staff = $1")
        .bind(staff.to_string())
        .execute(&mut *connection)
        .await?;
    for hash in hashes {
        sqlx::query("INSERT INTO staff_recovery_codes (staff, code_hash) VALUES ($1, $2)")
            .bind(staff.to_string())
            .bind(hash.as_str().to_owned())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
