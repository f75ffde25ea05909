//! Places in words: numbers of units, days, levels.

use domain::place::Level;

use crate::i18n::{t, tf};
use crate::staff::words::number;

/// Returns a number of units of one level, in the words of the edition.
pub(super) fn units(level: Level, count: u64, before: bool) -> String {
    let count = &number(count);
    match level {
        Level::Country => t("place-country"),
        Level::Province => tf("place-provinces", &[("count", count)]),
        Level::District => tf("place-districts", &[("count", count)]),
        Level::Commune if before => tf("place-communes-before", &[("count", count)]),
        Level::Commune => tf("place-communes", &[("count", count)]),
        Level::Hamlet => tf("place-hamlets", &[("count", count)]),
    }
}

/// Returns how many units of the official levels lie in a place, added up: "1 … + 8 … + 145 … = 154"; nothing where there is
/// one alone.
pub(super) fn sum(counts: &[(Level, u64)], before: bool) -> Option<String> {
    let official = |level: &Level| !matches!(level, Level::Country | Level::Hamlet);
    let counted: Vec<(Level, u64)> = counts.iter().copied().filter(|(level, _)| official(level)).collect();
    if counted.len() < 2 {
        return None;
    }
    let parts: Vec<String> = counted.iter().map(|(level, count)| units(*level, *count, before)).collect();
    let total = number(counted.iter().map(|(_, count)| count).sum());
    Some(tf("place-sum", &[("parts", &parts.join(" + ")), ("total", &total)]))
}

/// Returns a day written 20250701 as people write it.
pub(super) fn day(number: i64) -> String {
    format!("{}/{}/{}", number % 100, number / 100 % 100, number / 10_000)
}

/// Returns the level of what lies directly below a unit.
pub(super) fn below(level: Level, before: bool) -> Level {
    match level {
        Level::Country => Level::Province,
        Level::Province if before => Level::District,
        Level::Province | Level::District => Level::Commune,
        Level::Commune | Level::Hamlet => Level::Hamlet,
    }
}
