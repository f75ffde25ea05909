//! Incidents with personal data: the clock until the authority is told.
//!
//! Luật 91/2025/QH15 Điều 23: Bộ Công an (A05) is told within 72 hours of detecting a violation that is likely to harm life,
//! health, honour or property. Whether one is likely to is for people to decide; the clock runs from detection in any case.

/// Hours within which the authority is told.
pub const TELL_WITHIN_HOURS: i64 = 72;

/// Longest text of one field of an incident, in characters: a third of a printed page; five of them fit a request of staff.
pub const FIELD_MAX_CHARS: usize = 800;

const HOUR_MS: i64 = 3_600_000;

/// Returns the whole hours left until the authority must have been told; negative once the time is over, also within the
/// first hour.
pub fn hours_left(detected_ms: i64, now_ms: i64) -> i64 {
    (detected_ms + TELL_WITHIN_HOURS * HOUR_MS - now_ms).div_euclid(HOUR_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventy_two_hours_run_from_detection() {
        for (passed_ms, left) in [
            (0, 72),
            (1, 71),
            (HOUR_MS, 71),
            (71 * HOUR_MS + 1, 0),
            (72 * HOUR_MS, 0),
            (72 * HOUR_MS + 1, -1),
            (100 * HOUR_MS, -28),
        ] {
            assert_eq!(hours_left(1_000, 1_000 + passed_ms), left, "{passed_ms}");
        }
    }
}
