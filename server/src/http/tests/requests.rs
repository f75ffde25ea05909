//! What people ask about their own data: on a phone and in person, answered within its clocks, done at once where that is
//! possible. Deletion stands in `deletion.rs`.

use domain::consent::ConsentPurpose;
use domain::event::EventKind;
use domain::ids::LearnerId;
use domain::profile::Profile;
use domain::request::RequestKind;
use domain::role::Role;
use domain::sync::{AskNow, MyData, MyDataAnswer, PROTOCOL_VERSION};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{Answer, Phone, TestApp, TestLearner, assert_refused, facts};

on_both_databases!(
    asking_on_a_phone_is_idempotent_and_she_sees_who_looked,
    the_register_shows_the_most_urgent_first_and_each_step_once,
    neighbours_see_nothing_of_a_request,
    a_restricted_person_is_seen_by_who_answers_requests_only,
    an_agreement_taken_back_reaches_the_phone,
    the_file_holds_everything_that_is_kept,
);

const PLACE: &str = "18880@20250701";

pub(super) async fn ask(app: &TestApp, phone: &Phone, learner: LearnerId, ask: Option<AskNow>) -> Answer {
    let request = MyData { protocol: PROTOCOL_VERSION, device: phone.device, learner, ask };
    phone.post(app, "/api/v1/my-data", &request).await
}

pub(super) fn asking(number: u128, kind: RequestKind) -> Option<AskNow> {
    Some(AskNow { id: Uuid::from_u128(number), kind, words: "Nhờ xem giúp".into() })
}

/// Adds somebody at a desk and opens her record on a phone.
pub(super) async fn someone(app: &TestApp, who: &TestStaff, phone: &Phone, name: &str) -> TestLearner {
    let details = json!({"name": name, "birth_year": 1958, "place": PLACE, "group": "resident"});
    let answer = app.call(Some(who), "add-person", json!({"details": details})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let given: Value = answer.json();
    let text = |name: &str| given[name].as_str().unwrap().to_owned();
    let learner = TestLearner {
        id: text("id").parse().unwrap(),
        code: text("code").parse().unwrap(),
        pin: text("pin"),
    };
    assert_eq!(phone.open(app, &learner.code, &learner.pin).await.status, 200);
    learner
}

pub(super) async fn register(app: &TestApp, who: &TestStaff, closed: bool) -> Vec<Value> {
    let answer = app.call(Some(who), "list-requests", json!({"closed": closed})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn step(app: &TestApp, who: &TestStaff, id: &Value, step: Value) -> Answer {
    app.call(Some(who), "step-request", json!({"id": id, "step": step})).await
}

pub(super) async fn fulfil(app: &TestApp, who: &TestStaff, id: &Value, what: &str) -> Answer {
    app.call(Some(who), "fulfil-request", json!({"id": id, "what": what})).await
}

async fn asking_on_a_phone_is_idempotent_and_she_sees_who_looked(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("Hoàng Thị Mai", Role::PlaceAdmin, HERE).await;
    let (phone, stranger) = (Phone::new(1), Phone::new(2));
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    for _ in 0..2 {
        let answer = ask(&app, &phone, learner.id, asking(1, RequestKind::Correct)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let known: MyDataAnswer = answer.json();
        assert_eq!(known.requests.len(), 1, "asking twice is asking once");
        assert_eq!((&*known.requests[0].kind, &*known.requests[0].state), ("correct", "received"));
    }
    app.call(Some(&admin), "see-person", json!({"person": learner.id})).await;
    let known: MyDataAnswer = ask(&app, &phone, learner.id, None).await.json();
    let mut looks: Vec<_> = known.looks.iter().map(|look| (&*look.who, &*look.role, &*look.what)).collect();
    looks.sort_unstable();
    let mai = |what| ("Hoàng Thị Mai", "place-admin", what);
    assert_eq!(looks, [mai("added"), mai("pin"), mai("seen")]);

    stranger.enrol(&app, &TestLearner::new(2)).await;
    assert_refused(&ask(&app, &stranger, learner.id, None).await, 403, "not-yours", "sign-in");
    let long = AskNow { id: Uuid::nil(), kind: RequestKind::See, words: "a".repeat(401) };
    let answer = ask(&app, &phone, learner.id, Some(long)).await;
    assert_refused(&answer, 422, "field-refused", "fix-input");
    for number in 2..=20 {
        assert_eq!(ask(&app, &phone, learner.id, asking(number, RequestKind::See)).await.status, 200);
    }
    let answer = ask(&app, &phone, learner.id, asking(21, RequestKind::See)).await;
    assert_refused(&answer, 429, "too-many-tries", "retry");
}

async fn the_register_shows_the_most_urgent_first_and_each_step_once(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    ask(&app, &phone, learner.id, asking(1, RequestKind::Delete)).await;
    let entered = json!({"person": learner.id, "kind": "see", "purpose": null, "words": "Xin xem"});
    assert_eq!(app.call(Some(&admin), "enter-request", entered).await.status, 200);
    let rows = register(&app, &admin, false).await;
    let kinds = |rows: &[Value]| -> Vec<String> {
        rows.iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["reply_left"] == 2), "two working days: {rows:?}");
    let of = |kind: &str| rows.iter().find(|row| row["kind"] == kind).unwrap()["id"].clone();
    let (see, delete) = (of("see"), of("delete"));
    assert_eq!(step(&app, &admin, &see, json!("reply")).await.status, 200);
    assert_refused(&step(&app, &admin, &see, json!("reply")).await, 409, "already-settled", "fix-input");
    let rows = register(&app, &admin, false).await;
    assert_eq!(kinds(&rows), ["delete", "see"], "what waits for its first reply comes first");
    assert_eq!((&rows[1]["answer_left"], &rows[0]["answer_left"]), (&json!(10), &json!(20)));
    assert_eq!((&rows[1]["by_phone"], &rows[0]["by_phone"]), (&json!(false), &json!(true)));

    let empty = step(&app, &admin, &see, json!({"extend": "  "})).await;
    assert_refused(&empty, 422, "field-refused", "fix-input");
    assert_eq!(step(&app, &admin, &see, json!({"extend": "Hồ sơ giấy ở tỉnh"})).await.status, 200);
    let again = step(&app, &admin, &see, json!({"extend": "Lần nữa"})).await;
    assert_refused(&again, 409, "already-settled", "fix-input");
    let rows = register(&app, &admin, false).await;
    let extended = rows.iter().find(|row| row["id"] == see).unwrap();
    assert_eq!((&extended["answer_left"], &extended["extended"]), (&json!(20), &json!("Hồ sơ giấy ở tỉnh")));

    assert_eq!(step(&app, &admin, &see, json!({"done": "Đã cho xem tại xã"})).await.status, 200);
    assert_eq!(step(&app, &admin, &delete, json!({"refuse": "Người khác bấm nhầm"})).await.status, 200);
    assert_refused(&step(&app, &admin, &see, json!({"done": ""})).await, 409, "already-settled", "fix-input");
    assert!(register(&app, &admin, false).await.is_empty());
    let closed = register(&app, &admin, true).await;
    assert!(closed.iter().all(|row| row["handled_by"] == "quan ly"), "{closed:?}");
    let known: MyDataAnswer = ask(&app, &phone, learner.id, None).await.json();
    let mut told: Vec<_> = known.requests.iter().map(|one| (&*one.state, &*one.answer)).collect();
    told.sort_unstable();
    assert_eq!(told, [("done", "Đã cho xem tại xã"), ("refused", "Người khác bấm nhầm")]);
}

async fn neighbours_see_nothing_of_a_request(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("xa nay", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    ask(&app, &phone, learner.id, asking(1, RequestKind::Delete)).await;
    assert!(register(&app, &neighbour, false).await.is_empty());
    let id = json!(Uuid::from_u128(1));
    for unknown in [id.clone(), json!(Uuid::from_u128(99))] {
        let answers = [
            step(&app, &neighbour, &unknown, json!("reply")).await,
            fulfil(&app, &neighbour, &unknown, "delete").await,
            fulfil(&app, &neighbour, &unknown, "withdraw").await,
            fulfil(&app, &neighbour, &unknown, "restrict").await,
            app.call(Some(&neighbour), "export-for-request", json!({"id": unknown})).await,
        ];
        for answer in answers {
            assert_refused(&answer, 404, "not-found", "fix-input");
        }
    }
    let entered = json!({"person": learner.id, "kind": "see", "purpose": null, "words": ""});
    assert_refused(
        &app.call(Some(&neighbour), "enter-request", entered).await,
        404,
        "not-found",
        "fix-input",
    );
    assert_eq!(register(&app, &admin, false).await.len(), 1);
}

async fn a_restricted_person_is_seen_by_who_answers_requests_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    ask(&app, &phone, learner.id, asking(1, RequestKind::Restrict)).await;
    let id = json!(Uuid::from_u128(1));
    assert_eq!(fulfil(&app, &admin, &id, "restrict").await.status, 200);
    let question = json!({"question": {"typed": ""}});
    let listed = app.call(Some(&admin), "list-people", question.clone()).await;
    assert!(!listed.text.contains("Lan"), "{}", listed.text);
    let see = json!({"person": learner.id});
    assert_refused(&app.call(Some(&admin), "see-person", see.clone()).await, 404, "not-found", "fix-input");
    assert_refused(&app.call(Some(&admin), "give-pin", see.clone()).await, 404, "not-found", "fix-input");
    let correction =
        json!({"person": learner.id, "version": 1, "details": {"name": "Lê An", "place": PLACE}});
    let answer = app.call(Some(&admin), "correct-person", correction).await;
    assert_refused(&answer, 404, "not-found", "fix-input");
    // A list that names her adds no second one and changes nothing.
    let csv = "Họ và tên,Năm sinh,Xã,Nhóm\nHồ Thị Lan,1958,Phường Đồng Hới,Người lao động\n";
    let content = data_encoding::BASE64URL_NOPAD.encode(csv.as_bytes());
    let shown = app.call(Some(&admin), "preview-list", json!({"file": {"content": content}})).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    let counts: Value = shown.json::<Value>()["counts"].clone();
    assert_eq!(counts["same"], 1, "{}", shown.text);
    assert_eq!((&counts["new"], &counts["changed"]), (&json!(0), &json!(0)), "{}", shown.text);

    let closed = register(&app, &admin, true).await;
    assert_eq!(
        (&closed[0]["restricted"], &closed[0]["person"]["name"]),
        (&json!(true), &json!("Hồ Thị Lan"))
    );
    assert_eq!(fulfil(&app, &admin, &id, "lift-restriction").await.status, 200);
    let answer = fulfil(&app, &admin, &id, "lift-restriction").await;
    assert_refused(&answer, 409, "already-settled", "fix-input");
    assert_eq!(app.call(Some(&admin), "see-person", see).await.status, 200);
    assert!(app.call(Some(&admin), "list-people", question).await.text.contains("Lan"));
}

async fn an_agreement_taken_back_reaches_the_phone(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    let mut said = phone.introduce(&app, &learner, "Hồ Thị Lan");
    // A clock that runs a year ahead.
    said[0].at_ms += 365 * 86_400_000;
    phone.deliver(&app, &said).await;
    let entered =
        json!({"person": learner.id, "kind": "withdraw", "purpose": "learning-record", "words": ""});
    assert_eq!(app.call(Some(&admin), "enter-request", entered).await.status, 200);
    let id = register(&app, &admin, false).await[0]["id"].clone();
    assert_eq!(fulfil(&app, &admin, &id, "withdraw").await.status, 200);
    let answer = fulfil(&app, &admin, &id, "withdraw").await;
    assert_refused(&answer, 409, "already-settled", "fix-input");
    let known = facts(&phone.everything(&app, learner.id).await);
    let profile = Profile::from_events(known.iter().map(|(event, _)| event));
    assert!(!profile.agrees_to(ConsentPurpose::LearningRecord));
    let withdrawals =
        known.iter().filter(|(event, _)| matches!(event.kind, EventKind::ConsentWithdrawn { .. }));
    assert_eq!(withdrawals.count(), 1);
}

async fn the_file_holds_everything_that_is_kept(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = Phone::new(1);
    let learner = someone(&app, &admin, &phone, "Hồ Thị Lan").await;
    let mut events = phone.introduce(&app, &learner, "Hồ Thị Lan");
    for lesson in ["6.1", "6.2"] {
        events.extend(phone.light(&app, learner.id, lesson));
    }
    phone.deliver(&app, &events).await;
    assert_eq!(phone.ask_certificate(&app, learner.id, "k6").await.status, 200);
    ask(&app, &phone, learner.id, asking(1, RequestKind::Provide)).await;
    let id = json!({"id": Uuid::from_u128(1)});
    let content: String = app.call(Some(&admin), "export-for-request", id).await.json();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(content.as_bytes()).unwrap();
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(file["ho_va_ten"], "Hồ Thị Lan");
    assert_eq!(file["ma_hoc_vien"], learner.code.grouped());
    // Two facts of the desk, two of herself, and what lit two lamps.
    assert_eq!(file["viec_da_ghi"].as_array().unwrap().len(), 4 + events.len() - 2);
    for (part, number) in [("dong_y", 1), ("giay_chung_nhan", 1), ("may_co_ho_so", 1), ("yeu_cau", 1)] {
        assert_eq!(file[part].as_array().unwrap().len(), number, "{part}");
    }
    assert!(file["ai_da_xem_da_sua"].as_array().unwrap().iter().any(|look| look["viec"] == "pin-given"));
    let known: MyDataAnswer = ask(&app, &phone, learner.id, None).await.json();
    assert!(known.looks.iter().any(|look| look.what == "given-out"), "she sees that it was given out");
}
