//! A field that finds people by name, code or telephone number, for pages on which one of them is chosen.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use super::parts::loaded;
use super::reconcile_words;
use crate::api::reconcile::PersonChoice;
use crate::api::requests::find_person_for_request;
use crate::i18n::t;

/// Vietnamese keyboards send several changes for one letter: ask only when the fingers rest.
const REST: Duration = Duration::from_millis(250);

#[component]
pub(super) fn PersonChooser(
    /// What to write there.
    label: String,
    /// Told who was chosen.
    #[prop(into)]
    chosen: Callback<PersonChoice>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = LocalResource::new(move || find_person_for_request(typed.get()));
    let mut later = debounce(REST, move |text: String| typed.set(text));
    let offer = move |person: PersonChoice| {
        let name = reconcile_words::person(&person);
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
            <label>
                <span class="label">{label}</span>
                <input
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| later(event_target_value(&event))
                />
            </label>
            {loaded(found, list)}
        </div>
    }
}
