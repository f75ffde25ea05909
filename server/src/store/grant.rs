//! Which role somebody holds, where and when.

use domain::ids::StaffId;
use domain::role::{Grant, Part, Role};
use domain::scope::{PlacePath, Scope};
use sqlx::{AnyConnection, AssertSqlSafe};
use uuid::Uuid;

use super::row::Row;
use super::{NewAudit, Result, Store, audit};

/// A role to give.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// Names the row.
    pub id: Uuid,
    /// To whom.
    pub staff: StaffId,
    /// The role.
    pub role: Role,
    /// Where; nothing for roles without a place.
    pub place: Option<PlacePath>,
    /// For which people there; nothing for all of them.
    pub part: Option<Part>,
    /// The place's name when it was given, for lists; before it the class's.
    pub place_name: String,
    /// By whom; nothing for the command line.
    pub by: Option<StaffId>,
    /// From when on, in milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Until when.
    pub until_ms: Option<i64>,
}

/// A role that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGrant {
    /// Names the row.
    pub id: Uuid,
    /// To whom.
    pub staff: StaffId,
    /// The role and where it holds.
    pub grant: Grant,
    /// The place's name when it was given; before it the class's.
    pub place_name: String,
    /// From when on, in milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Until when.
    pub until_ms: Option<i64>,
}

impl StoredGrant {
    /// Returns whether the role holds at this moment.
    pub fn holds(&self, now_ms: i64) -> bool {
        self.from_ms <= now_ms && self.until_ms.is_none_or(|until_ms| now_ms < until_ms)
    }
}

/// A scope as a condition on a column of place paths.
pub(super) struct Within {
    /// The condition, in parentheses.
    pub(super) sql: String,
    /// What to bind for it, in order.
    pub(super) bounds: Vec<String>,
}

impl Within {
    /// Returns the condition, its first value numbered `first`. Staff and their doings are never within a scope of some of a
    /// place's people.
    pub(super) fn of(scope: &Scope, column: &str, first: usize) -> Self {
        let Some(places) = scope.whole_places() else {
            return Self { sql: "(1 = 1)".into(), bounds: vec![] };
        };
        if places.is_empty() {
            return Self { sql: "(1 = 0)".into(), bounds: vec![] };
        }
        let range =
            |at: usize| format!("({column} >= ${} AND {column} < ${})", first + 2 * at, first + 2 * at + 1);
        let ranges: Vec<String> = (0..places.len()).map(range).collect();
        let bounds = places.iter().flat_map(|place| [place.as_str().to_owned(), place.end()]).collect();
        Self { sql: format!("({})", ranges.join(" OR ")), bounds }
    }
}

const COLUMNS: &str =
    "SELECT id, staff, role, place, person_group, class, place_name, from_ms, until_ms FROM staff_grants";

impl Store {
    /// Gives a role.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_grant(&self, new: &NewGrant, entry: &NewAudit) -> Result<()> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            add(&mut tx, new).await?;
            audit::add(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Ends a role that holds. Returns false when there is none with this id, or it has ended already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_grant(&self, grant: Uuid, by: StaffId, now_ms: i64, entry: &NewAudit) -> Result<bool> {
        self.retry(async || {
            let mut tx = self.begin().await?;
            let ended = sqlx::query(
                "UPDATE staff_grants SET until_ms = $1, ended_by = $2 \
                 WHERE id = $3 AND (until_ms IS NULL OR until_ms > $1)",
            )
            .bind(now_ms)
            .bind(by.to_string())
            .bind(grant.to_string())
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

    /// Returns a role that was given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grant(&self, grant: Uuid) -> Result<Option<StoredGrant>> {
        let found = sqlx::query(AssertSqlSafe(format!("{COLUMNS} WHERE id = $1")))
            .bind(grant.to_string())
            .fetch_optional(&self.reader)
            .await?;
        found.as_ref().map(read).transpose()
    }

    /// Returns every role that somebody holds or held, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grants_of(&self, staff: StaffId) -> Result<Vec<StoredGrant>> {
        let found =
            sqlx::query(AssertSqlSafe(format!("{COLUMNS} WHERE staff = $1 ORDER BY from_ms DESC, id DESC")))
                .bind(staff.to_string())
                .fetch_all(&self.reader)
                .await?;
        found.iter().map(read).collect()
    }
}

/// Gives a role within a transaction.
pub(super) async fn add(connection: &mut AnyConnection, new: &NewGrant) -> Result<()> {
    let (group, class) = match new.part {
        Some(Part::Group(group)) => (Some(group.as_str()), None),
        Some(Part::Class(class)) => (None, Some(class.to_string())),
        None => (None, None),
    };
    sqlx::query(
        "INSERT INTO staff_grants (id, staff, role, place, place_name, granted_by, from_ms, until_ms, person_group, class) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id.to_string())
    .bind(new.staff.to_string())
    .bind(new.role.as_str())
    .bind(new.place.as_ref().map(|place| place.as_str().to_owned()))
    .bind(new.place_name.as_str())
    .bind(new.by.map(|id| id.to_string()))
    .bind(new.from_ms)
    .bind(new.until_ms)
    .bind(group)
    .bind(class)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn read(row: &sqlx::any::AnyRow) -> Result<StoredGrant> {
    let row = Row { table: "staff_grants", row };
    let group = row.optional::<String>("person_group")?.map(|_| row.named("person_group")).transpose()?;
    let class = row.optional_parsed("class")?;
    let part = group.map(Part::Group).or(class.map(Part::Class));
    Ok(StoredGrant {
        id: row.parsed("id")?,
        staff: row.parsed("staff")?,
        grant: Grant { role: row.named("role")?, place: row.optional_parsed("place")?, part },
        place_name: row.text("place_name")?,
        from_ms: row.number("from_ms")?,
        until_ms: row.optional("until_ms")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_condition_with_numbered_values() {
        let place = |text| PlacePath::parse(text).unwrap();
        let two = Within::of(&Scope::places([place("vn/1/"), place("vn/2/")]), "p", 3);
        assert_eq!(two.sql, "((p >= $3 AND p < $4) OR (p >= $5 AND p < $6))");
        assert_eq!(two.bounds, ["vn/1/", "vn/1/~", "vn/2/", "vn/2/~"]);
        assert_eq!(Within::of(&Scope::places([]), "p", 1).sql, "(1 = 0)");
        assert_eq!(
            Within::of(&Scope::ambassador(StaffId(Uuid::nil()), [place("vn/")]), "p", 1).sql,
            "(1 = 0)"
        );
    }
}
