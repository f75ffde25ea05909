//! Taking people out as a file, which is saved on this machine.

use leptos::prelude::*;

use super::file;
use crate::api::lists::{ListFormat, export_people};
use crate::i18n::t;
use crate::staff::parts::Doing;

#[component]
pub(super) fn Export() -> impl IntoView {
    let (doing, ready) = (Doing::new(), RwSignal::new(None::<(String, &'static str)>));
    let ask = move |format: ListFormat, name: &'static str| {
        ready.set(None);
        doing.ask(export_people(format), move |content| match file::to_save(&content) {
            Some(address) => ready.set(Some((address, name))),
            None => doing.refuse("unexpected"),
        });
    };
    let button = move |format: ListFormat, name: &'static str, words: String| {
        view! {
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=move |_| ask(format, name)>
                {words}
            </button>
        }
    };
    let save = move || {
        ready.get().map(|(address, name)| {
            view! {
                <a class="button main" href=address download=name>
                    {t("lists-save")}
                </a>
            }
        })
    };
    view! {
        <section class="card">
            <h2>{t("lists-out")}</h2>
            <p>{t("lists-out-what")}</p>
            {doing.said()}
            <div class="actions">
                {button(ListFormat::Xlsx, "nguoi-hoc.xlsx", t("lists-xlsx"))}
                {button(ListFormat::Csv, "nguoi-hoc.csv", t("lists-csv"))}
            </div>
            {save}
        </section>
    }
}
