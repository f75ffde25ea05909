//! Dated facts: every statement of a lesson that time can make false. A stale one hides itself, also with no network.

use serde::{Deserialize, Serialize};

/// A statement with its source and the last day it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedFact {
    /// For example `F5`.
    pub id: String,
    /// One plain sentence.
    pub text: String,
    /// A sentence without a date, shown instead.
    pub fallback: String,
    /// What kind of statement it is.
    pub kind: FactKind,
    /// How sure the authors are.
    pub certainty: Certainty,
    /// Document or publisher, and its date.
    pub source: String,
    /// First day on which the rule itself holds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Day>,
    /// Last day on which the rule itself holds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Day>,
    /// Day on which a person last read the source.
    pub checked_on: Day,
    /// Who read it: a role, never a name.
    pub checked_by: String,
    /// Last day it may be shown.
    pub review_by: Day,
    /// Whether it may be shown at all.
    pub state: FactState,
}

/// What kind of statement a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// What a law or circular says.
    Law,
    /// How an authority does something.
    Procedure,
    /// A number or threshold.
    Number,
    /// A telephone number to call.
    Hotline,
    /// An address on the web.
    Address,
    /// How a real application looks.
    App,
}

/// How sure the authors are of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// A named document or publisher says it.
    Sourced,
    /// Common knowledge nobody has looked up.
    Memory,
    /// The authors' own choice.
    Judgement,
}

/// Whether a fact may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactState {
    /// Not checked by a person yet.
    Draft,
    /// Checked.
    Confirmed,
    /// No longer true.
    Withdrawn,
}

/// A calendar day, `YYYY-MM-DD`. Days compare as their text does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

impl Day {
    /// Returns the day `days` after 1 January 1970.
    pub fn from_epoch_days(days: i64) -> Self {
        let (year, month, day) = civil(days);
        Self(format!("{year:04}-{month:02}-{day:02}"))
    }

    /// Returns the day in Vietnam (UTC+7, no summer time) at this moment, milliseconds since 1970 UTC.
    pub fn in_vietnam(at_ms: i64) -> Self {
        Self::from_epoch_days(vietnam_epoch_day(at_ms))
    }

    /// Returns the day as Vietnamese people write it, for example `3/11/2026`.
    pub fn vietnamese(&self) -> String {
        let mut out = String::with_capacity(10);
        for part in self.0.rsplit('-') {
            if !out.is_empty() {
                out.push('/');
            }
            out.push_str(part.trim_start_matches('0'));
        }
        out
    }
}

/// Returns the number of the day in Vietnam at this moment, counted from 1 January 1970.
pub fn vietnam_epoch_day(at_ms: i64) -> i64 {
    const HOUR_MS: i64 = 3_600_000;
    (at_ms + 7 * HOUR_MS).div_euclid(24 * HOUR_MS)
}

/// Returns the last millisecond (since 1970 UTC) of a day of [`vietnam_epoch_day`].
pub fn vietnam_day_end_ms(day: i64) -> i64 {
    const HOUR_MS: i64 = 3_600_000;
    (day + 1) * 24 * HOUR_MS - 7 * HOUR_MS - 1
}

/// Howard Hinnant's `civil_from_days`: days since 1970 to the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const NOT_A_DAY: &str = "a day is written YYYY-MM-DD";
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return Err(NOT_A_DAY);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return Err(NOT_A_DAY),
        };
        if (1..=last).contains(&day) && year >= 1000 { Ok(Self(text)) } else { Err(NOT_A_DAY) }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.0
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl DatedFact {
    /// Returns whether `text` may be shown on this day; otherwise `fallback` is.
    pub fn holds_on(&self, today: &Day) -> bool {
        self.state == FactState::Confirmed
            && *today <= self.review_by
            && self.effective_from.as_ref().is_none_or(|from| from <= today)
            && self.effective_to.as_ref().is_none_or(|to| today <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(Day::from_epoch_days(0), day("1970-01-01"));
        assert_eq!(Day::from_epoch_days(20_780), day("2026-11-23"));
        // 17:00 UTC is midnight in Vietnam.
        assert_eq!(Day::in_vietnam(20_780 * 86_400_000 - 7 * 3_600_000), day("2026-11-23"));
        assert_eq!(Day::in_vietnam(20_780 * 86_400_000 - 7 * 3_600_000 - 1), day("2026-11-22"));
        assert_eq!(day("2026-11-03").vietnamese(), "3/11/2026");
        for bad in ["2026-02-29", "2026-13-01", "2026-1-1", "23/11/2026", "2026-04-31", ""] {
            assert!(Day::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(Day::try_from("2028-02-29".to_owned()).is_ok());
    }

    #[test]
    fn only_confirmed_fresh_facts_are_shown() {
        let fact = DatedFact {
            id: "F5".into(),
            text: "t".into(),
            fallback: "f".into(),
            kind: FactKind::Law,
            certainty: Certainty::Sourced,
            source: "s".into(),
            effective_from: Some(day("2025-01-01")),
            effective_to: None,
            checked_on: day("2026-11-23"),
            checked_by: "biên tập".into(),
            review_by: day("2027-05-31"),
            state: FactState::Confirmed,
        };
        assert!(fact.holds_on(&day("2027-05-31")));
        assert!(!fact.holds_on(&day("2027-06-01")));
        assert!(!fact.holds_on(&day("2024-12-31")));
        for state in [FactState::Draft, FactState::Withdrawn] {
            assert!(!DatedFact { state, ..fact.clone() }.holds_on(&day("2026-11-23")));
        }
    }

    proptest! {
        #[test]
        fn days_sort_as_their_text(a in -300_000i64..800_000, b in -300_000i64..800_000) {
            prop_assert_eq!(Day::from_epoch_days(a).cmp(&Day::from_epoch_days(b)), a.cmp(&b));
        }
    }
}
