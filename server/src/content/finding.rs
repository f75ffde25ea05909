//! One thing to mend, and how it is shown.

use std::fmt;
use std::path::PathBuf;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Must be mended before the content may be used.
    Error,
    /// Better mended; the content can be used as it is.
    Warning,
}

/// One thing to mend in a content file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The file, relative to the content folder.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// Names the kind of finding; stable, for example `sentence-too-long`.
    pub code: &'static str,
    /// What is wrong, in Vietnamese.
    pub message: String,
    /// What to do, in Vietnamese.
    pub advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "lỗi",
            Severity::Warning => "nhắc",
        };
        let Self { file, line, code, message, advice, .. } = self;
        write!(f, "{}:{line}: {severity} [{code}] {message} → {advice}", file.display())
    }
}
