//! PINs and passwords: made into hashes, and checked against them, with argon2id.
//!
//! Each check costs 19 MiB and tens of milliseconds of one core, on purpose. It runs beside the async threads, at most
//! one for each core, on threads that give way to all others: a class signing in never slows the pages. When nobody waits
//! any more, the memory goes back to the system.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use tokio::sync::{Semaphore, oneshot};

use crate::clock::Random;

/// OWASP's first choice of argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Longest wait for a free core. At 40 checks a second this is a queue of 400: more than a school.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// How far hashing gives way to whoever else wants the core: by Linux's weights it gets a tenth of it then, so that sign-ins
/// go on also while pages take all they can.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

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
    threads: Sender<Job>,
    random: Random,
    /// Checked when there is nobody to check against, so that both answers take the same time.
    nobody: Arc<str>,
}

/// Something for the threads to do, in their memory.
type Job = Box<dyn FnOnce(&mut Room) + Send>;

impl Secrets {
    /// Returns a worker that uses `cores` cores at most.
    ///
    /// # Errors
    /// [`SecretError::Hash`] when the machine cannot hash at all, [`SecretError::Thread`] when it gives no threads.
    pub fn new(random: Random, cores: usize) -> Result<Self, SecretError> {
        let nobody = hash(&random.bytes::<32>(), &random.bytes::<16>(), &mut Room::default())?.into();
        let (threads, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..cores.max(1) {
            let jobs = Arc::clone(&jobs);
            let named = thread::Builder::new().name("secrets".into());
            named.spawn(move || do_jobs(&jobs)).map_err(|_| SecretError::Thread)?;
        }
        Ok(Self { permits: Arc::new(Semaphore::new(cores.max(1))), threads, random, nobody })
    }

    /// Returns the hash of a secret, ready to store.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub async fn hash(&self, secret: &str) -> Result<String, SecretError> {
        let (secret, salt) = (secret.to_owned(), self.random.bytes::<16>());
        self.beside(move |room| hash(secret.as_bytes(), &salt, room)).await
    }

    /// Returns whether a secret is the one that was stored. Without a stored hash the answer is no, after the same time.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub async fn is_right(&self, secret: &str, stored: Option<&str>) -> Result<bool, SecretError> {
        let known = stored.is_some();
        let (secret, stored) = (secret.to_owned(), stored.unwrap_or(&self.nobody).to_owned());
        let right = self.beside(move |room| verify(secret.as_bytes(), &stored, room)).await?;
        Ok(right && known)
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Room) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let waiting = tokio::time::timeout(WAIT_MAX, Arc::clone(&self.permits).acquire_owned());
        let permit = waiting.await.map_err(|_| SecretError::Busy)?.map_err(|_| SecretError::Thread)?;
        let (answer, answered) = oneshot::channel();
        // The permit moves into the thread: a caller who leaves does not free a core that is still at work.
        let job = Box::new(move |room: &mut Room| {
            let done = work(room);
            drop(permit);
            // Whoever asked may have left.
            let _ = answer.send(done);
        });
        self.threads.send(job).map_err(|_| SecretError::Thread)?;
        answered.await.map_err(|_| SecretError::Thread)?
    }
}

/// Does jobs until nobody can send any more.
fn do_jobs(jobs: &Mutex<Receiver<Job>>) {
    // Where the system refuses, hashing takes its share as any other thread does.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
    let mut room = Room::default();
    loop {
        // Whoever holds the lock has found nothing to do and waits.
        let next = jobs.try_lock().ok().and_then(|jobs| jobs.try_recv().ok());
        let job = match next {
            Some(job) => Ok(job),
            None => {
                room = Room::default();
                jobs.lock().unwrap_or_else(PoisonError::into_inner).recv()
            }
        };
        let Ok(job) = job else { return };
        // One that panics answers nobody; the thread goes on with the next.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut room)));
    }
}

/// What hashing fills with blocks.
#[derive(Default)]
struct Room(Vec<Block>);

impl Room {
    /// More than 32 MiB, of which only what is filled is ever taken from the system: so much glibc always maps by itself and
    /// gives back as a whole. Of smaller pieces it kept 400 MB after a class had signed in.
    const BLOCKS_RESERVED: usize = 40 * 1024;

    fn blocks(&mut self, count: usize) -> &mut [Block] {
        self.0.reserve_exact(Self::BLOCKS_RESERVED.max(count).saturating_sub(self.0.len()));
        // What an earlier secret left in them is written over before it is read.
        self.0.resize(count, Block::new());
        &mut self.0
    }
}

fn hash(secret: &[u8], salt: &[u8], room: &mut Room) -> Result<String, SecretError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(argon2_failed)?;
    let salt = Salt::new(salt).map_err(|error| SecretError::Hash(error.into()))?;
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let room = room.blocks(argon2.params().block_count());
    argon2.hash_password_into_with_memory(secret, &salt, &mut output, room).map_err(argon2_failed)?;
    let made = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(SecretError::Hash)?,
        salt: Some(salt),
        hash: Some(Output::new(&output).map_err(|error| SecretError::Hash(error.into()))?),
    };
    Ok(made.to_string())
}

/// Hashes as the stored hash was made, whatever today's parameters are, and compares.
fn verify(secret: &[u8], stored: &str, room: &mut Room) -> Result<bool, SecretError> {
    let stored = PasswordHash::new(stored).map_err(|error| SecretError::Hash(error.into()))?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(SecretError::Hash)?;
    let version = stored.version.map(Version::try_from).transpose().map_err(argon2_failed)?;
    let params = Params::try_from(&stored).map_err(SecretError::Hash)?;
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
    let room = room.blocks(argon2.params().block_count());
    let mut output = vec![0; expected.len()];
    argon2.hash_password_into_with_memory(secret, salt, &mut output, room).map_err(argon2_failed)?;
    // Outputs are compared in constant time.
    Ok(Output::new(&output).is_ok_and(|output| output == *expected))
}

fn argon2_failed(error: argon2::Error) -> SecretError {
    SecretError::Hash(error.into())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher;

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

    /// Made by the crate's own way of hashing, which takes its memory anew each time.
    #[test]
    fn a_hash_made_elsewhere_or_with_other_parameters_is_checked_as_it_was_made() {
        let mut room = Room::default();
        for (memory, passes, lanes) in [(64, 3, 2), (MEMORY_KIB, PASSES, LANES), (8, 1, 1)] {
            let params = Params::new(memory, passes, lanes, None).unwrap();
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let stored: PasswordHash = argon2.hash_password_with_salt(b"4827", b"salt of sixteen.").unwrap();
            let stored = stored.to_string();
            assert!(verify(b"4827", &stored, &mut room).unwrap());
            assert!(!verify(b"4828", &stored, &mut room).unwrap());
            if memory == MEMORY_KIB {
                assert_eq!(hash(b"4827", b"salt of sixteen.", &mut room).unwrap(), stored);
            }
        }
    }

    #[tokio::test]
    async fn a_queue_is_worked_off_by_all_threads_and_each_gets_her_answer() {
        let secrets = Secrets::new(Random::seeded(1), 2).unwrap();
        let stored = secrets.hash("4827").await.unwrap();
        let tries = (0..12).map(|number| {
            let (secrets, stored) = (secrets.clone(), stored.clone());
            let secret = if number % 3 == 0 { "4827" } else { "4828" };
            tokio::spawn(async move { secrets.is_right(secret, Some(&stored)).await.unwrap() })
        });
        for (number, answer) in tries.collect::<Vec<_>>().into_iter().enumerate() {
            assert_eq!(answer.await.unwrap(), number % 3 == 0);
        }
    }
}
