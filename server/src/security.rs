//! Headers that answers carry. The policy for scripts stands with the pages, which know their own.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// For every answer.
const EVERYWHERE: [(HeaderName, &str); 2] =
    [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::REFERRER_POLICY, "no-referrer")];

/// For pages: they mean nothing on other answers, and a first visit has a dozen of those.
const ON_PAGES: [(HeaderName, &str); 3] = [
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // Nothing of the phone is asked for: no place, no camera, no microphone.
    (HeaderName::from_static("permissions-policy"), "geolocation=(), camera=(), microphone=(), payment=()"),
];

/// Adds the headers to an answer.
pub(crate) async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // A page that is not sent again has no type, and its policies stand as they were kept.
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    for (name, value) in EVERYWHERE.into_iter().chain(ON_PAGES.into_iter().filter(|_| is_page)) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
