//! To the OpenID provider and back. What is remembered between lies sealed in a cookie of its own, which comes back with
//! the browser from the provider's page.

use app::i18n::Locale;
use app::routes::StaffPage;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::cookies::Cookies;
use super::visitor::Visitor;
use super::{Here, Onward, see_other};
use crate::failure::{Failure, Refusal};
use crate::oidc::Begun;
use crate::staff::sign_in;
use crate::state::AppState;

/// Where the button on the sign-in page leads.
pub(super) const BEGIN: &str = "/quan-ly/dang-nhap-mot-lan";

/// Where the provider sends the browser back to; it has to know this address.
pub(super) const BACK: &str = "/quan-ly/dang-nhap-mot-lan/ve";

/// What the cookie is sealed for.
const PURPOSE: &str = "oidc";

/// How long the provider's pages may take, in seconds.
const UNDER_WAY_S: i64 = 600;

/// Sends the browser to the provider.
pub(super) async fn begin(
    State(state): State<AppState>,
    Query(onward): Query<Onward>,
    headers: HeaderMap,
) -> Response {
    let Some(provider) = &state.oidc else { return StatusCode::NOT_FOUND.into_response() };
    let here = Here { locale: Locale::Vi, next: onward.ours() };
    match provider.begin(&state.random, &back_to(&state), here.next.clone()).await {
        Ok((address, begun)) => {
            let text = serde_json::to_vec(&begun).unwrap_or_default();
            let mut response = see_other(&address);
            let sealed = state.seal.seal(&text, PURPOSE);
            Cookies::of(&state, &headers).set_under_way(response.headers_mut(), &sealed, UNDER_WAY_S);
            response
        }
        Err(error) => {
            tracing::error!(cause = %error, "the OpenID provider cannot be asked");
            here.to(StaffPage::SignIn, "#dang-ban")
        }
    }
}

/// What the provider adds to the address.
#[derive(Debug, Deserialize)]
pub(super) struct Returned {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// Signs in whom the provider names.
pub(super) async fn back(
    State(state): State<AppState>,
    Query(returned): Query<Returned>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Response {
    let cookies = Cookies::of(&state, &headers);
    let begun = cookies.under_way().and_then(|sealed| state.seal.unseal(&sealed, PURPOSE));
    let begun = begun.and_then(|text| serde_json::from_slice::<Begun>(&text).ok());
    let here = Here { locale: Locale::Vi, next: begun.as_ref().and_then(|begun| begun.next.clone()) };
    let mut response = match finish(&state, begun, &returned, &cookies, &visitor).await {
        Ok(signed_in) => here.signed_in(&cookies, &signed_in),
        Err(Failure::Refused(_)) => here.to(StaffPage::SignIn, "#chua-gan"),
        Err(failure) => here.again(StaffPage::SignIn, &failure),
    };
    cookies.set_under_way(response.headers_mut(), "", 0);
    // The address holds the code: it must not be told on.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn finish(
    state: &AppState,
    begun: Option<Begun>,
    returned: &Returned,
    cookies: &Cookies,
    visitor: &Visitor,
) -> Result<sign_in::SignedIn, Failure> {
    let (provider, begun) = state.oidc.as_ref().zip(begun).ok_or(Refusal::NotFound)?;
    // A browser that comes back with another's answer was sent there by somebody else.
    if returned.code.is_empty() || returned.state != begun.state {
        return Err(Refusal::WrongPassword.into());
    }
    let now_ms = state.clock.now_ms();
    let subject =
        provider.finish(&begun, &returned.code, &back_to(state), now_ms).await.map_err(|error| {
            tracing::warn!(cause = %error, "a sign-in through the OpenID provider was refused");
            Refusal::WrongPassword
        })?;
    let account = state.store.account_by_subject(&subject).await?.filter(|account| !account.stopped);
    let account = account.ok_or(Refusal::NotFound)?;
    sign_in::begin(state, &account, cookies.browser().as_ref(), &visitor.device).await
}

fn back_to(state: &AppState) -> String {
    format!("{}{BACK}", state.config.public_url)
}
