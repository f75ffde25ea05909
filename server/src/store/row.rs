//! Reading rows: a value that makes no sense is reported with its table, column and row.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Result, StoreError};

/// One row of a table whose first selected column is its id.
pub(super) struct Row<'r> {
    pub(super) table: &'static str,
    pub(super) row: &'r AnyRow,
}

impl Row<'_> {
    /// Returns a text.
    pub(super) fn text(&self, column: &'static str) -> Result<String> {
        Ok(self.row.try_get(column)?)
    }

    /// Returns a value, if there is one.
    pub(super) fn optional<T>(&self, column: &'static str) -> Result<Option<T>>
    where
        T: for<'d> sqlx::Decode<'d, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        Ok(self.row.try_get(column)?)
    }

    /// Returns a text read as an id or a name, if there is one.
    pub(super) fn optional_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>> {
        let text: Option<String> = self.optional(column)?;
        text.map(|text| text.parse().map_err(|_| self.unreadable(column))).transpose()
    }

    /// Returns a number.
    pub(super) fn number(&self, column: &'static str) -> Result<i64> {
        Ok(self.row.try_get(column)?)
    }

    /// Returns a number that is never negative.
    pub(super) fn count(&self, column: &'static str) -> Result<u64> {
        u64::try_from(self.number(column)?).map_err(|_| self.unreadable(column))
    }

    /// Returns a yes or no, if there is one.
    pub(super) fn yes_or_no(&self, column: &'static str) -> Result<Option<bool>> {
        let value: Option<i64> = self.row.try_get(column)?;
        Ok(value.map(|value| value != 0))
    }

    /// Returns a text read as an id or a name.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T> {
        self.text(column)?.parse().map_err(|_| self.unreadable(column))
    }

    /// Returns a text read as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|_| self.unreadable(column))
    }

    /// Returns a text read as one of the names of an enum.
    pub(super) fn named<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        let name = serde_json::Value::String(self.text(column)?);
        serde_json::from_value(name).map_err(|_| self.unreadable(column))
    }

    /// Returns the error that names a value which makes no sense.
    pub(super) fn unreadable(&self, column: &'static str) -> StoreError {
        let id = self.row.try_get::<String, _>(0).unwrap_or_default();
        StoreError::Row { table: self.table, column, id }
    }
}
