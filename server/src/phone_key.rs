//! Checks what phones sign. What is signed, and in which form keys and signatures travel, stands in [`domain::seal`].

use data_encoding::BASE64URL_NOPAD;
use domain::ids::DeviceId;
use domain::seal::{KEY_BYTES, SIGNATURE_BYTES, signed_text};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};

/// A phone's public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneKey(VerifyingKey);

impl PhoneKey {
    /// Returns the key of this text, or nothing when it is not a point on the curve in base64url.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok().filter(|bytes| bytes.len() == KEY_BYTES)?;
        VerifyingKey::from_sec1_bytes(&bytes).ok().map(Self)
    }

    /// Returns whether a phone signed exactly these facts, in this order.
    pub fn has_signed<'a>(
        &self,
        device: DeviceId,
        facts: impl IntoIterator<Item = &'a str>,
        signature: &str,
    ) -> bool {
        let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap_or_default();
        if bytes.len() != SIGNATURE_BYTES {
            return false;
        }
        let Ok(signature) = Signature::from_slice(&bytes) else { return false };
        self.0.verify(signed_text(device, facts).as_bytes(), &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer;
    use uuid::Uuid;

    /// Made by a browser's WebCrypto over two facts: what phones sign must be readable for ever.
    const BROWSER_KEY: &str = include_str!("phone_key/browser-key.txt");
    const BROWSER_SIGNATURE: &str = include_str!("phone_key/browser-signature.txt");

    fn device() -> DeviceId {
        DeviceId(Uuid::from_u128(8))
    }

    fn key() -> (SigningKey, PhoneKey) {
        let secret = SigningKey::from_slice(&[7; 32]).unwrap();
        let point = secret.verifying_key().to_sec1_point(false);
        let public = PhoneKey::parse(&BASE64URL_NOPAD.encode(point.as_bytes())).unwrap();
        (secret, public)
    }

    #[test]
    fn what_a_browser_signed_is_verified() {
        let key = PhoneKey::parse(BROWSER_KEY.trim()).unwrap();
        assert!(key.has_signed(device(), [r#"{"a":1}"#, r#"{"b":2}"#], BROWSER_SIGNATURE.trim()));
        assert!(!key.has_signed(device(), [r#"{"a":1}"#], BROWSER_SIGNATURE.trim()));
    }

    #[test]
    fn a_changed_fact_phone_order_or_signature_is_noticed() {
        let (secret, public) = key();
        let facts = ["{\"a\":1}", "{\"b\":2}"];
        let made: Signature = secret.sign(signed_text(device(), facts).as_bytes());
        let signature = BASE64URL_NOPAD.encode(&made.to_bytes());
        assert!(public.has_signed(device(), facts, &signature));
        assert!(!public.has_signed(device(), ["{\"a\":2}", "{\"b\":2}"], &signature));
        assert!(!public.has_signed(device(), ["{\"b\":2}", "{\"a\":1}"], &signature));
        assert!(!public.has_signed(DeviceId(Uuid::from_u128(9)), facts, &signature));
        for bad in ["", "AAAA", &signature[1..], &"A".repeat(86)] {
            assert!(!public.has_signed(device(), facts, bad), "{bad}");
        }
    }

    #[test]
    fn only_points_of_the_curve_are_keys() {
        let zeros = BASE64URL_NOPAD.encode(&[4; KEY_BYTES]);
        for bad in ["", "AA", &zeros, "not base64!"] {
            assert_eq!(PhoneKey::parse(bad), None, "{bad}");
        }
    }
}
