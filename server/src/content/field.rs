//! Single fields of a TOML block: texts, ids, numbers, days.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::str::FromStr;

use domain::dated_fact::Day;
use domain::text::{fold, tidy_spaces};
use toml::Spanned;

use super::report::Report;
use super::words;

/// A text and where it stands.
pub(super) type Text = Spanned<String>;

/// Returns where a value stands.
pub(super) fn at<T>(value: &Spanned<T>) -> usize {
    value.span().start
}

/// Returns a text without spaces around it; an error if nothing is left.
pub(super) fn filled(key: &str, value: &Text, report: &mut Report) -> String {
    let text = value.get_ref().trim();
    if text.is_empty() {
        let message = format!("\"{key}\" đang để trống.");
        report.error(at(value), "empty", message, "Viết nội dung vào giữa hai dấu ngoặc kép.");
    }
    text.to_owned()
}

/// Returns a text that learners of a lesson see, checked by [`words::check`].
pub(super) fn shown(key: &str, value: &Text, report: &mut Report) -> String {
    let text = filled(key, value, report);
    words::check(&text, at(value), report);
    text
}

/// Returns an optional text that learners see; absent is empty.
pub(super) fn shown_or_empty(key: &str, value: Option<&Text>, report: &mut Report) -> String {
    value.map(|value| shown(key, value, report)).unwrap_or_default()
}

/// Returns an id of the type asked for.
pub(super) fn id<T: FromStr>(value: &Text, report: &mut Report) -> Option<T> {
    let parsed = value.get_ref().parse().ok();
    if parsed.is_none() {
        let message = format!("Mã \"{}\" chưa đúng kiểu.", value.get_ref());
        let advice = "Chỉ dùng chữ thường không dấu, chữ số, dấu gạch nối, dấu chấm; không quá 48 ký tự.";
        report.error(at(value), "bad-id", message, advice);
    }
    parsed
}

/// Returns a whole number within `range`.
pub(super) fn number(
    key: &str,
    value: &Spanned<i64>,
    range: RangeInclusive<u8>,
    report: &mut Report,
) -> Option<u8> {
    let number = u8::try_from(*value.get_ref()).ok().filter(|number| range.contains(number));
    if number.is_none() {
        let message = format!("\"{key}\" là {}, ngoài khoảng cho phép.", value.get_ref());
        let advice = format!("Chọn một số từ {} đến {}.", range.start(), range.end());
        report.error(at(value), "out-of-range", message, advice);
    }
    number
}

/// Returns a day.
pub(super) fn day(key: &str, value: &Text, report: &mut Report) -> Option<Day> {
    let day = Day::try_from(value.get_ref().clone()).ok();
    if day.is_none() {
        let message = format!("\"{key}\" không phải là một ngày có thật: \"{}\".", value.get_ref());
        report.error(at(value), "bad-day", message, "Viết năm-tháng-ngày, ví dụ \"2026-11-23\".");
    }
    day
}

/// Adds an error for each text that is an earlier one over again, apart from case and spaces. Diacritics count: a
/// lesson on typing asks for "mẹ" beside "me".
pub(super) fn all_different<'a>(texts: impl IntoIterator<Item = (usize, &'a str)>, report: &mut Report) {
    repeated(texts, |text| tidy_spaces(&text.to_lowercase()), "Viết mỗi mục một khác.", report);
}

/// The same for texts that must also differ without their diacritics and signs.
pub(super) fn all_different_folded<'a>(
    texts: impl IntoIterator<Item = (usize, &'a str)>,
    report: &mut Report,
) {
    repeated(texts, fold, "Viết mỗi mục một khác, không chỉ khác dấu hay chữ hoa.", report);
}

fn repeated<'a>(
    texts: impl IntoIterator<Item = (usize, &'a str)>,
    key: impl Fn(&str) -> String,
    advice: &str,
    report: &mut Report,
) {
    let mut seen = BTreeSet::new();
    for (at, text) in texts {
        if !seen.insert(key(text)) {
            report.error(at, "repeated", format!("\"{text}\" trùng với một mục ở trên."), advice);
        }
    }
}
