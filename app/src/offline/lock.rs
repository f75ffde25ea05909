//! A lock on a learner's record on this phone: a PIN, or four pictures of nine, checked with no network.
//!
//! It hides a record from family and friends. It is no safe: whoever can take the phone's storage apart gets around it,
//! for ten thousand PINs are soon tried, and pages say so. What makes guessing by hand tiresome is a hash that takes its
//! time and a pause that grows with every wrong try. A forgotten secret is no loss: code and PIN open the record again
//! from the server, and only who has those can lock ([`crate::phone::Learner::shared`]).

use domain::ids::LearnerId;
use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::record::{LearningRecord, json, put};
use super::store::{Store, StoreError, Table, Write};

/// Rounds of PBKDF2-SHA-256 for a new lock: a tenth of a second on an office computer, a second on the slowest phone
/// in use. Kept with each lock, so that it can be raised.
pub const ROUNDS: u32 = 300_000;

/// How many pictures make a secret.
pub const PICTURES: usize = 4;

/// Wrong tries without a pause: fingers slip.
const FREE_TRIES: u32 = 3;

/// The first pause, in milliseconds; it doubles with every further wrong try.
const FIRST_PAUSE_MS: i64 = 30_000;

/// The longest pause: a quarter of an hour. Ten thousand PINs would take a hundred days.
const LONGEST_PAUSE_MS: i64 = 900_000;

/// What a record is locked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockKind {
    /// Four to six digits.
    Pin,
    /// [`PICTURES`] of nine pictures, in order, as digits 0 to 8.
    Pictures,
}

/// A lock as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// What opens it.
    pub kind: LockKind,
    /// Random, so that equal secrets have different hashes. Base64url.
    salt: String,
    /// How slow the hash is.
    rounds: u32,
    /// The stretched secret.
    hash: String,
    /// Wrong tries since it was last opened.
    wrong: u32,
    /// When the last of them was, by the phone's clock.
    since_ms: i64,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It is open, or there is no lock.
    Open,
    /// The secret is wrong.
    Wrong,
    /// Too many were wrong; so many milliseconds from now another try is allowed.
    Wait(i64),
}

/// Makes a hash that takes its time.
#[expect(async_fn_in_trait, reason = "one thread on the phone: no Send bound is wanted")]
pub trait Stretch {
    /// Returns the stretched secret as text, or nothing where this browser cannot (WebCrypto needs https).
    async fn stretch(&self, secret: &str, salt: &str, rounds: u32) -> Option<String>;
}

impl Lock {
    /// Returns the lock that a text stands for. One that cannot be read stays shut: no secret opens it.
    pub(super) fn read(text: &str) -> Self {
        crate::json::read(text).unwrap_or_else(|_| Self {
            kind: LockKind::Pin,
            salt: String::new(),
            rounds: ROUNDS,
            hash: String::new(),
            wrong: 0,
            since_ms: 0,
        })
    }

    fn wait_ms(&self, now_ms: i64) -> i64 {
        pause_ms(self.wrong, self.since_ms, now_ms)
    }
}

/// Returns how long until the next try, in milliseconds, after so many wrong ones, the last at `since_ms`. A clock that was
/// set back begins the pause anew instead of making it last for years.
pub(super) fn pause_ms(wrong: u32, since_ms: i64, now_ms: i64) -> i64 {
    let Some(doubled) = wrong.checked_sub(FREE_TRIES) else { return 0 };
    let pause_ms = (FIRST_PAUSE_MS << doubled.min(8)).min(LONGEST_PAUSE_MS);
    let passed_ms = now_ms.saturating_sub(since_ms).max(0);
    (pause_ms - passed_ms).max(0)
}

impl<S: Store> LearningRecord<S> {
    /// Returns the lock of a learner.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn lock(&self, learner: LearnerId) -> Result<Option<Lock>, StoreError> {
        let text = self.store.get(Table::Locks, &learner.to_string()).await?;
        Ok(text.map(|text| Lock::read(&text)))
    }

    /// Locks a record; a lock there is replaced. Returns whether this browser can.
    ///
    /// # Errors
    /// [`StoreError`]; everything is as before then.
    pub async fn set_lock(
        &self,
        stretch: &impl Stretch,
        env: &impl Environment,
        learner: LearnerId,
        kind: LockKind,
        secret: &str,
    ) -> Result<bool, StoreError> {
        let salt = crate::base64::encode(&env.random()[..16]);
        let Some(hash) = stretch.stretch(secret, &salt, ROUNDS).await else { return Ok(false) };
        let lock = Lock { kind, salt, rounds: ROUNDS, hash, wrong: 0, since_ms: 0 };
        self.store.write(vec![put(Table::Locks, &learner.to_string(), &lock)]).await?;
        Ok(true)
    }

    /// Takes the lock of a record away.
    ///
    /// # Errors
    /// [`StoreError`]; the lock is still there then.
    pub async fn remove_lock(&self, learner: LearnerId) -> Result<(), StoreError> {
        self.store.write(vec![Write::Delete(Table::Locks, learner.to_string())]).await
    }

    /// Tries a secret. A try counts before it is judged: closing the page in between gains nothing.
    ///
    /// # Errors
    /// [`StoreError`]; the lock stays shut then.
    pub(super) async fn open_lock(
        &self,
        stretch: &impl Stretch,
        env: &impl Environment,
        learner: LearnerId,
        secret: &str,
    ) -> Result<Opening, StoreError> {
        let key = learner.to_string();
        loop {
            let Some(text) = self.store.get(Table::Locks, &key).await? else { return Ok(Opening::Open) };
            let lock = Lock::read(&text);
            let now_ms = env.now_ms();
            let wait_ms = lock.wait_ms(now_ms);
            let counted = match wait_ms {
                0 => Lock { wrong: lock.wrong.saturating_add(1), since_ms: now_ms, ..lock },
                // The clock was set back: the pause counts from now.
                _ if now_ms < lock.since_ms => Lock { since_ms: now_ms, ..lock },
                _ => return Ok(Opening::Wait(wait_ms)),
            };
            match self
                .store
                .write(vec![Write::Swap(Table::Locks, key.clone(), Some(text), json(&counted))])
                .await
            {
                Ok(()) if wait_ms > 0 => return Ok(Opening::Wait(wait_ms)),
                Ok(()) => {}
                // Another tab tried at the same moment.
                Err(StoreError::Taken) => continue,
                Err(error) => return Err(error),
            }
            let hash = stretch.stretch(secret, &counted.salt, counted.rounds).await;
            if hash.as_ref() != Some(&counted.hash) {
                return Ok(Opening::Wrong);
            }
            self.store.write(vec![put(Table::Locks, &key, &Lock { wrong: 0, ..counted })]).await?;
            return Ok(Opening::Open);
        }
    }
}

#[cfg(test)]
#[path = "lock/tests.rs"]
mod tests;
