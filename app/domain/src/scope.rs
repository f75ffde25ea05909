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

use crate::ids::{ClassId, InvalidId, StaffId};
use crate::person::Group;

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

/// Some people, named by where they live and what they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Everybody in a place.
    Place(PlacePath),
    /// Those of one group in a place.
    Group(Group, PlacePath),
    /// The people whom one ambassador looks after, in a place or where their place is not known.
    Charge(StaffId, PlacePath),
    /// The members of a class, wherever they live; the place is the class's.
    Class(ClassId, PlacePath),
}

/// For which people somebody may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everybody, also people whose place is not known.
    All,
    /// Whoever is in one of these. An empty list is nobody.
    Of(Vec<Reach>),
}

impl Scope {
    /// Returns everybody in these places.
    pub fn places(places: impl IntoIterator<Item = PlacePath>) -> Self {
        Self::Of(places.into_iter().map(Reach::Place).collect())
    }

    /// Returns the people whom one ambassador looks after, in these places or where their place is not known.
    pub fn ambassador(staff: StaffId, places: impl IntoIterator<Item = PlacePath>) -> Self {
        Self::Of(places.into_iter().map(|place| Reach::Charge(staff, place)).collect())
    }

    fn reaches(&self) -> &[Reach] {
        match self {
            Self::All => &[],
            Self::Of(reaches) => reaches,
        }
    }

    /// Returns the places that are in scope with everybody who lives there; nothing for all of them.
    pub fn whole_places(&self) -> Option<Vec<PlacePath>> {
        let place = |reach: &Reach| match reach {
            Reach::Place(place) => Some(place.clone()),
            _ => None,
        };
        (*self != Self::All).then(|| self.reaches().iter().filter_map(place).collect())
    }

    /// Returns whether a place is in scope with everybody who lives there.
    pub fn covers(&self, place: &PlacePath) -> bool {
        let holds = |reach: &Reach| matches!(reach, Reach::Place(own) if own.contains(place));
        *self == Self::All || self.reaches().iter().any(holds)
    }

    /// Returns the places among whose units people in scope live; nothing for all of them.
    pub fn near(&self) -> Option<Vec<PlacePath>> {
        let place = |reach: &Reach| match reach {
            Reach::Place(place)
            | Reach::Group(_, place)
            | Reach::Charge(_, place)
            | Reach::Class(_, place) => place.clone(),
        };
        (*self != Self::All).then(|| self.reaches().iter().map(place).collect())
    }

    /// Returns whether somebody of this group who lives here, or nobody knows where, may be entered: whoever enters her can
    /// see her then.
    pub fn admits(&self, place: Option<&PlacePath>, group: Option<Group>) -> bool {
        let admits = |reach: &Reach| match reach {
            Reach::Place(own) => place.is_some_and(|place| own.contains(place)),
            Reach::Group(of, own) => group == Some(*of) && place.is_some_and(|place| own.contains(place)),
            Reach::Charge(_, own) => place.is_none_or(|place| own.contains(place)),
            // Nobody is in a class before she is anywhere.
            Reach::Class(..) => false,
        };
        *self == Self::All || self.reaches().iter().any(admits)
    }

    /// Returns the ambassador who looks after whom she enters.
    pub fn keeper(&self) -> Option<StaffId> {
        self.reaches().iter().find_map(|reach| match reach {
            Reach::Charge(staff, _) => Some(*staff),
            _ => None,
        })
    }

    /// Returns whether a class is in scope: one of a whole place, or named.
    pub fn has_class(&self, class: ClassId, place: &PlacePath) -> bool {
        let named = |reach: &Reach| matches!(reach, Reach::Class(own, _) if *own == class);
        self.covers(place) || self.reaches().iter().any(named)
    }

    /// Returns the only group that somebody with this scope may enter, if there is one: what is left open then means it.
    pub fn only_group(&self) -> Option<Group> {
        let mut groups = self.reaches().iter().map(|reach| match reach {
            Reach::Group(group, _) => Some(*group),
            _ => None,
        });
        let first = groups.next().flatten();
        first.filter(|first| groups.all(|group| group == Some(*first)))
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
        let (staff, class) = (StaffId(uuid::Uuid::nil()), ClassId(uuid::Uuid::nil()));
        let students = Scope::Of(vec![Reach::Group(Group::Student, mine.clone())]);
        let taught = Scope::Of(vec![Reach::Class(class, mine.clone())]);
        // In scope as a whole; may enter a pupil here, there, nowhere; a resident here.
        for (scope, whole, [here, there, nowhere], resident) in [
            (Scope::All, true, [true, true, true], true),
            (Scope::places([mine.clone()]), true, [true, false, false], true),
            (Scope::places([]), false, [false, false, false], false),
            (students.clone(), false, [true, false, false], false),
            (Scope::ambassador(staff, [mine.clone()]), false, [true, false, true], true),
            (Scope::ambassador(staff, []), false, [false, false, false], false),
            (taught.clone(), false, [false, false, false], false),
        ] {
            assert_eq!(scope.covers(&mine), whole, "{scope:?}");
            let pupil = |place| scope.admits(place, Some(Group::Student));
            assert_eq!(
                [pupil(Some(&mine)), pupil(Some(&other)), pupil(None)],
                [here, there, nowhere],
                "{scope:?}"
            );
            assert_eq!(scope.admits(Some(&mine), Some(Group::Resident)), resident, "{scope:?}");
        }
        let elsewhere = ClassId(uuid::Uuid::max());
        assert!(taught.has_class(class, &other) && !taught.has_class(elsewhere, &mine));
        assert!(
            Scope::places([mine.clone()]).has_class(elsewhere, &mine) && !students.has_class(class, &mine)
        );
        assert_eq!(students.only_group(), Some(Group::Student));
        assert_eq!(
            Scope::Of(vec![Reach::Group(Group::Student, mine.clone()), Reach::Place(other)]).only_group(),
            None
        );
        assert_eq!(Scope::ambassador(staff, [mine]).keeper(), Some(staff));
    }
}
