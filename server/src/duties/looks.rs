//! What a learner may know about her own data: who has looked, what she has asked. Asked by a phone that has her record; no
//! PIN is needed to read it. A deletion is asked for here too, and done by a person who asks her back first.

use domain::dated_fact::vietnam_day_end_ms;
use domain::request::{RequestState, clocks};
use domain::scope::Scope;
use domain::sync::{AskNow, Asked, Look, MyData, MyDataAnswer};

use super::requests::said;
use crate::devices::ProvenDevice;
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{DataRequest, LookedAt, NewRequest};

/// Looks on a phone: what fits a few screens and 4 KB.
const LOOKS_MAX: u32 = 40;

/// Requests on a phone, and as many as one person may have open.
const REQUESTS_MAX: u32 = 20;

/// A day, for somebody who has asked for too much.
const WAIT_S: u32 = 86_400;

/// Writes down what is asked, and returns how things stand.
///
/// # Errors
/// [`Refusal::NotYours`], [`Refusal::FieldRefused`] for too many words, [`Refusal::TooManyTries`] for too many open
/// requests.
pub async fn my_data(
    state: &AppState,
    device: ProvenDevice,
    request: &MyData,
) -> Result<MyDataAnswer, Failure> {
    let learner = request.learner;
    if !state.store.is_linked(device.id(), learner).await? {
        return Err(Refusal::NotYours.into());
    }
    if let Some(ask) = &request.ask {
        write_down(state, request, ask).await?;
    }
    let looks = state.store.looks_at(learner, LOOKS_MAX).await?;
    let requests = state.store.requests_of(learner, REQUESTS_MAX).await?;
    Ok(MyDataAnswer {
        looks: looks.into_iter().map(look).collect(),
        requests: requests.into_iter().map(asked).collect(),
    })
}

async fn write_down(state: &AppState, request: &MyData, ask: &AskNow) -> Result<(), Failure> {
    let before = state.store.requests_of(request.learner, REQUESTS_MAX).await?;
    let open = before.iter().filter(|one| one.closed_ms.is_none() && one.id != ask.id).count();
    if u32::try_from(open).is_ok_and(|open| open >= REQUESTS_MAX) {
        return Err(Refusal::TooManyTries { retry_after_s: WAIT_S }.into());
    }
    let new = NewRequest {
        id: ask.id,
        person: request.learner,
        kind: ask.kind,
        purpose: None,
        words: said(&ask.words)?,
        received_ms: state.clock.now_ms(),
        entered_by: None,
    };
    if state.store.add_request(&Scope::All, &new, None).await? {
        Ok(())
    } else {
        Err(Refusal::NotYours.into())
    }
}

fn look(found: LookedAt) -> Look {
    let what = match found.action.as_str() {
        "person-seen" => "seen",
        "person-corrected" | "aside-bound" | "consent-recorded" | "identity-kept" | "identity-removed" => {
            "changed"
        }
        "person-added" => "added",
        "pin-given" => "pin",
        "data-exported" => "given-out",
        action if action.starts_with("request-") => "request",
        "person-restricted" | "person-unrestricted" | "consent-withdrawn" => "request",
        _ => "other",
    };
    Look {
        at_ms: found.at_ms,
        who: found.who.unwrap_or_default(),
        role: found.role.unwrap_or_default(),
        what: what.to_owned(),
    }
}

fn asked(found: DataRequest) -> Asked {
    let state = match found.state {
        RequestState::Received => "received",
        RequestState::Replied => "replied",
        RequestState::Done => "done",
        RequestState::Refused => "refused",
    };
    let last_day = clocks(found.kind, found.received_ms, found.extended.is_some()).answer_day;
    Asked {
        kind: found.kind.as_str().to_owned(),
        at_ms: found.received_ms,
        until_ms: vietnam_day_end_ms(last_day),
        state: state.to_owned(),
        answer: found.answer,
    }
}
