//! `POST /api/v1/devices`, `…/key` and `…/remove`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use domain::sync::{DeviceList, ListDevices, RegisterKey, RemoveDevice};

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::devices::{self, prove};
use crate::state::AppState;

/// Notes the key a phone signs with.
pub(super) async fn register_key(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<StatusCode, ApiFailure> {
    let request: RegisterKey = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    devices::register_key(&state, device, &request, &devices::label(user_agent)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the phones of a record.
pub(super) async fn list(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<DeviceList>, ApiFailure> {
    let request: ListDevices = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    Ok(Json(devices::list(&state, device, &request).await?))
}

/// Takes a record off a phone.
pub(super) async fn remove(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<DeviceList>, ApiFailure> {
    let request: RemoveDevice = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    Ok(Json(devices::remove(&state, device, &request).await?))
}
