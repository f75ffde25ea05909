//! What the phone downloads besides pages: style, script, wasm, icons. Compiled in and compressed at build time; one
//! build is one snapshot with its own address, so that pages and assets never mix.

use std::sync::{LazyLock, OnceLock};

use app::i18n::{
    Locale,
    server::{phone_words, staff_words},
};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::encoding::{Compressed, Encoding, Variants, unpacked};

/// One file.
#[derive(Debug)]
pub struct Asset {
    /// Its name.
    pub name: &'static str,
    content_type: &'static str,
    /// As it is, where packing gains nothing.
    kept: Option<&'static [u8]>,
    /// As it is, once somebody asked for it.
    unpacked: OnceLock<Vec<u8>>,
    brotli: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    fn variants(&self) -> Variants<'_> {
        let plain = match self.kept {
            Some(plain) => plain,
            None => self.unpacked.get_or_init(|| unpacked(self.brotli)),
        };
        Variants { plain, brotli: self.brotli, gzip: self.gzip }
    }
}

/// Returns the address below which this build's assets lie.
pub fn base() -> String {
    format!("/a/{SNAPSHOT}")
}

/// Returns whether the islands' bundle was there when the server was built.
pub fn has_phone_bundle() -> bool {
    ASSETS.iter().any(|asset| asset.name == "app_bg.wasm")
}

/// Serves the assets.
pub fn router() -> Router {
    Router::new().route("/a/{snapshot}/{name}", get(asset))
}

/// Returns the file with the islands' words in a language.
pub fn words_name(locale: Locale) -> String {
    format!("words-{}.json", locale.tag())
}

/// The islands' words and those of staff pages in every language, compressed at first use.
static WORDS: LazyLock<Vec<(String, Compressed)>> = LazyLock::new(|| {
    let both = Locale::ALL.into_iter().flat_map(|locale| {
        [
            (words_name(locale), phone_words(locale)),
            (format!("words-staff-{}.json", locale.tag()), staff_words(locale)),
        ]
    });
    both.map(|(name, words)| (name, Compressed::new(words.into_bytes()))).collect()
});

/// Returns type and forms of a file of this build.
pub(crate) fn find(name: &str) -> Option<(&'static str, Variants<'static>)> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let words = || WORDS.iter().find(|(known, _)| known == name);
    asset
        .map(|asset| (asset.content_type, asset.variants()))
        .or_else(|| words().map(|(_, words)| ("application/json", words.variants())))
}

async fn asset(Path((snapshot, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    // A page of another build must not get this build's files under its own names.
    let found = if snapshot == SNAPSHOT { find(&name) } else { None };
    let Some((content_type, variants)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let (encoding, bytes) = variants.best(Encoding::accepted(&headers));
    let mut response = (
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::VARY, "accept-encoding"),
        ],
        bytes,
    )
        .into_response();
    encoding.write(response.headers_mut());
    response
}
