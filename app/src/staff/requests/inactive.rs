//! People with whose records nothing has happened for years: somebody asks whether the record is still wanted. Nobody is
//! deleted by a clock.

use leptos::prelude::*;

use crate::api::requests::{InactiveRow, list_inactive};
use crate::i18n::{t, tf};
use crate::routes::StaffPage;
use crate::staff::parts::loaded;
use crate::staff::{reconcile_words, words};

/// Loaded when it is opened, because it walks through the records.
#[component]
pub(super) fn InactivePeople() -> impl IntoView {
    let opened = RwSignal::new(false);
    let list = move || loaded(LocalResource::new(list_inactive), draw);
    view! {
        <details class="card" on:toggle=move |_| opened.set(true)>
            <summary>
                <h2>{t("inactive")}</h2>
            </summary>
            <p>{t("inactive-what")}</p>
            {move || opened.get().then(list)}
        </details>
    }
}

fn draw(rows: Vec<InactiveRow>) -> AnyView {
    if rows.is_empty() {
        return view! { <p>{t("inactive-none")}</p> }.into_any();
    }
    let row = |row: InactiveRow| {
        let address = format!("{}#{}", words::address(StaffPage::People), row.person.id);
        let last = words::when(row.last_ms);
        view! {
            <li>
                <a class="whole" href=address>
                    {reconcile_words::person(&row.person)}
                </a>
                <p class="quiet">{tf("inactive-last", &[("when", &last)])}</p>
            </li>
        }
    };
    view! { <ul class="lines rows">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
}
