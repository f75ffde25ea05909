//! How long to wait before the next try to send.

/// First wait, in milliseconds: long enough for a lift or a gust, short enough not to be noticed.
const FIRST_MS: u64 = 2_000;

/// Longest wait: five minutes. After that the phone asks again when it is back online or the page is opened.
const LONGEST_MS: u64 = 300_000;

/// Returns the wait before try number `failures` + 1: doubled each time, with half of it left to chance so that a
/// class of phones that lost the network together does not come back together.
pub fn delay_ms(failures: u32, random: u64) -> u64 {
    let whole = FIRST_MS.saturating_mul(1 << failures.min(16)).min(LONGEST_MS);
    whole / 2 + random % (whole / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_differ_between_phones() {
        for failures in 0..40 {
            let longest = delay_ms(failures, u64::MAX - u64::MAX % (LONGEST_MS + 1));
            assert!((FIRST_MS / 2..=LONGEST_MS).contains(&longest), "{failures}: {longest}");
            assert!(delay_ms(failures, 0) >= delay_ms(failures.saturating_sub(1), 0));
        }
        assert_ne!(delay_ms(3, 1), delay_ms(3, 4_000));
    }
}
