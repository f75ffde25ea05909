//! Adding, renaming, closing and removing hamlets, for whoever looks after their commune.

use domain::place::{PlaceId, check_hamlet_name};

use crate::import::encoding::tidy;
use crate::people::Acting;
use crate::store::{HamletOutcome, Place, StoreError};

/// Why nothing was done, for a reason that whoever acts can do something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HamletRefusal {
    /// No such commune or hamlet within the scope.
    NotFound,
    /// The name cannot be one.
    Name,
    /// The commune has one of this name.
    Exists,
    /// The day lies before the hamlet's first or after today.
    WrongDay,
    /// People live there: it can be closed, not removed.
    InUse,
}

impl HamletRefusal {
    /// Returns the stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Name => "hamlet-name",
            Self::Exists => "hamlet-exists",
            Self::WrongDay => "hamlet-day",
            Self::InUse => "hamlet-in-use",
        }
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum HamletError {
    /// For a reason that whoever acts can do something about.
    #[error("refused: {}", .0.code())]
    Refused(HamletRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<HamletRefusal> for HamletError {
    fn from(refusal: HamletRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Adds a hamlet below a commune, valid from today on.
///
/// # Errors
/// [`HamletRefusal::NotFound`], [`HamletRefusal::Name`], [`HamletRefusal::Exists`].
pub async fn add(acting: Acting<'_>, commune: &PlaceId, name: &str) -> Result<Place, HamletError> {
    let name = checked(name)?;
    let id = PlaceId::hamlet(acting.random.id(acting.now_ms));
    let entry = acting.entry("hamlet-added");
    done(acting.store.add_hamlet(acting.scope, commune, (&id, &name), (&entry, acting.today())).await?)
}

/// Gives a hamlet another name.
///
/// # Errors
/// As [`add`].
pub async fn rename(acting: Acting<'_>, id: &PlaceId, name: &str) -> Result<Place, HamletError> {
    let name = checked(name)?;
    let entry = acting.entry("hamlet-renamed");
    done(acting.store.rename_hamlet(acting.scope, id, &name, (&entry, acting.today())).await?)
}

/// Says until which day a hamlet is valid, that day included and written 20250630; nothing opens it again.
///
/// # Errors
/// [`HamletRefusal::NotFound`], [`HamletRefusal::WrongDay`]; [`HamletRefusal::Exists`] when another one bears its name by now.
pub async fn close(acting: Acting<'_>, id: &PlaceId, last_day: Option<i64>) -> Result<Place, HamletError> {
    let entry = acting.entry(if last_day.is_some() { "hamlet-closed" } else { "hamlet-opened" });
    done(acting.store.close_hamlet(acting.scope, id, last_day, (&entry, acting.today())).await?)
}

/// Removes a hamlet that was added by mistake.
///
/// # Errors
/// [`HamletRefusal::NotFound`], [`HamletRefusal::InUse`].
pub async fn remove(acting: Acting<'_>, id: &PlaceId) -> Result<Place, HamletError> {
    let entry = acting.entry("hamlet-removed");
    done(acting.store.remove_hamlet(acting.scope, id, &entry).await?)
}

fn checked(name: &str) -> Result<String, HamletRefusal> {
    check_hamlet_name(&tidy(name)).map_err(|_| HamletRefusal::Name)
}

fn done(outcome: HamletOutcome) -> Result<Place, HamletError> {
    let refusal = match outcome {
        HamletOutcome::Done(place) => return Ok(place),
        HamletOutcome::Exists(_) => HamletRefusal::Exists,
        HamletOutcome::NotFound => HamletRefusal::NotFound,
        HamletOutcome::WrongDay => HamletRefusal::WrongDay,
        HamletOutcome::InUse => HamletRefusal::InUse,
    };
    Err(refusal.into())
}
