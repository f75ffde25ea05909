//! Several people on one phone: who they are, who is learning now, what waits of the others. Nobody sees another's
//! record: everything that islands draw is asked for one learner, and a locked one is handed over by her secret only.

use domain::ids::LearnerId;
use domain::profile::Profile;

use super::environment::Environment;
use super::lock::{LockKind, Opening, Stretch};
use super::record::{ID_LENGTH, Identity, LearningRecord};
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
        let mut ids = Vec::new();
        for table in [Table::Facts, Table::Learners] {
            add_learners(&mut ids, &self.store.scan(table, "").await?);
        }
        let mut people = Vec::new();
        for id in ids {
            let facts = self.contents(id).await?.facts;
            let profile = Profile::from_events(facts.iter().map(|fact| &fact.event));
            people.push(Person {
                id,
                name: profile.name().map(str::to_owned),
                last_ms: facts.iter().map(|fact| fact.event.at_ms).max(),
                lock: self.lock(id).await?.map(|lock| lock.kind),
            });
        }
        Ok(people)
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
        let mut ids = Vec::new();
        add_learners(&mut ids, &self.store.scan(Table::Outbox, "").await?);
        let mut found = Vec::new();
        for id in ids {
            let state = self.learner_state(id).await?;
            if id != present && (state.registered || state.to_register.is_some()) {
                found.push(id);
            }
        }
        Ok(found)
    }
}

/// Returns whose a row is: keys begin with the learner.
fn learner_of(key: &str) -> Option<LearnerId> {
    key.get(..ID_LENGTH)?.parse().ok()
}

/// Adds those to a list whose rows these are, each once. A phone has few people: no need of a set.
fn add_learners(ids: &mut Vec<LearnerId>, rows: &[(String, String)]) {
    for (key, _) in rows {
        if let Some(id) = learner_of(key).filter(|id| !ids.contains(id)) {
            ids.push(id);
        }
    }
}

#[cfg(test)]
#[path = "people/tests.rs"]
mod tests;
