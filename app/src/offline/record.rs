//! The learning record on this phone: append facts, read them. What it knows of the server stands in `record/exchange.rs`.

mod exchange;

use domain::code::LearnerCode;
use domain::consent::ConsentPurpose;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{ContentHash, DeviceId, EventId, LearnerId, StaffId};
use domain::sync::{Code, IssuedCertificate, MergedMarks};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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
    /// What she has shown in records merged with this one, as the server last said.
    #[serde(default)]
    pub merged: MergedMarks,
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
    /// It is dated after this moment, where it counts by its time.
    pub(super) after_ms: Option<i64>,
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
        let new = NewFact { kind, content, right, after_ms: None };
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
        for NewFact { kind, content, right, after_ms } in new {
            let at_ms = self.moment(env, identity.learner, &kind).await?;
            let at_ms = at_ms.max(after_ms.map_or(at_ms, |after| after.saturating_add(1)));
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
