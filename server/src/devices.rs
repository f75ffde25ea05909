//! Which phone is asking, and its proof. A phone shows a token that it made itself; the server keeps only the hash.
//!
//! A phone is trusted on first use: making or opening a record with the right code and PIN registers it. Afterwards its
//! id with another token is refused everywhere.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::ids::DeviceId;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::DeviceCheck;

/// Length of a phone's token, in bytes; 43 characters as it is sent.
const TOKEN_BYTES: usize = 32;

/// The hash of a well-formed token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// Returns the hash of a token, or nothing when it is not 32 bytes in base64url.
    pub fn of(token: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        (bytes.len() == TOKEN_BYTES).then(|| Self(HEXLOWER.encode(&Sha256::digest(token.as_bytes()))))
    }

    /// Returns the hash in hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A phone that proved to be the one it says: obtained only from [`prove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvenDevice(DeviceId);

impl ProvenDevice {
    /// Returns which phone it is.
    pub fn id(self) -> DeviceId {
        self.0
    }
}

/// Returns the phone, proven.
///
/// # Errors
/// [`Refusal::DeviceUnknown`] when it is not known by this token.
pub async fn prove(state: &AppState, device: DeviceId, token: &TokenHash) -> Result<ProvenDevice, Failure> {
    match state.store.check_device(device, token.as_str(), state.clock.now_ms()).await? {
        DeviceCheck::Proven => Ok(ProvenDevice(device)),
        DeviceCheck::OtherToken | DeviceCheck::Unknown => Err(Refusal::DeviceUnknown.into()),
    }
}

/// Refuses a phone that is known by another token; a new phone may go on to be registered.
///
/// # Errors
/// [`Refusal::DeviceUnknown`].
pub async fn prove_or_new(state: &AppState, device: DeviceId, token: &TokenHash) -> Result<(), Failure> {
    match state.store.check_device(device, token.as_str(), state.clock.now_ms()).await? {
        DeviceCheck::Proven | DeviceCheck::Unknown => Ok(()),
        DeviceCheck::OtherToken => Err(Refusal::DeviceUnknown.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_token_is_one() {
        let token = BASE64URL_NOPAD.encode(&[7; TOKEN_BYTES]);
        assert_eq!(token.len(), 43);
        assert_eq!(TokenHash::of(&token).unwrap().as_str().len(), 64);
        for bad in ["", "abc", &token[1..], &format!("{token}="), &"!".repeat(43)] {
            assert_eq!(TokenHash::of(bad), None, "{bad}");
        }
    }
}
