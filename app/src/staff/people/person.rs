//! One person: what is kept of her, how far she is, who has looked; corrected, and helped when a PIN is forgotten.

use domain::consent::may_be_child;
use domain::ids::LearnerId;
use leptos::prelude::*;

use super::consents;
use super::form::{DetailsFields, Draft};
use super::identity::Identity;
use crate::api::people::{
    CourseLamps, GivenCode, SeenPerson, correct_person, give_pin, record_consent, see_person,
};
use crate::i18n::t;
use crate::staff::agreement::RecordAgreement;
use crate::staff::parts::{Asked, Careful, Doing, loaded};
use crate::staff::{audit, words};

#[component]
pub(super) fn Person(
    /// Whom.
    id: LearnerId,
    /// A code to hand out now.
    given: RwSignal<Option<GivenCode>>,
) -> impl IntoView {
    let (person, saved) = (LocalResource::new(move || see_person(id)), RwSignal::new(false));
    view! {
        <p>
            <a class="button" href="#">
                {t("people-back")}
            </a>
        </p>
        {move || {
            saved.get().then(|| view! { <p class="said now good" role="status">{t("people-saved")}</p> })
        }}
        {loaded(person, move |seen| draw(seen, person, saved, given))}
    }
}

fn draw(
    seen: SeenPerson,
    person: LocalResource<Asked<SeenPerson>>,
    saved: RwSignal<bool>,
    given: RwSignal<Option<GivenCode>>,
) -> AnyView {
    let (id, identity, doing) = (seen.id, seen.identity.clone(), Doing::new());
    let new_pin = move |()| {
        doing.ask(give_pin(id), move |code| {
            given.set(Some(code));
            person.refetch();
            words::go_to_the_top();
        });
    };
    let this_year = words::today().get(..4).and_then(|year| year.parse().ok()).unwrap_or(u16::MAX);
    let is_child = seen.details.birth_year.is_some_and(|year| may_be_child(year, this_year));
    let record = move |purposes, guardian| record_consent(id, purposes, guardian);
    let agreed = move |()| {
        saved.set(true);
        person.refetch();
        words::go_to_the_top();
    };
    let looks = seen.looks.clone().map(|looks| {
        view! {
            <h3>{t("people-looks")}</h3>
            {audit::table(move || looks.clone())}
        }
    });
    view! {
        <h2>{words::person_name(&seen.details.name)}</h2>
        {kept(&seen)}
        <h3>{t("people-lamps")}</h3>
        {lamps(&seen.courses)}
        {consents::ledger(&seen.consents)}
        <RecordAgreement is_child=Memo::new(move |_| is_child) record=record done=agreed />
        <Correct seen=seen person=person saved=saved />
        <Identity id=id shown=identity />
        <section class="card narrow">
            <h3>{t("people-forgot-pin")}</h3>
            {doing.said()}
            <Careful word=t("people-give-pin") what=t("people-give-pin-what") doing=doing act=new_pin />
        </section>
        {looks}
    }
    .into_any()
}

/// What is kept, a line each; what nobody has said is left out.
fn kept(seen: &SeenPerson) -> impl IntoView + use<> {
    let details = &seen.details;
    let place = seen.place.as_ref().map(|place| {
        if place.above.is_empty() { place.name.clone() } else { format!("{}, {}", place.name, place.above) }
    });
    let needs: Vec<String> = details.needs.iter().map(|need| words::need(*need)).collect();
    let lines = [
        (t("people-code"), Some(seen.code.clone())),
        (t("people-birth-year"), details.birth_year.map(|year| year.to_string())),
        (t("people-group"), details.group.map(words::group)),
        (t("place-field"), place),
        (t("people-classes"), (!seen.classes.is_empty()).then(|| seen.classes.join(", "))),
        (t("people-phone"), details.phone.as_ref().map(|phone| phone.national())),
        (t("people-needs"), (!needs.is_empty()).then(|| needs.join(", "))),
    ];
    let line = |(label, value): (String, Option<String>)| {
        value.map(|value| {
            view! {
                <dt>{label}</dt>
                <dd>{value}</dd>
            }
        })
    };
    view! { <dl class="kept">{lines.map(line).collect_view()}</dl> }
}

fn lamps(courses: &[CourseLamps]) -> AnyView {
    let begun: Vec<_> = courses.iter().filter(|course| course.lit > 0).collect();
    if begun.is_empty() {
        return view! { <p>{t("people-no-lamps")}</p> }.into_any();
    }
    let line = |course: &CourseLamps| view! { <li>{words::lamps(course)}</li> };
    view! { <ul>{begun.into_iter().map(line).collect_view()}</ul> }.into_any()
}

#[component]
fn Correct(
    seen: SeenPerson,
    person: LocalResource<Asked<SeenPerson>>,
    saved: RwSignal<bool>,
) -> impl IntoView {
    let (draft, doing, opened) = (Draft::of(&seen), Doing::new(), RwSignal::new(false));
    let (id, version) = (seen.id, seen.version);
    let correct = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        saved.set(false);
        match draft.get() {
            Ok(details) => doing.ask(correct_person(id, version, details), move |()| {
                saved.set(true);
                person.refetch();
                words::go_to_the_top();
            }),
            Err(code) => doing.refuse(code),
        }
    };
    view! {
        <details class="card narrow" on:toggle=move |_| opened.set(true)>
            <summary>
                <h3>{t("people-correct")}</h3>
            </summary>
            <form on:submit=correct>
                {move || opened.get().then(|| view! { <DetailsFields draft=draft /> })} {doing.said()}
                <button class="button main" disabled=move || doing.is_busy()>
                    {t("people-save")}
                </button>
            </form>
        </details>
    }
}
