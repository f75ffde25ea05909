//! People who work with the platform: how they sign in, their accounts, and how colleagues are looked after.
//!
//! Every use case takes a [`crate::access::Permit`], besides signing in itself and the first administrator, who is made
//! on the command line. What was done is written to the audit log in the same transaction.

pub mod account;
pub mod colleagues;
pub mod password;
pub mod sign_in;

use domain::event::check_name;
use domain::ids::StaffId;
use domain::role::Role;
use domain::text::{fold, tidy_spaces};
use uuid::Uuid;

use crate::clock::{Clock, Random};
use crate::secret::{SecretError, Secrets};
use crate::state::AppState;
use crate::store::{NewAudit, NewGrant, NewStaff, Store, StoreError};

pub use password::PASSWORD_MIN_CHARS;

/// Why a person cannot be added. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The name is empty or too long.
    #[error("the name must contain a letter and have at most {} characters", domain::event::NAME_MAX_CHARS)]
    Name,
    /// The password is too short or too easy.
    #[error("the password must have at least {PASSWORD_MIN_CHARS} characters and not be the name")]
    Password,
    /// There is such a person.
    #[error("there is already a person with this name; choose another name")]
    Exists,
    /// Hashing failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an administrator.
///
/// # Errors
/// See [`StaffError`].
pub async fn create_admin(
    store: &Store,
    (clock, random): (&Clock, &Random),
    name: &str,
    password: &str,
) -> Result<(), StaffError> {
    let name = tidy_spaces(name);
    check_name(&name).map_err(|_| StaffError::Name)?;
    let password = password::to_set(password, &name).ok_or(StaffError::Password)?;
    let password_hash = Secrets::new(random.clone(), 1)?.hash(&password).await?;
    let now_ms = clock.now_ms();
    let id = StaffId(random.id(now_ms));
    let new = NewStaff {
        id,
        login_key: fold(&name),
        whole_name: name.clone(),
        folded: fold(&name),
        phone: None,
        name,
        password_hash,
        given: false,
    };
    let role = NewGrant {
        id: random.id(now_ms),
        staff: id,
        role: Role::SystemAdmin,
        place: None,
        part: None,
        place_name: String::new(),
        by: None,
        from_ms: now_ms,
        until_ms: None,
    };
    let entry = NewAudit {
        id: random.id(now_ms),
        at_ms: now_ms,
        actor: None,
        action: "staff-added",
        person: None,
        staff: Some(id),
        place: None,
        detail: Role::SystemAdmin.as_str().into(),
    };
    if store.add_staff(&new, &role, &entry, now_ms).await? { Ok(()) } else { Err(StaffError::Exists) }
}

/// Returns an entry for the audit log: `actor` did `action` now, to a colleague or to nobody in particular.
pub(crate) fn entry(
    state: &AppState,
    actor: StaffId,
    action: &'static str,
    staff: Option<StaffId>,
) -> NewAudit {
    let at_ms = state.clock.now_ms();
    NewAudit {
        id: new_id(state),
        at_ms,
        actor: Some(actor),
        action,
        person: None,
        staff,
        place: None,
        detail: String::new(),
    }
}

/// Returns a new id of now.
pub(crate) fn new_id(state: &AppState) -> Uuid {
    state.random.id(state.clock.now_ms())
}
