//! The log: who saw or changed whom, by colleague and by day.

use domain::ids::StaffId;
use leptos::prelude::*;

use super::parts::{Doing, Field, loaded, more_button};
use super::words;
use crate::api::audit::{AuditPage, AuditQuestion, AuditRow, read_audit};
use crate::api::colleagues::{ColleaguePage, list_colleagues};
use crate::i18n::{t, tf};

/// The page.
#[component]
pub(super) fn AuditPageView() -> impl IntoView {
    let question = RwSignal::new(AuditQuestion::default());
    let first = LocalResource::new(move || read_audit(question.get()));
    view! {
        <Filters question=question />
        {loaded(first, move |page| view! { <Entries page=page question=question /> }.into_any())}
    }
}

#[component]
fn Filters(question: RwSignal<AuditQuestion>) -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let who = RwSignal::new(None::<StaffId>);
    let colleagues = LocalResource::new(|| list_colleagues(String::new(), None));
    let options = move || {
        let page: Option<ColleaguePage> = colleagues.get().and_then(Result::ok);
        let option = |one: crate::api::colleagues::Colleague| {
            view! { <option value=one.id.to_string()>{one.whole_name}</option> }
        };
        page.map(|page| page.rows.into_iter().map(option).collect_view())
    };
    let show = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        question.set(AuditQuestion {
            actor: who.get_untracked(),
            from_ms: words::day_ms(&from.get_untracked()),
            // The whole last day.
            until_ms: words::day_ms(&to.get_untracked()).map(|ms| ms + 86_400_000),
            before: None,
        });
    };
    view! {
        <form class="filters" on:submit=show>
            <label class="field">
                <span class="label">{t("audit-who")}</span>
                <select on:change=move |event| who.set(event_target_value(&event).parse().ok())>
                    <option value="">{t("audit-anyone")}</option>
                    {options}
                </select>
            </label>
            <Field label=t("audit-from") value=from kind="date" may_be_empty=true />
            <Field label=t("audit-to") value=to kind="date" may_be_empty=true />
            <p>
                <button class="button main">{t("audit-show")}</button>
            </p>
        </form>
    }
}

#[component]
fn Entries(page: AuditPage, question: RwSignal<AuditQuestion>) -> impl IntoView {
    if page.rows.is_empty() {
        return view! { <p>{t("audit-none")}</p> }.into_any();
    }
    let (rows, next, doing) = (RwSignal::new(page.rows), RwSignal::new(page.next), Doing::new());
    let more = move || {
        let asked = AuditQuestion { before: next.get_untracked(), ..question.get_untracked() };
        doing.ask(read_audit(asked), move |page| {
            next.set(page.next);
            rows.update(|rows| rows.extend(page.rows));
        });
    };
    view! {
        {table(move || rows.get())}
        {more_button(next, doing, more)}
    }
    .into_any()
}

/// Draws entries as a table.
pub(super) fn table(rows: impl Fn() -> Vec<AuditRow> + Send + 'static) -> impl IntoView {
    view! {
        <table class="log">
            <thead>
                <tr>
                    <th scope="col">{t("audit-what")}</th>
                    <th scope="col">{t("audit-who")}</th>
                    <th scope="col">{t("audit-when")}</th>
                </tr>
            </thead>
            <tbody>{move || rows().into_iter().map(entry).collect_view()}</tbody>
        </table>
    }
}

fn entry(row: AuditRow) -> impl IntoView {
    // What one did to one's own account needs no second name.
    let whom = row.staff.filter(|name| row.actor.as_ref() != Some(name));
    let about = whom.map(|name| format!(" {}", tf("audit-about", &[("name", &name)]))).unwrap_or_default();
    let detail = if row.detail.is_empty() {
        String::new()
    } else {
        format!(": {}", words::detail(&row.action, &row.detail))
    };
    view! {
        <tr>
            <td>
                <strong>{words::action(&row.action)}</strong>
                {detail}
                {about}
            </td>
            <td>{row.actor.unwrap_or_else(|| t("audit-command-line"))}</td>
            <td class="quiet">{words::when(row.at_ms)}</td>
        </tr>
    }
}
