//! Look-alikes as the staff page decides on them: shown to those who look after both, merged, kept apart, taken back.

use domain::role::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::backend::look_alikes::PAIRS;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, PROVINCE, TestStaff};
use crate::test_app::{TestApp, assert_refused};

on_both_databases!(
    a_pair_is_merged_and_taken_apart_again,
    two_people_stay_two,
    nobody_decides_about_the_neighbours,
    pairs_and_decisions_come_in_pages,
);

async fn ask(app: &TestApp, who: &TestStaff, function: &str, body: Value) -> Value {
    let answer = app.call(Some(who), function, body).await;
    assert_eq!(answer.status, 200, "{function}: {}", answer.text);
    if answer.text.is_empty() { Value::Null } else { answer.json() }
}

/// Adds somebody; returns her id.
async fn add(app: &TestApp, who: &TestStaff, name: &str, year: Option<u16>, place: &str) -> Value {
    let place = place.trim_end_matches('/').rsplit('/').next();
    let details = json!({"name": name, "birth_year": year, "place": place, "phone": "0912345678"});
    ask(app, who, "add-person", json!({"details": details})).await["id"].clone()
}

async fn pairs(app: &TestApp, who: &TestStaff) -> Vec<Value> {
    let page = ask(app, who, "list-look-alikes", json!({"after": null})).await;
    page["rows"].as_array().unwrap().clone()
}

async fn decisions(app: &TestApp, who: &TestStaff) -> Vec<Value> {
    let page = ask(app, who, "list-decisions", json!({"before": null})).await;
    page["rows"].as_array().unwrap().clone()
}

async fn listed(app: &TestApp, who: &TestStaff) -> usize {
    let page = ask(app, who, "list-people", json!({"question": {"typed": ""}})).await;
    page["rows"].as_array().unwrap().len()
}

/// Returns what the log says was done to a person, without the looks.
async fn deeds(app: &TestApp, who: &TestStaff, id: &Value) -> Vec<String> {
    let seen = ask(app, who, "see-person", json!({"person": id})).await;
    let looks = seen["looks"].as_array().unwrap().iter();
    let mut deeds: Vec<String> = looks.map(|look| look["action"].as_str().unwrap().to_owned()).collect();
    deeds.retain(|deed| deed != "person-seen" && deed != "pin-given");
    deeds.sort();
    deeds
}

async fn a_pair_is_merged_and_taken_apart_again(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let one = add(&app, &admin, "Hồ Thị Lý", Some(1958), HERE).await;
    let other = add(&app, &admin, "Hồ Thị Lí", Some(1958), HERE).await;
    let shown = pairs(&app, &admin).await;
    assert_eq!((shown.len(), &shown[0]["likeness"]), (1, &json!("year")));
    let records = shown[0]["records"].as_array().unwrap();
    let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
    assert!(ids.contains(&&one) && ids.contains(&&other));
    assert_eq!(records[0]["place"], "Phường Đồng Hới, Tỉnh Quảng Trị");
    assert_eq!(records[0]["details"]["phone"], "+84912345678");
    assert_eq!((&records[0]["courses"], records[0]["code"].as_str().unwrap().len()), (&json!([]), 14));

    let merge = json!({"kept": other, "other": one});
    ask(&app, &admin, "merge-people", merge.clone()).await;
    assert_eq!((pairs(&app, &admin).await.len(), listed(&app, &admin).await), (0, 1));
    assert_refused(&app.call(Some(&admin), "merge-people", merge).await, 409, "already-decided", "fix-input");
    let decided = decisions(&app, &admin).await;
    assert_eq!(decided.len(), 1);
    assert_eq!((&decided[0]["merged"], &decided[0]["by"]), (&json!(true), &json!("quan ly")));
    assert_eq!(decided[0]["kept"], json!({"name": "Hồ Thị Lí", "birth_year": 1958}));
    assert_eq!((&decided[0]["other"]["name"], &decided[0]["undone"]), (&json!("Hồ Thị Lý"), &Value::Null));

    let undo = json!({"decision": decided[0]["id"]});
    ask(&app, &admin, "undo-decision", undo.clone()).await;
    assert_eq!((pairs(&app, &admin).await.len(), listed(&app, &admin).await), (1, 2));
    let answer = app.call(Some(&admin), "undo-decision", undo).await;
    assert_refused(&answer, 409, "already-decided", "fix-input");
    assert_eq!(decisions(&app, &admin).await[0]["undone"][0], "quan ly");
    for id in [&one, &other] {
        let expected = ["decision-taken-back", "people-merged", "person-added"];
        assert_eq!(deeds(&app, &admin, id).await, expected, "once each: what failed is not in the log");
    }
}

async fn two_people_stay_two(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let one = add(&app, &admin, "Lê An", Some(1958), HERE).await;
    let other = add(&app, &admin, "Lê An", None, HERE).await;
    ask(&app, &admin, "keep-people-apart", json!({"one": one, "other": other})).await;
    assert_eq!((pairs(&app, &admin).await.len(), listed(&app, &admin).await), (0, 2));
    let decided = decisions(&app, &admin).await;
    assert_eq!(decided[0]["merged"], false);
    assert_eq!(deeds(&app, &admin, &other).await, ["people-kept-apart", "person-added"]);
    ask(&app, &admin, "undo-decision", json!({"decision": decided[0]["id"]})).await;
    assert_eq!(pairs(&app, &admin).await.len(), 1);
}

async fn nobody_decides_about_the_neighbours(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("xa nay", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let province = app.staff("tinh", Role::PlaceAdmin, PROVINCE).await;
    let mine = add(&app, &admin, "Hồ Thị Lan", Some(1958), HERE).await;
    let hers = add(&app, &neighbour, "Hồ Thị Lan", Some(1958), NEIGHBOUR).await;
    let more = add(&app, &neighbour, "Hồ Thị Lan", None, NEIGHBOUR).await;
    assert_eq!(pairs(&app, &province).await.len(), 3);
    assert_eq!(pairs(&app, &neighbour).await.len(), 1);
    assert_eq!(pairs(&app, &admin).await, Vec::<Value>::new(), "a pair half in scope is not shown");
    let unknown = json!(Uuid::from_u128(1));
    for [one, other] in [[&mine, &hers], [&hers, &mine], [&hers, &more]] {
        for (function, names) in
            [("merge-people", ["kept", "other"]), ("keep-people-apart", ["one", "other"])]
        {
            let about = |one: &Value, other: &Value| json!({names[0]: one, names[1]: other});
            let answers = [
                app.call(Some(&admin), function, about(one, other)).await,
                app.call(Some(&admin), function, about(&mine, &unknown)).await,
            ];
            for answer in &answers {
                assert_refused(answer, 404, "not-found", "fix-input");
            }
            assert_eq!(
                answers[0].text, answers[1].text,
                "{function}: out of scope and not there are the same"
            );
        }
    }
    ask(&app, &province, "merge-people", json!({"kept": hers, "other": mine})).await;
    let decision = decisions(&app, &province).await[0]["id"].clone();
    for who in [&admin, &neighbour] {
        assert_eq!(decisions(&app, who).await, Vec::<Value>::new());
        let answer = app.call(Some(who), "undo-decision", json!({"decision": decision})).await;
        assert_refused(&answer, 404, "not-found", "fix-input");
    }
    // A cursor is only a place in the list: it opens nothing.
    let after = json!({"after": {"found_ms": i64::MAX, "a": hers, "b": more}});
    let page = ask(&app, &admin, "list-look-alikes", after).await;
    assert_eq!(page["rows"], json!([]));
    let page = ask(&app, &admin, "list-decisions", json!({"before": Uuid::max()})).await;
    assert_eq!(page["rows"], json!([]));
}

async fn pairs_and_decisions_come_in_pages(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let acting = crate::people::Acting {
        store: &app.state.store,
        random: &app.state.random,
        scope: &domain::scope::Scope::All,
        staff: admin.id,
        now_ms: app.state.clock.now_ms(),
    };
    let here = HERE.trim_end_matches('/').rsplit('/').next().unwrap();
    for number in 0..PAIRS + 1 {
        for _ in 0..2 {
            let details =
                json!({"name": format!("Lê An {}", "a".repeat(number)), "birth_year": 1958, "place": here});
            crate::people::add(acting, serde_json::from_value(details).unwrap(), None).await.unwrap();
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut after = Value::Null;
    for expected in [PAIRS, 1] {
        let page = ask(&app, &admin, "list-look-alikes", json!({"after": after})).await;
        let rows = page["rows"].as_array().unwrap();
        assert_eq!(rows.len(), expected);
        seen.extend(rows.iter().map(|row| row["records"][0]["details"]["name"].as_str().unwrap().to_owned()));
        after = page["next"].clone();
    }
    assert_eq!((seen.len(), after), (PAIRS + 1, Value::Null), "each once, and no more");

    let few = crate::people::decisions(acting, None, 2).await.unwrap();
    assert_eq!((few.0.len(), few.1), (0, false));
    for pair in crate::people::likely_duplicates(acting, None, 3).await.unwrap().pairs {
        crate::people::merge(acting, pair.a.id, pair.b.id).await.unwrap();
    }
    let (first, is_more) = crate::people::decisions(acting, None, 2).await.unwrap();
    assert_eq!((first.len(), is_more), (2, true));
    let before = Some(first[1].decision.id);
    let (rest, is_more) = crate::people::decisions(acting, before, 2).await.unwrap();
    assert_eq!((rest.len(), is_more), (1, false));
    assert!(first[0].decision.id > first[1].decision.id && first[1].decision.id > rest[0].decision.id);
}
