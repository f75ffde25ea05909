//! For which people somebody may do something.
//!
//! Every place has a path: the ids of the places above it and its own, each followed by `/`, for example
//! `vn/44@20250701/18859@20250701/`. A place lies within another when its path begins with the other's.
//!
//! Every method of the store that reads or writes people takes a scope and puts it into its question to the database.
//! Out of scope and not there are the same answer: guessing ids helps nobody.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{InvalidId, StaffId};

/// Longest path, in bytes: five levels of ids made by us.
const PATH_MAX_BYTES: usize = 240;

/// The path of a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlacePath(pub String);

impl PlacePath {
    /// Returns the path, or nothing when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let ids = text.strip_suffix('/')?;
        let is_id = |id: &str| {
            !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'-' | b'.'))
        };
        (text.len() <= PATH_MAX_BYTES && ids.split('/').all(is_id)).then(|| Self(text.to_owned()))
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a place is this one or lies within it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Returns the ids from the country down to the place itself.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split_terminator('/')
    }

    /// Returns the first text after all paths within this place: `path >= p AND path < p.end()`.
    pub fn end(&self) -> String {
        format!("{}~", self.0)
    }
}

impl fmt::Display for PlacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PlacePath {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::parse(text).ok_or(InvalidId)
    }
}

impl TryFrom<String> for PlacePath {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<PlacePath> for String {
    fn from(path: PlacePath) -> String {
        path.0
    }
}

/// For which people somebody may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everybody, also people whose place is not known.
    All,
    /// Everybody in these places. An empty list is nobody.
    Places(Vec<PlacePath>),
    /// The people whom one ambassador looks after, within these places or where their place is not known.
    Ambassador(StaffId, Vec<PlacePath>),
}

impl Scope {
    /// Returns whether a whole place lies within the scope.
    pub fn covers(&self, place: &PlacePath) -> bool {
        match self {
            Self::All => true,
            Self::Places(places) | Self::Ambassador(_, places) => {
                places.iter().any(|own| own.contains(place))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_within_those_its_path_begins_with() {
        let path = |text| PlacePath::parse(text).unwrap();
        let commune = path("vn/44@20250701/18859@20250701/");
        assert!(path("vn/44@20250701/").contains(&commune) && commune.contains(&commune));
        assert!(!path("vn/4/").contains(&commune) && !commune.contains(&path("vn/44@20250701/")));
        assert!(!path("vn/44@20250701/1885/").contains(&commune), "a code that only begins the same");
        assert_eq!(commune.ids().next_back(), Some("18859@20250701"));
        assert!(commune.as_str() < &*commune.end() && *"vn/44@20250701/18859@20250701/z/" < *commune.end());
        for bad in ["", "/", "vn", "vn//", "vn/4 4/", "vn/đ/", "vn/%/", "vn/~/"] {
            assert_eq!(PlacePath::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn who_may_act_where() {
        let path = |text| PlacePath::parse(text).unwrap();
        let (mine, other) = (path("vn/44@20250701/18859@20250701/"), path("vn/44@20250701/18871@20250701/"));
        let staff = StaffId(uuid::Uuid::nil());
        for (scope, here, there) in [
            (Scope::All, true, true),
            (Scope::Places(vec![mine.clone()]), true, false),
            (Scope::Places(vec![]), false, false),
            (Scope::Ambassador(staff, vec![mine.clone()]), true, false),
            (Scope::Ambassador(staff, vec![]), false, false),
        ] {
            assert_eq!((scope.covers(&mine), scope.covers(&other)), (here, there), "{scope:?}");
        }
    }
}
