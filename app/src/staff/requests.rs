//! What people ask about their own data: the register with its clocks, the most urgent first, and what can be done at once.

mod card;
mod enter;
mod inactive;

use leptos::prelude::*;

use self::card::Card;
use self::enter::Enter;
use self::inactive::InactivePeople;
use super::parts::{Asked, loaded};
use super::words;
use crate::api::requests::{RequestRow, list_requests};
use crate::i18n::t;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Register {
    /// What is shown.
    rows: LocalResource<Asked<Vec<RequestRow>>>,
    /// What was just done.
    said: RwSignal<String>,
}

impl Register {
    /// Says what was done, and shows how things stand now.
    fn done(self, words: String) {
        self.said.set(words);
        self.rows.refetch();
        words::go_to_the_top();
    }
}

/// The page.
#[component]
pub(super) fn RequestsPage() -> impl IntoView {
    let closed = RwSignal::new(false);
    let rows = LocalResource::new(move || list_requests(closed.get()));
    let register = Register { rows, said: RwSignal::new(String::new()) };
    let choice = move |value: bool, word: String| {
        view! {
            <button
                type="button"
                class="button"
                aria-pressed=move || (closed.get() == value).to_string()
                on:click=move |_| {
                    register.said.set(String::new());
                    closed.set(value);
                }
            >
                {word}
            </button>
        }
    };
    let draw = move |rows: Vec<RequestRow>| {
        if rows.is_empty() {
            let none = if closed.get_untracked() { t("requests-none-closed") } else { t("requests-none") };
            return view! { <p>{none}</p> }.into_any();
        }
        let card = |row| view! { <Card row=row register=register /> };
        view! { <ul class="rows">{rows.into_iter().map(card).collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="actions tabs">
            {choice(false, t("requests-open"))} {choice(true, t("requests-closed"))}
        </div>
        <p class="said good" class:now=move || !register.said.read().is_empty() role="status">
            {move || register.said.get()}
        </p>
        {loaded(rows, draw)}
        <Enter register=register />
        <InactivePeople />
        <p class="quiet">{t("requests-days")}</p>
    }
}
