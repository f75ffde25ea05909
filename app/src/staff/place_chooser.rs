//! Choosing a place by typing a part of its name.

use leptos::prelude::*;

use super::parts::{SearchField, loaded};
use crate::api::places::{PlaceRow, search_places};
use crate::i18n::t;

/// A field that finds places; `chosen` is the one that was tapped.
#[component]
pub(super) fn PlaceChooser(
    /// The place.
    chosen: RwSignal<Option<PlaceRow>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = LocalResource::new(move || search_places(typed.get()));
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
            <SearchField label=t("place-field") help=t("place-help") typed=move |text| typed.set(text) />
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
