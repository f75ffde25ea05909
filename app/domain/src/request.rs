//! What a person may ask about her own data, and the clocks that run from then on.
//!
//! The terms are those of Luật 91/2025/QH15 and Nghị định 356/2025/NĐ-CP Điều 5: a first reply within 2 working days; 10, 15 or
//! 20 days for the answer; one extension. Two things are our own reading, for a lawyer to look at: days are counted from the
//! day after the request came, in Vietnam's time, and the extension is as long as the term. Saturdays and Sundays are no
//! working days; public holidays are not known here, so a clock may be early, never late.

use serde::{Deserialize, Serialize};

use crate::dated_fact::vietnam_epoch_day;

/// Working days until the first reply.
pub const FIRST_REPLY_WORKING_DAYS: i64 = 2;

/// Longest that somebody may say in her own words, in characters: two sentences are enough, and fit a screen.
pub const WORDS_MAX_CHARS: usize = 400;

/// What is asked. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// See what is kept.
    See,
    /// Correct it.
    Correct,
    /// Get it as a file.
    Provide,
    /// Take an agreement back.
    Withdraw,
    /// Keep it, and do nothing with it.
    Restrict,
    /// Stop something that is done with it.
    Object,
    /// Delete it.
    Delete,
}

impl RequestKind {
    /// Every kind, in the order in which people are asked.
    pub const ALL: [Self; 7] =
        [Self::See, Self::Correct, Self::Provide, Self::Withdraw, Self::Restrict, Self::Object, Self::Delete];

    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Correct => "correct",
            Self::Provide => "provide",
            Self::Withdraw => "withdraw",
            Self::Restrict => "restrict",
            Self::Object => "object",
            Self::Delete => "delete",
        }
    }

    /// Returns the days until the answer.
    pub fn answer_days(self) -> i64 {
        match self {
            Self::See | Self::Correct | Self::Provide => 10,
            Self::Withdraw | Self::Restrict | Self::Object => 15,
            Self::Delete => 20,
        }
    }
}

/// How far a request is. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// Nobody has answered yet.
    Received,
    /// She was told that it came and what happens next.
    Replied,
    /// What was asked is done.
    Done,
    /// It was refused, with a reason.
    Refused,
}

/// The last days of a request, counted from 1 January 1970 in Vietnam's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// Last day of the first reply.
    pub reply_day: i64,
    /// Last day of the answer.
    pub answer_day: i64,
}

/// Returns the last days of a request that came at this moment.
pub fn clocks(kind: RequestKind, received_ms: i64, is_extended: bool) -> Clocks {
    let received = vietnam_epoch_day(received_ms);
    let terms = if is_extended { 2 } else { 1 };
    Clocks {
        reply_day: after_working_days(received, FIRST_REPLY_WORKING_DAYS),
        answer_day: received + kind.answer_days() * terms,
    }
}

impl Clocks {
    /// Returns the day by which something must happen next.
    pub fn next_day(&self, state: RequestState) -> i64 {
        match state {
            RequestState::Received => self.reply_day.min(self.answer_day),
            _ => self.answer_day,
        }
    }
}

/// Returns how many days are left until the end of a day; negative once it is over.
pub fn days_left(last_day: i64, now_ms: i64) -> i64 {
    last_day - vietnam_epoch_day(now_ms)
}

fn after_working_days(from: i64, working_days: i64) -> i64 {
    let (mut day, mut left) = (from, working_days);
    while left > 0 {
        day += 1;
        left -= i64::from(is_working_day(day));
    }
    day
}

/// The first of January 1970 was a Thursday.
fn is_working_day(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;
    /// Monday, 23 November 2026.
    const MONDAY: i64 = 20_780;
    /// Noon in Vietnam.
    const NOON_MS: i64 = 5 * 3_600_000;

    #[test]
    fn the_first_reply_counts_working_days() {
        // Received on each day of a week: the last day of the first reply.
        for (received, last) in [(0, 2), (1, 3), (2, 4), (3, 7), (4, 8), (5, 8), (6, 8), (7, 9)] {
            let at_ms = (MONDAY + received) * DAY_MS + NOON_MS;
            assert_eq!(clocks(RequestKind::See, at_ms, false).reply_day, MONDAY + last, "{received}");
        }
    }

    #[test]
    fn a_day_begins_and_ends_in_vietnam() {
        // 23:30 in Vietnam is still Monday there, 00:30 is Tuesday.
        for (at_ms, day) in [(16 * 3_600_000 + 1_800_000, 0), (17 * 3_600_000 + 1_800_000, 1)] {
            let clocks = clocks(RequestKind::Delete, MONDAY * DAY_MS + at_ms, false);
            assert_eq!(clocks.answer_day, MONDAY + day + 20);
        }
    }

    #[test]
    fn every_kind_has_its_term_and_one_extension_of_the_same() {
        let at_ms = MONDAY * DAY_MS + NOON_MS;
        for (kind, days) in RequestKind::ALL.into_iter().zip([10, 10, 10, 15, 15, 15, 20]) {
            assert_eq!(clocks(kind, at_ms, false).answer_day, MONDAY + days, "{kind:?}");
            assert_eq!(clocks(kind, at_ms, true).answer_day, MONDAY + 2 * days, "{kind:?}");
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.as_str()));
        }
    }

    #[test]
    fn what_comes_next_is_the_reply_until_it_is_given() {
        let clocks = clocks(RequestKind::Delete, MONDAY * DAY_MS + NOON_MS, false);
        assert_eq!(clocks.next_day(RequestState::Received), MONDAY + 2);
        assert_eq!(clocks.next_day(RequestState::Replied), MONDAY + 20);
        let late_ms = (MONDAY + 21) * DAY_MS + NOON_MS;
        assert_eq!(days_left(clocks.answer_day, late_ms), -1, "overdue");
        assert_eq!(days_left(clocks.answer_day, late_ms - DAY_MS), 0, "the last day");
    }
}
