//! The issuer's key. No other file sees the private part.
//!
//! `DATA/keys/issuer.key` is made at the first start. To retire it, move it away and leave its public half beside it as
//! any `*.pub` file: certificates on paper are then still known, and the next start makes a new key. Several servers of
//! one issuer need the same folder.

use std::fs;
use std::path::Path;

use data_encoding::HEXLOWER;
use domain::certificate::{Claims, KeyId, KnownKey};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::clock::Random;
use crate::key_file::{self, disk};

pub use crate::key_file::KeyFileError as SigningError;

const KEY_FILE: &str = "issuer.key";

/// Signs certificates, and knows every public key that ever did.
pub struct Signer {
    key: SigningKey,
    id: KeyId,
    known: Vec<KnownKey>,
}

impl Signer {
    /// Returns the signer of this data folder, making its key at the first start.
    ///
    /// # Errors
    /// [`SigningError`]: then nothing must be served.
    pub fn open(data_dir: &Path, random: &Random) -> Result<Self, SigningError> {
        let new = || key_text(&SigningKey::from_bytes(&random.bytes()));
        let (path, text) = key_file::read_or_make(data_dir, KEY_FILE, random, new)?;
        let key = read_key(&text).ok_or_else(|| SigningError::Damaged { path: path.clone() })?;
        let own = known_key(&key.verifying_key());
        let mut known = vec![own.clone()];
        for retired in retired_keys(path.parent().unwrap_or(data_dir))? {
            if !known.contains(&retired) {
                known.push(retired);
            }
        }
        Ok(Self { key, id: own.id, known })
    }

    /// Returns the signed bytes of a certificate. The key named in it is always this signer's.
    pub fn sign(&self, claims: Claims) -> Vec<u8> {
        let mut bytes = Claims { key: self.id.clone(), ..claims }.canonical_bytes();
        let signature = self.key.sign(&bytes);
        bytes.extend(signature.to_bytes());
        bytes
    }

    /// Returns the name of the key that signs.
    pub fn key_id(&self) -> &KeyId {
        &self.id
    }

    /// Returns every public key that signs or ever signed, the present one first.
    pub fn known_keys(&self) -> &[KnownKey] {
        &self.known
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Two lines: the secret, and the public half that proves the secret undamaged.
fn key_text(key: &SigningKey) -> String {
    let secret = HEXLOWER.encode(key.as_bytes());
    format!("ed25519-secret {secret}\ned25519-public {}\n", HEXLOWER.encode(key.verifying_key().as_bytes()))
}

fn read_key(text: &str) -> Option<SigningKey> {
    let mut lines = text.lines();
    let secret = lines.next()?.strip_prefix("ed25519-secret ")?;
    let public = lines.next()?.strip_prefix("ed25519-public ")?;
    let secret: [u8; 32] = HEXLOWER.decode(secret.as_bytes()).ok()?.try_into().ok()?;
    let key = SigningKey::from_bytes(&secret);
    let whole = lines.next().is_none() && HEXLOWER.encode(key.verifying_key().as_bytes()) == public;
    whole.then_some(key)
}

fn known_key(public: &VerifyingKey) -> KnownKey {
    KnownKey { id: KeyId::of(public.as_bytes()), public: HEXLOWER.encode(public.as_bytes()) }
}

/// Reads `*.pub`: 64 hexadecimal digits each, alone or after `ed25519-public `.
fn retired_keys(folder: &Path) -> Result<Vec<KnownKey>, SigningError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(disk(folder))? {
        let path = entry.map_err(disk(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "pub") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| retired_key(path)).collect()
}

fn retired_key(path: &Path) -> Result<KnownKey, SigningError> {
    let text = fs::read_to_string(path).map_err(disk(path))?;
    let public = text.trim().strip_prefix("ed25519-public ").unwrap_or(text.trim());
    let bytes = HEXLOWER.decode(public.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    Ok(known_key(&key.ok_or_else(|| SigningError::Damaged { path: path.to_owned() })?))
}

#[cfg(test)]
mod tests;
