//! JSON on the phone, read for small code: text to one parsed tree, the tree to types through serde. `serde_json`'s own
//! reader costs two kilobytes for every type; this one a few hundred bytes. Writing gives the same text as `serde_json`.

use serde::Serialize;
use serde::de::DeserializeOwned;

mod reader;
mod tree;
mod writer;

/// What could not be read. The caller knows where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Reads a value from JSON.
///
/// # Errors
/// [`Unreadable`] when it is not JSON, or not of this shape.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(&tree::parse(text)?)
}

/// Writes a value as JSON, in the same bytes as `serde_json`.
///
/// # Panics
/// For a value with fractions or bytes; the product has none.
pub fn write(value: &impl Serialize) -> String {
    let mut out = String::new();
    value.serialize(writer::Writer(&mut out)).expect("values of the product are plain data");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn through_both(text: &str) -> (Result<Value, ()>, bool) {
        (serde_json::from_str::<Value>(text).map_err(drop), tree::parse(text).is_ok())
    }

    #[test]
    fn accepts_what_serde_json_accepts_but_fractions() {
        for text in [
            "null",
            "true",
            "[]",
            "{}",
            "[1,-2,3]",
            r#"{"a":{"b":[null,"x"]}}"#,
            r#""\u0041\ud83c\udfee\n\"""#,
            " [ 1 , 2 ] ",
            "",
            "[",
            "[1,]",
            "{\"a\"}",
            "tru",
            "\"\\x\"",
            "\"\\ud83c\"",
            "1 2",
            "{\"a\":1,}",
            "\"\u{1}\"",
            "-",
            "01",
        ] {
            let (expected, ours) = through_both(text);
            assert_eq!(expected.is_ok(), ours, "{text}");
        }
        assert!(tree::parse("1.5").is_err(), "nothing on the phone has fractions");
        assert!(tree::parse(&"[".repeat(10_000)).is_err(), "deep nesting is refused, not overflowed");
    }

    proptest! {
        #[test]
        fn text_survives(text in ".{0,40}") {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(write(&text), &*json);
            prop_assert_eq!(read::<String>(&json), Ok(text));
        }

        #[test]
        fn no_text_can_break_it(text in ".{0,60}") {
            let _ = read::<Vec<Option<String>>>(&text);
        }
    }
}
