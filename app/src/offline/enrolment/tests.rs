use domain::consent::Relation;
use domain::person::Group;
use uuid::Uuid;

use super::*;
use crate::offline::memory::MemoryStore;
use crate::offline::sealed::{Sealed, tests::TestKey};
use crate::offline::sync_client::{SyncDone, sync_everybody};
use crate::offline::testing::{FakeServer, FixedEnvironment, Mishap, finished};

type Roll = LearningRecord<Sealed<MemoryStore, TestKey>>;

fn roll(inner: &MemoryStore) -> Roll {
    LearningRecord::new(Sealed::new(inner.clone(), TestKey::new(7)))
}

fn mai() -> StaffId {
    StaffId(Uuid::from_u128(5))
}

fn lan() -> Enrolment {
    Enrolment {
        details: Details {
            name: "Hồ Thị Lan".into(),
            birth_year: Some(2014),
            place: Some("18859@20250701".parse().unwrap()),
            group: Some(Group::Student),
            ..Details::default()
        },
        pin: "582914".into(),
        purposes: vec![ConsentPurpose::LearningRecord],
        text_version: 1,
        guardian: Some(Guardian { name: "Hồ Văn Bình".into(), relation: Relation::Parent }),
    }
}

#[test]
fn enrolling_is_whole_or_not_at_all() {
    pollster::block_on(async {
        for step in 0..12 {
            let inner = MemoryStore::default();
            let (env, record) = (FixedEnvironment::default(), roll(&inner));
            let identity = record.identity(&env).await.unwrap();
            inner.fail_at(step);
            let enrolled = record.enrol_person(&env, &identity, mai(), lan()).await;
            inner.fail_at(u32::MAX);
            let pending = record.pending().await.unwrap();
            assert_eq!(enrolled.is_ok(), pending.len() == 1, "step {step}");
            let Some(pending) = pending.first() else { continue };
            assert_eq!((pending.waiting, &pending.details), (3, &lan().details));
            assert_eq!(pending.pin.as_deref(), Some("582914"));
            assert!(pending.facts.iter().all(|fact| fact.event.actor == Some(mai())));
            for table in [Table::Facts, Table::Learners, Table::Outbox] {
                for (_, value) in inner.scan(table, "").await.unwrap() {
                    assert!(!value.contains("Lan") && !value.contains("582914"), "{value}");
                }
            }
        }
    });
}

#[test]
fn what_was_sent_is_taken_off_and_nothing_else() {
    pollster::block_on(async {
        let (env, server) = (FixedEnvironment::default(), FakeServer::default());
        let record = roll(&MemoryStore::default());
        let identity = record.identity(&env).await.unwrap();
        let first = record.enrol_person(&env, &identity, mai(), lan()).await.unwrap();
        assert_eq!(record.forget_sent().await.unwrap(), 0, "nothing was sent yet");
        // The server is reached, acts, and its answer is lost: everything stays.
        server.mishaps.borrow_mut().extend([None, Some(Mishap::LostAfter)]);
        assert!(sync_everybody(&record, &&server, &env, &identity).await.is_err());
        assert_eq!(record.forget_sent().await.unwrap(), 0);
        let second = record.enrol_person(&env, &identity, mai(), lan()).await.unwrap();
        assert_eq!(sync_everybody(&record, &&server, &env, &identity).await, Ok(SyncDone::NotShared));
        assert_eq!(record.forget_sent().await.unwrap(), 2);
        assert_eq!(record.pending().await.unwrap(), vec![]);
        let stored = server.stored.borrow();
        assert_eq!(stored.len(), 6, "each fact once");
        assert!([first, second].iter().all(|who| stored.iter().any(|event| event.learner == *who)));
        let mut counts: Vec<u64> = stored.iter().map(|event| event.seq).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 2, 3, 4, 5, 6], "counted on this phone, whoever it is about");
    });
}

#[test]
fn one_enrolled_here_learns_here_before_any_network_and_is_one_record() {
    pollster::block_on(async {
        for list_first in [true, false] {
            let (env, server) = (FixedEnvironment::default(), FakeServer::default());
            let (list, own) = (roll(&MemoryStore::default()), LearningRecord::new(MemoryStore::default()));
            let mine = list.identity(&env).await.unwrap();
            let before = own.identity(&env).await.unwrap();
            let lan = list.enrol_person(&env, &mine, mai(), lan()).await.unwrap();
            let pending = list.pending().await.unwrap().remove(0);
            let hers = own.receive(&before, &pending).await.unwrap().unwrap();
            assert_eq!(hers.learner, lan);
            assert_eq!(own.identity(&env).await.unwrap(), hers, "the phone is in her hands");
            let there = own.contents(lan).await.unwrap();
            let profile = Profile::from_events(there.facts.iter().map(|fact| &fact.event));
            assert_eq!(profile.name(), Some("Hồ Thị Lan"));
            assert!(profile.agrees_to(ConsentPurpose::LearningRecord));
            own.append(&env, &hers, finished(), Some("00ff".parse().unwrap()), None).await.unwrap();
            // Once she is here nobody gets in but by her own lock.
            assert_eq!(own.receive(&before, &pending).await, Ok(None));
            assert_eq!(own.contents(lan).await.unwrap().facts.len(), there.facts.len() + 1);
            for turn in [list_first, !list_first] {
                if turn {
                    sync_everybody(&list, &&server, &env, &mine).await.unwrap();
                } else {
                    assert_eq!(sync_everybody(&own, &&server, &env, &hers).await, Ok(SyncDone::UpToDate));
                }
            }
            assert_eq!(list.forget_sent().await.unwrap(), 1);
            let stored = server.stored.borrow();
            assert_eq!(stored.len(), 4, "three facts of the enrolment and what she learned");
            assert!(stored.iter().all(|event| event.learner == lan));
            assert_eq!(server.learners.borrow().len(), 1);
        }
    });
}
