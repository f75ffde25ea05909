//! Requests by the browser's `fetch`.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, Request, RequestInit, Response};

use crate::offline::sync_client::{Transport, Unreachable};

/// Longest wait for an answer, in milliseconds. A batch of 16 KB at 10 kbit/s takes 13 seconds.
const TIMEOUT_MS: i32 = 30_000;

/// The network, through `fetch`.
#[derive(Debug, Clone, Copy)]
pub(super) struct FetchTransport;

impl Transport for FetchTransport {
    async fn post(&self, path: &str, token: &str, body: String) -> Result<(u16, String), Unreachable> {
        post(path, token, &body).await.ok_or(Unreachable)
    }
}

async fn post(path: &str, token: &str, body: &str) -> Option<(u16, String)> {
    let window = web_sys::window()?;
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    headers.set("authorization", &format!("Bearer {token}")).ok()?;
    let abort = AbortController::new().ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    init.set_signal(Some(&abort.signal()));
    let request = Request::new_with_str_and_init(path, &init).ok()?;
    let give_up = wasm_bindgen::closure::Closure::once(move || abort.abort());
    let timer = window
        .set_timeout_with_callback_and_timeout_and_arguments_0(give_up.as_ref().unchecked_ref(), TIMEOUT_MS)
        .ok()?;
    let answer = async {
        let response: Response =
            JsFuture::from(window.fetch_with_request(&request)).await.ok()?.dyn_into().ok()?;
        let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        Some((response.status(), text))
    }
    .await;
    window.clear_timeout_with_handle(timer);
    answer
}
