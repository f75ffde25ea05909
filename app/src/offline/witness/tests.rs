use uuid::Uuid;

use super::*;
use crate::offline::memory::MemoryStore;
use crate::offline::sync_client::{SyncError, send_witnessed, sync_everybody};
use crate::offline::testing::{FakeServer, FixedEnvironment, Mishap};

fn mai() -> StaffId {
    StaffId(Uuid::from_u128(5))
}

fn person(number: u128) -> LearnerId {
    LearnerId(Uuid::from_u128(number))
}

fn said(purposes: &[ConsentPurpose], after_ms: Option<i64>) -> Witnessed {
    Witnessed { purposes: purposes.to_vec(), text_version: 1, guardian: None, after_ms }
}

#[test]
fn an_agreement_waits_is_sent_once_and_taken_off() {
    pollster::block_on(async {
        let purposes = [ConsentPurpose::LearningRecord, ConsentPurpose::Recognition];
        let (env, server) = (FixedEnvironment::default(), FakeServer::default());
        let store = MemoryStore::default();
        let record = LearningRecord::new(store.clone());
        let identity = record.identity(&env).await.unwrap();
        for number in [1, 2] {
            let both = said(&purposes, None);
            record.witness(&env, &identity, mai(), person(number), both).await.unwrap();
        }
        let here = BTreeMap::from([1, 2].map(|number| (person(number), purposes.to_vec())));
        assert_eq!(record.agreed_here().await.unwrap(), here);
        assert_eq!(record.pending().await.unwrap(), vec![], "nobody was enrolled");
        // The sending of learners' own records leaves them alone: this phone has no part in those.
        sync_everybody(&record, &&server, &env, &identity).await.unwrap();
        assert_eq!(server.stored.borrow().len(), 0);
        server.mishaps.borrow_mut().extend([Some(Mishap::LostBefore), Some(Mishap::LostAfter)]);
        for _ in 0..2 {
            assert_eq!(send_witnessed(&record, &&server, &env, &identity).await, Err(SyncError::Unreachable));
            record.forget_witnessed().await.unwrap();
            assert_eq!(record.agreed_here().await.unwrap(), here, "kept until there is an answer");
        }
        send_witnessed(&record, &&server, &env, &identity).await.unwrap();
        assert_eq!(record.agreed_here().await.unwrap(), BTreeMap::new());
        let asked = server.requests.get();
        send_witnessed(&record, &&server, &env, &identity).await.unwrap();
        assert_eq!(server.requests.get(), asked, "nothing to say, nothing asked");
        record.forget_witnessed().await.unwrap();
        for table in [Table::Facts, Table::Outbox, Table::Learners] {
            assert_eq!(store.scan(table, "").await.unwrap(), vec![], "{table:?}");
        }
        let stored = server.stored.borrow();
        let of = |number| stored.iter().filter(move |event| event.learner == person(number)).count();
        assert_eq!((stored.len(), of(1), of(2)), (4, 2, 2), "each once");
        assert!(stored.iter().all(|event| event.actor == Some(mai()) && event.device == identity.device));
    });
}

#[test]
fn an_agreement_is_dated_after_what_she_took_back_whatever_the_clocks_say() {
    pollster::block_on(async {
        let env = FixedEnvironment::default();
        let record = LearningRecord::new(MemoryStore::default());
        let identity = record.identity(&env).await.unwrap();
        let far_ahead = env.now_ms() + 86_400_000;
        for (after_ms, expected) in [(Some(far_ahead), Some(far_ahead + 1)), (Some(5), None), (None, None)] {
            let learner = LearnerId(env.new_id());
            let said = said(&[ConsentPurpose::LearningRecord], after_ms);
            record.witness(&env, &identity, mai(), learner, said).await.unwrap();
            let at_ms = record.waiting(learner).await.unwrap()[0].at_ms;
            match expected {
                Some(expected) => assert_eq!(at_ms, expected),
                None => assert!(at_ms < env.now_ms() && at_ms > 5, "{at_ms}"),
            }
        }
    });
}

#[test]
fn what_cannot_be_written_is_not_half_written() {
    pollster::block_on(async {
        for step in 0..8 {
            let (env, store) = (FixedEnvironment::default(), MemoryStore::default());
            let record = LearningRecord::new(store.clone());
            let identity = record.identity(&env).await.unwrap();
            store.fail_at(step);
            let all = said(&ConsentPurpose::ALL, None);
            let noted = record.witness(&env, &identity, mai(), person(1), all).await;
            store.fail_at(u32::MAX);
            let here = record.agreed_here().await.unwrap();
            assert_eq!(here.get(&person(1)).map(Vec::len), noted.is_ok().then_some(3), "step {step}");
        }
    });
}
