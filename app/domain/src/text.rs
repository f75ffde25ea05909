//! Vietnamese text: comparing without diacritics, counting syllables.

/// Returns `text` in the form used to compare and to search: lower case, without diacritics, đ as d, every run of
/// spaces and punctuation as one space.
///
/// Works on composed (NFC) and decomposed (NFD) text alike, without Unicode tables: those cost the phone 20 KB, and the
/// letters of Vietnamese are few. "hoà" and "hòa" fold to the same key; "lý" and "lí" do not. Other alphabets keep
/// their letters as they are.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if is_combining_mark(c) || c == '\u{200B}' {
            continue;
        }
        if is_letter_or_digit(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(base_letter(c));
        } else {
            gap = true;
        }
    }
    out
}

fn is_combining_mark(c: char) -> bool {
    ('\u{0300}'..='\u{036F}').contains(&c)
}

/// Returns whether `c` belongs to a word: an ASCII letter or digit, or anything beyond ASCII that is not a control, a
/// space or a sign of the blocks which keyboards and word processors reach.
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric(),
        // Letters among the Latin-1 signs: they show text in an old encoding, which must not pass as empty.
        'ª' | 'µ' | 'º' => true,
        // Latin-1 signs, × and ÷; general punctuation to mathematical signs; CJK punctuation; byte-order mark.
        '\u{80}'..='\u{BF}' | '×' | '÷' => false,
        '\u{2000}'..='\u{2BFF}' | '\u{3000}'..='\u{303F}' | '\u{FEFF}' => false,
        _ => true,
    }
}

/// Returns the letter under the diacritics of a Vietnamese letter, in lower case; any other character unchanged.
fn base_letter(c: char) -> char {
    match c {
        'À'..='Ã' | 'à'..='ã' | 'Ă' | 'ă' | 'Ạ'..='ặ' => 'a',
        'È'..='Ê' | 'è'..='ê' | 'Ẹ'..='ệ' => 'e',
        'Ì' | 'Í' | 'ì' | 'í' | 'Ĩ' | 'ĩ' | 'Ỉ'..='ị' => 'i',
        'Ò'..='Õ' | 'ò'..='õ' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => 'o',
        'Ù' | 'Ú' | 'ù' | 'ú' | 'Ũ' | 'ũ' | 'Ư' | 'ư' | 'Ụ'..='ự' => 'u',
        'Ý' | 'ý' | 'Ỳ'..='ỹ' => 'y',
        // đ, and its look-alikes ð and ɖ from old keyboards.
        'Đ' | 'đ' | 'Ð' | 'ð' | 'Ɖ' | 'ɖ' => 'd',
        other => other.to_ascii_lowercase(),
    }
}

/// Returns the number of "tiếng" (space-separated words) in `text`; signs standing alone do not count.
pub fn count_syllables(text: &str) -> usize {
    text.split(is_space).filter(|word| word.chars().any(is_letter_or_digit)).count()
}

/// Returns `text` with spaces tidied: no-break and zero-width characters gone, ends trimmed, runs of spaces joined.
pub fn tidy_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().filter(|c| !matches!(c, '\u{200B}' | '\u{FEFF}')) {
        if is_space(c) {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Returns whether `c` is white space, the same as [`char::is_whitespace`] without its table.
fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{2028}'
        | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    const LETTERS: &str =
        "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđbcdghklmnpqrstvx";

    #[test]
    fn folds_what_people_type_and_what_papers_say_to_one_key() {
        for (a, b) in [
            ("Đồng Hới", "dong hoi"),
            ("HOÀ", "hòa"),
            ("cúp  máy!", "cup may"),
            ("Ð\u{1ED3}ng", "đồng"),
            ("qu\u{0061}\u{0306}\u{0309}ng", "quẳng"),
            ("cúp\u{00A0}máy", "cúp máy"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} / {b}");
        }
        assert_ne!(fold("lý"), fold("lí"));
        assert_eq!(fold("…"), "");
    }

    #[test]
    fn every_vietnamese_letter_folds_to_plain_latin() {
        for c in LETTERS.chars() {
            assert!(fold(&c.to_string()).is_ascii(), "{c}");
            assert!(fold(&c.to_uppercase().to_string()).is_ascii(), "{c} upper");
        }
    }

    #[test]
    fn spaces_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_space(c), c.is_whitespace(), "{c:?}");
        }
        assert_eq!(tidy_spaces("  a\u{200B} \u{A0}b\n"), "a b");
        assert_eq!(tidy_spaces(" \t"), "");
    }

    #[test]
    fn counts_syllables_not_signs() {
        assert_eq!(count_syllables("Ba dấu hiệu: gấp – sợ – lợi."), 6);
        assert_eq!(count_syllables(" "), 0);
    }

    fn vietnamese() -> impl Strategy<Value = String> {
        let letters: Vec<char> =
            LETTERS.chars().flat_map(|c| c.to_uppercase().chain([c])).chain([' ']).collect();
        prop::collection::vec(prop::sample::select(letters), 0..30).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn fold_does_not_see_the_normal_form(text in vietnamese()) {
            let nfd: String = text.nfd().collect();
            prop_assert_eq!(fold(&nfd), fold(&text));
        }

        #[test]
        fn fold_twice_is_fold_once(text in ".{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
