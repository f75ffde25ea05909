//! The phones one uses in villages.

use domain::ids::DeviceId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;

/// A phone to tie to one's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneToTie {
    /// The phone.
    pub device: DeviceId,
    /// What proves it: 32 bytes in base64url.
    pub token: String,
    /// The key of the list on it, 32 bytes in base64url, kept for the day its secret is forgotten.
    pub key: String,
}

/// A tied phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneRow {
    /// The phone.
    pub device: DeviceId,
    /// What kind of browser it is. May be empty.
    pub label: String,
    /// Since when, in milliseconds since 1970 UTC.
    pub tied_ms: i64,
    /// When it last asked for anything, give or take an hour.
    pub seen_ms: i64,
}

/// Ties a phone to one's account.
#[server(prefix = "/api/staff/v1", endpoint = "tie-phone", input = Json, output = Json)]
pub async fn tie_phone(phone: PhoneToTie) -> Result<(), Problem> {
    super::backend::backend()?.tie_phone(phone).await
}

/// Returns the key of the list on a phone of one's own.
#[server(prefix = "/api/staff/v1", endpoint = "phone-key", input = Json, output = Json)]
pub async fn phone_key(device: DeviceId) -> Result<String, Problem> {
    super::backend::backend()?.phone_key(device).await
}

/// Returns one's phones.
#[server(prefix = "/api/staff/v1", endpoint = "list-phones", input = Json, output = Json)]
pub async fn list_phones() -> Result<Vec<PhoneRow>, Problem> {
    super::backend::backend()?.list_phones().await
}

/// Unties a phone of one's own, perhaps a lost one.
#[server(prefix = "/api/staff/v1", endpoint = "untie-phone", input = Json, output = Json)]
pub async fn untie_phone(device: DeviceId) -> Result<(), Problem> {
    super::backend::backend()?.untie_phone(device).await
}
