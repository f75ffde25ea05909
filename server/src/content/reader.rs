//! One reading of a content folder: where the files are, which names are taken, what was found so far.

use std::path::{Path, PathBuf};

use super::characters;
use super::finding::{Finding, Severity};
use super::names::Names;
use super::report::Report;

/// Largest text file that is read at all; a lesson has about 10 KB. Keeps a wrong file (a film, a backup) out of memory.
const TEXT_MAX_BYTES: u64 = 256 * 1024;

/// What is carried through one reading.
pub(super) struct Reader {
    dir: PathBuf,
    /// The names taken so far.
    pub(super) names: Names,
    findings: Vec<Finding>,
}

impl Reader {
    /// Returns a reader of the content folder `dir`.
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), names: Names::default(), findings: Vec::new() }
    }

    /// Returns where `file`, a path within the content folder, lies on the disk.
    pub(super) fn on_disk(&self, file: &Path) -> PathBuf {
        self.dir.join(file)
    }

    /// Returns the text of `file` and a report to fill, or nothing when it cannot be read; that is then a finding.
    pub(super) fn open(&mut self, file: &Path) -> Option<(String, Report)> {
        let bytes = match read_small(&self.on_disk(file)) {
            Ok(bytes) => bytes,
            Err((code, message, advice)) => {
                self.error(file, 1, code, message, advice);
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => {
                let (text, strange) = characters::settle(&text);
                let mut report = Report::new(file, &text);
                characters::report(&text, strange, &mut report);
                Some((text, report))
            }
            Err(error) => {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                let message = "Tệp chưa được lưu bằng bảng mã UTF-8, có thể là chữ kiểu cũ (TCVN3, VNI).";
                self.error(
                    file,
                    line,
                    "not-utf8",
                    message,
                    "Mở lại tệp, chuyển sang Unicode rồi lưu với UTF-8.",
                );
                None
            }
        }
    }

    /// Takes over the findings of a file that has been read.
    pub(super) fn close(&mut self, report: Report) {
        self.findings.extend(report.into_findings());
    }

    /// Adds an error about a file or folder as a whole.
    pub(super) fn error(
        &mut self,
        file: &Path,
        line: usize,
        code: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let (message, advice) = (message.into(), advice.into());
        self.findings.push(Finding {
            severity: Severity::Error,
            file: file.to_owned(),
            line,
            code,
            message,
            advice,
        });
    }

    /// Takes over findings made elsewhere.
    pub(super) fn extend(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// Returns everything found.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

fn read_small(path: &Path) -> Result<Vec<u8>, (&'static str, String, &'static str)> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            ("file-missing", "Chưa có tệp này.".to_owned(), "Tạo tệp theo mẫu trong content/README.md.")
        }
        _ => ("cannot-read", format!("Máy không đọc được tệp ({error})."), "Xem lại tệp và quyền đọc tệp."),
    };
    let size_bytes = std::fs::metadata(path).map_err(failed)?.len();
    if size_bytes > TEXT_MAX_BYTES {
        let message = format!("Tệp quá lớn: {} KB.", size_bytes / 1024);
        return Err(("file-too-large", message, "Tệp chữ chỉ cần vài chục KB. Xem lại có nhầm tệp không."));
    }
    std::fs::read(path).map_err(failed)
}
