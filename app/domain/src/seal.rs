//! What a phone signs, so that others may carry its facts without changing any.
//!
//! A phone's key is ECDSA on P-256 with SHA-256, made by the browser and never leaving it (Ed25519 is missing on older
//! phones). The public key is the 65 bytes of the uncompressed point, a signature the 64 bytes of `r` and `s`, both in
//! base64url without padding: what WebCrypto gives. This module only says which text is signed; who signs and who checks
//! stands where keys are.

use crate::ids::DeviceId;

/// Bytes of a public key.
pub const KEY_BYTES: usize = 65;

/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Returns the text that a phone signs for a batch of facts: what it is, which phone, and each fact's JSON as it is sent,
/// one a line. A fact's JSON holds no line break outside its strings, and none inside them unescaped.
pub fn signed_text<'a>(device: DeviceId, facts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = format!("bdhvs-facts-2\n{device}");
    for fact in facts {
        text.push('\n');
        text.push_str(fact);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// Signed batches may lie on a carrier's phone for weeks: never edit, add a new form beside it.
    #[test]
    fn the_signed_text_is_frozen() {
        let device = DeviceId(Uuid::from_u128(8));
        assert_eq!(
            signed_text(device, [r#"{"a":1}"#, r#"{"b":2}"#]),
            "bdhvs-facts-2\n00000000-0000-0000-0000-000000000008\n{\"a\":1}\n{\"b\":2}"
        );
        assert_eq!(signed_text(device, []), "bdhvs-facts-2\n00000000-0000-0000-0000-000000000008");
    }

    #[test]
    fn which_phone_which_facts_and_in_which_order_is_signed() {
        let [one, two] = [1, 2].map(|number| DeviceId(Uuid::from_u128(number)));
        assert_ne!(signed_text(one, ["{}"]), signed_text(two, ["{}"]));
        assert_ne!(signed_text(one, ["{}", "[]"]), signed_text(one, ["[]", "{}"]));
    }
}
