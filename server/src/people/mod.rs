//! What staff do with people: one file a use case, each taking who acts within which scope. Who may act at all is decided
//! before, by whoever calls; what is in scope is decided in the store's own questions.

mod change;
mod classes;
mod consent;
mod duplicates;
mod export;
mod identity;
mod import;
mod list;
#[cfg(test)]
mod tests;

use domain::dated_fact::Day;
use domain::event::{InvalidEvent, check_name};
use domain::ids::{EventId, StaffId};
use domain::person::{CLASSES_MAX, Details, InvalidBirthYear, check_birth_year};
use domain::place::day_number;
use domain::scope::{PlacePath, Scope};

pub use change::{add, correct, enrol, give_pin};
pub use classes::{
    MEMBERS_MAX, PINS_AT_ONCE, close_class, give_pins, join_class, leave_class, list_classes, members,
    one_class, open_class, rename_class,
};
pub use consent::record_consent;
pub use duplicates::{ListedPairs, decisions, keep_apart, likely_duplicates, merge, undo_decision};
pub use export::{EXPORT_MAX, ExportFormat, export};
pub use identity::{KeptIdentity, keep_identity};
pub use import::{Applied, Counts, Preview, apply, preview, undo};
pub use list::{ListedPeople, offered, one, page};

use crate::clock::Random;
use crate::import::UnreadableFile;
use crate::import::encoding::tidy;
use crate::secret::SecretError;
use crate::store::{NewAudit, Person, Store, StoreError};

/// Who acts, where, when, and with what.
#[derive(Debug, Clone, Copy)]
pub struct Acting<'a> {
    /// The database.
    pub store: &'a Store,
    /// Makes ids and codes.
    pub random: &'a Random,
    /// Whose records the person who acts may see.
    pub scope: &'a Scope,
    /// Who acts.
    pub staff: StaffId,
    /// Now, in milliseconds since 1970 UTC.
    pub now_ms: i64,
}

impl Acting<'_> {
    /// Returns ids for the facts that one change of a person may write.
    fn new_events(&self) -> [EventId; 2] {
        [(); 2].map(|()| EventId(self.random.id(self.now_ms)))
    }

    /// Returns an entry for the log; whom it is about is filled in where it is written.
    pub(crate) fn entry(&self, action: &'static str) -> NewAudit {
        NewAudit {
            id: self.random.id(self.now_ms),
            at_ms: self.now_ms,
            actor: Some(self.staff),
            action,
            person: None,
            staff: None,
            place: None,
            detail: String::new(),
        }
    }

    /// Returns today in Vietnam, written 20250630.
    pub(crate) fn today(&self) -> i64 {
        day_number(&Day::in_vietnam(self.now_ms))
    }

    fn this_year(&self) -> u16 {
        u16::try_from(self.today() / 10_000).unwrap_or(u16::MAX)
    }

    /// Returns the places whose units may be chosen.
    fn places(&self) -> Vec<PlacePath> {
        self.scope.near().unwrap_or_else(|| vec![PlacePath("vn/".into())])
    }
}

/// Why nothing was done, for a reason that whoever acts can do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// No such person, pair, decision or batch within the scope.
    NotFound,
    /// No such commune or hamlet within the scope.
    NoPlace,
    /// No such class that people join or leave, within the scope.
    NoClass,
    /// The place has a class of this name.
    ClassExists,
    /// The name of a class that cannot be one.
    ClassName,
    /// More classes than anybody is in.
    ClassesTooMany,
    /// Whoever acts looks after people of another group.
    OtherGroup,
    /// Nothing was agreed to.
    ConsentMissing,
    /// A child, and nobody who agreed for her.
    GuardianMissing,
    /// No identity number.
    Identity,
    /// This installation keeps none.
    IdentityOff,
    /// The name cannot be one.
    Name(InvalidEvent),
    /// The birth year cannot be one.
    BirthYear(InvalidBirthYear),
    /// Somebody changed the person meanwhile: this is what stands there now.
    ChangedMeanwhile(Box<Person>),
    /// Decided or taken back meanwhile.
    Already,
    /// The file cannot be read.
    File(UnreadableFile),
    /// The comparison would come out differently now: look at it again.
    LookAgain,
}

impl PeopleRefusal {
    /// Returns the stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NoPlace => "no-place",
            Self::NoClass => "no-class",
            Self::ClassExists => "class-exists",
            Self::ClassName => "class-name",
            Self::ClassesTooMany => "classes-too-many",
            Self::OtherGroup => "other-group",
            Self::ConsentMissing => "consent-missing",
            Self::GuardianMissing => "guardian-missing",
            Self::Identity => "identity-invalid",
            Self::IdentityOff => "identity-off",
            Self::Name(InvalidEvent::TooLong) => "name-too-long",
            Self::Name(InvalidEvent::Unprintable) => "name-unreadable",
            Self::Name(_) => "name-missing",
            Self::BirthYear(_) => "birth-impossible",
            Self::ChangedMeanwhile(_) => "changed-meanwhile",
            Self::Already => "already-decided",
            Self::File(file) => file.code(),
            Self::LookAgain => "look-again",
        }
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// For a reason that whoever acts can do something about.
    #[error("refused: {}", .0.code())]
    Refused(PeopleRefusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The spreadsheet could not be put together.
    #[error("spreadsheet: {0}")]
    Spreadsheet(#[from] rust_xlsxwriter::XlsxError),
}

impl From<PeopleRefusal> for PeopleError {
    fn from(refusal: PeopleRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Returns details as they are kept: the name composed and tidied, needs and classes in order, the group that whoever looks
/// after one group only means.
fn checked(acting: Acting<'_>, mut details: Details) -> Result<Details, PeopleRefusal> {
    details.name = tidy(&details.name);
    check_name(&details.name).map_err(PeopleRefusal::Name)?;
    if let Some(year) = details.birth_year {
        check_birth_year(year, acting.this_year()).map_err(PeopleRefusal::BirthYear)?;
    }
    if let Some(only) = acting.scope.only_group()
        && *details.group.get_or_insert(only) != only
    {
        return Err(PeopleRefusal::OtherGroup);
    }
    details.needs.sort();
    details.needs.dedup();
    details.classes.sort();
    details.classes.dedup();
    if details.classes.len() > CLASSES_MAX {
        return Err(PeopleRefusal::ClassesTooMany);
    }
    Ok(details)
}
