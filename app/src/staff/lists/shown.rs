//! What reading a list in would do, row by row and in words.

use leptos::prelude::*;

use crate::api::lists::{CellProblem, ListCounts, ListPreview, ListRow, RowDoes};
use crate::i18n::{t, tf};

/// Rows of one kind that are drawn: whoever has more problems corrects these first.
const DRAWN_MAX: usize = 200;

pub(super) fn draw_shown(shown: ListPreview) -> impl IntoView {
    let said = |names: &[String], words: String| (!names.is_empty()).then(|| view! { <p>{words}</p> });
    let (unread, hamlets, classes) = (&shown.unread, &shown.hamlets, &shown.classes);
    let unread = said(unread, tf("lists-unread", &[("names", &unread.join(", "))]));
    let hamlets = said(hamlets, tf("lists-hamlets", &[("names", &hamlets.join(", "))]));
    let classes = said(classes, tf("lists-classes", &[("names", &classes.join(", "))]));
    let mut kinds: [Vec<ListRow>; 4] = Default::default();
    for row in shown.rows {
        let kind = match row.does {
            RowDoes::Problems(_) => 0,
            RowDoes::LooksLike => 1,
            RowDoes::Changed(_) => 2,
            RowDoes::New => 3,
        };
        kinds[kind].push(row);
    }
    let headings = [t("lists-problems"), t("lists-look-alike"), t("lists-changed"), t("lists-new")];
    let part = |(heading, rows): (String, Vec<ListRow>)| {
        (!rows.is_empty()).then(|| {
            let rest = rows.len().saturating_sub(DRAWN_MAX);
            let more = (rest > 0).then(|| {
                view! { <p class="quiet">{tf("lists-rest", &[("count", &rest.to_string())])}</p> }
            });
            view! {
                <h3>{heading}</h3>
                <ul class="lines">{rows.into_iter().take(DRAWN_MAX).map(line).collect_view()}</ul>
                {more}
            }
        })
    };
    view! {
        {counted(shown.counts)}
        {unread}
        {hamlets}
        {classes}
        {headings.into_iter().zip(kinds).map(part).collect_view()}
    }
}

fn counted(counts: ListCounts) -> impl IntoView {
    let lines = [
        (counts.new, t("lists-count-new")),
        (counts.look_alike, t("lists-count-look-alike")),
        (counts.changed, t("lists-count-changed")),
        (counts.same, t("lists-count-same")),
        (counts.problems, t("lists-count-problems")),
    ];
    let line = |(count, words): (usize, String)| {
        view! {
            <dt>{words}</dt>
            <dd>{count}</dd>
        }
    };
    view! { <dl class="kept">{lines.map(line).collect_view()}</dl> }
}

fn line(row: ListRow) -> impl IntoView {
    let number = row.line.to_string();
    // Without a name, the number is enough to find the row.
    let name = if row.name.is_empty() { "…".to_owned() } else { row.name };
    let said: Vec<String> = match row.does {
        RowDoes::New | RowDoes::LooksLike => vec![],
        RowDoes::Changed(columns) => {
            vec![columns.iter().map(|name| column(name)).collect::<Vec<_>>().join(", ")]
        }
        RowDoes::Problems(problems) => problems.iter().map(problem).collect(),
    };
    view! {
        <li>
            <strong>{tf("lists-row", &[("number", &number), ("name", &name)])}</strong>
            {said.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
        </li>
    }
}

/// Returns what is wrong in a cell: the column, what stands there, and what to do.
fn problem(problem: &CellProblem) -> String {
    let what = match problem.code.as_str() {
        "name-missing" => t("cell-name-missing"),
        "name-too-long" => t("cell-name-too-long"),
        "name-unreadable" => t("cell-name-unreadable"),
        "text-tcvn3" | "text-vni" => t("cell-old-font"),
        "code-invalid" => t("cell-code-invalid"),
        "code-unknown" => t("cell-code-unknown"),
        "birth-unreadable" => t("cell-birth-unreadable"),
        "birth-impossible" => t("cell-birth-impossible"),
        "phone-invalid" => t("cell-phone-invalid"),
        "group-unknown" => t("cell-group-unknown"),
        "need-unknown" => t("cell-need-unknown"),
        "hamlet-unknown" => t("cell-hamlet-unknown"),
        "class-name" => t("cell-class-name"),
        "class-ambiguous" => t("cell-class-ambiguous"),
        "class-unknown" => t("cell-class-unknown"),
        "classes-too-many" => t("problem-classes-too-many"),
        "other-group" => t("problem-other-group"),
        "place-missing" => t("cell-place-missing"),
        "place-unknown" => t("cell-place-unknown"),
        "place-ambiguous" => t("cell-place-ambiguous"),
        "place-divided" => t("cell-place-divided"),
        "hamlet-unreadable" => t("cell-hamlet-unreadable"),
        "hamlet-ambiguous" => t("cell-hamlet-ambiguous"),
        "row-repeated" => {
            let line = problem.line.unwrap_or_default().to_string();
            tf("cell-row-repeated", &[("line", &line)])
        }
        _ => t("cell-other"),
    };
    if problem.value.is_empty() {
        return what;
    }
    tf("cell-value", &[("column", &column(&problem.column)), ("value", &problem.value), ("what", &what)])
}

/// Returns the words for a column.
fn column(name: &str) -> String {
    match name {
        "code" => t("people-code"),
        "birth" => t("people-birth-year"),
        "province" => t("column-province"),
        "district" => t("column-district"),
        "commune" | "commune-code" => t("column-commune"),
        "hamlet" => t("column-hamlet"),
        "class" => t("column-class"),
        "group" => t("people-group"),
        "phone" => t("column-phone"),
        "needs" => t("people-needs"),
        _ => t("people-name"),
    }
}
