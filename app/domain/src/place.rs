//! Administrative units: a tree whose units have days between which they are valid.
//!
//! Codes and names are reused: 18859 was Phường Bắc Lý and is Phường Đồng Thuận. A unit is therefore named by
//! [`PlaceId`], never by a bare code or name. Which units there are stands in the server's data files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::dated_fact::Day;
use crate::ids::InvalidId;
use crate::text::{fold, tidy_spaces};

/// Names a unit: `vn`, `<code>@<first valid day>` such as `18859@20250701` (`@0` where the first day is not known), or
/// `h` with a UUID for a hamlet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlaceId(String);

/// Longest id accepted, in bytes.
const ID_MAX_BYTES: usize = 48;

impl PlaceId {
    /// Returns the id of the whole country.
    pub fn country() -> Self {
        Self("vn".into())
    }

    /// Returns the id of the unit with this official code that is valid since this day, written `20250701`; 0 is not
    /// known.
    pub fn official(code: &str, valid_from: i64) -> Self {
        Self(format!("{code}@{valid_from}"))
    }

    /// Returns the id of a hamlet.
    pub fn hamlet(id: uuid::Uuid) -> Self {
        Self(format!("h{id}"))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns how high the unit stands: official codes have two digits for a province, three for a district and five
    /// for a commune.
    pub fn level(&self) -> Option<Level> {
        match self.0.split_once('@') {
            Some((code, _)) => match code.len() {
                2 => Some(Level::Province),
                3 => Some(Level::District),
                5 => Some(Level::Commune),
                _ => None,
            },
            None if self.0 == "vn" => Some(Level::Country),
            None => self.0.starts_with('h').then_some(Level::Hamlet),
        }
    }
}

impl FromStr for PlaceId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let is_id = !text.is_empty()
            && text.len() <= ID_MAX_BYTES
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'@');
        if is_id { Ok(Self(text.to_owned())) } else { Err(InvalidId) }
    }
}

impl TryFrom<String> for PlaceId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<PlaceId> for String {
    fn from(id: PlaceId) -> String {
        id.0
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns a day as the number in which validity is stored: 20250701.
pub fn day_number(day: &Day) -> i64 {
    String::from(day.clone()).replace('-', "").parse().unwrap_or(0)
}

/// How high a unit stands. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The whole country.
    Country = 0,
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province = 1,
    /// Quận, huyện, thị xã, thành phố: until 30 June 2025.
    District = 2,
    /// Xã, phường, thị trấn, đặc khu.
    Commune = 3,
    /// Thôn, bản, tổ dân phố: entered by the commune.
    Hamlet = 4,
}

impl Level {
    /// Returns the level with this stored number.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Country, Self::Province, Self::District, Self::Commune, Self::Hamlet]
            .into_iter()
            .find(|level| *level as i64 == number)
    }
}

/// Kinds of units as they begin a name, in the Vietnamese of the official lists.
const KINDS: [&str; 14] = [
    "Tỉnh",
    "Thành phố",
    "Quận",
    "Huyện",
    "Thị xã",
    "Phường",
    "Thị trấn",
    "Xã",
    "Đặc khu",
    "Tổ dân phố",
    "Thôn",
    "Bản",
    "Khu phố",
    "Ấp",
];

/// Short forms of kinds that stand in lists, after [`fold`].
const SHORT_KINDS: [&str; 9] = ["tp", "t", "q", "h", "tx", "p", "tt", "x", "tdp"];

/// Returns a name without its kind: "Đồng Hới" of "Phường Đồng Hới". A name whose rest is a number keeps it ("Phường 1"),
/// and so does one that is nothing but a kind.
pub fn short_name(name: &str) -> &str {
    for kind in KINDS {
        if let Some(rest) = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix(' '))
            && !rest.bytes().all(|b| b.is_ascii_digit() || b == b' ')
        {
            return rest;
        }
    }
    name
}

/// Returns the form in which names of units in lists are compared: folded, without the kind in any usual spelling, y as
/// i ("Mỹ Thủy", "Mĩ Thuỷ"). Numbered units keep their number alone ("P.1", "Phường 01").
pub fn compare_key(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    let kind_words = KINDS
        .iter()
        .map(|kind| fold(kind))
        .chain(SHORT_KINDS.map(str::to_owned))
        .filter(|kind| folded.len() > kind.len() && folded.starts_with(&format!("{kind} ")))
        .map(|kind| kind.split(' ').count())
        .max()
        .unwrap_or(0);
    let rest = &words[kind_words..];
    let word = |word: &&str| match word.trim_start_matches('0') {
        number if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => number.to_owned(),
        _ => word.replace('y', "i"),
    };
    rest.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Kinds of hamlets as lists shorten them, after [`fold`].
const HAMLET_KINDS: [(&str, &str); 9] = [
    ("to dan pho", "to dan pho"),
    ("tdp", "to dan pho"),
    ("khu pho", "khu pho"),
    ("kp", "khu pho"),
    ("thon", "thon"),
    ("t", "thon"),
    ("ban", "ban"),
    ("b", "ban"),
    ("ap", "ap"),
];

/// Returns the kind with which the name of a hamlet begins, folded and spelled out; nothing when it has none.
fn hamlet_kind(folded: &str) -> Option<(&'static str, &str)> {
    HAMLET_KINDS.iter().find_map(|(short, kind)| {
        let rest = folded.strip_prefix(short)?.strip_prefix(' ')?;
        Some((*kind, rest))
    })
}

/// Returns the form in which hamlets of one commune are compared: the kind, spelled out, and the rest. "TDP 05" is
/// "Tổ dân phố 5", and neither is "Thôn 5".
pub fn hamlet_key(name: &str) -> (Option<&'static str>, String) {
    let folded = fold(name);
    let (kind, rest) = match hamlet_kind(&folded) {
        Some((kind, rest)) => (Some(kind), rest),
        None => (None, folded.as_str()),
    };
    let word = |word: &str| match word.trim_start_matches('0') {
        number if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => number.to_owned(),
        _ => word.replace('y', "i"),
    };
    (kind, rest.split(' ').map(word).collect::<Vec<_>>().join(" "))
}

/// Returns whether two names of one commune may mean one hamlet: the same, or the same but for a kind that one of them does
/// not say ("Xuân Tiến", "Thôn Xuân Tiến").
pub fn may_be_one_hamlet(a: &str, b: &str) -> bool {
    let ((a_kind, a), (b_kind, b)) = (hamlet_key(a), hamlet_key(b));
    a == b && (a_kind == b_kind || a_kind.is_none() || b_kind.is_none())
}

/// Why a hamlet cannot be named so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidPlaceName {
    /// No letter or digit in it.
    Empty,
    /// Longer than [`HAMLET_MAX_CHARS`], or with characters that cannot be printed.
    Unreadable,
}

/// Longest name of a hamlet, in characters.
pub const HAMLET_MAX_CHARS: usize = 60;

/// Checks the name of a hamlet and returns it with its spaces tidied.
///
/// # Errors
/// [`InvalidPlaceName`] says which rule it breaks.
pub fn check_hamlet_name(name: &str) -> Result<String, InvalidPlaceName> {
    let name = tidy_spaces(name);
    if fold(&name).is_empty() {
        Err(InvalidPlaceName::Empty)
    } else if name.chars().count() > HAMLET_MAX_CHARS || name.chars().any(char::is_control) {
        Err(InvalidPlaceName::Unreadable)
    } else {
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_carry_the_first_valid_day() {
        assert_eq!(PlaceId::official("18859", 20_250_701).as_str(), "18859@20250701");
        for good in ["vn", "44@0", "h00000000-0000-0000-0000-000000000001"] {
            assert!(good.parse::<PlaceId>().is_ok(), "{good}");
        }
        for (id, level) in [
            ("vn", Level::Country),
            ("44@0", Level::Province),
            ("450@0", Level::District),
            ("18859@20250701", Level::Commune),
            ("h00000000-0000-0000-0000-000000000001", Level::Hamlet),
        ] {
            assert_eq!(id.parse::<PlaceId>().unwrap().level(), Some(level), "{id}");
        }
        assert_eq!("x".parse::<PlaceId>().unwrap().level(), None);
        for bad in ["", "a/b", "Vn", "x~", "đ@0"] {
            assert!(bad.parse::<PlaceId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_are_told_from_their_kinds() {
        for (name, short) in [
            ("Phường Đồng Hới", "Đồng Hới"),
            ("Thành phố Hồ Chí Minh", "Hồ Chí Minh"),
            ("Thị trấn Việt Trung", "Việt Trung"),
            ("Quận 1", "Quận 1"),
            ("Xã Bản Bo", "Bản Bo"),
            ("Bản Kè", "Kè"),
            ("Xã", "Xã"),
        ] {
            assert_eq!(short_name(name), short);
        }
    }

    #[test]
    fn lists_spell_units_in_many_ways() {
        for same in [
            &["Xã Mỹ Thủy", "xa my thuy", "X. Mĩ Thuỷ", "Mỹ Thuỷ", "MỸ THỦY"][..],
            &["Phường 1", "P.1", "P 01", "1"],
            &["TP. Đồng Hới", "Thành phố Đồng Hới", "dong hoi"],
            &["Tổ dân phố 5", "TDP 5", "5"],
        ] {
            for name in same {
                assert_eq!(compare_key(name), compare_key(same[0]), "{name}");
            }
        }
        assert_ne!(compare_key("Xã Tân Thành"), compare_key("Xã Tân Thanh Hà"));
        assert_eq!(compare_key("Xã"), "xa");
    }

    #[test]
    fn a_hamlet_has_a_printable_name() {
        assert_eq!(check_hamlet_name("  Bản   Kè "), Ok("Bản Kè".into()));
        assert_eq!(check_hamlet_name(" . "), Err(InvalidPlaceName::Empty));
        assert_eq!(check_hamlet_name("a\u{7}"), Err(InvalidPlaceName::Unreadable));
        assert_eq!(check_hamlet_name(&"a".repeat(61)), Err(InvalidPlaceName::Unreadable));
    }

    #[test]
    fn hamlets_of_one_commune_are_told_apart_by_kind_and_name() {
        for (a, b, is_one) in [
            ("Thôn Xuân Tiến", "thon xuan tien", true),
            ("Thôn Xuân Tiến", "Xuân Tiến", true),
            ("T. Xuân Tiến", "THÔN XUÂN TIẾN", true),
            ("TDP 05", "Tổ dân phố 5", true),
            ("5", "Tổ dân phố 5", true),
            ("Thôn 5", "Tổ dân phố 5", false),
            ("Thôn Hạ", "Bản Hạ", false),
            ("Bản Kè", "Bản Kẻ", true),
            ("Bản Kè", "Bản Kè Ngoài", false),
        ] {
            assert_eq!((may_be_one_hamlet(a, b), may_be_one_hamlet(b, a)), (is_one, is_one), "{a}, {b}");
        }
        assert_eq!(hamlet_key("Bản"), (None, "ban".into()));
    }

    #[test]
    fn a_day_is_a_number() {
        assert_eq!(day_number(&Day::from_epoch_days(20_270)), 20_250_701);
    }

    #[test]
    fn levels_are_stored_as_numbers() {
        for level in [Level::Country, Level::Province, Level::District, Level::Commune, Level::Hamlet] {
            assert_eq!(Level::from_number(level as i64), Some(level));
        }
        assert_eq!(Level::from_number(9), None);
    }
}
