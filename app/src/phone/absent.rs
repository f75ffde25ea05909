//! On the server: nobody's phone. Islands are drawn, never pressed.

use domain::code::LearnerCode;
use domain::event::EventKind;
use domain::ids::{CertificateId, ContentHash, CourseId, DeviceId, LearnerId};
use domain::sync::{AskNow, IssuedCertificate, LinkedDevice, MyDataAnswer};

use super::Phone;
use crate::components::follow::Followed;
use crate::offline::leave::Left;
use crate::offline::lock::LockKind;
use crate::offline::people::{Handed, Person};
use crate::offline::record_file::{Brought, FileError};
use crate::offline::store::StoreError;
use crate::offline::sync_client::SyncError;

/// Returns the state of a phone that has not been read.
pub fn state() -> Followed<Phone> {
    Followed::new(Phone::default())
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn append(_: EventKind, _: Option<ContentHash>, _: Option<bool>) -> Result<(), StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn enrol(_: String, _: String) -> Result<(), StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn open_record(_: LearnerCode, _: String) -> Result<(), SyncError> {
    Err(SyncError::Store(StoreError::Unavailable))
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn request_certificate(_: CourseId) -> Result<IssuedCertificate, SyncError> {
    Err(SyncError::Store(StoreError::Unavailable))
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn people() -> Result<Vec<Person>, StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn hand_over(_: Option<LearnerId>, _: String) -> Result<Handed, StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn set_lock(_: Option<(LockKind, String)>) -> Result<bool, StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn unsaved(_: &[String]) -> Result<usize, StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn save_file() -> Result<(String, Vec<String>), StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn leave(_: &[String]) -> Result<Left, StoreError> {
    Err(StoreError::Unavailable)
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn open_file() -> Result<Option<Brought>, FileError> {
    Err(FileError::Store(StoreError::Unavailable))
}

/// See the browser's twin.
pub fn forget_loss() {}

/// See the browser's twin.
pub fn device() -> Option<DeviceId> {
    None
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn list_devices() -> Result<Vec<LinkedDevice>, SyncError> {
    Err(SyncError::Store(StoreError::Unavailable))
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn remove_device(_: DeviceId, _: String) -> Result<Vec<LinkedDevice>, SyncError> {
    Err(SyncError::Store(StoreError::Unavailable))
}

/// See the browser's twin.
///
/// # Errors
/// Always: there is no store on the server.
pub async fn my_data(_: Option<AskNow>) -> Result<MyDataAnswer, SyncError> {
    Err(SyncError::Store(StoreError::Unavailable))
}

/// See the browser's twin.
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::nil()
}

/// See the browser's twin.
pub async fn is_withdrawn(_: CertificateId) -> Option<bool> {
    None
}

/// See the browser's twin.
pub fn right_time_ms(_: i64) -> i64 {
    0
}

/// See the browser's twin.
pub fn send_now() {}

/// See the browser's twin.
pub fn run(_: impl Future<Output = ()> + 'static) {}

/// See the browser's twin.
pub fn on_address_fragment(_: Box<dyn Fn(String)>) {}

/// See the browser's twin.
pub fn go_to(_: &str) {}

/// See the browser's twin.
pub fn print_page() {}

/// See the browser's twin.
pub fn moment(_: i64) -> String {
    String::new()
}
