//! The record on the phone: what was learned, what still waits to be sent, what has a receipt.
//!
//! Everything here works with no network and is generic over [`store::Store`], so the same code runs on IndexedDB
//! in the browser and in memory in tests. No rule of learning lives here; those are in `domain`.

pub mod backoff;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod damage;
#[cfg(any(feature = "staff", feature = "ssr", test))]
pub mod enrolment;
pub mod environment;
#[cfg(feature = "hydrate")]
pub mod idb;
#[cfg(any(feature = "staff", feature = "ssr", test))]
pub mod keyring;
pub mod leave;
pub mod lock;
pub mod lost;
#[cfg(not(target_arch = "wasm32"))]
pub mod memory;
pub mod people;
pub mod record;
pub mod record_file;
pub mod rows;
#[cfg(any(feature = "staff", feature = "ssr", test))]
pub mod sealed;
pub mod store;
pub mod sync_client;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(any(feature = "staff", feature = "ssr", test))]
pub mod witness;
