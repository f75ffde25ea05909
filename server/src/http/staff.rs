//! Signing in and out by plain forms, which work without script, and the door to the server functions.
//!
//! Nothing personal stands in an address or a page: what went wrong is named by the part of the address behind `#`, where
//! the page has its sentence ready.

mod cookies;
mod oidc;
mod visitor;

use app::i18n::Locale;
use app::routes::{Page, StaffPage};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use leptos::prelude::provide_context;
use serde::Deserialize;
use std::sync::Arc;

use self::cookies::Cookies;
use super::error::{ApiFailure, no_such_route};
use super::{STAFF_BODY_MAX_BYTES, origin};
use crate::access::{self, Stage};
use crate::backend::StaffBackend;
use crate::failure::{Failure, Refusal};
use crate::import::FILE_MAX_BYTES;
use crate::secret::SecretError;
use crate::staff::sign_in::{self, Attempt, SignedIn};
use crate::state::AppState;

/// Where server functions lie.
pub const FUNCTIONS: &str = "/api/staff/v1/{function}";

/// Server functions that take a file with a list.
pub(crate) const FILE_FUNCTIONS: [&str; 2] = ["/api/staff/v1/preview-list", "/api/staff/v1/apply-list"];

/// Largest call with a file, in bytes: four letters stand for three bytes.
const FILE_BODY_MAX_BYTES: usize = FILE_MAX_BYTES.div_ceil(3) * 4 + STAFF_BODY_MAX_BYTES;

/// Returns the routes; a page asked for with GET is `pages`' business.
pub(super) fn router(state: AppState, pages: Router) -> Router<AppState> {
    let mut router = Router::new()
        .route(FUNCTIONS, post(server_function))
        .route(FILE_FUNCTIONS[0], file_function())
        .route(FILE_FUNCTIONS[1], file_function())
        .route(oidc::BEGIN, get(oidc::begin))
        .route(oidc::BACK, get(oidc::back));
    for locale in Locale::ALL {
        let mut route = |page: StaffPage, form: MethodRouter<AppState>| {
            let path = Page::Staff(page).path(locale);
            router = std::mem::take(&mut router).route(&path, form.fallback_service(pages.clone()));
        };
        route(StaffPage::SignIn, post(sign_in_form));
        route(StaffPage::SecondFactor, post(code_form));
        route(StaffPage::NewPassword, post(password_form));
        route(StaffPage::SignOut, post(sign_out_form));
    }
    router.layer(middleware::from_fn_with_state(state, origin::refuse_other_sites))
}

/// Answers a server function, for whom the cookie says.
async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let known = leptos::server_fn::axum::server_fn_paths().any(|(path, _)| path == request.uri().path());
    if !known {
        return no_such_route().await;
    }
    if !is_json(request.headers()) {
        return ApiFailure::from(Refusal::NotJson).into_response();
    }
    let token_hash = Cookies::of(&state, request.headers()).session().map(|hash| hash.as_str().to_owned());
    let backend = Arc::new(StaffBackend::new(state, token_hash));
    let given = Arc::clone(&backend);
    let context = move || provide_context(Arc::clone(&given) as Arc<dyn app::api::backend::Backend>);
    let response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    if backend.was_asked() { response } else { ApiFailure::from(Refusal::Malformed).into_response() }
}

/// A server function that takes a file: only somebody who is signed in may make the server read one.
fn file_function() -> MethodRouter<AppState> {
    let for_staff = async |State(state): State<AppState>, request: Request| {
        let token_hash =
            Cookies::of(&state, request.headers()).session().map(|hash| hash.as_str().to_owned());
        match access::session(&state, token_hash.as_deref()).await {
            Ok(_) => server_function(State(state), request).await,
            Err(failure) => ApiFailure::from(failure).into_response(),
        }
    };
    post(for_staff).layer(DefaultBodyLimit::max(FILE_BODY_MAX_BYTES))
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Where to go after signing in: `?next=` in the address of the form, which the form keeps by having no other.
#[derive(Debug, Default, Deserialize)]
struct Onward {
    #[serde(default)]
    next: String,
}

impl Onward {
    /// Returns the page, when it is a staff page of ours: a link from elsewhere must not choose where a password leads.
    fn ours(self) -> Option<String> {
        let (locale, page) = Page::parse(&self.next)?;
        let is_ours = matches!(page, Page::Staff(_)) && page.path(locale) == self.next;
        is_ours.then_some(self.next)
    }
}

#[derive(Deserialize)]
struct SignInForm {
    name: String,
    password: String,
}

async fn sign_in_form(
    State(state): State<AppState>,
    uri: Uri,
    Query(onward): Query<Onward>,
    visitor: visitor::Visitor,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Response {
    let (here, cookies) = (Here::of(&uri, onward), Cookies::of(&state, &headers));
    let browser = cookies.browser();
    let attempt = Attempt {
        name: &form.name,
        password: &form.password,
        browser: browser.as_ref(),
        network: &visitor.network,
        device: &visitor.device,
    };
    match sign_in::sign_in(&state, attempt).await {
        Ok(signed_in) => here.signed_in(&cookies, &signed_in),
        Err(failure) => here.again(StaffPage::SignIn, &failure),
    }
}

#[derive(Deserialize)]
struct CodeForm {
    code: String,
}

async fn code_form(
    State(state): State<AppState>,
    uri: Uri,
    Query(onward): Query<Onward>,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Response {
    let (here, cookies) = (Here::of(&uri, onward), Cookies::of(&state, &headers));
    let done = async {
        let session = access::session(&state, cookies.session().as_ref().map(|hash| hash.as_str())).await?;
        sign_in::pass_code(&state, &session, &form.code).await?;
        Ok(if session.account().given { Stage::NewPassword } else { Stage::Open })
    };
    match done.await {
        Ok(stage) => here.onward(stage),
        Err(failure) => here.again(StaffPage::SecondFactor, &failure),
    }
}

#[derive(Deserialize)]
struct PasswordForm {
    password: String,
    again: String,
}

async fn password_form(
    State(state): State<AppState>,
    uri: Uri,
    Query(onward): Query<Onward>,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Response {
    let (here, cookies) = (Here::of(&uri, onward), Cookies::of(&state, &headers));
    if form.password != form.again {
        return here.to(StaffPage::NewPassword, "#khac-nhau");
    }
    let done = async {
        let session = access::session(&state, cookies.session().as_ref().map(|hash| hash.as_str())).await?;
        sign_in::set_first_password(&state, &session, &form.password).await
    };
    match done.await {
        Ok(()) => here.onward(Stage::Open),
        Err(failure) => here.again(StaffPage::NewPassword, &failure),
    }
}

async fn sign_out_form(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let (here, cookies) = (Here::of(&uri, Onward::default()), Cookies::of(&state, &headers));
    // Somebody whose session is over is signed out already.
    if let Ok(session) = access::session(&state, cookies.session().as_ref().map(|hash| hash.as_str())).await
        && let Err(failure) = sign_in::sign_out(&state, &session).await
    {
        return here.again(StaffPage::SignIn, &failure);
    }
    let mut response = here.to(StaffPage::SignIn, "#da-ra");
    cookies.forget_session(response.headers_mut());
    response
}

/// The language of the form, and where it leads on.
struct Here {
    locale: Locale,
    next: Option<String>,
}

impl Here {
    fn of(uri: &Uri, onward: Onward) -> Self {
        let locale = if uri.path().starts_with("/en/") { Locale::En } else { Locale::Vi };
        Self { locale, next: onward.ours() }
    }

    fn signed_in(&self, cookies: &Cookies, signed_in: &SignedIn) -> Response {
        let mut response = self.onward(signed_in.stage);
        cookies.keep(response.headers_mut(), signed_in);
        response
    }

    /// Leads to what comes after this stage.
    fn onward(&self, stage: Stage) -> Response {
        match (stage, &self.next) {
            (Stage::SecondFactor, _) => self.to(StaffPage::SecondFactor, NOTHING_SAID),
            (Stage::NewPassword, _) => self.to(StaffPage::NewPassword, NOTHING_SAID),
            (Stage::Open, Some(next)) => see_other(&format!("{next}{NOTHING_SAID}")),
            (Stage::Open, None) => {
                see_other(&format!("{}{NOTHING_SAID}", Page::Staff(StaffPage::Home).path(self.locale)))
            }
        }
    }

    /// Leads back to a form, to the sentence that says why; to the first one when the session is over.
    fn again(&self, page: StaffPage, failure: &Failure) -> Response {
        match failure {
            Failure::Refused(Refusal::SignInNeeded) => self.to(StaffPage::SignIn, "#het-phien"),
            Failure::Refused(Refusal::TooManyTries { .. }) => self.to(page, "#cho-mot-lat"),
            Failure::Refused(_) => self.to(page, "#chua-dung"),
            Failure::Secret(SecretError::Busy) => self.to(page, "#dang-ban"),
            failure => {
                tracing::error!(cause = %failure, "a sign-in failed unexpectedly");
                self.to(page, "#dang-ban")
            }
        }
    }

    fn to(&self, page: StaffPage, place: &str) -> Response {
        let next = self.next.as_deref().map(|next| format!("?next={next}")).unwrap_or_default();
        see_other(&format!("{}{next}{place}", Page::Staff(page).path(self.locale)))
    }
}

/// Without any, a browser would carry on what stood behind `#` before.
const NOTHING_SAID: &str = "#";

fn see_other(path: &str) -> Response {
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
