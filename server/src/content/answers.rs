//! What can be answered to a question, and what is right: one function for each kind. Answers that are typed are in
//! `answer_keys`.
//!
//! To add a kind: a variant of [`QuestionKind`], its arm in [`read`], its function.

use domain::item::{Choice, Kind, Pair, Step};
use serde::Deserialize;

use super::answer_keys;
use super::field::{self, Text};
use super::report::Report;
use super::toml_table::Table;

/// The kinds of question, as authors write them.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum QuestionKind {
    ChooseOne,
    ChooseSeveral,
    Order,
    Match,
    Number,
    Text,
}

/// Takes the answers of one situation out of its table.
pub(super) fn read(kind: QuestionKind, variant: &mut Table<'_>, report: &mut Report) -> Option<Kind> {
    match kind {
        QuestionKind::ChooseOne => choose_one(variant, report).map(Kind::One),
        QuestionKind::ChooseSeveral => choose_several(variant, report).map(Kind::Several),
        QuestionKind::Order => order(variant, report).map(Kind::Order),
        QuestionKind::Match => pairs(variant, report).map(Kind::Match),
        QuestionKind::Number => answer_keys::number(variant, report).map(Kind::Number),
        QuestionKind::Text => answer_keys::text(variant, report).map(Kind::Text),
    }
}

/// Takes out the tables `[[variant.key]]`, checks how many there are, and reads each with `read`; nothing when one of
/// them cannot be read.
pub(super) fn each<T>(
    variant: &mut Table<'_>,
    key: &str,
    counts: std::ops::RangeInclusive<usize>,
    report: &mut Report,
    mut read: impl FnMut(Table<'_>, &mut Report) -> Option<T>,
) -> Option<Vec<T>> {
    let name = format!("[[variant.{key}]]");
    let at = variant.at();
    let tables = variant.take_tables(key, &name, report);
    if !counts.contains(&tables.len()) {
        let message = format!("Biến thể này có {} mục {name}.", tables.len());
        report.error(
            at,
            "answer-count",
            message,
            format!("Cần từ {} đến {} mục.", counts.start(), counts.end()),
        );
    }
    let all: Vec<Option<T>> = tables.into_iter().map(|table| read(table, report)).collect();
    all.into_iter().collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceSource {
    text: Text,
    #[serde(default)]
    right: bool,
    wrong: Option<Text>,
    missed: Option<Text>,
}

fn choose_one(variant: &mut Table<'_>, report: &mut Report) -> Option<Vec<Choice>> {
    let at = variant.at();
    let choices = choices(variant, 2..=5, false, report)?;
    let right = choices.iter().filter(|choice| choice.right).count();
    if right != 1 {
        let message = format!("Biến thể này có {right} câu trả lời đúng.");
        report.error(at, "right-count", message, "Ghi right = true ở đúng một [[variant.choice]].");
    }
    Some(choices)
}

fn choose_several(variant: &mut Table<'_>, report: &mut Report) -> Option<Vec<Choice>> {
    let at = variant.at();
    let choices = choices(variant, 3..=6, true, report)?;
    if !choices.iter().any(|choice| choice.right) {
        let message = "Biến thể này chưa có câu trả lời đúng.";
        report.error(at, "right-count", message, "Ghi right = true ở ít nhất một [[variant.choice]].");
    }
    Some(choices)
}

fn choices(
    variant: &mut Table<'_>,
    counts: std::ops::RangeInclusive<usize>,
    is_several: bool,
    report: &mut Report,
) -> Option<Vec<Choice>> {
    let mut places = Vec::new();
    let choices = each(variant, "choice", counts, report, |table, report| {
        let source: ChoiceSource = table.read(report)?;
        places.push(field::at(&source.text));
        Some(choice(&source, is_several, report))
    })?;
    field::all_different(places.into_iter().zip(choices.iter().map(|choice| choice.text.as_str())), report);
    Some(choices)
}

fn choice(source: &ChoiceSource, is_several: bool, report: &mut Report) -> Choice {
    let text = field::shown("text", &source.text, report);
    // Only one of the two explanations fits: a wrong choice is explained when taken, a right one when left out.
    let (needed, key, odd, odd_key) = match source.right {
        true => (source.missed.as_ref(), "missed", source.wrong.as_ref(), "wrong"),
        false => (source.wrong.as_ref(), "wrong", source.missed.as_ref(), "missed"),
    };
    let is_needed = !source.right || is_several;
    if is_needed && needed.is_none() {
        let side = if source.right { "đúng" } else { "sai" };
        let message = format!("Câu {side} \"{text}\" chưa có \"{key}\".");
        report.error(
            field::at(&source.text),
            "no-reason",
            message,
            format!("Thêm {key} = \"vì sao\", một câu ngắn."),
        );
    }
    let odd = odd.map(|odd| (odd, odd_key)).or(needed.filter(|_| !is_needed).map(|needed| (needed, key)));
    if let Some((odd, odd_key)) = odd {
        let message = format!("\"{odd_key}\" không dùng cho câu \"{text}\".");
        let advice = "Câu sai dùng wrong. Câu đúng của choose-several dùng missed. Bỏ dòng này.";
        report.error(field::at(odd), "odd-reason", message, advice);
    }
    let why = field::shown_or_empty(key, needed.filter(|_| is_needed), report);
    Choice { text, right: source.right, why }
}

fn order(variant: &mut Table<'_>, report: &mut Report) -> Option<Vec<Step>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Source {
        text: Text,
        why: Text,
    }
    let mut places = Vec::new();
    let steps = each(variant, "step", 3..=5, report, |table, report| {
        let source: Source = table.read(report)?;
        places.push(field::at(&source.text));
        let text = field::shown("text", &source.text, report);
        Some(Step { text, why: field::shown("why", &source.why, report) })
    })?;
    field::all_different(places.into_iter().zip(steps.iter().map(|step| step.text.as_str())), report);
    Some(steps)
}

fn pairs(variant: &mut Table<'_>, report: &mut Report) -> Option<Vec<Pair>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Source {
        left: Text,
        right: Text,
        why: Text,
    }
    let (mut lefts, mut rights) = (Vec::new(), Vec::new());
    let pairs = each(variant, "pair", 3..=4, report, |table, report| {
        let source: Source = table.read(report)?;
        lefts.push(field::at(&source.left));
        rights.push(field::at(&source.right));
        let left = field::shown("left", &source.left, report);
        let right = field::shown("right", &source.right, report);
        Some(Pair { left, right, why: field::shown("why", &source.why, report) })
    })?;
    field::all_different(lefts.into_iter().zip(pairs.iter().map(|pair| pair.left.as_str())), report);
    field::all_different_folded(rights.into_iter().zip(pairs.iter().map(|pair| pair.right.as_str())), report);
    Some(pairs)
}
