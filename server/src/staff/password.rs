//! Passwords of staff: which may be set, how they are compared, and those that are handed out.

use unicode_normalization::UnicodeNormalization;

use crate::clock::Random;

/// Shortest password of a person who can see others' records, in characters.
pub const PASSWORD_MIN_CHARS: usize = 12;

/// Longest password, in characters: longer ones are a mistake or an attack on the hashing.
const PASSWORD_MAX_CHARS: usize = 200;

/// Fewest different characters: `aaaaaaaaaaaa` is long and known to everybody.
const PASSWORD_MIN_DIFFERENT: usize = 5;

/// Returns a password as it is hashed and compared: composed, because keyboards write "ế" in three ways.
pub fn to_compare(password: &str) -> String {
    password.nfc().take(PASSWORD_MAX_CHARS).collect()
}

/// Returns a password that somebody chose, ready to hash; nothing when it is too short, too easy, or the sign-in name.
pub fn to_set(password: &str, name: &str) -> Option<String> {
    let composed: String = password.nfc().collect();
    let length = composed.chars().count();
    let mut different: Vec<char> = composed.chars().collect();
    different.sort_unstable();
    different.dedup();
    let fits = (PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&length)
        && different.len() >= PASSWORD_MIN_DIFFERENT
        && !composed.to_lowercase().contains(&name.to_lowercase());
    fits.then_some(composed)
}

/// Returns a password to hand out on paper: digits, because Vietnamese keyboards rewrite letters. Forty bits hold while
/// tries are counted, and the person changes it at the first sign-in.
pub fn to_give(random: &Random) -> String {
    let groups = groups_of_digits(random, 3);
    groups.join("-")
}

/// Returns a code that opens the second factor once: twelve digits.
pub fn recovery_code(random: &Random) -> String {
    groups_of_digits(random, 3).join(" ")
}

/// Returns groups of four random digits.
fn groups_of_digits(random: &Random, groups: usize) -> Vec<String> {
    let mut number = u128::from_be_bytes(random.bytes());
    let mut out = Vec::with_capacity(groups);
    for _ in 0..groups {
        out.push(format!("{:04}", number % 10_000));
        number /= 10_000;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_the_name() {
        for (password, fits) in [
            ("chín con mèo đen", true),
            ("mười một ch", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("ha quan tri xa 1", false),
            (&"dài quá ".repeat(30), false),
            ("", false),
        ] {
            assert_eq!(to_set(password, "Ha Quan Tri Xa").is_some(), fits, "{password}");
        }
    }

    #[test]
    fn the_normal_form_does_not_matter() {
        let decomposed: String = "chín con mèo đen".nfd().collect();
        assert_ne!(decomposed, "chín con mèo đen");
        assert_eq!(to_set(&decomposed, "x"), to_set("chín con mèo đen", "x"));
        assert_eq!(to_compare(&decomposed), to_compare("chín con mèo đen"));
    }

    #[test]
    fn what_is_handed_out_may_be_set_and_is_always_another() {
        let random = Random::seeded(3);
        let given = to_give(&random);
        assert_eq!((given.len(), given.matches('-').count()), (14, 2), "{given}");
        assert_ne!(given, to_give(&random));
        assert_eq!(recovery_code(&random).replace(' ', "").len(), 12);
    }
}
