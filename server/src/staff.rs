//! People who work with the platform: the first one is made on the command line.

use domain::event::check_name;
use domain::text::tidy_spaces;

use crate::clock::{Clock, Random};
use crate::secret::{SecretError, Secrets};
use crate::store::{NewStaff, Store, StoreError};

/// Shortest password of a person who can see others' records, in characters.
pub const PASSWORD_MIN_CHARS: usize = 12;

/// Why a person cannot be added. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The name is empty or too long.
    #[error("the name must contain a letter and have at most {} characters", domain::event::NAME_MAX_CHARS)]
    Name,
    /// The password is too short.
    #[error("the password must have at least {PASSWORD_MIN_CHARS} characters")]
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
    if password.chars().count() < PASSWORD_MIN_CHARS {
        return Err(StaffError::Password);
    }
    let password_hash = Secrets::new(random.clone(), 1)?.hash(password).await?;
    let now_ms = clock.now_ms();
    let new = NewStaff { id: random.id(now_ms), name, password_hash, role: "admin" };
    if store.add_staff(&new, now_ms).await? { Ok(()) } else { Err(StaffError::Exists) }
}
