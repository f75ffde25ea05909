//! What makes the site an application on the phone: the service worker and the manifest.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

use crate::assets::{SNAPSHOT, base, find};
use crate::encoding::{Compressed, Encoding};
use crate::pages::is_known;

/// `app/worker/sw.js`, as the build script shortened it.
const WORKER: &str = include_str!(concat!(env!("OUT_DIR"), "/sw.js"));

/// What a learner's phone keeps of a build from the first visit on. The rest comes when it is asked for: the check page's
/// bundle, the English words, the large icons.
const CORE: [&str; 7] =
    ["app.css", "islands.js", "app.js", "app_bg.wasm", "icon.svg", "saved.js", "words-vi.json"];

/// What the phone of an ambassador keeps besides.
const STAFF: [&str; 6] = [
    "staff.css",
    "staff-start.js",
    "staff.js",
    "staff_bg.wasm",
    "words-staff-vi.json",
    "words-staff-en.json",
];

/// A text that phones ask for again and again.
#[derive(Debug)]
struct Kept {
    content_type: &'static str,
    etag: HeaderValue,
    body: Compressed,
}

static WORKER_FILE: LazyLock<Kept> =
    LazyLock::new(|| Kept::new("text/javascript; charset=utf-8", worker_text()));

/// Serves the worker and the manifest. `site_name` stands below the icon on the phone.
pub fn router(site_name: String) -> Router {
    let manifest = Arc::new(Kept::new("application/manifest+json", manifest_text(&site_name)));
    Router::new()
        .route("/sw.js", get(|headers: HeaderMap| async move { WORKER_FILE.respond(&headers) }))
        .route("/manifest.webmanifest", get(manifest_file))
        .with_state(manifest)
}

async fn manifest_file(State(manifest): State<Arc<Kept>>, headers: HeaderMap) -> Response {
    manifest.respond(&headers)
}

/// Returns the worker of this build: its text with the names of this build's files before it.
fn worker_text() -> String {
    let list = |names: &[&str]| {
        let here: Vec<&&str> = names.iter().filter(|name| find(name).is_some()).collect();
        serde_json::to_string(&here).unwrap_or_default()
    };
    let (core, staff) = (list(&CORE), list(&STAFF));
    format!("const SNAPSHOT = \"{SNAPSHOT}\";\nconst ASSETS = {core};\nconst STAFF = {staff};\n{WORKER}")
}

#[derive(Serialize)]
struct Manifest<'a> {
    id: &'a str,
    name: &'a str,
    short_name: &'a str,
    lang: &'a str,
    start_url: &'a str,
    scope: &'a str,
    display: &'a str,
    background_color: &'a str,
    theme_color: &'a str,
    icons: Vec<Icon>,
}

#[derive(Serialize)]
struct Icon {
    src: String,
    sizes: &'static str,
    r#type: &'static str,
    purpose: &'static str,
}

fn manifest_text(site_name: &str) -> String {
    let icon = |name: &str, sizes, kind, purpose| Icon {
        src: format!("{}/{name}", base()),
        sizes,
        r#type: kind,
        purpose,
    };
    let manifest = Manifest {
        id: "/",
        name: site_name,
        short_name: site_name,
        lang: "vi",
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: "#FBF6EA",
        theme_color: "#FBF6EA",
        icons: vec![
            icon("icon.svg", "any", "image/svg+xml", "any"),
            icon("icon-192.png", "192x192", "image/png", "any"),
            icon("icon-512.png", "512x512", "image/png", "any"),
            icon("icon-512-maskable.png", "512x512", "image/png", "maskable"),
        ],
    };
    serde_json::to_string(&manifest).unwrap_or_default()
}

impl Kept {
    fn new(content_type: &'static str, text: String) -> Self {
        let etag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..12]));
        Self {
            content_type,
            etag: HeaderValue::try_from(etag).expect("hexadecimal digits"),
            body: Compressed::new(text.into_bytes()),
        }
    }

    fn respond(&self, headers: &HeaderMap) -> Response {
        let common = [
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
            // A worker follows a policy of its own: it may fetch from here, and nothing else.
            (
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; connect-src 'self'"),
            ),
            (HeaderName::from_static("x-snapshot"), HeaderValue::from_static(SNAPSHOT)),
        ];
        if is_known(headers, self.etag.to_str().unwrap_or_default()) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let (encoding, bytes) = self.body.variants().best(Encoding::accepted(headers));
        let content_type = [(header::CONTENT_TYPE, self.content_type)];
        let mut response = (content_type, common, bytes.to_vec()).into_response();
        encoding.write(response.headers_mut());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::ASSETS;
    use app::i18n::Locale;
    use app::routes::{Page, StaffPage};

    #[test]
    fn the_worker_names_files_that_there_are() {
        let text = worker_text();
        assert!(text.starts_with(&format!("const SNAPSHOT = \"{SNAPSHOT}\";\nconst ASSETS = [")));
        let list = text.lines().nth(1).unwrap().trim_start_matches("const ASSETS = ").trim_end_matches(';');
        let names: Vec<String> = serde_json::from_str(list).unwrap();
        assert!(names.iter().all(|name| crate::assets::find(name).is_some()), "{names:?}");
        for name in ["app.css", "islands.js", "saved.js", "icon.svg", "words-vi.json"] {
            assert!(names.iter().any(|known| known == name), "{name}");
        }
        let roll = Page::Staff(StaffPage::Roll).path(Locale::Vi);
        assert!(text.contains(&format!("ROLL = \"{roll}\"")), "the page that it keeps the staff files for");
        let staff = text.lines().nth(2).unwrap();
        assert!(staff.starts_with("const STAFF = [") && staff.contains("words-staff-vi.json"), "{staff}");
    }

    #[test]
    fn the_manifest_names_icons_that_there_are() {
        let manifest: serde_json::Value = serde_json::from_str(&manifest_text("Bình dân học vụ số")).unwrap();
        assert_eq!(manifest["start_url"], "/");
        let icons = manifest["icons"].as_array().unwrap();
        assert_eq!(icons.len(), 4);
        for icon in icons {
            let (_, name) = icon["src"].as_str().unwrap().rsplit_once('/').unwrap();
            assert!(ASSETS.iter().any(|asset| asset.name == name), "{name}");
        }
    }
}
