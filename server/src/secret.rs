//! PINs and passwords: made into hashes, and checked against them, with argon2id.
//!
//! Each check costs 19 MiB and tens of milliseconds of one core, on purpose. It runs beside the async threads, at most
//! one for each core, so that a class signing in never slows the pages.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use tokio::sync::Semaphore;

use crate::clock::Random;

/// OWASP's first choice of argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Longest wait for a free core. At 40 checks a second this is a queue of 400: more than a school.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Why a secret could be neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Too many are waiting; the same again in a moment.
    #[error("too many PINs and passwords are waiting to be checked")]
    Busy,
    /// The hashing itself failed, or a stored hash is not one.
    #[error("argon2: {0}")]
    Hash(argon2::password_hash::Error),
    /// The thread that worked on it ended early.
    #[error("the hashing thread ended early")]
    Thread,
}

/// Hashes and checks secrets, a bounded number at a time.
#[derive(Debug, Clone)]
pub struct Secrets {
    permits: Arc<Semaphore>,
    random: Random,
    /// Checked when there is nobody to check against, so that both answers take the same time.
    nobody: Arc<str>,
}

impl Secrets {
    /// Returns a worker that uses `cores` cores at most.
    ///
    /// # Errors
    /// [`SecretError::Hash`] when the machine cannot hash at all.
    pub fn new(random: Random, cores: usize) -> Result<Self, SecretError> {
        let nobody = hash(&random.bytes::<32>(), &random.bytes::<16>())?.into();
        Ok(Self { permits: Arc::new(Semaphore::new(cores.max(1))), random, nobody })
    }

    /// Returns the hash of a secret, ready to store.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub async fn hash(&self, secret: &str) -> Result<String, SecretError> {
        let (secret, salt) = (secret.to_owned(), self.random.bytes::<16>());
        self.beside(move || hash(secret.as_bytes(), &salt)).await
    }

    /// Returns whether a secret is the one that was stored. Without a stored hash the answer is no, after the same time.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub async fn is_right(&self, secret: &str, stored: Option<&str>) -> Result<bool, SecretError> {
        let known = stored.is_some();
        let (secret, stored) = (secret.to_owned(), stored.unwrap_or(&self.nobody).to_owned());
        let right = self.beside(move || verify(secret.as_bytes(), &stored)).await?;
        Ok(right && known)
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let waiting = tokio::time::timeout(WAIT_MAX, Arc::clone(&self.permits).acquire_owned());
        let permit = waiting.await.map_err(|_| SecretError::Busy)?.map_err(|_| SecretError::Thread)?;
        // The permit moves into the thread: a caller who leaves does not free a core that is still at work.
        let working = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        working.await.map_err(|_| SecretError::Thread)?
    }
}

fn argon2id() -> Result<Argon2<'static>, SecretError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| SecretError::Hash(error.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(secret: &[u8], salt: &[u8]) -> Result<String, SecretError> {
    let made: PasswordHash = argon2id()?.hash_password_with_salt(secret, salt).map_err(SecretError::Hash)?;
    Ok(made.to_string())
}

fn verify(secret: &[u8], stored: &str) -> Result<bool, SecretError> {
    match argon2id()?.verify_password(secret, stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(SecretError::Hash(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_secret_is_right() {
        let secrets = Secrets::new(Random::seeded(1), 2).unwrap();
        let stored = secrets.hash("4827").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, secrets.hash("4827").await.unwrap(), "every hash has its own salt");
        assert!(secrets.is_right("4827", Some(&stored)).await.unwrap());
        assert!(!secrets.is_right("4828", Some(&stored)).await.unwrap());
        assert!(!secrets.is_right("4827", None).await.unwrap());
        assert!(matches!(secrets.is_right("4827", Some("damaged")).await, Err(SecretError::Hash(_))));
    }
}
