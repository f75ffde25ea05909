//! Requests by the browser's `fetch`.

use wasm_bindgen::prelude::*;

use crate::offline::sync_client::{Transport, Unreachable};

#[wasm_bindgen(js_namespace = bdhvs)]
extern "C" {
    #[wasm_bindgen(js_name = post)]
    async fn post_json(path: &str, token: &str, body: &str) -> JsValue;
}

/// The network, through `fetch`.
#[derive(Debug, Clone, Copy)]
pub struct FetchTransport;

impl Transport for FetchTransport {
    async fn post(&self, path: &str, token: &str, body: String) -> Result<(u16, String), Unreachable> {
        let answer: js_sys::Array =
            post_json(path, token, &body).await.dyn_into().map_err(|_| Unreachable)?;
        let status = answer.get(0).as_f64().ok_or(Unreachable)?;
        let text = answer.get(1).as_string().ok_or(Unreachable)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a status has three digits"
        )]
        Ok((status as u16, text))
    }
}
