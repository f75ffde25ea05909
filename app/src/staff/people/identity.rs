//! The identity number of a person, where an authority asks for it: three digits are shown, no more is kept.

use domain::ids::LearnerId;
use leptos::prelude::*;

use crate::api::people::{IdentityNoticed, IdentityShown, keep_identity};
use crate::i18n::{t, tf};
use crate::staff::parts::{Careful, Doing, Field};
use crate::staff::reconcile_words;

/// Draws what is kept and how it changes; nothing where none is kept at all.
#[component]
pub(super) fn Identity(
    /// Whose.
    id: LearnerId,
    /// What is kept of it.
    shown: IdentityShown,
) -> impl IntoView {
    let end = match shown {
        IdentityShown::Off => return ().into_any(),
        IdentityShown::Nothing => None,
        IdentityShown::Ends(end) => Some(end),
    };
    let (end, number, doing) = (RwSignal::new(end), RwSignal::new(String::new()), Doing::new());
    let noticed = RwSignal::new(None::<IdentityNoticed>);
    let keep = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let written = number.get_untracked();
        doing.ask(keep_identity(id, written.clone()), move |found| {
            let digits: Vec<char> = written.chars().filter(char::is_ascii_digit).collect();
            end.set(Some(digits[digits.len().saturating_sub(3)..].iter().collect()));
            number.set(String::new());
            noticed.set(Some(found));
        });
    };
    let remove = move |()| {
        doing.ask(keep_identity(id, String::new()), move |_| {
            end.set(None);
            noticed.set(None);
        });
    };
    let what = move || match end.get() {
        Some(end) => tf("identity-ends", &[("end", &end)]),
        None => t("identity-none"),
    };
    view! {
        <details class="card narrow">
            <summary>
                <h3>{t("identity")}</h3>
            </summary>
            <p>{what}</p>
            {move || noticed.get().map(|noticed| said(&noticed))}
            <form on:submit=keep>
                <Field label=t("identity-field") help=t("identity-help") value=number keyboard="numeric" />
                {doing.said()}
                <button class="button" disabled=move || doing.is_busy()>
                    {t("identity-keep")}
                </button>
            </form>
            <div class="actions" hidden=move || end.read().is_none()>
                <Careful word=t("identity-remove") what=t("identity-remove-what") doing=doing act=remove />
            </div>
        </details>
    }
    .into_any()
}

/// Draws what was noticed: somebody else with the number, another birth year.
fn said(noticed: &IdentityNoticed) -> AnyView {
    let names: Vec<String> = noticed.also.iter().map(reconcile_words::person).collect();
    let also = (!names.is_empty())
        .then(|| view! { <p class="plain-note">{tf("identity-also", &[("names", &names.join("; "))])}</p> });
    let year = noticed.year_differs.then(|| view! { <p class="plain-note">{t("identity-year")}</p> });
    view! {
        <p class="said now good" role="status">
            {t("people-saved")}
        </p>
        {also}
        {year}
    }
    .into_any()
}
