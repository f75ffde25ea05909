//! Incidents with personal data: written down, watched, told, closed, each within its place.

use domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::requests::someone;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{Answer, NOON_MS, Phone, TestApp, assert_refused};

on_both_databases!(
    an_incident_is_written_down_told_and_closed_once,
    each_place_has_its_own_incidents,
    what_cannot_be_is_refused,
);

const HOUR_MS: i64 = 3_600_000;

fn text(what: &str, detected_ms: i64) -> Value {
    json!({"what": what, "detected_ms": detected_ms, "kinds": "Họ tên", "people_number": 2, "harm": "",
        "done": "Đã đổi mật khẩu", "told_ms": null, "told": ""})
}

async fn keep(app: &TestApp, who: &TestStaff, draft: Value) -> Answer {
    app.call(Some(who), "keep-incident", json!({"draft": draft})).await
}

fn new(what: &str, people: Value) -> Value {
    json!({"id": null, "version": 0, "place": null, "text": text(what, NOON_MS - 80 * HOUR_MS), "people": people})
}

async fn list(app: &TestApp, who: &TestStaff) -> Vec<Value> {
    let answer = app.call(Some(who), "list-incidents", json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn an_incident_is_written_down_told_and_closed_once(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let learner = someone(&app, &admin, &Phone::new(1), "Hồ Thị Lan").await;
    let answer = keep(&app, &admin, new("Mất máy", json!([learner.id, Uuid::from_u128(9)]))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let rows = list(&app, &admin).await;
    let row = &rows[0];
    assert_eq!((&row["hours_left"], &row["place_name"]), (&json!(-8), &json!("Phường Đồng Hới")));
    assert_eq!(
        (&row["people"][0]["name"], row["people"].as_array().unwrap().len()),
        (&json!("Hồ Thị Lan"), 1)
    );

    let mut told = row["text"].clone();
    told["told_ms"] = json!(NOON_MS - HOUR_MS);
    let again =
        json!({"id": row["id"], "version": row["version"], "place": null, "text": told, "people": []});
    assert_eq!(keep(&app, &admin, again.clone()).await.status, 200);
    assert_refused(&keep(&app, &admin, again).await, 409, "look-again", "fix-input");
    let rows = list(&app, &admin).await;
    assert_eq!((&rows[0]["hours_left"], &rows[0]["people"]), (&Value::Null, &json!([])));

    let id = json!({"id": rows[0]["id"]});
    assert_eq!(app.call(Some(&admin), "close-incident", id.clone()).await.status, 200);
    let answer = app.call(Some(&admin), "close-incident", id).await;
    assert_refused(&answer, 409, "already-settled", "fix-input");
    let late =
        json!({"id": rows[0]["id"], "version": 3, "place": null, "text": rows[0]["text"], "people": []});
    assert_refused(&keep(&app, &admin, late).await, 409, "already-settled", "fix-input");
    let log = app.call(Some(&admin), "read-audit", json!({"question": {}})).await;
    for action in ["incident-added", "incident-changed", "incident-closed"] {
        assert!(log.text.contains(action), "{action}: {}", log.text);
    }
}

async fn each_place_has_its_own_incidents(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("xa nay", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let system = app.staff("he thong", Role::SystemAdmin, "").await;
    keep(&app, &admin, new("Của xã này", json!([]))).await;
    keep(&app, &system, new("Của mọi nơi", json!([]))).await;
    assert!(list(&app, &neighbour).await.is_empty());
    assert_eq!(list(&app, &admin).await.len(), 1);
    let all = list(&app, &system).await;
    assert_eq!(all.len(), 2);
    for row in &all {
        let change = json!({"id": row["id"], "version": 1, "place": null, "text": row["text"], "people": []});
        assert_refused(&keep(&app, &neighbour, change).await, 404, "not-found", "fix-input");
        let answer = app.call(Some(&neighbour), "close-incident", json!({"id": row["id"]})).await;
        assert_refused(&answer, 404, "not-found", "fix-input");
    }
    let mut elsewhere = new("Ở xã kia", json!([]));
    elsewhere["place"] = json!(NEIGHBOUR);
    assert_refused(&keep(&app, &admin, elsewhere).await, 404, "not-found", "fix-input");
}

async fn what_cannot_be_is_refused(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let with = |field: &str, value: Value| {
        let mut draft = new("Mất máy", json!([]));
        draft["text"][field] = value;
        draft
    };
    for draft in [
        with("what", json!("  ")),
        with("detected_ms", json!(NOON_MS + HOUR_MS)),
        with("told_ms", json!(NOON_MS + HOUR_MS)),
        with("people_number", json!(-1)),
        with("harm", json!("a".repeat(801))),
    ] {
        assert_refused(&keep(&app, &admin, draft).await, 422, "field-refused", "fix-input");
    }
    assert!(list(&app, &admin).await.is_empty());
}
