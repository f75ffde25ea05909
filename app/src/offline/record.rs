//! The learning record on this phone: append facts, know what waits, settle receipts, take in what is new.

use domain::code::LearnerCode;
use domain::consent::ConsentPurpose;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{ContentHash, DeviceId, EventId, LearnerId, StaffId};
use domain::sync::{Change, ChangeKind, Code, CursorList, EventOutcome, IssuedCertificate, Outcome};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::damage::healed;
use super::environment::Environment;
use super::store::{Store, StoreError, Table, Write};

/// Form of the values in the store. A newer page raises it; an older one then says that it is too old.
///
/// 1 (2026-11): first form.
pub const RECORD_VERSION: u16 = 1;

/// This phone, and the learner it is in the hands of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// See [`RECORD_VERSION`].
    pub version: u16,
    /// This browser.
    pub device: DeviceId,
    /// What proves it is this browser: 32 random bytes in base64url. Never leaves the phone but in a request's header.
    pub token: String,
    /// Who is learning now.
    pub learner: LearnerId,
}

/// One fact as this phone keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFact {
    /// The fact.
    pub event: Event,
    /// Its verdict, for kinds that have one.
    pub right: Option<bool>,
    /// Where it stands with the server.
    pub receipt: Receipt,
}

/// Where a fact stands with the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Receipt {
    /// No answer yet.
    Waiting,
    /// The server has it since this moment of its clock.
    Kept(i64),
    /// The server has it, aside, for a person to look at.
    Aside(i64, Code),
    /// The server refused it; it stays here.
    Refused(Code),
}

/// What this phone knows of a learner besides facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnerState {
    /// Code and PIN to register, until the server has them. The PIN is forgotten then.
    pub to_register: Option<ToRegister>,
    /// Whether the server knows this learner on this phone.
    pub registered: bool,
    /// Whether the server knows her, but has not been shown her code and PIN from this phone: her record came in a file.
    #[serde(default)]
    pub elsewhere: bool,
    /// How far the server's changes are here.
    pub cursor: u64,
    /// Whether the record was taken off this phone, from another one of the learner's.
    #[serde(default)]
    pub removed: bool,
}

/// A record to be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToRegister {
    /// The code shown to the learner.
    pub code: LearnerCode,
    /// The PIN the learner chose.
    pub pin: String,
}

/// A fact to append.
#[derive(Debug, Clone)]
pub(super) struct NewFact {
    pub(super) kind: EventKind,
    pub(super) content: Option<ContentHash>,
    pub(super) right: Option<bool>,
}

/// Everything of one learner on this phone, read in one go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contents {
    /// All facts, oldest first by id.
    pub facts: Vec<StoredFact>,
    /// All certificates.
    pub certificates: Vec<IssuedCertificate>,
    /// The rest.
    pub state: LearnerState,
}

/// The record over a store.
#[derive(Debug, Clone)]
pub struct LearningRecord<S> {
    pub(super) store: S,
}

pub(super) const IDENTITY: &str = "identity";
const COUNTER: &str = "seq";
/// The public key that the server knows as this phone's.
const KEY: &str = "key";
/// How far this phone's clock is off, in milliseconds ahead of the server's.
const CLOCK: &str = "clock";

/// Below this a clock counts as right: ten minutes, in milliseconds. People live with such clocks, and slow answers make
/// some of it.
const CLOCK_RIGHT_MS: u64 = 600_000;

/// Length of an id as text: keys begin or end with one.
pub(super) const ID_LENGTH: usize = 36;

impl<S: Store> LearningRecord<S> {
    /// Returns the record kept in a store.
    pub fn new(store: S) -> Self {
        Self { store }
    }

    /// Returns whether nothing was ever kept here: this phone has no identity yet.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn is_new(&self) -> Result<bool, StoreError> {
        Ok(self.store.get(Table::Meta, IDENTITY).await?.is_none())
    }

    /// Returns this phone's identity, made at first use.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then.
    pub async fn identity(&self, env: &impl Environment) -> Result<Identity, StoreError> {
        if let Some(identity) = self.read(Table::Meta, IDENTITY).await? {
            return Ok(identity);
        }
        let identity = Identity {
            version: RECORD_VERSION,
            device: DeviceId(env.new_id()),
            token: crate::base64::encode(&env.random()),
            learner: LearnerId(env.new_id()),
        };
        let new = Write::New(Table::Meta, IDENTITY.to_owned(), json(&identity));
        match self.store.write(vec![new]).await {
            Ok(()) => Ok(identity),
            // Two tabs of a new phone opened at once: they are one learner, the first one's.
            Err(StoreError::Taken) => {
                let first = self.read(Table::Meta, IDENTITY).await?;
                first.ok_or(StoreError::Corrupt(Table::Meta, IDENTITY.to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// Hands the phone to another learner.
    ///
    /// # Errors
    /// [`StoreError`]; the phone then stays with the learner before.
    pub async fn switch_to(&self, identity: &Identity, learner: LearnerId) -> Result<Identity, StoreError> {
        let identity = Identity { learner, ..identity.clone() };
        self.store.write(vec![put(Table::Meta, IDENTITY, &identity)]).await?;
        Ok(identity)
    }

    /// Appends a fact of the present learner: into the record and the outbox, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then, and the caller must say so.
    pub async fn append(
        &self,
        env: &impl Environment,
        identity: &Identity,
        kind: EventKind,
        content: Option<ContentHash>,
        right: Option<bool>,
    ) -> Result<StoredFact, StoreError> {
        let new = NewFact { kind, content, right };
        let facts = self.append_all(env, identity, None, vec![new], Vec::new()).await?;
        facts.into_iter().next().ok_or(StoreError::Taken)
    }

    /// Appends several facts of a learner, said by `actor` where that is not herself, and writes `also` what belongs to them:
    /// all in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then.
    pub(super) async fn append_all(
        &self,
        env: &impl Environment,
        identity: &Identity,
        actor: Option<StaffId>,
        new: Vec<NewFact>,
        also: Vec<Write>,
    ) -> Result<Vec<StoredFact>, StoreError> {
        let mut facts = Vec::new();
        for NewFact { kind, content, right } in new {
            let at_ms = self.moment(env, identity.learner, &kind).await?;
            let event = Event {
                id: EventId(env.new_id()),
                v: EVENT_VERSION,
                learner: identity.learner,
                device: identity.device,
                seq: 0,
                at_ms,
                mono_ms: env.mono_ms(),
                actor,
                content,
                kind,
            };
            facts.push(StoredFact { event, right, receipt: Receipt::Waiting });
        }
        loop {
            let counted: Option<u64> = self.read(Table::Meta, COUNTER).await?;
            let mut last = match counted {
                Some(last) => last,
                None => self.last_seq(identity.device).await?,
            };
            let mut writes = also.clone();
            for fact in &mut facts {
                last += 1;
                fact.event.seq = last;
                writes.push(put(Table::Facts, &fact_key(&fact.event), fact));
                writes.push(put(Table::Outbox, &outbox_key(&fact.event), &fact.event.id));
            }
            let counted = counted.as_ref().map(json);
            writes.push(Write::Swap(Table::Meta, COUNTER.to_owned(), counted, json(&last)));
            match self.store.write(writes).await {
                // Another tab counted at the same moment: count on from there.
                Err(StoreError::Taken) => {}
                done => return done.map(|()| facts),
            }
        }
    }

    /// Returns the highest number given on this phone so far, from the facts themselves: where there is no count, or
    /// none that can be read, it must not begin anew.
    async fn last_seq(&self, device: DeviceId) -> Result<u64, StoreError> {
        let facts: Vec<StoredFact> = self.read_all(Table::Facts, "").await?;
        let own = facts.iter().filter(|fact| fact.event.device == device);
        Ok(own.map(|fact| fact.event.seq).max().unwrap_or(0))
    }

    /// Returns when a fact happened. What a learner says about herself counts by its time
    /// ([`domain::profile::Profile`]), so it is never dated before what was said earlier, also when the phone's clock was
    /// set back in between: an agreement that was taken back must not come to life again.
    async fn moment(
        &self,
        env: &impl Environment,
        learner: LearnerId,
        kind: &EventKind,
    ) -> Result<i64, StoreError> {
        let now_ms = env.now_ms();
        if kind.lesson().is_some() {
            return Ok(now_ms);
        }
        let facts: Vec<StoredFact> = self.read_all(Table::Facts, &format!("{learner}/")).await?;
        let said = facts.iter().filter(|fact| fact.event.kind.lesson().is_none());
        Ok(said.map(|fact| fact.event.at_ms.saturating_add(1)).fold(now_ms, i64::max))
    }

    /// Notes down what a record on the server needs: the learner's agreement, her name, a code and a PIN. The next
    /// sending makes the record. A learner who agrees again has her record already: the code on her paper and its PIN
    /// stay, for the server keeps one of each.
    ///
    /// # Errors
    /// [`StoreError`]; what was appended before it stays, and the call can be repeated.
    pub async fn enrol(
        &self,
        env: &impl Environment,
        identity: &Identity,
        text_version: u16,
        name: String,
        pin: String,
    ) -> Result<(), StoreError> {
        let learner = identity.learner;
        let purpose = ConsentPurpose::LearningRecord;
        self.append(
            env,
            identity,
            EventKind::ConsentGiven { purpose, text_version, manner: None },
            None,
            None,
        )
        .await?;
        let state = self.learner_state(learner).await?;
        if state.registered || state.elsewhere {
            self.append(env, identity, EventKind::ProfileCorrected { name }, None, None).await?;
            return Ok(());
        }
        let code = LearnerCode::from_random(env.random_u64());
        let kind = EventKind::LearnerEnrolled { code: code.clone(), name };
        self.append(env, identity, kind, None, None).await?;
        let state = self.learner_state(learner).await?;
        let state = LearnerState { to_register: Some(ToRegister { code, pin }), ..state };
        self.set_learner_state(learner, &state).await
    }

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

    /// Returns everything of a learner on this phone.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn contents(&self, learner: LearnerId) -> Result<Contents, StoreError> {
        Ok(Contents {
            facts: self.read_all(Table::Facts, &format!("{learner}/")).await?,
            certificates: self.read_all(Table::Certificates, &format!("{learner}/")).await?,
            state: self.learner_state(learner).await?,
        })
    }

    /// Returns what this phone knows of a learner besides facts.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn learner_state(&self, learner: LearnerId) -> Result<LearnerState, StoreError> {
        Ok(self.read(Table::Learners, &learner.to_string()).await?.unwrap_or_default())
    }

    /// Sets what this phone knows of a learner besides facts.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then.
    pub async fn set_learner_state(
        &self,
        learner: LearnerId,
        state: &LearnerState,
    ) -> Result<(), StoreError> {
        self.store.write(vec![put(Table::Learners, &learner.to_string(), state)]).await
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
    pub async fn take_in(
        &self,
        changes: &[Change],
        cursor: &CursorList,
        server_ms: i64,
    ) -> Result<(), StoreError> {
        let mut writes = Vec::new();
        for change in changes {
            match &change.what {
                ChangeKind::Event { event, right } => {
                    let fact =
                        StoredFact { event: event.clone(), right: *right, receipt: Receipt::Kept(server_ms) };
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
        for (learner, seq) in &cursor.0 {
            let state = LearnerState { cursor: *seq, ..self.learner_state(*learner).await? };
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

    /// Returns the value at a key; one that cannot be read is set aside, as if there were none.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let Some(text) = self.store.get(table, key).await? else { return Ok(None) };
        let value = crate::json::read(&text).ok();
        if value.is_none() {
            self.set_aside(table, key.to_owned(), text).await?;
        }
        Ok(value)
    }

    /// Returns the values whose key starts with `prefix`; those that cannot be read are set aside.
    pub(super) async fn read_all<T: DeserializeOwned>(
        &self,
        table: Table,
        prefix: &str,
    ) -> Result<Vec<T>, StoreError> {
        let mut values = Vec::new();
        for (key, text) in self.store.scan(table, prefix).await? {
            match crate::json::read(&text) {
                Ok(value) => values.push(value),
                Err(_) => self.set_aside(table, key, text).await?,
            }
        }
        Ok(values)
    }
}

pub(super) fn put(table: Table, key: &str, value: &impl Serialize) -> Write {
    Write::Put(table, key.to_owned(), json(value))
}

pub(super) fn json(value: &impl Serialize) -> String {
    crate::json::write(value)
}

pub(super) fn fact_key(event: &Event) -> String {
    format!("{}/{}", event.learner, event.id)
}

/// The device's own count, filled with zeros so that text sorts as numbers do; the id tells two tabs apart that
/// counted at the same moment, as pages did that counted outside the transaction.
pub(super) fn outbox_key(event: &Event) -> String {
    format!("{}/{:016}/{}", event.learner, event.seq, event.id)
}

#[cfg(test)]
#[path = "record/tests.rs"]
mod tests;
