//! What a request carries: a JSON body of a bounded size, and the phone's token.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::sync::PROTOCOL_VERSION;
use serde::Deserialize;

use super::error::ApiFailure;
use crate::devices::TokenHash;
use crate::failure::Refusal;

/// A JSON body, not read yet: events borrow from it.
pub(super) struct JsonBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiFailure;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiFailure> {
        if !is_json(request.headers()) {
            return Err(Refusal::NotJson.into());
        }
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(cut) => Err(match cut.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Refusal::BodyTooLarge.into(),
                _ => Refusal::Malformed.into(),
            }),
        }
    }
}

/// The one field that messages of every protocol have.
#[derive(Deserialize)]
struct Versioned {
    protocol: u64,
}

impl JsonBody {
    /// Returns the message, looking at its protocol first: a newer one may have any other shape.
    pub(super) fn read<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Refusal> {
        let version: Versioned = serde_json::from_slice(&self.0).map_err(|_| Refusal::Malformed)?;
        if version.protocol > u64::from(PROTOCOL_VERSION) {
            return Err(Refusal::ProtocolTooNew);
        }
        if version.protocol == 0 {
            return Err(Refusal::Malformed);
        }
        serde_json::from_slice(&self.0).map_err(|_| Refusal::Malformed)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The token in the `Authorization` header.
pub(super) struct Bearer(pub(super) TokenHash);

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = ApiFailure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiFailure> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).and_then(TokenHash::of);
        Ok(Self(token.ok_or(Refusal::DeviceUnknown)?))
    }
}
