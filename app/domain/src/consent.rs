//! What a learner can agree to, and how an agreement is given by people who cannot read it, or are children.
//!
//! The law asks for an agreement per purpose that can be proven (Luật 91/2025/QH15, Điều 9; Nghị định 356/2025/NĐ-CP,
//! Điều 6) and for a representative of a child (Điều 24; a child is under 16 by Luật Trẻ em).

use serde::{Deserialize, Serialize};

/// Under this age, in years, a representative agrees in the child's place.
pub const CHILD_UNDER_YEARS: u16 = 16;

/// Which wording people are shown or read today; raised when the wording changes.
///
/// 1 (2026-11): first wording.
pub const TEXT_VERSION: u16 = 1;

/// What for. One agreement never stands for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentPurpose {
    /// Keeping the learning record on the server and issuing certificates.
    LearningRecord,
    /// Being named in public for what was learned. Since protocol 3.
    Recognition,
    /// Taking part in research about learning, without the name. Since protocol 3.
    Research,
}

impl ConsentPurpose {
    /// All purposes, in the order in which they are asked for.
    pub const ALL: [Self; 3] = [Self::LearningRecord, Self::Recognition, Self::Research];

    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LearningRecord => "learning-record",
            Self::Recognition => "recognition",
            Self::Research => "research",
        }
    }
}

/// How an agreement was given, where the learner did not simply read and press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentManner {
    /// In which way.
    pub method: ConsentMethod,
    /// Who agreed in the place of a child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Guardian>,
}

/// In which way an agreement was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentMethod {
    /// Read and pressed on one's own.
    Own,
    /// The text was read aloud and the person said yes; the event's actor is the witness.
    ReadAloud,
}

/// The representative of a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardian {
    /// The whole name.
    pub name: String,
    /// Who that is to the child.
    pub relation: Relation,
}

/// Who somebody is to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Mother or father.
    Parent,
    /// Grandmother or grandfather.
    Grandparent,
    /// Somebody else who represents the child by law.
    Representative,
}

impl Relation {
    /// All relations, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Parent, Self::Grandparent, Self::Representative];
}

/// Returns whether somebody could be a child in the law's sense. Only the birth year is kept: in the year of the sixteenth
/// birthday she may still be one, and counts as one.
pub fn may_be_child(birth_year: u16, this_year: u16) -> bool {
    this_year.saturating_sub(birth_year) <= CHILD_UNDER_YEARS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_be_under_sixteen_counts_as_a_child() {
        for (birth_year, expected) in [(2016, true), (2010, true), (2009, false), (1958, false), (2030, true)]
        {
            assert_eq!(may_be_child(birth_year, 2026), expected, "{birth_year}");
        }
    }

    #[test]
    fn names_are_those_that_are_sent() {
        for purpose in ConsentPurpose::ALL {
            assert_eq!(serde_json::to_string(&purpose).unwrap(), format!("\"{}\"", purpose.as_str()));
        }
    }
}
