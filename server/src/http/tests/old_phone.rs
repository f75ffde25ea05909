//! A phone whose page was stored years ago: its messages as they were written then, letter for letter. Never edit one.

use domain::sync::{Outcome, SyncResponse};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::TestApp;

on_both_databases!(a_page_of_protocol_1_still_makes_a_record_and_syncs);

/// 32 bytes of 7 in base64url.
const TOKEN: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

const CREATE: &str = r#"{"protocol":1,"device":"0190a0a0-0000-7000-8000-00000000000d","learner":"0190a0a0-0000-7000-8000-00000000000a","code":"572000000002","pin":"4827"}"#;

const OPEN: &str =
    r#"{"protocol":1,"device":"0190a0a0-0000-7000-8000-00000000000e","code":"572000000002","pin":"4827"}"#;

const SYNC: &str = r#"{"protocol":1,"device":"0190a0a0-0000-7000-8000-00000000000d","cursor":{"0190a0a0-0000-7000-8000-00000000000a":0},"events":[{"id":"0190a0a0-0000-7000-8000-000000000001","v":1,"learner":"0190a0a0-0000-7000-8000-00000000000a","device":"0190a0a0-0000-7000-8000-00000000000d","seq":1,"at_ms":1780000000000,"mono_ms":5,"kind":{"ConsentGiven":{"purpose":"learning-record","text_version":1}}},{"id":"0190a0a0-0000-7000-8000-000000000002","v":1,"learner":"0190a0a0-0000-7000-8000-00000000000a","device":"0190a0a0-0000-7000-8000-00000000000d","seq":2,"at_ms":1780000000001,"mono_ms":6,"kind":{"LearnerEnrolled":{"code":"572000000002","name":"Hồ Thị Lan"}}}]}"#;

async fn a_page_of_protocol_1_still_makes_a_record_and_syncs(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let answer = app.post("/api/v1/records", TOKEN, CREATE.into()).await;
    assert_eq!(answer.text, r#"{"learner":"0190a0a0-0000-7000-8000-00000000000a"}"#);
    assert_eq!(app.post("/api/v1/records/open", TOKEN, OPEN.into()).await.text, answer.text);
    for expected in [Outcome::Accepted, Outcome::Duplicate] {
        let answer = app.post("/api/v1/sync", TOKEN, SYNC.into()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("removed"), "nothing that protocol 1 did not know: {}", answer.text);
        let response: SyncResponse = answer.json();
        assert_eq!(response.outcomes.iter().map(|one| one.outcome).collect::<Vec<_>>(), [expected; 2]);
        assert_eq!(response.changes.len(), 2);
    }
}
