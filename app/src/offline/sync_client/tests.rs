use domain::progress::Mark;
use domain::sync::MergedMarks;
use pollster::block_on;
use uuid::Uuid;

use super::*;
use crate::offline::memory::MemoryStore;
use crate::offline::record::Receipt;
use crate::offline::testing::{FakeServer, FixedEnvironment, Mishap, finished};
use crate::phone::Learner;

struct Phone {
    record: LearningRecord<MemoryStore>,
    store: MemoryStore,
    env: FixedEnvironment,
    identity: Identity,
}

async fn phone(seed: u64) -> Phone {
    let (store, env) = (MemoryStore::default(), FixedEnvironment::seeded(seed));
    let record = LearningRecord::new(store.clone());
    let identity = record.identity(&env).await.unwrap();
    Phone { record, store, env, identity }
}

impl Phone {
    async fn append(&self, kind: EventKind) {
        let content = kind.lesson().map(|_| "00".parse().unwrap());
        self.record.append(&self.env, &self.identity, kind, content, None).await.unwrap();
    }

    async fn enrol(&self, code: u64) {
        let code = LearnerCode::from_random(code);
        let purpose = ConsentPurpose::LearningRecord;
        self.append(EventKind::ConsentGiven { purpose, text_version: 1, manner: None }).await;
        self.append(EventKind::LearnerEnrolled { code: code.clone(), name: "Lan".into() }).await;
        let state = LearnerState {
            to_register: Some(ToRegister { code, pin: "4827".into() }),
            ..self.record.learner_state(self.identity.learner).await.unwrap()
        };
        self.record.set_learner_state(self.identity.learner, &state).await.unwrap();
    }

    async fn sync(&self, server: &FakeServer) -> Result<SyncDone, SyncError> {
        sync(&self.record, &server, &self.env, &self.identity).await
    }

    async fn waiting(&self) -> usize {
        self.record.waiting(self.identity.learner).await.unwrap().len()
    }
}

#[test]
fn nothing_leaves_the_phone_without_consent() {
    block_on(async {
        let (phone, server) = (phone(1).await, FakeServer::default());
        phone.append(finished()).await;
        assert_eq!(phone.sync(&server).await, Ok(SyncDone::NotShared));
        assert_eq!(server.requests.get(), 0);
        assert_eq!(phone.waiting().await, 1);
    });
}

#[test]
fn everything_is_sent_once_and_has_a_receipt() {
    block_on(async {
        let (phone, server) = (phone(1).await, FakeServer::default());
        for _ in 0..300 {
            phone.append(finished()).await;
        }
        phone.enrol(5).await;
        assert_eq!(phone.sync(&server).await, Ok(SyncDone::UpToDate));
        assert_eq!(phone.waiting().await, 0);
        assert_eq!(server.stored.borrow().len(), 302);
        let contents = phone.record.contents(phone.identity.learner).await.unwrap();
        assert!(contents.facts.iter().all(|fact| fact.receipt == Receipt::Kept(99)));
        assert_eq!(contents.state.to_register, None, "the PIN is forgotten");
    });
}

#[test]
fn a_taken_code_is_exchanged_and_told() {
    block_on(async {
        let (phone, server) = (phone(1).await, FakeServer::default());
        let taken = LearnerCode::from_random(5);
        server.learners.borrow_mut().insert(taken.as_str().into(), LearnerId(Uuid::from_u128(1)));
        phone.enrol(5).await;
        assert_eq!(phone.sync(&server).await, Ok(SyncDone::UpToDate));
        let contents = phone.record.contents(phone.identity.learner).await.unwrap();
        let profile = Profile::from_events(contents.facts.iter().map(|fact| &fact.event));
        assert_ne!(profile.code(), Some(&taken));
        assert_eq!(profile.name(), Some("Lan"));
        let code = profile.code().unwrap().as_str().to_owned();
        assert_eq!(server.learners.borrow().get(&code), Some(&phone.identity.learner));
    });
}

#[test]
fn after_a_withdrawal_only_the_withdrawal_is_sent() {
    block_on(async {
        let (phone, server) = (phone(1).await, FakeServer::default());
        phone.enrol(5).await;
        phone.sync(&server).await.unwrap();
        let purpose = ConsentPurpose::LearningRecord;
        phone.append(EventKind::ConsentWithdrawn { purpose }).await;
        phone.append(finished()).await;
        phone.sync(&server).await.unwrap();
        assert_eq!(phone.waiting().await, 1, "what is learned after it stays here");
        assert_eq!(server.stored.borrow().len(), 3);
        let requests = server.requests.get();
        assert_eq!(phone.sync(&server).await, Ok(SyncDone::NotShared));
        assert_eq!(server.requests.get(), requests);
    });
}

#[test]
fn what_another_phone_recorded_is_not_taken_for_earlier_than_the_withdrawal() {
    block_on(async {
        let (phone, server) = (phone(1).await, FakeServer::default());
        phone.enrol(5).await;
        phone.sync(&server).await.unwrap();
        phone.append(EventKind::ConsentWithdrawn { purpose: ConsentPurpose::LearningRecord }).await;
        // Brought in a file: low numbers of another phone's count, whenever it was.
        let other = super::tests::phone(2).await;
        let here = Identity { learner: phone.identity.learner, ..other.identity.clone() };
        other.record.append(&other.env, &here, finished(), Some("00".parse().unwrap()), None).await.unwrap();
        let file = other.record.to_file(&other.env, &here).await.unwrap();
        phone.record.bring_back(&phone.identity, &file.text).await.unwrap();
        phone.sync(&server).await.unwrap();
        assert_eq!(phone.waiting().await, 1, "only the withdrawal went");
    });
}

/// Every request in turn meets every mishap: in the end everything is stored once, and until then nothing is forgotten.
#[test]
fn no_lost_request_loses_or_doubles_a_fact() {
    block_on(async {
        for mishap in [Mishap::LostBefore, Mishap::LostAfter, Mishap::Overloaded] {
            for n in 0..4 {
                let (phone, server) = (phone(1).await, FakeServer::default());
                phone.enrol(5).await;
                for _ in 0..100 {
                    phone.append(finished()).await;
                }
                let mut mishaps = vec![None; n];
                mishaps.push(Some(mishap));
                server.mishaps.borrow_mut().extend(mishaps);
                let first = phone.sync(&server).await;
                let acknowledged = 102 - phone.waiting().await;
                assert!(server.stored.borrow().len() >= acknowledged, "a receipt means stored");
                if first.is_err() {
                    assert_eq!(phone.sync(&server).await, Ok(SyncDone::UpToDate), "{mishap:?} {n}");
                }
                assert_eq!(phone.waiting().await, 0);
                assert_eq!(server.stored.borrow().len(), 102, "{mishap:?} {n}");
            }
        }
    });
}

/// Every storage operation of a sync fails once: afterwards the next sync ends well and nothing is lost or doubled.
#[test]
fn no_failing_storage_operation_loses_or_doubles_a_fact() {
    block_on(async {
        let mut n = 0;
        loop {
            let (phone, server) = (phone(1).await, FakeServer::default());
            phone.enrol(5).await;
            for _ in 0..6 {
                phone.append(finished()).await;
            }
            phone.store.fail_at(n);
            let first = phone.sync(&server).await;
            if first.is_ok() {
                assert!(n > 10, "the loop has failed every operation of a whole sync");
                break;
            }
            assert!(matches!(first, Err(SyncError::Store(_))), "{n}: {first:?}");
            assert_eq!(phone.sync(&server).await, Ok(SyncDone::UpToDate), "{n}");
            assert_eq!(phone.waiting().await, 0);
            assert_eq!(server.stored.borrow().len(), 8, "{n}");
            n += 1;
        }
    });
}

#[test]
fn two_phones_of_one_learner_come_to_the_same_record() {
    block_on(async {
        let server = FakeServer::default();
        let first = phone(1).await;
        first.enrol(5).await;
        first.sync(&server).await.unwrap();
        let mut second = phone(2).await;
        second.identity = second.record.switch_to(&second.identity, first.identity.learner).await.unwrap();
        let state = LearnerState { registered: true, ..LearnerState::default() };
        second.record.set_learner_state(second.identity.learner, &state).await.unwrap();
        let record = second.record.clone();
        fetch_history(&record, &&server, &second.env, &second.identity, second.identity.learner)
            .await
            .unwrap();
        for _ in 0..5 {
            first.append(finished()).await;
            second.append(finished()).await;
        }
        first.sync(&server).await.unwrap();
        second.sync(&server).await.unwrap();
        first.sync(&server).await.unwrap();
        let of = |phone: &Phone| phone.record.clone();
        let learner = first.identity.learner;
        let one = of(&first).contents(learner).await.unwrap().facts;
        let other = of(&second).contents(learner).await.unwrap().facts;
        assert_eq!(one.len(), 12);
        assert_eq!(one, other);
    });
}

#[test]
fn what_was_shown_in_a_merged_record_counts_until_the_merge_is_taken_back() {
    block_on(async {
        let (phone, server) = (phone(1).await, FakeServer::default());
        phone.enrol(5).await;
        let learner = phone.identity.learner;
        let marks_of = async |phone: &Phone| -> Vec<String> {
            let contents = phone.record.contents(learner).await.unwrap();
            Learner::from_contents(learner, contents).progress.marks().map(Mark::to_string).collect()
        };
        let said = |version, mark: &str| {
            // One of a kind that only a newer page knows stands beside it.
            let marks = vec![mark.to_owned(), "supervised 6.1 otp".to_owned()];
            MergedMarks { version, marks }
        };
        phone.append(finished()).await;
        phone.sync(&server).await.unwrap();
        assert_eq!(marks_of(&phone).await, ["learned 6.3"]);
        let asked = server.requests.get();

        server.merged.replace(said(7, "answered 6.1 otp"));
        // The answer is lost on its way: nothing is half known, and it comes again.
        server.mishaps.borrow_mut().push_back(Some(Mishap::LostAfter));
        phone.sync(&server).await.unwrap_err();
        assert_eq!(marks_of(&phone).await, ["learned 6.3"]);
        phone.sync(&server).await.unwrap();
        assert_eq!(marks_of(&phone).await, ["learned 6.3", "answered 6.1 otp"]);
        assert_eq!(server.requests.get(), asked + 2, "what is known is not asked for again and again");
        server.merged.replace(said(8, "used 6.2"));
        phone.sync(&server).await.unwrap();
        assert_eq!(marks_of(&phone).await, ["learned 6.3", "used 6.2"], "the newest word counts");

        server.merged.take();
        phone.sync(&server).await.unwrap();
        assert_eq!(marks_of(&phone).await, ["learned 6.3"]);
        assert_eq!(phone.record.learner_state(learner).await.unwrap().merged, MergedMarks::default());
        let facts = phone.record.contents(learner).await.unwrap().facts;
        assert!(facts.iter().all(|fact| fact.event.learner == learner));
    });
}
