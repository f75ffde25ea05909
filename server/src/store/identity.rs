//! What compares identity numbers, where an authority asks for it.

use domain::ids::LearnerId;
use domain::scope::Scope;

use super::filter::Filter;
use super::person::{COLUMNS, Person, about, locked, read};
use super::{NewAudit, Result, Store, audit};

impl Store {
    /// Keeps what finds and compares an identity number: a keyed digest and its last three digits, never the number. Returns
    /// whether the person is in scope. The entry of the log is told whom and where it is about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_identity(
        &self,
        scope: &Scope,
        id: LearnerId,
        identity: Option<(&str, &str)>,
        (entry, now_ms): (&NewAudit, i64),
    ) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(person) = locked(&mut tx, scope, id).await? else { return Ok(false) };
            sqlx::query(
                "UPDATE people SET identity_hash = $1, identity_end = $2, version = version + 1, changed_ms = $3 \
                 WHERE id = $4",
            )
            .bind(identity.map(|(hash, _)| hash.to_owned()))
            .bind(identity.map(|(_, end)| end.to_owned()))
            .bind(now_ms)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await?;
            audit::add(&mut tx, &about(entry, &person)).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Returns others in scope of whom the same identity number is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn others_with_identity(
        &self,
        scope: &Scope,
        hash: &str,
        id: LearnerId,
    ) -> Result<Vec<Person>> {
        let mut filter =
            Filter::new(&format!("SELECT {COLUMNS} FROM people p JOIN learners l ON l.id = p.id WHERE"));
        filter
            .texts("p.identity_hash = ? AND p.id <> ?", [hash, id.to_string().as_str()])
            .add("AND p.merged_into IS NULL AND p.restricted_ms IS NULL", [])
            .scope("p", scope)
            .add("ORDER BY p.sort_key, p.id", []);
        filter.statement().fetch_all(&self.reader).await?.iter().map(read).collect()
    }
}
