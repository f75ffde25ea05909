//! One exchange with a phone: its facts in, what is new for its learners out.

use domain::consent::ConsentPurpose;
use domain::event::EventKind;
use domain::progress::{Mark, Progress};
use domain::sync::{
    BATCH_MAX_EVENTS, Change, ChangeKind, MergedMarks, PROTOCOL_VERSION, SyncRequest, SyncResponse,
};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::devices::ProvenDevice;
use crate::failure::{Failure, Refusal};
use crate::ingest::ingest;
use crate::phone_key::PhoneKey;
use crate::state::AppState;
use crate::store::ChangePage;

/// Changes in one answer, at most: with the next limit, seconds on a weak network.
const CHANGES_MAX: u32 = 500;

/// Bytes of changes in one answer, about: half of what a phone may send.
const CHANGES_MAX_BYTES: usize = 128 * 1024;

/// Stores the phone's facts, then returns their outcomes and what is new since its cursor. The new includes the phone's
/// own facts: it knows them by their ids, and one that lost its data gets everything back.
///
/// # Errors
/// [`Refusal::TooManyEvents`], [`Refusal::SignatureWrong`], or when the database fails.
pub async fn sync(
    state: &AppState,
    device: ProvenDevice,
    request: &SyncRequest<&RawValue>,
) -> Result<SyncResponse, Failure> {
    if request.events.len() > BATCH_MAX_EVENTS {
        return Err(Refusal::TooManyEvents.into());
    }
    check_signature(state, device, request).await?;
    let outcomes = ingest(state, device, &request.events).await?;
    let mut page =
        state.store.changes_since(device.id(), &request.cursor, CHANGES_MAX, CHANGES_MAX_BYTES).await?;
    page.changes.retain(|change| is_known_to(request.protocol, change));
    let merged = merged(state, request, &page).await?;
    Ok(SyncResponse {
        protocol: PROTOCOL_VERSION,
        server_ms: state.clock.now_ms(),
        outcomes,
        changes: page.changes,
        cursor: page.cursor,
        more: page.more,
        removed: page.removed,
        merged,
    })
}

/// Returns what the learner of a page has shown in other records of hers, unless the phone has just that.
async fn merged(
    state: &AppState,
    request: &SyncRequest<&RawValue>,
    page: &ChangePage,
) -> Result<Option<MergedMarks>, Failure> {
    // A page of an older protocol would not know what to do with it.
    let mut learners = page.cursor.keys();
    let (Some(&learner), None, 4..) = (learners.next(), learners.next(), request.protocol) else {
        return Ok(None);
    };
    let facts = match page.merged.contains(&learner) {
        true => state.store.learned_elsewhere(learner).await?,
        false => Vec::new(),
    };
    let progress = Progress::from_facts(facts.iter().map(|fact| (&fact.event, fact.verdict)));
    let marks: Vec<String> = progress.marks().map(Mark::to_string).collect();
    let version = version(&marks);
    Ok((version != request.merged).then_some(MergedMarks { version, marks }))
}

/// Names a list of marks: the beginning of its digest, which is never the 0 of no marks.
fn version(marks: &[String]) -> u32 {
    if marks.is_empty() {
        return 0;
    }
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(marks.join("\n")));
    u32::from_be_bytes([a, b, c, d]).max(1)
}

/// Returns whether a page of a protocol can read a change. One that cannot would take the whole answer for none, and never
/// get further.
fn is_known_to(protocol: u16, change: &Change) -> bool {
    let ChangeKind::Event { event, .. } = &change.what else { return true };
    let (EventKind::ConsentGiven { purpose, .. } | EventKind::ConsentWithdrawn { purpose }) = event.kind
    else {
        return true;
    };
    protocol >= 3 || purpose == ConsentPurpose::LearningRecord
}

/// A phone that has registered a key signs everything it sends. One that has none (a page of protocol 1, a browser
/// without keys) is proven by its token alone.
async fn check_signature(
    state: &AppState,
    device: ProvenDevice,
    request: &SyncRequest<&RawValue>,
) -> Result<(), Failure> {
    if request.events.is_empty() {
        return Ok(());
    }
    let Some(key) = state.store.device_key(device.id()).await? else { return Ok(()) };
    let facts = request.events.iter().map(|raw| raw.get());
    let is_signed = |signature: &String| {
        PhoneKey::parse(&key).is_some_and(|key| key.has_signed(device.id(), facts, signature))
    };
    if request.signature.as_ref().is_some_and(is_signed) {
        Ok(())
    } else {
        Err(Refusal::SignatureWrong.into())
    }
}
