//! Statements over many values: `$1`, `$2` … written by number, values always bound beside the text. (sqlx's own
//! builder writes `?` here, which Postgres does not read.)

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};

/// A statement whose values are bound one after the other.
pub(super) type Statement = Query<'static, Any, AnyArguments>;

/// Returns `before ($1, $2), ($3, $4) after` for this many rows and columns.
pub(super) fn with_rows(before: &str, rows: usize, columns: usize, after: &str) -> Statement {
    let row = |at: usize| format!("({})", numbers(at * columns + 1, columns));
    let rows: Vec<String> = (0..rows).map(row).collect();
    sqlx::query(AssertSqlSafe(format!("{before} {} {after}", rows.join(", "))))
}

/// Returns `before ($2, $3, …)` for this many values, the first one numbered `first`.
pub(super) fn with_list(before: &str, first: usize, values: usize) -> Statement {
    sqlx::query(AssertSqlSafe(format!("{before} ({})", numbers(first, values))))
}

fn numbers(first: usize, count: usize) -> String {
    let numbers: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    numbers.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Execute;

    #[test]
    fn values_are_numbered_through() {
        let rows = with_rows("INSERT INTO t (a, b) VALUES", 2, 2, "ON CONFLICT DO NOTHING");
        assert_eq!(
            rows.sql().as_str(),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
        );
        let list = with_list("SELECT a FROM t WHERE b = $1 AND a IN", 2, 3);
        assert_eq!(list.sql().as_str(), "SELECT a FROM t WHERE b = $1 AND a IN ($2, $3, $4)");
    }
}
