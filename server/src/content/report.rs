//! Collects the findings of one file: positions in its text come in, lines go out.

use std::path::{Path, PathBuf};

use super::finding::{Finding, Severity};

/// The findings of one file.
pub(super) struct Report {
    file: PathBuf,
    line_starts: Vec<usize>,
    findings: Vec<Finding>,
}

impl Report {
    /// Returns an empty report about `file`, whose text is `text`.
    pub(super) fn new(file: &Path, text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        Self { file: file.to_owned(), line_starts, findings: Vec::new() }
    }

    /// Returns the file this is about.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Returns the line, counted from 1, of the byte `at`.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).max(1)
    }

    /// Returns where a line, counted from 1, begins.
    pub(super) fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0)
    }

    /// Adds an error at the byte `at`.
    pub(super) fn error(
        &mut self,
        at: usize,
        code: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(Severity::Error, self.line(at), code, message.into(), advice.into());
    }

    /// Adds a warning at the byte `at`.
    pub(super) fn warning(
        &mut self,
        at: usize,
        code: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(Severity::Warning, self.line(at), code, message.into(), advice.into());
    }

    fn add(&mut self, severity: Severity, line: usize, code: &'static str, message: String, advice: String) {
        let finding = Finding { severity, file: self.file.clone(), line, code, message, advice };
        // An opening and a closing tag on one line are one thing to mend.
        let mut same_line = self.findings.iter().rev().take_while(|earlier| earlier.line == line);
        if !same_line.any(|earlier| *earlier == finding) {
            self.findings.push(finding);
        }
    }

    /// Returns the findings, line after line.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.line);
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_become_lines() {
        let report = Report::new(Path::new("a"), "một\nhai\n\nba");
        for (at, line) in [(0, 1), (4, 1), (6, 2), (10, 3), (11, 4), (99, 4)] {
            assert_eq!(report.line(at), line, "{at}");
        }
        assert_eq!(Report::new(Path::new("a"), "").line(0), 1);
    }
}
