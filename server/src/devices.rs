//! Which phone is asking, and its proof. A phone shows a token that it made itself; the server keeps only the hash.
//!
//! A phone is trusted on first use: making or opening a record with the right code and PIN registers it. Afterwards its
//! id with another token is refused everywhere.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::ids::{DeviceId, LearnerId};
use domain::sync::{DeviceList, ListDevices, RegisterKey, RemoveDevice};
use sha2::{Digest, Sha256};

use crate::failure::{Failure, Refusal};
use crate::phone_key::PhoneKey;
use crate::records::check_pin;
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

/// A phone that proved to be the one it says: obtained from [`prove`], or known to have proven itself before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvenDevice(DeviceId);

impl ProvenDevice {
    /// Returns a phone that had proven itself when it sent what is looked at now.
    pub(crate) fn before(device: DeviceId) -> Self {
        Self(device)
    }

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

/// Notes the key that a phone signs with from now on, and what kind of browser it is. The token proves the phone, so a
/// phone that lost its key may bring a new one.
///
/// # Errors
/// [`Refusal::KeyRefused`].
pub async fn register_key(
    state: &AppState,
    device: ProvenDevice,
    request: &RegisterKey,
    label: &str,
) -> Result<(), Failure> {
    if PhoneKey::parse(&request.key).is_none() {
        return Err(Refusal::KeyRefused.into());
    }
    Ok(state.store.set_device_key(device.id(), &request.key, label, state.clock.now_ms()).await?)
}

/// Returns the phones that have a learner's record, to a phone that has it too.
///
/// # Errors
/// [`Refusal::NotYours`].
pub async fn list(
    state: &AppState,
    device: ProvenDevice,
    request: &ListDevices,
) -> Result<DeviceList, Failure> {
    of_learner(state, device, request.learner).await
}

/// Takes a learner's record off a phone, hers or a lost one. What that phone still sends is set aside for a person to look
/// at; it gets nothing new, and is told.
///
/// # Errors
/// [`Refusal::NotYours`], [`Refusal::WrongCodeOrPin`], [`Refusal::TooManyTries`], [`Refusal::DeviceNotLinked`].
pub async fn remove(
    state: &AppState,
    device: ProvenDevice,
    request: &RemoveDevice,
) -> Result<DeviceList, Failure> {
    if !state.store.is_linked(device.id(), request.learner).await? {
        return Err(Refusal::NotYours.into());
    }
    let record = state.store.record_of(request.learner).await?.ok_or(Refusal::NotYours)?;
    check_pin(state, &record.code, &request.pin, Some(&record.pin_hash)).await?;
    if !state.store.remove_device(request.remove, request.learner, state.clock.now_ms()).await? {
        return Err(Refusal::DeviceNotLinked.into());
    }
    Ok(DeviceList { devices: state.store.devices_of(request.learner).await? })
}

async fn of_learner(
    state: &AppState,
    device: ProvenDevice,
    learner: LearnerId,
) -> Result<DeviceList, Failure> {
    if !state.store.is_linked(device.id(), learner).await? {
        return Err(Refusal::NotYours.into());
    }
    Ok(DeviceList { devices: state.store.devices_of(learner).await? })
}

/// Returns what kind of browser this is, for a person who looks for the phone she lost: nothing finer, since more would
/// be tracking.
pub fn label(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
    };
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    // Browsers also name those they imitate, so the particular ones come first.
    let browser = first(&[
        ("Zalo", "Zalo"),
        ("FBA", "Facebook"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Edg", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    system.into_iter().chain(browser).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_named_so_that_its_owner_knows_it_and_no_finer() {
        let android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36";
        for (user_agent, expected) in [
            (android, "Android, Chrome"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 16_4 like Mac OS X) Version/16.4 Mobile Safari/604.1",
                "iPhone, Safari",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Linux, Firefox"),
            ("curl/8", ""),
            ("", ""),
        ] {
            assert_eq!(label(user_agent), expected);
        }
    }

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
