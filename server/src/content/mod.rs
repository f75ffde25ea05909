//! Reads the folder `content/` into the domain's types, or says precisely what to mend.
//!
//! Here belongs everything between files on the disk and checked courses in memory: the format of `content/README.md`
//! and its rules. Nothing here stores, serves or shows anything. The same check runs at start, in the tests and for
//! authors, so a message is written for a teacher in a commune: what is wrong, then what to do.
//!
//! The way of a lesson: `folders` find it, `reader` opens it (`characters` looks at every letter), `front_matter`
//! and `markdown` take it apart, `screens`, `practice` and `question` turn the parts into domain types with
//! `toml_table` and `field`, and `lesson` puts them together. All text a learner sees passes `words`.
//!
//! To add a check: put it where the part is read, give it a code of its own (a plain string, stable for ever), and add a
//! case under `server/tests/content_cases/`.

use std::collections::BTreeSet;
use std::path::Path;

use domain::course::Course;
use domain::dated_fact::{DatedFact, Day};
use domain::rule::CertificateRule;

mod answer_keys;
mod answers;
mod characters;
mod course;
mod dated_words;
mod facts;
mod field;
mod finding;
mod folders;
mod front_matter;
mod header;
mod lesson;
mod lesson_body;
mod markdown;
mod names;
mod number_runs;
mod picture;
mod practice;
mod practice_paths;
mod practice_screens;
mod prose;
mod question;
mod reader;
mod report;
mod rules;
mod screens;
mod svg;
mod toml_message;
mod toml_table;
mod words;

pub use finding::{Finding, Severity};

use reader::Reader;

/// Everything `content/` holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// The courses, in the order of their folders' numbers.
    pub courses: Vec<Course>,
    /// The dated facts, in the order of `facts.toml`.
    pub facts: Vec<DatedFact>,
    /// The certificate rules, oldest first; the last one applies.
    pub rules: Vec<CertificateRule>,
}

/// What reading a content folder gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What could be read. To be used only when there is no error.
    pub library: Library,
    /// What there is to mend, file after file, line after line.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// Returns whether something must be mended before the library may be used.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Reads and checks the content folder `dir`. All findings of all files are collected.
///
/// `today` only decides which facts are past their review day; that is a warning, because the calendar alone must not
/// stop a start.
pub fn read(dir: &Path, today: &Day) -> Reading {
    let mut reader = Reader::new(dir);
    let facts = facts::read(&mut reader, today);
    let rules = rules::read(&mut reader);
    let known: Option<BTreeSet<String>> = facts.as_ref().map(|facts| facts.ids.clone());
    let courses = course::read_all(&mut reader, known.as_ref());
    let facts = facts.map(|facts| facts.facts).unwrap_or_default();
    Reading { library: Library { courses, facts, rules }, findings: reader.into_findings() }
}

/// Reads and checks the content folder for use; what needs attention but not at once comes along.
///
/// # Errors
/// [`Refused`] with everything to mend.
pub fn load(dir: &Path, today: &Day) -> Result<(Library, Vec<Finding>), Refused> {
    let reading = read(dir, today);
    if reading.has_errors() {
        Err(Refused(reading.findings))
    } else {
        Ok((reading.library, reading.findings))
    }
}

/// A content folder that must be mended before it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(Vec<Finding>);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for finding in &self.0 {
            writeln!(f, "{finding}")?;
        }
        let errors = self.0.iter().filter(|finding| finding.severity == Severity::Error).count();
        write!(f, "{errors} lỗi cần sửa trong thư mục bài học")
    }
}

impl std::error::Error for Refused {}
