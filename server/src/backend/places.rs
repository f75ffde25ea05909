//! Places that roles are given for: found by name, or by path.
//!
//! A short list stands here until the table of places takes over; callers will not notice.

use domain::scope::{PlacePath, Scope};
use domain::text::fold;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its path.
    pub(super) path: PlacePath,
    /// Its name, with its kind.
    pub(super) name: String,
    /// What it lies in.
    pub(super) above: String,
}

/// Most places in one answer.
const FOUND_MAX: usize = 20;

/// The country, new Quảng Trị, and some of its communes since 1 July 2025: path, name.
const PLACES: [(&str, &str); 12] = [
    ("vn/", "Việt Nam"),
    ("vn/44@20250701/", "Tỉnh Quảng Trị"),
    ("vn/44@20250701/18859@20250701/", "Phường Đồng Thuận"),
    ("vn/44@20250701/18871@20250701/", "Phường Đồng Sơn"),
    ("vn/44@20250701/18880@20250701/", "Phường Đồng Hới"),
    ("vn/44@20250701/18901@20250701/", "Xã Minh Hóa"),
    ("vn/44@20250701/18904@20250701/", "Xã Dân Hóa"),
    ("vn/44@20250701/18949@20250701/", "Xã Đồng Lê"),
    ("vn/44@20250701/19138@20250701/", "Xã Phong Nha"),
    ("vn/44@20250701/19204@20250701/", "Xã Trường Sơn"),
    ("vn/44@20250701/19249@20250701/", "Xã Lệ Thủy"),
    ("vn/44@20250701/19318@20250701/", "Xã Kim Ngân"),
];

/// Returns places within a scope whose name contains every typed word.
pub(super) fn search(scope: &Scope, text: &str) -> Vec<Found> {
    let folded = fold(text);
    let fits = |found: &Found| {
        let name = fold(&found.name);
        folded.split(' ').all(|word| name.contains(word))
    };
    all().filter(|found| scope.covers(&found.path)).filter(fits).take(FOUND_MAX).collect()
}

/// Returns the place of a path.
pub(super) fn by_path(path: &PlacePath) -> Option<Found> {
    all().find(|found| found.path == *path)
}

fn all() -> impl Iterator<Item = Found> {
    let name_of = |path: &str| PLACES.iter().find(|(known, _)| *known == path).map(|(_, name)| *name);
    PLACES.iter().filter_map(move |(path, name)| {
        let without_last = path.trim_end_matches('/').rsplit_once('/').map(|(above, _)| format!("{above}/"));
        Some(Found {
            path: PlacePath::parse(path)?,
            name: (*name).to_owned(),
            above: without_last.and_then(|above| name_of(&above)).unwrap_or_default().to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_without_diacritics_and_within_the_scope() {
        let names =
            |scope: &Scope, text| search(scope, text).into_iter().map(|found| found.name).collect::<Vec<_>>();
        assert_eq!(names(&Scope::All, "dong hoi"), ["Phường Đồng Hới"]);
        assert_eq!(names(&Scope::All, "đồng").len(), 4);
        let one = Scope::Places(vec![PlacePath::parse("vn/44@20250701/18880@20250701/").unwrap()]);
        assert_eq!(names(&one, "dong"), ["Phường Đồng Hới"]);
        assert_eq!(search(&one, "")[0].above, "Tỉnh Quảng Trị");
        assert_eq!(all().count(), PLACES.len(), "every path is one");
    }
}
