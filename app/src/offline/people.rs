//! Several people on one phone: who they are, who is learning now, what waits of the others. Nobody sees another's
//! record: everything that islands draw is asked for one learner, and a locked one is handed over by her secret only.

use domain::ids::LearnerId;
use domain::profile::Profile;

use super::environment::Environment;
use super::lock::{Lock, LockKind, Opening, Stretch};
use super::record::{ID_LENGTH, Identity, LearningRecord, StoredFact};
use super::store::{Store, StoreError, Table};

/// Somebody whose record is on this phone, as the list of people shows her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: LearnerId,
    /// Her name, once she has given one.
    pub name: Option<String>,
    /// When she last learned, by the phone's clock; tells people without a name apart.
    pub last_ms: Option<i64>,
    /// What her record is locked with.
    pub lock: Option<LockKind>,
}

/// What became of handing the phone over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// The phone is in the hands of this learner now.
    To(Identity),
    /// It stays with the learner before: the secret is wrong.
    Wrong,
    /// It stays with the learner before: so many milliseconds from now another try is allowed.
    Wait(i64),
}

impl<S: Store> LearningRecord<S> {
    /// Returns everybody whose record is on this phone, in the order in which they came here.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut people: Vec<(Person, Profile)> = Vec::new();
        for table in [Table::Facts, Table::Learners, Table::Locks] {
            for (key, value) in self.store.scan(table, "").await? {
                let Some(id) = learner_of(&key) else { continue };
                let at = people.iter().position(|(person, _)| person.id == id).unwrap_or(people.len());
                if at == people.len() {
                    people.push((Person { id, name: None, last_ms: None, lock: None }, Profile::default()));
                }
                let (person, profile) = &mut people[at];
                if table == Table::Locks {
                    person.lock = Some(Lock::read(&value).kind);
                } else if table == Table::Facts
                    && let Ok(StoredFact { event, .. }) = crate::json::read(&value)
                {
                    person.last_ms = person.last_ms.max(Some(event.at_ms));
                    profile.add(&event);
                }
            }
        }
        let named = |(person, profile): (Person, Profile)| Person {
            name: profile.name().map(str::to_owned),
            ..person
        };
        Ok(people.into_iter().map(named).collect())
    }

    /// Hands the phone to somebody on the list, or to somebody new, whose record starts empty. A locked record needs its
    /// secret; there is no other way to it but the learner's code and PIN
    /// ([`open_record`](super::sync_client::open_record)).
    ///
    /// # Errors
    /// [`StoreError`]; the phone then stays with the learner before.
    pub async fn hand_over(
        &self,
        stretch: &impl Stretch,
        env: &impl Environment,
        identity: &Identity,
        to: Option<LearnerId>,
        secret: &str,
    ) -> Result<Handed, StoreError> {
        let learner = match to {
            None => LearnerId(env.new_id()),
            Some(learner) => match self.open_lock(stretch, env, learner, secret).await? {
                Opening::Open => learner,
                Opening::Wrong => return Ok(Handed::Wrong),
                Opening::Wait(ms) => return Ok(Handed::Wait(ms)),
            },
        };
        Ok(Handed::To(self.switch_to(identity, learner).await?))
    }

    /// Returns how many facts of everybody but one learner have no answer of the server yet.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn others_waiting(&self, present: LearnerId) -> Result<usize, StoreError> {
        let outbox = self.store.scan(Table::Outbox, "").await?;
        Ok(outbox.iter().filter(|(key, _)| learner_of(key) != Some(present)).count())
    }

    /// Returns everybody but one learner who has a record on the server, or asked for one, and something to send.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn others_to_send(&self, present: LearnerId) -> Result<Vec<LearnerId>, StoreError> {
        let mut found = vec![present];
        for (key, _) in self.store.scan(Table::Outbox, "").await? {
            if let Some(id) = learner_of(&key).filter(|id| !found.contains(id)) {
                found.push(id);
            }
        }
        let mut to_send = Vec::new();
        for id in found.into_iter().skip(1) {
            let state = self.learner_state(id).await?;
            if state.registered || state.to_register.is_some() {
                to_send.push(id);
            }
        }
        Ok(to_send)
    }
}

/// Returns whose a row is: keys begin with the learner.
pub(super) fn learner_of(key: &str) -> Option<LearnerId> {
    key.get(..ID_LENGTH)?.parse().ok()
}

#[cfg(test)]
#[path = "people/tests.rs"]
mod tests;
