//! Signing in: name and password, then the code of the second factor, then a password of one's own.
//!
//! Tries are counted for the account and for the network they come from. A browser in which the person signed in before
//! has a count of its own, so that strangers' tries never lock anybody out of her own phone; and a network may be a whole
//! village behind one address, so its limit is generous.

use domain::ids::StaffId;
use domain::text::{fold, tidy_spaces};
use sha2::{Digest, Sha256};

use super::{entry, new_id, password};
use crate::access::{IDLE_MS, SESSION_MS, Session, Stage};
use crate::clock::Random;
use crate::devices::TokenHash;
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{Account, NewPassword, NewSession};
use crate::totp;

/// Tries of one account, or of one browser, within [`WINDOW_MS`].
pub const TRIES_MAX: i64 = 10;

/// Tries from one network within [`WINDOW_MS`]: a training day of a district signs in behind one address.
pub const NETWORK_TRIES_MAX: i64 = 300;

/// A quarter of an hour, in milliseconds.
pub const WINDOW_MS: i64 = 15 * 60 * 1000;

/// Somebody at the door.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// Sign-in name or phone, as typed.
    pub name: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// The token by which this browser is known, if it has one.
    pub browser: Option<&'a TokenHash>,
    /// The network the request comes from.
    pub network: &'a str,
    /// What kind of browser it is.
    pub device: &'a str,
}

/// What a browser gets: tokens for its two cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Proves the session.
    pub session_token: String,
    /// By which the browser is known later, unless it had one.
    pub browser_token: Option<String>,
    /// What comes next.
    pub stage: Stage,
}

/// Signs somebody in by name and password.
///
/// # Errors
/// [`Refusal::WrongPassword`] without saying what is wrong, [`Refusal::TooManyTries`].
pub async fn sign_in(state: &AppState, attempt: Attempt<'_>) -> Result<SignedIn, Failure> {
    let name = tidy_spaces(attempt.name);
    let account = state.store.account_by_login(&name, &fold(&name), &phone_key(&name)).await?;
    let counted = counted_for(state, &attempt, &name, account.as_ref()).await?;
    count(state, &counted).await?;
    let stored = account.as_ref().map(|account| account.password_hash.as_str());
    let right = state.secrets.is_right(&password::to_compare(attempt.password), stored).await?;
    let account = account.filter(|account| right && !account.stopped).ok_or(Refusal::WrongPassword)?;
    state.store.forget_staff_tries(&counted[0].0).await?;
    begin(state, &account, attempt.browser, attempt.device).await
}

/// Begins a session of somebody who proved who she is.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    state: &AppState,
    account: &Account,
    browser: Option<&TokenHash>,
    device: &str,
) -> Result<SignedIn, Failure> {
    let now_ms = state.clock.now_ms();
    let (session_token, session_hash) = new_token(&state.random)?;
    let (browser_token, browser_hash) = match browser {
        Some(known) => (None, known.clone()),
        None => new_token(&state.random).map(|(token, hash)| (Some(token), hash))?,
    };
    let new = NewSession {
        id: new_id(state),
        token_hash: session_hash.as_str().to_owned(),
        staff: account.id,
        device: device.to_owned(),
        browser_hash: browser_hash.as_str().to_owned(),
    };
    let over = (now_ms - SESSION_MS, now_ms - IDLE_MS);
    let told = entry(state, account.id, "signed-in", Some(account.id));
    state.store.begin_session(&new, now_ms, over, &told).await?;
    let stage = match (&account.totp_sealed, account.given) {
        (Some(_), _) => Stage::SecondFactor,
        (None, true) => Stage::NewPassword,
        (None, false) => Stage::Open,
    };
    Ok(SignedIn { session_token, browser_token, stage })
}

/// Passes the second factor with the code of an authenticator application, or with a recovery code.
///
/// # Errors
/// [`Refusal::WrongCode`], [`Refusal::TooManyTries`].
pub async fn pass_code(state: &AppState, session: &Session, code: &str) -> Result<(), Failure> {
    if session.stage() != Stage::SecondFactor {
        return Ok(());
    }
    let (staff, now_ms) = (session.who(), state.clock.now_ms());
    let counted = [(format!("code {staff}"), TRIES_MAX)];
    count(state, &counted).await?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let passed = if digits.len() > 6 {
        let told = entry(state, staff, "recovery-code-used", Some(staff));
        let hash = state.seal.digest(&digits);
        state.store.use_recovery_code((staff, session.id()), &hash, now_ms, &told).await?
    } else {
        let sealed = session.account().totp_sealed.as_deref().unwrap_or_default();
        // A key that was lost opens no secret: recovery codes are lost with it, and a colleague has to help.
        let secret = state.seal.unseal(sealed, &purpose(staff)).ok_or(Refusal::WrongCode)?;
        match totp::matching_step(&secret, &digits, now_ms) {
            Some(step) => state.store.use_step(staff, session.id(), step).await?,
            None => false,
        }
    };
    if !passed {
        return Err(Refusal::WrongCode.into());
    }
    state.store.forget_staff_tries(&counted[0].0).await?;
    Ok(())
}

/// Sets the first password of one's own after a given one.
///
/// # Errors
/// [`Refusal::PasswordRefused`] when it is too easy, or the given one again.
pub async fn set_first_password(state: &AppState, session: &Session, new: &str) -> Result<(), Failure> {
    match session.stage() {
        Stage::NewPassword => {}
        Stage::SecondFactor => return Err(Refusal::SignInNeeded.into()),
        // Somebody pressed twice.
        Stage::Open => return Ok(()),
    }
    let account = session.account();
    let new = password::to_set(new, &account.name).ok_or(Refusal::PasswordRefused)?;
    if state.secrets.is_right(&new, Some(&account.password_hash)).await? {
        return Err(Refusal::PasswordRefused.into());
    }
    let hash = state.secrets.hash(&new).await?;
    let password = NewPassword {
        staff: account.id,
        hash,
        given: false,
        without_factor: false,
        keep: Some(session.id()),
    };
    let told = entry(state, account.id, "password-changed", Some(account.id));
    Ok(state.store.set_password(&password, &told).await?)
}

/// Ends the session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(state: &AppState, session: &Session) -> Result<(), Failure> {
    let told = entry(state, session.who(), "signed-out", Some(session.who()));
    state.store.end_session(session.who(), session.id(), &told).await?;
    Ok(())
}

/// Names what the secret of a second factor is sealed for.
pub(super) fn purpose(staff: StaffId) -> String {
    format!("totp {staff}")
}

/// Counts a try under each name before it is known whether it is right: tries at the same time cannot slip through.
pub(super) async fn count(state: &AppState, counted: &[(String, i64)]) -> Result<(), Failure> {
    let now_ms = state.clock.now_ms();
    for (tried, most) in counted {
        let tries = state.store.count_staff_try(tried, now_ms, WINDOW_MS).await?;
        if tries.tries > *most {
            let wait_ms = (tries.since_ms + WINDOW_MS - now_ms).max(0);
            let retry_after_s = u32::try_from(wait_ms / 1000 + 1).unwrap_or(u32::MAX);
            return Err(Refusal::TooManyTries { retry_after_s }.into());
        }
    }
    Ok(())
}

/// Returns what a try is counted for, the account or browser first. Names are counted by their hash: people type
/// passwords into the wrong field.
async fn counted_for(
    state: &AppState,
    attempt: &Attempt<'_>,
    name: &str,
    account: Option<&Account>,
) -> Result<Vec<(String, i64)>, Failure> {
    if let (Some(browser), Some(account)) = (attempt.browser, account)
        && state.store.is_known_browser(account.id, browser.as_str()).await?
    {
        return Ok(vec![(format!("browser {} {}", account.id, browser.as_str()), TRIES_MAX)]);
    }
    let account = account.map_or_else(|| hash(&fold(name)), |account| account.id.to_string());
    Ok(vec![(format!("account {account}"), TRIES_MAX), (network_key(attempt.network), NETWORK_TRIES_MAX)])
}

/// Returns under which name tries from a network are counted.
pub(crate) fn network_key(network: &str) -> String {
    format!("network {}", hash(network))
}

/// Returns a typed phone number as it is stored, or a text that is no phone.
pub(super) fn phone_key(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_phone = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '+'));
    match digits.strip_prefix("84").or_else(|| digits.strip_prefix('0')) {
        Some(rest) if is_phone && rest.len() == 9 => format!("+84{rest}"),
        _ => "-".to_owned(),
    }
}

fn hash(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

fn new_token(random: &Random) -> Result<(String, TokenHash), Failure> {
    let token = data_encoding::BASE64URL_NOPAD.encode(&random.bytes::<32>());
    let hash = TokenHash::of(&token).ok_or(Refusal::Malformed)?;
    Ok((token, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_has_one_form_however_it_is_typed() {
        for typed in ["0912345678", "+84 912 345 678", "84912345678", "0912.345.678"] {
            assert_eq!(phone_key(typed), "+84912345678", "{typed}");
        }
        for other in ["", "ha", "091234567", "0912345678 ha", "12345"] {
            assert_eq!(phone_key(other), "-", "{other}");
        }
    }
}
