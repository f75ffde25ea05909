//! Whose records somebody may see: everybody's, those of places, or those of the people an ambassador looks after.
//!
//! Every method of the store that reads or writes people takes a scope and puts it into its question to the database.
//! Out of scope and not there are the same answer: guessing ids helps nobody.

use std::fmt;

use crate::ids::StaffId;

/// A place with everything above it: ids joined by `/`, ending in `/`, for example `vn/44@20250701/18859@20250701/`.
///
/// A place lies in another one exactly when its path begins with the other's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlacePath(pub String);

impl PlacePath {
    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first text after all paths within this one, for a test by range.
    pub fn end(&self) -> String {
        format!("{}~", self.0)
    }

    /// Returns whether `inner` is this place or lies in it.
    pub fn contains(&self, inner: &PlacePath) -> bool {
        inner.0.starts_with(&self.0)
    }

    /// Returns the ids from the country down to the place itself.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split_terminator('/')
    }
}

impl fmt::Display for PlacePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose records somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's, also those of people whose place is not known.
    All,
    /// Those of people in these places. An empty list is nobody.
    Places(Vec<PlacePath>),
    /// Those of the people this ambassador looks after, as long as they live in these places or their place is not known.
    Ambassador(StaffId, Vec<PlacePath>),
}

impl Scope {
    /// Returns whether a whole place lies within the scope: what adding a person or a hamlet there asks for.
    pub fn covers(&self, place: &PlacePath) -> bool {
        match self {
            Self::All => true,
            Self::Places(places) | Self::Ambassador(_, places) => {
                places.iter().any(|mine| mine.contains(place))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn path(text: &str) -> PlacePath {
        PlacePath(text.into())
    }

    #[test]
    fn a_place_holds_itself_and_what_lies_in_it() {
        let province = path("vn/44@20250701/");
        let commune = path("vn/44@20250701/18859@20250701/");
        assert!(province.contains(&province) && province.contains(&commune) && !commune.contains(&province));
        assert!(!path("vn/4/").contains(&province), "an id is compared as a whole");
        assert!(*commune.as_str() > *province.as_str() && *commune.as_str() < *province.end());
        assert!(*path("vn/45@20250701/").as_str() > *province.end(), "neighbours are outside the range");
        assert_eq!(commune.ids().collect::<Vec<_>>(), ["vn", "44@20250701", "18859@20250701"]);
    }

    #[test]
    fn who_may_act_where() {
        let (mine, other) = (path("vn/44@20250701/18859@20250701/"), path("vn/44@20250701/18871@20250701/"));
        let staff = StaffId(Uuid::nil());
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
