//! Check a certificate: for anyone, with no sign-in, also with no network.

use leptos::prelude::*;

use crate::components::stage::with_data;
use crate::i18n::t;
use crate::islands::check::check_paper;
use crate::pages::head;
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let content = view! {
        <h1>{t("check-heading")}</h1>
        <p class="lead">{t("check-lead")}</p>
        <noscript>
            <p class="plain-note">{t("check-no-script")}</p>
        </noscript>
        {with_data(&site.known_keys.clone(), check_paper)}
    };
    (head(t("check-heading"), t("check-lead"), "check-page"), content.into_any())
}
