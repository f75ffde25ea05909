//! The order of Vietnamese lists, as keys that plain byte order sorts: stored in a column, they need no collation of the
//! database's.
//!
//! An Ảnh Ánh Ăn Ân Ấn Bình Dũng Duy Đạt Đức: letters first (a ă â b c d đ …), then the tone (ngang, huyền, hỏi, ngã, sắc,
//! nặng), syllable by syllable. Where the tone mark stands makes no difference ("hoà", "hòa").

use crate::text::is_letter_or_digit;

/// The letters in their order. f, j, w and z stand where Latin has them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// Vowels with their six tones, in the order of tones.
const VOWELS: [&str; 12] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
];

/// Returns the key of a text: every syllable as its letters, a space and the number of its tone.
pub fn sort_key(text: &str) -> String {
    syllables(text).iter().map(Syllable::key).collect()
}

/// Returns the key of a person's name: tên (the last syllable), then họ (the first), then đệm (the rest).
pub fn name_sort_key(name: &str) -> String {
    let syllables = syllables(name);
    let Some((given, before)) = syllables.split_last() else { return String::new() };
    std::iter::once(given).chain(before).map(Syllable::key).collect()
}

#[derive(Default)]
struct Syllable {
    letters: Vec<char>,
    tone: usize,
}

impl Syllable {
    /// Letters become characters from `A` on, digits stay: both after the space that ends a shorter syllable. A number
    /// begins with its length, so that 2 comes before 10.
    fn key(&self) -> String {
        let mut key = String::new();
        if self.letters.iter().all(char::is_ascii_digit) {
            let digits: String = self.letters.iter().collect();
            let digits = digits.trim_start_matches('0');
            let length = u8::try_from(digits.len().min(9)).unwrap_or(9);
            key.push(char::from(b'0' + length));
            key.push_str(digits);
        } else {
            key.extend(self.letters.iter().map(|&letter| place_of(letter)));
        }
        key.push(' ');
        key.push(char::from(b'0' + u8::try_from(self.tone).unwrap_or(0)));
        key
    }
}

fn place_of(letter: char) -> char {
    match ALPHABET.chars().position(|known| known == letter) {
        Some(at) => char::from(b'A' + u8::try_from(at).unwrap_or(0)),
        None => letter,
    }
}

fn syllables(text: &str) -> Vec<Syllable> {
    let mut out: Vec<Syllable> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        if c == '\u{200B}' {
            continue;
        }
        if is_mark(c) {
            if let (true, Some(last)) = (open, out.last_mut()) {
                last.mark(c);
            }
        } else if is_letter_or_digit(c) {
            if !open {
                out.push(Syllable::default());
                open = true;
            }
            if let Some(last) = out.last_mut() {
                last.letter(c);
            }
        } else {
            open = false;
        }
    }
    out
}

fn is_mark(c: char) -> bool {
    ('\u{0300}'..='\u{036F}').contains(&c)
}

impl Syllable {
    /// Adds a composed letter.
    fn letter(&mut self, c: char) {
        let lower = match c {
            'Ð' | 'ð' | 'Ɖ' | 'ɖ' => 'đ',
            other => other.to_lowercase().next().unwrap_or(other),
        };
        for row in VOWELS {
            if let Some(tone) = row.chars().position(|vowel| vowel == lower) {
                self.letters.extend(row.chars().next());
                self.tone = self.tone.max(tone);
                return;
            }
        }
        self.letters.push(lower);
    }

    /// Adds a mark that stands for itself in decomposed text.
    fn mark(&mut self, c: char) {
        let tone = match c {
            '\u{0300}' => 1,
            '\u{0309}' => 2,
            '\u{0303}' => 3,
            '\u{0301}' => 4,
            '\u{0323}' => 5,
            _ => 0,
        };
        self.tone = self.tone.max(tone);
        let Some(last) = self.letters.last_mut() else { return };
        *last = match (*last, c) {
            ('a', '\u{0306}') => 'ă',
            ('a', '\u{0302}') => 'â',
            ('e', '\u{0302}') => 'ê',
            ('o', '\u{0302}') => 'ô',
            ('o', '\u{031B}') => 'ơ',
            ('u', '\u{031B}') => 'ư',
            (letter, _) => letter,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    fn is_sorted_by(key: fn(&str) -> String, list: &[&str]) {
        let keys: Vec<String> = list.iter().map(|text| key(text)).collect();
        for (at, pair) in keys.windows(2).enumerate() {
            assert!(pair[0] < pair[1], "{} < {}", list[at], list[at + 1]);
        }
    }

    #[test]
    fn lists_are_in_vietnamese_order() {
        is_sorted_by(
            sort_key,
            &[
                "An", "Ảnh", "Ánh", "Ăn", "Ân", "Ấn", "Bình", "Dũng", "Duy", "Đạt", "Đức", "Oanh", "Ơn",
                "Uyên", "Ưng", "Y", "Ý",
            ],
        );
        is_sorted_by(sort_key, &["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mát"]);
        is_sorted_by(sort_key, &["Bố Trạch", "Đông Trạch", "Đồng Hới", "Đồng Thuận", "Lệ Thủy"]);
        is_sorted_by(sort_key, &["Phường 1", "Phường 2", "Phường 10", "Phường An"]);
    }

    #[test]
    fn people_are_listed_by_given_name_then_family_name_then_the_rest() {
        is_sorted_by(
            name_sort_key,
            &["Trần Văn An", "Hồ Thị Ánh", "Hồ Thị Lan", "Hồ Văn Lan", "Nguyễn An Lan", "Bùi Lân", "Lê Lý"],
        );
        assert_eq!(name_sort_key(" . "), "");
        assert!(name_sort_key("Lan") < name_sort_key("Hồ Lan"));
    }

    #[test]
    fn the_place_of_a_tone_mark_makes_no_difference() {
        assert_eq!(sort_key("hoà thuý"), sort_key("HÒA THÚY"));
        assert_ne!(sort_key("hoà"), sort_key("hoá"));
        assert_eq!(sort_key("Ðồng"), sort_key("Đồng"));
    }

    proptest! {
        #[test]
        fn composed_and_decomposed_text_have_one_key(text in "[a-zàảãáạăằẳẵắặâầấêềếệôồốơờợưừựđĐỲỹ 0-9]{0,24}") {
            let nfd: String = text.nfd().collect();
            let nfc: String = text.nfc().collect();
            prop_assert_eq!(sort_key(&nfd), sort_key(&nfc));
        }

        #[test]
        fn a_prefix_comes_first(text in "[a-zđê ]{1,20}", more in "[a-z]{1,5}") {
            let longer = [text.as_str(), more.as_str()].join(" ");
            prop_assert!(sort_key(&text) <= sort_key(&longer));
        }
    }
}
