//! Everything that needs a disk, a database or a secret.
//!
//! `http` turns requests into calls and refusals into answers; `sync`, `ingest`, `records` and `issue` hold the rules of
//! the exchange; `store` remembers; `signing` alone sees the issuer's key; `main.rs` alone picks the concrete parts.
//! `people` holds what staff do with people, `reconcile` what they do with facts that were set aside, `import` reads their lists, `places` brings the administrative units.
//! Arrows point down only: http → sync, records, issue → ingest, devices → store. Staff come in by http → backend →
//! access, staff → store. Beside it, `pages`, `packs`,
//! `assets` and `worker` serve what is the same for everybody: they know the published content, never a learner.

pub mod access;
pub mod assets;
pub mod backend;
pub mod clock;
pub mod config;
pub mod content;
pub mod devices;
pub mod duties;
pub mod encoding;
pub mod failure;
pub mod http;
pub mod import;
pub mod ingest;
pub mod issue;
pub mod key_file;
pub mod lessons;
pub mod logging;
pub mod oidc;
pub mod packs;
pub mod pages;
pub mod people;
pub mod phone_key;
pub mod places;
pub mod publish;
pub mod reconcile;
pub mod records;
pub mod roll;
pub mod seal;
pub mod secret;
mod security;
pub mod signing;
pub mod staff;
pub mod standing;
pub mod state;
pub mod store;
pub mod sync;
#[cfg(test)]
mod test_app;
pub mod totp;
pub mod worker;

use app::i18n::{Locale, server::message};
use app::site::Site;
use axum::{Router, middleware};
use domain::dated_fact::Day;
use domain::rule::CertificateRule;
use state::AppState;
use tower_http::catch_panic::CatchPanicLayer;

/// Returns the whole site as one router, so that tests call it without a port.
pub fn build_router(state: AppState) -> Router {
    let clock = state.clock.clone();
    let pages = pages::Pages::new(site(&state), move || Day::in_vietnam(clock.now_ms()));
    http::api_router(state, pages.clone().router())
        .merge(assets::router())
        .merge(worker::router(message(Locale::Vi, "site-name", &[])))
        .merge(packs::router(pages.clone()))
        .merge(pages.router())
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(security::add_headers))
}

/// Returns what pages are made from.
fn site(state: &AppState) -> Site {
    let library = &state.library;
    Site {
        courses: library.courses.clone(),
        facts: library.facts.iter().map(|fact| (fact.id.clone(), fact.clone())).collect(),
        rule: library.rules.last().cloned().unwrap_or_else(no_rule),
        known_keys: state.signer.known_keys().to_vec(),
        issuer: state.config.issuer.clone(),
        single_sign_on: state.oidc.is_some(),
        retention: duties::retention::terms().to_vec(),
        public_url: state.config.public_url.clone(),
        today: Day::in_vietnam(state.clock.now_ms()),
        assets: assets::base(),
    }
}

/// Without a rule nothing is issued (the content check asks for one; only tests do without).
fn no_rule() -> CertificateRule {
    CertificateRule { id: "none".into(), lit_percent: 100, text: String::new(), legal_basis: String::new() }
}
