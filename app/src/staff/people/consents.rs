//! What a person agreed to: each purpose, how and before whom, until when. Told by facts; nobody edits it here.

use domain::consent::{ConsentMethod, Relation};
use leptos::prelude::*;

use crate::api::people::ConsentRow;
use crate::i18n::{t, tf};
use crate::routes::StaffPage;
use crate::staff::words;

/// Draws the ledger.
pub(super) fn ledger(rows: &[ConsentRow]) -> impl IntoView + use<> {
    let none = rows.is_empty().then(|| view! { <p>{t("consents-none")}</p> });
    view! {
        <h3>{t("consents")}</h3>
        {none}
        <ul class="lines">{rows.iter().map(line).collect_view()}</ul>
        <p>
            <a href=words::address(StaffPage::Requests)>{t("consents-withdraw")}</a>
        </p>
    }
}

fn line(row: &ConsentRow) -> impl IntoView + use<> {
    let (version, given) = (row.text_version.to_string(), words::when(row.given_ms));
    let about = tf("consents-given", &[("version", &version), ("when", &given)]);
    let how = row.manner.as_ref().map(|manner| manner.method);
    let how = match (how, &row.witness) {
        (Some(ConsentMethod::ReadAloud), Some(name)) => tf("consents-read-aloud-by", &[("name", name)]),
        (Some(ConsentMethod::ReadAloud), None) => t("consents-read-aloud"),
        _ => t("consents-own"),
    };
    let guardian = row.manner.as_ref().and_then(|manner| manner.guardian.as_ref()).map(|guardian| {
        let relation = match guardian.relation {
            Relation::Parent => t("consents-parent"),
            Relation::Grandparent => t("consents-grandparent"),
            Relation::Representative => t("consents-representative"),
        };
        let words = tf("consents-guardian", &[("name", &guardian.name), ("relation", &relation)]);
        view! { <p>{words}</p> }
    });
    let state = match row.withdrawn_ms {
        Some(at_ms) => {
            let words = tf("consents-withdrawn", &[("when", &words::when(at_ms))]);
            view! { <span class="mark warning">{words}</span> }.into_any()
        }
        None => view! { <span class="mark">{t("consents-holds")}</span> }.into_any(),
    };
    view! {
        <li>
            <p>
                <strong>{words::purpose(row.purpose)}</strong> " " {state}
            </p>
            <p class="quiet">{about} " " {how}</p>
            {guardian}
        </li>
    }
}
