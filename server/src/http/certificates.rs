//! `POST /api/v1/certificates`.

use axum::Json;
use axum::extract::State;
use domain::ids::CertificateId;
use domain::sync::{IssuedCertificate, RequestCertificate};

use super::body::{Bearer, JsonBody};
use super::error::ApiFailure;
use crate::devices::prove;
use crate::failure::Failure;
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

/// Lists the numbers of certificates that no longer count, all of them: whoever checks a paper says nothing about which.
pub(super) async fn withdrawn(State(state): State<AppState>) -> Result<Json<Vec<CertificateId>>, ApiFailure> {
    Ok(Json(state.store.withdrawn_certificates().await.map_err(Failure::from)?))
}
