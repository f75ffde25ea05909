//! The issuer's key. No other file sees the private part.
//!
//! `DATA/keys/issuer.key` is made at the first start. To retire it, move it away and leave its public half beside it as
//! any `*.pub` file: certificates on paper are then still known, and the next start makes a new key. Several servers of
//! one issuer need the same folder.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use domain::certificate::{Claims, KeyId, KnownKey};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::clock::Random;

const KEY_FILE: &str = "issuer.key";

/// Why the key cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The disk refused.
    #[error("{}: {error}", path.display())]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What the disk said.
        error: std::io::Error,
    },
    /// Others on this machine can read or change it.
    #[error("{}: others can open it (mode {mode:o}); allow only its owner: chmod {allowed:o} {}", path.display(), path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// The mode found.
        mode: u32,
        /// The mode wanted.
        allowed: u32,
    },
    /// Not what was written.
    #[error("{}: damaged; restore it from a backup, or move it away to begin with a new key", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
}

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
        let folder = data_dir.join("keys");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(disk(&folder))?;
        refuse_others(&folder, 0o700)?;
        let path = folder.join(KEY_FILE);
        if !path.try_exists().map_err(disk(&path))? {
            let draft = folder.join(format!("{KEY_FILE}.{}", HEXLOWER.encode(&random.bytes::<8>())));
            create(&folder, &draft, &path, &SigningKey::from_bytes(&random.bytes()))?;
        }
        refuse_others(&path, 0o600)?;
        let text = fs::read_to_string(&path).map_err(disk(&path))?;
        let key = read_key(&text).ok_or_else(|| SigningError::Damaged { path: path.clone() })?;
        let own = known_key(&key.verifying_key());
        let mut known = vec![own.clone()];
        for retired in retired_keys(&folder)? {
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

fn disk(path: &Path) -> impl FnOnce(std::io::Error) -> SigningError {
    let path = path.to_owned();
    move |error| SigningError::Disk { path, error }
}

fn refuse_others(path: &Path, allowed: u32) -> Result<(), SigningError> {
    let mode = fs::metadata(path).map_err(disk(path))?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(SigningError::Open { path: path.to_owned(), mode, allowed }) }
}

/// Writes the key whole or not at all: beside its place first, then linked there unless another server was faster.
fn create(folder: &Path, draft: &Path, path: &Path, key: &SigningKey) -> Result<(), SigningError> {
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft).map_err(disk(draft))?;
    file.write_all(key_text(key).as_bytes()).and_then(|()| file.sync_all()).map_err(disk(draft))?;
    let linked = fs::hard_link(draft, path);
    let _ = fs::remove_file(draft);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(disk(path)(error)),
        _ => {}
    }
    // The new name itself must survive a power cut too.
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk(folder))
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
