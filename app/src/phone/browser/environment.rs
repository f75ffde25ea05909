//! The phone's clock, chance, key and slow hash.

use wasm_bindgen::prelude::*;

use crate::offline::environment::Environment;
use crate::offline::lock::Stretch;

/// Clock, chance, key and slow hash of this browser.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserEnvironment;

impl Environment for BrowserEnvironment {
    fn now_ms(&self) -> i64 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds since 1970 fit for 280 million years"
        )]
        let now = js_sys::Date::now() as i64;
        now
    }

    fn mono_ms(&self) -> u64 {
        let now = web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "never negative, never that long"
        )]
        let now = now as u64;
        now
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let filled = web_sys::window()
            .and_then(|window| window.crypto().ok())
            .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
        // Every browser above the floor has it, also on plain http; without it ids could not be trusted.
        assert!(filled, "this browser gives no random numbers");
        bytes
    }

    async fn public_key(&self) -> Option<String> {
        key().await.as_string()
    }

    async fn sign(&self, text: &str) -> Option<String> {
        sign(text).await.as_string()
    }
}

#[wasm_bindgen(js_namespace = bdhvs)]
extern "C" {
    async fn key() -> JsValue;
    async fn sign(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = stretch)]
    async fn stretch_by_browser(secret: &str, salt: &str, rounds: u32) -> JsValue;
}

impl Stretch for BrowserEnvironment {
    async fn stretch(&self, secret: &str, salt: &str, rounds: u32) -> Option<String> {
        stretch_by_browser(secret, salt, rounds).await.as_string()
    }
}
