//! Names that may be taken once only: ids of courses, lessons, facts, rules, and of the parts of a lesson.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::report::Report;

/// The names taken so far, and where.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeMap<(&'static str, String), (PathBuf, usize)>,
}

impl Names {
    /// Takes `name` for a `kind` of thing (in Vietnamese, as the message says it); an error if it is taken already.
    pub(super) fn take(&mut self, kind: &'static str, name: &str, at: usize, report: &mut Report) {
        let here = (report.file().to_owned(), report.line(at));
        if let Some((file, line)) = self.taken.get(&(kind, name.to_owned())) {
            let message = format!("Mã {kind} \"{name}\" đã dùng ở {}:{line}.", file.display());
            report.error(at, "id-taken", message, "Đặt một mã khác. Mã đã công bố thì không dùng lại.");
        } else {
            self.taken.insert((kind, name.to_owned()), here);
        }
    }
}
