//! What becomes of each event of a batch.

use std::time::Duration;

use domain::event::{EVENT_MAX_BYTES, Event, EventKind};
use domain::ids::LearnerId;
use domain::item::Response;
use domain::sync::Outcome::{Accepted, Duplicate, Quarantined, Rejected};
use domain::sync::{BATCH_MAX_EVENTS, Code, Outcome};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Phone, TestApp, TestLearner, answered, assert_refused, facts, finished, practised};

on_both_databases!(
    each_event_gets_its_own_outcome_and_good_neighbours_are_stored,
    the_same_batch_in_any_order_and_pieces_is_the_same_record,
    what_is_set_aside_stays_so_and_is_kept_once,
    an_id_taken_by_another_fact_is_refused_everywhere,
    another_phones_copy_set_aside_does_not_block_the_phone_itself,
    what_another_phone_recorded_is_brought_by_a_phone_of_hers,
    the_server_grades_by_the_version_seen,
    a_batch_sent_twice_at_the_same_time_is_stored_once,
    too_many_events_are_refused_whole,
    what_arrived_is_stored_although_the_phone_is_gone,
    a_text_with_every_character_is_stored_as_it_is,
);

async fn a_class(db: TestDatabase) -> (TestApp, Phone, TestLearner) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    (app, phone, learner)
}

fn json(event: &Event) -> Value {
    serde_json::to_value(event).unwrap()
}

fn with(event: &Event, field: &str, value: Value) -> Value {
    let mut changed = json(event);
    changed[field] = value;
    changed
}

fn quarantined(code: Code) -> Outcome {
    Quarantined(code)
}

async fn aside_rows(app: &TestApp) -> Vec<(String, String)> {
    app.state.store.aside_for_tests().await
}

async fn each_event_gets_its_own_outcome_and_good_neighbours_are_stored(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let new = |kind| phone.event(&app, learner.id, kind);
    let stranger = LearnerId(Uuid::from_u128(99));
    let (good, first, taken, last) =
        (new(finished("6.1")), new(answered("6.1", "a", 1)), new(finished("6.2")), new(finished("6.2")));
    let other_device = Phone::new(9).event(&app, learner.id, finished("6.1"));
    let long_name = "ạ".repeat(EVENT_MAX_BYTES);
    let batch = vec![
        json(&good),
        json!("not an object"),
        json!({"v": 1}),
        with(&new(finished("6.1")), "v", json!("1")),
        with(&new(finished("6.1")), "v", json!(0)),
        with(&new(finished("6.1")), "mood", json!("good")),
        with(&new(finished("6.1")), "seq", json!(0)),
        with(&new(finished("6.1")), "at_ms", json!(i64::MIN)),
        with(&new(finished("6.1")), "v", json!(2)),
        json!({"id": "0198c0de-0000-7000-8000-000000000001", "v": 7, "anything": []}),
        with(&new(finished("6.1")), "kind", json!({"Danced": {"tune": 3}})),
        with(&new(finished("6.1")), "kind", json!("Slept")),
        with(&new(finished("6.1")), "kind", json!({"LessonFinished": {"lesson": "../x"}})),
        json(&new(EventKind::ProfileCorrected { name: " . ".into() })),
        json(&new(EventKind::ProfileCorrected { name: long_name })),
        json(&other_device),
        json(&phone.event(&app, stranger, finished("6.1"))),
        json(&first),
        json(&first),
        with(&good, "mono_ms", json!(6)),
        json(&taken),
        with(&taken, "mono_ms", json!(7)),
        with(&new(finished("6.1")), "content", json!("00ff")),
        json(&Event { content: Some(app.content("6.2")), ..new(finished("6.1")) }),
        json(&new(answered("6.1", "nothing", 1))),
        json(&new(answered("6.1", "a", 7))),
        json(&new(practised("6.1", &[9]))),
        json(&last),
    ];
    let expected = [
        Accepted,
        quarantined(Code::Malformed),
        quarantined(Code::Malformed),
        quarantined(Code::Malformed),
        quarantined(Code::Malformed),
        quarantined(Code::Malformed),
        quarantined(Code::Malformed),
        Accepted,
        quarantined(Code::FutureVersion),
        quarantined(Code::FutureVersion),
        quarantined(Code::UnknownKind),
        quarantined(Code::UnknownKind),
        quarantined(Code::Malformed),
        quarantined(Code::Malformed),
        Rejected(Code::TooLarge),
        // Recorded by another phone, and brought by one of hers.
        Accepted,
        quarantined(Code::UnknownLearner),
        Accepted,
        Duplicate,
        Rejected(Code::IdConflict),
        Accepted,
        Rejected(Code::IdConflict),
        quarantined(Code::UnknownContent),
        quarantined(Code::UnknownContent),
        quarantined(Code::ResponseDoesNotFit),
        quarantined(Code::ResponseDoesNotFit),
        quarantined(Code::ResponseDoesNotFit),
        Accepted,
    ];
    let answer = phone.sync(&app, &[(learner.id, 0)], &batch).await;
    let outcomes: Vec<Outcome> = answer.outcomes.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, expected);
    for (sent, answered) in batch.iter().zip(&answer.outcomes) {
        let id = sent.get("id").and_then(Value::as_str).map(str::to_owned);
        assert_eq!(answered.id.map(|id| id.to_string()), id, "ids are echoed: {sent}");
    }
    let stored: Vec<Event> = facts(&answer.changes).into_iter().map(|(event, _)| event).collect();
    assert_eq!(stored.len(), 6);
    let known = [&stored[0], &stored[2], &stored[3], &stored[4], &stored[5]];
    assert_eq!(known, [&good, &other_device, &first, &taken, &last]);

    let again = phone.deliver(&app, &batch).await;
    for (now, before) in again.iter().zip(expected) {
        let expected = if before == Accepted { Duplicate } else { before };
        assert_eq!(*now, expected);
    }
}

async fn the_same_batch_in_any_order_and_pieces_is_the_same_record(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let mut batch = phone.light(&app, learner.id, "6.1");
    batch.extend(phone.light(&app, learner.id, "6.2"));
    let (first, second) = batch.split_at(2);
    assert_eq!(phone.deliver(&app, second).await, [Accepted; 4]);
    assert_eq!(phone.deliver(&app, first).await, [Accepted; 2]);
    batch.reverse();
    assert_eq!(phone.deliver(&app, &batch).await, [Duplicate; 6]);
    batch.swap(1, 4);
    assert_eq!(phone.deliver(&app, &batch[1..4]).await, [Duplicate; 3]);
    let mut stored: Vec<Event> =
        facts(&phone.everything(&app, learner.id).await).into_iter().map(|(event, _)| event).collect();
    stored.sort_by_key(|event| event.seq);
    batch.sort_by_key(|event| event.seq);
    assert_eq!(stored, batch);
}

async fn what_is_set_aside_stays_so_and_is_kept_once(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let second = TestLearner::new(2);
    let early = json(&phone.event(&app, second.id, finished("6.1")));
    let odd = json!({"id": 7, "v": 1, "kind": {"Danced": {}}});
    let batch =
        vec![early.clone(), odd.clone(), odd.clone(), json(&phone.event(&app, learner.id, finished("6.1")))];
    let expected =
        [quarantined(Code::UnknownLearner), quarantined(Code::UnknownKind), quarantined(Code::UnknownKind)];
    assert_eq!(phone.deliver(&app, &batch).await[..3], expected);
    let kept = aside_rows(&app).await;
    let bodies = [("unknown-kind", odd.to_string()), ("unknown-learner", early_text(&early))];
    assert_eq!(kept, bodies.map(|(code, body)| (code.to_owned(), body)));

    phone.enrol(&app, &second).await;
    assert_eq!(phone.deliver(&app, &batch).await[..3], expected, "the answer stays what it was");
    assert_eq!(aside_rows(&app).await, kept, "a replay adds no row");
}

/// A readable event is kept in its canonical form.
fn early_text(value: &Value) -> String {
    serde_json::from_value::<Event>(value.clone()).unwrap().canonical_json()
}

async fn an_id_taken_by_another_fact_is_refused_everywhere(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let aside =
        Event { content: Some("00ff".parse().unwrap()), ..phone.event(&app, learner.id, finished("6.1")) };
    let same_id = Event { content: Some(app.content("6.1")), ..aside.clone() };
    let both = [aside.clone(), same_id.clone()];
    let conflict = Rejected(Code::IdConflict);
    assert_eq!(phone.deliver(&app, &both).await, [quarantined(Code::UnknownContent), conflict]);
    assert_eq!(phone.deliver(&app, &[same_id]).await, [conflict], "also against what was set aside before");

    let (other_phone, other) = (Phone::new(2), TestLearner::new(2));
    other_phone.enrol(&app, &other).await;
    let stored = phone.event(&app, learner.id, finished("6.2"));
    assert_eq!(phone.deliver(&app, std::slice::from_ref(&stored)).await, [Accepted]);
    let claimed = Event { id: stored.id, ..other_phone.event(&app, other.id, finished("6.2")) };
    assert_eq!(other_phone.deliver(&app, &[claimed]).await, [conflict], "also across phones and learners");
}

async fn another_phones_copy_set_aside_does_not_block_the_phone_itself(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let (carrier, other) = (Phone::new(2), TestLearner::new(2));
    carrier.enrol(&app, &other).await;
    let event = phone.event(&app, learner.id, finished("6.1"));
    assert_eq!(carrier.deliver(&app, std::slice::from_ref(&event)).await, [quarantined(Code::OtherDevice)]);
    assert_eq!(phone.deliver(&app, &[event]).await, [Accepted]);
}

async fn what_another_phone_recorded_is_brought_by_a_phone_of_hers(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    // The phone that recorded it has never spoken to the server; its owner carried it over in a file.
    let old = Phone::new(9);
    let events = ["6.1", "6.2"].map(|lesson| old.event(&app, learner.id, finished(lesson)));
    assert_eq!(phone.deliver(&app, &events).await, [Accepted, Accepted]);
    assert_eq!(phone.deliver(&app, &events).await, [Duplicate, Duplicate]);
    // It can still come itself, with its own token and nobody else's.
    assert_refused(&old.try_sync(&app, &[], &events).await, 401, "device-unknown", "sign-in");
    assert_eq!(old.open(&app, &learner.code, &learner.pin).await.status, 200);
    assert_eq!(old.deliver(&app, &events).await, [Duplicate, Duplicate]);
    let mut thief = Phone::new(9);
    thief.token = Phone::new(8).token;
    assert_refused(&thief.try_sync(&app, &[], &events).await, 401, "device-unknown", "sign-in");
}

async fn the_server_grades_by_the_version_seen(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let hinted = match practised("6.1", &[1]) {
        EventKind::PracticeFinished { lesson, practice, actions, .. } => {
            EventKind::PracticeFinished { lesson, practice, actions, hints: 1 }
        }
        other => other,
    };
    let cases = [
        (answered("6.1", "a", 1), Some(true)),
        (answered("6.1", "a", 0), Some(false)),
        (practised("6.1", &[1]), Some(true)),
        (practised("6.1", &[0, 0, 1]), Some(true)),
        (practised("6.1", &[0, 0, 0, 1]), Some(false)),
        (practised("6.1", &[0]), Some(false)),
        (hinted, Some(false)),
        (finished("6.1"), None),
        (EventKind::ProfileCorrected { name: "Lan".into() }, None),
    ];
    let events: Vec<Event> =
        cases.iter().map(|(kind, _)| phone.event(&app, learner.id, kind.clone())).collect();
    assert_eq!(phone.deliver(&app, &events).await, [Accepted; 9]);
    let verdicts: Vec<Option<bool>> =
        facts(&phone.everything(&app, learner.id).await).into_iter().map(|(_, right)| right).collect();
    assert_eq!(verdicts, cases.map(|(_, right)| right));
}

async fn a_batch_sent_twice_at_the_same_time_is_stored_once(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let batch = phone.light(&app, learner.id, "6.1");
    let (one, two, three) =
        tokio::join!(phone.deliver(&app, &batch), phone.deliver(&app, &batch), phone.deliver(&app, &batch));
    let accepted = [one, two, three].concat().into_iter().filter(|outcome| *outcome == Accepted).count();
    assert_eq!(accepted, batch.len());
    assert_eq!(phone.everything(&app, learner.id).await.len(), batch.len());
}

async fn too_many_events_are_refused_whole(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let batch: Vec<Event> =
        (0..=BATCH_MAX_EVENTS).map(|_| phone.event(&app, learner.id, finished("6.1"))).collect();
    let answer = phone.try_sync(&app, &[], &batch).await;
    assert_refused(&answer, 400, "too-many-events", "fix-input");
    assert_eq!(phone.everything(&app, learner.id).await, []);
    assert_eq!(phone.deliver(&app, &batch[1..]).await, [Accepted; BATCH_MAX_EVENTS]);
}

async fn what_arrived_is_stored_although_the_phone_is_gone(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let batch = phone.light(&app, learner.id, "6.1");
    let slow = app.state.store.hold_learners_for_tests().await;
    let patience = Duration::from_millis(200);
    assert!(tokio::time::timeout(patience, phone.deliver(&app, &batch)).await.is_err(), "the phone hangs up");
    drop(slow);
    for _ in 0..100 {
        if phone.everything(&app, learner.id).await.len() == batch.len() {
            assert_eq!(phone.deliver(&app, &batch).await, [Duplicate; 3]);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the batch was given up with the connection");
}

async fn a_text_with_every_character_is_stored_as_it_is(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let text = "\0\u{1f}\"\\\u{2028}đ\u{1f468}\u{200d}\u{1f469}";
    let response = Response::Text(text.into());
    let mut event = phone.event(&app, learner.id, answered("6.1", "a", 1));
    if let EventKind::AnswerGiven { response: given, .. } = &mut event.kind {
        *given = response;
    }
    let name = phone.event(&app, learner.id, EventKind::ProfileCorrected { name: format!("Lan{text}") });
    let odd = json!({"v": 1, "kind": {text: {}}});
    let batch = [json(&event), json(&name), odd.clone()];
    let expected = [Code::ResponseDoesNotFit, Code::Malformed, Code::UnknownKind].map(quarantined);
    assert_eq!(phone.deliver(&app, &batch).await, expected);
    let mut bodies: Vec<String> = aside_rows(&app).await.into_iter().map(|(_, body)| body).collect();
    let mut sent = [event.canonical_json(), json(&name).to_string(), odd.to_string()];
    bodies.sort();
    sent.sort();
    assert_eq!(bodies, sent);
}
