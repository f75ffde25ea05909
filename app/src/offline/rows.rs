//! Everything of one learner on this phone, row by row: what a file carries, what leaving takes away.

use domain::ids::LearnerId;

use super::damage::{damaged_key, is_on_server};
use super::record::LearningRecord;
use super::store::{Store, StoreError, Table};

/// A row as it stands in the store: table, key, value.
pub(super) type Row = (Table, String, String);

/// The tables whose keys begin with a learner.
const OF_A_LEARNER: [Table; 5] =
    [Table::Facts, Table::Outbox, Table::Certificates, Table::Learners, Table::Locks];

impl<S: Store> LearningRecord<S> {
    /// Returns every row of a learner, with the damaged values that stood in her tables; a fact before its damaged twin.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub(super) async fn rows_of(&self, learner: LearnerId) -> Result<Vec<Row>, StoreError> {
        let learner = learner.to_string();
        let own = OF_A_LEARNER.map(|table| (table, learner.clone()));
        let damaged = OF_A_LEARNER.map(|table| (Table::Damaged, damaged_key(table, &learner)));
        let mut rows = Vec::new();
        for (table, prefix) in own.into_iter().chain(damaged) {
            let found = self.store.scan(table, &prefix).await?;
            rows.extend(found.into_iter().map(|(key, value)| (table, key, value)));
        }
        Ok(rows)
    }

    /// Returns how many things of a learner the server has not, besides those in a saved file (see
    /// [`RecordFile::holds`](super::record_file::RecordFile)).
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn unsaved(&self, learner: LearnerId, saved: &[String]) -> Result<usize, StoreError> {
        Ok(count_unsaved(&self.rows_of(learner).await?, saved))
    }
}

#[cfg(test)]
impl<S: Store> LearningRecord<S> {
    /// Returns the damaged values of a learner: where each stood, and what stood there.
    pub(super) async fn damaged(&self, learner: LearnerId) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.rows_of(learner).await?.into_iter();
        Ok(rows.filter(|(table, ..)| *table == Table::Damaged).map(|(_, key, value)| (key, value)).collect())
    }
}

/// Returns the key of a row that must not be dropped: a fact that the server has not, a value that cannot be read.
pub(super) fn only_here((table, key, value): &Row) -> Option<&String> {
    match table {
        Table::Facts if !is_on_server(value) => Some(key),
        Table::Damaged => Some(key),
        _ => None,
    }
}

/// Returns how many rows that must not be dropped are not in a saved file.
pub(super) fn count_unsaved(rows: &[Row], saved: &[String]) -> usize {
    rows.iter().filter_map(only_here).filter(|key| !saved.contains(key)).count()
}
