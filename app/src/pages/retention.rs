//! How long each kind of data is kept, and why, as a table on two pages.

use domain::retention::{Kept, Term};
use leptos::prelude::*;

use crate::i18n::{t, tf};
use crate::site::Site;

/// Draws a line for each kind: what, how long, why.
pub(super) fn table(site: &Site) -> impl IntoView + use<> {
    let line = |term: &Term| {
        let (what, why) = words(term.what);
        view! {
            <dt>{what}</dt>
            <dd>
                <strong>{how_long(term.days)}</strong>
                " "
                {why}
            </dd>
        }
    };
    view! { <dl class="retention">{site.retention.iter().map(line).collect_view()}</dl> }
}

fn words(what: Kept) -> (String, String) {
    match what {
        Kept::Record => (t("kept-record"), t("kept-record-why")),
        Kept::Certificates => (t("kept-certificates"), t("kept-certificates-why")),
        Kept::Requests => (t("kept-requests"), t("kept-requests-why")),
        Kept::Audit => (t("kept-audit"), t("kept-audit-why")),
        Kept::ImportUndo => (t("kept-import-undo"), t("kept-import-undo-why")),
        Kept::StaffSessions => (t("kept-staff-sessions"), t("kept-staff-sessions-why")),
        Kept::Tries => (t("kept-tries"), t("kept-tries-why")),
        Kept::Inactive => (t("kept-inactive"), t("kept-inactive-why")),
    }
}

/// Returns days in the largest unit that fits well enough to be said.
fn how_long(days: Option<u32>) -> String {
    match days {
        None => t("kept-with-record"),
        Some(days) if days >= 365 => tf("kept-years", &[("years", &(days / 365).to_string())]),
        Some(days) if days >= 60 => tf("kept-months", &[("months", &(days / 30).to_string())]),
        Some(days) => tf("kept-days", &[("days", &days.to_string())]),
    }
}
