//! Phones: their keys, what is signed, and taking a record off a lost one.

use domain::ids::DeviceId;
use domain::sync::{Code, DeviceList, ListDevices, Outcome, PROTOCOL_VERSION, RegisterKey, RemoveDevice};
use serde_json::json;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Answer, Phone, TestApp, TestLearner, assert_refused, facts, finished};

on_both_databases!(
    a_phone_with_a_key_signs_everything,
    only_a_known_phone_registers_a_key_and_only_a_real_one,
    a_phone_that_lost_its_key_brings_a_new_one,
    the_phones_of_a_record_are_listed_for_its_phones_only,
    a_lost_phone_is_taken_off_and_nothing_it_sends_vanishes,
    taking_off_asks_for_the_pin_and_counts_tries,
    a_phone_taken_off_comes_back_with_code_and_pin,
);

async fn a_phone_with_a_key_signs_everything(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    let first = phone.event(&app, learner.id, finished("6.1"));
    assert_eq!(phone.deliver(&app, &[&first]).await, [Outcome::Accepted], "before it has a key");

    phone.register_key(&app).await;
    let events = [finished("6.1"), finished("6.2")].map(|kind| phone.event(&app, learner.id, kind));
    let unsigned = phone.try_sync_signed(&app, &[], &events, None).await;
    assert_refused(&unsigned, 403, "signature-wrong", "retry");
    for wrong in ["", "AAAA", &"A".repeat(86)] {
        let answer = phone.try_sync_signed(&app, &[], &events, Some(wrong.to_owned())).await;
        assert_refused(&answer, 403, "signature-wrong", "retry");
    }
    assert_eq!(facts(&phone.everything(&app, learner.id).await).len(), 1, "nothing of it was stored");
    assert_eq!(phone.deliver(&app, &events).await, [Outcome::Accepted; 2]);
    assert_eq!(phone.deliver(&app, &events).await, [Outcome::Duplicate; 2]);
    assert_eq!(
        phone.sync::<u8>(&app, &[(learner.id, 0)], &[]).await.changes.len(),
        3,
        "asking needs no signature"
    );
    // Odd ones are signed as they are sent, too.
    let odd = json!({ "v": 9, "id": "018f0000-0000-7000-8000-000000000001", "later": true });
    assert_eq!(phone.deliver(&app, &[odd]).await, [Outcome::Quarantined(Code::FutureVersion)]);
}

async fn only_a_known_phone_registers_a_key_and_only_a_real_one(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    let key = |phone: &Phone, key: &str| RegisterKey {
        protocol: PROTOCOL_VERSION,
        device: phone.device,
        key: key.to_owned(),
    };
    let answer = phone.post(&app, "/api/v1/devices/key", &key(&phone, "AAAA")).await;
    assert_refused(&answer, 401, "device-unknown", "sign-in");
    phone.enrol(&app, &learner).await;
    for bad in ["", "AAAA", "???", &"B".repeat(87)] {
        let answer = phone.post(&app, "/api/v1/devices/key", &key(&phone, bad)).await;
        assert_refused(&answer, 422, "key-refused", "fix-input");
    }
    let answer = Phone::new(9).post(&app, "/api/v1/devices/key", &key(&phone, "AAAA")).await;
    assert_refused(&answer, 401, "device-unknown", "sign-in");
}

async fn a_phone_that_lost_its_key_brings_a_new_one(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    // The same phone with another key: what a browser has after its storage was partly cleared.
    let other = BROWSER_KEY.trim();
    let request = RegisterKey { protocol: PROTOCOL_VERSION, device: phone.device, key: other.to_owned() };
    assert_eq!(phone.post(&app, "/api/v1/devices/key", &request).await.status, 204);
    phone.register_key(&app).await;
    let event = phone.event(&app, learner.id, finished("6.1"));
    assert_eq!(phone.deliver(&app, &[&event]).await, [Outcome::Accepted]);
}

const BROWSER_KEY: &str = include_str!("../../phone_key/browser-key.txt");

async fn list(app: &TestApp, phone: &Phone, learner: &TestLearner) -> Answer {
    let request = ListDevices { protocol: PROTOCOL_VERSION, device: phone.device, learner: learner.id };
    phone.post(app, "/api/v1/devices", &request).await
}

async fn remove(app: &TestApp, phone: &Phone, learner: &TestLearner, remove: DeviceId, pin: &str) -> Answer {
    let request = RemoveDevice {
        protocol: PROTOCOL_VERSION,
        device: phone.device,
        learner: learner.id,
        remove,
        pin: pin.to_owned(),
    };
    phone.post(app, "/api/v1/devices/remove", &request).await
}

async fn the_phones_of_a_record_are_listed_for_its_phones_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (first, second, stranger) = (Phone::new(1), Phone::new(2), Phone::new(3));
    let (learner, neighbour) = (TestLearner::new(1), TestLearner::new(2));
    first.enrol(&app, &learner).await;
    second.open(&app, &learner.code, &learner.pin).await;
    stranger.enrol(&app, &neighbour).await;
    let listed: DeviceList = list(&app, &second, &learner).await.json();
    let mut devices: Vec<DeviceId> = listed.devices.iter().map(|one| one.device).collect();
    devices.sort();
    assert_eq!(devices, [first.device, second.device]);
    assert_refused(&list(&app, &stranger, &learner).await, 403, "not-yours", "sign-in");
    let answer = remove(&app, &stranger, &learner, first.device, &learner.pin).await;
    assert_refused(&answer, 403, "not-yours", "sign-in");
}

async fn a_lost_phone_is_taken_off_and_nothing_it_sends_vanishes(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (lost, new) = (Phone::new(1), Phone::new(2));
    let (learner, child) = (TestLearner::new(1), TestLearner::new(2));
    lost.enrol(&app, &learner).await;
    lost.enrol(&app, &child).await;
    let before = lost.event(&app, learner.id, finished("6.1"));
    lost.deliver(&app, &[&before]).await;
    new.open(&app, &learner.code, &learner.pin).await;
    let left: DeviceList = remove(&app, &new, &learner, lost.device, &learner.pin).await.json();
    assert_eq!(left.devices.iter().map(|one| one.device).collect::<Vec<_>>(), [new.device]);

    let late =
        [lost.event(&app, learner.id, finished("6.2")), lost.event(&app, child.id, finished("6.2")), before];
    let cursor = [(learner.id, 0), (child.id, 0)];
    let answer = lost.sync(&app, &cursor, &late).await;
    let outcomes: Vec<Outcome> = answer.outcomes.iter().map(|one| one.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Quarantined(Code::DeviceRemoved),
            Outcome::Accepted,
            Outcome::Quarantined(Code::DeviceRemoved)
        ]
    );
    assert_eq!(answer.removed, [learner.id], "it is told");
    assert_eq!(facts(&answer.changes).len(), 1, "and gets only the child's");
    assert!(!answer.cursor.contains_key(&learner.id));
    assert_eq!(app.state.store.aside_for_tests().await.len(), 2);
    assert_eq!(facts(&new.everything(&app, learner.id).await).len(), 1);
    assert_refused(&lost.ask_certificate(&app, learner.id, "k6").await, 403, "not-yours", "sign-in");
    assert_refused(&list(&app, &lost, &learner).await, 403, "not-yours", "sign-in");
    let again = remove(&app, &new, &learner, lost.device, &learner.pin).await;
    assert_refused(&again, 404, "device-not-linked", "fix-input");
}

async fn taking_off_asks_for_the_pin_and_counts_tries(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, other, learner) = (Phone::new(1), Phone::new(2), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    other.open(&app, &learner.code, &learner.pin).await;
    for _ in 0..5 {
        let answer = remove(&app, &phone, &learner, other.device, "9753").await;
        assert_refused(&answer, 403, "wrong-code-or-pin", "fix-input");
    }
    let answer = remove(&app, &phone, &learner, other.device, &learner.pin).await;
    assert_refused(&answer, 429, "too-many-tries", "retry");
    assert_eq!(list(&app, &phone, &learner).await.json::<DeviceList>().devices.len(), 2);
}

async fn a_phone_taken_off_comes_back_with_code_and_pin(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (found, new, learner) = (Phone::new(1), Phone::new(2), TestLearner::new(1));
    found.enrol(&app, &learner).await;
    new.open(&app, &learner.code, &learner.pin).await;
    remove(&app, &new, &learner, found.device, &learner.pin).await;
    assert_refused(&found.create(&app, &learner).await, 403, "not-yours", "sign-in");
    assert_eq!(found.open(&app, &learner.code, &learner.pin).await.status, 200);
    let event = found.event(&app, learner.id, finished("6.1"));
    assert_eq!(found.deliver(&app, &[&event]).await, [Outcome::Accepted]);
    assert_eq!(found.sync::<u8>(&app, &[(learner.id, 0)], &[]).await.removed, []);
}
