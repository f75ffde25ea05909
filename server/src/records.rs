//! Learners' records: made on the first phone, opened on others by code and PIN.

use domain::code::{LearnerCode, check_new_pin};
use domain::sync::{CreateRecord, OpenRecord, RecordReady};

use crate::devices::{TokenHash, prove_or_new};
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{CreateOutcome, NewRecord};

/// Wrong tries of one code within [`TRIES_WINDOW_MS`] before it has to rest. Five tries a quarter of an hour are 480 a
/// day: a four-digit PIN holds for weeks, long enough to be noticed.
pub const TRIES_MAX: i64 = 5;

/// A quarter of an hour, in milliseconds.
pub const TRIES_WINDOW_MS: i64 = 15 * 60 * 1000;

/// Makes a record and registers the phone. The same again is the same answer.
///
/// # Errors
/// [`Refusal::DeviceUnknown`], [`Refusal::PinRefused`], [`Refusal::CodeTaken`], [`Refusal::NotYours`]; where the record is
/// there already, as [`open`].
pub async fn create(
    state: &AppState,
    token: &TokenHash,
    request: &CreateRecord,
) -> Result<RecordReady, Failure> {
    prove_or_new(state, request.device, token).await?;
    check_new_pin(&request.pin).map_err(|_| Refusal::PinRefused)?;
    let new = NewRecord {
        device: request.device,
        token_hash: token.as_str().to_owned(),
        learner: request.learner,
        code: request.code.clone(),
        pin_hash: state.secrets.hash(&request.pin).await?,
    };
    let refusal = match state.store.create_record(&new, state.clock.now_ms()).await? {
        CreateOutcome::Created => return Ok(RecordReady { learner: request.learner }),
        CreateOutcome::AlreadyYours { pin_hash } => {
            // Another PIN must not be answered with "ready": the learner would write down one that does not open.
            check_pin(state, &request.code, &request.pin, Some(&pin_hash)).await?;
            return Ok(RecordReady { learner: request.learner });
        }
        CreateOutcome::CodeTaken => Refusal::CodeTaken,
        CreateOutcome::NotYours => return join(state, token, request).await,
        CreateOutcome::DeviceUnknown => Refusal::DeviceUnknown,
    };
    Err(refusal.into())
}

/// Gives a phone a part in a record that another phone made first: that of the ambassador who enrolled her, when she learned
/// on both before either had a network. The code and PIN of her paper prove that it is hers.
async fn join(state: &AppState, token: &TokenHash, request: &CreateRecord) -> Result<RecordReady, Failure> {
    let record = state.store.record_of(request.learner).await?.ok_or(Refusal::NotYours)?;
    // From where it was taken off it comes back only when a person opens it, never by a page that tries by itself.
    let is_taken_off = state.store.is_taken_off(request.device, request.learner).await?;
    if record.code != request.code || is_taken_off {
        return Err(Refusal::NotYours.into());
    }
    let CreateRecord { protocol, device, code, pin, .. } = request.clone();
    open(state, token, &OpenRecord { protocol, device, code, pin }).await
}

/// Gives a phone a part in a record, by the learner's code and PIN.
///
/// # Errors
/// [`Refusal::WrongCodeOrPin`] without saying which, [`Refusal::TooManyTries`], [`Refusal::DeviceUnknown`].
pub async fn open(state: &AppState, token: &TokenHash, request: &OpenRecord) -> Result<RecordReady, Failure> {
    prove_or_new(state, request.device, token).await?;
    let record = state.store.record_by_code(&request.code).await?;
    let pin_hash = record.as_ref().and_then(|record| record.pin_hash.as_deref());
    check_pin(state, &request.code, &request.pin, pin_hash).await?;
    let learner = record.ok_or(Refusal::WrongCodeOrPin)?.learner;
    let now_ms = state.clock.now_ms();
    if !state.store.link_device(request.device, token.as_str(), learner, now_ms).await? {
        return Err(Refusal::DeviceUnknown.into());
    }
    Ok(RecordReady { learner })
}

/// Checks a PIN, counting the try first. Codes that nobody has are counted and take the same time.
pub(crate) async fn check_pin(
    state: &AppState,
    code: &LearnerCode,
    pin: &str,
    pin_hash: Option<&str>,
) -> Result<(), Failure> {
    let now_ms = state.clock.now_ms();
    let counted = state.store.count_try(code, now_ms, TRIES_WINDOW_MS).await?;
    if counted.tries > TRIES_MAX {
        let wait_ms = (counted.since_ms + TRIES_WINDOW_MS - now_ms).max(0);
        let retry_after_s = u32::try_from(wait_ms / 1000 + 1).unwrap_or(u32::MAX);
        return Err(Refusal::TooManyTries { retry_after_s }.into());
    }
    // Somebody who was entered in a list has no PIN yet: nothing is right.
    let pin_hash = pin_hash.filter(|hash| !hash.is_empty());
    if !state.secrets.is_right(pin, pin_hash).await? {
        return Err(Refusal::WrongCodeOrPin.into());
    }
    state.store.forget_tries(code).await?;
    Ok(())
}
