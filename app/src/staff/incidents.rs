//! Incidents with personal data: the register with its 72-hour clock, and one of them as a draft to print.

mod draft;
mod form;

use leptos::prelude::*;

use self::draft::Draft;
use self::form::Form;
use super::parts::{Asked, Careful, Doing, loaded};
use super::words;
use crate::api::incidents::{IncidentRow, close_incident, list_incidents};
use crate::i18n::{t, tf};
use crate::routes::StaffPage;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Register {
    rows: LocalResource<Asked<Vec<IncidentRow>>>,
    said: RwSignal<String>,
}

impl Register {
    fn done(self, words: String) {
        self.said.set(words);
        self.rows.refetch();
        words::go_to_the_top();
    }
}

/// The page: the register, or the incident that the address names as a draft.
#[component]
pub(super) fn IncidentsPage() -> impl IntoView {
    let hash = || web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    let named = RwSignal::new(hash());
    let listener = window_event_listener(leptos::ev::hashchange, move |_| named.set(hash()));
    on_cleanup(move || listener.remove());
    let register = Register { rows: LocalResource::new(list_incidents), said: RwSignal::new(String::new()) };
    let draw = move |rows: Vec<IncidentRow>| {
        let id = named.get().trim_start_matches('#').to_owned();
        match rows.iter().find(|row| row.id.to_string() == id) {
            Some(row) => view! { <Draft row=row.clone() /> }.into_any(),
            None => view! { <List rows=rows register=register /> }.into_any(),
        }
    };
    view! {
        <p class="said good" class:now=move || !register.said.read().is_empty() role="status">
            {move || register.said.get()}
        </p>
        {loaded(register.rows, draw)}
    }
}

#[component]
fn List(rows: Vec<IncidentRow>, register: Register) -> impl IntoView {
    let none = rows.is_empty().then(|| view! { <p>{t("incidents-none")}</p> });
    let card = |row| view! { <Card row=row register=register /> };
    view! {
        {none}
        <ul class="rows">{rows.into_iter().map(card).collect_view()}</ul>
        <details class="card">
            <summary>
                <h2>{t("incidents-add")}</h2>
            </summary>
            <Form row=None register=register />
        </details>
        <section class="card">
            <h2>{t("incidents-lost")}</h2>
            <ol>
                <li>{t("incidents-lost-staff")}</li>
                <li>{t("incidents-lost-learner")}</li>
                <li>{t("incidents-lost-write")}</li>
            </ol>
            <a class="button" href=words::address(StaffPage::Colleagues)>
                {t("incidents-lost-button")}
            </a>
        </section>
    }
}

#[component]
fn Card(row: IncidentRow, register: Register) -> impl IntoView {
    let (id, doing) = (row.id, Doing::new());
    let place = if row.place_name.is_empty() { t("role-everywhere") } else { row.place_name.clone() };
    let detected = words::when(row.text.detected_ms);
    let told = row.text.told_ms.map(|ms| tf("incidents-told-at", &[("when", &words::when(ms))]));
    let closed = row.closed_ms.map(|ms| tf("incidents-closed-at", &[("when", &words::when(ms))]));
    let clock = row.hours_left.filter(|_| row.closed_ms.is_none()).map(|left| {
        let class = if left < 0 { "mark warning" } else { "mark" };
        view! {
            <p>
                {t("incidents-clock")} " " <span class=class>{hours(left)}</span>
            </p>
        }
    });
    let number = row.text.people_number.to_string();
    let close = move |()| {
        doing.ask(close_incident(id), move |()| register.done(t("incidents-closed")));
    };
    let change = row.closed_ms.is_none().then(|| {
        let again = row.clone();
        view! {
            <details>
                <summary class="button">{t("incidents-change")}</summary>
                <Form row=Some(again) register=register />
            </details>
            <Careful word=t("incidents-close") what=t("incidents-close-what") doing=doing act=close />
        }
    });
    view! {
        <li>
            <h2>{row.text.what.clone()}</h2>
            {clock}
            <p class="quiet">{tf("incidents-where", &[("place", &place), ("when", &detected)])}</p>
            <p>{tf("incidents-people-number", &[("number", &number)])}</p>
            {told.map(|words| view! { <p>{words}</p> })}
            {closed.map(|words| view! { <p><strong>{words}</strong></p> })}
            <div class="fixes">
                <a class="button" href=format!("#{id}")>
                    {t("incidents-draft")}
                </a>
                {change}
            </div>
            {doing.said()}
        </li>
    }
}

/// Returns how many hours are left, in words.
fn hours(left: i64) -> String {
    let number = left.unsigned_abs().to_string();
    if left < 0 { tf("hours-over", &[("hours", &number)]) } else { tf("hours-left", &[("hours", &number)]) }
}
