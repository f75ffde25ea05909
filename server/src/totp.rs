//! Codes of the second factor: RFC 6238 with what every authenticator application knows, HMAC-SHA-1, six digits, steps of
//! thirty seconds.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Length of a secret, in bytes: as long as the hash (RFC 4226 section 4).
pub const SECRET_BYTES: usize = 20;

/// Length of one step, in milliseconds.
const STEP_MS: i64 = 30_000;

/// Codes of the steps beside the present one count too: phones' clocks are a little off, and typing takes time.
const STEPS_BESIDE: i64 = 1;

/// Digits of a code.
const DIGITS: usize = 6;

/// Returns the step whose code this is, among those that count now.
pub fn matching_step(secret: &[u8], code: &str, now_ms: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now = now_ms.div_euclid(STEP_MS);
    // The newest first: it forbids the most others afterwards.
    (now - STEPS_BESIDE..=now + STEPS_BESIDE).rev().find(|step| code_of(secret, *step) == code)
}

/// Returns what an authenticator application reads: the secret, and for whom it is.
pub fn link(secret: &[u8], issuer: &str, name: &str) -> String {
    let (issuer, name) = (percent(issuer), percent(name));
    format!("otpauth://totp/{issuer}:{name}?secret={}&issuer={issuer}", shown(secret))
}

/// Returns the secret as a person types it.
pub fn shown(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

fn code_of(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // RFC 4226 section 5.3: four bytes from where the last half byte says, without the sign.
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:0DIGITS$}", number % 1_000_000)
}

/// Returns a text for a link: everything but plain letters and digits as `%` and two digits.
fn percent(text: &str) -> String {
    let one = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
pub(crate) fn code_for_tests(secret: &[u8], now_ms: i64) -> String {
    code_of(secret, now_ms.div_euclid(STEP_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, the last six of eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(secret, seconds / 30), code, "{seconds}");
        }
    }

    #[test]
    fn the_steps_beside_count_and_no_others() {
        let (secret, now) = ([7; SECRET_BYTES], 1_700_000_000_000);
        let present = now / STEP_MS;
        for (off, expected) in [(-2, None), (-1, Some(-1)), (0, Some(0)), (1, Some(1)), (2, None)] {
            let code = code_of(&secret, present + off);
            assert_eq!(matching_step(&secret, &code, now), expected.map(|off| present + off), "{off}");
        }
        let code = code_of(&secret, present);
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(matching_step(&secret, &spaced, now), Some(present));
        for wrong in ["", "12345", "abcdef"] {
            assert_eq!(matching_step(&secret, wrong, now), None);
        }
    }

    #[test]
    fn the_link_is_plain_ascii() {
        let link = link(&[0; SECRET_BYTES], "Bình dân học vụ số", "ha");
        assert!(link.starts_with("otpauth://totp/B%C3%ACnh%20d"), "{link}");
        assert!(link.is_ascii() && link.contains("?secret=AAAA"), "{link}");
    }
}
