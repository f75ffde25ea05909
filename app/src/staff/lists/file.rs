//! Files that a browser hands over and takes.

use js_sys::{Array, Uint8Array};
use leptos::prelude::event_target;
use wasm_bindgen_futures::JsFuture;

use crate::base64;

/// The largest list the server takes, in bytes.
const FILE_MAX_BYTES: f64 = 4.0 * 1024.0 * 1024.0;

/// Returns the file that was just chosen.
pub(super) fn chosen(event: &web_sys::Event) -> Option<web_sys::File> {
    event_target::<web_sys::HtmlInputElement>(event).files()?.get(0)
}

/// Returns a file's bytes as they travel, or the code of what is wrong with it.
pub(super) async fn read(file: web_sys::File) -> Result<String, &'static str> {
    if file.size() > FILE_MAX_BYTES {
        return Err("file-too-large");
    }
    // A file that was moved or changed since it was chosen cannot be read any more.
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| "file-damaged")?;
    Ok(base64::encode(&Uint8Array::new(&buffer).to_vec()))
}

/// Returns an address in this browser under which bytes can be saved.
pub(in crate::staff) fn to_save(content: &str) -> Option<String> {
    let bytes = base64::decode(content)?;
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    let blob = web_sys::Blob::new_with_u8_array_sequence(&parts).ok()?;
    web_sys::Url::create_object_url_with_blob(&blob).ok()
}
