//! Letters: one encoding, one composed form, one house spelling, in every text file.
//!
//! What was found is reported once a file (first line, number of others), because a file in an old encoding has it on
//! every line. The text is then settled (NFC, no invisible characters), so that the other checks see what was meant.

use domain::text::fold;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::report::Report;

/// What is strange about the characters of a file: code, message, advice, and the lines (counted from 0).
pub(super) struct Strange {
    code: &'static str,
    message: String,
    advice: &'static str,
    lines: Vec<usize>,
}

/// Returns the text as the other checks shall see it, and what was strange about it. Lines stay where they are.
pub(super) fn settle(raw: &str) -> (String, Vec<Strange>) {
    let raw = raw.strip_prefix('\u{FEFF}').unwrap_or(raw).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = raw.split('\n').collect();
    let lines_where = |odd: &dyn Fn(&str) -> bool| -> Vec<usize> {
        lines.iter().enumerate().filter(|(_, line)| odd(line)).map(|(at, _)| at).collect()
    };

    let mut strange = Vec::new();
    let mut add = |code, message: String, advice, lines: Vec<usize>| {
        if !lines.is_empty() {
            strange.push(Strange { code, message, advice, lines });
        }
    };
    add(
        "not-nfc",
        "Chữ có dấu ở đây là dạng tổ hợp rời (NFD), tìm kiếm và so đáp án sẽ lệch.".into(),
        "Trong bộ gõ chọn Unicode dựng sẵn (NFC), rồi gõ hoặc chuyển lại.",
        lines_where(&|line| !is_nfc(line)),
    );
    add(
        "invisible-character",
        "Có ký tự không nhìn thấy, thường theo vào khi chép từ trang web.".into(),
        "Xóa chỗ ấy và gõ lại bằng tay.",
        lines_where(&|line| line.chars().any(is_invisible)),
    );
    let settled: String = raw.nfc().filter(|c| !is_invisible(*c)).collect();
    let foreign: Vec<(usize, char)> = settled
        .split('\n')
        .enumerate()
        .filter_map(|(at, line)| foreign_letter(line).map(|letter| (at, letter)))
        .collect();
    if let Some((_, letter)) = foreign.first() {
        add(
            "strange-letter",
            format!(
                "Chữ \"{letter}\" không có trong tiếng Việt, có thể do bảng mã cũ hoặc gõ nhầm chữ trông giống."
            ),
            "Gõ lại chữ ấy bằng Unicode dựng sẵn (chữ đ là đ, Đ của tiếng Việt).",
            foreign.into_iter().map(|(at, _)| at).collect(),
        );
    }
    (settled, strange)
}

/// Adds what was strange about a file, and its spelling, to its report.
pub(super) fn report(settled: &str, strange: Vec<Strange>, report: &mut Report) {
    let starts: Vec<usize> =
        std::iter::once(0).chain(settled.match_indices('\n').map(|(at, _)| at + 1)).collect();
    for Strange { code, message, advice, lines } in strange {
        let at = lines.first().and_then(|line| starts.get(*line)).copied().unwrap_or(0);
        let others = if lines.len() > 1 {
            format!(" Còn {} dòng nữa như vậy.", lines.len() - 1)
        } else {
            String::new()
        };
        report.error(at, code, message + &others, advice);
    }
    for (at, found, house) in misspelt(settled) {
        let message = format!("\"{found}\" viết theo kiểu chung là \"{house}\".");
        report.warning(at, "house-spelling", message, format!("Sửa thành \"{house}\"."));
    }
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}' | '\u{E000}'..='\u{F8FF}')
}

/// Returns the first character of a line that Vietnamese does not use in words: letters of other alphabets (Ð for Đ,
/// Cyrillic look-alikes), and signs inside words, which is what TCVN3 text looks like when read as Latin-1.
fn foreign_letter(line: &str) -> Option<char> {
    const TCVN3_SIGNS: &str = "¡¢£¤¥¦§¨©¬®¯±¶¸¹¼½¾¿\u{FFFD}";
    let chars: Vec<char> = line.chars().collect();
    chars.iter().enumerate().find_map(|(at, &c)| {
        let beside_a_letter =
            at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|b| b.is_alphabetic())
                || chars.get(at + 1).is_some_and(|after| after.is_alphabetic());
        let is_odd = (c.is_alphabetic() && !is_vietnamese(c))
            || (TCVN3_SIGNS.contains(c) && beside_a_letter)
            || c == '\u{FFFD}';
        is_odd.then_some(c)
    })
}

fn is_vietnamese(letter: char) -> bool {
    // `fold` forgives the look-alikes of đ; here they are named.
    letter.is_ascii() || (!"ÐðƉɖ".contains(letter) && fold(&letter.to_string()).is_ascii())
}

/// Returns the words of another spelling than the house's: position, word, house form.
fn misspelt(text: &str) -> Vec<(usize, &str, String)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                start = None;
                let word = &text[begin..at];
                // "lí nhí" is no old spelling of "lý".
                let is_murmur = word.eq_ignore_ascii_case("lí") && text[at..].trim_start().starts_with("nhí");
                if let Some(house) = house_form(word).filter(|_| !is_murmur) {
                    found.push((begin, word, house));
                }
            }
            _ => {}
        }
    }
    found
}

/// Returns how the house writes a word that it writes otherwise: hòa, khóa, khỏe, thúy (not hoà, khoá, khoẻ, thuý), and
/// kỹ, lý.
fn house_form(word: &str) -> Option<String> {
    match word.to_lowercase().as_str() {
        "kĩ" => return Some(word.replace('ĩ', "ỹ").replace('Ĩ', "Ỹ")),
        "lí" => return Some(word.replace('í', "ý").replace('Í', "Ý")),
        _ => {}
    }
    let mut letters: Vec<char> = word.chars().collect();
    let [before @ .., glide, last] = letters.as_mut_slice() else { return None };
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    // In "quý" the u belongs to the consonant.
    if before.last().is_some_and(|c| lower(*c) == 'q') {
        return None;
    }
    let (toned, plain) = match lower(*glide) {
        'o' => {
            [("àáảãạ", 'a'), ("èéẻẽẹ", 'e')].into_iter().find(|(toned, _)| toned.contains(lower(*last)))?
        }
        'u' => Some(("ỳýỷỹỵ", 'y')).filter(|(toned, _)| toned.contains(lower(*last)))?,
        _ => return None,
    };
    let tone = toned.chars().position(|c| c == lower(*last))?;
    let glides = if lower(*glide) == 'o' { "òóỏõọ" } else { "ùúủũụ" };
    let as_before = |new: char, old: char| {
        if old.is_uppercase() { new.to_uppercase().next().unwrap_or(new) } else { new }
    };
    *glide = as_before(glides.chars().nth(tone)?, *glide);
    *last = as_before(plain, *last);
    Some(letters.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(raw: &str) -> Vec<(&'static str, Vec<usize>)> {
        settle(raw).1.into_iter().map(|strange| (strange.code, strange.lines)).collect()
    }

    #[test]
    fn house_spelling_moves_the_tone_mark() {
        for (old, house) in [
            ("hoà", "hòa"),
            ("khoá", "khóa"),
            ("KHOẺ", "KHỎE"),
            ("Thuý", "Thúy"),
            ("uỷ", "ủy"),
            ("kĩ", "kỹ"),
            ("Lí", "Lý"),
        ] {
            assert_eq!(house_form(old).as_deref(), Some(house), "{old}");
        }
        for good in
            ["hòa", "hoàn", "khoảng", "quý", "quỹ", "quà", "thủy", "khoa", "à", "toán", "bác sĩ", "huyện"]
        {
            assert_eq!(house_form(good), None, "{good}");
        }
        assert!(misspelt("nói lí nhí").is_empty());
        assert_eq!(misspelt("Đồng chí khoá máy.").len(), 1);
    }

    #[test]
    fn plain_vietnamese_is_not_strange() {
        let text = "Đọc kỹ: “gấp – sợ – lợi”… 1.250.000 ₫, 30 m², ½ ngày. ƯƠNG ỵ\n\tok";
        assert!(codes(text).is_empty());
        assert!(
            codes(&format!("\u{FEFF}{}", text.replace('\n', "\r\n"))).is_empty(),
            "Windows files are fine"
        );
    }

    #[test]
    fn what_is_strange_is_named_with_its_lines() {
        for (raw, expected) in [
            ("ok\nho\u{0300}a\nba\u{0323}n", vec![("not-nfc", vec![1, 2])]),
            ("a\u{200B}b", vec![("invisible-character", vec![0])]),
            ("Ðồng Hới", vec![("strange-letter", vec![0])]),
            ("м\u{0430}", vec![("strange-letter", vec![0])]),
            ("b×nh d©n häc vô", vec![("strange-letter", vec![0])]),
        ] {
            assert_eq!(codes(raw), expected, "{raw}");
        }
        assert_eq!(settle("ho\u{0300}a\u{200B}").0, "hòa");
    }
}
