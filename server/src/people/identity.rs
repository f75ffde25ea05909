//! Keeping an identity number as a keyed hash, for installations whose authority asks for it; off by default.

use domain::identity::IdentityNumber;
use domain::ids::LearnerId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Acting, PeopleError, PeopleRefusal};

/// What every hash begins with, so that the same key gives another purpose other hashes.
const PURPOSE: &[u8] = b"bdhvs identity number 1\n";

/// Keeps what compares a person's identity number, or nothing any more. The number itself is not stored.
///
/// # Errors
/// [`PeopleRefusal::NotFound`].
pub async fn keep_identity(
    acting: Acting<'_>,
    key: &[u8; 32],
    id: LearnerId,
    number: Option<&IdentityNumber>,
) -> Result<(), PeopleError> {
    let hash = number.map(|number| keyed_hash(key, number));
    let identity = hash.as_deref().zip(number.map(IdentityNumber::end));
    if acting.store.keep_identity(acting.scope, id, identity, acting.now_ms).await? {
        Ok(())
    } else {
        Err(PeopleRefusal::NotFound.into())
    }
}

/// Returns the keyed hash in hexadecimal. Without the key the billion possible numbers cannot be tried out.
fn keyed_hash(key: &[u8; 32], number: &IdentityNumber) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(PURPOSE);
    mac.update(number.digits().as_bytes());
    data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_and_key_give_the_same_hash_and_no_other() {
        let number = |text: &str| text.parse::<IdentityNumber>().unwrap();
        let hash = keyed_hash(&[1; 32], &number("999168123456"));
        assert_eq!(hash, keyed_hash(&[1; 32], &number("999 168 123 456")));
        assert_ne!(hash, keyed_hash(&[2; 32], &number("999168123456")));
        assert_ne!(hash, keyed_hash(&[1; 32], &number("999168123457")));
        assert_eq!(hash.len(), 64);
    }
}
