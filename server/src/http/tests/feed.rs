//! What a phone is told: its own learners' changes, all of them, in order.

use domain::event::Event;
use domain::sync::{ChangeKind, Outcome};
use serde_json::Value;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Phone, TestApp, TestLearner, answered, facts, finished};

on_both_databases!(
    two_phones_of_one_learner_see_each_others_facts,
    a_phone_sees_no_learner_that_is_not_on_it,
    a_long_record_comes_in_pages,
    a_certificate_stands_among_the_facts,
);

async fn two_phones_of_one_learner_see_each_others_facts(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (old, new, learner) = (Phone::new(1), Phone::new(2), TestLearner::new(1));
    old.enrol(&app, &learner).await;
    let first = old.event(&app, learner.id, finished("6.1"));
    old.deliver(&app, std::slice::from_ref(&first)).await;
    assert_eq!(new.open(&app, &learner.code, &learner.pin).await.status, 200);

    let second = new.event(&app, learner.id, answered("6.1", "a", 1));
    let told = new.sync(&app, &[(learner.id, 0)], std::slice::from_ref(&second)).await;
    assert_eq!(facts(&told.changes), [(first.clone(), None), (second.clone(), Some(true))]);
    assert_eq!(told.cursor[&learner.id], 2);
    assert!(!told.more);

    let told = old.sync::<Event>(&app, &[(learner.id, 1)], &[]).await;
    assert_eq!(facts(&told.changes), [(second, Some(true))], "only what is new since the cursor");
    let told = old.sync::<Event>(&app, &[(learner.id, 2)], &[]).await;
    assert_eq!((told.changes.len(), told.cursor[&learner.id]), (0, 2));
}

async fn a_phone_sees_no_learner_that_is_not_on_it(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (mine, other) = (Phone::new(1), Phone::new(2));
    let (lan, nam) = (TestLearner::new(1), TestLearner::new(2));
    mine.enrol(&app, &lan).await;
    other.enrol(&app, &nam).await;
    mine.deliver(&app, &[mine.event(&app, lan.id, finished("6.1"))]).await;
    let told = other.sync::<Event>(&app, &[(lan.id, 0), (nam.id, 0)], &[]).await;
    assert_eq!(told.changes, []);
    assert_eq!(told.cursor.keys().collect::<Vec<_>>(), [&nam.id]);
    let nothing_asked = mine.sync::<Event>(&app, &[], &[]).await;
    assert_eq!(nothing_asked.changes, [], "only learners of the cursor are told about");
}

async fn a_long_record_comes_in_pages(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    for _ in 0..4 {
        let batch: Vec<Event> = (0..150).map(|_| phone.event(&app, learner.id, finished("6.1"))).collect();
        assert_eq!(phone.deliver(&app, &batch).await, [Outcome::Accepted; 150]);
    }
    let page = phone.sync::<Value>(&app, &[(learner.id, 0)], &[]).await;
    assert!(page.more);
    assert!(page.changes.len() <= 500);
    let bytes = serde_json::to_string(&page.changes).unwrap().len();
    assert!((100_000..=128 * 1024).contains(&bytes), "{bytes}");
    let all = phone.everything(&app, learner.id).await;
    let seqs: Vec<u64> = facts(&all).into_iter().map(|(event, _)| event.seq).collect();
    assert_eq!(seqs, (1..=600).collect::<Vec<_>>());
}

async fn a_certificate_stands_among_the_facts(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    let mut earned = phone.introduce(&app, &learner, "Hồ Thị Lan");
    earned.extend(["6.1", "6.2"].iter().flat_map(|lesson| phone.light(&app, learner.id, lesson)));
    phone.deliver(&app, &earned).await;
    assert_eq!(phone.ask_certificate(&app, learner.id, "k6").await.status, 200);
    phone.deliver(&app, &[phone.event(&app, learner.id, finished("6.1"))]).await;
    let all = phone.everything(&app, learner.id).await;
    let place = all.iter().position(|change| matches!(change.what, ChangeKind::Certificate(_)));
    assert_eq!((place, all.len()), (Some(earned.len()), earned.len() + 2));
    assert!(all.windows(2).all(|pair| pair[0].seq < pair[1].seq), "numbers rise");
}
