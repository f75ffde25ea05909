//! Before the list is open: setting it up, opening it, and choosing another secret when the first is forgotten.

use leptos::prelude::*;

use super::desk::Desk;
use crate::i18n::{t, tf};
use crate::offline::keyring::{SECRET_MIN_CHARS, Unlocked};
use crate::phone;
use crate::staff::parts::{Doing, PasswordField};

/// Sets the list up on this phone.
#[component]
pub(super) fn Prepare(
    /// The list.
    desk: Desk,
) -> impl IntoView {
    view! {
        <section class="card narrow">
            <h2>{t("roll-prepare")}</h2>
            <p>{t("roll-prepare-what")}</p>
            <NewSecret button=t("roll-prepare-button") act=move |secret, doing: Doing| {
                doing.ask(desk.prepare(secret), |()| ());
            } />
        </section>
    }
}

/// Two fields for a new secret. What is typed stays when the server says no.
#[component]
fn NewSecret(
    /// The word on the button.
    button: String,
    /// Does it.
    act: impl Fn(String, Doing) + Copy + 'static,
) -> impl IntoView {
    let (secret, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let doing = Doing::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = secret.get_untracked();
        if chosen.chars().count() < SECRET_MIN_CHARS {
            doing.refuse("secret-short");
        } else if chosen != again.get_untracked() {
            doing.refuse("secret-differs");
        } else {
            act(chosen, doing);
        }
    };
    view! {
        <form on:submit=submit>
            <PasswordField
                label=t("roll-secret-new")
                help=tf("roll-secret-help", &[("characters", &SECRET_MIN_CHARS.to_string())])
                value=secret
                autocomplete="new-password"
            />
            <PasswordField label=t("roll-secret-again") value=again autocomplete="new-password" />
            {doing.said()}
            <button class="button main" disabled=move || doing.is_busy()>
                {button}
            </button>
        </form>
    }
}

/// What a try to open came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Wrong,
    Wait(i64),
    Trouble,
}

/// Opens the list.
#[component]
pub(super) fn Unlock(
    /// The list.
    desk: Desk,
) -> impl IntoView {
    let secret = RwSignal::new(String::new());
    let (said, busy) = (RwSignal::new(Said::Nothing), RwSignal::new(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        phone::run(async move {
            let unlocked = desk.unlock(secret.get_untracked()).await;
            busy.set(false);
            said.set(match unlocked {
                Ok(Unlocked::Open | Unlocked::Nothing) => Said::Nothing,
                Ok(Unlocked::Wrong) => Said::Wrong,
                Ok(Unlocked::Wait(ms)) => Said::Wait(ms),
                Err(_) => Said::Trouble,
            });
        });
    };
    let words = move || {
        let words = match said.get() {
            Said::Nothing => return None,
            Said::Wrong => t("roll-secret-wrong"),
            Said::Wait(ms) => tf("roll-secret-wait", &[("seconds", &(ms / 1000 + 1).to_string())]),
            Said::Trouble => t("problem-phone-storage"),
        };
        Some(view! { <p class="said now" role="alert">{words}</p> })
    };
    view! {
        <form class="card narrow" on:submit=submit>
            <h2>{t("roll-open")}</h2>
            <PasswordField label=t("roll-secret") value=secret autocomplete="current-password" />
            {words}
            <button class="button main" disabled=move || busy.get()>
                {move || if busy.get() { t("roll-opening") } else { t("roll-open-button") }}
            </button>
        </form>
        <details class="narrow">
            <summary>{t("roll-forgot")}</summary>
            <p>{t("roll-forgot-what")}</p>
            <NewSecret button=t("roll-forgot-button") act=move |secret, doing: Doing| {
                doing.ask(desk.renew(secret), |()| ());
            } />
        </details>
    }
}
