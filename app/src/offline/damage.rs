//! What could not be read back: set aside as it was found, so that the rest works on. Nothing is thrown away here; a
//! saved file carries it along ([`super::record_file`]).

use domain::event::Event;
use domain::ids::LearnerId;

use super::record::{ID_LENGTH, LearnerState, LearningRecord, Receipt, StoredFact, fact_key, json, put};
use super::store::{Store, StoreError, Table, Write};

/// The tables whose keys begin with a learner.
pub(super) const OF_A_LEARNER: [Table; 5] =
    [Table::Outbox, Table::Facts, Table::Certificates, Table::Learners, Table::Locks];

impl<S: Store> LearningRecord<S> {
    /// Moves a value into the table of damaged ones, in one transaction, and does what brings most of it back: a learner
    /// who lost a fact or a paper asks the server for her whole history again, and what the phone knew of a learner is
    /// put together anew from her receipts.
    ///
    /// # Errors
    /// [`StoreError`]; the value stands where it was then.
    pub(super) async fn set_aside(&self, table: Table, key: String, text: String) -> Result<(), StoreError> {
        let mut writes = vec![
            // What another tab has mended meanwhile stays.
            Write::Swap(table, key.clone(), Some(text.clone()), text.clone()),
            Write::Delete(table, key.clone()),
            Write::Put(Table::Damaged, damaged_key(table, &key), text),
        ];
        let learner = key.get(..ID_LENGTH).unwrap_or_default();
        match table {
            Table::Facts | Table::Certificates => writes.extend(self.ask_for_all_again(learner).await?),
            Table::Learners => {
                let registered = self.has_receipts(learner).await?;
                let state = LearnerState { registered, ..LearnerState::default() };
                writes.push(put(Table::Learners, &key, &state));
            }
            _ => {}
        }
        match self.store.write(writes).await {
            // Another tab was first.
            Err(StoreError::Taken) => Ok(()),
            done => done,
        }
    }

    async fn ask_for_all_again(&self, learner: &str) -> Result<Option<Write>, StoreError> {
        let Some(text) = self.store.get(Table::Learners, learner).await? else { return Ok(None) };
        let state: Option<LearnerState> = crate::json::read(&text).ok();
        Ok(state.map(|state| {
            let state = LearnerState { cursor: 0, ..state };
            Write::Swap(Table::Learners, learner.to_owned(), Some(text), json(&state))
        }))
    }

    async fn has_receipts(&self, learner: &str) -> Result<bool, StoreError> {
        let facts = self.store.scan(Table::Facts, &format!("{learner}/")).await?;
        let is_kept = |text: &str| {
            let fact: Option<StoredFact> = crate::json::read(text).ok();
            fact.is_some_and(|fact| matches!(fact.receipt, Receipt::Kept(_) | Receipt::Aside(..)))
        };
        Ok(facts.iter().any(|(_, text)| is_kept(text)))
    }

    /// Returns how many damaged values there are, of whomever.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn damaged_count(&self) -> Result<usize, StoreError> {
        Ok(self.store.scan(Table::Damaged, "").await?.len())
    }

    /// Returns the damaged values of a learner: where each stood (`<table>/<key>`), and what stood there.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn damaged(&self, learner: LearnerId) -> Result<Vec<(String, String)>, StoreError> {
        let mut rows = Vec::new();
        for table in OF_A_LEARNER {
            let prefix = damaged_key(table, &learner.to_string());
            rows.extend(self.store.scan(Table::Damaged, &prefix).await?);
        }
        Ok(rows)
    }
}

/// Returns where a value stands, in one text.
pub(super) fn damaged_key(table: Table, key: &str) -> String {
    format!("{}/{key}", table.name())
}

/// Returns what forgets a damaged fact once the fact itself is here again.
pub(super) fn healed(event: &Event) -> Write {
    Write::Delete(Table::Damaged, damaged_key(Table::Facts, &fact_key(event)))
}

#[cfg(test)]
#[path = "damage/tests.rs"]
mod tests;
