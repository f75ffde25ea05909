//! Certificate rules: versioned data that say what earns a certificate, with the legal basis in words.

use serde::{Deserialize, Serialize};

use crate::course::LessonOutline;
use crate::progress::Progress;

/// What earns a certificate. A published rule never changes; a new one gets a new id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRule {
    /// For example `nen-tang-1`.
    pub id: String,
    /// Lamps that must be lit, in percent of the course's lessons, rounded up.
    pub lit_percent: u8,
    /// The rule in words, as a learner reads it.
    pub text: String,
    /// What the certificate is, and is not, in law.
    pub legal_basis: String,
}

impl CertificateRule {
    /// Returns how many lamps must be lit.
    pub fn lamps_needed(&self, lessons: usize) -> usize {
        (lessons * usize::from(self.lit_percent)).div_ceil(100)
    }

    /// Returns whether the progress shown earns the certificate. A course without lessons earns none.
    pub fn is_met(&self, progress: &Progress, lessons: &[LessonOutline]) -> bool {
        !lessons.is_empty() && progress.lit(lessons) >= self.lamps_needed(lessons.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(lit_percent: u8) -> CertificateRule {
        CertificateRule { id: "r".into(), lit_percent, text: "t".into(), legal_basis: "l".into() }
    }

    #[test]
    fn lamps_needed_are_rounded_up() {
        for (percent, lessons, needed) in [(100, 7, 7), (80, 7, 6), (50, 7, 4), (1, 7, 1), (100, 0, 0)] {
            assert_eq!(rule(percent).lamps_needed(lessons), needed, "{percent}% of {lessons}");
        }
    }

    #[test]
    fn nothing_done_earns_nothing() {
        assert!(!rule(0).is_met(&Progress::default(), &[]));
    }
}
