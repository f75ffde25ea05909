//! `POST /api/v1/my-data`: what a learner asks about her own data, and who has looked at it.

use axum::Json;
use axum::extract::State;
use domain::sync::{MyData, MyDataAnswer};

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::devices::prove;
use crate::duties::looks;
use crate::state::AppState;

/// Asks something if there is something to ask, and says how things stand.
pub(super) async fn ask(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<MyDataAnswer>, ApiFailure> {
    let request: MyData = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    Ok(Json(looks::my_data(&state, device, &request).await?))
}
