//! Codes and PINs of a class on paper: one card each, to be cut apart. Shown once.

use leptos::prelude::*;

use crate::api::people::GivenCode;
use crate::i18n::{t, tf};
use crate::phone;
use crate::staff::roll::card::CardFace;
use crate::staff::words;

#[component]
pub(super) fn Cards(
    /// Whose.
    cards: RwSignal<Vec<GivenCode>>,
) -> impl IntoView {
    let card = |given: GivenCode| {
        let name = words::person_name(&given.name);
        // Sent in groups; whoever cannot read it has nothing to hand out.
        let code = given.code.parse().ok();
        code.map(|code| view! { <CardFace name=name code=code pin=Some(given.pin) /> })
    };
    let sheet = move || {
        let cards_now = cards.get();
        (!cards_now.is_empty()).then(|| {
            let count = cards_now.len().to_string();
            view! {
                <section role="status">
                    <div class="no-print">
                        <h2>{tf("class-cards", &[("count", &count)])}</h2>
                        <p>{t("class-cards-what")}</p>
                        <div class="actions">
                            <button type="button" class="button main" on:click=move |_| phone::print_page()>
                                {t("class-cards-print")}
                            </button>
                            <button type="button" class="button" on:click=move |_| cards.set(vec![])>
                                {t("class-cards-done")}
                            </button>
                        </div>
                    </div>
                    <div class="cards">{cards_now.into_iter().map(card).collect_view()}</div>
                </section>
            }
        })
    };
    view! { {sheet} }
}
