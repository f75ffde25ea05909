//! What this is, and what it keeps about people.

use leptos::prelude::*;

use crate::i18n::{authored, server::page_locale, t, tf};
use crate::pages::{head, retention};
use crate::routes::{Page, StaffPage};
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let content = view! {
        <h1>{t("about-heading")}</h1>
        <p class="lead">{t("about-lead")}</p>
        <p>{t("about-story")}</p>
        <h2>{t("about-lamps-heading")}</h2>
        <p>{t("about-lamps")}</p>
        <h2>{t("about-data-heading")}</h2>
        <p>{t("about-data-here")}</p>
        <p>{t("about-data-kept")}</p>
        <p>{t("about-data-not")}</p>
        <p>{t("about-data-rights")}</p>
        <h2>{t("kept-heading")}</h2>
        {retention::table(site)}
        <h2>{t("about-paper-heading")}</h2>
        <p lang=authored()>{site.rule.text.clone()}</p>
        <p lang=authored()>{site.rule.legal_basis.clone()}</p>
        <p class="quiet">{tf("about-issuer", &[("issuer", &site.issuer)])}</p>
        <p>
            <a class="more" href=Page::Staff(StaffPage::Home).path(page_locale())>
                {t("staff-door")}
            </a>
        </p>
    };
    (head(t("about-heading"), t("about-lead"), "about"), content.into_any())
}
