//! What could not be read back: set aside as it was found, so that the rest works on. Nothing is thrown away here; a
//! saved file carries it along ([`super::record_file`]).

use domain::event::Event;

use super::record::{ID_LENGTH, LearnerState, LearningRecord, Receipt, StoredFact, fact_key, json, put};
use super::store::{Store, StoreError, Table, Write};

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
            Table::Facts | Table::Certificates => {
                let known = self.store.scan(Table::Learners, learner).await?;
                writes.extend(known.into_iter().filter_map(ask_for_all_again));
            }
            Table::Learners => {
                let facts = self.store.scan(Table::Facts, learner).await?;
                let registered = facts.iter().any(|(_, fact)| is_on_server(fact));
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

    /// Returns how many damaged values there are, of whomever.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn damaged_count(&self) -> Result<usize, StoreError> {
        Ok(self.store.scan(Table::Damaged, "").await?.len())
    }
}

/// Returns what lets a learner's history come from its beginning.
fn ask_for_all_again((learner, text): (String, String)) -> Option<Write> {
    let state: LearnerState = crate::json::read(&text).ok()?;
    let state = LearnerState { cursor: 0, ..state };
    Some(Write::Swap(Table::Learners, learner, Some(text), json(&state)))
}

/// Returns whether the server has given a receipt for a stored fact; a refusal is none.
pub(super) fn is_on_server(text: &str) -> bool {
    let fact: Option<StoredFact> = crate::json::read(text).ok();
    fact.is_some_and(|fact| matches!(fact.receipt, Receipt::Kept(_) | Receipt::Aside(..)))
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
