//! Classes as staff pages ask for them, and roles for a class or a group: what they reach, and that nothing else is seen.

use domain::person::Group;
use domain::role::Role;
use serde_json::{Value, json};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{Phone, TestApp, assert_refused};

on_both_databases!(
    a_class_is_opened_filled_and_helped,
    who_teaches_a_class_sees_that_class_only,
    who_looks_after_one_group_sees_that_group_only,
);

const PLACE: &str = "18880@20250701";

async fn ask(app: &TestApp, who: &TestStaff, function: &str, body: Value) -> Value {
    let answer = app.call(Some(who), function, body).await;
    assert_eq!(answer.status, 200, "{function}: {}", answer.text);
    answer.json()
}

async fn refused(
    app: &TestApp,
    who: &TestStaff,
    (function, body): (&str, Value),
    (status, code): (u16, &str),
) {
    let answer = app.call(Some(who), function, body).await;
    assert_refused(&answer, status, code, "fix-input");
}

async fn names(app: &TestApp, who: &TestStaff) -> Vec<String> {
    let page = ask(app, who, "list-people", json!({"question": {"typed": ""}})).await;
    page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

async fn add(app: &TestApp, who: &TestStaff, name: &str, group: Group) -> Value {
    let details = json!({"name": name, "birth_year": 2012, "place": PLACE, "group": group});
    ask(app, who, "add-person", json!({"details": details})).await["id"].clone()
}

async fn open(app: &TestApp, admin: &TestStaff, name: &str) -> Value {
    ask(app, admin, "open-class", json!({"name": name, "place": PLACE})).await
}

async fn a_class_is_opened_filled_and_helped(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let class = open(&app, &admin, " Lớp   7A ").await;
    refused(&app, &admin, ("open-class", json!({"name": "lop 7a", "place": PLACE})), (422, "class-exists"))
        .await;
    refused(&app, &admin, ("open-class", json!({"name": "7A;7B", "place": PLACE})), (422, "class-name"))
        .await;
    let next_door = json!({"name": "Lớp 8", "place": "18871@20250701"});
    refused(&app, &admin, ("open-class", next_door), (422, "no-place")).await;
    let lan = add(&app, &admin, "Hồ Thị Lan", Group::Student).await;
    ask(&app, &admin, "join-class", json!({"class": class, "person": lan})).await;
    ask(&app, &admin, "join-class", json!({"class": class, "person": lan})).await;
    let file = json!({"content": data_encoding::BASE64URL_NOPAD.encode("Họ tên;Lớp\nLê An;7A\nVũ Bình;Lớp 7A\n".as_bytes()),
        "commune": HERE});
    let shown = ask(&app, &admin, "preview-list", json!({"file": file})).await;
    assert_eq!(shown["classes"], json!([]), "\"7A\" is the class that is there: {shown}");
    ask(&app, &admin, "apply-list", json!({"file": file, "fingerprint": shown["fingerprint"]})).await;
    let seen = ask(&app, &admin, "see-class", json!({"class": class})).await;
    let of = |seen: &Value, field: &str| -> Vec<Value> {
        seen["members"].as_array().unwrap().iter().map(|member| member[field].clone()).collect()
    };
    assert_eq!(seen["class"]["name"], "Lớp 7A");
    assert_eq!(of(&seen, "name"), ["Lê An", "Vũ Bình", "Hồ Thị Lan"]);
    assert_eq!(of(&seen, "has_pin"), [false, false, true], "who was entered one by one was handed a PIN");

    let given = ask(&app, &admin, "give-class-pins", json!({"class": class})).await;
    let [_, binh] = given.as_array().unwrap().as_slice() else { panic!("{given}") };
    let opened = Phone::new(1)
        .open(&app, &binh["code"].as_str().unwrap().parse().unwrap(), binh["pin"].as_str().unwrap())
        .await;
    assert_eq!(opened.status, 200, "what the card says opens the record: {}", opened.text);
    assert_eq!(ask(&app, &admin, "give-class-pins", json!({"class": class})).await, json!([]));
    let person = ask(&app, &admin, "see-person", json!({"person": lan})).await;
    assert_eq!(person["classes"], json!(["Lớp 7A"]));

    ask(&app, &admin, "leave-class", json!({"class": class, "person": lan})).await;
    ask(&app, &admin, "rename-class", json!({"class": class, "name": "Lớp 8A"})).await;
    ask(&app, &admin, "close-class", json!({"class": class, "closed": true})).await;
    refused(&app, &admin, ("join-class", json!({"class": class, "person": lan})), (422, "no-class")).await;
    let list = ask(&app, &admin, "list-classes", json!({"typed": "8a"})).await;
    assert_eq!(
        (&list["classes"][0]["name"], &list["classes"][0]["members"], &list["classes"][0]["closed"]),
        (&json!("Lớp 8A"), &json!(2), &json!(true))
    );
    let log = ask(&app, &admin, "read-audit", json!({"question": {}})).await;
    let done: Vec<&str> =
        log["rows"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    for deed in ["class-opened", "class-seen", "class-renamed", "class-closed"] {
        assert!(done.contains(&deed), "{deed} in {done:?}");
    }
}

async fn who_teaches_a_class_sees_that_class_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let (class, other) = (open(&app, &admin, "Lớp 7A").await, open(&app, &admin, "Lớp 7B").await);
    let (lan, an) = (
        add(&app, &admin, "Hồ Thị Lan", Group::Student).await,
        add(&app, &admin, "Lê An", Group::Student).await,
    );
    ask(&app, &admin, "join-class", json!({"class": class, "person": lan})).await;
    ask(&app, &admin, "join-class", json!({"class": other, "person": an})).await;
    // Given through the page by the one in charge; the class brings its place.
    let teacher = app.staff("co giao", Role::Ambassador, HERE).await;
    assert!(names(&app, &teacher).await.is_empty(), "an ambassador sees whom she entered");
    let role = json!({"staff": teacher.id, "role": {"role": "ambassador", "place": null, "part": {"class": class}, "until_ms": null}});
    ask(&app, &admin, "give-role", role).await;
    assert_eq!(names(&app, &teacher).await, ["Hồ Thị Lan"]);
    let classes = ask(&app, &teacher, "list-classes", json!({"typed": ""})).await;
    let [only] = classes["classes"].as_array().unwrap().as_slice() else { panic!("{classes}") };
    assert_eq!((&only["name"], &only["may_keep"]), (&json!("Lớp 7A"), &json!(false)));
    assert_eq!(
        ask(&app, &teacher, "see-class", json!({"class": class})).await["members"][0]["name"],
        "Hồ Thị Lan"
    );

    for (function, body) in [
        ("see-class", json!({"class": other})),
        ("give-class-pins", json!({"class": other})),
        ("see-person", json!({"person": an})),
        ("give-pin", json!({"person": an})),
        ("join-class", json!({"class": class, "person": an})),
        ("leave-class", json!({"class": other, "person": an})),
    ] {
        refused(&app, &teacher, (function, body), (404, "not-found")).await;
    }
    refused(&app, &teacher, ("join-class", json!({"class": other, "person": lan})), (422, "no-class")).await;
    for (function, body) in [
        ("open-class", json!({"name": "Lớp 9", "place": PLACE})),
        ("rename-class", json!({"class": class, "name": "Lớp 9"})),
        ("close-class", json!({"class": class, "closed": true})),
    ] {
        refused(&app, &teacher, (function, body), (403, "not-allowed")).await;
    }
    // Whom she enters into her class she has entered herself.
    let details = json!({"name": "Vũ Bình", "place": PLACE, "classes": [class]});
    ask(&app, &teacher, "add-person", json!({"details": details})).await;
    let elsewhere = json!({"details": {"name": "Vũ Chi", "place": PLACE, "classes": [other]}});
    refused(&app, &teacher, ("add-person", elsewhere), (422, "no-class")).await;
    assert_eq!(names(&app, &teacher).await, ["Vũ Bình", "Hồ Thị Lan"]);

    let next_door = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    for (function, body) in [
        ("see-class", json!({"class": class})),
        ("rename-class", json!({"class": class, "name": "Lớp 9"})),
        ("close-class", json!({"class": class, "closed": true})),
    ] {
        refused(&app, &next_door, (function, body), (404, "not-found")).await;
    }
    let none = json!({"classes": [], "more": false});
    assert_eq!(ask(&app, &next_door, "list-classes", json!({"typed": ""})).await, none);
    let theirs = app.staff("dai su xa kia", Role::Ambassador, NEIGHBOUR).await;
    let role = json!({"staff": theirs.id, "role": {"role": "ambassador", "place": null, "part": {"class": class}, "until_ms": null}});
    refused(&app, &next_door, ("give-role", role), (404, "not-found")).await;
}

async fn who_looks_after_one_group_sees_that_group_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let pupil = add(&app, &admin, "Hồ Thị Lan", Group::Student).await;
    let resident = add(&app, &admin, "Lê An", Group::Resident).await;
    let schools = app.staff("phu trach hoc sinh", Role::ReportViewer, HERE).await;
    let part = |part: Value, role: &str| json!({"staff": schools.id, "role": {"role": role, "place": HERE, "part": part, "until_ms": null}});
    refused(
        &app,
        &admin,
        ("give-role", part(json!({"group": "student"}), "ambassador")),
        (403, "not-allowed"),
    )
    .await;
    ask(&app, &admin, "give-role", part(json!({"group": "student"}), "place-admin")).await;
    assert_eq!(names(&app, &schools).await, ["Hồ Thị Lan"]);
    refused(&app, &schools, ("see-person", json!({"person": resident})), (404, "not-found")).await;
    refused(&app, &schools, ("give-pin", json!({"person": resident})), (404, "not-found")).await;
    let added = json!({"details": {"name": "Vũ Bình", "place": PLACE}});
    ask(&app, &schools, "add-person", added).await;
    let other = json!({"details": {"name": "Vũ Chi", "place": PLACE, "group": "resident"}});
    refused(&app, &schools, ("add-person", other), (422, "other-group")).await;
    assert_eq!(names(&app, &schools).await, ["Vũ Bình", "Hồ Thị Lan"], "what is left open means her group");
    // What concerns a place as a whole is not hers.
    for (function, body) in [
        ("list-colleagues", json!({"text": "", "after": null})),
        ("read-audit", json!({"question": {}})),
        ("open-class", json!({"name": "Lớp 7A", "place": PLACE})),
        ("add-hamlet", json!({"commune": PLACE, "name": "Thôn Mới"})),
        ("list-incidents", json!({})),
    ] {
        refused(&app, &schools, (function, body), (403, "not-allowed")).await;
    }
    let seen = ask(&app, &schools, "see-person", json!({"person": pupil})).await;
    assert_eq!(seen["looks"], Value::Null, "nor who has looked");
    let request = json!({"person": pupil, "kind": "see", "purpose": null, "words": ""});
    ask(&app, &schools, "enter-request", request).await;
    let request = json!({"person": resident, "kind": "see", "purpose": null, "words": ""});
    refused(&app, &schools, ("enter-request", request.clone()), (404, "not-found")).await;
    ask(&app, &admin, "enter-request", request).await;
    let requests = ask(&app, &schools, "list-requests", json!({"closed": false})).await;
    assert_eq!(requests.as_array().unwrap().len(), 1, "{requests}");
    // A person of another group now is out of her sight.
    let version = ask(&app, &admin, "see-person", json!({"person": pupil})).await["version"].clone();
    let details = json!({"name": "Hồ Thị Lan", "place": PLACE, "group": "worker"});
    ask(&app, &admin, "correct-person", json!({"person": pupil, "version": version, "details": details}))
        .await;
    assert_eq!(names(&app, &schools).await, ["Vũ Bình"]);
    let me = ask(&app, &schools, "who-am-i", json!({})).await;
    let groups: Vec<&Value> = me["roles"].as_array().unwrap().iter().map(|role| &role["group"]).collect();
    assert!(groups.contains(&&json!("student")), "{me}");
}
