//! Duties towards people about whom something is kept: what they ask and how it is done, who has looked, what went wrong.
//!
//! The terms and what they rest on stand in `domain::request`. Every use case of staff takes a permit; what a citizen asks
//! on her phone comes from a phone that has her record.

pub mod export;
pub mod incidents;
pub mod looks;
pub mod requests;
pub mod retention;
