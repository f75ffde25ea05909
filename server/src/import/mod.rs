//! Lists of people as they come from communes and schools: read, understood row by row, compared with who is there,
//! shown, and only then written, as one numbered batch that can be undone.
//!
//! `encoding` and `read` turn a file into rows of text; `columns` finds out which column is what; `check` turns a row into
//! a person or says what is wrong in which cell; `plan` compares with the database; `write` is the way back out. Nothing
//! here writes to the database: `people::import` does, with one call to the store. Nobody is ever removed because she is
//! missing in a list.

pub mod check;
pub mod classes;
pub mod columns;
pub mod encoding;
pub mod places;
pub mod plan;
pub mod read;
#[cfg(test)]
mod tests;
pub mod write;

/// Most rows of one list: a commune of 10,000 comes in two.
pub const ROWS_MAX: usize = 5_000;

/// Largest file, in bytes: 5,000 rows with formatting stay below one megabyte.
pub const FILE_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadableFile {
    /// Larger than [`FILE_MAX_BYTES`], or larger than that many times over once unpacked.
    TooLarge,
    /// More rows than [`ROWS_MAX`].
    TooManyRows,
    /// Nothing in it.
    Empty,
    /// A spreadsheet that is damaged or locked by a password.
    Damaged,
    /// No column of names among the first rows.
    NoNames,
}

impl UnreadableFile {
    /// Returns the stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "file-too-large",
            Self::TooManyRows => "too-many-rows",
            Self::Empty => "file-empty",
            Self::Damaged => "file-damaged",
            Self::NoNames => "no-name-column",
        }
    }
}
