//! Small parts without requests, used by pages and islands.

pub mod follow;
pub mod icon;
pub mod lamp;
pub mod node;
pub mod parts;
#[cfg(feature = "hydrate")]
pub mod patch;
pub mod qr;
pub mod stage;
#[cfg(feature = "ssr")]
pub mod views;
