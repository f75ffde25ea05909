//! `POST /api/v1/sync`.

use axum::Json;
use axum::extract::State;
use domain::sync::{SyncRequest, SyncResponse};
use serde_json::value::RawValue;

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::devices::prove;
use crate::state::AppState;
use crate::sync::sync;

/// Takes a phone's facts and tells it what is new.
pub(super) async fn post(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<SyncResponse>, ApiFailure> {
    let request: SyncRequest<&RawValue> = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    Ok(Json(sync(&state, device, &request).await?))
}
