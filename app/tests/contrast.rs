//! Every pair of colours that carries words is readable: WCAG 2.2 AA, 4.5 to 1, in light and dark.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../style/app.css");

/// Words on grounds; and, for shapes that carry a meaning, 3 to 1.
const WORDS: [(&str, &str); 14] = [
    ("muc", "giay"),
    ("muc", "mat"),
    ("muc-nhat", "giay"),
    ("muc-nhat", "mat"),
    ("cham", "giay"),
    ("cham", "mat"),
    ("tren-cham", "cham"),
    ("son", "giay"),
    ("son", "mat"),
    ("la", "giay"),
    ("la", "mat"),
    ("muc", "lua"),
    ("giay", "muc"),
    ("mat", "muc"),
];

fn tokens(block: &str) -> BTreeMap<&str, [f64; 3]> {
    block
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .filter_map(|(name, value)| {
            let hex = value.trim().strip_prefix('#')?;
            let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("two hexadecimal digits");
            let linear = |value: u8| {
                let value = f64::from(value) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            Some((name.trim().strip_prefix("--")?, [linear(part(0)), linear(part(2)), linear(part(4))]))
        })
        .collect()
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let light = |c: [f64; 3]| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05;
    let (a, b) = (light(a), light(b));
    a.max(b) / a.min(b)
}

#[test]
fn words_stand_out_from_their_ground() {
    let blocks: Vec<_> = STYLE
        .match_indices(":root {")
        .map(|(at, _)| tokens(STYLE[at + 7..].split('}').next().unwrap_or_default()))
        .collect();
    assert_eq!(blocks.len(), 2, "light and dark");
    for (scheme, tokens) in ["light", "dark"].into_iter().zip(blocks) {
        for (words, ground) in WORDS {
            // Ink on ripe rice is used in light only: in dark, lamps keep their light outline on a dark page.
            if scheme == "dark" && ground == "lua" {
                continue;
            }
            let ratio = contrast(tokens[words], tokens[ground]);
            assert!(ratio >= 4.5, "{scheme}: {words} on {ground} is only {ratio:.1}");
        }
    }
}
