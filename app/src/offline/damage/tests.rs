use domain::code::LearnerCode;
use domain::consent::ConsentPurpose;
use domain::event::EventKind;
use domain::sync::{Change, ChangeKind, CursorList, EventOutcome, IssuedCertificate, Outcome, SyncResponse};
use pollster::block_on;

use super::*;
use crate::offline::environment::Environment;
use crate::offline::memory::MemoryStore;
use crate::offline::record::{Identity, ToRegister};
use crate::offline::testing::{FixedEnvironment, finished};

struct Phone {
    record: LearningRecord<MemoryStore>,
    store: MemoryStore,
    env: FixedEnvironment,
    identity: Identity,
}

/// Six facts, the first three with a receipt.
async fn phone() -> Phone {
    let (store, env) = (MemoryStore::default(), FixedEnvironment::default());
    let record = LearningRecord::new(store.clone());
    let identity = record.identity(&env).await.unwrap();
    for _ in 0..6 {
        record.append(&env, &identity, finished(), None, None).await.unwrap();
    }
    let sent = record.waiting(identity.learner).await.unwrap()[..3].to_vec();
    let accepted = |event: &Event| EventOutcome { id: Some(event.id), outcome: Outcome::Accepted };
    record.settle(&sent, &sent.iter().map(accepted).collect::<Vec<_>>(), 99).await.unwrap();
    let state = LearnerState { registered: true, cursor: 7, ..LearnerState::default() };
    record.set_learner_state(identity.learner, &state).await.unwrap();
    Phone { record, store, env, identity }
}

impl Phone {
    async fn keys(&self, table: Table) -> Vec<String> {
        self.store.scan(table, "").await.unwrap().into_iter().map(|(key, _)| key).collect()
    }

    async fn spoil(&self, table: Table, key: &str) {
        self.store.write(vec![Write::Put(table, key.into(), "{\"half".into())]).await.unwrap();
    }

    async fn facts(&self) -> usize {
        self.record.contents(self.identity.learner).await.unwrap().facts.len()
    }

    async fn waiting(&self) -> usize {
        self.record.waiting(self.identity.learner).await.unwrap().len()
    }
}

#[test]
fn a_damaged_fact_is_set_aside_and_the_rest_works_on() {
    block_on(async {
        for (at, waits) in [(0, 3), (5, 2)] {
            let phone = phone().await;
            let key = phone.keys(Table::Facts).await[at].clone();
            phone.spoil(Table::Facts, &key).await;
            assert_eq!(phone.facts().await, 5);
            assert_eq!(phone.waiting().await, waits, "what cannot be read cannot be sent");
            let damaged = phone.record.damaged(phone.identity.learner).await.unwrap();
            assert!(damaged.contains(&(format!("facts/{key}"), "{\"half".into())), "kept as it was found");
            let state = phone.record.learner_state(phone.identity.learner).await.unwrap();
            assert_eq!(
                (state.registered, state.cursor),
                (true, 0),
                "the server is asked for all of it again"
            );
            phone.record.append(&phone.env, &phone.identity, finished(), None, None).await.unwrap();
            assert_eq!(phone.waiting().await, waits + 1);
        }
    });
}

#[test]
fn a_fact_that_comes_back_takes_the_place_of_the_damaged_one() {
    block_on(async {
        let phone = phone().await;
        let learner = phone.identity.learner;
        let event = phone.record.contents(learner).await.unwrap().facts[0].event.clone();
        phone.spoil(Table::Facts, &fact_key(&event)).await;
        assert_eq!((phone.facts().await, phone.record.damaged_count().await.unwrap()), (5, 1));
        let what = ChangeKind::Event { event, right: None };
        let new = SyncResponse {
            protocol: 1,
            server_ms: 100,
            outcomes: vec![],
            changes: vec![Change { learner, seq: 1, what }],
            cursor: CursorList::default(),
            more: false,
            removed: vec![],
            merged: None,
        };
        phone.record.take_in(&new).await.unwrap();
        assert_eq!((phone.facts().await, phone.record.damaged_count().await.unwrap()), (6, 0));
    });
}

#[test]
fn a_damaged_outbox_entry_still_sends_its_fact() {
    block_on(async {
        let phone = phone().await;
        let key = phone.keys(Table::Outbox).await[0].clone();
        phone.spoil(Table::Outbox, &key).await;
        assert_eq!(phone.waiting().await, 3);
    });
}

#[test]
fn a_damaged_learner_is_put_together_from_her_receipts() {
    block_on(async {
        let phone = phone().await;
        let learner = phone.identity.learner;
        phone.spoil(Table::Learners, &learner.to_string()).await;
        let state = phone.record.learner_state(learner).await.unwrap();
        assert_eq!(state, LearnerState::default(), "this once as if nothing were known");
        let state = phone.record.learner_state(learner).await.unwrap();
        assert_eq!(state, LearnerState { registered: true, ..LearnerState::default() });
        assert_eq!(phone.record.damaged_count().await.unwrap(), 1);
    });
}

#[test]
fn a_damaged_count_goes_on_where_it_was() {
    block_on(async {
        let phone = phone().await;
        phone.spoil(Table::Meta, "seq").await;
        let fact = phone.record.append(&phone.env, &phone.identity, finished(), None, None).await.unwrap();
        assert_eq!(fact.event.seq, 7, "two facts never have one number");
    });
}

#[test]
fn a_damaged_identity_makes_a_new_phone_that_still_has_everybody() {
    block_on(async {
        let phone = phone().await;
        phone.spoil(Table::Meta, "identity").await;
        let identity = phone.record.identity(&phone.env).await.unwrap();
        assert_ne!(identity.device, phone.identity.device);
        let people = phone.record.people().await.unwrap();
        assert_eq!(people.iter().map(|person| person.id).collect::<Vec<_>>(), [phone.identity.learner]);
    });
}

/// Everything that can be damaged is, in turn, and every storage operation of the reading fails: the value is either
/// where it was or set aside, never gone.
#[test]
fn nothing_damaged_is_ever_gone() {
    block_on(async {
        let code = LearnerCode::from_random(5);
        for table in [Table::Meta, Table::Learners, Table::Facts, Table::Outbox, Table::Certificates] {
            for n in 0..8 {
                let phone = phone().await;
                let learner = phone.identity.learner;
                let certificate = IssuedCertificate {
                    id: domain::ids::CertificateId(phone.env.new_id()),
                    course: "k6".parse().unwrap(),
                    signed: "x".into(),
                };
                phone.record.keep_certificate(learner, &certificate).await.unwrap();
                let purpose = ConsentPurpose::LearningRecord;
                let kind = EventKind::ConsentGiven { purpose, text_version: 1, manner: None };
                phone.record.append(&phone.env, &phone.identity, kind, None, None).await.unwrap();
                let to_register = Some(ToRegister { code: code.clone(), pin: "4827".into() });
                let state = LearnerState { to_register, ..LearnerState::default() };
                phone.record.set_learner_state(learner, &state).await.unwrap();
                let key = phone.keys(table).await[0].clone();
                phone.spoil(table, &key).await;
                phone.store.fail_at(n);
                let _ = phone.record.contents(learner).await;
                let _ = phone.record.waiting(learner).await;
                let _ = phone.record.identity(&phone.env).await;
                phone.store.fail_at(u32::MAX);
                let there = phone.store.get(table, &key).await.unwrap().is_some_and(|text| text == "{\"half");
                let aside =
                    phone.store.get(Table::Damaged, &format!("{}/{key}", table.name())).await.unwrap();
                assert!(there || aside.as_deref() == Some("{\"half"), "{} {n}", table.name());
            }
        }
    });
}
