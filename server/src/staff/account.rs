//! One's own account: password, second factor, recovery codes, sessions.

use uuid::Uuid;

use super::sign_in::{TRIES_MAX, count, purpose};
use super::{entry, password};
use crate::access::{Permit, Session, may};
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{NewPassword, StoredSession};
use crate::totp;

type Mine = Permit<may::KeepOwnAccount>;

/// How many recovery codes are made: enough for years of lost phones, few enough for a card.
const RECOVERY_CODES: usize = 8;

/// A second factor about to be set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// The secret, sealed for its owner: comes back with the first code.
    pub ticket: String,
    /// The secret as a person types it.
    pub secret: String,
    /// The same as a link for the camera.
    pub link: String,
}

/// Changes one's password; other sessions end.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::PasswordRefused`], [`Refusal::TooManyTries`].
pub async fn change_password(
    state: &AppState,
    permit: &Mine,
    session: &Session,
    (old, new): (&str, &str),
) -> Result<(), Failure> {
    prove(state, permit, session, old).await?;
    let new = password::to_set(new, &session.account().name).ok_or(Refusal::PasswordRefused)?;
    let hash = state.secrets.hash(&new).await?;
    let staff = permit.who();
    let password = NewPassword { staff, hash, given: false, without_factor: false, keep: Some(session.id()) };
    Ok(state.store.set_password(&password, &entry(state, staff, "password-changed", Some(staff))).await?)
}

/// Begins to set up a second factor, a first one or another.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::TooManyTries`].
pub async fn begin_second_factor(
    state: &AppState,
    permit: &Mine,
    session: &Session,
    password: &str,
) -> Result<Beginning, Failure> {
    prove(state, permit, session, password).await?;
    let secret: [u8; totp::SECRET_BYTES] = state.random.bytes();
    Ok(Beginning {
        ticket: state.seal.seal(&secret, &purpose(permit.who())),
        secret: totp::shown(&secret),
        link: totp::link(&secret, &state.config.issuer, &session.account().name),
    })
}

/// Sets up the second factor whose first code is right; returns recovery codes, shown this once.
///
/// # Errors
/// [`Refusal::WrongCode`], [`Refusal::TooManyTries`].
pub async fn confirm_second_factor(
    state: &AppState,
    permit: &Mine,
    session: &Session,
    (ticket, code): (&str, &str),
) -> Result<Vec<String>, Failure> {
    let staff = permit.who();
    count(state, &[(format!("code {staff}"), TRIES_MAX)]).await?;
    let secret = state.seal.unseal(ticket, &purpose(staff)).ok_or(Refusal::Malformed)?;
    let step = totp::matching_step(&secret, code, state.clock.now_ms()).ok_or(Refusal::WrongCode)?;
    let (codes, hashes) = new_codes(state);
    let told = entry(state, staff, "second-factor-set", Some(staff));
    state.store.set_second_factor((staff, session.id()), (ticket, step), &hashes, &told).await?;
    state.store.forget_staff_tries(&format!("code {staff}")).await?;
    Ok(codes)
}

/// Makes new recovery codes; the old ones open nothing any more.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::TooManyTries`], [`Refusal::NotFound`] without a second factor.
pub async fn new_recovery_codes(
    state: &AppState,
    permit: &Mine,
    session: &Session,
    password: &str,
) -> Result<Vec<String>, Failure> {
    prove(state, permit, session, password).await?;
    if session.account().totp_sealed.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let (codes, hashes) = new_codes(state);
    let staff = permit.who();
    let told = entry(state, staff, "recovery-codes-made", Some(staff));
    state.store.set_recovery_codes(staff, &hashes, &told).await?;
    Ok(codes)
}

/// Returns one's sessions that can still be used, the last used first.
///
/// # Errors
/// When the database fails.
pub async fn sessions(state: &AppState, permit: &Mine) -> Result<Vec<StoredSession>, Failure> {
    let now_ms = state.clock.now_ms();
    let mut sessions = state.store.sessions_of(permit.who()).await?;
    sessions.retain(|one| {
        now_ms - one.created_ms < crate::access::SESSION_MS && now_ms - one.seen_ms < crate::access::IDLE_MS
    });
    Ok(sessions)
}

/// Ends one of one's sessions.
///
/// # Errors
/// [`Refusal::NotFound`], also for somebody else's.
pub async fn end_session(state: &AppState, permit: &Mine, session: Uuid) -> Result<(), Failure> {
    let told = entry(state, permit.who(), "session-ended", Some(permit.who()));
    let ended = state.store.end_session(permit.who(), session, &told).await?;
    if ended { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Ends all of one's sessions but this one.
///
/// # Errors
/// When the database fails.
pub async fn end_other_sessions(state: &AppState, permit: &Mine, session: &Session) -> Result<(), Failure> {
    let told = entry(state, permit.who(), "session-ended", Some(permit.who()));
    Ok(state.store.end_other_sessions(permit.who(), session.id(), &told).await?)
}

/// Asks for the password again before something that a borrowed, unlocked phone must not do.
async fn prove(state: &AppState, permit: &Mine, session: &Session, password: &str) -> Result<(), Failure> {
    let tried = format!("proof {}", permit.who());
    count(state, &[(tried.clone(), TRIES_MAX)]).await?;
    let stored = Some(session.account().password_hash.as_str());
    if !state.secrets.is_right(&password::to_compare(password), stored).await? {
        return Err(Refusal::WrongPassword.into());
    }
    Ok(state.store.forget_staff_tries(&tried).await?)
}

/// Returns new recovery codes, and their digests without spaces.
fn new_codes(state: &AppState) -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| password::recovery_code(&state.random)).collect();
    let digests = codes.iter().map(|code| state.seal.digest(&code.replace(' ', ""))).collect();
    (codes, digests)
}
