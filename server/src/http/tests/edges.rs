//! What every route does with requests that are none.

use axum::body::Body;
use axum::http::{Method, Request, header};
use domain::sync::{BODY_MAX_BYTES, PROTOCOL_VERSION};
use serde_json::Value;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Phone, TestApp, TestLearner, assert_refused};

on_both_databases!(
    writes_of_other_sites_are_refused,
    only_json_of_a_bounded_size_is_read,
    a_newer_protocol_is_told_to_update,
    unknown_addresses_answer_in_the_same_form,
    health_says_whether_the_database_answers,
    a_lost_database_is_a_plain_answer_with_a_reference,
);

const ROUTES: [&str; 9] = [
    "/api/v1/sync",
    "/api/v1/records",
    "/api/v1/records/open",
    "/api/v1/certificates",
    "/api/v1/devices",
    "/api/v1/devices/key",
    "/api/v1/devices/remove",
    "/api/v1/roll",
    "/api/v1/my-data",
];

fn request(path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request =
        Request::post(path).header(header::AUTHORIZATION, format!("Bearer {}", Phone::new(1).token));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn writes_of_other_sites_are_refused(db: TestDatabase) {
    let app = TestApp::new(db).await;
    for path in ROUTES {
        for other in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let answer = app.send(request(path, &[JSON, other], "{}")).await;
            assert_refused(&answer, 403, "cross-origin", "fix-input");
        }
        for ours in [("sec-fetch-site", "same-origin"), ("origin", "http://localhost:3000")] {
            let answer = app.send(request(path, &[JSON, ours], "{}")).await;
            assert_refused(&answer, 400, "malformed", "fix-input");
        }
    }
}

async fn only_json_of_a_bounded_size_is_read(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let fits = format!("{{\"protocol\":1{}}}", " ".repeat(BODY_MAX_BYTES - 14));
    assert_eq!(fits.len(), BODY_MAX_BYTES);
    for path in ROUTES {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
            let answer = app.send(request(path, &[("content-type", kind)], "{}")).await;
            assert_refused(&answer, 415, "not-json", "fix-input");
        }
        assert_refused(&app.send(request(path, &[], "{}")).await, 415, "not-json", "fix-input");
        let with_charset = [("content-type", "Application/JSON; charset=utf-8")];
        for body in
            ["", "{", "[]", "null", r#"{"protocol":"1"}"#, r#"{"protocol":0}"#, r#"{"protocol":1}"#, &fits]
        {
            let answer = app.send(request(path, &with_charset, body)).await;
            assert_refused(&answer, 400, "malformed", "fix-input");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        }
        let answer = app.send(request(path, &[JSON], &format!("{fits} "))).await;
        assert_refused(&answer, 413, "body-too-large", "fix-input");
    }
}

async fn a_newer_protocol_is_told_to_update(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let newer = format!(r#"{{"protocol":{},"new":{{"shape":[]}}}}"#, PROTOCOL_VERSION + 1);
    for path in ROUTES {
        let answer = app.send(request(path, &[JSON], &newer)).await;
        assert_refused(&answer, 400, "protocol-too-new", "update-app");
    }
}

async fn unknown_addresses_answer_in_the_same_form(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let missing = app.send(request("/api/v1/nothing", &[JSON], "{}")).await;
    assert_refused(&missing, 404, "no-such-route", "update-app");
    let get = Request::builder().method(Method::GET).uri("/api/v1/sync").body(Body::empty()).unwrap();
    assert_refused(&app.send(get).await, 405, "no-such-method", "update-app");
}

async fn health_says_whether_the_database_answers(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(app.send(get("/healthz")).await.status, 200);
    assert_eq!(app.send(get("/readyz")).await.status, 200);
    app.state.store.close().await;
    assert_eq!(app.send(get("/healthz")).await.status, 200);
    assert_eq!(app.send(get("/readyz")).await.status, 503);
}

async fn a_lost_database_is_a_plain_answer_with_a_reference(db: TestDatabase) {
    let app = TestApp::new(db).await;
    app.state.store.close().await;
    let answer = Phone::new(1).open(&app, &TestLearner::new(1).code, "4801").await;
    assert_refused(&answer, 500, "unexpected", "retry");
    let body: Value = answer.json();
    assert_eq!(body["reference"].as_str().unwrap().len(), 8);
    assert_eq!(body.as_object().unwrap().len(), 3, "nothing else: {}", answer.text);
}
