//! Keeping an identity number as a keyed digest and three digits, for installations whose authority has to match its lists by
//! it; off by default, see the setting `identity_numbers`.

use domain::identity::IdentityNumber;
use domain::ids::LearnerId;

use super::{Acting, PeopleError, PeopleRefusal, one};
use crate::seal::Sealer;
use crate::store::Person;

/// What a digest is made for: the same number is told apart from any other secret of the same digits.
const PURPOSE: &str = "identity number 1\n";

/// What was noticed when a number was kept. Reasons to ask, never to refuse: papers have mistakes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIdentity {
    /// Others in scope of whom the same number is kept: likely one person entered twice.
    pub also: Vec<Person>,
    /// Whether the number speaks of another birth year.
    pub year_differs: bool,
}

/// Keeps what compares a person's identity number, or nothing any more. The number itself is not stored.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn keep_identity(
    acting: Acting<'_>,
    seal: &Sealer,
    id: LearnerId,
    number: Option<&IdentityNumber>,
) -> Result<KeptIdentity, PeopleError> {
    let person = one(acting, id).await?;
    let digest = number.map(|number| seal.digest(&format!("{PURPOSE}{}", number.digits())));
    let identity = digest.as_deref().zip(number.map(IdentityNumber::end));
    let entry = acting.entry(if number.is_some() { "identity-kept" } else { "identity-removed" });
    if !acting.store.keep_identity(acting.scope, id, identity, (&entry, acting.now_ms)).await? {
        return Err(PeopleRefusal::NotFound.into());
    }
    let also = match &digest {
        Some(digest) => acting.store.others_with_identity(acting.scope, digest, id).await?,
        None => Vec::new(),
    };
    let year_differs =
        number.zip(person.details.birth_year).is_some_and(|(number, year)| number.speaks_against(year));
    Ok(KeptIdentity { also, year_differs })
}
