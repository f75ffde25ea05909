//! Pages for staff. Signing in and out are plain forms; the others are a shell in which `app::staff` draws what server
//! functions answer. Every page is the same for everybody.

use leptos::prelude::*;

use crate::i18n::t;
use crate::pages::retention;
use crate::routes::StaffPage;
use crate::shell::staff::frame;
use crate::site::Site;

/// Returns a page in its frame.
pub(super) fn draw(site: &Site, page: StaffPage) -> AnyView {
    let (heading, content) = match page {
        StaffPage::Home => (t("staff-home"), shell(t("staff-home-lead"), "home")),
        StaffPage::SignIn => (t("sign-in-heading"), sign_in(site.single_sign_on)),
        StaffPage::SecondFactor => (t("code-heading"), second_factor()),
        StaffPage::NewPassword => (t("new-password-heading"), new_password()),
        StaffPage::SignOut => (t("sign-out-heading"), sign_out()),
        StaffPage::Account => (t("staff-account"), shell(String::new(), "account")),
        StaffPage::People => (t("staff-people"), shell(t("people-lead"), "people")),
        StaffPage::Classes => (t("staff-classes"), shell(t("classes-lead"), "classes")),
        StaffPage::Lists => (t("staff-lists"), shell(t("lists-lead"), "lists")),
        StaffPage::LookAlikes => (t("staff-look-alikes"), shell(t("look-alikes-lead"), "look-alikes")),
        StaffPage::Places => (t("staff-places"), shell(t("places-lead"), "places")),
        StaffPage::Colleagues => (t("staff-colleagues"), shell(t("colleagues-lead"), "colleagues")),
        StaffPage::Audit => (t("staff-audit"), shell(t("audit-lead"), "audit")),
        StaffPage::Roll => (t("staff-roll"), shell(t("roll-lead"), "roll")),
        StaffPage::Reconcile => (t("staff-reconcile"), shell(t("reconcile-lead"), "reconcile")),
        StaffPage::Incidents => (t("staff-incidents"), shell(t("incidents-lead"), "incidents")),
        StaffPage::Requests => (t("staff-requests"), requests(site)),
    };
    let content = view! {
        <h1>{heading.clone()}</h1>
        {content}
    };
    frame(site, page, heading, content).into_any()
}

/// The place in which the browser draws.
fn shell(lead: String, name: &'static str) -> AnyView {
    view! {
        {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
        <noscript>
            <p class="plain-note">{t("staff-no-script")}</p>
        </noscript>
        <div id="staff" data-page=name>
            <p class="quiet">{t("staff-loading")}</p>
        </div>
    }
    .into_any()
}

/// The register of requests, and below it how long everything is kept.
fn requests(site: &Site) -> AnyView {
    view! {
        {shell(t("requests-lead"), "requests")}
        <details class="card">
            <summary>
                <h2>{t("kept-heading")}</h2>
            </summary>
            {retention::table(site)}
        </details>
    }
    .into_any()
}

/// A sentence that shows when the address names it: the form leads back here.
fn said(place: &'static str, words: String) -> impl IntoView {
    view! {
        <p class="said" id=place role="alert">
            {words}
        </p>
    }
}

/// Where signing in with an account elsewhere begins.
const ELSEWHERE: &str = "/quan-ly/dang-nhap-mot-lan";

fn sign_in(single_sign_on: bool) -> AnyView {
    let elsewhere = single_sign_on.then(|| {
        view! {
            <p class="narrow">
                <a class="button" href=ELSEWHERE>
                    {t("sign-in-elsewhere")}
                </a>
            </p>
        }
    });
    view! {
        <p class="lead">{t("sign-in-lead")}</p>
        {said("chua-dung", t("sign-in-wrong"))}
        {said("cho-mot-lat", t("sign-in-wait"))}
        {said("dang-ban", t("sign-in-busy"))}
        {said("het-phien", t("sign-in-over"))}
        {said("da-ra", t("sign-in-left"))}
        {said("chua-gan", t("sign-in-unknown"))}
        <form method="post" class="card">
            <label class="field">
                <span class="label">{t("sign-in-name")}</span>
                <input
                    name="name"
                    required
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="80"
                />
            </label>
            <label class="field">
                <span class="label">{t("sign-in-password")}</span>
                <input
                    type="password"
                    name="password"
                    required
                    autocomplete="current-password"
                    maxlength="200"
                />
            </label>
            <button class="button main">{t("sign-in-button")}</button>
        </form>
        {elsewhere}
        <p class="quiet">{t("sign-in-lost")}</p>
    }
    .into_any()
}

fn second_factor() -> AnyView {
    view! {
        <p class="lead">{t("code-lead")}</p>
        {said("chua-dung", t("code-wrong"))}
        {said("cho-mot-lat", t("sign-in-wait"))}
        {said("dang-ban", t("sign-in-busy"))}
        <form method="post" class="card">
            <label class="field">
                <span class="label">{t("code-field")}</span>
                <input name="code" required autocomplete="one-time-code" inputmode="numeric" maxlength="20" />
            </label>
            <button class="button main">{t("code-button")}</button>
        </form>
        <p class="quiet">{t("code-lost")}</p>
    }
    .into_any()
}

fn new_password() -> AnyView {
    view! {
        <p class="lead">{t("new-password-lead")}</p>
        {said("chua-dung", t("new-password-refused"))}
        {said("khac-nhau", t("new-password-differs"))}
        {said("dang-ban", t("sign-in-busy"))}
        <form method="post" class="card">
            <label class="field">
                <span class="label">{t("new-password-field")}</span>
                <span class="quiet">{t("new-password-help")}</span>
                <input type="password" name="password" required autocomplete="new-password" maxlength="200" />
            </label>
            <label class="field">
                <span class="label">{t("new-password-again")}</span>
                <input type="password" name="again" required autocomplete="new-password" maxlength="200" />
            </label>
            <button class="button main">{t("new-password-button")}</button>
        </form>
    }
    .into_any()
}

fn sign_out() -> AnyView {
    view! {
        <p class="lead">{t("sign-out-lead")}</p>
        <form method="post">
            <button class="button main">{t("sign-out-button")}</button>
        </form>
    }
    .into_any()
}
