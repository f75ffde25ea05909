//! The identity number of a citizen (số định danh), for authorities that must match their lists by it. The product asks for
//! none by itself, stores a keyed hash and three digits, and forgets the number.

use std::fmt;
use std::str::FromStr;

/// Twelve digits: three for the place of registration, one for century and sex, two for the birth year, six random. There
/// is no check digit.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityNumber(String);

/// A text is no identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidIdentity;

impl fmt::Display for InvalidIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identity number has 12 digits")
    }
}

impl std::error::Error for InvalidIdentity {}

impl IdentityNumber {
    /// Returns the digits, for hashing them under a key.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Returns the last three digits: enough for a person to recognise her number, too little to know it.
    pub fn end(&self) -> &str {
        &self.0[9..]
    }

    /// Returns whether the number speaks of another birth year. A reason to ask, never to refuse: papers have mistakes.
    pub fn speaks_against(&self, birth_year: u16) -> bool {
        let number = |digits: &str| digits.parse::<u16>().unwrap_or(0);
        // 0 and 1 are born in the 1900s, 2 and 3 in the 2000s, and so on; odd digits are women's.
        let century = 1900 + 100 * (number(&self.0[3..4]) / 2);
        century + number(&self.0[4..6]) != birth_year
    }
}

impl FromStr for IdentityNumber {
    type Err = InvalidIdentity;

    /// Reads a number as people write it, with spaces or dots between.
    fn from_str(text: &str) -> Result<Self, InvalidIdentity> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '\u{A0}')).collect();
        if digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(InvalidIdentity)
        }
    }
}

/// Never shows the number, wherever it is printed by mistake.
impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityNumber(…{})", self.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_are_read_and_never_shown() {
        // 999 is no place: nobody has these numbers.
        let number: IdentityNumber = "999 168 123 456".parse().unwrap();
        assert_eq!((number.digits(), number.end()), ("999168123456", "456"));
        assert_eq!(format!("{number:?}"), "IdentityNumber(…456)");
        for text in ["", "999168123", "99916812345a", "9991681234567", "đ99168123456"] {
            assert_eq!(text.parse::<IdentityNumber>(), Err(InvalidIdentity), "{text}");
        }
    }

    #[test]
    fn century_and_year_are_compared() {
        for (text, year, against) in [
            ("999168000000", 1968, false),
            ("999068000000", 1968, false),
            ("999168000000", 1969, true),
            ("999205000000", 2005, false),
            ("999305000000", 1905, true),
        ] {
            assert_eq!(
                text.parse::<IdentityNumber>().unwrap().speaks_against(year),
                against,
                "{text} {year}"
            );
        }
    }
}
