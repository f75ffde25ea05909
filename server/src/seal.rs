//! Small secrets that the database keeps but cannot read: encrypted, or turned into digests, under a key that lies
//! outside it.
//!
//! `DATA/keys/staff.key` is made at the first start. Whoever has a copy of the database alone can neither make codes of a
//! second factor nor try recovery codes. Without the key staff set their second factor up again.

use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::clock::Random;
use crate::key_file::{self, KeyFileError};

const KEY_FILE: &str = "staff.key";
const PREFIX: &str = "staff-secret ";
const NONCE_BYTES: usize = 24;

/// Seals and opens small secrets.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    digest_key: [u8; 32],
    random: Random,
}

impl Sealer {
    /// Returns the sealer of this data folder, making its key at the first start.
    ///
    /// # Errors
    /// [`KeyFileError`]: then nothing must be served.
    pub fn open(data_dir: &Path, random: &Random) -> Result<Self, KeyFileError> {
        let new = || format!("{PREFIX}{}\n", HEXLOWER.encode(&random.bytes::<32>()));
        let (path, text) = key_file::read_or_make(data_dir, KEY_FILE, random, new)?;
        let key = text.trim().strip_prefix(PREFIX).and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
        let key: [u8; 32] = key.and_then(|key| key.try_into().ok()).ok_or(KeyFileError::Damaged { path })?;
        // One key for each use, so that neither says anything about the other.
        let (cipher_key, digest_key) = (mac(&key, b"seal"), mac(&key, b"digest"));
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&Key::from(cipher_key)),
            digest_key,
            random: random.clone(),
        })
    }

    /// Returns a secret sealed for a purpose and an owner, such as `totp` and a person's id; only the same two open it.
    pub fn seal(&self, secret: &[u8], purpose: &str) -> String {
        let nonce: [u8; NONCE_BYTES] = self.random.bytes();
        let payload = Payload { msg: secret, aad: purpose.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        // Encrypting fails only beyond 256 GB.
        let sealed = sealed.unwrap_or_default();
        BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat())
    }

    /// Returns a sealed secret, or nothing when it was sealed for something else, under another key, or changed.
    pub fn unseal(&self, sealed: &str, purpose: &str) -> Option<Vec<u8>> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        self.cipher.decrypt(&XNonce::from(nonce), payload).ok()
    }

    /// Returns a digest of a short secret: the same for the same, and of no use without the key.
    pub fn digest(&self, secret: &str) -> String {
        HEXLOWER.encode(&mac(&self.digest_key, secret.as_bytes()))
    }
}

fn mac(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    // HMAC fills a short key up with zeros itself; its type asks for the whole block.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(text);
    mac.finalize().into_bytes().into()
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_purpose_under_its_key_only() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let random = Random::seeded(5);
        let sealer = Sealer::open(one.path(), &random).unwrap();
        let sealed = sealer.seal(b"bi mat", "totp a");
        assert!(sealed != sealer.seal(b"bi mat", "totp a"), "every sealing has its own nonce");
        assert_eq!(sealer.unseal(&sealed, "totp a").as_deref(), Some(b"bi mat".as_slice()));
        let again = Sealer::open(one.path(), &random).unwrap();
        assert_eq!(again.unseal(&sealed, "totp a").as_deref(), Some(b"bi mat".as_slice()));
        assert_eq!(again.digest("1"), sealer.digest("1"));
        let other = Sealer::open(two.path(), &random).unwrap();
        assert_eq!((other.unseal(&sealed, "totp a"), sealer.unseal(&sealed, "totp b")), (None, None));
        assert_ne!(other.digest("1"), sealer.digest("1"));
        let other_letter = if sealed.starts_with('A') { "B" } else { "A" };
        for damaged in ["", "AAAA", &sealed[..40], &format!("{other_letter}{}", &sealed[1..])] {
            assert_eq!(sealer.unseal(damaged, "totp a"), None, "{damaged}");
        }
    }

    #[test]
    fn a_damaged_key_stops_the_start() {
        let folder = tempfile::tempdir().unwrap();
        Sealer::open(folder.path(), &Random::seeded(5)).unwrap();
        std::fs::write(folder.path().join("keys/staff.key"), "staff-secret 00\n").unwrap();
        let refused = Sealer::open(folder.path(), &Random::seeded(5)).unwrap_err();
        assert!(matches!(refused, KeyFileError::Damaged { .. }), "{refused}");
    }
}
