//! Why a request is not done: refused for a reason the caller can act on, or failed for one it cannot.
//!
//! `http/error.rs` gives each refusal its status, stable code and next step.

use domain::ids::LessonId;

use crate::people::{PeopleError, PeopleRefusal};
use crate::places::hamlets::{HamletError, HamletRefusal};
use crate::secret::SecretError;
use crate::store::StoreError;

/// A refusal: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not the JSON this route reads.
    Malformed,
    /// Not sent as JSON.
    NotJson,
    /// Sent by another site's page.
    CrossOrigin,
    /// The body is longer than [`domain::sync::BODY_MAX_BYTES`].
    BodyTooLarge,
    /// More events than [`domain::sync::BATCH_MAX_EVENTS`].
    TooManyEvents,
    /// Written by a newer application than this server knows.
    ProtocolTooNew,
    /// No such phone with this token.
    DeviceUnknown,
    /// The code belongs to another learner.
    CodeTaken,
    /// The PIN has not the form of a PIN, or is one that strangers try first.
    PinRefused,
    /// The record exists and this phone has no part in it.
    NotYours,
    /// No record has this code and PIN.
    WrongCodeOrPin,
    /// The code was tried too often.
    TooManyTries {
        /// Seconds until it may be tried again.
        retry_after_s: u32,
    },
    /// No such course is published.
    CourseUnknown,
    /// No rule says what earns a certificate.
    NoRule,
    /// Lamps are still to be lit.
    NotEarned {
        /// Lamps lit.
        lit: usize,
        /// Lamps the rule asks for.
        needed: usize,
        /// Lessons whose lamps are not lit.
        unlit: Vec<LessonId>,
    },
    /// The learner has not said a name.
    NameMissing,
    /// The learner has not agreed to a record being kept.
    ConsentMissing,
    /// The batch is not signed by the key that this phone has registered.
    SignatureWrong,
    /// Not a public key.
    KeyRefused,
    /// The phone that is to be taken off does not have the record.
    DeviceNotLinked,
    /// The phone is tied to somebody else's account.
    PhoneTaken,
    /// The phone is tied to no account, or to one that looks after nobody (any more).
    PhoneNotTied,
    /// Nobody is signed in, or not to the end.
    SignInNeeded,
    /// The password was chosen by somebody else and has to be changed first.
    NewPasswordNeeded,
    /// A role would allow it, but only after the second factor.
    SecondFactorNeeded,
    /// No role allows it.
    NotAllowed,
    /// There is none such, or none within what the caller may see: guessing tells nothing.
    NotFound,
    /// The name and password, or the code, are not right.
    WrongPassword,
    /// The code of the second factor is not right, or was used.
    WrongCode,
    /// The password to set is too short or too easy.
    PasswordRefused,
    /// Somebody else has this sign-in name or phone.
    NameTaken,
    /// A field is empty or makes no sense.
    FieldRefused,
    /// Somebody settled it before.
    AlreadySettled,
    /// What was sent cannot be a fact of this person.
    NotBindable,
    /// About people whom staff look after.
    People(PeopleRefusal),
    /// About hamlets.
    Hamlet(HamletRefusal),
}

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// For a reason the caller can act on.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A spreadsheet could not be put together.
    #[error("spreadsheet: {0}")]
    Spreadsheet(#[from] rust_xlsxwriter::XlsxError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<HamletError> for Failure {
    fn from(error: HamletError) -> Self {
        match error {
            HamletError::Refused(HamletRefusal::NotFound) => Self::Refused(Refusal::NotFound),
            HamletError::Refused(refusal) => Self::Refused(Refusal::Hamlet(refusal)),
            HamletError::Store(error) => Self::Store(error),
        }
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            // One answer for what is not there, whoever finds out.
            PeopleError::Refused(PeopleRefusal::NotFound) => Self::Refused(Refusal::NotFound),
            PeopleError::Refused(refusal) => Self::Refused(Refusal::People(refusal)),
            PeopleError::Store(error) => Self::Store(error),
            PeopleError::Secret(error) => Self::Secret(error),
            PeopleError::Spreadsheet(error) => Self::Spreadsheet(error),
        }
    }
}
