//! What was decided about look-alikes, each with its way back.

use leptos::prelude::*;

use super::Desk;
use crate::api::look_alikes::{DecidedPerson, DecisionPage, DecisionRow, list_decisions, undo_decision};
use crate::i18n::{t, tf};
use crate::staff::parts::{Doing, more_button};
use crate::staff::words;

#[component]
pub(super) fn Decisions(
    /// The first page.
    page: DecisionPage,
    /// The page's parts.
    desk: Desk,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! { <p>{t("decisions-none")}</p> }.into_any();
    }
    let (rows, next, doing) = (RwSignal::new(page.rows), RwSignal::new(page.next), Doing::new());
    let more = move || {
        doing.ask(list_decisions(next.get_untracked()), move |page| {
            next.set(page.next);
            rows.update(|rows| rows.extend(page.rows));
        });
    };
    view! {
        <ul class="rows">
            <For each=move || rows.get() key=|row| row.id.to_string() let:row>
                <Decision row=row desk=desk />
            </For>
        </ul>
        {more_button(next, doing, more)}
    }
    .into_any()
}

#[component]
fn Decision(row: DecisionRow, desk: Desk) -> impl IntoView {
    let (id, doing) = (row.id, Doing::new());
    let undo = move |_| {
        doing.ask(undo_decision(id), move |()| {
            desk.said.set(t("decisions-undone-now"));
            desk.first.refetch();
            desk.decisions.refetch();
            words::go_to_the_top();
        });
    };
    let (kept, other) = (person(&row.kept), person(&row.other));
    let what = if row.merged {
        tf("decisions-merged", &[("kept", &kept), ("other", &other)])
    } else {
        tf("decisions-apart", &[("kept", &kept), ("other", &other)])
    };
    let way_back = match row.undone {
        Some((by, at_ms)) => {
            let words = tf("decisions-undone", &[("name", &by), ("when", &words::when(at_ms))]);
            view! { <p class="quiet">{words}</p> }.into_any()
        }
        None => view! {
            <div class="actions">
                <button type="button" class="button" disabled=move || doing.is_busy() on:click=undo>
                    {t("decisions-undo")}
                </button>
            </div>
        }
        .into_any(),
    };
    view! {
        <li>
            <h3>{what}</h3>
            <p class="quiet">{tf("decisions-by", &[("name", &row.by), ("when", &words::when(row.at_ms))])}</p>
            {doing.said()}
            {way_back}
        </li>
    }
}

fn person(person: &DecidedPerson) -> String {
    let name = words::person_name(&person.name);
    match person.birth_year {
        Some(year) => format!("{name} ({year})"),
        None => name,
    }
}
