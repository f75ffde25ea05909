//! What a person has shown in records that were merged: each of her phones is told, and nothing else of the other record.

use std::collections::BTreeMap;

use domain::event::Event;
use domain::ids::LearnerId;
use domain::role::Role;
use domain::sync::{IssuedCertificate, MergedMarks, PROTOCOL_VERSION, SyncRequest, SyncResponse};
use serde_json::{Value, json};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::TestStaff;
use crate::test_app::{Phone, TestApp, TestLearner, answered, facts};

on_both_databases!(
    each_phone_is_told_what_the_other_record_shows,
    a_merge_taken_back_leaves_nothing_on_the_phones,
    a_paper_is_earned_by_the_person_and_is_one,
    nobody_else_is_told,
);

/// Two records of one citizen, each on a phone of its own and with one lamp of two; whoever may merge them.
struct Two {
    app: TestApp,
    admin: TestStaff,
    phones: [Phone; 2],
    learners: [TestLearner; 2],
}

async fn two(db: TestDatabase) -> Two {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let phones = [Phone::new(1), Phone::new(2)];
    let learners = [TestLearner::new(1), TestLearner::new(2)];
    for ((phone, learner), lesson) in phones.iter().zip(&learners).zip(["6.1", "6.2"]) {
        phone.enrol(&app, learner).await;
        phone.deliver(&app, &phone.introduce(&app, learner, "Hồ Thị Lan")).await;
        phone.deliver(&app, &phone.light(&app, learner.id, lesson)).await;
    }
    Two { app, admin, phones, learners }
}

impl Two {
    async fn call(&self, function: &str, body: Value) -> Value {
        let answer = self.app.call(Some(&self.admin), function, body).await;
        assert_eq!(answer.status, 200, "{function}: {}", answer.text);
        if answer.text.is_empty() { Value::Null } else { answer.json() }
    }

    async fn merge(&self, kept: LearnerId, other: LearnerId) {
        self.call("merge-people", json!({"kept": kept, "other": other})).await;
    }

    /// Takes the last decision back.
    async fn part(&self) {
        let page = self.call("list-decisions", json!({"before": null})).await;
        self.call("undo-decision", json!({"decision": page["rows"][0]["id"]})).await;
    }

    /// Asks as a phone that has marks of some version.
    async fn ask(&self, phone: &Phone, learner: LearnerId, known: u32, protocol: u16) -> SyncResponse {
        let request = SyncRequest::<Event> {
            protocol,
            device: phone.device,
            cursor: BTreeMap::from([(learner, 0)]),
            events: vec![],
            signature: None,
            merged: known,
        };
        phone.post(&self.app, "/api/v1/sync", &request).await.json()
    }

    /// Returns what the phone of one of the two is told when it knows nothing yet.
    async fn told(&self, which: usize) -> Option<MergedMarks> {
        self.ask(&self.phones[which], self.learners[which].id, 0, PROTOCOL_VERSION).await.merged
    }
}

fn lamp(lesson: &str) -> Vec<String> {
    ["practised L goi", "answered L a", "answered L b"].map(|mark| mark.replace('L', lesson)).into()
}

async fn each_phone_is_told_what_the_other_record_shows(db: TestDatabase) {
    let two = two(db).await;
    assert_eq!((two.told(0).await, two.told(1).await), (None, None), "two people so far");
    let [one, other] = [two.learners[0].id, two.learners[1].id];
    two.merge(other, one).await;
    let told = two.told(0).await.unwrap();
    assert_eq!(told.marks, lamp("6.2"));
    assert_eq!(two.told(1).await.unwrap().marks, lamp("6.1"));
    // Whoever has it is not sent it again; whoever has something older is.
    let version = told.version;
    let again = two.ask(&two.phones[0], one, version, PROTOCOL_VERSION).await;
    assert_eq!(again.merged, None);
    assert_eq!(two.ask(&two.phones[0], one, version + 1, PROTOCOL_VERSION).await.merged, Some(told));
    // Marks travel; the other record's facts, its name and its paper do not.
    assert!(facts(&again.changes).iter().all(|(event, _)| event.learner == one));
    assert_eq!(again.cursor.keys().collect::<Vec<_>>(), [&one]);
    // What is learned on one phone is told on the other; what is wrong makes no mark.
    let phone = &two.phones[1];
    let later = [answered("6.1", "a", 0), answered("6.1", "b", 1)];
    phone.deliver(&two.app, &later.map(|kind| phone.event(&two.app, other, kind))).await;
    let told = two.ask(&two.phones[0], one, version, PROTOCOL_VERSION).await.merged;
    assert_eq!(
        told.unwrap().marks,
        ["practised 6.2 goi", "answered 6.1 b", "answered 6.2 a", "answered 6.2 b"]
    );
    // A third record joins: everybody is told of the two others.
    let (third, learner) = (Phone::new(3), TestLearner::new(3));
    third.enrol(&two.app, &learner).await;
    third.deliver(&two.app, &third.introduce(&two.app, &learner, "Hồ Thị Lan")).await;
    two.merge(learner.id, other).await;
    let told = two.ask(&third, learner.id, 0, PROTOCOL_VERSION).await.merged;
    assert_eq!(told.unwrap().marks.len(), 6);
}

async fn a_merge_taken_back_leaves_nothing_on_the_phones(db: TestDatabase) {
    let two = two(db).await;
    let [one, other] = [two.learners[0].id, two.learners[1].id];
    two.merge(one, other).await;
    let versions = [two.told(0).await.unwrap().version, two.told(1).await.unwrap().version];
    two.part().await;
    for (which, learner) in [one, other].into_iter().enumerate() {
        let told = two.ask(&two.phones[which], learner, versions[which], PROTOCOL_VERSION).await.merged;
        assert_eq!(told, Some(MergedMarks::default()));
        assert_eq!(two.told(which).await, None, "who knows of nothing is told nothing");
    }
}

async fn a_paper_is_earned_by_the_person_and_is_one(db: TestDatabase) {
    let two = two(db).await;
    let [one, other] = [two.learners[0].id, two.learners[1].id];
    assert_eq!(two.phones[0].ask_certificate(&two.app, one, "k6").await.status, 409);
    two.merge(other, one).await;
    let [first, second]: [IssuedCertificate; 2] = [
        two.phones[0].ask_certificate(&two.app, one, "k6").await.json(),
        two.phones[1].ask_certificate(&two.app, other, "k6").await.json(),
    ];
    assert_eq!(first, second, "one person, one paper");
}

async fn nobody_else_is_told(db: TestDatabase) {
    let two = two(db).await;
    let [one, other] = [two.learners[0].id, two.learners[1].id];
    two.merge(one, other).await;
    let stranger = Phone::new(9);
    stranger.enrol(&two.app, &TestLearner::new(9)).await;
    for learner in [one, other] {
        assert_eq!(two.ask(&stranger, learner, 0, PROTOCOL_VERSION).await.merged, None);
    }
    // A page of protocol 3 would not know what to do with it.
    assert_eq!(two.ask(&two.phones[0], one, 0, 3).await.merged, None);
    // A record taken off a phone is told nothing more there.
    let second = Phone::new(4);
    assert_eq!(second.open(&two.app, &two.learners[0].code, &two.learners[0].pin).await.status, 200);
    let remove = json!({"protocol": PROTOCOL_VERSION, "device": second.device, "learner": one,
        "remove": two.phones[0].device, "pin": two.learners[0].pin});
    assert_eq!(second.post(&two.app, "/api/v1/devices/remove", &remove).await.status, 200);
    let answer = two.ask(&two.phones[0], one, 0, PROTOCOL_VERSION).await;
    assert_eq!((answer.removed, answer.merged), (vec![one], None));
}
