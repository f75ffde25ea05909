//! A field that finds people by name, code or telephone number, for pages on which one of them is chosen.

use leptos::prelude::*;
use std::future::Future;

use super::parts::{Asked, SearchField, loaded};
use super::reconcile_words;
use crate::api::people::PersonChoice;
use crate::i18n::t;

#[component]
pub(super) fn PersonChooser<Find, Finding>(
    /// What to write there.
    label: String,
    /// Who may be asked for by those who see this page.
    find: Find,
    /// What stands on the button with a name; the name alone when nothing is said.
    #[prop(default = str::to_owned)]
    word: fn(&str) -> String,
    /// Told who was chosen.
    #[prop(into)]
    chosen: Callback<PersonChoice>,
) -> impl IntoView
where
    Find: Fn(String) -> Finding + Copy + 'static,
    Finding: Future<Output = Asked<Vec<PersonChoice>>> + 'static,
{
    let typed = RwSignal::new(String::new());
    let found = LocalResource::new(move || find(typed.get()));
    let offer = move |person: PersonChoice| {
        let name = word(&reconcile_words::person(&person));
        let choose = move |_| chosen.run(person.clone());
        view! {
            <li>
                <button type="button" class="button" on:click=choose>
                    {name}
                </button>
            </li>
        }
    };
    let list = move |people: Vec<PersonChoice>| {
        if people.is_empty() {
            let typed = !typed.read_untracked().trim().is_empty();
            return typed.then(|| view! { <p class="quiet">{t("aside-find-none")}</p> }).into_any();
        }
        view! { <ul class="found">{people.into_iter().map(offer).collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="field">
            <SearchField label=label typed=move |text| typed.set(text) />
            {loaded(found, list)}
        </div>
    }
}
