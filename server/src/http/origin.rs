//! Refuses writes that another site's page makes a browser send.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::ApiFailure;
use crate::failure::Refusal;
use crate::state::AppState;

/// Lets a request pass when it only reads, or comes from our own pages, or from no page at all.
pub(super) async fn refuse_other_sites(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_ours(request.headers(), request.uri(), &state.config.public_url) {
        next.run(request).await
    } else {
        ApiFailure::from(Refusal::CrossOrigin).into_response()
    }
}

/// Browsers since 2020 say it themselves; older ones at least name the origin. Without either it is no browser, and the
/// token that every write needs is nothing a browser would add by itself.
fn is_ours(headers: &HeaderMap, uri: &Uri, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    let host = text(header::HOST.as_str()).or_else(|| uri.authority().map(|authority| authority.as_str()));
    // Behind a proxy the Host may be an inner one; the public address is ours in any case.
    let of_host = origin.split_once("://").is_some_and(|(_, at)| Some(at) == host);
    of_host || origin.eq_ignore_ascii_case(public_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_write() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://hoc.example.vn")], false),
            (&[("origin", "https://hoc.example.vn")], true),
            (&[("origin", "http://inner:3000"), ("host", "inner:3000")], true),
            (&[("origin", "https://evil.example"), ("host", "inner:3000")], false),
            (&[("origin", "null"), ("host", "inner:3000")], false),
        ];
        for (headers, expected) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in *headers {
                map.insert(*name, value.parse().unwrap());
            }
            let got = is_ours(&map, &Uri::from_static("/api/v1/sync"), "https://hoc.example.vn");
            assert_eq!(got, *expected, "{headers:?}");
        }
    }
}
