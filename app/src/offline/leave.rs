//! A learner leaves this phone: everything of hers is taken away, but never what the server has not and no file holds.

use domain::ids::LearnerId;

use super::environment::Environment;
use super::record::{IDENTITY, Identity, LearningRecord, put};
use super::rows::count_unsaved;
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
    /// Takes everything of somebody else off this phone whose record was taken off it elsewhere; what the server has not
    /// stays. Returns whether nothing is left.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was taken away then.
    pub async fn forget(&self, learner: LearnerId) -> Result<bool, StoreError> {
        let rows = self.rows_of(learner).await?;
        if count_unsaved(&rows, &[]) > 0 {
            return Ok(false);
        }
        self.store.write(rows.into_iter().map(|(table, key, _)| Write::Delete(table, key)).collect()).await?;
        Ok(true)
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
        // Only the rows that are judged here are taken away: what another tab records meanwhile stays, and so does she
        // on the list of people.
        let rows = self.rows_of(identity.learner).await?;
        match count_unsaved(&rows, saved) {
            0 => {}
            unsaved => return Ok(Left::Unsaved(unsaved)),
        }
        let mut writes: Vec<Write> =
            rows.into_iter().map(|(table, key, _)| Write::Delete(table, key)).collect();
        let identity = Identity { learner: LearnerId(env.new_id()), ..identity.clone() };
        writes.push(put(Table::Meta, IDENTITY, &identity));
        self.store.write(writes).await?;
        Ok(Left::Gone(identity))
    }
}

#[cfg(test)]
#[path = "leave/tests.rs"]
mod tests;
