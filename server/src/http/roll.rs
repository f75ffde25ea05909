//! `POST /api/v1/roll`.

use axum::Json;
use axum::extract::State;
use domain::roll::{FetchRoll, Roll};

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::devices::prove;
use crate::roll;
use crate::state::AppState;

/// Tells a tied phone whom its colleague looks after.
pub(super) async fn fetch(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<Roll>, ApiFailure> {
    let request: FetchRoll = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    Ok(Json(roll::roll(&state, device).await?))
}
