//! Answers that are typed: a number, or a few words.

use domain::item::{NearNumber, NearText, NumberKey, TEXT_MAX_CHARS, TextKey};
use domain::text::fold;
use serde::Deserialize;
use toml::Spanned;

use super::answers::each;
use super::field::{self, Text};
use super::report::Report;
use super::toml_table::Table;

/// Returns the key of a question answered with a number.
pub(super) fn number(variant: &mut Table<'_>, report: &mut Report) -> Option<NumberKey> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Source {
        answer: i64,
        unit: Option<Text>,
        wrong: Text,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Near {
        is: Spanned<i64>,
        wrong: Text,
    }
    let nears: Option<Vec<Near>> = each(variant, "near", 0..=9, report, |table, report| table.read(report));
    let source: Option<Source> = variant.take(&["answer", "unit", "wrong"]).read(report);
    let (nears, source) = (nears?, source?);
    let mut seen = vec![source.answer];
    let near = nears.iter().map(|near| {
        let is = *near.is.get_ref();
        if seen.contains(&is) {
            same_as_another(&is.to_string(), field::at(&near.is), report);
        }
        seen.push(is);
        NearNumber { is, wrong: field::shown("wrong", &near.wrong, report) }
    });
    Some(NumberKey {
        answer: source.answer,
        near: near.collect(),
        unit: field::shown_or_empty("unit", source.unit.as_ref(), report),
        wrong: field::shown("wrong", &source.wrong, report),
    })
}

/// Returns the key of a question answered with a few words.
pub(super) fn text(variant: &mut Table<'_>, report: &mut Report) -> Option<TextKey> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Source {
        accept: Spanned<Vec<Text>>,
        wrong: Text,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Near {
        is: Spanned<Vec<Text>>,
        wrong: Text,
    }
    let nears: Option<Vec<Near>> = each(variant, "near", 0..=9, report, |table, report| table.read(report));
    let source: Option<Source> = variant.take(&["accept", "wrong"]).read(report);
    let (nears, source) = (nears?, source?);
    let mut seen = Vec::new();
    let accept = wordings("accept", &source.accept, &mut seen, report);
    let near = nears.iter().map(|near| {
        let is = wordings("is", &near.is, &mut seen, report);
        NearText { is, wrong: field::shown("wrong", &near.wrong, report) }
    });
    Some(TextKey { near: near.collect(), accept, wrong: field::shown("wrong", &source.wrong, report) })
}

/// Returns the wordings of a list; an error for those that fold to one of `seen`, to nothing, or cannot be typed.
fn wordings(
    key: &str,
    list: &Spanned<Vec<Text>>,
    seen: &mut Vec<String>,
    report: &mut Report,
) -> Vec<String> {
    if list.get_ref().is_empty() {
        let message = format!("\"{key}\" chưa có lời nào.");
        report.error(field::at(list), "empty", message, "Viết ít nhất một lời, ví dụ [\"cúp máy\"].");
    }
    let read = |wording: &Text| {
        let text = field::shown(key, wording, report);
        let folded = fold(&text);
        if text.chars().count() > TEXT_MAX_CHARS {
            let message = format!("Lời \"{text}\" dài quá, không ai gõ hết.");
            report.error(
                field::at(wording),
                "wording-too-long",
                message,
                format!("Không quá {TEXT_MAX_CHARS} chữ cái."),
            );
        }
        if !text.is_empty() && folded.is_empty() {
            let message = format!("Lời \"{text}\" chỉ có ký hiệu, không so được.");
            report.error(field::at(wording), "empty", message, "Viết bằng chữ hoặc số.");
        } else if seen.contains(&folded) {
            same_as_another(&text, field::at(wording), report);
        }
        seen.push(folded);
        text
    };
    list.get_ref().iter().map(read).collect()
}

fn same_as_another(said: &str, at: usize, report: &mut Report) {
    let message = format!("\"{said}\" đã có ở trên trong biến thể này (không phân biệt dấu, hoa thường).");
    report.error(at, "repeated", message, "Bỏ lời trùng. Đáp án đúng thì không được nằm trong near.");
}
