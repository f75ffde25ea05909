//! The block `question`: the same skill asked in two or more situations. What can be answered is in `answers`.

use std::collections::BTreeSet;

use domain::item::{Item, Variant};
use serde::Deserialize;

use super::answers::{self, QuestionKind};
use super::field::{self, Text};
use super::markdown::Fence;
use super::picture::Pictures;
use super::report::Report;
use super::toml_table::Table;

/// Fewest situations of a question: a later try must not show the same one (curriculum, section 1).
const VARIANTS_MIN: usize = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Text,
    kind: QuestionKind,
}

/// What every situation has, whatever the kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantSource {
    ask: Text,
    picture: Option<Text>,
    picture_alt: Option<Text>,
    right_because: Text,
}

/// Reads a question, or nothing when it cannot be asked; that is then a finding. `ids` are those of the lesson's other
/// questions.
pub(super) fn read(
    fence: &Fence,
    ids: &mut BTreeSet<String>,
    pictures: &mut Pictures,
    report: &mut Report,
) -> Option<Item> {
    let mut table = Table::parse("khối question", &fence.toml, fence.at, report)?;
    let tables = table.take_tables("variant", "[[variant]]", report);
    let head: Head = table.read(report)?;
    let id = field::id(&head.id, report);
    if !ids.insert(head.id.get_ref().clone()) {
        let message = format!("Hai câu hỏi cùng mã \"{}\".", head.id.get_ref());
        report.error(field::at(&head.id), "id-taken", message, "Đặt cho mỗi câu một mã riêng.");
    }
    if tables.len() < VARIANTS_MIN {
        let message = format!("Câu hỏi có {} biến thể.", tables.len());
        report.error(
            fence.at,
            "variant-count",
            message,
            format!("Viết ít nhất {VARIANTS_MIN} mục [[variant]]."),
        );
    }
    let variants: Vec<Option<Variant>> =
        tables.into_iter().map(|table| variant(head.kind, table, pictures, report)).collect();
    Some(Item { id: id?, variants: variants.into_iter().collect::<Option<_>>()? })
}

fn variant(
    kind: QuestionKind,
    mut table: Table<'_>,
    pictures: &mut Pictures,
    report: &mut Report,
) -> Option<Variant> {
    let kind = answers::read(kind, &mut table, report);
    let source: VariantSource = table.read(report)?;
    let ask = field::shown("ask", &source.ask, report);
    let right_because = field::shown("right_because", &source.right_because, report);
    let picture = pictures.in_block(source.picture.as_ref(), source.picture_alt.as_ref(), report);
    Some(Variant { ask, picture, right_because, kind: kind? })
}
