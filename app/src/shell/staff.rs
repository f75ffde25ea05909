//! The frame of staff pages: their own menu, style and bundle. Nothing of it is in learners' pages.

use leptos::prelude::*;

use super::BOOT;
use crate::components::icon::Icon;
use crate::components::views::IconMark;
use crate::i18n::{Locale, server::page_locale, t};
use crate::islands::text_size::text_size;
use crate::routes::{Page, StaffPage};
use crate::site::Site;

/// The bundle that staff get.
const STAFF: &str = "staff";

/// What the menu leads to.
const MENU: [StaffPage; 13] = [
    StaffPage::Home,
    StaffPage::Roll,
    StaffPage::People,
    StaffPage::Classes,
    StaffPage::Lists,
    StaffPage::LookAlikes,
    StaffPage::Places,
    StaffPage::Reconcile,
    StaffPage::Requests,
    StaffPage::Incidents,
    StaffPage::Colleagues,
    StaffPage::Audit,
    StaffPage::Account,
];

/// Puts a page for staff into its frame.
pub(crate) fn frame(site: &Site, page: StaffPage, title: String, content: impl IntoView) -> impl IntoView {
    let locale = page_locale();
    let assets = site.assets.clone();
    let title = format!("{title} – {}", t("staff-site"));
    let other = Locale::ALL.into_iter().find(|other| *other != locale).unwrap_or_default();
    let link = |to: StaffPage, words: String| {
        let current = (to == page).then_some("page");
        view! {
            <a href=Page::Staff(to).path(locale) aria-current=current>
                {words}
            </a>
        }
    };
    let signing_in = matches!(page, StaffPage::SignIn | StaffPage::SecondFactor | StaffPage::NewPassword);
    let menu = (!signing_in).then(|| {
        view! {
            {MENU.map(|to| link(to, menu_words(to))).collect_view()}
            {link(StaffPage::SignOut, t("sign-out-button"))}
        }
    });
    let bundle = page.needs_script().then(|| {
        view! {
            <link rel="modulepreload" href=format!("{assets}/{STAFF}.js") />
            <link
                rel="preload"
                href=format!("{assets}/{STAFF}_bg.wasm")
                r#as="fetch"
                r#type="application/wasm"
                crossorigin=""
            />
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() data-bundle=STAFF data-made=site.today.to_string()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="robots" content="noindex" />
                <meta name="theme-color" content="#FBF6EA" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#16181D" media="(prefers-color-scheme: dark)" />
                <script inner_html=BOOT.as_str()></script>
                <link rel="stylesheet" href=format!("{assets}/app.css") />
                <link rel="stylesheet" href=format!("{assets}/staff.css") />
                <link rel="icon" type="image/svg+xml" href=format!("{assets}/icon.svg") />
                {bundle}
                <script type="module" src=format!("{assets}/staff-start.js")></script>
            </head>
            <body class="staff">
                <a class="skip" href="#noi-dung">
                    {t("skip-to-content")}
                </a>
                <header class="top">
                    <a class="brand" href=Page::Staff(StaffPage::Home).path(locale)>
                        {t("site-name")}
                        " · "
                        {t("staff-site")}
                    </a>
                    <details class="menu">
                        <summary>
                            <IconMark icon=Icon::Menu />
                            {t("menu")}
                        </summary>
                        <nav aria-label=t("menu")>
                            {menu} <a href=Page::Home.path(locale)>{t("staff-for-learners")}</a> {text_size()}
                            <a href=Page::Staff(page).path(other) lang=other.tag()>
                                {t("menu-language")}
                            </a>
                        </nav>
                    </details>
                </header>
                <main id="noi-dung">{content.into_any()}</main>
                <footer class="foot">
                    <p class="plain-note below-floor-note">{t("below-floor")}</p>
                </footer>
            </body>
        </html>
    }
}

fn menu_words(page: StaffPage) -> String {
    match page {
        StaffPage::People => t("staff-people"),
        StaffPage::Classes => t("staff-classes"),
        StaffPage::Lists => t("staff-lists"),
        StaffPage::LookAlikes => t("staff-look-alikes"),
        StaffPage::Places => t("staff-places"),
        StaffPage::Colleagues => t("staff-colleagues"),
        StaffPage::Audit => t("staff-audit"),
        StaffPage::Reconcile => t("staff-reconcile"),
        StaffPage::Roll => t("staff-roll"),
        StaffPage::Requests => t("staff-requests"),
        StaffPage::Incidents => t("staff-incidents"),
        StaffPage::Account => t("staff-account"),
        _ => t("staff-home"),
    }
}
