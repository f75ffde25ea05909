use domain::sync::{Code, EventOutcome, Outcome};
use pollster::block_on;

use super::*;
use crate::offline::lock::LockKind;
use crate::offline::memory::MemoryStore;
use crate::offline::record::LearnerState;
use crate::offline::testing::{FixedEnvironment, QuickHash, finished};

struct Phone {
    record: LearningRecord<MemoryStore>,
    store: MemoryStore,
    env: FixedEnvironment,
    identity: Identity,
}

/// Two learners; the present one has a fact that waits, one the server refused, one it has, and a damaged one.
async fn phone() -> Phone {
    let (store, env) = (MemoryStore::default(), FixedEnvironment::default());
    let record = LearningRecord::new(store.clone());
    let first = record.identity(&env).await.unwrap();
    record.append(&env, &first, finished(), None, None).await.unwrap();
    let identity = record.switch_to(&first, LearnerId(env.new_id())).await.unwrap();
    for _ in 0..4 {
        record.append(&env, &identity, finished(), None, None).await.unwrap();
    }
    let waiting = record.waiting(identity.learner).await.unwrap();
    let outcomes = [
        EventOutcome { id: Some(waiting[0].id), outcome: Outcome::Accepted },
        EventOutcome { id: Some(waiting[1].id), outcome: Outcome::Rejected(Code::TooLarge) },
    ];
    record.settle(&waiting, &outcomes, 99).await.unwrap();
    let state = LearnerState { registered: true, ..LearnerState::default() };
    record.set_learner_state(identity.learner, &state).await.unwrap();
    record.set_lock(&QuickHash(true), &env, identity.learner, LockKind::Pin, "4827").await.unwrap();
    let key = format!("{}/{}", identity.learner, waiting[2].id);
    store.write(vec![Write::Put(Table::Facts, key, "{".into())]).await.unwrap();
    record.contents(identity.learner).await.unwrap();
    Phone { record, store, env, identity }
}

impl Phone {
    async fn leave(&self, saved: &[String]) -> Result<Left, StoreError> {
        self.record.leave(&self.env, &self.identity, saved).await
    }

    async fn rows(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for table in Table::ALL {
            all.extend(self.store.scan(table, "").await.unwrap());
        }
        all
    }
}

#[test]
fn nobody_leaves_with_work_that_is_nowhere_else() {
    block_on(async {
        let phone = phone().await;
        let before = phone.rows().await;
        assert_eq!(phone.leave(&[]).await, Ok(Left::Unsaved(3)));
        let file = phone.record.to_file(&phone.env, &phone.identity).await.unwrap();
        assert_eq!(phone.leave(&file.holds[1..]).await, Ok(Left::Unsaved(1)));
        assert_eq!(phone.rows().await, before, "nothing was taken away");
        // What is learned after the file was saved is not in it.
        phone.record.append(&phone.env, &phone.identity, finished(), None, None).await.unwrap();
        assert_eq!(phone.leave(&file.holds).await, Ok(Left::Unsaved(1)));
    });
}

#[test]
fn whoever_left_leaves_no_trace_and_the_others_stay() {
    block_on(async {
        let phone = phone().await;
        let file = phone.record.to_file(&phone.env, &phone.identity).await.unwrap();
        let Ok(Left::Gone(identity)) = phone.leave(&file.holds).await else { panic!("all is saved") };
        assert_ne!(identity.learner, phone.identity.learner);
        assert_eq!(identity.device, phone.identity.device);
        assert_eq!(phone.record.identity(&phone.env).await.unwrap(), identity);
        let gone = phone.identity.learner.to_string();
        for (key, value) in phone.rows().await {
            assert!(!key.contains(&gone) && !value.contains(&gone), "{key}: {value}");
        }
        assert_eq!(phone.record.people().await.unwrap().len(), 1);
        assert_eq!(phone.record.others_waiting(identity.learner).await.unwrap(), 1);
        phone.record.bring_back(&identity, &file.text).await.unwrap();
        assert_eq!(phone.record.contents(phone.identity.learner).await.unwrap().facts.len(), 3);
        assert_eq!(phone.record.damaged(phone.identity.learner).await.unwrap().len(), 1);
    });
}

/// Another tab records something while a learner leaves: it stays, and so does she on the list of people.
#[test]
fn what_another_tab_records_meanwhile_stays() {
    struct Busy(MemoryStore, std::cell::Cell<Option<Vec<Write>>>);
    impl Store for Busy {
        async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError> {
            self.0.get(table, key).await
        }
        async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
            self.0.scan(table, prefix).await
        }
        async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
            if let Some(other) = self.1.take() {
                self.0.write(other).await?;
            }
            self.0.write(writes).await
        }
    }
    block_on(async {
        let phone = phone().await;
        let learner = phone.identity.learner;
        let file = phone.record.to_file(&phone.env, &phone.identity).await.unwrap();
        let elsewhere = LearningRecord::new(MemoryStore::default());
        let fact = elsewhere.append(&phone.env, &phone.identity, finished(), None, None).await.unwrap();
        let mut late = Vec::new();
        for table in [Table::Facts, Table::Outbox] {
            let rows = elsewhere.store.scan(table, "").await.unwrap();
            late.extend(rows.into_iter().map(|(key, value)| Write::Put(table, key, value)));
        }
        let busy = LearningRecord::new(Busy(phone.store.clone(), std::cell::Cell::new(Some(late))));
        assert!(matches!(busy.leave(&phone.env, &phone.identity, &file.holds).await, Ok(Left::Gone(_))));
        assert_eq!(phone.record.waiting(learner).await.unwrap(), [fact.event]);
        assert!(phone.record.people().await.unwrap().iter().any(|person| person.id == learner));
    });
}

/// Every storage operation fails once: she has left with everything saved, or everything is as before.
#[test]
fn no_failing_storage_operation_drops_anything() {
    block_on(async {
        for n in 0.. {
            let phone = phone().await;
            let file = phone.record.to_file(&phone.env, &phone.identity).await.unwrap();
            let before = phone.rows().await;
            phone.store.fail_at(n);
            let left = phone.leave(&file.holds).await;
            phone.store.fail_at(u32::MAX);
            if left.is_ok() {
                assert!(n > 8, "every operation has failed");
                break;
            }
            assert_eq!(phone.rows().await, before, "{n}");
        }
    });
}
