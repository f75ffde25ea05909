//! Pages: drawn once a day and per publish, kept compressed, the same for everybody, with an ETag.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use app::i18n::Locale;
use app::routes::Page;
use app::site::Site;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::{BASE64, HEXLOWER};
use domain::dated_fact::Day;
use hydration_context::SsrSharedContext;
use leptos::prelude::{AnyView, Owner, RenderHtml};
use sha2::{Digest, Sha256};

use crate::assets::SNAPSHOT;
use crate::encoding::{Compressed, Encoding};

/// All pages of this server.
#[derive(Clone)]
pub struct Pages {
    edition: Arc<RwLock<Arc<Edition>>>,
    today: Arc<dyn Fn() -> Day + Send + Sync>,
}

/// The pages of one day: dated facts come and go with the day.
struct Edition {
    site: Arc<Site>,
    drawn: Mutex<BTreeMap<(Locale, Page), Arc<Drawn>>>,
}

/// One page as it is sent.
#[derive(Debug)]
pub(crate) struct Drawn {
    body: Compressed,
    etag: HeaderValue,
    policy: HeaderValue,
}

/// Where a page says on which day it was drawn.
const MADE: &str = "data-made=\"";

impl Pages {
    /// Returns the pages of a site; `today` tells when to draw them anew.
    pub fn new(site: Site, today: impl Fn() -> Day + Send + Sync + 'static) -> Self {
        let edition = Edition { site: Arc::new(site), drawn: Mutex::default() };
        Self { edition: Arc::new(RwLock::new(Arc::new(edition))), today: Arc::new(today) }
    }

    /// Serves the pages.
    pub fn router(self) -> Router {
        Router::new().fallback(serve).with_state(self)
    }

    /// Returns what the pages are made from today.
    pub(crate) fn site(&self) -> Arc<Site> {
        Arc::clone(&self.edition().site)
    }

    /// Returns a page, drawn now or before; nothing for a course or lesson there is not.
    pub(crate) async fn page(&self, locale: Locale, page: Page) -> Option<Arc<Drawn>> {
        self.edition().page(locale, page).await
    }

    fn edition(&self) -> Arc<Edition> {
        let today = (self.today)();
        let kept = Arc::clone(&self.edition.read().unwrap_or_else(PoisonError::into_inner));
        if kept.site.today == today {
            return kept;
        }
        let site = Arc::new(Site { today, ..(*kept.site).clone() });
        let fresh = Arc::new(Edition { site, drawn: Mutex::default() });
        *self.edition.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        fresh
    }
}

impl Edition {
    /// Returns a page, drawn now or before; nothing for a course or lesson there is not.
    async fn page(&self, locale: Locale, page: Page) -> Option<Arc<Drawn>> {
        let key = (locale, page);
        let kept = || self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(drawn) = kept().get(&key) {
            return Some(Arc::clone(drawn));
        }
        if !exists(&self.site, &key.1) {
            return None;
        }
        let (site, page) = (Arc::clone(&self.site), key.1.clone());
        let draw = move || Arc::new(Drawn::new(html(locale, || app::pages::draw(&site, &page))));
        // Drawing and compressing take tens of milliseconds: not on the threads that answer.
        let drawn = tokio::task::spawn_blocking(draw).await.ok()?;
        kept().insert(key, Arc::clone(&drawn));
        Some(drawn)
    }

    fn not_found(&self, locale: Locale) -> Drawn {
        Drawn::new(html(locale, || Some(app::pages::draw_not_found(&self.site))))
    }
}

fn exists(site: &Site, page: &Page) -> bool {
    match page {
        Page::Course(course) => site.course(course).is_some(),
        Page::Lesson(course, lesson) => site.lesson(course, lesson).is_some(),
        _ => true,
    }
}

/// Draws with Leptos, in one go: a page waits for nothing, so nothing is streamed and no script of Leptos's own is added.
fn html(locale: Locale, draw: impl FnOnce() -> Option<AnyView>) -> Vec<u8> {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| {
        app::pages::provide_locale(locale);
        draw().map(RenderHtml::to_html).unwrap_or_default().into_bytes()
    })
}

async fn serve(State(pages): State<Pages>, uri: Uri, headers: HeaderMap) -> Response {
    let edition = pages.edition();
    let accepted = Encoding::accepted(&headers);
    let path = uri.path();
    if let Some((locale, page)) = Page::parse(path)
        && exists(&edition.site, &page)
    {
        let canonical = page.path(locale);
        if canonical != path {
            return Redirect::permanent(&canonical).into_response();
        }
        if let Some(drawn) = edition.page(locale, page).await {
            return drawn.respond(&headers, accepted);
        }
    }
    let locale = if path.starts_with("/en/") { Locale::En } else { Locale::Vi };
    let mut response = edition.not_found(locale).respond(&HeaderMap::new(), accepted);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

impl Drawn {
    fn new(html: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&html);
        let policy = content_security_policy(&text);
        let etag = format!("W/\"{}\"", HEXLOWER.encode(&Sha256::digest(without_day(&text).as_bytes())[..12]));
        Self {
            etag: HeaderValue::try_from(etag).expect("hexadecimal digits"),
            policy: HeaderValue::try_from(policy).expect("ASCII only"),
            body: Compressed::new(html),
        }
    }

    /// Names what the page says: the same from day to day, and the same on every server of a build.
    pub(crate) fn etag(&self) -> &str {
        self.etag.to_str().unwrap_or_default()
    }

    /// Returns how many bytes a phone downloads for this page.
    pub(crate) fn transfer_bytes(&self) -> usize {
        self.body.transfer_bytes()
    }

    fn respond(&self, headers: &HeaderMap, accepted: Encoding) -> Response {
        let common = [
            (header::ETAG, self.etag.clone()),
            // Anyone may keep it; everyone asks whether it is still the same.
            (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
            (header::CONTENT_SECURITY_POLICY, self.policy.clone()),
            // The worker on the phone keeps only pages that go with the files it has.
            (HeaderName::from_static("x-snapshot"), HeaderValue::from_static(SNAPSHOT)),
        ];
        if is_known(headers, self.etag()) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let (encoding, bytes) = self.body.variants().best(accepted);
        let mut response =
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], common, bytes.to_vec()).into_response();
        encoding.write(response.headers_mut());
        response
    }
}

/// Returns whether the request says that it has this version already (weak comparison, RFC 9110 section 13.1.2).
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|one| bare(one) == bare(etag))
}

/// Returns a page without the day it was drawn on: a page that says the same today is not worth a download.
fn without_day(html: &str) -> String {
    let Some((before, rest)) = html.split_once(MADE) else { return html.to_owned() };
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    format!("{before}{after}")
}

/// Returns a policy that allows this page's own inline scripts by their hash and nothing else inline: the page is the
/// same for everybody, so it cannot carry a nonce.
fn content_security_policy(html: &str) -> String {
    let hashes: String = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", BASE64.encode(&Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices("<script").filter_map(|(at, _)| {
        let (attributes, rest) = html[at..].split_once('>')?;
        let (code, _) = rest.split_once("</script>")?;
        let runs = !attributes.contains("application/json") && !attributes.contains(" src=");
        runs.then_some(code)
    })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::site_for_tests;
