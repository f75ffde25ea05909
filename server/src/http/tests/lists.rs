//! Lists as files: shown, written as shown, taken back, taken out; each leaves its entry in the log.

use data_encoding::BASE64URL_NOPAD;
use domain::role::Role;
use serde_json::{Value, json};

use crate::http::staff::FILE_FUNCTIONS;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::staff::{HERE, NEIGHBOUR, TestStaff};
use crate::test_app::{TestApp, assert_refused};

on_both_databases!(
    a_list_is_shown_written_and_taken_back,
    what_was_not_shown_is_not_written,
    a_list_is_taken_out_within_the_scope,
    files_may_be_large_for_those_who_are_signed_in,
);

const LIST: &str = "Họ và tên;Năm sinh;SĐT\nHồ Thị Lan;1968;0912345678\nLê Văn An;1492;12\n;1990;\n";

fn file(text: &str) -> Value {
    json!({"content": BASE64URL_NOPAD.encode(text.as_bytes()), "commune": HERE})
}

async fn ask(app: &TestApp, who: &TestStaff, function: &str, body: Value) -> Value {
    let answer = app.call(Some(who), function, body).await;
    assert_eq!(answer.status, 200, "{function}: {}", answer.text);
    answer.json()
}

async fn names(app: &TestApp, who: &TestStaff) -> Vec<String> {
    let page = ask(app, who, "list-people", json!({"question": {"typed": ""}})).await;
    page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

async fn a_list_is_shown_written_and_taken_back(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let shown = ask(&app, &admin, "preview-list", json!({"file": file(LIST)})).await;
    assert_eq!((&shown["counts"]["new"], &shown["counts"]["problems"]), (&json!(1), &json!(2)));
    let cells = |row: usize| {
        let problems = shown["rows"][row]["does"]["problems"].as_array().unwrap().iter();
        problems.map(|cell| cell["code"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(shown["rows"][0], json!({"line": 2, "name": "Hồ Thị Lan", "does": "new"}));
    assert_eq!((&shown["rows"][1]["line"], &shown["rows"][1]["name"]), (&json!(3), &json!("Lê Văn An")));
    assert_eq!(cells(1), ["birth-impossible", "phone-invalid"]);
    assert_eq!(cells(2), ["name-missing"]);
    assert!(names(&app, &admin).await.is_empty(), "looking writes nothing");

    let body = json!({"file": file(LIST), "fingerprint": shown["fingerprint"]});
    let applied = ask(&app, &admin, "apply-list", body.clone()).await;
    assert_eq!((&applied["batch"], &applied["counts"]["new"]), (&json!(1), &json!(1)));
    assert_eq!(names(&app, &admin).await, ["Hồ Thị Lan"]);
    assert_refused(&app.call(Some(&admin), "apply-list", body).await, 409, "look-again", "fix-input");

    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    assert_eq!(ask(&app, &neighbour, "list-batches", json!({})).await, json!([]));
    let answer = app.call(Some(&neighbour), "undo-batch", json!({"number": 1})).await;
    assert_refused(&answer, 404, "not-found", "fix-input");
    let batches = ask(&app, &admin, "list-batches", json!({})).await;
    assert_eq!((&batches[0]["place"], &batches[0]["rows"]), (&json!("Phường Đồng Hới"), &json!(1)));
    let undone = ask(&app, &admin, "undo-batch", json!({"number": 1})).await;
    assert_eq!(undone, json!({"removed": 1, "restored": 0, "left": 0}));
    assert!(names(&app, &admin).await.is_empty());
    let again = app.call(Some(&admin), "undo-batch", json!({"number": 1})).await;
    assert_refused(&again, 404, "not-found", "fix-input");

    let system = app.staff("he thong", Role::SystemAdmin, "").await;
    let log = ask(&app, &system, "read-audit", json!({"question": {"actor": admin.id}})).await;
    let entries = log["rows"].as_array().unwrap();
    for deed in ["list-shown", "list-written", "list-taken-back"] {
        assert_eq!(entries.iter().filter(|entry| entry["action"] == deed).count(), 1, "{deed}");
    }
}

async fn what_was_not_shown_is_not_written(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let shown = ask(&app, &admin, "preview-list", json!({"file": file(LIST)})).await;
    let other = json!({"file": file("Họ và tên\nLê Thị Khác\n"), "fingerprint": shown["fingerprint"]});
    assert_refused(&app.call(Some(&admin), "apply-list", other).await, 409, "look-again", "fix-input");
    let elsewhere = json!({"content": BASE64URL_NOPAD.encode(LIST.as_bytes()), "commune": NEIGHBOUR});
    for (file, status, code) in [
        (elsewhere, 422, "no-place"),
        (json!({"content": "", "commune": HERE}), 422, "file-empty"),
        (json!({"content": "x", "commune": HERE}), 400, "malformed"),
        (file("Năm sinh\n1968\n"), 422, "no-name-column"),
    ] {
        let answer = app.call(Some(&admin), "preview-list", json!({"file": file})).await;
        assert_refused(&answer, status, code, "fix-input");
    }
    assert!(names(&app, &admin).await.is_empty());
}

async fn a_list_is_taken_out_within_the_scope(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let neighbour = app.staff("xa kia", Role::PlaceAdmin, NEIGHBOUR).await;
    let shown = ask(&app, &admin, "preview-list", json!({"file": file(LIST)})).await;
    let body = json!({"file": file(LIST), "fingerprint": shown["fingerprint"]});
    ask(&app, &admin, "apply-list", body).await;
    let text = async |who| {
        let answer = ask(&app, who, "export-people", json!({"format": "csv"})).await;
        String::from_utf8(BASE64URL_NOPAD.decode(answer.as_str().unwrap().as_bytes()).unwrap()).unwrap()
    };
    assert!(text(&admin).await.contains("Hồ Thị Lan"));
    assert!(!text(&neighbour).await.contains("Hồ Thị Lan"));
    let sheet = ask(&app, &admin, "export-people", json!({"format": "xlsx"})).await;
    assert!(sheet.as_str().unwrap().starts_with("UEsD"), "a spreadsheet is a zip");
}

async fn files_may_be_large_for_those_who_are_signed_in(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::PlaceAdmin, HERE).await;
    let large = format!("Họ và tên;Ghi chú\nLê Thị Cuối;{}\n", "x".repeat(200_000));
    let shown = ask(&app, &admin, "preview-list", json!({"file": file(&large)})).await;
    assert_eq!(shown["counts"]["new"], 1);
    for path in FILE_FUNCTIONS {
        let function = path.rsplit('/').next().unwrap();
        let answer = app.call(None, function, json!({"file": file(&large)})).await;
        assert_refused(&answer, 401, "sign-in-needed", "sign-in");
    }
    let elsewhere = json!({"question": {"typed": "x".repeat(20_000)}});
    assert_ne!(app.call(Some(&admin), "list-people", elsewhere).await.status, 200, "only files are large");
}
