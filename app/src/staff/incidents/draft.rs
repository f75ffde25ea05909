//! One incident on a page to print: what the authority's form asks, as far as it is written here. A draft for the form, not
//! the form.

use leptos::prelude::*;

use crate::api::incidents::IncidentRow;
use crate::i18n::t;
use crate::staff::{reconcile_words, words};

#[component]
pub(super) fn Draft(row: IncidentRow) -> impl IntoView {
    let text = row.text;
    let told = match text.told_ms {
        Some(ms) => format!("{}. {}", words::when(ms), text.told),
        None => t("incidents-not-told"),
    };
    let place = if row.place_name.is_empty() { t("role-everywhere") } else { row.place_name };
    let lines = [
        (t("incidents-what"), text.what),
        (t("incidents-place"), place),
        (t("incidents-detected"), words::when(text.detected_ms)),
        (t("incidents-kinds"), text.kinds),
        (t("incidents-number"), text.people_number.to_string()),
        (t("incidents-harm"), text.harm),
        (t("incidents-done"), text.done),
        (t("incidents-told"), told),
        (t("incidents-by"), row.entered_by),
    ];
    let line = |(label, value): (String, String)| {
        let value = if value.is_empty() { "…".to_owned() } else { value };
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    };
    let people = (!row.people.is_empty()).then(|| {
        let person = |person| view! { <li>{reconcile_words::person(&person)}</li> };
        view! {
            <h3>{t("incidents-people")}</h3>
            <ul>{row.people.into_iter().map(person).collect_view()}</ul>
        }
    });
    let print = move |_| {
        if let Some(window) = web_sys::window() {
            // A window that cannot print says so itself.
            let _ = window.print();
        }
    };
    view! {
        <article class="draft">
            <h2>{t("incidents-draft-heading")}</h2>
            <p class="quiet">{t("incidents-draft-note")}</p>
            <dl class="kept">{lines.map(line).collect_view()}</dl>
            {people}
        </article>
        <div class="actions no-print">
            <button type="button" class="button main" on:click=print>
                {t("incidents-print")}
            </button>
            <a class="button" href="#">
                {t("incidents-back")}
            </a>
        </div>
    }
}
