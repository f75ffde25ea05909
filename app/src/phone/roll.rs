//! What the list on an ambassador's phone needs of the browser: its own database, the key that seals it, the network.

use wasm_bindgen::prelude::*;

use crate::offline::idb::IdbStore;
use crate::offline::keyring::{Vault, Wrapped};
use crate::offline::sealed::Seal;
use crate::offline::store::StoreError;

/// Name of the database with the list. Another one than the learners' of this phone, so that neither opens the other.
const DATABASE: &str = "bdhvs-roll";

/// The browser's cryptography. It holds one key, for as long as the page lives or until it is dropped.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserVault;

/// Opens the database with the list.
///
/// # Errors
/// As [`IdbStore::open`].
pub async fn open_roll() -> Result<IdbStore, StoreError> {
    IdbStore::open(DATABASE, |_| ()).await
}

/// Lets the key go: the list is shut.
pub fn drop_key() {
    forget_key();
}

/// Returns whether this page opens without a network from now on.
pub async fn is_kept() -> bool {
    kept().await.is_truthy()
}

#[wasm_bindgen(js_namespace = bdhvs)]
extern "C" {
    #[wasm_bindgen(js_name = wrapKey)]
    async fn wrap_key(raw: Option<&str>, secret: &str, salt: &str, rounds: u32) -> JsValue;
    #[wasm_bindgen(js_name = unwrapKey)]
    async fn unwrap_key(wrapped: &str, secret: &str, salt: &str, rounds: u32) -> JsValue;
    #[wasm_bindgen(js_name = dropKey)]
    fn forget_key();
    #[wasm_bindgen(js_name = seal)]
    async fn seal_text(place: &str, text: &str) -> JsValue;
    #[wasm_bindgen(js_name = unseal)]
    async fn unseal_text(place: &str, sealed: &str) -> JsValue;
    #[wasm_bindgen(js_name = isKept)]
    async fn kept() -> JsValue;
}

impl Vault for BrowserVault {
    async fn wrap(&self, raw: Option<&str>, secret: &str, salt: &str, rounds: u32) -> Option<Wrapped> {
        let made: js_sys::Array = wrap_key(raw, secret, salt, rounds).await.dyn_into().ok()?;
        Some(Wrapped { raw: made.get(0).as_string()?, wrapped: made.get(1).as_string()? })
    }

    async fn unwrap(&self, wrapped: &str, secret: &str, salt: &str, rounds: u32) -> bool {
        unwrap_key(wrapped, secret, salt, rounds).await.is_truthy()
    }
}

impl Seal for BrowserVault {
    async fn seal(&self, place: &str, text: &str) -> Option<String> {
        seal_text(place, text).await.as_string()
    }

    async fn open(&self, place: &str, sealed: &str) -> Option<String> {
        unseal_text(place, sealed).await.as_string()
    }
}
