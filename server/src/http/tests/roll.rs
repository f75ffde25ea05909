//! Phones of ambassadors: tied, told whom their colleague looks after, believed about whom she enrols, untied.

use domain::consent::{ConsentManner, ConsentMethod, ConsentPurpose};
use domain::event::{Event, EventKind};
use domain::ids::{ClassId, LearnerId, StaffId};
use domain::role::Role;
use domain::roll::{FetchRoll, Roll};
use domain::sync::{Code, Outcome, PROTOCOL_VERSION};
use serde_json::{Value, json};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{Answer, NOON_MS, Phone, TestApp, TestLearner, answered, assert_refused};

on_both_databases!(
    whom_an_ambassador_enrols_in_a_village_is_one_person_of_hers,
    where_each_stands_is_told,
    only_a_tied_phone_speaks_for_its_colleague,
    nobody_is_enrolled_where_the_colleague_does_not_work,
    no_phone_puts_anybody_into_a_class,
    what_her_people_agreed_to_in_the_village_counts,
    nobody_agrees_before_a_colleague_who_does_not_look_after_her,
    an_agreement_set_aside_is_judged_again,
    a_phone_is_tied_to_one_account_until_it_is_untied,
    the_key_of_a_list_comes_back_to_its_owner_alone,
);

const PLACE: &str = "18880@20250701";
const PLACE_NEXT: &str = "18871@20250701";

/// 32 bytes of 9 in base64url.
const KEY: &str = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk";

async fn tie(app: &TestApp, who: &TestStaff, phone: &Phone) -> Answer {
    let wanted = json!({"phone": {"device": phone.device, "token": phone.token, "key": KEY}});
    app.call(Some(who), "tie-phone", wanted).await
}

async fn tied(app: &TestApp, who: &TestStaff, number: u8) -> Phone {
    let phone = Phone::new(number);
    let answer = tie(app, who, &phone).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    phone
}

async fn fetch(app: &TestApp, phone: &Phone) -> Answer {
    let request = FetchRoll { protocol: PROTOCOL_VERSION, device: phone.device };
    phone.post(app, "/api/v1/roll", &request).await
}

async fn roll(app: &TestApp, phone: &Phone) -> Roll {
    let answer = fetch(app, phone).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// What an ambassador's phone records when she enrols somebody.
fn enrolment(app: &TestApp, phone: &Phone, actor: StaffId, learner: &TestLearner, place: &str) -> Vec<Event> {
    let manner = Some(ConsentManner { method: ConsentMethod::ReadAloud, guardian: None });
    let kinds = [
        EventKind::ConsentGiven { purpose: ConsentPurpose::LearningRecord, text_version: 1, manner },
        EventKind::LearnerEnrolled { code: learner.code.clone(), name: "Hồ Thị Lan".into() },
        EventKind::PersonDescribed {
            birth_year: Some(1958),
            place: Some(place.parse().unwrap()),
            group: None,
            phone: None,
            needs: vec![],
            classes: vec![],
        },
    ];
    let said = |kind| Event { actor: Some(actor), ..phone.event(app, learner.id, kind) };
    kinds.map(said).into()
}

async fn whom_an_ambassador_enrols_in_a_village_is_one_person_of_hers(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let (phone, lan) = (tied(&app, &mai, 1).await, TestLearner::new(1));
    assert_eq!(roll(&app, &phone).await.learners, vec![]);
    phone.enrol(&app, &lan).await;
    let facts = enrolment(&app, &phone, mai.id, &lan, PLACE);
    assert_eq!(phone.deliver(&app, &facts).await, [Outcome::Accepted; 3]);
    // The answer was lost; and what she learns on her own phone meanwhile comes with the same code and PIN.
    assert_eq!(phone.deliver(&app, &facts).await, [Outcome::Duplicate; 3]);
    let own = Phone::new(2);
    own.enrol(&app, &lan).await;
    assert_eq!(own.deliver(&app, &own.light(&app, lan.id, "6.1")).await, [Outcome::Accepted; 3]);

    let hers = roll(&app, &phone).await;
    assert_eq!((hers.staff, &*hers.name, hers.more), (mai.id, "mai", false));
    let [only] = hers.learners.as_slice() else { panic!("{:?}", hers.learners) };
    assert_eq!(
        (&*only.details.name, only.details.birth_year, only.has_pin),
        ("Hồ Thị Lan", Some(1958), true)
    );
    assert_eq!((only.id, &only.code, only.standing.lit), (lan.id, &lan.code, 1));
    assert!(hers.places.iter().any(|place| place.id.as_str() == PLACE), "{:?}", hers.places);
    for who in [&mai, &admin] {
        let list =
            app.call(Some(who), "list-people", json!({"question": {"typed": ""}})).await.json::<Value>();
        assert_eq!(list["rows"].as_array().unwrap().len(), 1, "{list}");
    }
    let seen = app.call(Some(&admin), "see-person", json!({"person": lan.id})).await.json::<Value>();
    let added = seen["looks"].as_array().unwrap().iter().filter(|look| look["action"] == "person-added");
    assert_eq!(added.map(|look| &look["actor"]).collect::<Vec<_>>(), ["mai"], "once, by her");
}

async fn where_each_stands_is_told(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let (phone, lan) = (tied(&app, &mai, 1).await, TestLearner::new(1));
    phone.enrol(&app, &lan).await;
    phone.deliver(&app, &enrolment(&app, &phone, mai.id, &lan, PLACE)).await;
    assert_eq!(roll(&app, &phone).await.learners[0].standing.last_ms, None, "being entered is not learning");
    let wrong: Vec<Event> = (0..3).map(|_| phone.event(&app, lan.id, answered("6.2", "a", 0))).collect();
    phone.deliver(&app, &wrong).await;
    let standing = roll(&app, &phone).await.learners.remove(0).standing;
    assert_eq!((standing.lit, &*standing.stuck_title), (0, "Bài 6.2"));
    assert_eq!(standing.stuck.unwrap().as_str(), "6.2");
    assert_eq!(standing.last_ms, Some(NOON_MS), "her clock runs ahead; nobody has learned tomorrow");
}

async fn only_a_tied_phone_speaks_for_its_colleague(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let other = app.staff("binh", Role::Ambassador, HERE).await;
    let (phone, stranger) = (tied(&app, &mai, 1).await, Phone::new(2));
    let aside = [Outcome::Quarantined(Code::ActorUnknown); 3];
    for (number, sender, actor) in [(1, &stranger, mai.id), (2, &phone, other.id)] {
        let learner = TestLearner::new(number);
        sender.enrol(&app, &learner).await;
        let facts = enrolment(&app, sender, actor, &learner, PLACE);
        assert_eq!(sender.deliver(&app, &facts).await, aside);
    }
    assert_refused(&fetch(&app, &stranger).await, 403, "phone-not-tied", "sign-in");
    // Stopped, ended, untied: from that moment on, and what was stored stays stored.
    let (lan, hoa) = (TestLearner::new(3), TestLearner::new(4));
    phone.enrol(&app, &lan).await;
    phone.enrol(&app, &hoa).await;
    let before = enrolment(&app, &phone, mai.id, &lan, PLACE);
    assert_eq!(phone.deliver(&app, &before).await, [Outcome::Accepted; 3]);
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let ended = app.call(Some(&admin), "end-role", json!({"grant": mai.grant})).await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    assert_refused(&fetch(&app, &phone).await, 403, "phone-not-tied", "sign-in");
    let after = enrolment(&app, &phone, mai.id, &hoa, PLACE);
    assert_eq!(phone.deliver(&app, &after).await, aside, "kept, and looked at by a person");
    assert_eq!(phone.deliver(&app, &before).await, [Outcome::Duplicate; 3]);
}

async fn nobody_is_enrolled_where_the_colleague_does_not_work(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let (phone, lan) = (tied(&app, &mai, 1).await, TestLearner::new(1));
    phone.enrol(&app, &lan).await;
    let facts = enrolment(&app, &phone, mai.id, &lan, PLACE_NEXT);
    let expected = [Outcome::Accepted, Outcome::Accepted, Outcome::Quarantined(Code::OutsideScope)];
    assert_eq!(phone.deliver(&app, &facts).await, expected);
    let list = app.call(Some(&neighbour), "list-people", json!({"question": {"typed": ""}})).await;
    assert_eq!(list.json::<Value>()["rows"], json!([]));
    assert_eq!(roll(&app, &phone).await.learners.len(), 1, "she is hers, without a place");
}

async fn no_phone_puts_anybody_into_a_class(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let (phone, lan) = (tied(&app, &mai, 1).await, TestLearner::new(1));
    phone.enrol(&app, &lan).await;
    phone.deliver(&app, &enrolment(&app, &phone, mai.id, &lan, PLACE)).await;
    for actor in [None, Some(mai.id)] {
        let kind = EventKind::PersonDescribed {
            birth_year: None,
            place: None,
            group: None,
            phone: None,
            needs: vec![],
            classes: vec![ClassId(uuid::Uuid::from_u128(1))],
        };
        let said = Event { actor, ..phone.event(&app, lan.id, kind) };
        let expected = [Outcome::Quarantined(Code::OutsideScope)];
        assert_eq!(phone.deliver(&app, &[said]).await, expected, "by {actor:?}");
    }
    assert_eq!(roll(&app, &phone).await.learners[0].details.classes, []);
}

async fn a_phone_is_tied_to_one_account_until_it_is_untied(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let binh = app.staff("binh", Role::Ambassador, HERE).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let phone = tied(&app, &mai, 1).await;
    assert_eq!(tie(&app, &mai, &phone).await.status, 200, "again is the same");
    assert_refused(&tie(&app, &binh, &phone).await, 409, "phone-taken", "fix-input");
    let mut impostor = Phone::new(1);
    impostor.token = Phone::new(9).token;
    assert_refused(&tie(&app, &mai, &impostor).await, 401, "device-unknown", "sign-in");
    // What needs the second factor is done at a desk.
    assert_refused(&tie(&app, &admin, &Phone::new(2)).await, 403, "not-allowed", "fix-input");
    let list = app.call(Some(&mai), "list-phones", json!({})).await.json::<Value>();
    assert_eq!(list[0]["device"], json!(phone.device), "{list}");
    assert_eq!(app.call(Some(&binh), "list-phones", json!({})).await.json::<Value>(), json!([]));
    let untie = json!({"device": phone.device});
    assert_refused(&app.call(Some(&binh), "untie-phone", untie.clone()).await, 404, "not-found", "fix-input");
    assert_eq!(app.call(Some(&mai), "untie-phone", untie).await.status, 200);
    assert_refused(&fetch(&app, &phone).await, 403, "phone-not-tied", "sign-in");
    assert_eq!(tie(&app, &binh, &phone).await.status, 200, "a phone goes from hand to hand");
}

async fn the_key_of_a_list_comes_back_to_its_owner_alone(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let binh = app.staff("binh", Role::Ambassador, HERE).await;
    let phone = tied(&app, &mai, 1).await;
    let wanted = json!({"device": phone.device});
    let key = app.call(Some(&mai), "phone-key", wanted.clone()).await;
    assert_eq!(key.json::<Value>(), json!(KEY));
    assert_refused(&app.call(Some(&binh), "phone-key", wanted).await, 404, "not-found", "fix-input");
    let stored = app.state.store.staff_phone(phone.device).await.unwrap().unwrap();
    assert!(!stored.key_sealed.contains(KEY) && !stored.key_sealed.is_empty(), "sealed at rest");
}

/// Somebody whom a colleague entered at a desk; an ambassador keeps whom she enters.
async fn somebody_of(app: &TestApp, who: &TestStaff) -> LearnerId {
    let details = json!({"name": "Hồ Văn Núi", "birth_year": 1950, "place": PLACE});
    let added = app.call(Some(who), "add-person", json!({"details": details})).await;
    assert_eq!(added.status, 200, "{}", added.text);
    added.json::<Value>()["id"].as_str().unwrap().parse().unwrap()
}

/// What an ambassador's phone records of somebody who agrees before her.
fn agreement(app: &TestApp, phone: &Phone, actor: StaffId, learner: LearnerId) -> Event {
    let manner = Some(ConsentManner { method: ConsentMethod::ReadAloud, guardian: None });
    let kind = EventKind::ConsentGiven { purpose: ConsentPurpose::LearningRecord, text_version: 1, manner };
    Event { actor: Some(actor), ..phone.event(app, learner, kind) }
}

async fn what_her_people_agreed_to_in_the_village_counts(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let (phone, nui) = (tied(&app, &mai, 1).await, somebody_of(&app, &mai).await);
    let before = roll(&app, &phone).await;
    let [only] = before.learners.as_slice() else { panic!("{:?}", before.learners) };
    assert_eq!((only.id, only.agreed.len(), only.agreed_ms), (nui, 0, None));
    let said = agreement(&app, &phone, mai.id, nui);
    assert_eq!(phone.deliver(&app, std::slice::from_ref(&said)).await, [Outcome::Accepted]);
    assert_eq!(
        phone.deliver(&app, std::slice::from_ref(&said)).await,
        [Outcome::Duplicate],
        "the answer was lost"
    );
    let after = roll(&app, &phone).await;
    assert_eq!(after.learners[0].agreed, [ConsentPurpose::LearningRecord]);
    assert_eq!(after.learners[0].agreed_ms, Some(said.at_ms));
    let seen = app.call(Some(&admin), "see-person", json!({"person": nui})).await.json::<Value>();
    assert_eq!(
        (&seen["consents"][0]["witness"], seen["consents"].as_array().unwrap().len()),
        (&json!("mai"), 1)
    );
    let looks = seen["looks"].as_array().unwrap().iter();
    let recorded = looks.filter(|look| look["action"] == "consent-recorded");
    assert_eq!(recorded.map(|look| &look["actor"]).collect::<Vec<_>>(), ["mai"], "once, by her");
    // It gives the phone no part in the record: nothing else is believed from it, and it is told nothing of it.
    let learned = phone.event(&app, nui, answered("6.2", "a", 1));
    assert_eq!(phone.deliver(&app, &[learned]).await, [Outcome::Quarantined(Code::UnknownLearner)]);
    assert_eq!(phone.sync::<Event>(&app, &[(nui, 0)], &[]).await.changes, []);
}

async fn nobody_agrees_before_a_colleague_who_does_not_look_after_her(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let next = app.staff("xa ben", Role::Ambassador, NEIGHBOUR).await;
    let (hers, other) = (tied(&app, &mai, 1).await, tied(&app, &next, 2).await);
    let stranger = Phone::new(3);
    stranger.enrol(&app, &TestLearner::new(9)).await;
    let (nui, nobodys) = (somebody_of(&app, &mai).await, somebody_of(&app, &admin).await);
    for (phone, actor, learner, why) in [
        (&other, next.id, nui, Code::OutsideScope),
        (&other, mai.id, nui, Code::ActorUnknown),
        (&stranger, mai.id, nui, Code::ActorUnknown),
        (&hers, mai.id, nobodys, Code::OutsideScope),
    ] {
        let said = agreement(&app, phone, actor, learner);
        assert_eq!(phone.deliver(&app, &[said]).await, [Outcome::Quarantined(why)]);
    }
    // An agreement read by herself is not one that a colleague can send, nor is a withdrawal.
    let said = agreement(&app, &hers, mai.id, nui);
    let own = EventKind::ConsentGiven { purpose: ConsentPurpose::Research, text_version: 1, manner: None };
    let taken = EventKind::ConsentWithdrawn { purpose: ConsentPurpose::LearningRecord };
    for kind in [own, taken] {
        let event = Event { kind, id: hers.event(&app, nui, answered("6.2", "a", 1)).id, ..said.clone() };
        assert_eq!(hers.deliver(&app, &[event]).await, [Outcome::Quarantined(Code::UnknownLearner)]);
    }
    assert_eq!(roll(&app, &hers).await.learners[0].agreed, []);
}

async fn an_agreement_set_aside_is_judged_again(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan tri", Role::SystemAdmin, "").await;
    let mai = app.staff("mai", Role::Ambassador, HERE).await;
    let (phone, nui) = (tied(&app, &mai, 1).await, somebody_of(&app, &mai).await);
    let untied = app.call(Some(&mai), "untie-phone", json!({"device": phone.device})).await;
    assert_eq!(untied.status, 200, "{}", untied.text);
    let said = agreement(&app, &phone, mai.id, nui);
    assert_eq!(phone.deliver(&app, &[said]).await, [Outcome::Quarantined(Code::ActorUnknown)]);
    let waiting = json!({"settled": false, "before": null});
    let asides = app.call(Some(&admin), "list-asides", waiting).await.json::<Value>();
    let id = json!({"id": asides["rows"][0]["id"]});
    let review = async || app.call(Some(&admin), "review-aside", id.clone()).await.json::<Value>();
    assert_eq!(review().await, json!("actor-unknown"));
    // As the page says: the phone is tied again, and the agreement judged again.
    assert_eq!(tie(&app, &mai, &phone).await.status, 200);
    assert_eq!(review().await, Value::Null);
    assert_eq!(roll(&app, &phone).await.learners[0].agreed, [ConsentPurpose::LearningRecord]);
}
