//! Conditions put together piece by piece, their values always bound beside the text; and scopes as conditions.

use domain::ids::StaffId;
use domain::place::Level;
use domain::scope::{PlacePath, Scope};
use sqlx::AssertSqlSafe;

use super::placeholders::Statement;

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
            Scope::Places(places) => self.within(&format!("{table}.path"), places),
            Scope::Ambassador(staff, places) => {
                self.texts(&format!("AND {table}.ambassador = ?"), [staff.to_string().as_str()]);
                self.near(table, places)
            }
        }
    }

    /// Adds that a person lives in one of these places or nobody knows where.
    fn near(&mut self, table: &str, places: &[PlacePath]) -> &mut Self {
        let nowhere = PlacePath(String::new());
        let mut piece = format!("AND ({table}.path = ?");
        let mut values = vec![nowhere.0];
        for place in places {
            piece.push_str(&format!(" OR ({table}.path >= ? AND {table}.path < ?)"));
            values.extend([place.as_str().to_owned(), place.end()]);
        }
        self.texts(&format!("{piece})"), values.iter().map(String::as_str))
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
    /// An ambassador's people, narrowed to these places.
    Ambassador(StaffId, Vec<PlacePath>, Option<PlacePath>),
}

/// Returns the lanes of a scope, narrowed to a place if one is given. They have nobody in common.
pub(super) fn lanes(scope: &Scope, place: Option<&PlacePath>) -> Vec<Lane> {
    match (scope, place) {
        (Scope::All, None) => vec![Lane::Everybody],
        (Scope::All, Some(place)) => vec![Lane::Within(place.clone())],
        (Scope::Places(places), None) => outermost(places.clone()),
        (Scope::Places(places), Some(place)) if scope.covers(place) => {
            debug_assert!(!places.is_empty());
            vec![Lane::Within(place.clone())]
        }
        (Scope::Places(places), Some(place)) => {
            outermost(places.iter().filter(|mine| place.contains(mine)).cloned().collect())
        }
        (Scope::Ambassador(staff, places), place) => {
            vec![Lane::Ambassador(*staff, places.clone(), place.cloned())]
        }
    }
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
    /// Returns whether all its people can be looked at: those of a commune or below, or an ambassador's.
    pub(super) fn is_small(&self) -> bool {
        match self {
            Self::Everybody => false,
            Self::Within(place) => place
                .ids()
                .filter_map(|id| id.parse::<domain::place::PlaceId>().ok())
                .any(|id| id.level() == Some(Level::Commune)),
            Self::Ambassador(..) => true,
        }
    }

    /// Adds that a person `p` is in this lane, by the column of the narrowest index.
    pub(super) fn add_to(&self, filter: &mut Filter) {
        match self {
            Self::Everybody => {}
            Self::Within(place) => {
                let of = |level| {
                    place.ids().find(|id| {
                        id.parse().is_ok_and(|id: domain::place::PlaceId| id.level() == Some(level))
                    })
                };
                if let Some(commune) = of(Level::Commune) {
                    filter.texts("AND p.commune = ?", [commune]);
                } else if let Some(province) = of(Level::Province) {
                    filter.texts("AND p.province = ?", [province]);
                }
                // The column alone is exact for a commune and a province; what lies below needs the path.
                let exact = place.ids().next_back().and_then(|id| id.parse::<domain::place::PlaceId>().ok());
                if !matches!(exact.and_then(|id| id.level()), Some(Level::Commune | Level::Province)) {
                    filter.within("p.path", std::slice::from_ref(place));
                }
            }
            Self::Ambassador(staff, places, place) => {
                filter.scope("p", &Scope::Ambassador(*staff, places.clone()));
                if let Some(place) = place {
                    filter.within("p.path", std::slice::from_ref(place));
                }
            }
        }
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
        nobody.scope("p", &Scope::Places(vec![]));
        assert_eq!(nobody.statement().sql().as_str(), "SELECT a FROM p WHERE 1 = 1 AND 1 = 0");
    }

    #[test]
    fn a_scope_is_cut_into_lanes_without_overlap() {
        let (province, commune) = (path("vn/44@1/"), path("vn/44@1/18859@1/"));
        let (hamlet, other) = (path("vn/44@1/18859@1/h1/"), path("vn/45@1/"));
        let scope = Scope::Places(vec![commune.clone(), other.clone(), hamlet.clone()]);
        let within = |place: &PlacePath| Lane::Within(place.clone());
        assert_eq!(lanes(&scope, None), [within(&commune), within(&other)]);
        assert_eq!(lanes(&scope, Some(&hamlet)), [within(&hamlet)]);
        assert_eq!(lanes(&scope, Some(&province)), [within(&commune)], "no more than the scope holds");
        assert_eq!(lanes(&scope, Some(&path("vn/46@1/"))), []);
        assert_eq!(lanes(&Scope::All, Some(&province)), [within(&province)]);
    }
}
