//! The interactive pieces, one file each. With `offline` and `domain` they are all the wasm a phone downloads.
//!
//! An island draws the same first picture on the server and on the phone, then follows [`crate::phone::state`]. It
//! never waits for the network: it appends facts to the record, and sending runs beside it.
//!
//! There are two bundles: learners get everything but the check of certificates, checkers get only that.

#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod certificate;
#[cfg(any(feature = "ssr", feature = "checker"))]
pub mod check;
#[cfg(any(feature = "ssr", feature = "learner", feature = "checker"))]
mod field;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod lamps;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod lesson_end;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod practice;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod quiz;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod read_aloud;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod record;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod status;
pub mod text_size;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod work_state;
