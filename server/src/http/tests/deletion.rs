//! Somebody asks for everything about her to be deleted: what is left on the server, and what her phones are told.

use domain::ids::LearnerId;
use domain::request::RequestKind;
use domain::role::Role;
use domain::sync::{Code, Outcome};
use serde_json::{Value, json};
use uuid::Uuid;

use super::requests::{ask, asking, fulfil, register, someone};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, TestStaff};
use crate::test_app::{Phone, TestApp, TestLearner, assert_refused, facts, finished};

on_both_databases!(
    nothing_of_her_is_left_and_her_phones_are_told,
    merged_records_go_together_and_neighbours_stay,
    only_a_request_to_delete_deletes,
    a_restored_backup_is_brought_to_the_same_state,
);

/// Asks on a phone and does it at the desk.
async fn delete(app: &TestApp, admin: &TestStaff, phone: &Phone, learner: LearnerId) {
    assert_eq!(ask(app, phone, learner, asking(1, RequestKind::Delete)).await.status, 200);
    let answer = fulfil(app, admin, &json!(Uuid::from_u128(1)), "delete").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

async fn nothing_of_her_is_left_and_her_phones_are_told(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let (phone, second, other) = (Phone::new(1), Phone::new(2), Phone::new(3));
    let learner = someone(&app, &admin, &phone, "Hồ Thị Tuyệt Mật").await;
    let child = someone(&app, &admin, &phone, "Hồ Văn Con").await;
    assert_eq!(second.open(&app, &learner.code, &learner.pin).await.status, 200);
    let mut events = phone.introduce(&app, &learner, "Hồ Thị Tuyệt Mật");
    for lesson in ["6.1", "6.2"] {
        events.extend(phone.light(&app, learner.id, lesson));
    }
    phone.deliver(&app, &events).await;
    assert_eq!(phone.ask_certificate(&app, learner.id, "k6").await.status, 200);
    // Something set aside, too.
    let mut odd = phone.event(&app, learner.id, finished("6.1"));
    odd.content = Some("00ff".parse().unwrap());
    assert_eq!(phone.deliver(&app, &[&odd]).await, [Outcome::Quarantined(Code::UnknownContent)]);
    let seen = app.state.store.certificates_of(learner.id).await.unwrap();

    delete(&app, &admin, &phone, learner.id).await;
    let left = app.database.store.everything_for_tests().await;
    for word in ["Tuyệt Mật", learner.code.as_str(), "tuyet mat"] {
        assert!(!left.contains(word), "{word} is still there: {left}");
    }
    assert!(left.contains("Hồ Văn Con"), "the child stays");
    assert_eq!(app.state.store.withdrawn_certificates().await.unwrap(), [seen[0].id]);
    let papers = app.send(
        axum::http::Request::get("/api/v1/certificates/withdrawn").body(axum::body::Body::empty()).unwrap(),
    );
    assert!(papers.await.text.contains(&seen[0].id.to_string()), "whoever checks a paper is told");

    // Every phone with the record is told; what comes late is dropped by the phone and stored by nobody.
    let late = [phone.event(&app, learner.id, finished("6.2")), phone.event(&app, child.id, finished("6.2"))];
    let answer = phone.sync(&app, &[(learner.id, 5), (child.id, 0)], &late).await;
    let outcomes: Vec<Outcome> = answer.outcomes.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Quarantined(Code::DeviceRemoved), Outcome::Accepted]);
    assert_eq!(answer.removed, [learner.id]);
    assert!(!answer.cursor.contains_key(&learner.id));
    assert!(facts(&answer.changes).iter().all(|(event, _)| event.learner == child.id));
    let odd = json!({"v": 9, "id": Uuid::from_u128(3), "learner": learner.id, "later": "Tuyệt Mật"});
    assert_eq!(second.deliver(&app, &[odd]).await, [Outcome::Quarantined(Code::DeviceRemoved)]);
    assert_eq!(second.sync::<u8>(&app, &[(learner.id, 1)], &[]).await.removed, [learner.id]);
    let left = app.database.store.everything_for_tests().await;
    assert!(!left.contains(&learner.id.to_string()), "nothing came back: {left}");

    // Nobody opens or makes that record again.
    let answer = other.open(&app, &learner.code, &learner.pin).await;
    assert_refused(&answer, 403, "wrong-code-or-pin", "fix-input");
    let again = TestLearner { code: TestLearner::new(77).code, ..learner.clone() };
    assert_refused(&phone.create(&app, &again).await, 403, "not-yours", "sign-in");
    assert_refused(&ask(&app, &phone, learner.id, None).await, 403, "not-yours", "sign-in");

    // The register and the log say that it was done and by whom, without her name.
    let closed = register(&app, &admin, true).await;
    assert_eq!((&closed[0]["person"], &closed[0]["words"]), (&Value::Null, &json!("")));
    let log = app.call(Some(&admin), "read-audit", json!({"question": {}})).await;
    assert!(log.text.contains("person-deleted") && !log.text.contains("Tuyệt"), "{}", log.text);
    let listed = app.call(Some(&admin), "list-people", json!({"question": {"typed": ""}})).await;
    assert_eq!(listed.json::<Value>()["rows"].as_array().unwrap().len(), 1);
    let answer = fulfil(&app, &admin, &json!(Uuid::from_u128(1)), "delete").await;
    assert_refused(&answer, 409, "already-settled", "fix-input");
}

async fn merged_records_go_together_and_neighbours_stay(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let (phone, second) = (Phone::new(1), Phone::new(2));
    let kept = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    let other = someone(&app, &admin, &second, "Hồ Thị Lan").await;
    let decision = crate::store::NewDecision {
        id: domain::ids::DecisionId(Uuid::from_u128(5)),
        kept: kept.id,
        other: other.id,
        by: admin.id,
    };
    let scope = domain::scope::Scope::All;
    let said = |_| crate::staff::entry(&app.state, admin.id, "people-merged", None);
    let entries = [kept.id, other.id].map(said);
    app.state.store.merge_people(&scope, decision, &entries, app.state.clock.now_ms()).await.unwrap();
    delete(&app, &admin, &phone, kept.id).await;
    for (phone, learner) in [(&phone, &kept), (&second, &other)] {
        let answer = phone.sync::<u8>(&app, &[(learner.id, 0)], &[]).await;
        assert_eq!(answer.removed, [learner.id], "both phones are told");
    }
    assert!(!app.database.store.everything_for_tests().await.contains("Hồ Thị Lan"));
}

async fn only_a_request_to_delete_deletes(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    ask(&app, &phone, learner.id, asking(1, RequestKind::See)).await;
    ask(&app, &phone, learner.id, asking(2, RequestKind::Delete)).await;
    let said = json!({"id": Uuid::from_u128(2), "step": {"done": ""}});
    assert_refused(&app.call(Some(&admin), "step-request", said).await, 422, "field-refused", "fix-input");
    let answer = fulfil(&app, &admin, &json!(Uuid::from_u128(1)), "delete").await;
    assert_refused(&answer, 422, "field-refused", "fix-input");
    assert_eq!(phone.sync::<u8>(&app, &[(learner.id, 0)], &[]).await.removed, []);
}

async fn a_restored_backup_is_brought_to_the_same_state(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    let child = someone(&app, &admin, &phone, "Hồ Văn Con").await;
    assert_eq!(app.state.store.apply_deletions().await.unwrap(), 0);
    // As after a restore: the record is there, and so is the marker copied from the newest database.
    app.database.store.mark_deleted_for_tests(learner.id).await;
    assert_eq!(app.state.store.apply_deletions().await.unwrap(), 1);
    assert_eq!(app.state.store.apply_deletions().await.unwrap(), 0);
    let left = app.database.store.everything_for_tests().await;
    assert!(!left.contains("Hồ Thị Lan") && left.contains("Hồ Văn Con"));
    assert_eq!(phone.sync::<u8>(&app, &[(learner.id, 0)], &[]).await.removed, [learner.id]);
    assert_eq!(phone.sync::<u8>(&app, &[(child.id, 0)], &[]).await.removed, []);
}
