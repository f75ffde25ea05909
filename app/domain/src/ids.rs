//! One type for each kind of id, so that no call can mix them up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidId;

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid id")
    }
}

impl std::error::Error for InvalidId {}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "Uuid")]
        pub struct $name(pub Uuid);

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                // `parse_str` would say what is wrong, in two kilobytes on the phone that nobody reads.
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    };
}

uuid_id!(
    /// A person who learns. Made on the phone; says nothing about who the person is.
    LearnerId
);
uuid_id!(
    /// One browser on one phone.
    DeviceId
);
uuid_id!(
    /// One recorded fact. UUIDv7, made on the phone, so that sending it twice is harmless.
    EventId
);
uuid_id!(
    /// One issued certificate.
    CertificateId
);
uuid_id!(
    /// A person who works with the platform.
    StaffId
);
uuid_id!(
    /// A class: people who learn together.
    ClassId
);
uuid_id!(
    /// One decision about two records that look like one person's.
    DecisionId
);

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_name(text) { Ok(Self(text.to_owned())) } else { Err(InvalidId) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                if is_name(&text) { Ok(Self(text)) } else { Err(InvalidId) }
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

name_id!(
    /// A course, for example `k6`.
    CourseId
);
name_id!(
    /// A lesson, by its number in the curriculum, for example `6.3`. Never reused.
    LessonId
);
name_id!(
    /// A question within its lesson.
    ItemId
);
name_id!(
    /// A simulated practice within its lesson.
    PracticeId
);
name_id!(
    /// The last part of a page's address.
    Slug
);
name_id!(
    /// One published version of a lesson: 32 hexadecimal digits, see [`crate::course::Lesson::content_hash`].
    ContentHash
);

/// Longest id accepted, in bytes: ids travel in every event.
const NAME_MAX_BYTES: usize = 48;

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_MAX_BYTES
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_words() {
        for good in ["k6", "6.3", "otp-khong-doc-cho-ai"] {
            assert!(LessonId::from_str(good).is_ok(), "{good}");
        }
        for bad in ["", "K6", "mật-khẩu", "a b", "../x", "a/b", &"a".repeat(49)] {
            assert_eq!(LessonId::from_str(bad), Err(InvalidId), "{bad}");
        }
    }

    #[test]
    fn a_bad_name_is_refused_when_read_from_json() {
        assert!(serde_json::from_str::<CourseId>("\"k6\"").is_ok());
        assert!(serde_json::from_str::<CourseId>("\"K 6\"").is_err());
    }
}
