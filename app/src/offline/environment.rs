//! Clock, chance and the phone's key, as arguments: the browser's in life, fixed ones in tests.

use uuid::{Builder, Uuid};

/// Where time, random numbers and signatures come from.
#[expect(async_fn_in_trait, reason = "one thread on the phone: no Send bound is wanted")]
pub trait Environment {
    /// Returns the phone's clock, milliseconds since 1970 UTC. It may be wrong, and may jump.
    fn now_ms(&self) -> i64;

    /// Returns milliseconds since the page was opened, from a clock that never jumps.
    fn mono_ms(&self) -> u64;

    /// Returns 32 bytes nobody can guess.
    fn random(&self) -> [u8; 32];

    /// Returns the public key that this phone signs with, made at first use; see [`domain::seal`] for its form. `None`
    /// where the browser has no keys: on plain http.
    async fn public_key(&self) -> Option<String> {
        None
    }

    /// Returns this phone's signature over a text, where it has a key.
    async fn sign(&self, _text: &str) -> Option<String> {
        None
    }

    /// Returns a new id that sorts by the phone's clock (UUIDv7).
    fn new_id(&self) -> Uuid {
        let random = self.random();
        let mut ten = [0; 10];
        ten.copy_from_slice(&random[..10]);
        Builder::from_unix_timestamp_millis(u64::try_from(self.now_ms()).unwrap_or(0), &ten).into_uuid()
    }

    /// Returns a random number.
    fn random_u64(&self) -> u64 {
        let random = self.random();
        random[..8].iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }
}
