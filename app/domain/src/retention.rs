//! How long each kind of data is kept. The terms themselves are data (`server/data/retention.toml`); why, in words, stands
//! with the other words.

use serde::{Deserialize, Serialize};

/// A kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// Name, code, details, agreements and what was learned.
    Record,
    /// Issued certificates.
    Certificates,
    /// What people asked about their data, and incidents.
    Requests,
    /// Who saw or changed whom.
    Audit,
    /// What a list changed, so that it can be taken back.
    ImportUndo,
    /// Staff who are signed in.
    StaffSessions,
    /// Wrong PINs and passwords.
    Tries,
    /// A record with which nothing happens any more: after this, people look at it. Nothing is deleted by itself.
    Inactive,
}

impl Kept {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Record,
        Self::Certificates,
        Self::Requests,
        Self::Audit,
        Self::ImportUndo,
        Self::StaffSessions,
        Self::Tries,
        Self::Inactive,
    ];
}

/// How long a kind of data is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The kind.
    pub what: Kept,
    /// Days; nothing for as long as the record is there.
    pub days: Option<u32>,
}

/// Returns the moment before which a kind of data is past its term; nothing where it has none.
pub fn past_ms(terms: &[Term], what: Kept, now_ms: i64) -> Option<i64> {
    const DAY_MS: i64 = 86_400_000;
    let days = terms.iter().find(|term| term.what == what)?.days?;
    Some(now_ms - i64::from(days) * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_ends_days_ago_or_never() {
        let terms = [Term { what: Kept::Audit, days: Some(2) }, Term { what: Kept::Record, days: None }];
        assert_eq!(past_ms(&terms, Kept::Audit, 3 * 86_400_000), Some(86_400_000));
        assert_eq!(past_ms(&terms, Kept::Record, 5), None);
        assert_eq!(past_ms(&terms, Kept::Tries, 5), None, "nothing said is nothing deleted");
    }
}
