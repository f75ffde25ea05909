//! What the record knows of the server: what waits to be sent, receipts, what is new, the phone's key, how far its clock is off.

use domain::event::Event;
use domain::ids::LearnerId;
use domain::sync::{ChangeKind, CursorList, EventOutcome, IssuedCertificate, Outcome, SyncResponse};

use super::{ID_LENGTH, LearnerState, LearningRecord, Receipt, StoredFact, fact_key, outbox_key, put};
use crate::offline::damage::healed;
use crate::offline::store::{Store, StoreError, Table, Write};

/// The public key that the server knows as this phone's.
const KEY: &str = "key";
/// How far this phone's clock is off, in milliseconds ahead of the server's.
const CLOCK: &str = "clock";

/// Below this a clock counts as right: ten minutes, in milliseconds. People live with such clocks, and slow answers make
/// some of it.
const CLOCK_RIGHT_MS: u64 = 600_000;

impl<S: Store> LearningRecord<S> {
    /// Returns whether the server knows this public key as this phone's.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn is_key_known(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.read::<String>(Table::Meta, KEY).await?.is_some_and(|known| known == key))
    }

    /// Notes that the server knows this public key as this phone's.
    ///
    /// # Errors
    /// [`StoreError`]; it was not noted then, and registering the key again is harmless.
    pub async fn key_is_known(&self, key: &str) -> Result<(), StoreError> {
        self.store.write(vec![put(Table::Meta, KEY, &key)]).await
    }

    /// Notes how far this phone's clock is from the server's. Events keep the phone's own times; this is for telling the
    /// person.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was noted then.
    pub async fn note_clock(&self, now_ms: i64, server_ms: i64) -> Result<(), StoreError> {
        let off_ms = now_ms.saturating_sub(server_ms);
        let known = self.clock_off_ms().await?;
        if off_ms.unsigned_abs() < CLOCK_RIGHT_MS {
            let forget = Write::Delete(Table::Meta, CLOCK.to_owned());
            return self.store.write(known.map(|_| forget).into_iter().collect()).await;
        }
        // Noted again only when it has moved: most answers change nothing.
        if known.is_some_and(|known| known.abs_diff(off_ms) < CLOCK_RIGHT_MS) {
            return Ok(());
        }
        self.store.write(vec![put(Table::Meta, CLOCK, &off_ms)]).await
    }

    /// Returns how far this phone's clock is ahead of the server's (behind, when negative), in milliseconds, if it is
    /// wrong by more than people live with.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn clock_off_ms(&self) -> Result<Option<i64>, StoreError> {
        self.read(Table::Meta, CLOCK).await
    }

    /// Returns the facts of a learner without an answer of the server, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn waiting(&self, learner: LearnerId) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        for (key, text) in self.store.scan(Table::Outbox, &format!("{learner}/")).await? {
            // The key names the fact, so that an entry whose value is damaged is as good as any.
            let id = key.len().checked_sub(ID_LENGTH).and_then(|at| key.get(at..)).unwrap_or_default();
            match self.read::<StoredFact>(Table::Facts, &format!("{learner}/{id}")).await? {
                Some(fact) => events.push(fact.event),
                // The fact was set aside; what cannot be read cannot be sent.
                None => self.set_aside(Table::Outbox, key, text).await?,
            }
        }
        Ok(events)
    }

    /// Notes the server's answers to `sent`, in one transaction. Facts without an answer keep waiting.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was noted then, and sending the same facts again is harmless.
    pub async fn settle(
        &self,
        sent: &[Event],
        outcomes: &[EventOutcome],
        server_ms: i64,
    ) -> Result<(), StoreError> {
        let mut writes = Vec::new();
        for event in sent {
            let Some(answer) = outcomes.iter().find(|outcome| outcome.id == Some(event.id)) else { continue };
            let receipt = match answer.outcome {
                Outcome::Accepted | Outcome::Duplicate => Receipt::Kept(server_ms),
                Outcome::Quarantined(code) => Receipt::Aside(server_ms, code),
                Outcome::Rejected(code) => Receipt::Refused(code),
            };
            let key = fact_key(event);
            let right = self.read::<StoredFact>(Table::Facts, &key).await?.and_then(|fact| fact.right);
            writes.push(put(Table::Facts, &key, &StoredFact { event: event.clone(), right, receipt }));
            writes.push(Write::Delete(Table::Outbox, outbox_key(event)));
        }
        self.store.write(writes).await
    }

    /// Takes in what is new on the server, and the cursor that goes with it, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was taken in then, and the same changes will come again.
    pub async fn take_in(&self, new: &SyncResponse<CursorList>) -> Result<(), StoreError> {
        let mut writes = Vec::new();
        for change in &new.changes {
            match &change.what {
                ChangeKind::Event { event, right } => {
                    let receipt = Receipt::Kept(new.server_ms);
                    let fact = StoredFact { event: event.clone(), right: *right, receipt };
                    writes.push(put(Table::Facts, &fact_key(event), &fact));
                    // Its own fact come back is as good as a receipt, and takes the place of a damaged one.
                    writes.push(Write::Delete(Table::Outbox, outbox_key(event)));
                    writes.push(healed(event));
                }
                ChangeKind::Certificate(certificate) => {
                    writes.push(self.put_certificate(change.learner, certificate));
                }
            }
        }
        for (learner, seq) in &new.cursor.0 {
            let mut state = LearnerState { cursor: *seq, ..self.learner_state(*learner).await? };
            if let Some(merged) = &new.merged {
                state.merged = merged.clone();
            }
            writes.push(put(Table::Learners, &learner.to_string(), &state));
        }
        self.store.write(writes).await
    }

    /// Keeps a certificate.
    ///
    /// # Errors
    /// [`StoreError`]; it was not kept then, and will come again with the changes.
    pub async fn keep_certificate(
        &self,
        learner: LearnerId,
        certificate: &IssuedCertificate,
    ) -> Result<(), StoreError> {
        self.store.write(vec![self.put_certificate(learner, certificate)]).await
    }

    fn put_certificate(&self, learner: LearnerId, certificate: &IssuedCertificate) -> Write {
        put(Table::Certificates, &format!("{learner}/{}", certificate.id), certificate)
    }
}
