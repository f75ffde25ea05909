//! Setting up the second factor: the password again, a QR code for the application, its first code, then recovery codes
//! to write down.

use leptos::prelude::*;

use crate::api::account::{
    SecondFactorDraft, begin_second_factor, confirm_second_factor, make_recovery_codes,
};
use crate::components::qr::qr_svg;
use crate::i18n::{t, tf};
use crate::staff::parts::{Doing, Field, PasswordField};

/// Where the set-up stands.
#[derive(Clone, PartialEq)]
enum Step {
    /// Nothing begun.
    Rest,
    /// The password is asked for; whether only recovery codes are wanted.
    Prove { only_codes: bool },
    /// The application reads the secret.
    Scan(SecondFactorDraft),
    /// Codes to write down.
    WriteDown(Vec<String>),
}

#[component]
pub(super) fn SecondFactor(
    /// Whether it is set up.
    set: bool,
    /// Recovery codes left.
    recovery_codes: u32,
) -> impl IntoView {
    let is_set = RwSignal::new(set);
    let left = RwSignal::new(recovery_codes);
    let step = RwSignal::new(Step::Rest);
    let body = move || match step.get() {
        Step::Rest => rest(is_set.get(), left.get(), step),
        Step::Prove { only_codes } => {
            view! { <Prove only_codes=only_codes step=step left=left /> }.into_any()
        }
        Step::Scan(draft) => view! { <Scan draft=draft step=step is_set=is_set left=left /> }.into_any(),
        Step::WriteDown(codes) => write_down(codes, step),
    };
    view! {
        <h2>{t("account-factor")}</h2>
        <section class="card narrow">{body}</section>
    }
}

fn rest(is_set: bool, left: u32, step: RwSignal<Step>) -> AnyView {
    let prove = move |only_codes| step.set(Step::Prove { only_codes });
    let more = is_set.then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| prove(true)>
                {t("account-recovery-new")}
            </button>
        }
    });
    let (class, word) = if is_set {
        ("button", t("account-factor-again"))
    } else {
        ("button main", t("account-factor-begin"))
    };
    view! {
        <p>{t("account-factor-what")}</p>
        {is_set.then(|| view! { <p class="saved-mark">{tf("account-factor-set", &[("count", &left.to_string())])}</p> })}
        <div class="actions">
            <button type="button" class=class on:click=move |_| prove(false)>
                {word}
            </button>
            {more}
        </div>
    }
    .into_any()
}

#[component]
fn Prove(only_codes: bool, step: RwSignal<Step>, left: RwSignal<u32>) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let doing = Doing::new();
    let go_on = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let password = password.get_untracked();
        if only_codes {
            doing.ask(make_recovery_codes(password), move |codes| {
                left.set(u32::try_from(codes.len()).unwrap_or_default());
                step.set(Step::WriteDown(codes));
            });
        } else {
            doing.ask(begin_second_factor(password), move |draft| step.set(Step::Scan(draft)));
        }
    };
    view! {
        <form on:submit=go_on>
            {doing.said()}
            <PasswordField label=t("account-old-password") value=password autocomplete="current-password" />
            <button class="button main" disabled=move || doing.is_busy()>
                {t("code-button")}
            </button>
        </form>
    }
}

#[component]
fn Scan(
    draft: SecondFactorDraft,
    step: RwSignal<Step>,
    is_set: RwSignal<bool>,
    left: RwSignal<u32>,
) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let doing = Doing::new();
    let ticket = draft.ticket;
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doing.ask(confirm_second_factor(ticket.clone(), code.get_untracked()), move |codes| {
            is_set.set(true);
            left.set(u32::try_from(codes.len()).unwrap_or_default());
            step.set(Step::WriteDown(codes));
        });
    };
    view! {
        <p>{t("account-factor-scan")}</p>
        <div class="qr" role="img" aria-label=t("account-factor-qr") inner_html=qr_svg(&draft.link)></div>
        <p>{t("account-factor-type")}</p>
        <p class="secret" translate="no">
            {in_groups(&draft.secret)}
        </p>
        <form on:submit=confirm>
            {doing.said()}
            <Field
                label=t("account-factor-first")
                value=code
                autocomplete="one-time-code"
                keyboard="numeric"
            />
            <button class="button main" disabled=move || doing.is_busy()>
                {t("account-factor-confirm")}
            </button>
        </form>
    }
}

fn write_down(codes: Vec<String>, step: RwSignal<Step>) -> AnyView {
    let rows: Vec<_> = codes.into_iter().map(|code| view! { <li class="secret">{code}</li> }).collect();
    view! {
        <h3>{t("account-recovery")}</h3>
        <p>{t("account-recovery-what")}</p>
        <ul class="codes">{rows}</ul>
        <button type="button" class="button main" on:click=move |_| step.set(Step::Rest)>
            {t("account-recovery-kept")}
        </button>
    }
    .into_any()
}

/// Returns a secret in groups of four, as people read it off.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join(" ")
}
