//! Wrong PINs and passwords are counted in the database, so that a restart or a second server forgets none.

use domain::code::LearnerCode;

use super::row::Row;
use super::{Result, Store};

/// How often a code was tried since the first try of the current window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Tries, this one included.
    pub tries: i64,
    /// When the window began.
    pub since_ms: i64,
}

impl Store {
    /// Counts one more try of a code, before it is known whether it is right: tries at the same time cannot slip
    /// through together. A window that began `window_ms` ago is over and starts again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_try(&self, code: &LearnerCode, now_ms: i64, window_ms: i64) -> Result<Tries> {
        self.retry(async || {
            let over_ms = now_ms - window_ms;
            let mut tx = self.begin().await?;
            // Codes nobody tries any more leave no trace.
            sqlx::query("DELETE FROM pin_attempts WHERE since_ms <= $1")
                .bind(over_ms)
                .execute(&mut *tx)
                .await?;
            let counted = sqlx::query(
                "INSERT INTO pin_attempts (code, tries, since_ms) VALUES ($1, 1, $2) \
                 ON CONFLICT (code) DO UPDATE SET tries = pin_attempts.tries + 1 RETURNING code, tries, since_ms",
            )
            .bind(code.as_str())
            .bind(now_ms)
            .fetch_one(&mut *tx)
            .await?;
            tx.commit().await?;
            let row = Row { table: "pin_attempts", row: &counted };
            Ok(Tries { tries: row.number("tries")?, since_ms: row.number("since_ms")? })
        })
        .await
    }

    /// Forgets the tries of a code: the right PIN was given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_tries(&self, code: &LearnerCode) -> Result<()> {
        sqlx::query("DELETE FROM pin_attempts WHERE code = $1")
            .bind(code.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Counts one more try to sign in as staff, under a name for the account, browser or network it is counted for.
    /// Otherwise as [`Self::count_try`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_staff_try(&self, tried: &str, now_ms: i64, window_ms: i64) -> Result<Tries> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM staff_tries WHERE since_ms <= $1")
                .bind(now_ms - window_ms)
                .execute(&mut *tx)
                .await?;
            let counted = sqlx::query(
                "INSERT INTO staff_tries (tried, tries, since_ms) VALUES ($1, 1, $2) \
                 ON CONFLICT (tried) DO UPDATE SET tries = staff_tries.tries + 1 RETURNING tried, tries, since_ms",
            )
            .bind(tried.to_owned())
            .bind(now_ms)
            .fetch_one(&mut *tx)
            .await?;
            tx.commit().await?;
            let row = Row { table: "staff_tries", row: &counted };
            Ok(Tries { tries: row.number("tries")?, since_ms: row.number("since_ms")? })
        })
        .await
    }

    /// Forgets the tries counted under this name: the right password was given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_staff_tries(&self, tried: &str) -> Result<()> {
        sqlx::query("DELETE FROM staff_tries WHERE tried = $1")
            .bind(tried.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
