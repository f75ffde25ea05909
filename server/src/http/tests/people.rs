//! People as staff pages ask for them: within the scope, with an entry in the log for every look and every change.

use domain::consent::ConsentPurpose;
use domain::event::EventKind;
use domain::profile::Profile;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backend::people::PAGE;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{Phone, TestApp, assert_refused, facts};

on_both_databases!(
    a_person_is_added_opened_corrected_and_helped,
    an_ambassador_sees_whom_she_entered_and_not_the_log,
    out_of_scope_and_not_there_are_the_same,
    a_list_is_paged_searched_and_filtered,
    what_cannot_be_is_refused_by_its_name,
    an_identity_number_is_kept_only_where_it_is_asked_for,
    an_agreement_is_written_down_before_a_witness,
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

async fn an_identity_number_is_kept_only_where_it_is_asked_for(db: TestDatabase) {
    const NUMBER: &str = "044 158 123 456";
    let mut app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let lan = add(&app, &admin, someone("Hồ Thị Lan")).await["id"].clone();
    let keep = |person: &Value, number: &str| json!({"person": person, "number": number});
    let answer = app.call(Some(&admin), "keep-identity", keep(&lan, NUMBER)).await;
    assert_refused(&answer, 422, "identity-off", "fix-input");
    assert_eq!(see(&app, &admin, &lan).await["identity"], "off");

    let asked = [("BDHVS_IDENTITY_NUMBERS".to_owned(), "on".to_owned())];
    app.reconfigure(crate::config::Config::load(None, asked).unwrap());
    assert_eq!(see(&app, &admin, &lan).await["identity"], "nothing");
    let answer = app.call(Some(&admin), "keep-identity", keep(&lan, "044158")).await;
    assert_refused(&answer, 422, "identity-invalid", "fix-input");
    let answer = app.call(Some(&admin), "keep-identity", keep(&lan, NUMBER)).await;
    assert_eq!(answer.json::<Value>(), json!({"also": [], "year_differs": false}), "{}", answer.text);
    let seen = see(&app, &admin, &lan).await;
    assert_eq!(seen["identity"], json!({"ends": "456"}));
    assert!(deeds(&seen).contains(&"identity-kept"), "{seen}");
    assert!(!seen.to_string().contains("044158123456") && !seen.to_string().contains(NUMBER));
    // The same number with somebody else: one person entered twice, and here with another birth year.
    let mut twice = someone("Hồ Lan");
    twice["birth_year"] = 1968.into();
    let twice = add(&app, &admin, twice).await["id"].clone();
    let answer = app.call(Some(&admin), "keep-identity", keep(&twice, "044158123456")).await.json::<Value>();
    assert_eq!((&answer["also"][0]["id"], &answer["year_differs"]), (&lan, &json!(true)), "{answer}");
    app.call(Some(&admin), "keep-identity", keep(&lan, " ")).await;
    assert_eq!(see(&app, &admin, &lan).await["identity"], "nothing");
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let answer = app.call(Some(&neighbour), "keep-identity", keep(&lan, NUMBER)).await;
    assert_refused(&answer, 404, "not-found", "fix-input");
}

async fn an_agreement_is_written_down_before_a_witness(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let mai = app.staff("Trần Thị Mai", Role::Ambassador, HERE).await;
    let mut pupil = someone("Hồ Văn Đước");
    pupil["birth_year"] = 2014.into();
    let given = add(&app, &mai, pupil).await;
    let record = |purposes: Value, guardian: Value| json!({"person": given["id"], "purposes": purposes, "guardian": guardian});
    let refused = async |body: Value, code: &str| {
        assert_refused(&app.call(Some(&mai), "record-consent", body).await, 422, code, "fix-input");
    };
    refused(record(json!([]), Value::Null), "consent-missing").await;
    refused(record(json!(["learning-record"]), Value::Null), "guardian-missing").await;
    refused(
        record(json!(["learning-record"]), json!({"name": " ", "relation": "parent"})),
        "guardian-missing",
    )
    .await;
    let parent = json!({"name": "Hồ  Văn Cha", "relation": "parent"});
    let both = record(json!(["research", "learning-record", "research"]), parent);
    let answer = app.call(Some(&mai), "record-consent", both.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let seen = see(&app, &admin, &given["id"]).await;
    let rows: Vec<Value> = seen["consents"].as_array().unwrap().clone();
    let told = |row: &Value| {
        (row["purpose"].clone(), row["manner"]["guardian"]["name"].clone(), row["witness"].clone())
    };
    assert_eq!(
        rows.iter().map(told).collect::<Vec<_>>(),
        ["learning-record", "research"].map(|purpose| (
            json!(purpose),
            json!("Hồ Văn Cha"),
            json!("Trần Thị Mai")
        ))
    );
    assert!(deeds(&seen).contains(&"consent-recorded"), "{seen}");
    // Her phone is told: what she learns on it may be sent.
    let code = given["code"].as_str().unwrap().parse().unwrap();
    let phone = Phone::new(1);
    phone.open(&app, &code, given["pin"].as_str().unwrap()).await;
    let learner = serde_json::from_value(given["id"].clone()).unwrap();
    let told = facts(&phone.everything(&app, learner).await);
    let profile = Profile::from_events(told.iter().map(|(event, _)| event));
    assert!(profile.agrees_to(ConsentPurpose::LearningRecord));
    let neighbour = app.staff("xa kia", Role::Ambassador, NEIGHBOUR).await;
    assert_refused(&app.call(Some(&neighbour), "record-consent", both).await, 404, "not-found", "fix-input");
}
