//! Sends what waits, takes in what is new. One run; when to run is the caller's business ([`super::backoff`]).

use domain::code::LearnerCode;
use domain::consent::ConsentPurpose;
use domain::event::{Event, EventKind};
use domain::ids::{CourseId, DeviceId, LearnerId};
use domain::profile::Profile;
use domain::seal::signed_text;
use domain::sync::{
    ApiError, AskNow, CreateRecord, CursorList, DeviceList, IssuedCertificate, LinkedDevice, ListDevices,
    MyData, MyDataAnswer, NextStep, OpenRecord, PROTOCOL_VERSION, RecordReady, RegisterKey, RemoveDevice,
    RequestCertificate, SyncRequest, SyncResponse, next_batch,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::environment::Environment;
use super::record::{Identity, LearnerState, LearningRecord, ToRegister};
use super::store::{Store, StoreError};

/// Carries one request to the server and its answer back.
#[expect(async_fn_in_trait, reason = "one thread on the phone: no Send bound is wanted")]
pub trait Transport {
    /// Posts JSON with the device's token; returns the status and the body.
    ///
    /// # Errors
    /// [`Unreachable`] when no answer came; the server may or may not have acted.
    async fn post(&self, path: &str, token: &str, body: String) -> Result<(u16, String), Unreachable>;
}

/// No answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreachable;

/// Why a run ended early. What was settled before stays settled; the rest waits on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncError {
    /// No answer from the server.
    Unreachable,
    /// The server said no, and what to do next.
    Refused(ApiError),
    /// The phone's own store failed.
    Store(StoreError),
}

impl From<StoreError> for SyncError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Unreachable> for SyncError {
    fn from(_: Unreachable) -> Self {
        Self::Unreachable
    }
}

/// How a run ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncDone {
    /// Everything has an answer.
    UpToDate,
    /// The learner has no record on the server: nothing may be sent.
    NotShared,
    /// The record was taken off this phone from another one. What was recorded here has its receipts all the same.
    Removed,
}

/// Sends everything of the present learner and takes in everything new.
///
/// # Errors
/// [`SyncError`]; whatever had no answer still waits in the outbox.
pub async fn sync<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
) -> Result<SyncDone, SyncError> {
    let learner = identity.learner;
    let mut state = record.learner_state(learner).await?;
    if let Some(wanted) = state.to_register.take() {
        register(record, transport, env, identity, wanted).await?;
        state = record.learner_state(learner).await?;
    }
    if !state.registered {
        return Ok(SyncDone::NotShared);
    }
    let has_key = register_key(record, transport, env, identity).await?;
    loop {
        // In this order, before every batch: what another tab records after the agreement was taken back there is either
        // not in the list yet, or the withdrawal is seen.
        let mut waiting = record.waiting(learner).await?;
        let contents = record.contents(learner).await?;
        let agreed = Profile::from_events(contents.facts.iter().map(|fact| &fact.event))
            .agrees_to(ConsentPurpose::LearningRecord);
        // A withdrawn agreement still has to reach the server; nothing recorded after it may.
        if !agreed {
            waiting = up_to_withdrawal(&waiting);
            if waiting.is_empty() {
                return Ok(SyncDone::NotShared);
            }
        }
        let size = next_batch(waiting.iter().map(|event| crate::json::write(event).len()));
        let batch = &waiting[..size];
        let response =
            deliver(record, transport, env, identity, (batch, has_key), Some((learner, &contents.state)))
                .await?;
        if size < waiting.len() || response.more {
            continue;
        }
        if response.removed.contains(&learner) {
            let state = record.learner_state(learner).await?;
            let state = LearnerState { registered: false, removed: true, ..state };
            record.set_learner_state(learner, &state).await?;
            return Ok(SyncDone::Removed);
        }
        return Ok(SyncDone::UpToDate);
    }
}

/// Sends a batch, notes the answers and takes in what is new for the learner who is `told`.
async fn deliver<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
    (batch, has_key): (&[Event], bool),
    told: Option<(LearnerId, &LearnerState)>,
) -> Result<SyncResponse<CursorList>, SyncError> {
    let request = SyncRequest {
        protocol: PROTOCOL_VERSION,
        device: identity.device,
        cursor: CursorList(told.iter().map(|(learner, state)| (*learner, state.cursor)).collect()),
        events: batch.to_vec(),
        signature: if has_key { signature(env, identity, batch).await } else { None },
        merged: told.map_or(0, |(_, state)| state.merged.version),
    };
    let response: SyncResponse<CursorList> =
        post(transport, "/api/v1/sync", &identity.token, &request).await?;
    record.settle(batch, &response.outcomes, response.server_ms).await?;
    record.take_in(&response).await?;
    record.note_clock(env.now_ms(), response.server_ms).await?;
    let settled = response.outcomes.iter().filter(|outcome| outcome.id.is_some()).count();
    if !batch.is_empty() && settled == 0 {
        // An answer that settles nothing would be asked for ever.
        return Err(SyncError::Unreachable);
    }
    Ok(response)
}

/// Sends what the phone's colleague witnessed of people whose record is not here.
///
/// # Errors
/// [`SyncError`]; whatever had no answer still waits.
#[cfg(any(feature = "staff", feature = "ssr", test))]
pub async fn send_witnessed<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
) -> Result<(), SyncError> {
    loop {
        let mut waiting = Vec::new();
        for learner in record.only_witnessed().await? {
            waiting.extend(record.waiting(learner).await?);
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let has_key = register_key(record, transport, env, identity).await?;
        let size = next_batch(waiting.iter().map(|event| crate::json::write(event).len()));
        deliver(record, transport, env, identity, (&waiting[..size], has_key), None).await?;
    }
}

/// Makes this phone's key known to the server, once. Returns whether there is one: then every batch is signed.
async fn register_key<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
) -> Result<bool, SyncError> {
    let Some(key) = env.public_key().await else { return Ok(false) };
    if !record.is_key_known(&key).await? {
        let request = RegisterKey { protocol: PROTOCOL_VERSION, device: identity.device, key: key.clone() };
        answer(transport, "/api/v1/devices/key", &identity.token, crate::json::write(&request)).await?;
        record.key_is_known(&key).await?;
    }
    Ok(true)
}

/// Returns this phone's signature over a batch, as the events stand in the request.
async fn signature(env: &impl Environment, identity: &Identity, batch: &[Event]) -> Option<String> {
    if batch.is_empty() {
        return None;
    }
    let facts: Vec<String> = batch.iter().map(crate::json::write).collect();
    env.sign(&signed_text(identity.device, facts.iter().map(String::as_str))).await
}

/// Sends everything of the present learner, as [`sync`] does, and then what waits of everybody else on this phone: a
/// child's work leaves also while her mother learns. What a learner has not agreed to stays, each for herself.
///
/// # Errors
/// [`SyncError`] of the present learner, else the first of anybody's; one person's refusal does not stop the others.
pub async fn sync_everybody<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
) -> Result<SyncDone, SyncError> {
    let result = sync(record, transport, env, identity).await;
    let mut others = Ok(());
    if is_worth_going_on(&result) {
        for learner in record.others_to_send(identity.learner).await? {
            let theirs = sync(record, transport, env, &Identity { learner, ..identity.clone() }).await;
            if theirs == Ok(SyncDone::Removed) {
                // Taken off, or deleted everywhere: nothing of hers stays, whoever holds the phone now.
                record.forget(learner).await?;
            }
            let goes_on = is_worth_going_on(&theirs);
            others = others.and(theirs.map(drop));
            if !goes_on {
                break;
            }
        }
    }
    result.and_then(|done| others.map(|()| done))
}

/// Without a network, or with a store that fails, the others would fare no better.
fn is_worth_going_on(result: &Result<SyncDone, SyncError>) -> bool {
    !matches!(result, Err(SyncError::Unreachable | SyncError::Store(_)))
}

/// Returns the withdrawals that wait, and what was recorded before them. Only one phone's own count tells before from
/// after, and an outbox filled from a file has facts of several phones.
fn up_to_withdrawal(waiting: &[Event]) -> Vec<Event> {
    let is_withdrawal = |event: &&Event| matches!(event.kind, EventKind::ConsentWithdrawn { .. });
    let is_before = |event: &&Event| {
        let withdrawals = waiting.iter().filter(is_withdrawal);
        withdrawals.into_iter().any(|last| last.device == event.device && last.seq >= event.seq)
    };
    waiting.iter().filter(is_before).cloned().collect()
}

/// Makes the learner known to the server. A code that somebody else has is exchanged for another one.
async fn register<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
    mut wanted: ToRegister,
) -> Result<(), SyncError> {
    let learner = identity.learner;
    loop {
        let request = CreateRecord {
            protocol: PROTOCOL_VERSION,
            device: identity.device,
            learner,
            code: wanted.code.clone(),
            pin: wanted.pin.clone(),
        };
        match post::<RecordReady>(transport, "/api/v1/records", &identity.token, &request).await {
            Ok(_) => {
                let state = record.learner_state(learner).await?;
                let state = LearnerState { to_register: None, registered: true, ..state };
                record.set_learner_state(learner, &state).await?;
                return Ok(());
            }
            Err(SyncError::Refused(error)) if error.code == "code-taken" => {
                wanted.code = LearnerCode::from_random(env.random_u64());
                take_another_code(record, env, identity, &wanted).await?;
            }
            Err(SyncError::Refused(error)) if matches!(&*error.code, "not-yours" | "wrong-code-or-pin") => {
                // She has a record already, made on another phone after the file was saved that brought her here; or with a PIN
                // that she has changed since.
                let state = record.learner_state(learner).await?;
                let state = LearnerState { to_register: None, elsewhere: true, ..state };
                record.set_learner_state(learner, &state).await?;
                return Err(SyncError::Refused(error));
            }
            Err(other) => return Err(other),
        }
    }
}

async fn take_another_code<S: Store>(
    record: &LearningRecord<S>,
    env: &impl Environment,
    identity: &Identity,
    wanted: &ToRegister,
) -> Result<(), SyncError> {
    let contents = record.contents(identity.learner).await?;
    let profile = Profile::from_events(contents.facts.iter().map(|fact| &fact.event));
    let name = profile.name().unwrap_or_default().to_owned();
    let kind = EventKind::LearnerEnrolled { code: wanted.code.clone(), name };
    record.append(env, identity, kind, None, None).await?;
    let state = LearnerState { to_register: Some(wanted.clone()), ..contents.state };
    Ok(record.set_learner_state(identity.learner, &state).await?)
}

/// Gets the record that belongs to a code and PIN onto this phone, and hands the phone to that learner. What that
/// learner's outbox here holds is sent by the next [`sync`].
///
/// # Errors
/// [`SyncError`]; the phone then stays with the learner before.
pub async fn open_record<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
    code: LearnerCode,
    pin: String,
) -> Result<Identity, SyncError> {
    let request = OpenRecord { protocol: PROTOCOL_VERSION, device: identity.device, code: code.clone(), pin };
    let ready: RecordReady = post(transport, "/api/v1/records/open", &identity.token, &request).await?;
    let known = record.learner_state(ready.learner).await?;
    let state =
        LearnerState { registered: true, elsewhere: false, removed: false, to_register: None, ..known };
    record.set_learner_state(ready.learner, &state).await?;
    fetch_history(record, transport, env, identity, ready.learner).await?;
    show_this_code(record, env, &Identity { learner: ready.learner, ..identity.clone() }, code).await?;
    // Code and PIN show who she is, also when she has forgotten what opens her lock here.
    record.remove_lock(ready.learner).await?;
    Ok(record.switch_to(identity, ready.learner).await?)
}

/// The code that opened a record is the one on the learner's paper: a newer one, asked for in vain, does not hide it.
async fn show_this_code<S: Store>(
    record: &LearningRecord<S>,
    env: &impl Environment,
    identity: &Identity,
    code: LearnerCode,
) -> Result<(), SyncError> {
    let contents = record.contents(identity.learner).await?;
    let profile = Profile::from_events(contents.facts.iter().map(|fact| &fact.event));
    if profile.code().is_some_and(|shown| *shown != code) {
        let name = profile.name().unwrap_or_default().to_owned();
        record.append(env, identity, EventKind::LearnerEnrolled { code, name }, None, None).await?;
    }
    Ok(())
}

/// Fetches all facts of a learner: before that, the phone cannot know what the learner agreed to.
async fn fetch_history<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
    learner: LearnerId,
) -> Result<(), SyncError> {
    loop {
        let state = record.learner_state(learner).await?;
        let told = Some((learner, &state));
        let response = deliver(record, transport, env, identity, (&[], false), told).await?;
        if !response.more {
            return Ok(());
        }
    }
}

/// Returns the phones that have the present learner's record.
///
/// # Errors
/// [`SyncError`].
pub async fn list_devices(
    transport: &impl Transport,
    identity: &Identity,
) -> Result<Vec<LinkedDevice>, SyncError> {
    let request =
        ListDevices { protocol: PROTOCOL_VERSION, device: identity.device, learner: identity.learner };
    let list: DeviceList = post(transport, "/api/v1/devices", &identity.token, &request).await?;
    Ok(list.devices)
}

/// Takes the present learner's record off a phone, perhaps a lost one; returns the phones that are left.
///
/// # Errors
/// [`SyncError`]; `wrong-code-or-pin` when it is not her PIN.
pub async fn remove_device(
    transport: &impl Transport,
    identity: &Identity,
    remove: DeviceId,
    pin: String,
) -> Result<Vec<LinkedDevice>, SyncError> {
    let request = RemoveDevice {
        protocol: PROTOCOL_VERSION,
        device: identity.device,
        learner: identity.learner,
        remove,
        pin,
    };
    let list: DeviceList = post(transport, "/api/v1/devices/remove", &identity.token, &request).await?;
    Ok(list.devices)
}

/// Returns who has looked at the present learner's record and what she has asked; asks something first, if there is
/// something to ask.
///
/// # Errors
/// [`SyncError`].
pub async fn my_data(
    transport: &impl Transport,
    identity: &Identity,
    ask: Option<AskNow>,
) -> Result<MyDataAnswer, SyncError> {
    let (device, learner) = (identity.device, identity.learner);
    let request = MyData { protocol: PROTOCOL_VERSION, device, learner, ask };
    post(transport, "/api/v1/my-data", &identity.token, &request).await
}

/// Asks for the certificate of a course, after everything is sent.
///
/// # Errors
/// [`SyncError`]; `not-earned` when the server's own grading does not agree that it is earned.
pub async fn request_certificate<S: Store>(
    record: &LearningRecord<S>,
    transport: &impl Transport,
    env: &impl Environment,
    identity: &Identity,
    course: CourseId,
) -> Result<IssuedCertificate, SyncError> {
    sync(record, transport, env, identity).await?;
    let request = RequestCertificate {
        protocol: PROTOCOL_VERSION,
        device: identity.device,
        learner: identity.learner,
        course,
    };
    let certificate = post(transport, "/api/v1/certificates", &identity.token, &request).await?;
    record.keep_certificate(identity.learner, &certificate).await?;
    Ok(certificate)
}

async fn post<T: DeserializeOwned>(
    transport: &impl Transport,
    path: &str,
    token: &str,
    body: &impl Serialize,
) -> Result<T, SyncError> {
    let answer = answer(transport, path, token, crate::json::write(body)).await?;
    // An answer that cannot be read is no receipt.
    crate::json::read(&answer).map_err(|_| SyncError::Unreachable)
}

async fn answer(
    transport: &impl Transport,
    path: &str,
    token: &str,
    body: String,
) -> Result<String, SyncError> {
    let (status, answer) = transport.post(path, token, body).await?;
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    let unnamed = || ApiError { code: format!("http-{status}"), next: NextStep::Retry, retry_after_s: None };
    Err(SyncError::Refused(crate::json::read(&answer).unwrap_or_else(|_| unnamed())))
}

#[cfg(test)]
#[path = "sync_client/tests.rs"]
mod tests;
