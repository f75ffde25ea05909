//! One place: where it lies, how many units it holds, what it became or came from, and what lies below it.

use domain::place::Level;
use leptos::prelude::*;

use super::Desk;
use super::hamlets::Hamlets;
use super::place_words as say;
use crate::api::place_tree::{NamedPlace, OpenedPlace, PlaceBelow, RelatedPlace, RelatedPlaces};
use crate::i18n::{t, tf};
use crate::staff::words::number;

#[component]
pub(super) fn Opened(
    /// The place.
    place: OpenedPlace,
    /// The page's parts.
    desk: Desk,
) -> impl IntoView {
    let (level, before) = (place.level, place.before);
    let facts = [
        place.code.as_ref().map(|code| tf("place-code", &[("code", code)])),
        (level != Level::Country && place.valid_from > 0)
            .then(|| tf("place-since", &[("day", &say::day(place.valid_from))])),
        place.valid_to.map(|last| tf("place-until", &[("day", &say::day(last))])),
        place
            .former
            .as_ref()
            .map(|(name, last)| tf("place-former", &[("name", name), ("day", &say::day(*last))])),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let crumb = |unit: &NamedPlace| {
        let is_old_country = before && unit.id == domain::place::PlaceId::country();
        let address = if is_old_country { "#truoc".to_owned() } else { link(unit) };
        view! {
            <li>
                <a href=address>{unit.name.clone()}</a>
            </li>
        }
    };
    let crumbs = (!place.above.is_empty()).then(|| {
        view! {
            <nav aria-label=t("places-above")>
                <ol class="crumbs">{place.above.iter().map(crumb).collect_view()}</ol>
            </nav>
        }
    });
    let sum = say::sum(&place.counts, before).map(|words| view! { <p class="lead">{words}</p> });
    let related = related(&place);
    let below = match level {
        Level::Commune if !before => view! { <Hamlets place=place.clone() desk=desk /> }.into_any(),
        _ => units(&place).into_any(),
    };
    view! {
        {crumbs}
        <h2>{place.place.name.clone()}</h2>
        {(!facts.is_empty()).then(|| view! { <p class="quiet">{facts.join(" ")}</p> })}
        {sum}
        {related}
        {below}
    }
}

fn link(place: &NamedPlace) -> String {
    format!("#{}", place.id)
}

fn units(place: &OpenedPlace) -> impl IntoView + use<> {
    let (before, level) = (place.before, say::below(place.level, place.before));
    let row = |unit: &PlaceBelow| {
        let under = (unit.units > 0).then(|| say::units(say::below(level, before), unit.units, before));
        let people = unit.people.map(|people| tf("place-people", &[("count", &number(people))]));
        let code = unit.code.as_ref().map(|code| tf("place-code", &[("code", code)]));
        let about: Vec<String> = [under, people].into_iter().flatten().collect();
        view! {
            <li>
                <h3>
                    <a class="whole" href=link(&unit.place)>
                        {unit.place.name.clone()}
                    </a>
                </h3>
                {(!about.is_empty()).then(|| view! { <p class="quiet">{about.join(" · ")}</p> })}
                <p class="quiet">{code}</p>
            </li>
        }
    };
    let count = u64::try_from(place.below.len()).unwrap_or(0);
    (!place.below.is_empty()).then(|| {
        view! {
            <h3>{say::units(level, count, before)}</h3>
            <ul class="rows places">{place.below.iter().map(row).collect_view()}</ul>
        }
    })
}

/// Draws what the place became (of before) or came from (of today).
fn related(place: &OpenedPlace) -> impl IntoView + use<> {
    let heading = if place.before { t("place-became") } else { t("place-came-from") };
    let group = |group: &RelatedPlaces| one_province(place, group).into_any();
    (!place.related.is_empty()).then(|| {
        view! {
            <section class="card">
                <h3>{heading}</h3>
                {place.related.iter().map(group).collect_view()}
            </section>
        }
    })
}

fn one_province(place: &OpenedPlace, group: &RelatedPlaces) -> impl IntoView + use<> {
    let is_divided = place.before && place.level == Level::Commune && group.units.len() > 1;
    let unit = |unit: &RelatedPlace| {
        let mark =
            (is_divided && unit.is_main).then(|| view! { <span class="mark">{t("place-most")}</span> });
        view! {
            <li>
                <a class="button" href=link(&unit.place)>
                    {unit.place.name.clone()}
                    {mark}
                </a>
            </li>
        }
    };
    let list = view! { <ul class="found">{group.units.iter().map(unit).collect_view()}</ul> };
    let province = view! {
        <a href=link(&group.province)>{group.province.name.clone()}</a>
    };
    if place.level == Level::Commune {
        return view! {
            <p>{province}</p>
            {list}
        }
        .into_any();
    }
    let (there, here) = (group.units.len() as u64, group.here as u64);
    let communes = |count, before| say::units(Level::Commune, count, before);
    let words = if place.before {
        tf("place-became-units", &[("here", &communes(here, true)), ("there", &communes(there, false))])
    } else {
        tf("place-came-units", &[("here", &communes(here, false)), ("there", &communes(there, true))])
    };
    let now = if place.before { there } else { here };
    // A province counts with its communes: 1 + 41.
    let whole = (place.level == Level::Province)
        .then(|| tf("place-with-province", &[("count", &number(now)), ("total", &number(now + 1))]));
    view! {
        <p>{province} ": " {words} " " {whole}</p>
        <details>
            <summary>{t("place-which")}</summary>
            {list}
        </details>
    }
    .into_any()
}
