//! One's own password, second factor and recovery codes.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;

/// A second factor about to be set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorDraft {
    /// Comes back with the first code.
    pub ticket: String,
    /// The secret as a person types it.
    pub secret: String,
    /// The same as a link, for the QR code.
    pub link: String,
}

/// Changes one's password; other sessions end.
#[server(prefix = "/api/staff/v1", endpoint = "change-password", input = Json, output = Json)]
pub async fn change_password(old: String, new: String) -> Result<(), Problem> {
    super::backend::backend()?.change_password(old, new).await
}

/// Begins to set up the second factor.
#[server(prefix = "/api/staff/v1", endpoint = "begin-second-factor", input = Json, output = Json)]
pub async fn begin_second_factor(password: String) -> Result<SecondFactorDraft, Problem> {
    super::backend::backend()?.begin_second_factor(password).await
}

/// Sets up the second factor; returns recovery codes, shown this once.
#[server(prefix = "/api/staff/v1", endpoint = "confirm-second-factor", input = Json, output = Json)]
pub async fn confirm_second_factor(ticket: String, code: String) -> Result<Vec<String>, Problem> {
    super::backend::backend()?.confirm_second_factor(ticket, code).await
}

/// Makes new recovery codes in place of the old ones.
#[server(prefix = "/api/staff/v1", endpoint = "make-recovery-codes", input = Json, output = Json)]
pub async fn make_recovery_codes(password: String) -> Result<Vec<String>, Problem> {
    super::backend::backend()?.make_recovery_codes(password).await
}
