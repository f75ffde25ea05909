//! People as staff pages ask for them: within the scope, with an entry in the log for every look and every change.

use domain::event::EventKind;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backend::people::PAGE;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{Phone, TestApp, assert_refused};

on_both_databases!(
    a_person_is_added_opened_corrected_and_helped,
    an_ambassador_sees_whom_she_entered_and_not_the_log,
    out_of_scope_and_not_there_are_the_same,
    a_list_is_paged_searched_and_filtered,
    what_cannot_be_is_refused_by_its_name,
);

const PLACE: &str = "18880@20250701";

fn someone(name: &str) -> Value {
    json!({"name": name, "birth_year": 1958, "place": PLACE, "group": "resident"})
}

async fn add(app: &TestApp, who: &TestStaff, details: Value) -> Value {
    let answer = app.call(Some(who), "add-person", json!({"details": details})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn list(app: &TestApp, who: &TestStaff, question: Value) -> Value {
    let answer = app.call(Some(who), "list-people", json!({"question": question})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn see(app: &TestApp, who: &TestStaff, id: &Value) -> Value {
    let answer = app.call(Some(who), "see-person", json!({"person": id})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn names(page: &Value) -> Vec<&str> {
    page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

/// Returns what was done, in the order of names: the clock of these tests stands still.
fn deeds(seen: &Value) -> Vec<&str> {
    let looks = seen["looks"].as_array().unwrap().iter();
    let mut deeds: Vec<&str> = looks.map(|look| look["action"].as_str().unwrap()).collect();
    deeds.sort_unstable();
    deeds
}

async fn a_person_is_added_opened_corrected_and_helped(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let given = add(&app, &admin, someone("Hồ Thị Lan")).await;
    let (id, code) = (&given["id"], given["code"].as_str().unwrap().parse().unwrap());
    // What was handed out opens the record on a phone, where a lamp is lit.
    let phone = Phone::new(1);
    let opened = phone.open(&app, &code, given["pin"].as_str().unwrap()).await;
    assert_eq!(opened.status, 200, "{}", opened.text);
    let learner = serde_json::from_value(id.clone()).unwrap();
    let lesson = app.state.library.courses[0].lessons[0].id.clone();
    let lit = phone.light(&app, learner, lesson.as_str());
    assert!(lit.iter().any(|event| matches!(event.kind, EventKind::PracticeFinished { .. })));
    phone.deliver(&app, &lit).await;
    let seen = see(&app, &admin, id).await;
    assert_eq!(
        (seen["details"]["name"].as_str(), seen["place"]["path"].as_str()),
        (Some("Hồ Thị Lan"), Some(HERE))
    );
    assert_eq!(seen["courses"][0]["lit"], 1);

    let mut details = someone("Hồ Thị Lân");
    details["phone"] = "0912345678".into();
    let correction = json!({"person": id, "version": seen["version"], "details": details});
    assert_eq!(app.call(Some(&admin), "correct-person", correction.clone()).await.status, 200);
    let mut late = correction;
    late["details"]["name"] = "Hồ Thị Lam".into();
    assert_refused(
        &app.call(Some(&admin), "correct-person", late).await,
        409,
        "changed-meanwhile",
        "fix-input",
    );

    let renewed: Value = app.call(Some(&admin), "give-pin", json!({"person": id})).await.json();
    assert_eq!(renewed["code"], given["code"]);
    let other = Phone::new(2);
    assert_eq!(other.open(&app, &code, renewed["pin"].as_str().unwrap()).await.status, 200);
    if renewed["pin"] != given["pin"] {
        let old = other.open(&app, &code, given["pin"].as_str().unwrap()).await;
        assert_refused(&old, 403, "wrong-code-or-pin", "fix-input");
    }
    let seen = see(&app, &admin, id).await;
    assert_eq!(seen["details"]["name"], "Hồ Thị Lân");
    assert_eq!(
        deeds(&seen),
        ["person-added", "person-corrected", "person-seen", "person-seen", "pin-given", "pin-given"]
    );
    assert_eq!(seen["looks"][0]["actor"], "quan ly");
}

async fn an_ambassador_sees_whom_she_entered_and_not_the_log(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let ambassador = app.staff("dai su", Role::Ambassador, HERE).await;
    let colleague = app.staff("dai su khac", Role::Ambassador, HERE).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let given = add(&app, &ambassador, someone("Hồ Thị Lan")).await;
    assert_eq!(names(&list(&app, &ambassador, json!({"typed": ""})).await), ["Hồ Thị Lan"]);
    assert_eq!(names(&list(&app, &admin, json!({"typed": ""})).await), ["Hồ Thị Lan"]);
    assert_eq!(see(&app, &ambassador, &given["id"]).await["looks"], Value::Null);
    assert_eq!(names(&list(&app, &colleague, json!({"typed": ""})).await), [""; 0]);
    let answer = app.call(Some(&colleague), "see-person", json!({"person": given["id"]})).await;
    assert_refused(&answer, 404, "not-found", "fix-input");
}

async fn out_of_scope_and_not_there_are_the_same(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("lang gieng", Role::PlaceAdmin, NEIGHBOUR).await;
    let id = &add(&app, &admin, someone("Hồ Thị Lan")).await["id"];
    let unknown = json!(uuid::Uuid::from_u128(1));
    for function in ["see-person", "give-pin", "correct-person"] {
        let about =
            |id: &Value| json!({"person": id, "version": 1, "details": {"name": "X", "place": PLACE}});
        let answers = [
            app.call(Some(&neighbour), function, about(id)).await,
            app.call(Some(&neighbour), function, about(&unknown)).await,
        ];
        for answer in &answers {
            assert_refused(answer, 404, "not-found", "fix-input");
        }
        assert_eq!(answers[0].text, answers[1].text, "{function}");
    }
    assert_eq!(names(&list(&app, &neighbour, json!({"typed": "lan"})).await), [""; 0]);
    // A cursor is only a place in the order of names: it opens nobody.
    let after = json!({"typed": "", "after": {"sort_key": "", "id": id}});
    assert_eq!(names(&list(&app, &neighbour, after).await), [""; 0]);
    let answer = app.call(Some(&neighbour), "add-person", json!({"details": someone("Lê An")})).await;
    assert_refused(&answer, 422, "no-place", "fix-input");
    assert_eq!(deeds(&see(&app, &admin, id).await), ["person-added", "person-seen", "pin-given"]);
}

async fn a_list_is_paged_searched_and_filtered(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let acting = crate::people::Acting {
        store: &app.state.store,
        random: &app.state.random,
        scope: &domain::scope::Scope::All,
        staff: admin.id,
        now_ms: app.state.clock.now_ms(),
    };
    for number in 0..=PAGE {
        let name =
            if number == 7 { "Đặng Thị Út".to_owned() } else { format!("Lê Văn An {number:03}") };
        let mut details = someone(&name);
        if number == 7 {
            details["group"] = "student".into();
        }
        crate::people::add(acting, serde_json::from_value(details).unwrap(), None).await.unwrap();
    }
    let first = list(&app, &admin, json!({"typed": ""})).await;
    assert_eq!(names(&first).len(), PAGE);
    let rest = list(&app, &admin, json!({"typed": "", "after": first["next"]})).await;
    assert_eq!((names(&rest), &rest["next"]), (vec!["Đặng Thị Út"], &Value::Null));
    let found = list(&app, &admin, json!({"typed": "ut dang"})).await;
    assert_eq!(names(&found), ["Đặng Thị Út"]);
    assert_eq!(found["rows"][0]["place"], "Phường Đồng Hới, Tỉnh Quảng Trị");
    assert_eq!(names(&list(&app, &admin, json!({"typed": "", "group": "student"})).await), ["Đặng Thị Út"]);
}

async fn what_cannot_be_is_refused_by_its_name(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    for (field, value, code) in [
        ("name", json!(" . "), "name-missing"),
        ("name", json!("x".repeat(500)), "name-too-long"),
        ("birth_year", json!(1492), "birth-impossible"),
        ("place", json!(null), "no-place"),
        ("place", json!("44@20250701"), "no-place"),
    ] {
        let mut details = someone("Lê An");
        details[field] = value;
        let answer = app.call(Some(&admin), "add-person", json!({"details": details})).await;
        assert_refused(&answer, 422, code, "fix-input");
    }
    assert_eq!(names(&list(&app, &admin, json!({"typed": ""})).await), [""; 0]);
}
