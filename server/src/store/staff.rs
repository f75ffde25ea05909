//! People who work with the platform.

use uuid::Uuid;

use super::{Result, Store};

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Names the row.
    pub id: Uuid,
    /// How the person signs in.
    pub name: String,
    /// The hash of the password.
    pub password_hash: String,
    /// What the person may do.
    pub role: &'static str,
}

impl Store {
    /// Adds a person. Returns false when the name is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_staff(&self, new: &NewStaff, now_ms: i64) -> Result<bool> {
        let added = sqlx::query(
            "INSERT INTO staff (id, name, password_hash, role, created_ms) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(new.id.to_string())
        .bind(new.name.as_str())
        .bind(new.password_hash.as_str())
        .bind(new.role)
        .bind(now_ms)
        .execute(&self.writer)
        .await?;
        Ok(added.rows_affected() == 1)
    }
}
