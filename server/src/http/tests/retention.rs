//! What is past its term goes; people with whose records nothing happens are shown and stay.

use domain::request::RequestKind;
use domain::retention::{Kept, past_ms};
use domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::requests::{ask, asking, someone};
use crate::duties::retention::{purge, terms};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR};
use crate::test_app::{NOON_MS, Phone, TestApp, finished};

on_both_databases!(
    what_is_past_its_term_goes_and_nothing_else,
    many_rows_go_in_steps,
    nobody_is_deleted_by_a_clock,
);

const DAY_MS: i64 = 86_400_000;

fn term_ms(what: Kept) -> i64 {
    NOON_MS - past_ms(terms(), what, NOON_MS).unwrap()
}

async fn what_is_past_its_term_goes_and_nothing_else(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    phone.open(&app, &learner.code, "0000").await;
    let csv = "Họ và tên,Xã\nHồ Văn Danh Sách,Phường Đồng Hới\n";
    let file = json!({"content": data_encoding::BASE64URL_NOPAD.encode(csv.as_bytes())});
    let shown: Value = app.call(Some(&admin), "preview-list", json!({"file": file})).await.json();
    let written = json!({"file": file, "fingerprint": shown["fingerprint"]});
    assert_eq!(app.call(Some(&admin), "apply-list", written).await.status, 200);
    let store = &app.state.store;
    let counts =
        |purged: crate::store::Purged| (purged.sessions, purged.audit, purged.tries, purged.import_rows);

    for request in [1, 2] {
        ask(&app, &phone, learner.id, asking(request, RequestKind::See)).await;
    }
    let done = json!({"id": Uuid::from_u128(1), "step": {"done": ""}});
    assert_eq!(app.call(Some(&admin), "step-request", done).await.status, 200);
    let incident = json!({"draft": {"id": null, "version": 0, "place": null, "people": [learner.id], "text": {
        "what": "Mất máy", "detected_ms": 1, "kinds": "", "people_number": 1, "harm": "", "done": "",
        "told_ms": null, "told": ""}}});
    assert_eq!(app.call(Some(&admin), "keep-incident", incident).await.status, 200);
    let listed: Value = app.call(Some(&admin), "list-incidents", json!({})).await.json();
    app.call(Some(&admin), "close-incident", json!({"id": listed[0]["id"]})).await;

    assert_eq!(counts(purge(store, NOON_MS).await.unwrap()), (0, 0, 0, 0), "nothing is old yet");
    assert_eq!(
        counts(purge(store, NOON_MS + DAY_MS + 1).await.unwrap()),
        (1, 0, 1, 0),
        "the session is over"
    );
    let half_a_year = NOON_MS + term_ms(Kept::ImportUndo) + 1;
    assert_eq!(counts(purge(store, half_a_year).await.unwrap()), (0, 0, 0, 1));
    let years = NOON_MS + term_ms(Kept::Audit);
    assert_eq!(counts(purge(store, years).await.unwrap()), (0, 0, 0, 0), "on the last day it is still there");
    let purged = purge(store, years + 1).await.unwrap();
    assert_eq!(purged.requests, 2, "the closed request and the closed incident; what is open stays");
    let (sessions, audit, tries, rows) = counts(purged);
    assert!(audit >= 4, "{audit} entries of the log are past their term");
    assert_eq!((sessions, tries, rows), (0, 0, 0));
    // The people, their facts and their records are all there.
    let left = app.database.store.everything_for_tests().await;
    assert!(left.contains("Hồ Thị Lan") && left.contains("Hồ Văn Danh Sách"));
    assert_eq!(phone.open(&app, &learner.code, &learner.pin).await.status, 200);
}

async fn many_rows_go_in_steps(db: TestDatabase) {
    let app = TestApp::new(db).await;
    for number in 0..7 {
        app.staff(&format!("nguoi {number}"), Role::Ambassador, HERE).await;
    }
    let past = crate::store::PastTerm { sessions_ms: Some(NOON_MS + 1), ..Default::default() };
    let purged = app.state.store.purge(&past, 2, 2).await.unwrap();
    assert_eq!(purged.sessions, 4, "two steps of two; the rest waits for the next run");
    assert_eq!(app.state.store.purge(&past, 2, 200).await.unwrap().sessions, 3);
}

async fn nobody_is_deleted_by_a_clock(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let (quiet, learning) = (Phone::new(1), Phone::new(2));
    let left = someone(&app, &admin, &quiet, "Hồ Thị Lặng").await;
    let active = someone(&app, &admin, &learning, "Hồ Thị Học").await;
    let store = &app.state.store;
    let scope = |place: &str| domain::scope::Scope::places([place.parse().unwrap()]);
    let names = async |place: &str, since_ms: i64| -> Vec<String> {
        let found = store.inactive_people(&scope(place), since_ms, 10).await.unwrap();
        found.into_iter().map(|one| one.name).collect()
    };
    assert!(names(HERE, NOON_MS).await.is_empty(), "both came at noon");
    app.state.clock.advance(term_ms(Kept::Inactive) + 1);
    let now_ms = app.state.clock.now_ms();
    let event = learning.event(&app, active.id, finished("6.1"));
    learning.deliver(&app, &[event]).await;
    let since_ms = past_ms(terms(), Kept::Inactive, now_ms).unwrap();
    assert_eq!(names(HERE, since_ms).await, ["Hồ Thị Lặng"]);
    assert!(names(NEIGHBOUR, since_ms).await.is_empty());
    purge(store, now_ms).await.unwrap();
    assert_eq!(quiet.open(&app, &left.code, &left.pin).await.status, 200, "she is still there");
    assert!(names(HERE, since_ms).await.is_empty(), "and no longer quiet");
}
