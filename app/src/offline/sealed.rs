//! A store whose values nobody reads without the key: what an ambassador's phone keeps of other people.
//!
//! Keys of rows stay plain: they are random ids and counts. Each value is bound to its place, so that nobody moves one
//! person's row to another.

use super::store::{Store, StoreError, Table, Write};

/// Seals and opens texts. A sealed text differs each time, also for the same text.
#[expect(async_fn_in_trait, reason = "one thread on the phone: no Send bound is wanted")]
pub trait Seal {
    /// Returns a text sealed for a place, or nothing when there is no key at hand.
    async fn seal(&self, place: &str, text: &str) -> Option<String>;

    /// Returns the text sealed for this place, or nothing when it was sealed for another, under another key, or changed.
    async fn open(&self, place: &str, sealed: &str) -> Option<String>;
}

/// A store over another one.
#[derive(Debug, Clone)]
pub struct Sealed<S, K> {
    store: S,
    key: K,
}

impl<S: Store, K: Seal> Sealed<S, K> {
    /// Returns the store whose values are sealed with this key.
    pub fn new(store: S, key: K) -> Self {
        Self { store, key }
    }

    async fn sealed(&self, table: Table, key: &str, text: &str) -> Result<String, StoreError> {
        self.key.seal(&place(table, key), text).await.ok_or(StoreError::Unavailable)
    }

    async fn opened(&self, table: Table, key: &str, sealed: &str) -> Result<String, StoreError> {
        let text = self.key.open(&place(table, key), sealed).await;
        text.ok_or_else(|| StoreError::Corrupt(table, key.to_owned()))
    }
}

fn place(table: Table, key: &str) -> String {
    format!("{}/{key}", table.name())
}

impl<S: Store, K: Seal> Store for Sealed<S, K> {
    async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError> {
        match self.store.get(table, key).await? {
            Some(sealed) => self.opened(table, key, &sealed).await.map(Some),
            None => Ok(None),
        }
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let mut rows = Vec::new();
        for (key, sealed) in self.store.scan(table, prefix).await? {
            let text = self.opened(table, &key, &sealed).await?;
            rows.push((key, text));
        }
        Ok(rows)
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        let mut sealed = Vec::with_capacity(writes.len());
        for write in writes {
            sealed.push(match write {
                Write::New(table, key, text) => {
                    let text = self.sealed(table, &key, &text).await?;
                    Write::New(table, key, text)
                }
                Write::Put(table, key, text) => {
                    let text = self.sealed(table, &key, &text).await?;
                    Write::Put(table, key, text)
                }
                Write::Swap(table, key, from, text) => {
                    // The same text is sealed differently each time: what stands there is compared open, and swapped as it
                    // stands.
                    let there = self.store.get(table, &key).await?;
                    let open = match &there {
                        Some(sealed) => Some(self.opened(table, &key, sealed).await?),
                        None => None,
                    };
                    if open != from {
                        return Err(StoreError::Taken);
                    }
                    let text = self.sealed(table, &key, &text).await?;
                    Write::Swap(table, key, there, text)
                }
                Write::Delete(table, key) => Write::Delete(table, key),
            });
        }
        self.store.write(sealed).await
    }
}

#[cfg(test)]
#[path = "sealed/tests.rs"]
pub(crate) mod tests;
