//! Signing in with an account elsewhere: OpenID Connect, authorization code with PKCE (RFC 7636). Off unless set.
//!
//! The browser brings back a code; this server swaps it for an ID token over its own TLS connection to the provider, which
//! is why the token's signature need not be checked (OpenID Connect Core 1.0, section 3.1.3.7, point 6). Who the person
//! is here, an administrator has said before: no account is made by signing in.

use std::sync::Arc;
use std::time::Duration;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::clock::Random;
use crate::config::OidcConfig;

/// Longest wait for the provider.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Largest answer read from it, in bytes.
const ANSWER_MAX_BYTES: u64 = 64 * 1024;

/// How far the provider's clock may be off, in seconds.
const CLOCK_S: i64 = 120;

/// Why the provider's word is not taken. Shows nothing of the person.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// It could not be reached, or answered no.
    #[error("the provider: {0}")]
    Provider(Box<ureq::Error>),
    /// It answered something else than it should.
    #[error("the provider's {0} makes no sense")]
    Answer(&'static str),
    /// The thread that asked ended early.
    #[error("the asking thread ended early")]
    Thread,
}

/// The provider, found once.
#[derive(Debug, Clone)]
pub struct Provider {
    config: Arc<OidcConfig>,
    found: Arc<OnceCell<Endpoints>>,
}

/// What of the provider's configuration is needed (OpenID Connect Discovery 1.0).
#[derive(Debug, Clone, Deserialize)]
struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
}

/// What this server remembers of a sign-in under way; it lies sealed in a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Comes back with the code.
    pub state: String,
    /// Comes back in the token.
    pub nonce: String,
    /// Proves that the code is swapped by who asked for it.
    pub verifier: String,
    /// Where the sign-in form would have led.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Provider {
    /// Returns the provider of the settings; it is asked when somebody needs it.
    pub fn new(config: OidcConfig) -> Self {
        Self { config: Arc::new(config), found: Arc::default() }
    }

    /// Returns where the browser goes, and what to remember until it is back.
    ///
    /// # Errors
    /// See [`OidcError`].
    pub async fn begin(
        &self,
        random: &Random,
        back_to: &str,
        next: Option<String>,
    ) -> Result<(String, Begun), OidcError> {
        let word = || BASE64URL_NOPAD.encode(&random.bytes::<32>());
        let begun = Begun { state: word(), nonce: word(), verifier: word(), next };
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(begun.verifier.as_bytes()));
        let address = &self.endpoints().await?.authorization_endpoint;
        let query = form(&[
            ("response_type", "code"),
            ("scope", "openid"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", back_to),
            ("state", &begun.state),
            ("nonce", &begun.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let joint = if address.contains('?') { '&' } else { '?' };
        Ok((format!("{address}{joint}{query}"), begun))
    }

    /// Swaps the code for the provider's word; returns who the person is there.
    ///
    /// # Errors
    /// See [`OidcError`].
    pub async fn finish(
        &self,
        begun: &Begun,
        code: &str,
        back_to: &str,
        now_ms: i64,
    ) -> Result<String, OidcError> {
        let address = self.endpoints().await?.token_endpoint.clone();
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back_to),
            ("code_verifier", &begun.verifier),
        ]);
        let pair = form(&[(&self.config.client_id, &self.config.client_secret)]).replacen('=', ":", 1);
        let proof = format!("Basic {}", BASE64.encode(pair.as_bytes()));
        let text = beside(move || {
            agent()
                .post(&address)
                .header("authorization", &proof)
                .header("content-type", "application/x-www-form-urlencoded")
                .send(&body)
                .and_then(read)
        });
        let tokens: Tokens =
            serde_json::from_str(&text.await?).map_err(|_| OidcError::Answer("token answer"))?;
        subject(&self.config, &tokens.id_token, &begun.nonce, now_ms)
    }

    async fn endpoints(&self) -> Result<&Endpoints, OidcError> {
        self.found
            .get_or_try_init(|| async {
                let address = format!("{}/.well-known/openid-configuration", self.config.issuer);
                let text = beside(move || agent().get(&address).call().and_then(read)).await?;
                let found: Endpoints =
                    serde_json::from_str(&text).map_err(|_| OidcError::Answer("configuration"))?;
                let is_itself = found.issuer.trim_end_matches('/') == self.config.issuer;
                if is_itself { Ok(found) } else { Err(OidcError::Answer("name for itself")) }
            })
            .await
    }
}

/// Returns who an ID token says the person is, when it was made for this server, this sign-in and now.
fn subject(config: &OidcConfig, token: &str, nonce: &str, now_ms: i64) -> Result<String, OidcError> {
    let wrong = OidcError::Answer;
    let payload = token.split('.').nth(1).ok_or(wrong("token"))?;
    let bytes = BASE64URL_NOPAD.decode(payload.as_bytes()).map_err(|_| wrong("token"))?;
    let claims: Claims = serde_json::from_slice(&bytes).map_err(|_| wrong("token"))?;
    let is_for_us = match &claims.aud {
        Audience::One(one) => *one == config.client_id,
        Audience::Several(several) => several.contains(&config.client_id),
    };
    if claims.iss.trim_end_matches('/') != config.issuer {
        return Err(wrong("token's issuer"));
    }
    if !is_for_us {
        return Err(wrong("token's audience"));
    }
    if claims.nonce.as_deref() != Some(nonce) {
        return Err(wrong("token's nonce"));
    }
    if claims.exp + CLOCK_S < now_ms / 1000 {
        return Err(wrong("token's end"));
    }
    if claims.sub.is_empty() { Err(wrong("token's subject")) } else { Ok(claims.sub) }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0);
    config.build().new_agent()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<String, ureq::Error> {
    response.body_mut().with_config().limit(ANSWER_MAX_BYTES).read_to_string()
}

/// Asks beside the async threads.
async fn beside(
    ask: impl FnOnce() -> Result<String, ureq::Error> + Send + 'static,
) -> Result<String, OidcError> {
    let asked = tokio::task::spawn_blocking(ask).await.map_err(|_| OidcError::Thread)?;
    asked.map_err(|error| OidcError::Provider(Box::new(error)))
}

/// Returns `name=value&…` with everything but plain letters and digits as `%` and two digits.
fn form(pairs: &[(&str, &str)]) -> String {
    let one = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn config() -> OidcConfig {
        OidcConfig {
            issuer: "https://sso.example.vn".into(),
            client_id: "bdhvs".into(),
            client_secret: "bi mat".into(),
        }
    }

    fn token(claims: &Value) -> String {
        format!("e30.{}.c2ln", BASE64URL_NOPAD.encode(claims.to_string().as_bytes()))
    }

    #[test]
    fn only_a_token_for_us_for_this_sign_in_and_for_now_is_taken() {
        let good =
            json!({"iss": "https://sso.example.vn", "sub": "a1", "aud": "bdhvs", "exp": 1000, "nonce": "n"});
        let ask = |change: Value| {
            let mut claims = good.clone();
            for (name, value) in change.as_object().unwrap() {
                claims[name] = value.clone();
            }
            subject(&config(), &token(&claims), "n", 1_000_000).map_err(|error| error.to_string())
        };
        assert_eq!(ask(json!({})), Ok("a1".to_owned()));
        assert_eq!(ask(json!({"aud": ["x", "bdhvs"]})), Ok("a1".to_owned()));
        for (change, what) in [
            (json!({"iss": "https://other.example"}), "issuer"),
            (json!({"aud": "x"}), "audience"),
            (json!({"nonce": "m"}), "nonce"),
            (json!({"nonce": null}), "nonce"),
            (json!({"exp": 800}), "end"),
            (json!({"sub": ""}), "subject"),
        ] {
            assert_eq!(
                ask(change.clone()),
                Err(format!("the provider's token's {what} makes no sense")),
                "{change}"
            );
        }
        for broken in ["", "a.b", "a.%%.c"] {
            assert!(subject(&config(), broken, "n", 0).is_err(), "{broken}");
        }
    }

    #[test]
    fn values_are_written_for_addresses() {
        assert_eq!(form(&[("a b", "ế&=")]), "a%20b=%E1%BA%BF%26%3D");
    }
}
