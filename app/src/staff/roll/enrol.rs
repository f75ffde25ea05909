//! Enrolling somebody in under a minute: a name, what else she likes to say, and her agreement after the text was read aloud.

use domain::code::check_new_pin;
use domain::consent::{ConsentPurpose, TEXT_VERSION, may_be_child};
use domain::event::check_name;
use domain::person::check_birth_year;
use leptos::prelude::*;

use super::desk::Desk;
use crate::i18n::t;
use crate::offline::enrolment::Enrolment;
use crate::offline::environment::Environment;
use crate::phone::{self, BrowserEnvironment};
use crate::staff::agreement::{Agree, Agreement, composed};
use crate::staff::parts::Doing;
use crate::staff::people::form::{DetailsFields, Draft};

/// The form.
#[component]
pub(super) fn Enrol(
    /// The list.
    desk: Desk,
) -> impl IntoView {
    let (draft, doing) = (Draft::empty(), Doing::new());
    let agreement = Agreement::empty();
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
    let (purposes, guardian) = agreement.get(is_child)?;
    // Without it nothing may be kept of her on the server.
    if !purposes.contains(&ConsentPurpose::LearningRecord) {
        return Err("consent-missing");
    }
    Ok(Enrolment { details, pin: new_pin(), purposes, text_version: TEXT_VERSION, guardian })
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
