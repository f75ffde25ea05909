//! The rules for every text a learner sees: short sentences, plain text, nothing that time can make false.

use domain::text::count_syllables;

use super::dated_words;
use super::report::Report;

/// Longest sentence, in tiếng: what a new reader takes in with one breath (curriculum, writing rules).
pub(super) const SENTENCE_MAX_SYLLABLES: usize = 15;

/// Checks a text of a lesson that stands at `at`: sentences, markup, links, dated words.
pub(super) fn check(text: &str, at: usize, report: &mut Report) {
    check_plain(text, at, report);
    dated_words::check(text, at, report);
    check_sentences(text, |_| at, report);
}

/// Checks that every sentence is short. `place` says where in the file a byte of the text stands.
pub(super) fn check_sentences(text: &str, place: impl Fn(usize) -> usize, report: &mut Report) {
    for (begin, sentence) in sentences(text) {
        let syllables = count_syllables(sentence);
        if syllables > SENTENCE_MAX_SYLLABLES {
            let message = format!("Câu \"{}\" dài {syllables} tiếng.", shortened(sentence));
            let advice =
                format!("Tách thành các câu không quá {SENTENCE_MAX_SYLLABLES} tiếng, mỗi câu một ý.");
            report.error(place(begin), "sentence-too-long", message, advice);
        }
    }
}

/// Checks that a text has no Markdown, HTML, line break or web link in it.
pub(super) fn check_plain(text: &str, at: usize, report: &mut Report) {
    if let Some(mark) = markup(text) {
        let message = format!("Chỗ này chỉ viết chữ thường, không dùng \"{mark}\".");
        report.error(at, "markup", message, "Bỏ ký hiệu ấy, chỉ để lại chữ.");
    }
    check_links(text, at, report);
}

/// Checks that a text has no web link.
pub(super) fn check_links(text: &str, at: usize, report: &mut Report) {
    let lower = text.to_lowercase();
    if ["http://", "https://", "www."].iter().any(|start| lower.contains(start)) {
        let message = "Có đường dẫn web trong chữ của bài.";
        let advice = "Bỏ đường dẫn. Địa chỉ chính thức đặt vào facts.toml; địa chỉ giả viết tên thôi.";
        report.error(at, "link", message, advice);
    }
}

fn markup(text: &str) -> Option<&'static str> {
    if text.contains('\n') {
        return Some("xuống dòng");
    }
    let mut after_sign =
        text.char_indices().filter(|(_, c)| *c == '<').map(|(at, _)| text[at + 1..].chars().next());
    if after_sign.any(|next| next.is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!')) {
        return Some("<…>");
    }
    let is_entity = text.split('&').skip(1).any(|rest| {
        rest.split_once(';').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
        })
    });
    if is_entity {
        return Some("&…;");
    }
    ["`", "**", "__", "]("].into_iter().find(|mark| text.contains(mark))
}

/// Returns the sentences of a text and where each begins. A sentence ends at . ! ? … with the marks that close a quote
/// or bracket; when a small letter follows, it goes on (“Chuyển ngay!” rồi cúp máy).
pub(super) fn sentences(text: &str) -> Vec<(usize, &str)> {
    let is_end = |c: char| matches!(c, '.' | '!' | '?' | '…');
    let is_closing = |c: char| matches!(c, '”' | '"' | '’' | '\'' | ')' | ']' | '»');
    let mut found = Vec::new();
    let mut begin = 0;
    let mut push = |begin: usize, end: usize| {
        let sentence = text[begin..end].trim_start();
        if !sentence.trim_end().is_empty() {
            found.push((end - sentence.len(), sentence.trim_end()));
        }
    };
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        if !is_end(c) {
            continue;
        }
        while chars.next_if(|(_, c)| is_end(*c) || is_closing(*c)).is_some() {}
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        let rest = &text[end..];
        let goes_on = rest.trim_start().chars().next().is_some_and(char::is_lowercase);
        if (rest.is_empty() || rest.starts_with(char::is_whitespace)) && !goes_on {
            push(begin, end);
            begin = end;
        }
    }
    push(begin, text.len());
    found
}

/// Returns the first words of a text, for quoting it in a message.
pub(super) fn shortened(text: &str) -> String {
    const WORDS: usize = 6;
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.get(..WORDS) {
        Some(first) if words.len() > WORDS => format!("{}…", first.join(" ")),
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_sentences_as_they_are_read() {
        for (text, expected) in [
            ("Dừng lại. Hỏi đã!", vec!["Dừng lại.", "Hỏi đã!"]),
            ("“Bấm ngay!” “Nhanh lên!”", vec!["“Bấm ngay!”", "“Nhanh lên!”"]),
            ("Nói “Không đọc!” rồi cúp máy.", vec!["Nói “Không đọc!” rồi cúp máy."]),
            ("Ờ… thì thôi", vec!["Ờ… thì thôi"]),
            ("Giá 1.250.000 ₫ một cân.", vec!["Giá 1.250.000 ₫ một cân."]),
            ("Vào qua-tang.vidu nhé", vec!["Vào qua-tang.vidu nhé"]),
            ("  ", vec![]),
            ("Thật?! (Ừ.) ", vec!["Thật?!", "(Ừ.)"]),
        ] {
            let found: Vec<&str> = sentences(text).into_iter().map(|(_, sentence)| sentence).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(sentences("Một. Hai.")[1].0, "Một. ".len());
    }

    #[test]
    fn sees_markup_but_no_harmless_signs() {
        for bad in ["a <b>x</b>", "a **b**", "`x`", "[a](b)", "a&nbsp;b", "a\nb", "__a__"] {
            assert!(markup(bad).is_some(), "{bad}");
        }
        for good in ["3 < 5", "a & b; c", "bấm *101#", "gấp – sợ – lợi", "x_y", "A&B"] {
            assert_eq!(markup(good), None, "{good}");
        }
    }
}
