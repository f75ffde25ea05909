//! What is kept of a person beside the learning, and how it is read from what people type: little, by law and by choice.
//!
//! No identity number, no birthday, no disability, no ethnicity: a birth year, a place, a group, optionally a phone
//! number and what support somebody asks for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::ClassId;
use crate::place::PlaceId;
use crate::text::fold;

/// The group in which the movement counts a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Cán bộ, công chức, viên chức.
    PublicEmployee,
    /// Học sinh, sinh viên.
    Student,
    /// Người lao động trong doanh nghiệp, hợp tác xã.
    Worker,
    /// Người dân.
    Resident,
}

impl Group {
    /// All groups, in the order in which one person's primary group is chosen.
    pub const ALL: [Self; 4] = [Self::PublicEmployee, Self::Student, Self::Worker, Self::Resident];

    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PublicEmployee => "public-employee",
            Self::Student => "student",
            Self::Worker => "worker",
            Self::Resident => "resident",
        }
    }

    /// Returns the words that stand in Vietnamese lists.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::PublicEmployee => "Cán bộ, công chức, viên chức",
            Self::Student => "Học sinh, sinh viên",
            Self::Worker => "Người lao động",
            Self::Resident => "Người dân",
        }
    }

    /// Reads a group as lists spell it.
    pub fn read(text: &str) -> Option<Self> {
        match fold(text).as_str() {
            "can bo cong chuc vien chuc" | "cbccvc" | "can bo" | "cong chuc" | "vien chuc" | "giao vien" => {
                Some(Self::PublicEmployee)
            }
            "hoc sinh sinh vien" | "hssv" | "hoc sinh" | "sinh vien" => Some(Self::Student),
            "nguoi lao dong" | "nld" | "cong nhan" | "lao dong" => Some(Self::Worker),
            "nguoi dan" | "nd" | "nong dan" | "nguoi dan truong thanh" => Some(Self::Resident),
            _ => None,
        }
    }
}

/// What somebody asks for. Needs, never their cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SupportNeed {
    /// Large text.
    LargeText,
    /// Hearing instead of reading.
    Audio,
    /// A person beside.
    Helper,
}

impl SupportNeed {
    /// All needs.
    pub const ALL: [Self; 3] = [Self::LargeText, Self::Audio, Self::Helper];

    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LargeText => "large-text",
            Self::Audio => "audio",
            Self::Helper => "helper",
        }
    }

    /// Returns the words that stand in Vietnamese lists.
    pub fn vietnamese(self) -> &'static str {
        match self {
            Self::LargeText => "cần chữ to",
            Self::Audio => "cần nghe",
            Self::Helper => "cần người hỗ trợ",
        }
    }

    /// Reads one need as lists spell it.
    pub fn read(text: &str) -> Option<Self> {
        match fold(text).as_str() {
            "can chu to" | "chu to" => Some(Self::LargeText),
            "can nghe" | "nghe" => Some(Self::Audio),
            "can nguoi ho tro" | "nguoi ho tro" | "can nguoi giup" => Some(Self::Helper),
            _ => None,
        }
    }
}

/// A telephone number in the form of E.164, for example `+84912345678`. Families share phones: never unique, never a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// A text is no Vietnamese telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPhone;

impl fmt::Display for InvalidPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a Vietnamese telephone number")
    }
}

impl std::error::Error for InvalidPhone {}

impl Phone {
    /// Returns the number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number as people in Vietnam dial it, in groups: `0912 345 678`.
    pub fn national(&self) -> String {
        let digits = self.0.trim_start_matches("+84");
        let (first, rest) = digits.split_at(3.min(digits.len()));
        let (second, third) = rest.split_at(3.min(rest.len()));
        format!("0{first} {second} {third}")
    }
}

impl FromStr for Phone {
    type Err = InvalidPhone;

    /// Reads a number as people write it: with spaces, dots or dashes, with 0, 84 or +84 before, or without any because
    /// a spreadsheet took the 0 away.
    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        let plain = |c: &char| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{00A0}');
        let digits: String = text.trim().chars().filter(plain).collect();
        let digits = digits.strip_prefix('+').unwrap_or(&digits);
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidPhone);
        }
        let national = match (digits.strip_prefix("84"), digits.strip_prefix('0')) {
            (Some(rest), _) if rest.len() >= 9 => rest.strip_prefix('0').unwrap_or(rest),
            (_, Some(rest)) => rest,
            _ => digits,
        };
        let is_mobile = national.len() == 9 && matches!(national.as_bytes()[0], b'3' | b'5' | b'7'..=b'9');
        let is_landline = national.len() == 10 && national.starts_with('2');
        if is_mobile || is_landline { Ok(Self(format!("+84{national}"))) } else { Err(InvalidPhone) }
    }
}

impl TryFrom<String> for Phone {
    type Error = InvalidPhone;
    fn try_from(text: String) -> Result<Self, InvalidPhone> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

/// Nobody alive was born before this year.
pub const BIRTH_YEAR_MIN: u16 = 1900;

/// Why a birth year is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidBirthYear {
    /// Neither a year nor a day.
    Unreadable,
    /// Before [`BIRTH_YEAR_MIN`] or after this year.
    Impossible,
}

/// Reads a birth year: `1968`, `3/11/1968`, `03-11-1968`, `1968-11-03`, `11/1968`. Only the year is kept.
///
/// # Errors
/// [`InvalidBirthYear`].
pub fn read_birth_year(text: &str, this_year: u16) -> Result<u16, InvalidBirthYear> {
    let mut parts = Vec::new();
    for part in text.trim().split(['/', '-', '.']) {
        let part = part.trim();
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidBirthYear::Unreadable);
        }
        parts.push(part.parse::<u16>().map_err(|_| InvalidBirthYear::Unreadable)?);
    }
    let is_day = |day: u16, month: u16| (1..=31).contains(&day) && (1..=12).contains(&month);
    let year = match parts[..] {
        [year] if year >= 1000 => year,
        [month, year] if year >= 1000 && is_day(1, month) => year,
        [day, month, year] if year >= 1000 && is_day(day, month) => year,
        [year, month, day] if year >= 1000 && is_day(day, month) => year,
        _ => return Err(InvalidBirthYear::Unreadable),
    };
    check_birth_year(year, this_year)
}

/// Checks a birth year.
///
/// # Errors
/// [`InvalidBirthYear::Impossible`].
pub fn check_birth_year(year: u16, this_year: u16) -> Result<u16, InvalidBirthYear> {
    if (BIRTH_YEAR_MIN..=this_year).contains(&year) { Ok(year) } else { Err(InvalidBirthYear::Impossible) }
}

/// What is kept of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The whole name, composed; empty for somebody who has not said it yet.
    pub name: String,
    /// The year of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<u16>,
    /// Where the person lives: a commune or a hamlet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// A number to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// What the person asks for, rising, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<SupportNeed>,
    /// The classes in which the person learns, rising, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassId>,
}

/// Most classes of one person.
pub const CLASSES_MAX: usize = 20;

/// Returns the form in which names are compared when one person may have been entered twice: folded, y as i ("Lý",
/// "Lí").
pub fn alike_key(name: &str) -> String {
    fold(name).replace('y', "i")
}

/// Why two records may be one person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// Name, birth year and commune.
    Year,
    /// Name and telephone number; the birth years do not speak against it.
    Phone,
    /// Name and commune; a birth year is missing.
    Place,
}

impl Likeness {
    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Phone => "phone",
            Self::Place => "place",
        }
    }
}

/// Returns why two people with alike names may be one. The communes are those in which they live, hamlets aside.
///
/// A name alone is never enough: whole valleys bear few names.
pub fn likeness(a: (&Details, Option<&str>), b: (&Details, Option<&str>)) -> Option<Likeness> {
    let ((a, a_commune), (b, b_commune)) = (a, b);
    if a.name.is_empty() || alike_key(&a.name) != alike_key(&b.name) {
        return None;
    }
    let years = a.birth_year.zip(b.birth_year);
    if years.is_some_and(|(one, other)| one != other) {
        return None;
    }
    let same_commune = a_commune.is_some() && a_commune == b_commune;
    match years {
        Some(_) if same_commune => Some(Likeness::Year),
        _ if a.phone.is_some() && a.phone == b.phone => Some(Likeness::Phone),
        None if same_commune => Some(Likeness::Place),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
