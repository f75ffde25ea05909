//! The tree of places and its hamlets: public to staff, changed by whoever looks after the commune, and each change in the log.

use domain::role::Role;
use serde_json::{Value, json};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, PROVINCE, TestStaff};
use crate::test_app::{TestApp, assert_refused};

on_both_databases!(hamlets_are_kept_by_their_commune, people_are_counted_for_those_who_may_see_them,);

const COMMUNE: &str = "18880@20250701";

async fn ask(app: &TestApp, who: &TestStaff, function: &str, body: Value) -> Value {
    let answer = app.call(Some(who), function, body).await;
    assert_eq!(answer.status, 200, "{function}: {}", answer.text);
    if answer.text.is_empty() { Value::Null } else { answer.json() }
}

async fn open(app: &TestApp, who: &TestStaff, place: &str) -> Value {
    ask(app, who, "open-place", json!({"place": place, "before": false})).await
}

async fn hamlets_are_kept_by_their_commune(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let add = json!({"commune": COMMUNE, "name": "  Tổ  dân phố 5 "});
    ask(&app, &admin, "add-hamlet", add.clone()).await;
    let again = json!({"commune": COMMUNE, "name": "TDP 05"});
    assert_refused(&app.call(Some(&admin), "add-hamlet", again).await, 409, "hamlet-exists", "fix-input");
    let nameless = json!({"commune": COMMUNE, "name": " . "});
    assert_refused(&app.call(Some(&admin), "add-hamlet", nameless).await, 422, "hamlet-name", "fix-input");
    let opened = open(&app, &admin, COMMUNE).await;
    assert_eq!(
        (&opened["may_keep"], &opened["below"][0]["place"]["name"]),
        (&json!(true), &json!("Tổ dân phố 5"))
    );
    let hamlet = opened["below"][0]["place"]["id"].clone();

    // Next door she is seen, and not changed.
    let seen = open(&app, &neighbour, COMMUNE).await;
    assert_eq!((&seen["may_keep"], seen["below"].as_array().unwrap().len()), (&json!(false), 1));
    for (function, body) in [
        ("add-hamlet", add),
        ("rename-hamlet", json!({"hamlet": hamlet, "name": "Tổ dân phố 6"})),
        ("close-hamlet", json!({"hamlet": hamlet, "last_day": 20_261_125})),
        ("remove-hamlet", json!({"hamlet": hamlet})),
    ] {
        let mut unknown = body.clone();
        if function == "add-hamlet" {
            unknown["commune"] = "00000@20250701".into();
        } else {
            unknown["hamlet"] = "h00000000-0000-0000-0000-000000000001".into();
        }
        let answers = [
            app.call(Some(&neighbour), function, body).await,
            app.call(Some(&neighbour), function, unknown).await,
        ];
        for answer in &answers {
            assert_refused(answer, 404, "not-found", "fix-input");
        }
        assert_eq!(answers[0].text, answers[1].text, "{function}");
    }

    ask(&app, &admin, "rename-hamlet", json!({"hamlet": hamlet, "name": "Tổ dân phố Bắc"})).await;
    let details = json!({"name": "Hồ Thị Lan", "place": hamlet});
    ask(&app, &admin, "add-person", json!({"details": details})).await;
    let answer = app.call(Some(&admin), "remove-hamlet", json!({"hamlet": hamlet})).await;
    assert_refused(&answer, 409, "hamlet-in-use", "fix-input");
    let yesterday = json!({"hamlet": hamlet, "last_day": 20_200_101});
    assert_refused(&app.call(Some(&admin), "close-hamlet", yesterday).await, 422, "hamlet-day", "fix-input");
    let first = opened["below"][0]["valid_from"].clone();
    ask(&app, &admin, "close-hamlet", json!({"hamlet": hamlet, "last_day": first})).await;
    let list = ask(&app, &admin, "list-people", json!({"question": {"typed": ""}})).await;
    assert!(
        list["rows"][0]["place"].as_str().unwrap().starts_with("Tổ dân phố Bắc, "),
        "people stay: {list}"
    );
    ask(&app, &admin, "close-hamlet", json!({"hamlet": hamlet, "last_day": null})).await;

    ask(&app, &admin, "add-hamlet", json!({"commune": COMMUNE, "name": "Ghi Nhầm"})).await;
    let below = open(&app, &admin, COMMUNE).await["below"].clone();
    let mistake = below.as_array().unwrap().iter().find(|one| one["place"]["name"] == "Ghi Nhầm").unwrap();
    ask(&app, &admin, "remove-hamlet", json!({"hamlet": mistake["place"]["id"]})).await;
    assert_eq!(open(&app, &admin, COMMUNE).await["below"].as_array().unwrap().len(), 1);
    let log = ask(&app, &admin, "read-audit", json!({"question": {}})).await;
    let mut deeds: Vec<String> = log["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"].as_str().unwrap().starts_with("hamlet-"))
        .map(|entry| format!("{}: {}", entry["action"].as_str().unwrap(), entry["detail"].as_str().unwrap()))
        .collect();
    deeds.sort();
    assert_eq!(
        deeds,
        [
            "hamlet-added: Ghi Nhầm",
            "hamlet-added: Tổ dân phố 5",
            "hamlet-closed: Tổ dân phố Bắc",
            "hamlet-opened: Tổ dân phố Bắc",
            "hamlet-removed: Ghi Nhầm",
            "hamlet-renamed: Tổ dân phố 5 → Tổ dân phố Bắc",
        ],
        "each once; what was refused is not in the log"
    );
}

async fn people_are_counted_for_those_who_may_see_them(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let province = app.staff("tinh", Role::PlaceAdmin, PROVINCE).await;
    let viewer = app.staff("bao cao", Role::ReportViewer, PROVINCE).await;
    ask(&app, &admin, "add-hamlet", json!({"commune": COMMUNE, "name": "Tổ dân phố 5"})).await;
    let hamlet = open(&app, &admin, COMMUNE).await["below"][0]["place"]["id"].clone();
    for (name, place) in [("Lê An", json!(COMMUNE)), ("Lê Bình", hamlet.clone()), ("Lê Chi", hamlet)] {
        ask(&app, &admin, "add-person", json!({"details": {"name": name, "place": place}})).await;
    }
    let counts = async |who: &TestStaff| {
        let opened = open(&app, who, COMMUNE).await;
        (opened["people_here"].clone(), opened["below"][0]["people"].clone())
    };
    assert_eq!(counts(&admin).await, (json!(1), json!(2)));
    assert_eq!(counts(&province).await, (json!(1), json!(2)));
    assert_eq!(counts(&neighbour).await, (json!(0), json!(0)), "nobody of hers lives there");
    assert_eq!(counts(&viewer).await, (Value::Null, Value::Null));
    let opened = open(&app, &province, "44@20250701").await;
    let here = opened["below"].as_array().unwrap().iter().find(|one| one["place"]["id"] == COMMUNE).unwrap();
    assert_eq!(here["people"], 3);
    assert_eq!(open(&app, &admin, "vn").await["below"][0]["people"], Value::Null);
    let found = ask(&app, &viewer, "look-up-places", json!({"text": "dong hoi", "before": true})).await;
    assert_eq!(found[0]["place"]["id"], "450@0");
}
