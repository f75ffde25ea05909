//! The card with which a course is saved on the phone. All its states are drawn here; `saved.js` shows one of them and
//! fills in the numbers, so that it works where wasm does not.

use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::views::IconMark;
use crate::i18n::{Locale, t, tf};
use crate::site::Site;

/// What a card says about its pack.
pub(super) struct PackWords {
    /// Its name.
    pub(super) heading: String,
    /// What one has of it.
    pub(super) what: String,
}

/// Draws words with numbers that are known on the phone only: `saved.js` puts them in place of `{size}` and the like.
fn filled_in(key: &'static str) -> impl IntoView {
    let names = [("size", "{size}"), ("done", "{done}"), ("all", "{all}"), ("room", "{room}")];
    view! { <span data-words=tf(key, &names)></span> }
}

/// Draws the card of a pack.
pub(super) fn pack_card(site: &Site, locale: Locale, name: &str, words: PackWords) -> impl IntoView {
    view! {
        <section class="card pack" data-pack=format!("/goi/{}/{name}.json", locale.tag()) data-state="unknown">
            <h2>{words.heading}</h2>
            <div data-when="unknown">
                <p class="quiet">{t("pack-unknown")}</p>
            </div>
            <div data-when="absent">
                <p>{words.what}</p>
                <button class="button main" data-do="save">
                    <IconMark icon=Icon::Save />
                    {filled_in("pack-save")}
                </button>
            </div>
            <div data-when="loading" role="status">
                <progress max="1" value="0" aria-label=t("pack-progress")></progress>
                <p>{filled_in("pack-loading")}</p>
                <button class="button" data-do="pause">
                    {t("pack-pause")}
                </button>
            </div>
            <div data-when="paused">
                <p>{filled_in("pack-paused")}</p>
                <button class="button main" data-do="save">
                    {t("pack-resume")}
                </button>
            </div>
            <div data-when="broken">
                <p>{filled_in("pack-broken")}</p>
                <button class="button main" data-do="save">
                    {t("pack-resume")}
                </button>
            </div>
            <div data-when="full">
                <p>{filled_in("pack-full")}</p>
                <button class="button" data-do="save">
                    {t("pack-try-again")}
                </button>
            </div>
            <div data-when="changed">
                <p>{filled_in("pack-changed")}</p>
                <button class="button main" data-do="save">
                    {t("pack-update")}
                </button>
            </div>
            <div data-when="saved">
                <p class="saved-mark">
                    <IconMark icon=Icon::Check />
                    {t("pack-saved")}
                </p>
            </div>
            <div data-when="saved changed">
                <details>
                    <summary>{t("pack-remove")}</summary>
                    <p>{t("pack-remove-what")}</p>
                    <button class="button" data-do="remove">
                        {t("pack-remove-sure")}
                    </button>
                </details>
            </div>
        </section>
        {script(site)}
    }
}

/// The script of all cards of a page; a browser runs a module once, however often it is named.
fn script(site: &Site) -> impl IntoView {
    view! { <script type="module" src=format!("{}/saved.js", site.assets)></script> }
}
