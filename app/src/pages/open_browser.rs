//! How to get from the window of Zalo or Facebook to the real browser, where the record is kept and lessons can be saved.

use leptos::prelude::*;

use crate::components::qr::qr_svg;
use crate::i18n::{server::page_locale, t};
use crate::pages::head;
use crate::routes::Page;
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let start = Page::Home.path(page_locale());
    let address = format!("{}{}", site.public_url, if start == "/" { "" } else { &start });
    let content = view! {
        <h1>{t("browser-heading")}</h1>
        <p class="lead">{t("browser-lead")}</p>
        <ol>
            <li>{t("browser-menu")}</li>
            <li>{t("browser-choose")}</li>
        </ol>
        <p>{t("browser-else")}</p>
        <section class="card">
            <p class="address" translate="no">
                {address.clone()}
            </p>
            <button class="button main copy" data-copy=address.clone() hidden>
                {t("browser-copy")}
            </button>
            <p class="quiet copied" role="status">
                <span hidden>{t("browser-copied")}</span>
            </p>
        </section>
        <h2>{t("browser-other-phone")}</h2>
        <p>{t("browser-scan")}</p>
        <div class="qr" role="img" aria-label=t("browser-scan") inner_html=qr_svg(&address)></div>
        <p>{t("browser-record")}</p>
        <script type="module" src=format!("{}/copy.js", site.assets)></script>
    };
    (head(t("browser-heading"), t("browser-lead"), "open-browser"), content.into_any())
}
