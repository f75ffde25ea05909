//! Several people on this phone: handed over, locked, taken off, and a record as a file.

use domain::ids::LearnerId;
use wasm_bindgen::prelude::*;

use super::{
    BrowserEnvironment, begin_anew, forget_loss, give_file, opened, pick_file, refresh, tell, turn,
    write_trace,
};
#[cfg(feature = "staff")]
use super::{OPEN, Open};
use crate::offline::leave::Left;
use crate::offline::lock::LockKind;
use crate::offline::lost::Trace;
use crate::offline::people::{Handed, Person};
use crate::offline::record_file::{Brought, FileError};
use crate::offline::store::StoreError;

/// Returns everybody whose record is on this phone.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub async fn people() -> Result<Vec<Person>, StoreError> {
    opened().await?.record.people().await
}

/// Hands the phone to somebody on the list, or to somebody new. Returns whether it was, and how long to wait if not.
///
/// # Errors
/// [`StoreError`]; the phone then stays with the learner before.
pub async fn hand_over(to: Option<LearnerId>, secret: String) -> Result<Handed, StoreError> {
    let open = opened().await?;
    let env = &BrowserEnvironment;
    let handed = open.record.hand_over(env, env, &open.identity, to, &secret).await?;
    if let Handed::To(_) = &handed {
        tell();
        begin_anew();
    }
    Ok(handed)
}

/// Takes somebody in whom an ambassador enrolled on this phone, and hands the phone to her. Returns false where she is here
/// already: then she opens her record herself.
///
/// # Errors
/// [`StoreError`]; the phone then stays with the learner before.
#[cfg(feature = "staff")]
pub async fn receive(enrolled: &crate::offline::enrolment::Pending) -> Result<bool, StoreError> {
    let open = opened().await?;
    let Some(identity) = open.record.receive(&open.identity, enrolled).await? else { return Ok(false) };
    OPEN.set(Some(Open { identity, ..open }));
    tell();
    Ok(true)
}

/// Locks the present learner's record, or takes its lock away. Returns whether this browser can.
///
/// # Errors
/// [`StoreError`]; everything is as before then.
pub async fn set_lock(lock: Option<(LockKind, String)>) -> Result<bool, StoreError> {
    let (open, env) = (opened().await?, &BrowserEnvironment);
    let learner = open.identity.learner;
    let can = match lock {
        Some((kind, secret)) => open.record.set_lock(env, env, learner, kind, &secret).await?,
        None => open.record.remove_lock(learner).await.map(|()| true)?,
    };
    refresh().await?;
    Ok(can)
}

/// Returns how many things of the present learner are neither on the server nor among `saved`.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub async fn unsaved(saved: &[String]) -> Result<usize, StoreError> {
    let open = opened().await?;
    open.record.unsaved(open.identity.learner, saved).await
}

/// Gives the present learner her record as a file. Returns the file's name, and what it holds that the server has not.
///
/// # Errors
/// [`StoreError`] when the store cannot be read.
pub async fn save_file() -> Result<(String, Vec<String>), StoreError> {
    let open = opened().await?;
    let file = open.record.to_file(&BrowserEnvironment, &open.identity).await?;
    give_file(&file.name, &file.text);
    Ok((file.name, file.holds))
}

/// Lets a person choose a saved file and brings it back; the phone is handed to its learner, unless her record here is
/// locked. Returns nothing when no file was chosen.
///
/// # Errors
/// [`FileError`]; nothing was changed then.
pub async fn open_file() -> Result<Option<Brought>, FileError> {
    let Some(text) = pick_file().await.as_string() else { return Ok(None) };
    let open = opened().await?;
    let brought = open.record.bring_back(&open.identity, &text).await?;
    forget_loss();
    if !brought.locked {
        hand_over(Some(brought.learner), String::new()).await?;
    }
    Ok(Some(brought))
}

/// Takes everything of the present learner off this phone. `saved` is what the file holds that she has.
///
/// # Errors
/// [`StoreError`]; nothing was taken away then.
pub async fn leave(saved: &[String]) -> Result<Left, StoreError> {
    // Nothing that another tab is sending may come back afterwards.
    let end_turn: js_sys::Function = turn().await.unchecked_into();
    let left = async {
        let open = opened().await?;
        let left = open.record.leave(&BrowserEnvironment, &open.identity, saved).await?;
        if let Left::Gone(_) = &left {
            write_trace(Trace::None.word());
            tell();
            begin_anew();
        }
        Ok(left)
    };
    let left = left.await;
    let _ = end_turn.call0(&JsValue::NULL);
    left
}
