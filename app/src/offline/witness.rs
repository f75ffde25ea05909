//! Agreements given before this phone's colleague by people whose record is not here, somebody whom a list brought in for
//! example. Only what she said is on this phone; it is sent and then taken off again.

use std::collections::{BTreeMap, BTreeSet};

use domain::consent::{ConsentManner, ConsentMethod, ConsentPurpose, Guardian};
use domain::event::EventKind;
use domain::ids::{LearnerId, StaffId};

use super::environment::Environment;
use super::people::learner_of;
use super::record::{Identity, LearningRecord, NewFact};
use super::rows::count_unsaved;
use super::store::{Store, StoreError, Table, Write};

/// What somebody agreed to.
#[derive(Debug, Clone)]
pub struct Witnessed {
    /// What for.
    pub purposes: Vec<ConsentPurpose>,
    /// Which wording was read aloud.
    pub text_version: u16,
    /// Who agreed in the place of a child.
    pub guardian: Option<Guardian>,
    /// When she last agreed or took something back, as the server knows it: by a clock that may run ahead of this one.
    pub after_ms: Option<i64>,
}

impl<S: Store> LearningRecord<S> {
    /// Notes down what somebody agreed to after the text was read aloud, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written then.
    pub async fn witness(
        &self,
        env: &impl Environment,
        identity: &Identity,
        actor: StaffId,
        learner: LearnerId,
        said: Witnessed,
    ) -> Result<(), StoreError> {
        let manner = ConsentManner { method: ConsentMethod::ReadAloud, guardian: said.guardian };
        let agreed = |purpose| NewFact {
            kind: EventKind::ConsentGiven {
                purpose,
                text_version: said.text_version,
                manner: Some(manner.clone()),
            },
            content: None,
            right: None,
            after_ms: said.after_ms,
        };
        let facts = said.purposes.iter().copied().map(agreed).collect();
        let identity = Identity { learner, ..identity.clone() };
        self.append_all(env, &identity, Some(actor), facts, Vec::new()).await?;
        Ok(())
    }

    /// Returns what people agreed to here and has no answer of the server yet, whether their record is here or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn agreed_here(&self) -> Result<BTreeMap<LearnerId, Vec<ConsentPurpose>>, StoreError> {
        let mut agreed: BTreeMap<LearnerId, Vec<ConsentPurpose>> = BTreeMap::new();
        for (key, _) in self.store.scan(Table::Outbox, "").await? {
            let Some(learner) = learner_of(&key).filter(|id| !agreed.contains_key(id)) else { continue };
            let waiting = self.waiting(learner).await?;
            let purpose = |event: domain::event::Event| match event.kind {
                EventKind::ConsentGiven { purpose, .. } => Some(purpose),
                _ => None,
            };
            agreed.insert(learner, waiting.into_iter().filter_map(purpose).collect());
        }
        agreed.retain(|_, purposes| !purposes.is_empty());
        Ok(agreed)
    }

    /// Returns those with facts of whom nothing else is here: no record, none asked for.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn only_witnessed(&self) -> Result<BTreeSet<LearnerId>, StoreError> {
        let mut found = BTreeSet::new();
        for (key, _) in self.store.scan(Table::Facts, "").await? {
            found.extend(learner_of(&key));
        }
        for (key, _) in self.store.scan(Table::Learners, "").await? {
            if let Some(learner) = learner_of(&key) {
                found.remove(&learner);
            }
        }
        Ok(found)
    }

    /// Takes off what the server has of them.
    ///
    /// # Errors
    /// [`StoreError`]; what was not taken off yet stays.
    pub async fn forget_witnessed(&self) -> Result<(), StoreError> {
        for learner in self.only_witnessed().await? {
            let rows = self.rows_of(learner).await?;
            if count_unsaved(&rows, &[]) == 0 {
                let gone = rows.into_iter().map(|(table, key, _)| Write::Delete(table, key)).collect();
                self.store.write(gone).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "witness/tests.rs"]
mod tests;
