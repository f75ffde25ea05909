//! The versioned plain routes. Each handler: read, prove the phone, one call, answer.
//!
//! These routes are for ever: an old phone calls them from a page stored years ago. A changed meaning is a new version
//! beside the old one.

mod body;
mod certificates;
mod devices;
pub(crate) mod error;
mod health;
mod my_data;
mod origin;
mod records;
mod roll;
pub mod staff;
mod sync;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use domain::sync::BODY_MAX_BYTES;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::state::AppState;

/// Longest a request may take: a full body of 256 KB at 50 kbit/s takes 42 seconds.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(90);

/// Largest form or call of staff, in bytes: a few fields.
pub(crate) const STAFF_BODY_MAX_BYTES: usize = 16 * 1024;

/// Returns the routes under `/api/v1`, those of staff, and those that say whether the server is well. `pages` answers
/// where a form of staff is asked for.
pub fn api_router(state: AppState, pages: Router) -> Router {
    let api = Router::new()
        .route("/sync", post(sync::post))
        .route("/records", post(records::create))
        .route("/records/open", post(records::open))
        .route("/certificates", post(certificates::request))
        .route("/certificates/withdrawn", get(certificates::withdrawn))
        .route("/my-data", post(my_data::ask))
        .route("/roll", post(roll::fetch))
        .route("/devices", post(devices::list))
        .route("/devices/key", post(devices::register_key))
        .route("/devices/remove", post(devices::remove))
        .fallback(error::no_such_route)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(middleware::from_fn_with_state(state.clone(), origin::refuse_other_sites))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES));
    Router::new()
        .nest("/api/v1", api)
        .merge(staff::router(state.clone(), pages).layer(DefaultBodyLimit::max(STAFF_BODY_MAX_BYTES)))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .layer(CatchPanicLayer::custom(error::after_panic))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .layer(middleware::from_fn(to_the_end))
        .layer(middleware::from_fn(never_store))
        .layer(middleware::from_fn(log))
        .with_state(state)
}

/// Finishes what a phone has sent, also when the phone is gone by then: on a weak network it would otherwise send the
/// same facts again and again and never get them stored.
async fn to_the_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(ended) => error::after_panic(Box::new(ended)),
    }
}

/// Answers here are personal or momentary: no cache may keep them.
async fn never_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Logs that a request was answered: the route's pattern, never its values.
async fn log(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (method, began) = (request.method().clone(), Instant::now());
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request answered"
    );
    response
}
