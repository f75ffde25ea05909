//! A code and PIN that are shown once, to be written down for a person.

use leptos::prelude::*;

use crate::api::people::GivenCode;
use crate::i18n::{t, tf};
use crate::staff::words;

pub(in crate::staff) fn hand_over(code: GivenCode, given: RwSignal<Option<GivenCode>>) -> impl IntoView {
    view! {
        <section class="card narrow" role="status">
            <h2>{tf("people-given", &[("name", &words::person_name(&code.name))])}</h2>
            <p class="label">{t("people-code")}</p>
            <p class="secret" translate="no">
                {code.code}
            </p>
            <p class="label">{t("people-pin")}</p>
            <p class="secret" translate="no">
                {code.pin}
            </p>
            <p>{t("people-given-what")}</p>
            <button type="button" class="button main" on:click=move |_| given.set(None)>
                {t("people-given-kept")}
            </button>
        </section>
    }
}
