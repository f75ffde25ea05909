use std::sync::Mutex;

use axum::body::Body;
use axum::http::Request;
use domain::certificate::KnownKey;
use domain::rule::CertificateRule;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

fn day(text: &str) -> Day {
    Day::try_from(text.to_owned()).unwrap()
}

/// The project's own lessons, as they are published.
fn site() -> Site {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../content"));
    let (library, _) = crate::content::load(folder, &day("2026-11-23")).unwrap();
    Site {
        courses: library.courses,
        facts: library.facts.into_iter().map(|fact| (fact.id.clone(), fact)).collect(),
        rule: CertificateRule { id: "r".into(), lit_percent: 100, text: "t".into(), legal_basis: "l".into() },
        known_keys: vec![KnownKey { id: domain::certificate::KeyId("k".into()), public: "00".repeat(32) }],
        issuer: "Nơi cấp".into(),
        single_sign_on: true,
        retention: crate::duties::retention::terms().to_vec(),
        public_url: "https://example.vn".into(),
        today: day("2026-11-23"),
        assets: "/a/test".into(),
    }
}

/// Returns the same for tests of what is made from pages, with its day.
pub(crate) fn site_for_tests() -> (Site, Day) {
    (site(), site().today)
}

fn pages() -> (Router, Arc<Mutex<Day>>) {
    let today = Arc::new(Mutex::new(day("2026-11-23")));
    let clock = Arc::clone(&today);
    (Pages::new(site(), move || clock.lock().unwrap().clone()).router(), today)
}

async fn get(router: &Router, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

const LESSON: &str = "/khoa-hoc/chong-lua-dao/link-la";

#[tokio::test]
async fn every_page_in_every_language_is_drawn_the_same_for_everybody() {
    let ((one, _), (other, _)) = (pages(), pages());
    for page in Page::all(&site().courses) {
        for locale in Locale::ALL {
            let path = page.path(locale);
            let (status, _, body) = get(&one, &path, &[]).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            let html = String::from_utf8(body.clone()).unwrap();
            assert!(html.starts_with("<!DOCTYPE html>"), "{path}: {}", &html[..60]);
            assert!(html.contains(&format!("<html lang=\"{}\"", locale.tag())), "{path}");
            assert!(get(&other, &path, &[]).await.2 == body, "{path}: another server draws other bytes");
        }
    }
}

#[tokio::test]
async fn a_page_is_sent_once() {
    let (router, _) = pages();
    let (_, headers, _) = get(&router, LESSON, &[]).await;
    let etag = headers[header::ETAG].to_str().unwrap().to_owned();
    assert!(etag.starts_with("W/\""), "the day may differ: {etag}");
    for known in [etag.clone(), etag[2..].to_owned(), format!("\"x\", {etag}")] {
        let (status, headers, body) = get(&router, LESSON, &[("if-none-match", &known)]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers[header::ETAG].to_str().unwrap(), etag);
    }
    assert_eq!(get(&router, LESSON, &[("if-none-match", "\"other\"")]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_page_that_says_the_same_is_not_sent_again_on_the_next_day() {
    let (router, today) = pages();
    let etag = |headers: &HeaderMap| headers[header::ETAG].to_str().unwrap().to_owned();
    let (_, headers, first) = get(&router, "/cua-toi", &[]).await;
    *today.lock().unwrap() = day("2026-11-24");
    let (_, next_headers, next) = get(&router, "/cua-toi", &[]).await;
    assert!(first != next, "the page tells its day");
    assert_eq!(etag(&headers), etag(&next_headers));
    assert_eq!(headers["x-snapshot"], crate::assets::SNAPSHOT);
}

#[tokio::test]
async fn a_page_is_compressed_as_the_browser_can() {
    let (router, _) = pages();
    let plain = get(&router, LESSON, &[]).await;
    assert!(!plain.1.contains_key(header::CONTENT_ENCODING));
    for (accept, expected) in [("gzip, br", "br"), ("gzip", "gzip")] {
        let (_, headers, body) = get(&router, LESSON, &[("accept-encoding", accept)]).await;
        assert_eq!(headers[header::CONTENT_ENCODING], expected);
        assert_eq!(headers[header::VARY], "accept-encoding");
        assert!(body.len() < plain.2.len() / 3, "{accept}: {} of {}", body.len(), plain.2.len());
    }
}

#[tokio::test]
async fn only_the_pages_own_scripts_may_run() {
    let (router, _) = pages();
    let (_, headers, body) = get(&router, LESSON, &[]).await;
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    let html = String::from_utf8(body).unwrap();
    let scripts: Vec<_> = inline_scripts(&html).collect();
    assert_eq!(scripts.len(), 1, "the boot script alone stands inline");
    assert_eq!(policy.matches("'sha256-").count(), 1);
    assert!(policy.contains(&BASE64.encode(&Sha256::digest(scripts[0].as_bytes()))), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{policy}");
    assert!(!html.contains(" style=\"") && !html.contains(" onclick"), "the policy would block it");
}

#[tokio::test]
async fn an_address_has_one_form_and_an_unknown_one_leads_home() {
    let (router, _) = pages();
    let (status, headers, _) = get(&router, "/cua-toi/", &[]).await;
    assert_eq!(
        (status, headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::PERMANENT_REDIRECT, "/cua-toi")
    );
    for unknown in ["/x", "/khoa-hoc/x", "/khoa-hoc/chong-lua-dao/x", "/en/x", "/%2e%2e/etc/passwd"] {
        let (status, headers, body) = get(&router, unknown, &[("if-none-match", "*")]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{unknown}");
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
        assert!(String::from_utf8(body).unwrap().contains("href=\"/"), "{unknown}");
    }
}

#[tokio::test]
async fn a_stale_fact_is_not_drawn_from_the_next_day_on() {
    let (router, today) = pages();
    let fact = &site().facts["F5"];
    let html = |body: Vec<u8>| String::from_utf8(body).unwrap();
    assert!(html(get(&router, LESSON, &[]).await.2).contains(&fact.text));
    *today.lock().unwrap() = day("2027-06-01");
    let later = html(get(&router, LESSON, &[]).await.2);
    assert!(!later.contains(&fact.text) && later.contains(&fact.fallback));
}
