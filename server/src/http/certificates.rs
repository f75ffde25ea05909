//! `POST /api/v1/certificates`.

use axum::Json;
use axum::extract::State;
use domain::sync::{IssuedCertificate, RequestCertificate};

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::devices::prove;
use crate::issue::issue;
use crate::state::AppState;

/// Issues the certificate of a course.
pub(super) async fn request(
    State(state): State<AppState>,
    Bearer(token): Bearer,
    body: JsonBody,
) -> Result<Json<IssuedCertificate>, ApiFailure> {
    let request: RequestCertificate = body.read()?;
    let device = prove(&state, request.device, &token).await?;
    Ok(Json(issue(&state, device, &request).await?))
}
