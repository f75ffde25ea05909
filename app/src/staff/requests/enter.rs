//! Writing down what somebody asked who came in person.

use domain::consent::ConsentPurpose;
use domain::request::RequestKind;
use leptos::prelude::*;

use super::Register;
use crate::api::people::PersonChoice;
use crate::api::requests::{enter_request, find_person_for_request};
use crate::i18n::{t, tf};
use crate::staff::parts::Doing;
use crate::staff::person_chooser::PersonChooser;
use crate::staff::{reconcile_words, words};

#[component]
pub(super) fn Enter(register: Register) -> impl IntoView {
    let person = RwSignal::new(None::<PersonChoice>);
    let kind = RwSignal::new(RequestKind::See);
    let purpose = RwSignal::new(ConsentPurpose::LearningRecord);
    let (written, doing) = (RwSignal::new(String::new()), Doing::new());
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(chosen) = person.get_untracked() else { return doing.refuse("field-refused") };
        let kind = kind.get_untracked();
        let purpose = (kind == RequestKind::Withdraw).then(|| purpose.get_untracked());
        let asked = enter_request(chosen.id, kind, purpose, written.get_untracked());
        doing.ask(asked, move |()| {
            person.set(None);
            written.set(String::new());
            register.done(t("requests-entered"));
        });
    };
    let choose = move |event| {
        let name = event_target_value(&event);
        let chosen = RequestKind::ALL.into_iter().find(|kind| kind.as_str() == name);
        kind.set(chosen.unwrap_or(RequestKind::See));
    };
    let option = |kind: RequestKind| {
        view! { <option value=kind.as_str()>{words::request_kind(kind)}</option> }
    };
    let choose_purpose = move |event| {
        let name = event_target_value(&event);
        let chosen = ConsentPurpose::ALL.into_iter().find(|purpose| purpose.as_str() == name);
        purpose.set(chosen.unwrap_or(ConsentPurpose::LearningRecord));
    };
    let purposes = move || {
        let option = |purpose: ConsentPurpose| {
            view! { <option value=purpose.as_str()>{words::purpose(purpose)}</option> }
        };
        (kind.get() == RequestKind::Withdraw).then(|| {
            view! {
                <label class="field">
                    <span class="label">{t("requests-purpose")}</span>
                    <select on:change=choose_purpose>{ConsentPurpose::ALL.map(option).collect_view()}</select>
                </label>
            }
        })
    };
    let whose = move || match person.get() {
        Some(chosen) => {
            let name = reconcile_words::person(&chosen);
            view! {
                <p class="role-line">
                    <strong>{tf("requests-for", &[("name", &name)])}</strong>
                    <button type="button" class="button" on:click=move |_| person.set(None)>
                        {t("requests-somebody-else")}
                    </button>
                </p>
            }
            .into_any()
        }
        None => {
            let chosen = move |choice| person.set(Some(choice));
            view! { <PersonChooser label=t("requests-whose") find=find_person_for_request chosen=chosen /> }
                .into_any()
        }
    };
    view! {
        <details class="card narrow">
            <summary>
                <h2>{t("requests-enter")}</h2>
            </summary>
            <form on:submit=enter>
                {whose} <label class="field">
                    <span class="label">{t("requests-what")}</span>
                    <select on:change=choose>{RequestKind::ALL.map(option).collect_view()}</select>
                </label> {purposes} <label class="field">
                    <span class="label">{t("requests-words")}</span>
                    <textarea rows="3" maxlength="400" bind:value=written></textarea>
                </label> {doing.said()} <button class="button main" disabled=move || doing.is_busy()>
                    {t("requests-enter-button")}
                </button>
            </form>
        </details>
    }
}
