//! Bytes to Vietnamese text: UTF-8, UTF-16, Windows-1258, composed; and spotting the encodings of the nineties, in which
//! only the font made Vietnamese of Latin letters.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

/// How a text file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16, either order of bytes.
    Utf16,
    /// Windows-1258: whatever is not valid UTF-8.
    Windows1258,
}

/// Returns a file's text and how it was written.
pub fn decode(bytes: &[u8]) -> (String, Encoding) {
    let utf_16 = |encoding: &'static encoding_rs::Encoding, bytes| {
        (encoding.decode_without_bom_handling(bytes).0.into_owned(), Encoding::Utf16)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => (text.to_owned(), Encoding::Utf8),
            Err(_) => windows_1258(rest),
        },
        [0xFF, 0xFE, rest @ ..] => utf_16(UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => utf_16(UTF_16BE, rest),
        // No text has zeros in it but UTF-16 without its mark: the first separator or digit shows the order.
        _ if bytes.len() >= 2 && bytes.contains(&0) => {
            let zeros_at = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
            if zeros_at(1) >= zeros_at(0) { utf_16(UTF_16LE, bytes) } else { utf_16(UTF_16BE, bytes) }
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), Encoding::Utf8),
            Err(_) => windows_1258(bytes),
        },
    }
}

fn windows_1258(bytes: &[u8]) -> (String, Encoding) {
    (WINDOWS_1258.decode_without_bom_handling(bytes).0.into_owned(), Encoding::Windows1258)
}

/// Returns one cell's text: composed, the look-alikes of Đ as Đ, spaces tidied.
pub fn tidy(cell: &str) -> String {
    let composed: String = cell
        .nfc()
        .map(|c| match c {
            'Ð' | 'Ɖ' => 'Đ',
            'ð' | 'ɖ' => 'đ',
            other => other,
        })
        .collect();
    domain::text::tidy_spaces(&composed)
}

/// An encoding that a font turned into Vietnamese.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyText {
    /// TCVN3 (ABC), with fonts named `.Vn…`: "NguyÔn V¨n" is "Nguyễn Văn".
    Tcvn3,
    /// VNI, with fonts named `VNI-…`: "Nguyeãn Vaên" is "Nguyễn Văn".
    Vni,
}

/// Signs that TCVN3 uses for letters and no Vietnamese word has.
const TCVN3_SIGNS: &str = "¨®«¬µ¶·¸¹»¼½¾ÆÇÊËÎÏÐÑÖ×ØÜÞßæçëîïñö÷øûüþ";

/// Letters that are tone marks after a vowel in VNI and no Vietnamese word has there.
const VNI_SIGNS: &str = "ñöïûøåäüëñÑÖÏÛØÅÄÜË";

/// Returns in which old encoding a text seems to be written. Both leave signs behind that Vietnamese does not have.
pub fn legacy(text: &str) -> Option<LegacyText> {
    let is_sign = |c: char| !c.is_alphanumeric() || "µÆ×Þßæ÷þ".contains(c);
    if text.chars().any(|c| TCVN3_SIGNS.contains(c) && is_sign(c)) {
        return Some(LegacyText::Tcvn3);
    }
    // "aâ", "oá", "ñ": a second vowel letter that carries the mark of the first.
    let chars: Vec<char> = text.chars().collect();
    let is_pair = |pair: &[char]| {
        "aeouyAEOUY".contains(pair[0]) && "âêôáàãåäéèëùúûüïøöõóòÂÊÔÁÀÃÅÄÉÈËÙÚÛÜÏØÖÕÓÒ".contains(pair[1])
    };
    let alien = chars.iter().any(|c| VNI_SIGNS.contains(*c));
    let doubled = chars.windows(2).any(|pair| is_pair(pair) && !is_vietnamese_pair(pair));
    if alien && (doubled || chars.iter().any(|c| "ñÑöÖ".contains(*c))) {
        return Some(LegacyText::Vni);
    }
    if doubled {
        return Some(LegacyText::Vni);
    }
    // Letters of TCVN3 that other languages have too: a name of a citizen from abroad may bear one, so two are needed.
    let letters = chars.iter().filter(|c| TCVN3_SIGNS.contains(**c)).count();
    (letters >= 2).then_some(LegacyText::Tcvn3)
}

/// Returns whether two vowels follow each other like this in Vietnamese: "oà", "uê", "eó" and the like.
fn is_vietnamese_pair(pair: &[char]) -> bool {
    let second = pair[1].to_lowercase().next().unwrap_or(pair[1]);
    match pair[0].to_ascii_lowercase() {
        'o' => "áàãéèóò".contains(second),
        'u' => "âêôáàãéèóòõ".contains(second),
        'a' => "óòõúù".contains(second),
        'e' => "óòõ".contains(second),
        'y' => "ê".contains(second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_from_every_usual_encoding() {
        let text = "Họ và tên;Năm sinh\r\nĐặng Thị Thuỷ;1968\r\n";
        let utf_16 = |big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(bytes).collect()
        };
        let with = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (with(&[0xEF, 0xBB, 0xBF], text.as_bytes()), Encoding::Utf8),
            (with(&[0xFF, 0xFE], &utf_16(false)), Encoding::Utf16),
            (with(&[0xFE, 0xFF], &utf_16(true)), Encoding::Utf16),
            (utf_16(false), Encoding::Utf16),
            (utf_16(true), Encoding::Utf16),
        ] {
            assert_eq!(decode(&bytes), (text.to_owned(), encoding));
        }
        // Windows-1258 has letters and, after them, their tone marks.
        let (decoded, encoding) = decode(b"\xD0\xE3\xF2ng Thi\xF2 Thu\xD2y");
        assert_eq!((tidy(&decoded).as_str(), encoding), ("Đặng Thị Thủy", Encoding::Windows1258));
    }

    #[test]
    fn a_cell_is_composed_and_tidied() {
        assert_eq!(tidy("  Ða\u{323}\u{306}ng \u{A0}\u{200B}Lan\u{301} "), "Đặng Lań");
        assert_eq!(tidy("Hồ Thi\u{0323} Lan"), "Hồ Thị Lan");
    }

    #[test]
    fn text_of_old_fonts_is_spotted_and_vietnamese_is_not() {
        for (text, expected) in [
            ("NguyÔn V¨n Hïng", Some(LegacyText::Tcvn3)),
            ("§Æng ThÞ Lan", Some(LegacyText::Tcvn3)),
            ("TrÇn ThÞ Mü", Some(LegacyText::Tcvn3)),
            ("Nguyeãn Vaên Huøng", Some(LegacyText::Vni)),
            ("Traàn Thò Myõ", Some(LegacyText::Vni)),
            ("Ñaëng Thò Lan", Some(LegacyText::Vni)),
            ("Hồ Thị Lan", None),
            ("Đặng Thuý Hoà", None),
            ("Nguyễn Quốc Huyền Uyên Khuê Loan Khoái", None),
            ("Cao Yến Nguyệt Thoáng Quỳnh Xoè Khuấy Tuân", None),
            ("A Rất Thị Ñ", Some(LegacyText::Vni)),
            ("Đội 3, thôn Lộc Đại", None),
        ] {
            assert_eq!(legacy(text), expected, "{text}");
        }
    }
}
