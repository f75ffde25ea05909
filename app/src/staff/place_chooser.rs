//! Choosing a place by typing a part of its name.

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use super::parts::loaded;
use crate::api::places::{PlaceRow, search_places};
use crate::i18n::t;

/// Vietnamese keyboards send several changes for one letter: ask only when the fingers rest.
const REST: Duration = Duration::from_millis(250);

/// A field that finds places; `chosen` is the one that was tapped.
#[component]
pub(super) fn PlaceChooser(
    /// The place.
    chosen: RwSignal<Option<PlaceRow>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = LocalResource::new(move || search_places(typed.get()));
    let mut later = debounce(REST, move |text: String| typed.set(text));
    let row = move |place: PlaceRow| {
        let name = if place.above.is_empty() {
            place.name.clone()
        } else {
            format!("{}, {}", place.name, place.above)
        };
        view! {
            <li>
                <button type="button" class="button" on:click=move |_| chosen.set(Some(place.clone()))>
                    {name}
                </button>
            </li>
        }
    };
    let list = move |places: Vec<PlaceRow>| {
        if places.is_empty() {
            return view! { <p class="quiet">{t("place-none")}</p> }.into_any();
        }
        view! { <ul class="found">{places.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    let looking = view! {
        <div hidden=move || chosen.get().is_some()>
            <label>
                <span class="label">{t("place-field")}</span>
                <span class="quiet">{t("place-help")}</span>
                <input
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| later(event_target_value(&event))
                />
            </label>
            {loaded(found, list)}
        </div>
    };
    let there = move || {
        chosen.get().map(|place| {
            view! {
                <span class="label">{t("place-field")}</span>
                <div class="role-line">
                    <strong>{place.name}</strong>
                    <button type="button" class="button" on:click=move |_| chosen.set(None)>
                        {t("place-change")}
                    </button>
                </div>
            }
        })
    };
    view! { <div class="field">{looking} {there}</div> }
}
