//! One event that was set aside, judged again by the rules of today.

use domain::event::Event;
use domain::ids::DeviceId;
use domain::sync::{Code, Outcome};

use super::judge::judge;
use super::read::{Reading, read};
use super::vouch::vouch;
use crate::devices::ProvenDevice;
use crate::state::AppState;
use crate::store::{NewEvent, StoreError};

/// What an event that was set aside deserves today.
#[derive(Debug, Clone)]
pub enum Again {
    /// It is a fact to store.
    Fact(Box<NewEvent>),
    /// The very same is a stored fact already.
    Known,
    /// It stays aside.
    Aside(Code),
}

/// Returns the event in what was sent, if this server understands it.
pub fn understood(body: &str) -> Option<Event> {
    match read(body) {
        Reading::Fact { event, .. } => Some(event),
        Reading::Odd { .. } | Reading::TooLarge { .. } => None,
    }
}

/// Judges again what a phone sent; with `as_hers` as if the learner's record were on that phone, because a person vouches.
///
/// # Errors
/// When the database fails.
pub async fn judge_again(
    state: &AppState,
    device: DeviceId,
    body: &str,
    as_hers: bool,
) -> Result<Again, StoreError> {
    let reading = read(body);
    let ids: Vec<_> = reading.id().into_iter().collect();
    let learner = match &reading {
        Reading::Fact { event, .. } => Some(event.learner),
        _ => None,
    };
    let lessons = state.lessons.versions(&state.store, reading.content()).await?;
    // That it was set aside once says nothing today: bodies are not asked for.
    let mut seen = state.store.look_up(device, &ids, &[]).await?;
    seen.aside.clear();
    if let Some(learner) = learner.filter(|_| as_hers) {
        seen.removed.remove(&learner);
        seen.learners.insert(learner);
    }
    let readings = vec![reading];
    // What was set aside came from a phone that had proven itself.
    let vouched = vouch(state, ProvenDevice::before(device), &readings).await?;
    let (judged, append) = judge(device, readings, (&seen, &vouched), &lessons);
    let fact = append.events.into_iter().next();
    Ok(match (fact, judged.into_iter().next().map(|judged| judged.outcome)) {
        (Some(fact), _) => Again::Fact(Box::new(fact)),
        (None, Some(Outcome::Quarantined(code) | Outcome::Rejected(code))) => Again::Aside(code),
        (None, _) => Again::Known,
    })
}
