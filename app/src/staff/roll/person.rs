//! One person of the list: where she stands, her card, and handing her the phone.

use domain::ids::LearnerId;
use domain::person::Details;
use leptos::prelude::*;

use super::agreed::Agreed;
use super::card::Card;
use super::desk::Desk;
use super::list::place_name;
use crate::api::people::give_pin;
use crate::i18n::{t, tf};
use crate::offline::enrolment::Pending;
use crate::offline::environment::Environment;
use crate::phone::{self, BrowserEnvironment};
use crate::staff::parts::{Careful, Doing};
use crate::staff::words;

/// One person.
#[component]
pub(super) fn Learner(
    /// The list.
    desk: Desk,
    /// Whom.
    id: LearnerId,
) -> impl IntoView {
    // What stands on the screen while it is read to her stays, also when sending ends meanwhile.
    let given = StoredValue::new(
        desk.pending.with_untracked(|pending| pending.iter().find(|one| one.learner == id).cloned()),
    );
    let listed = move || {
        desk.roll.with(|roll| {
            roll.iter().flat_map(|roll| &roll.learners).find(|learner| learner.id == id).cloned()
        })
    };
    // A newer list draws no button anew that is just being pressed.
    let is_listed = Memo::new(move |_| listed().is_some());
    let new_pin = RwSignal::new(None::<String>);
    let card = move || {
        let enrolled = given.get_value();
        let pin = new_pin.get().or_else(|| enrolled.as_ref().and_then(|one| one.pin.clone()));
        let (name, code) = match (listed(), enrolled) {
            (Some(learner), _) => (learner.details.name, learner.code),
            (None, Some(one)) => (one.details.name, one.code?),
            (None, None) => return None,
        };
        Some(view! { <Card name=words::person_name(&name) code=code pin=pin /> })
    };
    let details = move || match (listed(), given.get_value()) {
        (Some(learner), _) => Some((learner.details, learner.place)),
        (None, Some(one)) => {
            let place = place_name(desk, one.details.place.as_ref());
            Some((one.details, place))
        }
        (None, None) => None,
    };
    view! {
        <p class="no-print">
            <a class="button" href="#">
                {t("roll-back")}
            </a>
        </p>
        {move || match details() {
            None => view! { <p>{t("roll-gone")}</p> }.into_any(),
            Some((details, place)) => view! { <Kept details=details place=place /> }.into_any(),
        }}
        {move || listed().map(|learner| standing(&learner))}
        <Agreed desk=desk id=id />
        {move || given.get_value().map(|one| view! { <LearnHere one=one /> })}
        {card}
        {move || is_listed.get().then(|| view! { <NewPin id=id new_pin=new_pin /> })}
    }
}

/// What is kept of her, a line each.
#[component]
fn Kept(
    /// What.
    details: Details,
    /// Where she lives.
    place: String,
) -> impl IntoView {
    let needs: Vec<String> = details.needs.iter().map(|need| words::need(*need)).collect();
    let lines = [
        (t("people-birth-year"), details.birth_year.map(|year| year.to_string())),
        (t("people-group"), details.group.map(words::group)),
        (t("place-field"), Some(place).filter(|place| !place.is_empty())),
        (t("people-phone"), details.phone.map(|phone| phone.national())),
        (t("people-needs"), Some(needs.join(", ")).filter(|needs| !needs.is_empty())),
    ];
    let line = |(what, value): (String, Option<String>)| {
        value.map(|value| view! { <dt>{what}</dt><dd>{value}</dd> })
    };
    view! {
        <h2 class="no-print">{words::person_name(&details.name)}</h2>
        <dl class="kept no-print">{lines.map(line).collect_view()}</dl>
    }
}

fn standing(learner: &domain::roll::RollLearner) -> impl IntoView + use<> {
    let standing = &learner.standing;
    let (word, _) = words::standing_word(standing.word(learner.since_ms, BrowserEnvironment.now_ms()));
    let has_no_pin = !learner.has_pin;
    view! {
        <section class="card narrow no-print">
            <h3>{word}</h3>
            <p>{words::standing(standing)}</p>
            {has_no_pin.then(|| view! { <p>{t("roll-no-pin")}</p> })}
        </section>
    }
}

/// Hands the phone to somebody who was enrolled on it a moment ago.
#[component]
fn LearnHere(
    /// Whom.
    one: Pending,
) -> impl IntoView {
    let failed = RwSignal::new(false);
    let name = words::person_name(&one.details.name);
    let hand = move |_| {
        let one = one.clone();
        phone::run(async move {
            match phone::receive(&one).await {
                Ok(true) => phone::go_to("/"),
                // She is on the list of people of this phone, with a lock of her own perhaps.
                Ok(false) => phone::go_to("/cua-toi"),
                Err(_) => failed.set(true),
            }
        });
    };
    view! {
        <section class="no-print narrow">
            <p>{t("roll-here-what")}</p>
            {move || failed.get().then(|| view! { <p class="said now" role="alert">{t("problem-phone-storage")}</p> })}
            <button type="button" class="button main" on:click=hand>
                {tf("roll-here", &[("name", &name)])}
            </button>
        </section>
    }
}

/// Gives somebody who forgot hers a new PIN; needs a network and the ambassador signed in.
#[component]
fn NewPin(
    /// Whom.
    id: LearnerId,
    /// Shown on the card.
    new_pin: RwSignal<Option<String>>,
) -> impl IntoView {
    let doing = Doing::new();
    let give = move |()| doing.ask(give_pin(id), move |given| new_pin.set(Some(given.pin)));
    view! {
        <section class="part narrow no-print">
            <h3>{t("people-forgot-pin")}</h3>
            {doing.said()}
            <Careful word=t("people-give-pin") what=t("people-give-pin-what") doing=doing act=give />
        </section>
    }
}
