//! "Trên máy này": what is saved on this phone, what waits, how to save more or take it away. A phone without network
//! shows this page also in place of one that it does not have.

use leptos::prelude::*;

use super::pack::{PackWords, pack_card};
use crate::i18n::{server::page_locale, t, tf};
use crate::islands::work_state::work_state;
use crate::pages::head;
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let locale = page_locale();
    let courses = site
        .courses
        .iter()
        .map(|course| {
            let words = PackWords { heading: course.title.clone(), what: t("pack-course-what") };
            pack_card(site, locale, course.slug.as_str(), words)
        })
        .collect_view();
    let checker = PackWords { heading: t("pack-check"), what: t("pack-check-what") };
    let content = view! {
        <h1>{t("phone-heading")}</h1>
        <section class="card not-here" aria-labelledby="chua-co">
            <h2 id="chua-co">{t("phone-not-here")}</h2>
            <p>{t("phone-not-here-what")}</p>
            <button class="button again">{t("phone-try-again")}</button>
        </section>
        <p class="net-state">
            <span class="when-online">{t("phone-online")}</span>
            <span class="when-offline">{t("phone-offline")}</span>
        </p>
        <h2>{t("phone-work")}</h2>
        {work_state()}
        <h2>{t("phone-saved")}</h2>
        <noscript>
            <p class="plain-note">{t("phone-no-script")}</p>
        </noscript>
        <p class="plain-note no-worker" hidden>
            {t("phone-no-worker")}
        </p>
        {courses}
        {pack_card(site, locale, "kiem-tra", checker)}
        <section class="card" id="trang-da-mo" hidden>
            <h2>{t("phone-opened")}</h2>
            <ul class="opened"></ul>
        </section>
        <section class="card" id="cho-trong" hidden>
            <h2>{t("phone-room")}</h2>
            <p data-words=tf("phone-room-used", &[("used", "{used}"), ("room", "{room}")])></p>
            <p class="lasting" hidden>
                {t("phone-lasting")}
            </p>
            <p class="not-lasting" hidden>
                {t("phone-not-lasting")}
            </p>
            <button class="button ask-lasting" hidden>
                {t("phone-ask-lasting")}
            </button>
            <p class="quiet asked-in-vain" role="status" hidden>
                {t("phone-asked-in-vain")}
            </p>
        </section>
    };
    (head(t("phone-heading"), t("phone-lead"), "on-phone"), content.into_any())
}
