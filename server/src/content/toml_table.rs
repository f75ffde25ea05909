//! TOML tables read piece by piece, so that one mistake does not hide the next one.
//!
//! A block is parsed into a [`Table`]; arrays of tables (`[[screen]]`) are taken out and read each on its own, the rest
//! is read as one serde struct with `deny_unknown_fields`. Errors point at the line of the file, because the text parsed
//! is a copy of the file that is blank outside the block.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::report::Report;
use super::toml_message;

/// A table and where it begins.
pub(super) struct Table<'a> {
    /// How messages name it, for example "khối question" or "[[variant]]".
    name: String,
    entries: DeTable<'a>,
    span: Range<usize>,
    /// Keys taken out already, to be named when somebody mistypes one.
    taken: Vec<String>,
}

impl<'a> Table<'a> {
    /// Parses a whole block. `at` is where the block begins, for findings about it as a whole. Every line that is not
    /// TOML is an error; the result is then nothing, because what was read around it is a guess.
    pub(super) fn parse(name: &str, text: &'a str, at: usize, report: &mut Report) -> Option<Self> {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            // The next block's opening line inside this one says what really happened.
            if let Some(next) =
                text.match_indices("```").map(|(at, _)| at).find(|at| begins_a_line(text, *at))
            {
                let message = "Khối ở trên chưa đóng lại.";
                report.error(next, "block-not-closed", message, "Thêm một dòng ``` ở cuối khối ấy.");
                return None;
            }
        }
        let mut last_line = 0;
        for error in &errors {
            let error_at = error.span().map_or(at, |span| span.start.max(at));
            // What follows on the same line is the same mistake.
            if report.line(error_at) != last_line {
                let said = toml_message::of_syntax(error.message());
                report.error(error_at, said.code, said.message, said.advice);
            }
            last_line = report.line(error_at);
        }
        errors.is_empty().then(|| Self {
            name: name.to_owned(),
            entries: document.into_inner(),
            span: at..at,
            taken: Vec::new(),
        })
    }

    /// Returns where the table begins.
    pub(super) fn at(&self) -> usize {
        self.span.start
    }

    /// Returns the text of a key without taking it out, or nothing when it is no text.
    pub(super) fn peek_text(&self, key: &str) -> Option<String> {
        self.entries.get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned)
    }

    /// Takes some keys out into a table of their own.
    pub(super) fn take(&mut self, keys: &[&str]) -> Self {
        self.taken.extend(keys.iter().map(|key| (*key).to_owned()));
        let entries = std::mem::take(&mut self.entries);
        let (taken, left) = entries.into_iter().partition(|(key, _)| keys.contains(&key.get_ref().as_ref()));
        self.entries = left;
        Self { name: self.name.clone(), entries: taken, span: self.span.clone(), taken: Vec::new() }
    }

    /// Takes out the tables written `[[key]]`, which messages name `name`. None at all is an empty list.
    pub(super) fn take_tables(&mut self, key: &str, name: &str, report: &mut Report) -> Vec<Self> {
        self.taken.push(name.to_owned());
        let Some(value) = self.entries.remove(key) else { return Vec::new() };
        let at = value.span().start;
        let DeValue::Array(array) = value.into_inner() else {
            self.not_tables(key, name, at, report);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in array {
            let span = value.span();
            match value.into_inner() {
                DeValue::Table(entries) => {
                    tables.push(Self { name: name.to_owned(), entries, span, taken: Vec::new() })
                }
                _ => self.not_tables(key, name, span.start, report),
            }
        }
        tables
    }

    fn not_tables(&self, key: &str, name: &str, at: usize, report: &mut Report) {
        let message = format!("\"{key}\" trong {} phải viết thành từng mục {name}.", self.name);
        report.error(at, "wrong-type", message, format!("Mỗi mục bắt đầu bằng một dòng {name}."));
    }

    /// Returns what is left as a `T`, or nothing with a finding.
    pub(super) fn read<T: DeserializeOwned>(self, report: &mut Report) -> Option<T> {
        let Self { name, entries, span, taken } = self;
        let at = span.start;
        T::deserialize(ValueDeserializer::from(Spanned::new(span, DeValue::Table(entries))))
            .map_err(|error| {
                let said = toml_message::of_value(error.message(), &name, &taken);
                let at = error.span().map_or(at, |span| span.start);
                report.error(at, said.code, said.message, said.advice);
            })
            .ok()
    }
}

fn begins_a_line(text: &str, at: usize) -> bool {
    let line_start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    text[line_start..at].trim().is_empty()
}
