//! What the machine says and nobody can foresee: the time, new ids, random bytes. Everything else receives these as
//! arguments, so a test can fix them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Tells the time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until a test moves it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// Returns a clock that stands still at this moment.
    pub fn fixed(at_ms: i64) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at_ms)))
    }

    /// Moves a fixed clock forward; the machine's clock moves by itself.
    pub fn advance(&self, by_ms: i64) {
        if let Self::Fixed(now) = self {
            now.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    /// Returns milliseconds since 1970 UTC.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::Fixed(now) => now.load(Ordering::SeqCst),
            // A machine set before 1970 answers 0; receipts need a time, not a true one.
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |past| i64::try_from(past.as_millis()).unwrap_or(i64::MAX)),
        }
    }
}

/// Makes random bytes and new ids.
#[derive(Debug, Clone)]
pub enum Random {
    /// The operating system's generator.
    System,
    /// The same bytes in every run, for tests.
    Seeded(Arc<AtomicU64>),
}

impl Random {
    /// Returns a generator that gives the same bytes in every run.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// Returns `N` random bytes, at most 32.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 32, "one SHA-256 gives 32 bytes") };
        let mut out = [0; N];
        match self {
            Self::System => {
                getrandom::fill(&mut out).expect("the operating system gives random bytes");
            }
            Self::Seeded(counter) => {
                let step = counter.fetch_add(1, Ordering::SeqCst);
                out.copy_from_slice(&Sha256::digest(step.to_be_bytes())[..N]);
            }
        }
        out
    }

    /// Returns a new UUIDv7 for something that happens now.
    pub fn id(&self, now_ms: i64) -> Uuid {
        let millis = u64::try_from(now_ms).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Clock::fixed(5);
        let same = clock.clone();
        clock.advance(7);
        assert_eq!((clock.now_ms(), same.now_ms()), (12, 12));
        assert!(Clock::System.now_ms() > 1_700_000_000_000);
    }

    #[test]
    fn ids_are_new_and_repeat_only_with_the_same_seed() {
        let (random, again) = (Random::seeded(1), Random::seeded(1));
        let ids = [random.id(9), random.id(9)];
        assert_ne!(ids[0], ids[1]);
        assert_eq!(ids, [again.id(9), again.id(9)]);
        assert_eq!(ids[0].get_version_num(), 7);
        assert_ne!(Random::System.bytes::<16>(), Random::System.bytes::<16>());
    }
}
