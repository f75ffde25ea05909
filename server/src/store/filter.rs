//! Conditions put together piece by piece, their values always bound beside the text; and scopes as conditions.

use std::collections::BTreeMap;

use domain::ids::{ClassId, StaffId};
use domain::person::Group;
use domain::place::Level;
use domain::scope::{PlacePath, Reach, Scope};
use sqlx::AssertSqlSafe;

use super::placeholders::Statement;

/// The people in a class; whoever was joined with somebody else is in it as the one who stands for both.
pub(super) const MEMBERS: &str = "SELECT COALESCE(o.merged_into, o.id) FROM class_members m \
                                  JOIN people o ON o.id = m.person WHERE m.class = ?";

/// A value to bind.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// A statement that grows.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    text: String,
    values: Vec<Value>,
}

impl Filter {
    /// Returns a statement that begins so.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a piece in which every `?` is one of the values, in their order.
    pub(super) fn add(&mut self, piece: &str, values: impl IntoIterator<Item = Value>) -> &mut Self {
        let mut values = values.into_iter();
        self.text.push(' ');
        for c in piece.chars() {
            if c == '?' {
                self.values.push(values.next().expect("a piece has as many values as question marks"));
                self.text.push_str(&format!("${}", self.values.len()));
            } else {
                self.text.push(c);
            }
        }
        self
    }

    /// Adds a piece with texts.
    pub(super) fn texts<'t>(&mut self, piece: &str, texts: impl IntoIterator<Item = &'t str>) -> &mut Self {
        self.add(piece, texts.into_iter().map(|text| Value::Text(text.to_owned())))
    }

    /// Adds `before (…)` with a list of texts; an empty list is true of nothing.
    pub(super) fn list<'t>(&mut self, before: &str, texts: impl IntoIterator<Item = &'t str>) -> &mut Self {
        let texts: Vec<&str> = texts.into_iter().collect();
        if texts.is_empty() {
            return self.add("AND 1 = 0", []);
        }
        let marks = vec!["?"; texts.len()].join(", ");
        self.texts(&format!("{before} ({marks})"), texts)
    }

    /// Adds that a column of paths lies in one of these places.
    pub(super) fn within(&mut self, column: &str, places: &[PlacePath]) -> &mut Self {
        if places.is_empty() {
            return self.add("AND 1 = 0", []);
        }
        let one = format!("({column} >= ? AND {column} < ?)");
        let piece = vec![one; places.len()].join(" OR ");
        let ends: Vec<String> =
            places.iter().flat_map(|place| [place.as_str().to_owned(), place.end()]).collect();
        self.texts(&format!("AND ({piece})"), ends.iter().map(String::as_str))
    }

    /// Adds that the person of a table's row is in scope.
    pub(super) fn scope(&mut self, table: &str, scope: &Scope) -> &mut Self {
        match scope {
            Scope::All => self,
            Scope::Of(reaches) => self.any_of(table, &format!("{table}.path"), reaches),
        }
    }

    /// Adds that the person of a table's row, who lives or lived where `path` says, is in one of these.
    pub(super) fn any_of(&mut self, table: &str, path: &str, reaches: &[Reach]) -> &mut Self {
        if reaches.is_empty() {
            return self.add("AND 1 = 0", []);
        }
        let (mut pieces, mut values) = (Vec::new(), Vec::new());
        for reach in reaches {
            let place = format!("{path} >= ? AND {path} < ?");
            let (piece, own) = match reach {
                Reach::Place(_) => (format!("({place})"), None),
                Reach::Group(group, _) => {
                    (format!("({table}.person_group = ? AND {place})"), Some(group.as_str().to_owned()))
                }
                Reach::Charge(staff, _) => (
                    format!("({table}.ambassador = ? AND ({path} = '' OR {place}))"),
                    Some(staff.to_string()),
                ),
                Reach::Class(class, _) => (format!("{table}.id IN ({MEMBERS})"), Some(class.to_string())),
            };
            pieces.push(piece);
            values.extend(own);
            match reach {
                Reach::Place(place) | Reach::Group(_, place) | Reach::Charge(_, place) => {
                    values.extend([place.as_str().to_owned(), place.end()]);
                }
                Reach::Class(..) => {}
            }
        }
        self.texts(&format!("AND ({})", pieces.join(" OR ")), values.iter().map(String::as_str))
    }

    /// Returns the statement with its values bound.
    pub(super) fn statement(&self) -> Statement {
        let mut query = sqlx::query(AssertSqlSafe(self.text.clone()));
        for value in &self.values {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Number(number) => query.bind(*number),
            };
        }
        query
    }
}

/// People that one index lists in the order of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lane {
    /// Everybody.
    Everybody,
    /// A place.
    Within(PlacePath),
    /// Those of a group in a place.
    Group(Group, PlacePath),
    /// An ambassador's people in these places or nowhere, narrowed to a place.
    Charge(StaffId, Vec<PlacePath>, Option<PlacePath>),
    /// The members of a class, narrowed to a place.
    Class(ClassId, Option<PlacePath>),
}

/// Returns the lanes of a scope, narrowed to a place if one is given. One person may be in several.
pub(super) fn lanes(scope: &Scope, place: Option<&PlacePath>) -> Vec<Lane> {
    let Scope::Of(reaches) = scope else {
        return vec![place.map_or(Lane::Everybody, |place| Lane::Within(place.clone()))];
    };
    // What of a place of theirs lies in the place asked for.
    let shared = |own: &PlacePath| match place {
        Some(place) if own.contains(place) => Some(place.clone()),
        Some(place) => place.contains(own).then(|| own.clone()),
        None => Some(own.clone()),
    };
    let (mut whole, mut lanes) = (Vec::new(), Vec::new());
    let mut charges: BTreeMap<StaffId, Vec<PlacePath>> = BTreeMap::new();
    for reach in reaches {
        match reach {
            Reach::Place(own) => whole.extend(shared(own)),
            Reach::Group(group, own) => lanes.extend(shared(own).map(|own| Lane::Group(*group, own))),
            Reach::Charge(staff, own) => charges.entry(*staff).or_default().push(own.clone()),
            Reach::Class(class, _) => lanes.push(Lane::Class(*class, place.cloned())),
        }
    }
    lanes.extend(charges.into_iter().map(|(staff, own)| Lane::Charge(staff, own, place.cloned())));
    outermost(whole).into_iter().chain(lanes).collect()
}

fn outermost(mut places: Vec<PlacePath>) -> Vec<Lane> {
    places.sort();
    let mut kept: Vec<PlacePath> = Vec::new();
    for place in places {
        if !kept.last().is_some_and(|outer| outer.contains(&place)) {
            kept.push(place);
        }
    }
    kept.into_iter().map(Lane::Within).collect()
}

impl Lane {
    /// Returns whether all its people can be looked at: those of a commune or below, an ambassador's, a class.
    pub(super) fn is_small(&self) -> bool {
        match self {
            Self::Everybody => false,
            Self::Within(place) | Self::Group(_, place) => {
                place.ids().filter_map(level).any(|level| level == Level::Commune)
            }
            Self::Charge(..) | Self::Class(..) => true,
        }
    }

    /// Adds that a person `p` is in this lane, by the column of the narrowest index.
    pub(super) fn add_to(&self, filter: &mut Filter) {
        let narrowed = match self {
            Self::Everybody => None,
            Self::Within(place) => {
                in_place(filter, place);
                None
            }
            Self::Group(group, place) => {
                in_place(filter, place);
                filter.texts("AND p.person_group = ?", [group.as_str()]);
                None
            }
            Self::Charge(staff, places, place) => {
                filter.scope("p", &Scope::ambassador(*staff, places.clone()));
                place.as_ref()
            }
            Self::Class(class, place) => {
                filter.texts(&format!("AND p.id IN ({MEMBERS})"), [class.to_string().as_str()]);
                place.as_ref()
            }
        };
        if let Some(place) = narrowed {
            filter.within("p.path", std::slice::from_ref(place));
        }
    }
}

fn level(id: &str) -> Option<Level> {
    id.parse::<domain::place::PlaceId>().ok()?.level()
}

/// Adds that a person `p` lives in a place.
fn in_place(filter: &mut Filter, place: &PlacePath) {
    let of = |wanted| place.ids().find(|id| level(id) == Some(wanted));
    if let Some(commune) = of(Level::Commune) {
        filter.texts("AND p.commune = ?", [commune]);
    } else if let Some(province) = of(Level::Province) {
        filter.texts("AND p.province = ?", [province]);
    }
    // The column alone is exact for a commune and a province; what lies below needs the path.
    let exact = place.ids().next_back().and_then(level);
    if !matches!(exact, Some(Level::Commune | Level::Province)) {
        filter.within("p.path", std::slice::from_ref(place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Execute;

    fn path(text: &str) -> PlacePath {
        PlacePath(text.into())
    }

    #[test]
    fn values_are_numbered_through_the_pieces() {
        let mut filter = Filter::new("SELECT a FROM p WHERE 1 = 1");
        filter.texts("AND b = ?", ["x"]).list("AND c IN", ["y", "z"]).add("LIMIT ?", [Value::Number(5)]);
        assert_eq!(
            filter.statement().sql().as_str(),
            "SELECT a FROM p WHERE 1 = 1 AND b = $1 AND c IN ($2, $3) LIMIT $4"
        );
        let mut nobody = Filter::new("SELECT a FROM p WHERE 1 = 1");
        nobody.scope("p", &Scope::places([]));
        assert_eq!(nobody.statement().sql().as_str(), "SELECT a FROM p WHERE 1 = 1 AND 1 = 0");
    }

    #[test]
    fn a_scope_is_cut_into_lanes() {
        let (province, commune) = (path("vn/44@1/"), path("vn/44@1/18859@1/"));
        let (hamlet, other) = (path("vn/44@1/18859@1/h1/"), path("vn/45@1/"));
        let scope = Scope::places([commune.clone(), other.clone(), hamlet.clone()]);
        let within = |place: &PlacePath| Lane::Within(place.clone());
        assert_eq!(lanes(&scope, None), [within(&commune), within(&other)], "places have nobody in common");
        assert_eq!(lanes(&scope, Some(&hamlet)), [within(&hamlet)]);
        assert_eq!(lanes(&scope, Some(&province)), [within(&commune)], "no more than the scope holds");
        assert_eq!(lanes(&scope, Some(&path("vn/46@1/"))), []);
        assert_eq!(lanes(&Scope::All, Some(&province)), [within(&province)]);
        let (staff, class) = (StaffId(uuid::Uuid::nil()), ClassId(uuid::Uuid::nil()));
        let parts = Scope::Of(vec![
            Reach::Group(Group::Student, province.clone()),
            Reach::Charge(staff, commune.clone()),
            Reach::Charge(staff, other.clone()),
            Reach::Class(class, commune.clone()),
        ]);
        assert_eq!(
            lanes(&parts, Some(&commune)),
            [
                Lane::Group(Group::Student, commune.clone()),
                Lane::Class(class, Some(commune.clone())),
                Lane::Charge(staff, vec![commune.clone(), other.clone()], Some(commune.clone())),
            ]
        );
        let taught = Lane::Class(class, Some(path("vn/46@1/")));
        let hers = Lane::Charge(staff, vec![commune, other], Some(path("vn/46@1/")));
        assert_eq!(lanes(&parts, Some(&path("vn/46@1/"))), [taught, hers]);
    }
}
