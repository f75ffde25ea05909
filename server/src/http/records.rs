//! `POST /api/v1/records` and `POST /api/v1/records/open`.

use axum::Json;
use axum::extract::State;
use domain::sync::{CreateRecord, OpenRecord, RecordReady};

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::records;
use crate::state::AppState;

/// Makes a record.
pub(super) async fn create(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<RecordReady>, ApiFailure> {
    let request: CreateRecord = body.read()?;
    Ok(Json(records::create(&state, &token, &request).await?))
}

/// Opens a record on one more phone.
pub(super) async fn open(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<RecordReady>, ApiFailure> {
    let request: OpenRecord = body.read()?;
    Ok(Json(records::open(&state, &token, &request).await?))
}
