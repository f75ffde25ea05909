//! A phone: rows that last, a clock that may jump, and pages that come and go over the rows.

use std::cell::Cell;

use app::offline::environment::Environment;
use app::offline::lock::Stretch;
use app::offline::memory::MemoryStore;
use app::offline::record::{Identity, LearningRecord, StoredFact};
use app::offline::store::{Store, StoreError, Table, Write};
use data_encoding::BASE64URL_NOPAD;
use domain::ids::{EventId, LearnerId};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

use super::Chance;
use crate::test_app::NOON_MS;

/// A hash that takes no time: nobody locks her record here.
pub(super) struct QuickHash;

impl Stretch for QuickHash {
    async fn stretch(&self, secret: &str, salt: &str, _: u32) -> Option<String> {
        Some(format!("{secret}{salt}"))
    }
}

/// Ten years in milliseconds: how far a phone's clock may be wrong after its battery was out.
const TEN_YEARS_MS: i64 = 3_652 * 86_400_000;

pub(super) struct Phone {
    pub(super) rows: MemoryStore,
    pub(super) environment: PhoneEnvironment,
}

pub(super) struct PhoneEnvironment {
    chance: Chance,
    now_ms: Cell<i64>,
    mono_ms: Cell<u64>,
    /// Some phones have no key: old ones, and those that see the site over plain http.
    secret: Option<SigningKey>,
}

impl Environment for PhoneEnvironment {
    fn now_ms(&self) -> i64 {
        self.now_ms.set(self.now_ms.get() + 1_000);
        self.now_ms.get()
    }

    fn mono_ms(&self) -> u64 {
        self.mono_ms.set(self.mono_ms.get() + 1_000);
        self.mono_ms.get()
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.fill_with(|| u8::try_from(self.chance.below(256)).unwrap());
        bytes
    }

    async fn public_key(&self) -> Option<String> {
        self.secret
            .as_ref()
            .map(|secret| BASE64URL_NOPAD.encode(secret.verifying_key().to_sec1_point(false).as_bytes()))
    }

    async fn sign(&self, text: &str) -> Option<String> {
        let signed: Signature = self.secret.as_ref()?.sign(text.as_bytes());
        Some(BASE64URL_NOPAD.encode(&signed.to_bytes()))
    }
}

impl Phone {
    pub(super) fn new(chance: Chance) -> Self {
        let secret = (chance.below(3) > 0).then(|| {
            // A first byte below the curve's order, so that any further ones make a key.
            let mut bytes = [1; 32];
            bytes[1..].fill_with(|| u8::try_from(chance.below(256)).unwrap());
            SigningKey::from_slice(&bytes).unwrap()
        });
        let (now_ms, mono_ms) = (Cell::new(NOON_MS), Cell::new(0));
        let environment = PhoneEnvironment { chance, now_ms, mono_ms, secret };
        Self { rows: MemoryStore::default(), environment }
    }

    /// Sets the clock ten years ahead, ten years back, or right.
    pub(super) fn clock_jumps(&self) {
        let years = i64::try_from(self.environment.chance.below(3)).unwrap() - 1;
        self.environment.now_ms.set(NOON_MS + years * TEN_YEARS_MS);
    }

    /// Opens a page that works.
    pub(super) fn page(&self) -> LearningRecord<Page> {
        self.page_in(None)
    }

    /// Opens a page that perhaps fails or dies at one of its next storage operations.
    pub(super) fn shaky_page(&self) -> LearningRecord<Page> {
        let chance = &self.environment.chance;
        let operation = chance.below(24);
        self.page_in(match chance.below(8) {
            0 => Some((operation, Trouble::Fails)),
            1 => Some((operation, Trouble::DiesBefore)),
            2 => Some((operation, Trouble::DiesAfter)),
            _ => None,
        })
    }

    fn page_in(&self, trouble: Option<(usize, Trouble)>) -> LearningRecord<Page> {
        LearningRecord::new(Page {
            rows: self.rows.clone(),
            chance: self.environment.chance.clone(),
            trouble: Cell::new(trouble),
        })
    }

    pub(super) async fn identity(&self) -> Identity {
        self.page().identity(&self.environment).await.unwrap()
    }

    /// Returns every fact in the rows, of whomever.
    pub(super) async fn facts(&self) -> Vec<StoredFact> {
        let rows = self.rows.scan(Table::Facts, "").await.unwrap();
        rows.into_iter().map(|(_, text)| serde_json::from_str(&text).unwrap()).collect()
    }

    /// Returns the ids in the outbox, of whomever.
    pub(super) async fn outbox(&self) -> Vec<EventId> {
        let rows = self.rows.scan(Table::Outbox, "").await.unwrap();
        rows.into_iter().map(|(_, text)| serde_json::from_str(&text).unwrap()).collect()
    }

    /// Returns the learners that may be synced from here.
    pub(super) async fn registered(&self) -> Vec<LearnerId> {
        let mut found = Vec::new();
        for (learner, _) in self.rows.scan(Table::Learners, "").await.unwrap() {
            let learner: LearnerId = learner.parse().unwrap();
            let state = self.page().learner_state(learner).await.unwrap();
            if state.registered || state.to_register.is_some() {
                found.push(learner);
            }
        }
        found
    }
}

#[derive(Clone, Copy)]
enum Trouble {
    /// One operation fails, the page goes on.
    Fails,
    /// The page is gone before the operation, and with it everything it was about to do.
    DiesBefore,
    /// The operation is done, but the page is gone before it hears of it.
    DiesAfter,
}

/// One open page over the phone's rows: others run between its operations.
pub(super) struct Page {
    rows: MemoryStore,
    chance: Chance,
    trouble: Cell<Option<(usize, Trouble)>>,
}

impl Page {
    async fn operate<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        for _ in 0..self.chance.below(3) {
            tokio::task::yield_now().await;
        }
        let failed = || Err(StoreError::Failed("as told".into()));
        match self.trouble.get() {
            None => operation.await,
            Some((0, Trouble::Fails)) => {
                self.trouble.set(None);
                failed()
            }
            Some((0, Trouble::DiesBefore)) => failed(),
            Some((0, Trouble::DiesAfter)) => {
                operation.await?;
                self.trouble.set(Some((0, Trouble::DiesBefore)));
                failed()
            }
            Some((left, trouble)) => {
                self.trouble.set(Some((left - 1, trouble)));
                operation.await
            }
        }
    }
}

impl Store for Page {
    async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError> {
        self.operate(self.rows.get(table, key)).await
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.operate(self.rows.scan(table, prefix)).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.operate(self.rows.write(writes)).await
    }
}
