//! Lesson versions at hand: what answers are graded by. A version never changes, so one read is enough.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::course::Lesson;
use domain::ids::ContentHash;

use crate::store::{Store, StoreError};

/// The lesson versions this server has needed so far. Bounded by what was ever published.
#[derive(Debug, Clone, Default)]
pub struct LessonVersions(Arc<RwLock<BTreeMap<ContentHash, Arc<Lesson>>>>);

impl LessonVersions {
    /// Returns the lesson versions with these names. A name not at hand is looked up each time, because another server
    /// may have published it a moment ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions(
        &self,
        store: &Store,
        hashes: impl IntoIterator<Item = ContentHash>,
    ) -> Result<BTreeMap<ContentHash, Arc<Lesson>>, StoreError> {
        let mut found = BTreeMap::new();
        let mut missing = Vec::new();
        {
            let at_hand = self.0.read().unwrap_or_else(PoisonError::into_inner);
            for hash in hashes {
                match at_hand.get(&hash) {
                    Some(lesson) => drop(found.insert(hash, Arc::clone(lesson))),
                    None => missing.push(hash),
                }
            }
        }
        missing.sort();
        missing.dedup();
        let read = store.lesson_versions(&missing).await?;
        if !read.is_empty() {
            let mut at_hand = self.0.write().unwrap_or_else(PoisonError::into_inner);
            for (hash, lesson) in read {
                let lesson = Arc::clone(at_hand.entry(hash.clone()).or_insert_with(|| Arc::new(lesson)));
                found.insert(hash, lesson);
            }
        }
        Ok(found)
    }
}
