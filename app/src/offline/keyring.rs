//! What opens the list on an ambassador's phone: a secret she chose, with no network.
//!
//! The list is sealed under a random key. That key is kept here, itself sealed under her secret, stretched; and by the
//! server, which gives it to whoever is signed in as her. So a forgotten secret loses nothing that still waits to be sent,
//! and whoever finds the phone has a random key to guess, or the secret: wrong tries cost a growing pause, and pages say that a
//! longer secret is a safer one.

use domain::ids::DeviceId;
use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::lock::{ROUNDS, pause_ms};
use super::record::{json, put};
use super::store::{Store, StoreError, Table, Write};

/// Shortest secret, in characters. Longer than a learner's PIN: a whole village lies behind it.
pub const SECRET_MIN_CHARS: usize = 6;

/// Where it lies in the store.
const KEY: &str = "roll";

/// The key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyring {
    /// The phone as the server knows it, so that whoever forgot the secret can ask for the key.
    pub device: Option<DeviceId>,
    /// Random, so that equal secrets open different keys. Base64url.
    salt: String,
    /// How slow the stretching is.
    rounds: u32,
    /// The key, sealed under the stretched secret.
    wrapped: String,
    /// Wrong tries since it was last opened.
    wrong: u32,
    /// When the last of them was, by the phone's clock.
    since_ms: i64,
}

/// The browser's cryptography, which holds the key and never shows it but once.
#[expect(async_fn_in_trait, reason = "one thread on the phone: no Send bound is wanted")]
pub trait Vault {
    /// Makes a new key, or takes `raw` (base64url), holds it from now on, and returns it and itself sealed under a secret;
    /// nothing where this browser cannot.
    async fn wrap(&self, raw: Option<&str>, secret: &str, salt: &str, rounds: u32) -> Option<Wrapped>;

    /// Opens a sealed key with a secret and holds it from now on; false when the secret is another.
    async fn unwrap(&self, wrapped: &str, secret: &str, salt: &str, rounds: u32) -> bool;
}

/// A key and itself sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// The key, to be given to the server: base64url.
    pub raw: String,
    /// The key sealed under the secret.
    pub wrapped: String,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlocked {
    /// The key is held.
    Open,
    /// The secret is wrong.
    Wrong,
    /// Too many were wrong; so many milliseconds from now another try is allowed.
    Wait(i64),
    /// There is no list on this phone.
    Nothing,
}

/// Returns what opens the list on this phone, if one was set up.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub async fn kept(store: &impl Store) -> Result<Option<Keyring>, StoreError> {
    let Some(text) = store.get(Table::Locks, KEY).await? else { return Ok(None) };
    crate::json::read(&text).map(Some).map_err(|_| StoreError::Corrupt(Table::Locks, KEY.to_owned()))
}

/// Takes a list off this phone, or what is left of one that was never set up to the end.
///
/// # Errors
/// [`StoreError`]; everything is there still.
pub async fn clear(store: &impl Store) -> Result<(), StoreError> {
    let mut writes = Vec::new();
    for table in Table::ALL {
        writes.extend(store.scan(table, "").await?.into_iter().map(|(key, _)| Write::Delete(table, key)));
    }
    store.write(writes).await
}

/// Sets a secret: for a new key, or for one that came back from the server. Returns the key for the server to keep, and what
/// [`keep`] writes once the server has it; nothing where this browser cannot.
pub async fn choose(
    vault: &impl Vault,
    env: &impl Environment,
    raw: Option<&str>,
    secret: &str,
) -> Option<(String, Keyring)> {
    let salt = crate::base64::encode(&env.random()[..16]);
    let made = vault.wrap(raw, secret, &salt, ROUNDS).await?;
    let keyring =
        Keyring { device: None, salt, rounds: ROUNDS, wrapped: made.wrapped, wrong: 0, since_ms: 0 };
    Some((made.raw, keyring))
}

/// Keeps a secret that was set.
///
/// # Errors
/// [`StoreError`]; the one before holds then.
pub async fn keep(store: &impl Store, keyring: &Keyring) -> Result<(), StoreError> {
    store.write(vec![put(Table::Locks, KEY, keyring)]).await
}

/// Tries a secret. A try counts before it is judged: closing the page in between gains nothing.
///
/// # Errors
/// [`StoreError`]; the list stays shut then.
pub async fn unlock(
    store: &impl Store,
    vault: &impl Vault,
    env: &impl Environment,
    secret: &str,
) -> Result<Unlocked, StoreError> {
    loop {
        let Some(text) = store.get(Table::Locks, KEY).await? else { return Ok(Unlocked::Nothing) };
        let keyring: Keyring =
            crate::json::read(&text).map_err(|_| StoreError::Corrupt(Table::Locks, KEY.to_owned()))?;
        let now_ms = env.now_ms();
        let wait_ms = pause_ms(keyring.wrong, keyring.since_ms, now_ms);
        let counted = match wait_ms {
            0 => Keyring { wrong: keyring.wrong.saturating_add(1), since_ms: now_ms, ..keyring },
            // The clock was set back: the pause counts from now.
            _ if now_ms < keyring.since_ms => Keyring { since_ms: now_ms, ..keyring },
            _ => return Ok(Unlocked::Wait(wait_ms)),
        };
        match store.write(vec![Write::Swap(Table::Locks, KEY.to_owned(), Some(text), json(&counted))]).await {
            Ok(()) if wait_ms > 0 => return Ok(Unlocked::Wait(wait_ms)),
            Ok(()) => {}
            // Another tab tried at the same moment.
            Err(StoreError::Taken) => continue,
            Err(error) => return Err(error),
        }
        if !vault.unwrap(&counted.wrapped, secret, &counted.salt, counted.rounds).await {
            return Ok(Unlocked::Wrong);
        }
        keep(store, &Keyring { wrong: 0, ..counted }).await?;
        return Ok(Unlocked::Open);
    }
}

#[cfg(test)]
#[path = "keyring/tests.rs"]
mod tests;
