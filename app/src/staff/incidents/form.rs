//! The form of an incident: what happened, whom it concerns, what was done. May be incomplete: the clock runs from detection.

use leptos::prelude::*;

use super::Register;
use crate::api::incidents::{IncidentDraft, IncidentRow, IncidentText, keep_incident};
use crate::api::people::PersonChoice;
use crate::api::requests::find_person_for_request;
use crate::i18n::{t, tf};
use crate::staff::parts::{Doing, Field};
use crate::staff::person_chooser::PersonChooser;
use crate::staff::{reconcile_words, words};

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    what: RwSignal<String>,
    detected: RwSignal<String>,
    kinds: RwSignal<String>,
    number: RwSignal<String>,
    harm: RwSignal<String>,
    done: RwSignal<String>,
    told_at: RwSignal<String>,
    told: RwSignal<String>,
    people: RwSignal<Vec<PersonChoice>>,
}

impl Typed {
    fn of(row: Option<&IncidentRow>) -> Self {
        let text = row.map(|row| row.text.clone()).unwrap_or_default();
        let moment = |ms: Option<i64>| RwSignal::new(ms.map(words::moment_field).unwrap_or_default());
        Self {
            what: RwSignal::new(text.what),
            detected: moment(row.map(|_| text.detected_ms)),
            kinds: RwSignal::new(text.kinds),
            number: RwSignal::new(text.people_number.to_string()),
            harm: RwSignal::new(text.harm),
            done: RwSignal::new(text.done),
            told_at: moment(text.told_ms),
            told: RwSignal::new(text.told),
            people: RwSignal::new(row.map(|row| row.people.clone()).unwrap_or_default()),
        }
    }

    /// Returns what is typed; nothing when the moment of detection is none.
    fn read(self) -> Option<IncidentText> {
        Some(IncidentText {
            what: self.what.get_untracked(),
            detected_ms: words::read_moment(&self.detected.get_untracked())?,
            kinds: self.kinds.get_untracked(),
            people_number: self.number.get_untracked().trim().parse().ok()?,
            harm: self.harm.get_untracked(),
            done: self.done.get_untracked(),
            told_ms: words::read_moment(&self.told_at.get_untracked()),
            told: self.told.get_untracked(),
        })
    }
}

#[component]
pub(super) fn Form(row: Option<IncidentRow>, register: Register) -> impl IntoView {
    let (typed, doing) = (Typed::of(row.as_ref()), Doing::new());
    let (id, version) = (row.as_ref().map(|row| row.id), row.as_ref().map_or(0, |row| row.version));
    let keep = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(text) = typed.read() else { return doing.refuse("field-refused") };
        let people = typed.people.get_untracked().iter().map(|person| person.id).collect();
        let draft = IncidentDraft { id, version, place: None, text, people };
        doing.ask(keep_incident(draft), move |()| register.done(t("incidents-kept")));
    };
    let area = |label: String, value: RwSignal<String>, required: bool| {
        view! {
            <label class="field">
                <span class="label">{label}</span>
                <textarea rows="3" maxlength="800" required=required bind:value=value></textarea>
            </label>
        }
    };
    view! {
        <form class="narrow" on:submit=keep>
            {area(t("incidents-what"), typed.what, true)}
            <Field label=t("incidents-detected") value=typed.detected kind="datetime-local" />
            {area(t("incidents-kinds"), typed.kinds, false)}
            <Field label=t("incidents-number") value=typed.number keyboard="numeric" />
            <People people=typed.people />
            {area(t("incidents-harm"), typed.harm, false)}
            {area(t("incidents-done"), typed.done, false)}
            <Field label=t("incidents-told-when") value=typed.told_at kind="datetime-local" may_be_empty=true />
            {area(t("incidents-told-how"), typed.told, false)}
            {doing.said()}
            <button class="button main" disabled=move || doing.is_busy()>
                {t("incidents-keep")}
            </button>
        </form>
    }
}

/// Whom it concerns, found by name.
#[component]
fn People(people: RwSignal<Vec<PersonChoice>>) -> impl IntoView {
    let chosen = move |person: PersonChoice| {
        people.update(|list| {
            if list.iter().all(|other| other.id != person.id) {
                list.push(person);
            }
        });
    };
    let row = move |person: PersonChoice| {
        let id = person.id;
        let remove = move |_| people.update(|list| list.retain(|other| other.id != id));
        let name = reconcile_words::person(&person);
        view! {
            <li class="role-line">
                {name.clone()}
                <button
                    type="button"
                    class="button"
                    aria-label=tf("incidents-remove", &[("name", &name)])
                    on:click=remove
                >
                    {t("incidents-remove-word")}
                </button>
            </li>
        }
    };
    view! {
        <PersonChooser label=t("incidents-person") find=find_person_for_request chosen=chosen />
        <ul class="lines">{move || people.get().into_iter().map(row).collect_view()}</ul>
    }
}
