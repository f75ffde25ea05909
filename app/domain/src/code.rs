//! The learner's code and PIN: what a person keeps on paper to get the record back on another phone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A learner's code: 12 digits, the last one a check digit.
///
/// Digits only: Vietnamese keyboards rewrite letters ("aa" becomes "â", "w" becomes "ư"). Eleven free digits make two
/// learners of a million share a code about five times in all; the server notices and the phone takes another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LearnerCode(String);

/// Why a code cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidCode {
    /// Not twelve digits.
    Length,
    /// Twelve digits, one of them mistyped or two swapped.
    CheckDigit,
}

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "a learner code has 12 digits",
            Self::CheckDigit => "the check digit does not fit",
        })
    }
}

impl std::error::Error for InvalidCode {}

/// Digits of a code before the check digit.
const FREE_DIGITS: u64 = 100_000_000_000;

impl LearnerCode {
    /// Returns the code for a random number; only its rest by 10^11 counts.
    pub fn from_random(random: u64) -> Self {
        let body = format!("{:011}", random % FREE_DIGITS);
        let check = damm(body.bytes());
        Self(format!("{body}{check}"))
    }

    /// Returns the twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the code in groups of four, as it is shown and printed.
    pub fn grouped(&self) -> String {
        let mut out = String::with_capacity(14);
        for (at, digit) in self.0.chars().enumerate() {
            if at == 4 || at == 8 {
                out.push(' ');
            }
            out.push(digit);
        }
        out
    }
}

impl FromStr for LearnerCode {
    type Err = InvalidCode;

    /// Reads a code as people type it: spaces, dots and dashes anywhere.
    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{00A0}')).collect();
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidCode::Length);
        }
        if damm(digits.bytes()) != 0 {
            return Err(InvalidCode::CheckDigit);
        }
        Ok(Self(digits))
    }
}

impl TryFrom<String> for LearnerCode {
    type Error = InvalidCode;
    fn try_from(text: String) -> Result<Self, InvalidCode> {
        text.parse()
    }
}

impl From<LearnerCode> for String {
    fn from(code: LearnerCode) -> String {
        code.0
    }
}

/// H. M. Damm's quasigroup of order 10 (dissertation, Marburg 2004): catches every single wrong digit and every swap of
/// neighbours.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

fn damm(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |row, digit| DAMM[usize::from(row)][usize::from(digit - b'0')])
}

/// Why a PIN is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidPin {
    /// Not four to six digits.
    Length,
    /// One digit repeated, or a run such as 1234: what a stranger tries first.
    TooEasy,
}

/// Checks a PIN that a learner chooses.
///
/// # Errors
/// [`InvalidPin`] says which rule it breaks.
pub fn check_new_pin(pin: &str) -> Result<(), InvalidPin> {
    if !is_pin(pin) {
        return Err(InvalidPin::Length);
    }
    let digits = pin.as_bytes();
    let step = |wanted: i16| digits.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == wanted);
    if step(0) || step(1) || step(-1) { Err(InvalidPin::TooEasy) } else { Ok(()) }
}

/// Returns whether `pin` has the form of a PIN, easy or not.
pub fn is_pin(pin: &str) -> bool {
    (4..=6).contains(&pin.len()) && pin.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let code = LearnerCode::from_random(48_271_936_051);
        assert_eq!(code.grouped().parse(), Ok(code.clone()));
        assert_eq!(code.grouped().replace(' ', "-").parse(), Ok(code));
        assert_eq!("1234".parse::<LearnerCode>(), Err(InvalidCode::Length));
        assert_eq!("12345678901a".parse::<LearnerCode>(), Err(InvalidCode::Length));
    }

    #[test]
    fn a_code_frozen_on_paper_stays_valid() {
        assert_eq!(LearnerCode::from_random(57_200_000_000).as_str(), "572000000002");
        assert!("5720 0000 0002".parse::<LearnerCode>().is_ok());
    }

    #[test]
    fn easy_pins_are_refused() {
        for (pin, expected) in [
            ("4827", Ok(())),
            ("135790", Ok(())),
            ("123", Err(InvalidPin::Length)),
            ("1234567", Err(InvalidPin::Length)),
            ("12a4", Err(InvalidPin::Length)),
            ("1234", Err(InvalidPin::TooEasy)),
            ("9876", Err(InvalidPin::TooEasy)),
            ("0000", Err(InvalidPin::TooEasy)),
        ] {
            assert_eq!(check_new_pin(pin), expected, "{pin}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_or_one_swap_is_noticed(random: u64, at in 0usize..12, digit in 0u8..10) {
            let code = LearnerCode::from_random(random);
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[at] = b'0' + digit;
            let text = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(text.parse::<LearnerCode>().is_ok(), text == code.as_str());

            let mut swapped = code.as_str().as_bytes().to_vec();
            let other = (at + 1) % 12;
            if other != 0 {
                swapped.swap(at, other);
                let text = String::from_utf8(swapped).unwrap();
                prop_assert_eq!(text.parse::<LearnerCode>().is_ok(), text == code.as_str());
            }
        }
    }
}
