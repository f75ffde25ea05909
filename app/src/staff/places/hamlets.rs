//! The hamlets of a commune: listed, and for whoever looks after it added, renamed, closed, removed.

use domain::place::Level;
use leptos::prelude::*;

use super::Desk;
use super::place_words as say;
use crate::api::place_tree::{
    OpenedPlace, PlaceBelow, add_hamlet, close_hamlet, remove_hamlet, rename_hamlet,
};
use crate::i18n::{t, tf};
use crate::staff::parts::{Careful, Doing, Field};
use crate::staff::words::{number, today};

#[component]
pub(super) fn Hamlets(
    /// The commune.
    place: OpenedPlace,
    /// The page's parts.
    desk: Desk,
) -> impl IntoView {
    let may_keep = place.may_keep;
    let row = move |hamlet: PlaceBelow| view! { <Hamlet hamlet=hamlet may_keep=may_keep desk=desk /> };
    let count = u64::try_from(place.below.len()).unwrap_or(0);
    let open = if place.below.is_empty() {
        view! { <p>{t("hamlets-none")}</p> }.into_any()
    } else {
        let rows = place.below.clone().into_iter().map(row).collect_view();
        view! { <ul class="rows places">{rows}</ul> }.into_any()
    };
    let closed = (!place.closed.is_empty()).then(|| {
        view! {
            <h3>{t("hamlets-closed")}</h3>
            <ul class="rows places">{place.closed.clone().into_iter().map(row).collect_view()}</ul>
        }
    });
    let people = place.people_here.map(|here| {
        let all =
            here + place.below.iter().chain(&place.closed).filter_map(|hamlet| hamlet.people).sum::<u64>();
        let numbers = [number(all), number(here)];
        let words = tf("hamlets-people", &[("all", &numbers[0]), ("here", &numbers[1])]);
        view! { <p class="lead">{words}</p> }
    });
    view! {
        {people}
        <h3>{say::units(Level::Hamlet, count, false)}</h3>
        {open}
        {may_keep.then(|| view! { <Add commune=place.place.id.clone() desk=desk /> })}
        {closed}
    }
}

#[component]
fn Add(commune: domain::place::PlaceId, desk: Desk) -> impl IntoView {
    let (name, doing) = (RwSignal::new(String::new()), Doing::new());
    let commune = StoredValue::new(commune);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let named = name.get_untracked();
        doing.ask(add_hamlet(commune.get_value(), named.clone()), move |()| {
            desk.done(tf("hamlets-added", &[("name", named.trim())]));
        });
    };
    view! {
        <form class="card" on:submit=add>
            <Field label=t("hamlets-name") help=t("hamlets-name-help") value=name />
            {doing.said()}
            <button class="button main" disabled=move || doing.is_busy()>
                {t("hamlets-add")}
            </button>
        </form>
    }
}

#[component]
fn Hamlet(hamlet: PlaceBelow, may_keep: bool, desk: Desk) -> impl IntoView {
    let people = hamlet.people.map(|people| tf("place-people", &[("count", &number(people))]));
    let since = tf("place-since", &[("day", &say::day(hamlet.valid_from))]);
    let until = hamlet.valid_to.map(|last| tf("place-until", &[("day", &say::day(last))]));
    let about: Vec<String> = [people].into_iter().flatten().collect();
    let days: Vec<String> = [Some(since), until].into_iter().flatten().collect();
    let name = hamlet.place.name.clone();
    view! {
        <li>
            <h3>{name}</h3>
            {(!about.is_empty()).then(|| view! { <p class="quiet">{about.join(" · ")}</p> })}
            <p class="quiet">{days.join(" ")}</p>
            {may_keep.then(|| view! { <Change hamlet=hamlet desk=desk /> })}
        </li>
    }
}

/// What can be done about a hamlet.
#[component]
fn Change(hamlet: PlaceBelow, desk: Desk) -> impl IntoView {
    let doing = Doing::new();
    let (name, last_day) = (RwSignal::new(hamlet.place.name.clone()), RwSignal::new(today()));
    let id = StoredValue::new(hamlet.place.id.clone());
    let rename = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doing.ask(rename_hamlet(id.get_value(), name.get_untracked()), move |()| {
            desk.done(t("hamlets-renamed"))
        });
    };
    let close = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match last_day.get_untracked().replace('-', "").parse::<i64>() {
            Ok(day) => doing.ask(close_hamlet(id.get_value(), Some(day)), move |()| {
                desk.done(tf("hamlets-closed-now", &[("day", &say::day(day))]));
            }),
            Err(_) => doing.refuse("hamlet-day"),
        }
    };
    let open =
        move |_| doing.ask(close_hamlet(id.get_value(), None), move |()| desk.done(t("hamlets-opened")));
    let remove =
        move |()| doing.ask(remove_hamlet(id.get_value()), move |()| desk.done(t("hamlets-removed")));
    let ending = match hamlet.valid_to {
        Some(_) => view! {
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=open>
                {t("hamlets-open")}
            </button>
        }
        .into_any(),
        None => view! {
            <form on:submit=close>
                <Field label=t("hamlets-last-day") help=t("hamlets-close-what") value=last_day kind="date" />
                <button class="button" disabled=move || doing.is_busy()>
                    {t("hamlets-close")}
                </button>
            </form>
        }
        .into_any(),
    };
    // One in which people live is only closed.
    let removing = (hamlet.people == Some(0)).then(|| {
        view! { <Careful word=t("hamlets-remove") what=t("hamlets-remove-what") doing=doing act=remove /> }
    });
    view! {
        <details>
            <summary class="button">{t("colleagues-change")}</summary>
            <div class="fixes">
                <form on:submit=rename>
                    <Field label=t("hamlets-name") value=name />
                    <button class="button" disabled=move || doing.is_busy()>
                        {t("hamlets-rename")}
                    </button>
                </form>
                {ending}
                {removing}
            </div>
            {doing.said()}
        </details>
    }
}
