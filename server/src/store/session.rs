//! Browsers in which somebody of the staff is signed in.

use domain::ids::StaffId;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::row::Row;
use super::{NewAudit, Result, Store, audit};

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Names the row.
    pub id: Uuid,
    /// The hash of the token in the browser's cookie.
    pub token_hash: String,
    /// Whose.
    pub staff: StaffId,
    /// What kind of browser it is, for the person's own list.
    pub device: String,
    /// The hash of the token by which this browser is known later.
    pub browser_hash: String,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Names the row.
    pub id: Uuid,
    /// Whose.
    pub staff: StaffId,
    /// What kind of browser it is.
    pub device: String,
    /// Whether the second factor was passed.
    pub code_passed: bool,
    /// Since when, in milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it was last used, to about [`SEEN_STEP_MS`].
    pub seen_ms: i64,
}

/// `seen_ms` moves at most every five minutes, so that reading a list writes nothing.
pub const SEEN_STEP_MS: i64 = 5 * 60_000;

/// Browsers are known for half a year after the last time.
const BROWSER_MS: i64 = 183 * 86_400_000;

const COLUMNS: &str = "SELECT id, staff, device, code_passed, created_ms, seen_ms FROM staff_sessions";

impl Store {
    /// Begins a session, remembers the browser, and forgets what is older than `created_before_ms` or unused since
    /// `seen_before_ms`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_session(
        &self,
        new: &NewSession,
        now_ms: i64,
        (created_before_ms, seen_before_ms): (i64, i64),
        entry: &NewAudit,
    ) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            sqlx::query("DELETE FROM staff_sessions WHERE created_ms <= $1 OR seen_ms <= $2")
                .bind(created_before_ms)
                .bind(seen_before_ms)
                .execute(&mut *tx)
                .await?;
            sqlx::query("DELETE FROM staff_browsers WHERE seen_ms <= $1")
                .bind(now_ms - BROWSER_MS)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO staff_sessions (id, token_hash, staff, device, code_passed, created_ms, seen_ms) \
                 VALUES ($1, $2, $3, $4, 0, $5, $6)",
            )
            .bind(new.id.to_string())
            .bind(new.token_hash.as_str())
            .bind(new.staff.to_string())
            .bind(new.device.as_str())
            .bind(now_ms)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO staff_browsers (token_hash, staff, seen_ms) VALUES ($1, $2, $3) \
                 ON CONFLICT (token_hash, staff) DO UPDATE SET seen_ms = $3",
            )
            .bind(new.browser_hash.as_str())
            .bind(new.staff.to_string())
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Returns the session of a token, however old it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, token_hash: &str) -> Result<Option<StoredSession>> {
        let found = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE token_hash = $1")))
            .bind(token_hash.to_owned())
            .fetch_optional(&self.reader)
            .await?;
        found.as_ref().map(read).transpose()
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_session(&self, session: Uuid, now_ms: i64) -> Result<()> {
        sqlx::query("UPDATE staff_sessions SET seen_ms = $1 WHERE id = $2")
            .bind(now_ms)
            .bind(session.to_string())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Returns somebody's sessions, the last used first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_of(&self, staff: StaffId) -> Result<Vec<StoredSession>> {
        let found = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE staff = $1 ORDER BY seen_ms DESC, id DESC"
        )))
        .bind(staff.to_string())
        .fetch_all(&self.reader)
        .await?;
        found.iter().map(read).collect()
    }

    /// Ends one session of somebody. Returns false when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, staff: StaffId, session: Uuid, entry: &NewAudit) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let ended = sqlx::query("DELETE FROM staff_sessions WHERE id = $1 AND staff = $2")
                .bind(session.to_string())
                .bind(staff.to_string())
                .execute(&mut *tx)
                .await?;
            if ended.rows_affected() == 0 {
                return Ok(false);
            }
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Ends every session of somebody but one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_sessions(&self, staff: StaffId, keep: Uuid, entry: &NewAudit) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            end_all(&mut tx, staff, Some(keep)).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Returns whether somebody signed in with this browser before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_known_browser(&self, staff: StaffId, browser_hash: &str) -> Result<bool> {
        let found = sqlx::query("SELECT staff FROM staff_browsers WHERE token_hash = $1 AND staff = $2")
            .bind(browser_hash.to_owned())
            .bind(staff.to_string())
            .fetch_optional(&self.reader)
            .await?;
        Ok(found.is_some())
    }
}

/// Ends every session of somebody, one aside, within a transaction.
pub(super) async fn end_all(
    connection: &mut AnyConnection,
    staff: StaffId,
    keep: Option<Uuid>,
) -> Result<()> {
    sqlx::query("DELETE FROM staff_sessions WHERE staff = $1 AND id <> $2")
        .bind(staff.to_string())
        .bind(keep.map(|id| id.to_string()).unwrap_or_default())
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<StoredSession> {
    let row = Row { table: "staff_sessions", row };
    Ok(StoredSession {
        id: row.parsed("id")?,
        staff: row.parsed("staff")?,
        device: row.text("device")?,
        code_passed: row.number("code_passed")? != 0,
        created_ms: row.number("created_ms")?,
        seen_ms: row.number("seen_ms")?,
    })
}
