use pollster::block_on;

use domain::sync::{EventOutcome, Outcome};

use super::*;
use crate::offline::memory::MemoryStore;
use crate::offline::testing::{FixedEnvironment, finished};

fn record() -> (LearningRecord<MemoryStore>, MemoryStore, FixedEnvironment) {
    let store = MemoryStore::default();
    (LearningRecord::new(store.clone()), store, FixedEnvironment::default())
}

#[test]
fn identity_is_made_once() {
    block_on(async {
        let (record, _, env) = record();
        let first = record.identity(&env).await.unwrap();
        assert_eq!(record.identity(&env).await.unwrap(), first);
        assert_eq!(first.token.len(), 43);
    });
}

#[test]
fn a_fact_waits_until_the_server_has_answered_for_it() {
    block_on(async {
        let (record, _, env) = record();
        let identity = record.identity(&env).await.unwrap();
        for n in 1..=3 {
            let fact =
                record.append(&env, &identity, finished(), Some("00".parse().unwrap()), None).await.unwrap();
            assert_eq!(fact.event.seq, n);
        }
        let waiting = record.waiting(identity.learner).await.unwrap();
        assert_eq!(waiting.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);

        let outcomes = [
            EventOutcome { id: Some(waiting[0].id), outcome: Outcome::Accepted },
            EventOutcome { id: Some(waiting[2].id), outcome: Outcome::Rejected(Code::IdConflict) },
        ];
        record.settle(&waiting, &outcomes, 99).await.unwrap();
        let still = record.waiting(identity.learner).await.unwrap();
        assert_eq!(still, [waiting[1].clone()], "no answer, no receipt");
        let receipts: Vec<_> = record
            .contents(identity.learner)
            .await
            .unwrap()
            .facts
            .into_iter()
            .map(|fact| fact.receipt)
            .collect();
        assert_eq!(receipts, [Receipt::Kept(99), Receipt::Waiting, Receipt::Refused(Code::IdConflict)]);
    });
}

#[test]
fn learners_of_one_phone_are_apart() {
    block_on(async {
        let (record, _, env) = record();
        let first = record.identity(&env).await.unwrap();
        record.append(&env, &first, finished(), None, None).await.unwrap();
        let second = record.switch_to(&first, LearnerId(env.new_id())).await.unwrap();
        assert_eq!(record.identity(&env).await.unwrap(), second);
        assert_eq!(record.contents(second.learner).await.unwrap(), Contents::default());
        assert_eq!(record.waiting(second.learner).await.unwrap(), []);
        assert_eq!(record.waiting(first.learner).await.unwrap().len(), 1);
    });
}

#[test]
fn a_failed_write_leaves_nothing_behind() {
    block_on(async {
        // A first append reads the counter and the facts, then writes once: fail each of the three in turn.
        for n in 0..3 {
            let (record, store, env) = record();
            let identity = record.identity(&env).await.unwrap();
            store.fail_at(n);
            assert!(record.append(&env, &identity, finished(), None, None).await.is_err());
            assert_eq!(record.contents(identity.learner).await.unwrap().facts, []);
            assert_eq!(record.waiting(identity.learner).await.unwrap(), []);
            let fact = record.append(&env, &identity, finished(), None, None).await.unwrap();
            assert_eq!(fact.event.seq, 1);
        }
    });
}

#[test]
fn two_tabs_of_a_new_phone_are_one_learner() {
    /// A second tab that looked before the first one wrote.
    struct LateTab(MemoryStore, std::cell::Cell<bool>);
    impl Store for LateTab {
        async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError> {
            if self.1.replace(false) { Ok(None) } else { self.0.get(table, key).await }
        }
        async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
            self.0.scan(table, prefix).await
        }
        async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
            self.0.write(writes).await
        }
    }
    block_on(async {
        let (record, store, env) = record();
        let first = record.identity(&env).await.unwrap();
        let late = LearningRecord::new(LateTab(store, std::cell::Cell::new(true)));
        assert_eq!(late.identity(&env).await.unwrap(), first);
    });
}
