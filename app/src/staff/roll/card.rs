//! What somebody is handed: her name, code, PIN and a picture for the camera, on paper or to be written down.

use domain::code::LearnerCode;
use leptos::prelude::*;

use crate::components::qr::qr_svg;
use crate::i18n::t;
use crate::phone;

/// The card, with a button that prints it.
#[component]
pub(super) fn Card(
    /// Her name.
    name: String,
    /// Her code.
    code: LearnerCode,
    /// Her PIN; nothing when nobody but she knows it.
    pin: Option<String>,
) -> impl IntoView {
    view! {
        <CardFace name=name code=code pin=pin />
        <p class="no-print">
            <button type="button" class="button" on:click=move |_| phone::print_page()>
                {t("roll-print")}
            </button>
        </p>
    }
}

/// What is on the card.
#[component]
pub(in crate::staff) fn CardFace(
    /// Her name.
    name: String,
    /// Her code.
    code: LearnerCode,
    /// Her PIN; nothing when nobody but she knows it.
    pin: Option<String>,
) -> impl IntoView {
    let link = record_link(&code);
    let qr = qr_svg(&link);
    let pin = match pin {
        Some(pin) => view! {
            <p class="label">{t("people-pin")}</p>
            <p class="secret" translate="no">
                {pin}
            </p>
        }
        .into_any(),
        None => view! { <p>{t("roll-pin-hers")}</p> }.into_any(),
    };
    view! {
        <section class="card narrow learner-card">
            <h2>{name}</h2>
            <p class="label">{t("people-code")}</p>
            <p class="secret" translate="no">
                {code.grouped()}
            </p>
            {pin}
            <div class="qr" role="img" aria-label=t("roll-qr") inner_html=qr></div>
            <p class="qr-words">{t("roll-qr")}</p>
            <p class="quiet">{t("roll-card-keep")}</p>
        </section>
    }
}

/// Returns the address that opens the page of one's own record with the code filled in. The code stands behind `#`: it never
/// travels. The PIN is not in it: whoever finds the card still has to know it.
fn record_link(code: &LearnerCode) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    format!("{origin}/cua-toi#ma={}", code.as_str())
}
