use domain::ids::EventId;
use domain::sync::{Code, EventOutcome, Outcome};
use pollster::block_on;
use proptest::prelude::*;

use super::*;
use crate::offline::lock::LockKind;
use crate::offline::memory::MemoryStore;
use crate::offline::testing::{FixedEnvironment, QuickHash, finished};

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

/// A phone whose learner has four facts: one the server has, one it refused, two that wait.
async fn learned() -> Phone {
    let phone = phone(1).await;
    for _ in 0..4 {
        phone.record.append(&phone.env, &phone.identity, finished(), None, None).await.unwrap();
    }
    let waiting = phone.record.waiting(phone.identity.learner).await.unwrap();
    let outcomes = [
        EventOutcome { id: Some(waiting[0].id), outcome: Outcome::Accepted },
        EventOutcome { id: Some(waiting[1].id), outcome: Outcome::Rejected(Code::TooLarge) },
    ];
    phone.record.settle(&waiting, &outcomes, 99).await.unwrap();
    phone.record.set_learner_state(phone.identity.learner, &LearnerState::default()).await.unwrap();
    phone
}

impl Phone {
    async fn file(&self) -> RecordFile {
        self.record.to_file(&self.env, &self.identity).await.unwrap()
    }

    async fn bring(&self, text: &str) -> Result<Brought, FileError> {
        self.record.bring_back(&self.identity, text).await
    }

    async fn rows(&self) -> Vec<(Table, Vec<(String, String)>)> {
        let mut all = Vec::new();
        for table in Table::ALL {
            all.push((table, self.store.scan(table, "").await.unwrap()));
        }
        all
    }
}

#[test]
fn a_record_comes_back_whole_on_another_phone_and_a_second_time_changes_nothing() {
    block_on(async {
        let (first, second) = (learned().await, phone(2).await);
        let learner = first.identity.learner;
        let file = first.file().await;
        assert_eq!(file.holds.len(), 3, "what the server has not");
        let brought = second.bring(&file.text).await.unwrap();
        assert_eq!(brought, Brought { learner, new: 4, locked: false });
        let there = second.record.contents(learner).await.unwrap();
        let here = first.record.contents(learner).await.unwrap();
        assert_eq!(there.facts, here.facts);
        assert_eq!(
            second.record.waiting(learner).await.unwrap(),
            first.record.waiting(learner).await.unwrap()
        );
        let rows = second.rows().await;
        assert_eq!(second.bring(&file.text).await.unwrap().new, 0);
        assert_eq!(second.rows().await, rows);
    });
}

#[test]
fn what_is_here_already_stays_as_it_is() {
    block_on(async {
        let phone = learned().await;
        let learner = phone.identity.learner;
        let file = phone.file().await;
        // Meanwhile everything was sent and more was learned.
        let waiting = phone.record.waiting(learner).await.unwrap();
        let kept = |id: EventId| EventOutcome { id: Some(id), outcome: Outcome::Accepted };
        let outcomes: Vec<_> = waiting.iter().map(|event| kept(event.id)).collect();
        phone.record.settle(&waiting, &outcomes, 100).await.unwrap();
        phone.record.append(&phone.env, &phone.identity, finished(), None, None).await.unwrap();
        let before = phone.rows().await;
        assert_eq!(phone.bring(&file.text).await.unwrap().new, 0);
        assert_eq!(phone.rows().await, before);
    });
}

#[test]
fn the_name_tells_whose_it_is_or_of_which_day() {
    block_on(async {
        let phone = learned().await;
        assert_eq!(phone.file().await.name, "hoc-bdhvs-2026-05-29.json");
        phone.record.enrol(&phone.env, &phone.identity, 1, "Lan".into(), "4827".into()).await.unwrap();
        let file = phone.file().await;
        let digits: String = file.name.chars().filter(char::is_ascii_digit).collect();
        assert!(digits.parse::<domain::code::LearnerCode>().is_ok(), "{}", file.name);
        assert!(!file.text.contains("4827"), "the PIN is not in it");
    });
}

#[test]
fn only_the_phone_it_was_saved_on_may_send_at_once() {
    block_on(async {
        let first = learned().await;
        let learner = first.identity.learner;
        let state = LearnerState { registered: true, cursor: 5, ..LearnerState::default() };
        first.record.set_learner_state(learner, &state).await.unwrap();
        let file = first.file().await;
        let gone = first.record.leave(&first.env, &first.identity, &file.holds).await.unwrap();
        assert!(matches!(gone, crate::offline::leave::Left::Gone(_)));
        first.bring(&file.text).await.unwrap();
        assert!(first.record.learner_state(learner).await.unwrap().registered);
        let other = phone(2).await;
        other.bring(&file.text).await.unwrap();
        let state = other.record.learner_state(learner).await.unwrap();
        assert_eq!((state.registered, state.elsewhere), (false, true));
        // Her record is there already: agreeing again does not ask for another one.
        let identity = other.record.switch_to(&other.identity, learner).await.unwrap();
        other.record.enrol(&other.env, &identity, 1, "Lan".into(), "4827".into()).await.unwrap();
        assert_eq!(other.record.learner_state(learner).await.unwrap().to_register, None);
    });
}

#[test]
fn a_locked_record_is_filled_but_not_opened() {
    block_on(async {
        let phone = learned().await;
        let file = phone.file().await;
        let learner = phone.identity.learner;
        phone.record.set_lock(&QuickHash(true), &phone.env, learner, LockKind::Pin, "4827").await.unwrap();
        assert!(phone.bring(&file.text).await.unwrap().locked);
    });
}

#[test]
fn damaged_values_travel_and_heal() {
    block_on(async {
        let phone = learned().await;
        let learner = phone.identity.learner;
        let whole = phone.file().await;
        let key = fact_key(&phone.record.contents(learner).await.unwrap().facts[3].event);
        phone.store.write(vec![Write::Put(Table::Facts, key.clone(), "{".into())]).await.unwrap();
        let file = phone.file().await;
        assert!(file.holds.contains(&key), "also while nobody has read it yet");
        phone.record.contents(learner).await.unwrap();
        let other = super::tests::phone(2).await;
        other.bring(&file.text).await.unwrap();
        assert_eq!(other.record.damaged(learner).await.unwrap(), [(format!("facts/{key}"), "{".to_owned())]);
        // An older file still has the fact itself.
        for phone in [&phone, &other] {
            assert_eq!(phone.bring(&whole.text).await.unwrap().new, 1);
            assert_eq!(phone.record.damaged(learner).await.unwrap(), []);
            assert_eq!(phone.record.waiting(learner).await.unwrap().len(), 2);
            phone.bring(&file.text).await.unwrap();
            assert_eq!(phone.record.damaged(learner).await.unwrap(), [], "it does not come back");
        }
    });
}

#[test]
fn other_files_newer_files_and_anothers_facts_are_refused() {
    block_on(async {
        let (phone, other) = (learned().await, phone(2).await);
        let text = phone.file().await.text;
        let before = other.rows().await;
        for (text, expected) in [
            (String::new(), FileError::Unknown),
            ("xin chào".into(), FileError::Unknown),
            ("{\"a\":1}".into(), FileError::Unknown),
            (text.replace(FORMAT, "other"), FileError::Unknown),
            (text.replace("\"version\":1", "\"version\":2"), FileError::TooNew),
            (text.replace("6.3", "6.4"), FileError::Damaged),
        ] {
            assert_eq!(other.bring(&text).await, Err(expected), "{text:.60}");
        }
        let forgeries: [fn(&mut Carried, LearnerId); 4] = [
            |carried, other| carried.learner = other,
            |carried, other| carried.rows[0].1 = format!("{other}/x"),
            |carried, other| {
                carried.rows[0].2 =
                    carried.rows[0].2.replace(&carried.learner.to_string(), &other.to_string())
            },
            |carried, _| carried.rows[0].0 = "meta".into(),
        ];
        for forge in forgeries {
            let mut forged = read(&text).unwrap();
            forge(&mut forged, other.identity.learner);
            let record = json(&forged);
            let check = format!("{:08x}", crc32(record.as_bytes()));
            let forged = json(&Envelope { format: FORMAT.into(), version: 1, check, record });
            assert_eq!(other.bring(&forged).await, Err(FileError::Damaged));
        }
        assert_eq!(other.rows().await, before, "nothing was changed");
    });
}

/// A file of form 1 must be read for ever. Never edit it; add one.
#[test]
fn a_file_saved_long_ago_still_comes_back() {
    block_on(async {
        let phone = phone(2).await;
        let brought = phone.bring(include_str!("frozen-1.json")).await.unwrap();
        assert_eq!((brought.new, phone.record.waiting(brought.learner).await.unwrap().len()), (4, 2));
    });
}

#[test]
fn the_check_is_the_well_known_one() {
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
}

/// Every storage operation fails once: either all of it is here, or nothing.
#[test]
fn no_failing_storage_operation_brings_half_a_record() {
    block_on(async {
        let text = learned().await.file().await.text;
        for n in 0.. {
            let other = phone(2).await;
            let before = other.rows().await;
            other.store.fail_at(n);
            let brought = other.bring(&text).await;
            other.store.fail_at(u32::MAX);
            match brought {
                Ok(brought) => {
                    assert_eq!(brought.new, 4);
                    assert_eq!(n, 11, "every operation has failed");
                    break;
                }
                // The last one only looks whether there is a lock.
                Err(_) => {
                    let here = other.record.contents(read(&text).unwrap().learner).await.unwrap().facts.len();
                    assert!(here == 4 || other.rows().await == before, "{n}");
                    assert_eq!(other.bring(&text).await.unwrap().new, 4 - here);
                }
            }
        }
    });
}

proptest! {
    /// One byte is another than it was, or the end is missing: it is noticed, or nothing has changed in what it says.
    #[test]
    fn damage_is_noticed(at in any::<prop::sample::Index>(), byte in 32u8..127, cut: bool) {
        block_on(async {
            let phone = learned().await;
            let text = phone.file().await.text;
            let at = at.index(text.len());
            let mut bytes = text.clone().into_bytes();
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let spoilt = String::from_utf8(bytes).unwrap();
            if let Ok(carried) = read(&spoilt) {
                assert_eq!(json(&carried), json(&read(&text).unwrap()));
            }
        });
    }
}
