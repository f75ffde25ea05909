//! Facts that were set aside, as staff settle them and phones learn of it.

use domain::event::Event;
use domain::ids::LearnerId;
use domain::role::Role;
use domain::sync::{Code, Outcome};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::store::people_for_tests::{HERE, NEXT, a_person, add, person_id};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::TestStaff;
use crate::test_app::{Phone, TestApp, TestLearner, answered, assert_refused, facts, finished};

on_both_databases!(
    what_is_judged_again_becomes_a_fact_once,
    a_fact_is_given_to_the_person_it_belongs_to,
    two_who_fix_the_same_at_once_store_it_once,
    what_somebody_else_said_of_herself_is_given_to_nobody,
    a_closing_has_a_reason_and_is_taken_back,
    a_commune_sees_its_own_people_only,
    a_page_follows_a_page,
    every_fix_stands_in_the_log,
);

async fn list(app: &TestApp, who: &TestStaff, settled: bool) -> Vec<Value> {
    let answer = app.call(Some(who), "list-asides", json!({"settled": settled, "before": null})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json::<Value>()["rows"].as_array().unwrap().clone()
}

async fn fix(app: &TestApp, who: &TestStaff, function: &str, body: Value) -> Value {
    let answer = app.call(Some(who), function, body).await;
    assert_eq!(answer.status, 200, "{function}: {}", answer.text);
    answer.json()
}

/// A phone with a record of its own, and a learner's phone; the first one sends what the second one's learner did.
async fn a_mix_up(app: &TestApp) -> (Phone, Phone, TestLearner, Event) {
    let (hers, wrong) = (Phone::new(1), Phone::new(2));
    let learner = TestLearner::new(1);
    hers.enrol(app, &learner).await;
    wrong.enrol(app, &TestLearner::new(2)).await;
    let event = wrong.event(app, learner.id, answered("6.1", "a", 1));
    let outcome = wrong.deliver(app, std::slice::from_ref(&event)).await;
    assert_eq!(outcome, [Outcome::Quarantined(Code::UnknownLearner)]);
    (hers, wrong, learner, event)
}

async fn what_is_judged_again_becomes_a_fact_once(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let (hers, wrong, learner, event) = a_mix_up(&app).await;
    let row = list(&app, &admin, false).await.remove(0);
    assert_eq!(row["code"], "unknown-learner");
    assert_eq!(row["sent"]["Fact"]["about"], "Bài 6.1");
    let id = json!({"id": row["id"]});
    assert_eq!(
        fix(&app, &admin, "review-aside", id.clone()).await,
        json!("unknown-learner"),
        "nothing changed"
    );
    assert_eq!(list(&app, &admin, false).await.len(), 1, "it still waits");

    assert_eq!(wrong.open(&app, &learner.code, &learner.pin).await.status, 200);
    let again = wrong.deliver(&app, std::slice::from_ref(&event)).await;
    assert_eq!(
        again,
        [Outcome::Quarantined(Code::UnknownLearner)],
        "the answer to a phone stays what it was"
    );
    assert_eq!(fix(&app, &admin, "review-aside", id.clone()).await, Value::Null);
    assert_eq!(list(&app, &admin, false).await, [0_u8; 0].map(Value::from));
    assert_eq!(list(&app, &admin, true).await[0]["settled"]["how"], "stored");
    let told = facts(&hers.everything(&app, learner.id).await);
    assert_eq!(told, [(event.clone(), Some(true))], "graded, and told to her own phone");
    for _ in 0..2 {
        assert_eq!(wrong.deliver(&app, std::slice::from_ref(&event)).await, [Outcome::Duplicate]);
        assert_refused(
            &app.call(Some(&admin), "review-aside", id.clone()).await,
            409,
            "already-settled",
            "fix-input",
        );
    }
    assert_eq!(facts(&hers.everything(&app, learner.id).await).len(), 1);
}

async fn a_fact_is_given_to_the_person_it_belongs_to(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let (hers, wrong, learner, _) = a_mix_up(&app).await;
    // Nobody has this record: it was made on the phone and never arrived.
    let lost = LearnerId(Uuid::from_u128(0x77));
    let event = wrong.event(&app, lost, finished("6.2"));
    wrong.deliver(&app, std::slice::from_ref(&event)).await;
    let rows = list(&app, &admin, false).await;
    let row = rows.iter().find(|row| row["person"].is_null()).unwrap();
    assert_eq!((&row["any_person"], &row["this_person"]), (&json!(true), &json!(false)));
    let bind = json!({"id": row["id"], "person": learner.id});
    let nobody = json!({"id": row["id"], "person": lost});
    assert_refused(&app.call(Some(&admin), "bind-aside", nobody).await, 404, "not-found", "fix-input");
    assert_eq!(fix(&app, &admin, "bind-aside", bind.clone()).await, Value::Null);
    assert_refused(&app.call(Some(&admin), "bind-aside", bind).await, 409, "already-settled", "fix-input");

    let told = facts(&hers.everything(&app, learner.id).await);
    let given = Event { learner: learner.id, ..event.clone() };
    assert_eq!(told, [(given.clone(), None)], "a phone files it under her record");
    let known = app.state.store.facts_of(learner.id).await.unwrap();
    assert_eq!(known.into_iter().map(|fact| fact.event).collect::<Vec<_>>(), [given]);
    assert_eq!(wrong.deliver(&app, std::slice::from_ref(&event)).await, [Outcome::Duplicate]);
    let kept = app.state.store.aside_for_tests().await;
    assert!(kept.iter().any(|(_, body)| *body == event.canonical_json()), "what was sent stays as it was");
    let settled = list(&app, &admin, true).await;
    assert_eq!(settled[0]["settled"]["how"], "bound");
    assert_eq!(settled[0]["person"]["id"], json!(learner.id));
}

async fn two_who_fix_the_same_at_once_store_it_once(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let (hers, _, learner, _) = a_mix_up(&app).await;
    let id = list(&app, &admin, false).await[0]["id"].clone();
    let bind = || app.call(Some(&admin), "bind-aside", json!({"id": id, "person": learner.id}));
    let (one, two, three) = tokio::join!(bind(), bind(), bind());
    let mut statuses = [one.status.as_u16(), two.status.as_u16(), three.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    assert_eq!(facts(&hers.everything(&app, learner.id).await).len(), 1);
}

async fn what_somebody_else_said_of_herself_is_given_to_nobody(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let (_, wrong, learner, _) = a_mix_up(&app).await;
    let lost = TestLearner::new(9);
    wrong.deliver(&app, &wrong.introduce(&app, &lost, "Hồ Thị Lạc")).await;
    let own = wrong.event(&app, LearnerId(Uuid::from_u128(0x1002)), answered("6.1", "a", 9));
    let outcome = wrong.deliver(&app, &[own]).await;
    assert_eq!(outcome, [Outcome::Quarantined(Code::ResponseDoesNotFit)]);
    let rows = list(&app, &admin, false).await;
    let others: Vec<_> =
        rows.iter().filter(|row| row["code"] != "unknown-learner" || row["person"].is_null()).collect();
    assert_eq!(others.len(), 3);
    for row in others {
        assert_eq!(row["any_person"], json!(false), "{row}");
        let bind = json!({"id": row["id"], "person": learner.id});
        assert_refused(&app.call(Some(&admin), "bind-aside", bind).await, 409, "not-bindable", "fix-input");
    }
    let person = app.state.store.person(&domain::scope::Scope::All, learner.id).await.unwrap().unwrap();
    assert_eq!(person.details.name, "", "nobody got another one's name");
}

async fn a_closing_has_a_reason_and_is_taken_back(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let (_, wrong, learner, event) = a_mix_up(&app).await;
    let id = list(&app, &admin, false).await[0]["id"].clone();
    let close = |why: &str| app.call(Some(&admin), "close-aside", json!({"id": id, "why": why}));
    assert_refused(&close("stored").await, 422, "field-refused", "fix-input");
    assert_eq!(close("nobody-knows").await.status, 200);
    assert_refused(&close("trial").await, 409, "already-settled", "fix-input");
    assert!(list(&app, &admin, false).await.is_empty());
    assert_eq!(list(&app, &admin, true).await[0]["settled"]["how"], "nobody-knows");
    let sent_again = wrong.deliver(&app, &[event]).await;
    assert_eq!(sent_again, [Outcome::Quarantined(Code::UnknownLearner)], "closed is not stored");
    assert!(list(&app, &admin, false).await.is_empty(), "and does not open it again");

    fix(&app, &admin, "reopen-aside", json!({"id": id})).await;
    assert!(list(&app, &admin, false).await[0]["settled"].is_null());
    fix(&app, &admin, "bind-aside", json!({"id": id, "person": learner.id})).await;
    let again = app.call(Some(&admin), "reopen-aside", json!({"id": id})).await;
    assert_refused(&again, 404, "not-found", "fix-input");
}

async fn a_commune_sees_its_own_people_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let here = app.staff("xa nay", Role::PlaceAdmin, HERE).await;
    let next = app.staff("xa kia", Role::PlaceAdmin, NEXT).await;
    add(&app.state.store, &a_person(1, "Hồ Thị Lan", Some(HERE))).await;
    add(&app.state.store, &a_person(2, "Lê Văn Láng", Some(NEXT))).await;
    let phone = Phone::new(3);
    phone.enrol(&app, &TestLearner::new(3)).await;
    let about = |learner| phone.event(&app, learner, finished("6.1"));
    let events = [about(person_id(1)), about(LearnerId(Uuid::from_u128(0x77)))];
    phone.deliver(&app, &events).await;

    let mine = list(&app, &here, false).await;
    assert_eq!(mine.len(), 1, "what is about nobody known is for the whole installation");
    assert_eq!(mine[0]["person"]["name"], "Hồ Thị Lan");
    assert!(list(&app, &next, false).await.is_empty());
    let id = &mine[0]["id"];
    for (function, body) in [
        ("review-aside", json!({"id": id})),
        ("bind-aside", json!({"id": id, "person": person_id(2)})),
        ("close-aside", json!({"id": id, "why": "trial"})),
        ("reopen-aside", json!({"id": id})),
    ] {
        assert_refused(&app.call(Some(&next), function, body).await, 404, "not-found", "fix-input");
    }
    let to_the_neighbour = json!({"id": id, "person": person_id(2)});
    assert_refused(
        &app.call(Some(&here), "bind-aside", to_the_neighbour).await,
        404,
        "not-found",
        "fix-input",
    );
    let find = |who| app.call(Some(who), "find-person-for-aside", json!({"typed": "la"}));
    assert!(find(&here).await.text.contains("Hồ Thị Lan") && !find(&here).await.text.contains("Láng"));
    assert!(!find(&next).await.text.contains("Lan\""));
    fix(&app, &here, "bind-aside", json!({"id": id, "person": person_id(1)})).await;
}

async fn a_page_follows_a_page(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let phone = Phone::new(3);
    phone.enrol(&app, &TestLearner::new(3)).await;
    let odd: Vec<Value> = (0..25).map(|number| json!({"v": 1, "number": number})).collect();
    phone.deliver(&app, &odd).await;
    let page =
        |before: Value| app.call(Some(&admin), "list-asides", json!({"settled": false, "before": before}));
    let first: Value = page(Value::Null).await.json();
    let second: Value = page(first["next"].clone()).await.json();
    assert!(second["next"].is_null());
    let mut bodies: Vec<String> = [&first, &second]
        .iter()
        .flat_map(|page| page["rows"].as_array().unwrap())
        .map(|row| row["sent"]["Unreadable"].as_str().unwrap().to_owned())
        .collect();
    bodies.sort_unstable();
    bodies.dedup();
    assert_eq!(bodies.len(), 25, "each once");
}

async fn every_fix_stands_in_the_log(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let (_, _, learner, _) = a_mix_up(&app).await;
    let id = list(&app, &admin, false).await[0]["id"].clone();
    fix(&app, &admin, "review-aside", json!({"id": id})).await;
    fix(&app, &admin, "close-aside", json!({"id": id, "why": "trial"})).await;
    fix(&app, &admin, "reopen-aside", json!({"id": id})).await;
    fix(&app, &admin, "bind-aside", json!({"id": id, "person": learner.id})).await;
    let log: Value =
        app.call(Some(&admin), "read-audit", json!({"question": {"actor": admin.id}})).await.json();
    let mut said: Vec<(&str, &str)> = log["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["action"].as_str().unwrap().starts_with("aside-"))
        .inspect(|row| assert_eq!(row["about_person"], json!(true), "{row}"))
        .map(|row| (row["action"].as_str().unwrap(), row["detail"].as_str().unwrap()))
        .collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            ("aside-bound", ""),
            ("aside-closed", "trial"),
            ("aside-judged", "unknown-learner"),
            ("aside-reopened", "")
        ]
    );
}
