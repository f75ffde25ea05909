//! The frame of every page: head, header with menu, the page, the quiet status line.

pub mod staff;

use std::sync::LazyLock;

use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::views::IconMark;
use crate::i18n::{Locale, server::page_locale, t};
use crate::islands::status::status_line;
use crate::islands::text_size::text_size;
use crate::routes::Page;
use crate::site::Site;

/// The script that stands in every page, without its remarks and indents.
static BOOT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("boot.js").lines().map(str::trim);
    lines.filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n")
});

/// The bundle of islands that learners get.
const LEARNER: &str = "app";

/// The bundle that those who check a certificate get.
const CHECKER: &str = "check";

/// The class of lesson pages.
const LESSON: &str = "lesson";

/// What the frame says about a page.
#[derive(Debug, Clone)]
pub struct Head {
    /// Title of the page, without the site's name.
    pub title: String,
    /// One sentence for search engines and shared links.
    pub description: String,
    /// The page itself, for its address in the other language.
    pub page: Option<Page>,
    /// What the page is drawn as: a class of the body.
    pub class: &'static str,
}

/// Puts a page into its frame.
pub fn frame(site: &Site, head: Head, content: impl IntoView) -> impl IntoView {
    let locale = page_locale();
    let bundle = if head.page == Some(Page::Check) { CHECKER } else { LEARNER };
    let assets = site.assets.clone();
    let name = t("site-name");
    let title = if head.title == name { name.clone() } else { format!("{} – {name}", head.title) };
    let other = Locale::ALL.into_iter().find(|other| *other != locale).unwrap_or_default();
    let other_path = head.page.clone().unwrap_or(Page::Home).path(other);
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() data-bundle=bundle data-made=site.today.to_string()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="description" content=head.description />
                <meta name="theme-color" content="#FBF6EA" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#16181D" media="(prefers-color-scheme: dark)" />
                <script inner_html=BOOT.as_str()></script>
                <link rel="stylesheet" href=format!("{assets}/app.css") />
                <link rel="icon" type="image/svg+xml" href=format!("{assets}/icon.svg") />
                <link rel="apple-touch-icon" href=format!("{assets}/icon-192.png") />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link
                    rel="alternate"
                    hreflang=other.tag()
                    href=format!("{}{other_path}", site.public_url)
                />
                <link rel="modulepreload" href=format!("{assets}/{bundle}.js") />
                <link
                    rel="preload"
                    href=format!("{assets}/{bundle}_bg.wasm")
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin=""
                />
                <link
                    rel="preload"
                    href=format!("{assets}/words-{}.json", locale.tag())
                    r#as="fetch"
                    crossorigin=""
                />
                <script type="module" src=format!("{assets}/islands.js")></script>
            </head>
            <body class=head.class>
                <a class="skip" href="#noi-dung">{t("skip-to-content")}</a>
                <header class="top">
                    <a class="brand" href=Page::Home.path(locale)>
                        {name}
                    </a>
                    <details class="menu">
                        <summary>
                            <IconMark icon=Icon::Menu />
                            {t("menu")}
                        </summary>
                        <nav aria-label=t("menu")>
                            <a href=Page::Home.path(locale)>{t("menu-courses")}</a>
                            <a href=Page::MyLearning.path(locale)>{t("menu-mine")}</a>
                            <a href=Page::Check.path(locale)>{t("menu-check")}</a>
                            <a href=Page::About.path(locale)>{t("menu-about")}</a>
                            {text_size()}
                            <a href=other_path lang=other.tag()>
                                {t("menu-language")}
                            </a>
                        </nav>
                    </details>
                </header>
                <p class="in-app-note">
                    {t("in-app")}
                    <a class="button" href=Page::OpenBrowser.path(locale)>
                        {t("in-app-how")}
                    </a>
                </p>
                <main id="noi-dung">{content.into_any()}</main>
                <footer class="foot">
                    <noscript>
                        <p class="plain-note">{t("no-script")}</p>
                    </noscript>
                    <p class="plain-note below-floor-note">{t("below-floor")}</p>
                    <p class="when-offline">{t("offline-go-on")}</p>
                    // Never in mid-lesson: a new build waits until the lesson is done.
                    {(head.class != LESSON).then(update_note)}
                    {(bundle == LEARNER).then(status_line)}
                    <a class="more" href=Page::OnPhone.path(locale)>
                        {t("menu-phone")}
                    </a>
                </footer>
            </body>
        </html>
    }
}

/// Offers a new build, when the phone has one ready.
fn update_note() -> impl IntoView {
    view! {
        <p class="update-note plain-note" hidden>
            {t("update-ready")}
            <button class="button">{t("update-use")}</button>
        </p>
    }
}
