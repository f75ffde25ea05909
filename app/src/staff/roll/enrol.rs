//! Enrolling somebody in under a minute: a name, what else she likes to say, and her agreement after the text was read aloud.

use domain::code::check_new_pin;
use domain::consent::{ConsentPurpose, Guardian, Relation, TEXT_VERSION, may_be_child};
use domain::event::check_name;
use domain::person::check_birth_year;
use domain::text::tidy_spaces;
use leptos::prelude::*;

use super::desk::Desk;
use crate::i18n::t;
use crate::offline::enrolment::Enrolment;
use crate::offline::environment::Environment;
use crate::phone::{self, BrowserEnvironment};
use crate::staff::parts::{Doing, Field};
use crate::staff::people::form::{DetailsFields, Draft};

/// What she agreed to, and who for her.
#[derive(Clone, Copy)]
struct Agreement {
    agreed: RwSignal<Vec<ConsentPurpose>>,
    guardian: RwSignal<String>,
    relation: RwSignal<Relation>,
}

/// The form.
#[component]
pub(super) fn Enrol(
    /// The list.
    desk: Desk,
) -> impl IntoView {
    let (draft, doing) = (Draft::empty(), Doing::new());
    let agreement = Agreement {
        agreed: RwSignal::new(vec![]),
        guardian: RwSignal::new(String::new()),
        relation: RwSignal::new(Relation::Parent),
    };
    let places = desk.roll.with_untracked(|roll| roll.as_ref().map(|roll| roll.places.clone()));
    let is_child =
        Memo::new(move |_| draft.birth_year().is_some_and(|year| may_be_child(year, Desk::this_year())));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match enrolment(draft, agreement, is_child.get_untracked()) {
            Err(code) => doing.refuse(code),
            Ok(new) => doing.ask(desk.enrol(new), |learner| phone::go_to(&format!("#{learner}"))),
        }
    };
    view! {
        <p>
            <a class="button" href="#">
                {t("roll-back")}
            </a>
        </p>
        <h2>{t("roll-add")}</h2>
        // What is missing is said in our words, not in the browser's language.
        <form class="card" novalidate on:submit=submit>
            <DetailsFields draft=draft here=places.unwrap_or_default() />
            <Agree agreement=agreement is_child=is_child />
            {doing.said()}
            <button class="button main" disabled=move || doing.is_busy()>
                {t("roll-enrol-button")}
            </button>
        </form>
    }
}

/// The agreement: the text to read aloud, one unticked box a purpose, and who agrees for a child.
#[component]
fn Agree(
    /// What is being agreed.
    agreement: Agreement,
    /// Whether she may be under 16.
    is_child: Memo<bool>,
) -> impl IntoView {
    let tick = move |purpose: ConsentPurpose, words: String| {
        let change = move |event| {
            let is_agreed = event_target_checked(&event);
            agreement.agreed.update(|agreed| {
                agreed.retain(|one| *one != purpose);
                agreed.extend(is_agreed.then_some(purpose));
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" on:change=change />
                {words}
            </label>
        }
    };
    let relation = move |relation: Relation| {
        let value = word_of(relation);
        view! { <option value=value.0>{value.1}</option> }
    };
    let chosen = move |event| {
        let name = event_target_value(&event);
        let found = Relation::ALL.into_iter().find(|relation| word_of(*relation).0 == name);
        agreement.relation.set(found.unwrap_or(Relation::Parent));
    };
    let guardian = move || {
        is_child.get().then(|| {
            view! {
                <p>{t("roll-child")}</p>
                <Field label=t("roll-guardian") value=agreement.guardian />
                <label class="field">
                    <span class="label">{t("roll-relation")}</span>
                    <select on:change=chosen>{Relation::ALL.map(relation).collect_view()}</select>
                </label>
            }
        })
    };
    view! {
        <fieldset class="choices">
            <legend class="label">{t("roll-consent")}</legend>
            <blockquote class="plain-note">{t("roll-consent-text")}</blockquote>
            {guardian}
            {tick(ConsentPurpose::LearningRecord, t("roll-consent-record"))}
            {tick(ConsentPurpose::Recognition, t("roll-consent-recognition"))}
            {tick(ConsentPurpose::Research, t("roll-consent-research"))}
        </fieldset>
    }
}

/// Returns a relation's name in the form and in words.
fn word_of(relation: Relation) -> (&'static str, String) {
    match relation {
        Relation::Parent => ("parent", t("roll-relation-parent")),
        Relation::Grandparent => ("grandparent", t("roll-relation-grandparent")),
        Relation::Representative => ("representative", t("roll-relation-representative")),
    }
}

/// Returns what was written, or the code of what is missing.
fn enrolment(draft: Draft, agreement: Agreement, is_child: bool) -> Result<Enrolment, &'static str> {
    let mut details = draft.get()?;
    details.name = composed(&details.name);
    check_name(&details.name).map_err(|_| "name-missing")?;
    if let Some(year) = details.birth_year {
        check_birth_year(year, Desk::this_year()).map_err(|_| "birth-impossible")?;
    }
    details.needs.sort_unstable();
    if details.place.is_none() {
        return Err("place-missing");
    }
    let mut purposes = agreement.agreed.get_untracked();
    purposes.sort_unstable();
    // Without it nothing may be kept of her on the server.
    if !purposes.contains(&ConsentPurpose::LearningRecord) {
        return Err("consent-missing");
    }
    let guardian = if is_child {
        let name = composed(&agreement.guardian.get_untracked());
        check_name(&name).map_err(|_| "guardian-missing")?;
        Some(Guardian { name, relation: agreement.relation.get_untracked() })
    } else {
        None
    };
    Ok(Enrolment { details, pin: new_pin(), purposes, text_version: TEXT_VERSION, guardian })
}

/// Returns a name with one space between words and composed letters: some keyboards send letters and marks apart.
fn composed(name: &str) -> String {
    tidy_spaces(&String::from(js_sys::JsString::from(name).normalize("NFC")))
}

/// Returns six digits that are not among those that strangers try first.
fn new_pin() -> String {
    loop {
        let pin = format!("{:06}", BrowserEnvironment.random_u64() % 1_000_000);
        if check_new_pin(&pin).is_ok() {
            return pin;
        }
    }
}
