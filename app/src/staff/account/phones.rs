//! The phones I use in villages, and taking one off that is lost.

use leptos::prelude::*;

use crate::api::phones::{PhoneRow, list_phones, untie_phone};
use crate::i18n::{t, tf};
use crate::staff::parts::{Careful, Doing, loaded};
use crate::staff::words;

#[component]
pub(super) fn Phones() -> impl IntoView {
    let phones = LocalResource::new(list_phones);
    let doing = Doing::new();
    let row = move |phone: PhoneRow| {
        let (since, seen) = (words::when(phone.tied_ms), words::when(phone.seen_ms));
        let label = if phone.label.is_empty() { t("account-phone") } else { phone.label };
        let untie = move |()| doing.ask(untie_phone(phone.device), move |()| phones.refetch());
        view! {
            <li>
                <h3>{label}</h3>
                <p class="quiet">{tf("account-session-since", &[("since", &since), ("seen", &seen)])}</p>
                <Careful
                    word=t("account-phone-untie")
                    what=t("account-phone-untie-what")
                    doing=doing
                    act=untie
                />
            </li>
        }
    };
    view! {
        {doing.said()}
        {loaded(
            phones,
            move |found: Vec<PhoneRow>| {
                if found.is_empty() {
                    return ().into_any();
                }
                view! {
                    <h2>{t("account-phones")}</h2>
                    <ul class="rows">{found.into_iter().map(row).collect_view()}</ul>
                }
                    .into_any()
            },
        )}
    }
}
