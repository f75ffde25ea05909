//! An address that is no page's: says so kindly and leads home.

use leptos::prelude::*;

use crate::i18n::{server::page_locale, t};
use crate::pages::head;
use crate::routes::Page;
use crate::shell::Head;

pub(super) fn page() -> (Head, AnyView) {
    let content = view! {
        <h1>{t("not-found-heading")}</h1>
        <p class="lead">{t("not-found-lead")}</p>
        <a class="button main" href=Page::Home.path(page_locale())>
            {t("not-found-home")}
        </a>
    };
    (head(t("not-found-heading"), t("not-found-lead"), "not-found"), content.into_any())
}
