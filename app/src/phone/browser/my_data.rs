//! What a learner asks about her own data, and whether a paper was withdrawn: both ask the server and keep nothing.

use domain::ids::CertificateId;
use domain::sync::{AskNow, MyDataAnswer};
use wasm_bindgen::prelude::*;

use super::environment::BrowserEnvironment;
use super::fetch::FetchTransport;
use super::opened;
use crate::offline::environment::Environment;
use crate::offline::sync_client::{self, SyncError};

#[wasm_bindgen(js_namespace = bdhvs)]
extern "C" {
    async fn withdrawn() -> JsValue;
}

/// Returns who has looked at the present learner's record and what she has asked; asks something first, if given.
///
/// # Errors
/// [`SyncError`].
pub async fn my_data(ask: Option<AskNow>) -> Result<MyDataAnswer, SyncError> {
    sync_client::my_data(&FetchTransport, &opened().await?.identity, ask).await
}

/// Returns a new id.
pub fn new_id() -> uuid::Uuid {
    BrowserEnvironment.new_id()
}

/// Returns whether a certificate was withdrawn; nothing when that cannot be found out without a network.
pub async fn is_withdrawn(id: CertificateId) -> Option<bool> {
    let list = withdrawn().await.as_string()?;
    Some(list.contains(&id.to_string()))
}
