//! Classes: what they may be called.

use crate::text::{fold, tidy_spaces};

/// Longest name of a class, in characters.
pub const CLASS_NAME_MAX_CHARS: usize = 60;

/// Why a text is not the name of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidClassName;

/// Returns a class's name with its spaces tidied.
///
/// # Errors
/// When it has no letter or digit, is too long, has characters that cannot be printed, or a semicolon: lists put it between
/// the names of two classes.
pub fn check_class_name(text: &str) -> Result<String, InvalidClassName> {
    let name = tidy_spaces(text);
    let is_good = !fold(&name).is_empty()
        && name.chars().count() <= CLASS_NAME_MAX_CHARS
        && !name.chars().any(|c| c.is_control() || c == ';');
    if is_good { Ok(name) } else { Err(InvalidClassName) }
}

/// Returns the form in which names of classes are compared: folded, without the word that says what it is ("Lớp 7A", "7a").
pub fn class_key(name: &str) -> String {
    let folded = fold(name);
    match folded.strip_prefix("lop ") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_printable_and_have_a_letter_or_digit() {
        assert_eq!(check_class_name("  Lớp   7A ").as_deref(), Ok("Lớp 7A"));
        for bad in ["", "  ", "–", "7A; 7B", "a\u{0}"] {
            assert_eq!(check_class_name(bad), Err(InvalidClassName), "{bad:?}");
        }
        assert_eq!(class_key("LỚP 7A"), class_key("7a"));
        assert_ne!(class_key("Lớp 7A"), class_key("Lớp 7B"));
        assert_eq!(class_key("Lớp"), "lop");
        assert!(check_class_name(&"a".repeat(60)).is_ok() && check_class_name(&"a".repeat(61)).is_err());
    }
}
