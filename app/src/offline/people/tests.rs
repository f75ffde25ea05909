use std::collections::{BTreeMap, BTreeSet};

use domain::consent::ConsentPurpose;
use domain::event::EventKind;
use domain::ids::EventId;
use pollster::block_on;
use proptest::prelude::*;

use super::*;
use crate::offline::leave::Left;
use crate::offline::memory::MemoryStore;
use crate::offline::record::StoredFact;
use crate::offline::sync_client::{SyncDone, SyncError, sync, sync_everybody};
use crate::offline::testing::{FakeServer, FixedEnvironment, Mishap, QuickHash, finished};

struct Phone {
    record: LearningRecord<MemoryStore>,
    env: FixedEnvironment,
    identity: Identity,
}

impl Phone {
    async fn new() -> Self {
        let (record, env) = (LearningRecord::new(MemoryStore::default()), FixedEnvironment::default());
        let identity = record.identity(&env).await.unwrap();
        Self { record, env, identity }
    }

    async fn learn(&self) -> StoredFact {
        self.record.append(&self.env, &self.identity, finished(), None, None).await.unwrap()
    }

    async fn enrol(&self, name: &str) {
        self.record.enrol(&self.env, &self.identity, 1, name.into(), "4827".into()).await.unwrap();
    }

    async fn give_to(&mut self, to: Option<LearnerId>, secret: &str) -> Handed {
        let handed =
            self.record.hand_over(&QuickHash(true), &self.env, &self.identity, to, secret).await.unwrap();
        if let Handed::To(identity) = &handed {
            self.identity = identity.clone();
        }
        handed
    }

    async fn names(&self) -> Vec<Option<String>> {
        self.record.people().await.unwrap().into_iter().map(|person| person.name).collect()
    }
}

#[test]
fn a_phone_has_the_people_who_did_something_on_it() {
    block_on(async {
        let mut phone = Phone::new().await;
        assert_eq!(phone.names().await, [], "whoever only looked is nobody");
        phone.learn().await;
        let first = phone.identity.learner;
        phone.give_to(None, "").await;
        assert_ne!(phone.identity.learner, first);
        assert_eq!(phone.names().await, [None]);
        phone.enrol("Lan").await;
        assert_eq!(phone.names().await, [None, Some("Lan".into())]);
        phone.give_to(Some(first), "").await;
        assert_eq!(phone.record.identity(&phone.env).await.unwrap().learner, first, "the next page knows it");
    });
}

#[test]
fn a_locked_record_is_handed_over_by_its_secret_only() {
    block_on(async {
        let mut phone = Phone::new().await;
        phone.enrol("Lan").await;
        let lan = phone.identity.learner;
        let hash = QuickHash(true);
        assert!(phone.record.set_lock(&hash, &phone.env, lan, LockKind::Pin, "4827").await.unwrap());
        let new = phone.give_to(None, "").await;
        for wrong in ["", "4828"] {
            assert_eq!(phone.give_to(Some(lan), wrong).await, Handed::Wrong);
            let now = phone.record.identity(&phone.env).await.unwrap();
            assert_eq!(Handed::To(now), new, "the phone stays where it was");
        }
        assert!(matches!(phone.give_to(Some(lan), "4827").await, Handed::To(_)));
        assert_eq!(phone.identity.learner, lan);
    });
}

#[test]
fn a_childs_work_leaves_while_her_mother_learns() {
    block_on(async {
        let (mut phone, server) = (Phone::new().await, FakeServer::default());
        phone.enrol("Con").await;
        phone.learn().await;
        let child = phone.identity.learner;
        phone.give_to(None, "").await;
        phone.enrol("Mẹ").await;
        let mother = phone.identity.learner;
        phone.give_to(None, "").await;
        phone.learn().await;
        let guest = phone.identity.learner;
        phone.give_to(Some(mother), "").await;
        assert_eq!(phone.record.others_waiting(mother).await.unwrap(), 4);
        let done = sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await;
        assert_eq!(done, Ok(SyncDone::UpToDate));
        assert_eq!(phone.record.waiting(child).await.unwrap(), []);
        assert_eq!(phone.record.waiting(mother).await.unwrap(), []);
        assert_eq!(phone.record.waiting(guest).await.unwrap().len(), 1, "she has not agreed to anything");
        assert_eq!(server.stored.borrow().len(), 5);
        // A guest who has the phone does not keep the others' work here either.
        phone.give_to(Some(child), "").await;
        phone.learn().await;
        phone.give_to(Some(guest), "").await;
        let done = sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await;
        assert_eq!(done, Ok(SyncDone::NotShared));
        assert_eq!(server.stored.borrow().len(), 6);
        let requests = server.requests.get();
        sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await.unwrap();
        assert_eq!(server.requests.get(), requests, "where nothing waits, nobody is asked about");
    });
}

#[test]
fn what_a_learner_took_back_stays_hers_while_others_send() {
    block_on(async {
        let (mut phone, server) = (Phone::new().await, FakeServer::default());
        phone.enrol("Con").await;
        let child = phone.identity.learner;
        sync(&phone.record, &&server, &phone.env, &phone.identity).await.unwrap();
        let kind = EventKind::ConsentWithdrawn { purpose: ConsentPurpose::LearningRecord };
        phone.record.append(&phone.env, &phone.identity, kind, None, None).await.unwrap();
        phone.learn().await;
        phone.give_to(None, "").await;
        phone.enrol("Mẹ").await;
        sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await.unwrap();
        assert_eq!(
            phone.record.waiting(child).await.unwrap().len(),
            1,
            "the withdrawal went, nothing after it"
        );
    });
}

#[test]
fn one_persons_trouble_does_not_stop_the_others() {
    block_on(async {
        let (mut phone, server) = (Phone::new().await, FakeServer::default());
        phone.enrol("Con").await;
        phone.give_to(None, "").await;
        phone.enrol("Mẹ").await;
        // The mother's registration meets an overloaded server, the child's does not.
        server.mishaps.borrow_mut().push_back(Some(Mishap::Overloaded));
        let done = sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await;
        assert!(matches!(done, Err(SyncError::Refused(_))), "{done:?}");
        assert_eq!(server.stored.borrow().len(), 2);
        // Without a network one try is enough.
        phone.learn().await;
        server.mishaps.borrow_mut().push_back(Some(Mishap::LostBefore));
        let requests = server.requests.get();
        let done = sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await;
        assert_eq!((done, server.requests.get()), (Err(SyncError::Unreachable), requests + 1));
    });
}

/// What people do with one phone.
#[derive(Debug, Clone, Copy)]
enum Step {
    Learn,
    Enrol,
    Somebody(usize),
    New,
    Sync,
    Leave,
    CarryAway,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(
        prop_oneof![
            4 => Just(Step::Learn),
            1 => Just(Step::Enrol),
            2 => (0usize..4).prop_map(Step::Somebody),
            1 => Just(Step::New),
            2 => Just(Step::Sync),
            1 => Just(Step::Leave),
            1 => Just(Step::CarryAway),
        ],
        0..40,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    /// Whatever people do in whatever order, every fact is its learner's alone, in her record, outbox and file, and none
    /// is lost: on the phone, on the server, or in a file somebody has in her hands.
    #[test]
    fn nobody_ever_sees_or_loses_anothers_facts(steps in steps()) {
        block_on(async {
            let (mut phone, server) = (Phone::new().await, FakeServer::default());
            let mut made: BTreeMap<EventId, LearnerId> = BTreeMap::new();
            let mut files: Vec<String> = Vec::new();
            let mut everybody = BTreeSet::from([phone.identity.learner]);
            for step in steps {
                match step {
                    Step::Learn => drop(phone.learn().await),
                    Step::Enrol => phone.enrol("Ai đó").await,
                    Step::Somebody(n) => {
                        let people = phone.record.people().await.unwrap();
                        if let Some(person) = people.get(n % people.len().max(1)) {
                            phone.give_to(Some(person.id), "").await;
                        }
                    }
                    Step::New => drop(phone.give_to(None, "").await),
                    Step::Sync => {
                        sync_everybody(&phone.record, &&server, &phone.env, &phone.identity).await.unwrap();
                    }
                    Step::Leave | Step::CarryAway => {
                        let mut holds = Vec::new();
                        if matches!(step, Step::CarryAway) {
                            let file = phone.record.to_file(&phone.env, &phone.identity).await.unwrap();
                            holds = file.holds;
                            files.push(file.text);
                        }
                        let left = phone.record.leave(&phone.env, &phone.identity, &holds).await.unwrap();
                        if let Left::Gone(identity) = left {
                            let gone = phone.identity.learner;
                            assert_eq!(phone.record.contents(gone).await.unwrap(), Default::default());
                            phone.identity = identity;
                        }
                    }
                }
                everybody.insert(phone.identity.learner);
                for learner in &everybody {
                    let facts = phone.record.contents(*learner).await.unwrap().facts;
                    for fact in &facts {
                        let owner = *made.entry(fact.event.id).or_insert(phone.identity.learner);
                        assert_eq!((fact.event.learner, owner), (*learner, *learner));
                    }
                    let waiting = phone.record.waiting(*learner).await.unwrap();
                    assert!(waiting.iter().all(|event| event.learner == *learner));
                    assert!(waiting.iter().all(|event| facts.iter().any(|fact| fact.event == *event)));
                }
                let mut safe: BTreeSet<EventId> = server.stored.borrow().iter().map(|event| event.id).collect();
                for learner in &everybody {
                    let facts = phone.record.contents(*learner).await.unwrap().facts;
                    safe.extend(facts.iter().map(|fact| fact.event.id));
                }
                for id in made.keys() {
                    let filed = files.iter().any(|text| text.contains(&id.to_string()));
                    assert!(safe.contains(id) || filed, "lost: {id}");
                }
            }
            // Brought back, all of it is here again.
            for text in &files {
                phone.record.bring_back(&phone.identity, text).await.unwrap();
            }
            for (id, learner) in &made {
                let here = phone.record.contents(*learner).await.unwrap().facts;
                let stored = server.stored.borrow().iter().any(|event| event.id == *id && event.learner == *learner);
                assert!(stored || here.iter().any(|fact| fact.event.id == *id));
            }
        });
    }
}
