//! `rules.toml`: what earns a certificate.

use std::path::Path;

use domain::rule::CertificateRule;
use serde::Deserialize;
use toml::Spanned;

use super::field::{self, Text};
use super::reader::Reader;
use super::report::Report;
use super::toml_table::Table;
use super::words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    id: Text,
    lit_percent: Spanned<i64>,
    text: Text,
    legal_basis: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Reads the rules.
pub(super) fn read(reader: &mut Reader) -> Vec<CertificateRule> {
    let Some((text, mut report)) = reader.open(Path::new("rules.toml")) else { return Vec::new() };
    let mut rules = Vec::new();
    if let Some(mut table) = Table::parse("rules.toml", &text, 0, &mut report) {
        let tables = table.take_tables("rule", "[[rule]]", &mut report);
        let _: Option<Nothing> = table.read(&mut report);
        if tables.is_empty() {
            let message = "Chưa có quy tắc cấp giấy chứng nhận nào.";
            report.error(0, "no-rule", message, "Thêm ít nhất một mục [[rule]].");
        }
        for table in tables {
            if let Some(source) = table.read::<Source>(&mut report) {
                reader.names.take("quy tắc", source.id.get_ref(), field::at(&source.id), &mut report);
                rules.extend(rule(&source, &mut report));
            }
        }
    }
    reader.close(report);
    rules
}

fn rule(source: &Source, report: &mut Report) -> Option<CertificateRule> {
    // The type of a rule's id is plain text; it is written like the other ids all the same.
    let id = field::id::<domain::ids::Slug>(&source.id, report);
    let lit_percent = field::number("lit_percent", &source.lit_percent, 1..=100, report);
    let text = field::filled("text", &source.text, report);
    words::check_plain(&text, field::at(&source.text), report);
    let legal_basis = field::filled("legal_basis", &source.legal_basis, report);
    words::check_plain(&legal_basis, field::at(&source.legal_basis), report);
    Some(CertificateRule { id: id?.to_string(), lit_percent: lit_percent?, text, legal_basis })
}
