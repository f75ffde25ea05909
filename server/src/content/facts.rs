//! `facts.toml`: every statement that time can make false, with its source and its last day.

use std::collections::BTreeSet;
use std::path::Path;

use domain::dated_fact::{Certainty, DatedFact, Day, FactKind, FactState};
use domain::text::count_syllables;
use serde::Deserialize;

use super::dated_words;
use super::field::{self, Text};
use super::reader::Reader;
use super::report::Report;
use super::toml_table::Table;
use super::words;

/// Longest text of a fact, in tiếng: two sentences, with room for the names of documents and offices.
const TEXT_MAX_SYLLABLES: usize = 30;

/// What `facts.toml` holds.
pub(super) struct Facts {
    /// The facts that could be read.
    pub(super) facts: Vec<DatedFact>,
    /// The ids of all facts, also of those with a mistake, so that one mistake is not reported twice.
    pub(super) ids: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: Text,
    text: Text,
    fallback: Text,
    kind: FactKind,
    certainty: Certainty,
    source: Text,
    effective_from: Option<Text>,
    effective_to: Option<Text>,
    checked_on: Text,
    checked_by: Text,
    review_by: Text,
    state: FactState,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Reads the facts, or nothing when the file as a whole cannot be read; that is then a finding.
pub(super) fn read(reader: &mut Reader, today: &Day) -> Option<Facts> {
    let (text, mut report) = reader.open(Path::new("facts.toml"))?;
    let facts = Table::parse("facts.toml", &text, 0, &mut report).map(|mut table| {
        let mut facts = Facts { facts: Vec::new(), ids: BTreeSet::new() };
        let tables = table.take_tables("fact", "[[fact]]", &mut report);
        let _: Option<Nothing> = table.read(&mut report);
        for table in tables {
            facts.ids.extend(table.peek_text("id"));
            if let Some(source) = table.read::<Source>(&mut report) {
                reader.names.take("dữ kiện", source.id.get_ref(), field::at(&source.id), &mut report);
                facts.facts.extend(fact(source, today, &mut report));
            }
        }
        facts
    });
    reader.close(report);
    facts
}

fn fact(source: Source, today: &Day, report: &mut Report) -> Option<DatedFact> {
    let id = field::filled("id", &source.id, report);
    if id.contains(char::is_whitespace) {
        let message = format!("Mã dữ kiện \"{id}\" có dấu cách.");
        report.error(field::at(&source.id), "bad-id", message, "Viết liền, ví dụ \"F5\".");
    }
    let text = statement("text", &source.text, report);
    let fallback = statement("fallback", &source.fallback, report);
    // The fallback is shown when the fact no longer holds, so nothing in it may grow old.
    dated_words::check(&fallback, field::at(&source.fallback), report);
    let optional_day = |key, value: &Option<Text>, report: &mut Report| match value {
        Some(value) => field::day(key, value, report).map(Some),
        None => Some(None),
    };
    let effective_from = optional_day("effective_from", &source.effective_from, report);
    let effective_to = optional_day("effective_to", &source.effective_to, report);
    let checked_on = field::day("checked_on", &source.checked_on, report);
    let review_by = field::day("review_by", &source.review_by, report);
    let fact = DatedFact {
        id,
        text,
        fallback,
        kind: source.kind,
        certainty: source.certainty,
        source: field::filled("source", &source.source, report),
        effective_from: effective_from?,
        effective_to: effective_to?,
        checked_on: checked_on?,
        checked_by: field::filled("checked_by", &source.checked_by, report),
        review_by: review_by?,
        state: source.state,
    };
    check_effect(&fact, source.effective_to.as_ref().map_or(0, field::at), report);
    check_review(&fact, field::at(&source.review_by), today, report);
    Some(fact)
}

fn statement(key: &str, value: &Text, report: &mut Report) -> String {
    let text = field::filled(key, value, report);
    words::check_plain(&text, field::at(value), report);
    let syllables = count_syllables(&text);
    if syllables > TEXT_MAX_SYLLABLES {
        let message = format!("\"{key}\" dài {syllables} tiếng.");
        report.error(
            field::at(value),
            "fact-too-long",
            message,
            format!("Rút còn {TEXT_MAX_SYLLABLES} tiếng."),
        );
    }
    text
}

fn check_effect(fact: &DatedFact, at: usize, report: &mut Report) {
    let ends_before_it_begins = match (&fact.effective_from, &fact.effective_to) {
        (Some(from), Some(to)) => from > to,
        _ => false,
    };
    if ends_before_it_begins {
        let message = format!("Dữ kiện \"{}\" hết hiệu lực trước khi có hiệu lực.", fact.id);
        report.error(at, "fact-days", message, "Xem lại effective_from và effective_to.");
    }
}

fn check_review(fact: &DatedFact, at: usize, today: &Day, report: &mut Report) {
    let id = &fact.id;
    if fact.review_by <= fact.checked_on {
        let message = format!("Hạn xem lại của \"{id}\" không sau ngày kiểm tra.");
        report.error(at, "fact-days", message, "review_by phải sau checked_on.");
    }
    if fact.review_by < *today && fact.state != FactState::Withdrawn {
        let message =
            format!("Dữ kiện \"{id}\" quá hạn xem lại từ ngày {}, đang ẩn.", fact.review_by.vietnamese());
        report.warning(at, "fact-stale", message, "Đọc lại nguồn, sửa câu nếu cần, rồi ghi ngày mới.");
    }
}
