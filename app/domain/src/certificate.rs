//! Certificates: what is claimed, the exact bytes that are signed, and the check that anyone can make from the paper
//! alone, with no network.
//!
//! A certificate is a list of fields, each one byte of tag, two bytes of length (big endian) and its value, tags
//! rising; then 64 bytes of Ed25519 signature over everything before it. Tag 1 is the form of the certificate.

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::dated_fact::Day;
use crate::ids::{CertificateId, CourseId};

/// The form written by [`Claims::canonical_bytes`]. Certificates of every form ever issued must verify for ever.
///
/// 1 (2026-11): first form.
pub const FORM: u8 = 1;

/// Longest name of an issuer, in characters: the certificate must fit a printed QR.
pub const ISSUER_MAX_CHARS: usize = 50;

/// Longest title of a course, in characters, for the same reason.
pub const TITLE_MAX_CHARS: usize = 60;

/// Length of the signature at the end, in bytes.
pub const SIGNATURE_BYTES: usize = 64;

/// What a certificate says. Every field is shown on the check page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Names the certificate.
    pub id: CertificateId,
    /// The key that signs.
    pub key: KeyId,
    /// The learner's whole name.
    pub name: String,
    /// The course.
    pub course: CourseId,
    /// The course's name on the day of issue.
    pub course_title: String,
    /// How many lessons it had.
    pub lessons: u16,
    /// Day of issue in Vietnam, days since 1 January 1970.
    pub issued_day: u32,
    /// The rule that was met, for example `nen-tang-1`.
    pub rule: String,
    /// Who issues.
    pub issuer: String,
}

/// Names a signing key: the first eight bytes of SHA-256 over the public key, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub String);

impl KeyId {
    /// Returns the name of a public key.
    pub fn of(public: &[u8; 32]) -> Self {
        Self(Sha256::digest(public).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A public key that a checker knows, with what people should read about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownKey {
    /// Its name.
    pub id: KeyId,
    /// The public key, 64 hexadecimal digits.
    pub public: String,
}

/// The three answers of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    /// Signed by a known key; nothing was changed.
    Good(Claims),
    /// Readable, but signed by a key this checker does not know: neither proven nor disproven.
    UnknownKey(Claims),
    /// Damaged, changed or invented.
    Bad,
}

mod tag {
    pub(super) const FORM: u8 = 1;
    pub(super) const ID: u8 = 2;
    pub(super) const KEY: u8 = 3;
    pub(super) const NAME: u8 = 4;
    pub(super) const COURSE: u8 = 5;
    pub(super) const COURSE_TITLE: u8 = 6;
    pub(super) const LESSONS: u8 = 7;
    pub(super) const ISSUED_DAY: u8 = 8;
    pub(super) const RULE: u8 = 9;
    pub(super) const ISSUER: u8 = 10;
}

impl Claims {
    /// Returns the bytes to sign: always the same for the same claims.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        let mut put = |tag: u8, value: &[u8]| {
            // Values come from bounded fields (names and titles of 60 characters): two bytes always suffice.
            let value = &value[..value.len().min(usize::from(u16::MAX))];
            out.push(tag);
            out.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
            out.extend(value);
        };
        put(tag::FORM, &[FORM]);
        put(tag::ID, self.id.0.as_bytes());
        put(tag::KEY, self.key.0.as_bytes());
        put(tag::NAME, self.name.as_bytes());
        put(tag::COURSE, self.course.as_str().as_bytes());
        put(tag::COURSE_TITLE, self.course_title.as_bytes());
        put(tag::LESSONS, &self.lessons.to_be_bytes());
        put(tag::ISSUED_DAY, &self.issued_day.to_be_bytes());
        put(tag::RULE, self.rule.as_bytes());
        put(tag::ISSUER, self.issuer.as_bytes());
        out
    }

    /// Returns the day of issue.
    pub fn issued(&self) -> Day {
        Day::from_epoch_days(i64::from(self.issued_day))
    }

    /// Returns what a paper says, believed as it is: to show a learner her own paper as the server sent it. Whoever
    /// checks a paper calls [`verify`].
    pub fn read_unchecked(signed: &[u8]) -> Option<Self> {
        Self::read(signed.split_at_checked(signed.len().checked_sub(SIGNATURE_BYTES)?)?.0)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.take(tag::FORM)? != [FORM] {
            return None;
        }
        let claims = Self {
            id: CertificateId(uuid::Uuid::from_slice(fields.take(tag::ID)?).ok()?),
            key: KeyId(fields.text(tag::KEY)?),
            name: fields.text(tag::NAME)?,
            course: fields.text(tag::COURSE)?.parse().ok()?,
            course_title: fields.text(tag::COURSE_TITLE)?,
            lessons: u16::from_be_bytes(fields.take(tag::LESSONS)?.try_into().ok()?),
            issued_day: u32::from_be_bytes(fields.take(tag::ISSUED_DAY)?.try_into().ok()?),
            rule: fields.text(tag::RULE)?,
            issuer: fields.text(tag::ISSUER)?,
        };
        fields.0.is_empty().then_some(claims)
    }
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&[found, high, low], rest) = self.0.split_first_chunk::<3>()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
        self.0 = rest;
        (found == tag).then_some(value)
    }

    fn text(&mut self, tag: u8) -> Option<String> {
        String::from_utf8(self.take(tag)?.to_vec()).ok()
    }
}

/// Checks a certificate: its bytes followed by its signature.
pub fn verify(signed: &[u8], known: &[KnownKey]) -> Verification {
    check(signed, known).unwrap_or(Verification::Bad)
}

fn check(signed: &[u8], known: &[KnownKey]) -> Option<Verification> {
    let (bytes, signature) = signed.split_at_checked(signed.len().checked_sub(SIGNATURE_BYTES)?)?;
    let claims = Claims::read(bytes)?;
    let Some(key) = known.iter().find(|key| key.id == claims.key) else {
        return Some(Verification::UnknownKey(claims));
    };
    let public = VerifyingKey::from_bytes(&from_hex(&key.public)?).ok()?;
    let signature = Signature::from_slice(signature).ok()?;
    public.verify_strict(bytes, &signature).ok()?;
    Some(Verification::Good(claims))
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 {
        return None;
    }
    let mut out = [0; 32];
    for (at, digit) in text.chars().enumerate() {
        let byte = out.get_mut(at / 2)?;
        *byte = *byte << 4 | u8::try_from(digit.to_digit(16)?).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn signing_key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn known() -> KnownKey {
        let public = signing_key().verifying_key().to_bytes();
        KnownKey { id: KeyId::of(&public), public: public.iter().map(|byte| format!("{byte:02x}")).collect() }
    }

    fn claims() -> Claims {
        Claims {
            id: CertificateId(Uuid::from_u128(9)),
            key: known().id,
            name: "Hồ Thị Lan".into(),
            course: "k6".parse().unwrap(),
            course_title: "Chống lừa đảo, mật khẩu, OTP".into(),
            lessons: 7,
            issued_day: 20_780,
            rule: "nen-tang-1".into(),
            issuer: "Bình dân học vụ số".into(),
        }
    }

    fn signed(claims: &Claims) -> Vec<u8> {
        let mut bytes = claims.canonical_bytes();
        let signature = signing_key().sign(&bytes);
        bytes.extend(signature.to_bytes());
        bytes
    }

    #[test]
    fn a_check_has_three_answers() {
        let paper = signed(&claims());
        assert_eq!(verify(&paper, &[known()]), Verification::Good(claims()));
        assert_eq!(verify(&paper, &[]), Verification::UnknownKey(claims()));
        assert_eq!(Claims::read_unchecked(&paper), Some(claims()));
        assert_eq!(Claims::read_unchecked(b"short"), None);
        assert_eq!(verify(&paper[1..], &[known()]), Verification::Bad);
        assert_eq!(verify(b"", &[known()]), Verification::Bad);
        let other_name = Claims { name: "Hồ Thị Lài".into(), ..claims() };
        let mut forged = other_name.canonical_bytes();
        forged.extend(&paper[paper.len() - SIGNATURE_BYTES..]);
        assert_eq!(verify(&forged, &[known()]), Verification::Bad);
    }

    /// Issued on paper, so it must verify for ever: never edit this line.
    const FROZEN: &str = include_str!("certificate/frozen-1.hex");

    #[test]
    fn a_frozen_certificate_verifies_for_ever() {
        let hex = FROZEN.trim();
        let paper: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        assert_eq!(verify(&paper, &[known()]), Verification::Good(claims()));
        assert_eq!(paper, signed(&claims()), "the canonical bytes have not changed");
    }

    #[test]
    fn the_longest_certificate_still_fits_a_printed_qr() {
        let longest = Claims {
            name: "ễ".repeat(crate::event::NAME_MAX_CHARS),
            course_title: "ễ".repeat(TITLE_MAX_CHARS),
            issuer: "ễ".repeat(ISSUER_MAX_CHARS),
            ..claims()
        };
        // Base64url grows by a third; 1 KB is the promise of the paper, with 100 bytes for the address before it.
        assert!(signed(&longest).len() * 4 / 3 + 100 <= 1024, "{}", signed(&longest).len());
    }

    proptest! {
        #[test]
        fn any_changed_byte_is_noticed(at in 0usize..1000, flip in 1u8..) {
            let mut paper = signed(&claims());
            let at = at % paper.len();
            paper[at] ^= flip;
            // A change inside the key's name makes an unknown key of it; it is never good.
            prop_assert!(!matches!(verify(&paper, &[known()]), Verification::Good(_)));
        }

        #[test]
        fn no_bytes_can_break_a_check(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(verify(&bytes, &[known()]), Verification::Bad);
        }
    }
}
