//! A learner leaves this phone: everything of hers is taken away, but never what the server has not and no file holds.

use domain::ids::LearnerId;

use super::damage::OF_A_LEARNER;
use super::environment::Environment;
use super::record::{IDENTITY, Identity, LearningRecord, put};
use super::record_file::only_here;
use super::store::{Store, StoreError, Table, Write};

/// What became of leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// Nothing of hers is on the phone any more; it is in the hands of somebody new.
    Gone(Identity),
    /// So many things are neither on the server nor in the file she saved. Nothing was taken away.
    Unsaved(usize),
}

impl<S: Store> LearningRecord<S> {
    /// Returns how many things of a learner the server has not, besides those in a saved file (see
    /// [`RecordFile::holds`](super::record_file::RecordFile)).
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn unsaved(&self, learner: LearnerId, saved: &[String]) -> Result<usize, StoreError> {
        let facts = self.contents(learner).await?.facts;
        let damaged = self.damaged(learner).await?.into_iter().map(|(key, _)| key);
        let only_here = facts.iter().filter_map(only_here).chain(damaged);
        Ok(only_here.filter(|key| !saved.contains(key)).count())
    }

    /// Takes everything of the present learner off this phone and hands it to somebody new, in one transaction. `saved`
    /// is what the file holds that she has in her hands.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was taken away then.
    pub async fn leave(
        &self,
        env: &impl Environment,
        identity: &Identity,
        saved: &[String],
    ) -> Result<Left, StoreError> {
        let learner = identity.learner;
        let mut writes = Vec::new();
        // The rows are listed before they are judged, and only those listed are taken away: what another tab records
        // meanwhile stays, and so does she on the list of people.
        for table in OF_A_LEARNER {
            let rows = self.store.scan(table, &learner.to_string()).await?;
            writes.extend(rows.into_iter().map(|(key, _)| Write::Delete(table, key)));
        }
        let damaged = self.damaged(learner).await?;
        writes.extend(damaged.into_iter().map(|(key, _)| Write::Delete(Table::Damaged, key)));
        match self.unsaved(learner, saved).await? {
            0 => {}
            unsaved => return Ok(Left::Unsaved(unsaved)),
        }
        let identity = Identity { learner: LearnerId(env.new_id()), ..identity.clone() };
        writes.push(put(Table::Meta, IDENTITY, &identity));
        self.store.write(writes).await?;
        Ok(Left::Gone(identity))
    }
}

#[cfg(test)]
#[path = "leave/tests.rs"]
mod tests;
