//! The store in memory, for tests here and in the server: the twin of IndexedDB, held to the same contract. It can be
//! told to fail. Phones' bundles are built without it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::store::{Store, StoreError, Table, Write};

/// A store that lives as long as its last clone.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    rows: Rc<RefCell<BTreeMap<(Table, String), String>>>,
    fail_at: Rc<Cell<Option<u32>>>,
}

impl MemoryStore {
    /// Makes the n-th operation from now fail, and only that one. 0 is the next.
    pub fn fail_at(&self, n: u32) {
        self.fail_at.set(Some(n));
    }

    fn step(&self) -> Result<(), StoreError> {
        match self.fail_at.get() {
            Some(0) => {
                self.fail_at.set(None);
                Err(StoreError::Failed("told to fail".into()))
            }
            Some(n) => {
                self.fail_at.set(Some(n - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Store for MemoryStore {
    async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError> {
        self.step()?;
        Ok(self.rows.borrow().get(&(table, key.to_owned())).cloned())
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.step()?;
        let rows = self.rows.borrow();
        let from = rows.range((table, prefix.to_owned())..);
        Ok(from
            .take_while(|((at, key), _)| *at == table && key.starts_with(prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.step()?;
        // All or nothing: changed aside, then taken over as a whole.
        let mut rows = self.rows.borrow().clone();
        for write in writes {
            match write {
                Write::New(table, key, _) if rows.contains_key(&(table, key.clone())) => {
                    return Err(StoreError::Taken);
                }
                Write::Swap(table, key, from, _) if rows.get(&(table, key.clone())) != from.as_ref() => {
                    return Err(StoreError::Taken);
                }
                Write::New(table, key, value)
                | Write::Swap(table, key, _, value)
                | Write::Put(table, key, value) => {
                    rows.insert((table, key), value);
                }
                Write::Delete(table, key) => {
                    rows.remove(&(table, key));
                }
            }
        }
        self.rows.replace(rows);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn memory_keeps_the_contract() {
        pollster::block_on(crate::offline::contract::check(&super::MemoryStore::default()));
    }
}
