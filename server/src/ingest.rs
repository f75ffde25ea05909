//! A phone's batch of facts: read one by one, judged, stored, answered one by one.
//!
//! Three steps: look up what is known about the batch, judge every event without touching anything, then append all at
//! once. Every answer is given after the commit. One bad event never blocks the others, and nothing but a too large
//! event or a taken id is refused: the rest is a fact, or set aside for a person to look at.

mod again;
mod judge;
mod read;
mod vouch;

pub use again::{Again, judge_again, understood};

use domain::ids::{ContentHash, EventId};
use domain::sync::{Code, EventOutcome, Outcome};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::devices::ProvenDevice;
use crate::state::AppState;
use crate::store::{Appended, NewAside, StoreError};
use judge::{Judged, judge};
use read::{Reading, read};
use vouch::vouch;

/// Stores a phone's facts and returns what became of each, in the order of the request.
///
/// # Errors
/// When the database fails. Nothing is promised then, and the phone sends the same again.
pub async fn ingest(
    state: &AppState,
    device: ProvenDevice,
    events: &[&RawValue],
) -> Result<Vec<EventOutcome>, StoreError> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let readings: Vec<Reading> = events.iter().map(|raw| read(raw.get())).collect();
    let ids: Vec<EventId> = readings.iter().filter_map(Reading::id).collect();
    let body_hashes: Vec<String> = readings.iter().filter_map(Reading::body_hash).collect();
    let contents: Vec<ContentHash> = readings.iter().filter_map(Reading::content).collect();

    let mut seen = state.store.look_up(device.id(), &ids, &body_hashes).await?;
    // Asked for strangers only: a record that a phone has is not deleted.
    let strangers = readings.iter().filter_map(Reading::learner).filter(|id| !seen.learners.contains(id));
    seen.deleted = state.store.deleted_among(&strangers.collect()).await?;
    let lessons = state.lessons.versions(&state.store, contents).await?;
    let now_ms = state.clock.now_ms();
    let vouched = vouch(state, device, &readings).await?;
    let (judged, mut append) = judge(device.id(), readings, (&seen, &vouched), &lessons);
    name_rows(state, &mut append.aside, now_ms);
    let appended = state.store.append(device.id(), &append, now_ms).await?;
    Ok(judged.into_iter().map(|judged| outcome(judged, &appended)).collect())
}

fn name_rows(state: &AppState, aside: &mut [NewAside], now_ms: i64) {
    for new in aside {
        new.id = state.random.id(now_ms);
    }
}

/// Returns the answer for one event. When a request at the same time stored its id first, the stored fact decides.
fn outcome(judged: Judged, appended: &Appended) -> EventOutcome {
    let stored = judged.id.and_then(|id| appended.already.get(&id));
    let outcome = match (judged.json, stored) {
        (Some(json), Some(stored)) if json == *stored => Outcome::Duplicate,
        (Some(_), Some(_)) => Outcome::Rejected(Code::IdConflict),
        _ => judged.outcome,
    };
    EventOutcome { id: judged.id, outcome }
}

/// Returns the SHA-256 of a text in hexadecimal.
pub(crate) fn sha256_hex(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}
