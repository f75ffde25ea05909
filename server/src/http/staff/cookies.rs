//! The cookies of staff: the session, by which the browser is known later, and a sign-in elsewhere under way.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::access::SESSION_MS;
use crate::devices::TokenHash;
use crate::staff::sign_in::SignedIn;
use crate::state::AppState;

/// A browser is known for half a year, in seconds.
const BROWSER_S: i64 = 183 * 86_400;

/// What a request brought, and how to answer.
#[derive(Debug)]
pub(super) struct Cookies {
    session: Option<TokenHash>,
    browser: Option<TokenHash>,
    /// A sign-in elsewhere that is under way, sealed.
    under_way: Option<String>,
    /// Whether people reach the site by https, where cookies can be bound to it.
    secure: bool,
}

impl Cookies {
    /// Returns the cookies of a request.
    pub(super) fn of(state: &AppState, headers: &HeaderMap) -> Self {
        let secure = state.config.public_url.starts_with("https://");
        let text = |name: &str| {
            let name = full_name(secure, name);
            let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
            let mut pairs =
                pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
        };
        let token = |name: &str| text(name).and_then(|value| TokenHash::of(&value));
        let (session, browser) = (token("bdhvs"), token("bdhvs-may"));
        Self { session, browser, under_way: text("bdhvs-oidc"), secure }
    }

    /// Returns the hash of the session's token.
    pub(super) fn session(&self) -> Option<TokenHash> {
        self.session.clone()
    }

    /// Returns the hash of the browser's token.
    pub(super) fn browser(&self) -> Option<TokenHash> {
        self.browser.clone()
    }

    /// Returns a sign-in elsewhere that is under way, sealed.
    pub(super) fn under_way(&self) -> Option<String> {
        self.under_way.clone()
    }

    /// Remembers a sign-in elsewhere. The browser brings this cookie back from another site's page, so it is not as strict
    /// as the others; it proves nothing but where the browser came from.
    pub(super) fn set_under_way(&self, headers: &mut HeaderMap, sealed: &str, age_s: i64) {
        self.set(headers, "bdhvs-oidc", sealed, age_s, "Lax");
    }

    /// Gives a browser its cookies.
    pub(super) fn keep(&self, headers: &mut HeaderMap, signed_in: &SignedIn) {
        self.set(headers, "bdhvs", &signed_in.session_token, SESSION_MS / 1000, "Strict");
        if let Some(token) = &signed_in.browser_token {
            self.set(headers, "bdhvs-may", token, BROWSER_S, "Strict");
        }
    }

    /// Takes the session's cookie back.
    pub(super) fn forget_session(&self, headers: &mut HeaderMap) {
        self.set(headers, "bdhvs", "", 0, "Strict");
    }

    fn set(&self, headers: &mut HeaderMap, name: &str, value: &str, age_s: i64, site: &str) {
        let (name, secure) = (full_name(self.secure, name), if self.secure { "; Secure" } else { "" });
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}; Max-Age={age_s}{secure}");
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

/// `__Host-` makes browsers refuse the cookie from any other host or from plain http; there, on localhost, it does not work.
fn full_name(secure: bool, name: &str) -> String {
    format!("{}{name}", if secure { "__Host-" } else { "" })
}
