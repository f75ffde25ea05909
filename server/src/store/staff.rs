//! Accounts of people who work with the platform.

use domain::ids::StaffId;
use domain::scope::Scope;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::grant::{self, Within};
use super::row::Row;
use super::{NewAudit, NewGrant, Result, Store, StoredGrant, audit};

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Names the row.
    pub id: StaffId,
    /// How the person signs in.
    pub name: String,
    /// The same without case and diacritics; taken once.
    pub login_key: String,
    /// The person's whole name.
    pub whole_name: String,
    /// Whole name and sign-in name as they are searched.
    pub folded: String,
    /// The person's phone in E.164, also good for signing in.
    pub phone: Option<String>,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether somebody else chose the password, so that it has to be changed first.
    pub given: bool,
}

/// An account as its owner and the sign-in need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Names the row.
    pub id: StaffId,
    /// How the person signs in.
    pub name: String,
    /// The person's whole name.
    pub whole_name: String,
    /// The hash of the password.
    pub password_hash: String,
    /// Whether somebody else chose the password.
    pub given: bool,
    /// Whether the account is stopped.
    pub stopped: bool,
    /// The sealed secret of the second factor, once it is set up.
    pub totp_sealed: Option<String>,
    /// The last step whose code was used.
    pub totp_step: i64,
}

/// A colleague in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Names the row.
    pub id: StaffId,
    /// How the person signs in.
    pub name: String,
    /// The person's whole name.
    pub whole_name: String,
    /// Whether the account is stopped.
    pub stopped: bool,
    /// Whether the second factor is set up.
    pub second_factor: bool,
    /// Every role the person holds or held.
    pub grants: Vec<StoredGrant>,
}

const ACCOUNT: &str =
    "SELECT id, name, whole_name, password_hash, given, stopped_ms, totp_sealed, totp_step FROM staff";

impl Store {
    /// Adds a person with a first role. Returns false when the name or the phone is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_staff(
        &self,
        new: &NewStaff,
        role: &NewGrant,
        entry: &NewAudit,
        now_ms: i64,
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let added = sqlx::query(
                "INSERT INTO staff (id, name, login_key, whole_name, folded, phone, password_hash, given, created_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            )
            .bind(new.id.to_string())
            .bind(new.name.as_str())
            .bind(new.login_key.as_str())
            .bind(new.whole_name.as_str())
            .bind(new.folded.as_str())
            .bind(new.phone.as_deref().map(str::to_owned))
            .bind(new.password_hash.as_str())
            .bind(i64::from(new.given))
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
            if added.rows_affected() == 0 {
                return Ok(false);
            }
            grant::add(&mut tx, role).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Returns the account that somebody means who signs in: by name as written, by name without case and diacritics,
    /// or by phone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_by_login(
        &self,
        name: &str,
        login_key: &str,
        phone: &str,
    ) -> Result<Option<Account>> {
        let text = format!(
            "{ACCOUNT} WHERE name = $1 OR login_key = $2 OR phone = $3 ORDER BY name = $1 DESC LIMIT 1"
        );
        self.one_account(text, &[name, login_key, phone]).await
    }

    /// Returns an account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account(&self, staff: StaffId) -> Result<Option<Account>> {
        self.one_account(format!("{ACCOUNT} WHERE id = $1"), &[&staff.to_string()]).await
    }

    /// Returns the account of somebody whom the OpenID provider calls so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_by_subject(&self, subject: &str) -> Result<Option<Account>> {
        self.one_account(format!("{ACCOUNT} WHERE subject = $1"), &[subject]).await
    }

    async fn one_account(&self, text: String, values: &[&str]) -> Result<Option<Account>> {
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in values {
            query = query.bind((*value).to_owned());
        }
        let found = query.fetch_optional(&self.reader).await?;
        let read = |row: &sqlx::any::AnyRow| {
            let row = Row { table: "staff", row };
            Ok(Account {
                id: row.parsed("id")?,
                name: row.text("name")?,
                whole_name: row.text("whole_name")?,
                password_hash: row.text("password_hash")?,
                given: row.number("given")? != 0,
                stopped: row.optional::<i64>("stopped_ms")?.is_some(),
                totp_sealed: row.optional("totp_sealed")?,
                totp_step: row.number("totp_step")?,
            })
        };
        found.as_ref().map(read).transpose()
    }

    /// Returns colleagues who hold or held a role within a scope and whose name contains every word of `folded`, sorted
    /// by name, after the one with this name and id, `limit` at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_within(
        &self,
        scope: &Scope,
        folded: &str,
        after: Option<(&str, StaffId)>,
        limit: u32,
    ) -> Result<Vec<StaffRow>> {
        let words: Vec<String> =
            folded.split(' ').filter(|word| !word.is_empty()).map(|word| format!("%{word}%")).collect();
        let likes: String = (0..words.len()).map(|at| format!(" AND s.folded LIKE ${}", at + 4)).collect();
        let within = Within::of(scope, "g.place", 4 + words.len());
        let text = format!(
            "SELECT s.id, s.name, s.whole_name, s.folded, s.stopped_ms, s.totp_sealed FROM staff s \
             WHERE (s.folded > $1 OR (s.folded = $2 AND s.id > $3)){likes} \
             AND EXISTS (SELECT 1 FROM staff_grants g WHERE g.staff = s.id AND {}) \
             ORDER BY s.folded, s.id LIMIT {limit}",
            within.sql
        );
        let (name, id) =
            after.map_or((String::new(), String::new()), |(name, id)| (name.to_owned(), id.to_string()));
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(name.clone()).bind(name).bind(id);
        for value in words.into_iter().chain(within.bounds) {
            query = query.bind(value);
        }
        let found = query.fetch_all(&self.reader).await?;
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            let row = Row { table: "staff", row };
            let id = row.parsed("id")?;
            rows.push(StaffRow {
                id,
                name: row.text("name")?,
                whole_name: row.text("whole_name")?,
                stopped: row.optional::<i64>("stopped_ms")?.is_some(),
                second_factor: row.optional::<String>("totp_sealed")?.is_some(),
                grants: self.grants_of(id).await?,
            });
        }
        Ok(rows)
    }

    /// Sets a password. One that somebody else chose (`given`) also ends every session and, with `without_factor`, the
    /// second factor: the person begins again. One's own ends every session but `keep`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(&self, new: &NewPassword, entry: &NewAudit) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let staff = new.staff.to_string();
            sqlx::query("UPDATE staff SET password_hash = $1, given = $2 WHERE id = $3")
                .bind(new.hash.as_str())
                .bind(i64::from(new.given))
                .bind(staff.as_str())
                .execute(&mut *tx)
                .await?;
            if new.without_factor {
                super::second_factor::remove(&mut tx, new.staff).await?;
            }
            super::session::end_all(&mut tx, new.staff, new.keep).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Stops an account, which ends its sessions, or lets it sign in again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_stopped(&self, staff: StaffId, stopped_ms: Option<i64>, entry: &NewAudit) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            sqlx::query("UPDATE staff SET stopped_ms = $1 WHERE id = $2")
                .bind(stopped_ms)
                .bind(staff.to_string())
                .execute(&mut *tx)
                .await?;
            if stopped_ms.is_some() {
                super::session::end_all(&mut tx, staff, None).await?;
            }
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Says who a person is to the OpenID provider; nothing takes it back. Returns false when somebody else is that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_subject(&self, staff: StaffId, subject: Option<&str>, entry: &NewAudit) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let set = sqlx::query(
                "UPDATE staff SET subject = $1 WHERE id = $2 \
                 AND NOT EXISTS (SELECT 1 FROM staff other WHERE other.subject = $1 AND other.id <> $2)",
            )
            .bind(subject.map(str::to_owned))
            .bind(staff.to_string())
            .execute(&mut *tx)
            .await?;
            if set.rows_affected() == 0 {
                return Ok(false);
            }
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }
}

/// A password to set.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// Whose.
    pub staff: StaffId,
    /// Its hash.
    pub hash: String,
    /// Whether somebody else chose it.
    pub given: bool,
    /// Whether the second factor is removed with it.
    pub without_factor: bool,
    /// The session that goes on.
    pub keep: Option<Uuid>,
}
