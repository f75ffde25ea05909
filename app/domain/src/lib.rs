//! The rules of learning, in one place for the phone and the server.
//!
//! Here belongs what must give the same answer everywhere and for ever: what an answer is worth, what a learner has
//! done, when a lamp is lit, what a certificate says. Nothing here reads a clock, a disk, a network or a random
//! number; times and new ids arrive as arguments (`clippy.toml` holds the bans).
//!
//! To add a kind of question: a variant in [`item::Item`], its [`item::Response`], its arm in [`grading`], its block in
//! the content checker and its face in the quiz island. To add a kind of event: [`event::EventKind`], then
//! [`progress`] or [`profile`] if it changes them, and [`sync::PROTOCOL_VERSION`] if older servers must not guess.

pub mod aside;
pub mod certificate;
pub mod class;
pub mod code;
pub mod consent;
pub mod course;
pub mod dated_fact;
pub mod event;
pub mod grading;
pub mod identity;
pub mod ids;
pub mod incident;
pub mod item;
#[cfg(feature = "people")]
pub mod ledger;
pub mod person;
pub mod place;
pub mod practice;
pub mod profile;
pub mod progress;
pub mod request;
pub mod retention;
pub mod role;
#[cfg(feature = "people")]
pub mod roll;
pub mod rule;
pub mod scope;
pub mod seal;
pub mod sort_key;
pub mod sync;
pub mod text;
