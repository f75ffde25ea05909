//! Who may call what: every server function and every staff page, for every role. The test fails for one without a row.

use std::collections::BTreeSet;

use app::i18n::Locale;
use app::routes::{Page, StaffPage};
use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::role::{Action, ROLES, Role, allows};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, PROVINCE, TestStaff};
use crate::test_app::{TestApp, assert_refused};

on_both_databases!(
    every_function_asks_for_its_action,
    nobody_reaches_the_neighbours,
    nobody_raises_herself_or_those_above,
    a_sign_in_by_half_opens_nothing,
    functions_are_called_by_our_own_pages_only,
    every_staff_page_is_the_same_for_everybody,
);

/// A function, the action it asks for, and arguments about a colleague of the commune [`HERE`].
type FunctionRow = (&'static str, Action, fn(&TestStaff) -> Value);

const FUNCTIONS: [FunctionRow; 69] = [
    ("who-am-i", Action::KeepOwnAccount, |_| json!({})),
    ("change-password", Action::KeepOwnAccount, |_| json!({"old": "x", "new": "y"})),
    ("begin-second-factor", Action::KeepOwnAccount, |_| json!({"password": "x"})),
    ("confirm-second-factor", Action::KeepOwnAccount, |_| json!({"ticket": "x", "code": "000000"})),
    ("make-recovery-codes", Action::KeepOwnAccount, |_| json!({"password": "x"})),
    ("list-sessions", Action::KeepOwnAccount, |_| json!({})),
    ("end-session", Action::KeepOwnAccount, |_| json!({"session": Uuid::nil()})),
    ("end-other-sessions", Action::KeepOwnAccount, |_| json!({})),
    ("search-places", Action::FindPlaces, |_| json!({"text": "dong"})),
    ("list-colleagues", Action::SeeStaff, |_| json!({"text": "", "after": null})),
    ("add-colleague", Action::KeepStaff, |_| add_ambassador("moi", HERE)),
    ("stop-colleague", Action::KeepStaff, |whom| json!({"staff": whom.id, "stopped": false})),
    ("give-password", Action::KeepStaff, |whom| json!({"staff": whom.id})),
    ("give-role", Action::KeepStaff, |whom| give_role(whom, Role::Ambassador, HERE)),
    ("end-role", Action::KeepStaff, |whom| json!({"grant": whom.grant})),
    ("link-identity", Action::KeepStaff, |whom| json!({"staff": whom.id, "subject": ""})),
    ("read-audit", Action::SeeAudit, |_| json!({"question": {}})),
    ("list-asides", Action::JoinPeople, |_| json!({"settled": false, "before": null})),
    ("review-aside", Action::JoinPeople, |_| json!({"id": Uuid::nil()})),
    ("bind-aside", Action::JoinPeople, |_| json!({"id": Uuid::nil(), "person": Uuid::nil()})),
    ("close-aside", Action::JoinPeople, |_| json!({"id": Uuid::nil(), "why": "trial"})),
    ("reopen-aside", Action::JoinPeople, |_| json!({"id": Uuid::nil()})),
    ("find-person-for-aside", Action::JoinPeople, |_| json!({"typed": "lan"})),
    (
        "tie-phone",
        Action::EnrolPeople,
        |_| json!({"phone": {"device": Uuid::nil(), "token": "x", "key": "x"}}),
    ),
    ("phone-key", Action::EnrolPeople, |_| json!({"device": Uuid::nil()})),
    ("list-phones", Action::KeepOwnAccount, |_| json!({})),
    ("untie-phone", Action::KeepOwnAccount, |_| json!({"device": Uuid::nil()})),
    ("list-requests", Action::AnswerRequests, |_| json!({"closed": false})),
    (
        "enter-request",
        Action::AnswerRequests,
        |_| json!({"person": Uuid::nil(), "kind": "see", "purpose": null, "words": ""}),
    ),
    ("step-request", Action::AnswerRequests, |_| json!({"id": Uuid::nil(), "step": "reply"})),
    ("fulfil-request", Action::AnswerRequests, |_| json!({"id": Uuid::nil(), "what": "restrict"})),
    ("export-for-request", Action::AnswerRequests, |_| json!({"id": Uuid::nil()})),
    ("list-inactive", Action::AnswerRequests, |_| json!({})),
    ("find-person-for-request", Action::AnswerRequests, |_| json!({"typed": "lan"})),
    ("list-incidents", Action::KeepIncidents, |_| json!({})),
    ("keep-incident", Action::KeepIncidents, |_| {
        json!({"draft": {"id": null, "version": 0, "place": null, "text": {"what": "", "detected_ms": 0,
            "kinds": "", "people_number": 0, "harm": "", "done": "", "told_ms": null, "told": ""}, "people": []}})
    }),
    ("close-incident", Action::KeepIncidents, |_| json!({"id": Uuid::nil()})),
    ("list-people", Action::SeePeople, |_| json!({"question": {"typed": ""}})),
    ("add-person", Action::EnrolPeople, |_| json!({"details": {"name": ""}})),
    ("see-person", Action::SeePeople, |_| json!({"person": Uuid::nil()})),
    (
        "correct-person",
        Action::CorrectPeople,
        |_| json!({"person": Uuid::nil(), "version": 1, "details": {"name": "Lê An"}}),
    ),
    ("give-pin", Action::EnrolPeople, |_| json!({"person": Uuid::nil()})),
    ("preview-list", Action::MovePeople, |_| json!({"file": {"content": ""}})),
    ("apply-list", Action::MovePeople, |_| json!({"file": {"content": ""}, "fingerprint": ""})),
    ("list-batches", Action::MovePeople, |_| json!({})),
    ("undo-batch", Action::MovePeople, |_| json!({"number": 0})),
    ("export-people", Action::MovePeople, |_| json!({"format": "csv"})),
    ("list-look-alikes", Action::JoinPeople, |_| json!({"after": null})),
    ("merge-people", Action::JoinPeople, |_| json!({"kept": Uuid::nil(), "other": Uuid::max()})),
    ("keep-people-apart", Action::JoinPeople, |_| json!({"one": Uuid::nil(), "other": Uuid::max()})),
    ("list-decisions", Action::JoinPeople, |_| json!({"before": null})),
    ("undo-decision", Action::JoinPeople, |_| json!({"decision": Uuid::nil()})),
    ("open-place", Action::FindPlaces, |_| json!({"place": null, "before": false})),
    ("look-up-places", Action::FindPlaces, |_| json!({"text": "dong hoi", "before": true})),
    ("add-hamlet", Action::KeepHamlets, |_| json!({"commune": "44@20250701", "name": "Bản Kè"})),
    ("rename-hamlet", Action::KeepHamlets, |_| json!({"hamlet": "h0", "name": "Bản Kè"})),
    ("close-hamlet", Action::KeepHamlets, |_| json!({"hamlet": "h0", "last_day": 20_261_125})),
    ("remove-hamlet", Action::KeepHamlets, |_| json!({"hamlet": "h0"})),
    (
        "record-consent",
        Action::EnrolPeople,
        |_| json!({"person": Uuid::nil(), "purposes": ["learning-record"], "guardian": null}),
    ),
    ("keep-identity", Action::CorrectPeople, |_| json!({"person": Uuid::nil(), "number": ""})),
    ("list-classes", Action::SeePeople, |_| json!({"typed": ""})),
    ("see-class", Action::SeePeople, |_| json!({"class": Uuid::nil()})),
    ("open-class", Action::KeepClasses, |_| json!({"name": "7A", "place": "h0"})),
    ("rename-class", Action::KeepClasses, |_| json!({"class": Uuid::nil(), "name": "7A"})),
    ("close-class", Action::KeepClasses, |_| json!({"class": Uuid::nil(), "closed": true})),
    ("join-class", Action::CorrectPeople, |_| json!({"class": Uuid::nil(), "person": Uuid::nil()})),
    ("leave-class", Action::CorrectPeople, |_| json!({"class": Uuid::nil(), "person": Uuid::nil()})),
    ("give-class-pins", Action::EnrolPeople, |_| json!({"class": Uuid::nil()})),
    ("find-person-for-class", Action::CorrectPeople, |_| json!({"typed": "lan"})),
];

fn add_ambassador(name: &str, place: &str) -> Value {
    json!({"new": {"name": name, "whole_name": "Lê Thị Mới", "phone": "",
        "role": {"role": "ambassador", "place": place, "until_ms": null}}})
}

fn give_role(whom: &TestStaff, role: Role, place: &str) -> Value {
    let place = role.has_place().then_some(place);
    json!({"staff": whom.id, "role": {"role": role, "place": place, "until_ms": null}})
}

/// Refusals that say "you may not"; anything else means that the check was passed.
const MAY_NOT: [&str; 4] = ["sign-in-needed", "not-allowed", "second-factor-needed", "new-password-needed"];

fn registered() -> BTreeSet<String> {
    let paths = leptos::server_fn::axum::server_fn_paths();
    paths
        .map(|(path, method)| {
            assert_eq!(method, Method::POST, "{path}: arguments do not belong into addresses");
            path.strip_prefix("/api/staff/v1/")
                .unwrap_or_else(|| panic!("{path} has no fixed address"))
                .to_owned()
        })
        .collect()
}

async fn every_function_asks_for_its_action(db: TestDatabase) {
    let listed: BTreeSet<String> = FUNCTIONS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(registered(), listed, "every server function has a row, every row a function");
    let app = TestApp::new(db).await;
    for role in ROLES {
        let place = if role.has_place() { HERE } else { "" };
        let who = app.staff(&format!("nguoi {}", role.as_str()), role, place).await;
        let idle = app.staff(&format!("dai su {}", role.as_str()), Role::Ambassador, HERE).await;
        for (name, action, arguments) in FUNCTIONS {
            // One who is stopped or changed is somebody new each time.
            let fresh = match action {
                Action::KeepStaff => {
                    Some(app.staff(&format!("{name} {}", role.as_str()), Role::Ambassador, HERE).await)
                }
                _ => None,
            };
            let answer = app.call(Some(&who), name, arguments(fresh.as_ref().unwrap_or(&idle))).await;
            // One's own account is open to whoever is signed in.
            let expected = action == Action::KeepOwnAccount || allows(role, action);
            let refused = answer.status != 200 && MAY_NOT.contains(&&*answer.refusal().1);
            assert_eq!(!refused, expected, "{role:?} {name}: {} {}", answer.status, answer.text);
            if !expected {
                assert_refused(&answer, 403, "not-allowed", "fix-input");
            }
        }
    }
    let whom = app.staff("ai do", Role::Ambassador, HERE).await;
    let cookie = format!("bdhvs={}", "A".repeat(43));
    let stranger = TestStaff { id: whom.id, grant: whom.grant, cookie };
    for (name, _, arguments) in FUNCTIONS {
        for nobody in [None, Some(&stranger)] {
            let answer = app.call(nobody, name, arguments(&whom)).await;
            assert_refused(&answer, 401, "sign-in-needed", "sign-in");
        }
    }
}

async fn nobody_reaches_the_neighbours(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("xa nay", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::Ambassador, NEIGHBOUR).await;
    let unknown = TestStaff {
        id: domain::ids::StaffId(Uuid::from_u128(1)),
        grant: Uuid::from_u128(2),
        cookie: String::new(),
    };
    for (name, action, arguments) in FUNCTIONS {
        if action != Action::KeepStaff || name == "add-colleague" {
            continue;
        }
        let answers = [
            app.call(Some(&admin), name, arguments(&neighbour)).await,
            app.call(Some(&admin), name, arguments(&unknown)).await,
        ];
        for answer in &answers {
            assert_refused(answer, 404, "not-found", "fix-input");
        }
        assert_eq!(answers[0].text, answers[1].text, "{name}: out of scope and not there are the same");
    }
    for place in [NEIGHBOUR, PROVINCE, "vn/"] {
        let answer = app.call(Some(&admin), "add-colleague", add_ambassador("moi", place)).await;
        assert_refused(&answer, 404, "not-found", "fix-input");
        let own = app.staff(&format!("cua toi {place}"), Role::Ambassador, HERE).await;
        let answer = app.call(Some(&admin), "give-role", give_role(&own, Role::Ambassador, place)).await;
        assert_refused(&answer, 404, "not-found", "fix-input");
    }
    let list = app.call(Some(&admin), "list-colleagues", json!({"text": "", "after": null})).await;
    assert!(list.text.contains("xa nay") && !list.text.contains("xa kia"), "{}", list.text);
    let places = app.call(Some(&admin), "search-places", json!({"text": "dong"})).await.json::<Value>();
    assert_eq!(places.as_array().unwrap().len(), 1, "{places}");
    let log = app.call(Some(&admin), "read-audit", json!({"question": {"actor": neighbour.id}})).await;
    assert_eq!(log.json::<Value>()["rows"], json!([]));
    // A page that begins after somebody elsewhere shows nothing of her.
    let after = app.call(Some(&admin), "list-colleagues", json!({"text": "", "after": neighbour.id})).await;
    assert_eq!(
        after.text,
        app.call(Some(&admin), "list-colleagues", json!({"text": "", "after": unknown.id})).await.text
    );
    assert!(after.text.contains("xa nay"), "{}", after.text);
}

async fn nobody_raises_herself_or_those_above(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly xa", Role::PlaceAdmin, HERE).await;
    let own = app.staff("dai su", Role::Ambassador, HERE).await;
    let above = app.staff("quan ly tinh", Role::PlaceAdmin, PROVINCE).await;
    for role in [Role::SystemAdmin, Role::Author, Role::Reviewer, Role::Learner] {
        let answer = app.call(Some(&admin), "give-role", give_role(&own, role, HERE)).await;
        assert_refused(&answer, 403, "not-allowed", "fix-input");
    }
    for (name, arguments) in [
        ("give-role", give_role(&admin, Role::ReportViewer, HERE)),
        ("end-role", json!({"grant": admin.grant})),
        ("stop-colleague", json!({"staff": admin.id, "stopped": true})),
        ("give-password", json!({"staff": admin.id})),
    ] {
        assert_refused(&app.call(Some(&admin), name, arguments).await, 403, "not-allowed", "fix-input");
    }
    // One who works here too, but is more elsewhere.
    let given = app.call(Some(&above), "give-role", give_role(&own, Role::PlaceAdmin, PROVINCE)).await;
    assert_eq!(given.status, 200, "{}", given.text);
    for (name, arguments) in [
        ("stop-colleague", json!({"staff": own.id, "stopped": true})),
        ("give-password", json!({"staff": own.id})),
    ] {
        assert_refused(&app.call(Some(&admin), name, arguments).await, 403, "not-allowed", "fix-input");
    }
    let ended = app.call(Some(&admin), "end-role", json!({"grant": own.grant})).await;
    assert_eq!(ended.status, 200, "the role here is the commune's: {}", ended.text);
}

async fn a_sign_in_by_half_opens_nothing(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let whom = app.staff("dai su", Role::Ambassador, HERE).await;
    let given = app.staff_without_factor("duoc cap", Role::Ambassador, HERE, true).await;
    let no_factor = app.staff_without_factor("chua cai", Role::PlaceAdmin, HERE, false).await;
    let has_factor = app.staff("da cai", Role::PlaceAdmin, HERE).await;
    // The same person in another browser, where the code is still to come.
    let account = app.state.store.account(has_factor.id).await.unwrap().unwrap();
    let begun = crate::staff::sign_in::begin(&app.state, &account, None, "test").await.unwrap();
    let no_code = TestStaff { cookie: format!("bdhvs={}", begun.session_token), ..has_factor };
    for (name, action, arguments) in FUNCTIONS {
        let answer = app.call(Some(&given), name, arguments(&whom)).await;
        assert_refused(&answer, 403, "new-password-needed", "sign-in");
        assert_refused(
            &app.call(Some(&no_code), name, arguments(&whom)).await,
            401,
            "sign-in-needed",
            "sign-in",
        );
        let answer = app.call(Some(&no_factor), name, arguments(&whom)).await;
        if action != Action::KeepOwnAccount {
            assert_refused(&answer, 403, "second-factor-needed", "sign-in");
        }
    }
}

async fn functions_are_called_by_our_own_pages_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::SystemAdmin, "").await;
    for (name, ..) in FUNCTIONS {
        let request = |headers: [(&str, &str); 2]| {
            let mut request =
                Request::post(format!("/api/staff/v1/{name}")).header(header::COOKIE, &admin.cookie);
            for (header, value) in headers {
                request = request.header(header, value);
            }
            request.body(Body::from("{}")).unwrap()
        };
        let json = ("content-type", "application/json");
        let answer = app.send(request([json, ("sec-fetch-site", "cross-site")])).await;
        assert_refused(&answer, 403, "cross-origin", "fix-input");
        let answer = app.send(request([json, ("origin", "https://evil.example")])).await;
        assert_refused(&answer, 403, "cross-origin", "fix-input");
        let answer =
            app.send(request([("content-type", "text/plain"), ("sec-fetch-site", "same-origin")])).await;
        assert_refused(&answer, 415, "not-json", "fix-input");
        let get = Request::get(format!("/api/staff/v1/{name}")).header(header::COOKIE, &admin.cookie);
        assert_eq!(app.send(get.body(Body::empty()).unwrap()).await.status, 405);
    }
    let answer = app.call(Some(&admin), "no-such-thing", json!({})).await;
    assert_refused(&answer, 404, "no-such-route", "update-app");
    let answer = app.call(Some(&admin), "end-session", json!({"session": 5})).await;
    assert_refused(&answer, 400, "malformed", "fix-input");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
}

/// What a form handed in by nobody in particular is answered with; 404 where there is no form.
const PAGES: [(StaffPage, u16); StaffPage::ALL.len()] = [
    (StaffPage::Home, 404),
    (StaffPage::SignIn, 303),
    (StaffPage::SecondFactor, 303),
    (StaffPage::NewPassword, 303),
    (StaffPage::SignOut, 303),
    (StaffPage::Account, 404),
    (StaffPage::People, 404),
    (StaffPage::Classes, 404),
    (StaffPage::Lists, 404),
    (StaffPage::LookAlikes, 404),
    (StaffPage::Places, 404),
    (StaffPage::Colleagues, 404),
    (StaffPage::Audit, 404),
    (StaffPage::Reconcile, 404),
    (StaffPage::Roll, 404),
    (StaffPage::Requests, 404),
    (StaffPage::Incidents, 404),
];

async fn every_staff_page_is_the_same_for_everybody(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("Nguyễn Thị Quản-Trị", Role::SystemAdmin, "").await;
    for elsewhere in ["/quan-ly/dang-nhap-mot-lan", "/quan-ly/dang-nhap-mot-lan/ve"] {
        let answer = app.send(Request::get(elsewhere).body(Body::empty()).unwrap()).await;
        let leads = answer.headers.get(header::LOCATION).map(|to| to.to_str().unwrap());
        let refused = answer.status == 404 || leads == Some("/quan-ly/dang-nhap#chua-gan");
        assert!(refused, "without a provider there is no such door: {elsewhere} {}", answer.status);
    }
    for ((page, posted), listed) in PAGES.into_iter().zip(StaffPage::ALL) {
        assert_eq!(page, listed, "every page has a row, in order");
        for locale in Locale::ALL {
            let path = Page::Staff(page).path(locale);
            let get = |cookie: &str| {
                Request::get(&path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()
            };
            let (mine, nobodys) = (app.send(get(&admin.cookie)).await, app.send(get("")).await);
            assert_eq!((mine.status.as_u16(), nobodys.status.as_u16()), (200, 200), "{path}");
            assert!(
                mine.text == nobodys.text && !mine.text.contains("Quản-Trị"),
                "{path} carries personal data"
            );
            let fields = [("name", "x"), ("password", "y"), ("again", "z"), ("code", "1")];
            if posted == 303 {
                let answer = app.form("", &path, &fields).await;
                assert!(answer.leads_to().contains("/quan-ly/"), "{path} leads to {}", answer.leads_to());
            }
        }
    }
}
