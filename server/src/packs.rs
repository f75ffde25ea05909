//! What a phone downloads to have a course without network: a list of pages with sizes and versions. The files
//! themselves are the ordinary pages; the phone fetches only those it has not, or has in another version.

use app::i18n::Locale;
use app::routes::Page;
use app::site::Site;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use domain::ids::Slug;
use serde::Serialize;

use crate::assets::{self, SNAPSHOT};
use crate::encoding::Encoding;
use crate::pages::Pages;

/// Name of the pack with which a phone checks certificates without network. No course may have this address, see
/// [`crate::content`].
pub const CHECKER: &str = "kiem-tra";

/// A pack: everything one course needs besides what every phone has from its first visit.
#[derive(Debug, Serialize)]
struct Pack {
    /// Names the pack.
    pack: String,
    /// Which build's pages these are.
    snapshot: &'static str,
    /// What to download, in the order of use.
    files: Vec<File>,
}

/// One file of a pack.
#[derive(Debug, Serialize)]
struct File {
    /// Its address on this server.
    url: String,
    /// Changes when the file does; the `ETag` it is served with. Empty for files whose address changes instead.
    version: String,
    /// Bytes on the network, compressed.
    bytes: usize,
}

/// Serves the lists: `/goi/vi/chong-lua-dao.json`.
pub fn router(pages: Pages) -> Router {
    Router::new().route("/goi/{language}/{pack}", get(pack)).with_state(pages)
}

async fn pack(State(pages): State<Pages>, Path((language, file)): Path<(String, String)>) -> Response {
    let locale = Locale::ALL.into_iter().find(|locale| locale.tag() == language);
    let (Some(locale), Some(name)) = (locale, file.strip_suffix(".json")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(wanted) = pages_of(&pages.site(), name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut files = Vec::new();
    for page in wanted {
        let Some(drawn) = pages.page(locale, page.clone()).await else { continue };
        files.push(File {
            url: page.path(locale),
            version: drawn.etag().to_owned(),
            bytes: drawn.transfer_bytes(),
        });
    }
    files.extend(bundle_of(name, locale));
    let list = Pack { pack: name.to_owned(), snapshot: SNAPSHOT, files };
    let headers = [(header::CACHE_CONTROL, "no-cache"), (HeaderName::from_static("x-snapshot"), SNAPSHOT)];
    (headers, Json(list)).into_response()
}

/// Returns the pages of a pack; nothing when there is no such pack.
fn pages_of(site: &Site, name: &str) -> Option<Vec<Page>> {
    if name == CHECKER {
        return Some(vec![Page::Check]);
    }
    let slug: Slug = name.parse().ok()?;
    let course = site.course(&slug)?;
    let mut pages = vec![Page::course(course)];
    pages.extend(course.lessons.iter().map(|lesson| Page::lesson(course, lesson)));
    pages.extend([Page::Home, Page::MyLearning, Page::Certificate, Page::About]);
    Some(pages)
}

/// Returns the files beside the pages that a phone does not have from its first visit.
fn bundle_of(name: &str, locale: Locale) -> Vec<File> {
    let mut names = Vec::new();
    if name == CHECKER {
        names.extend(["check.js".to_owned(), "check_bg.wasm".to_owned()]);
    }
    if locale != Locale::Vi {
        names.push(assets::words_name(locale));
    }
    let file = |name: String| {
        let (_, variants) = assets::find(&name)?;
        let bytes = variants.best(Encoding::Brotli).1.len();
        Some(File { url: format!("{}/{name}", assets::base()), version: String::new(), bytes })
    };
    names.into_iter().filter_map(file).collect()
}

#[cfg(test)]
mod tests;
