//! Two records side by side, and the two things that can be decided about them.

use domain::person::{Likeness, alike_key};
use domain::place::{Level, PlaceId};
use leptos::prelude::*;

use super::Decided;
use crate::api::look_alikes::{PairRecord, PairRow, keep_people_apart, merge_people};
use crate::i18n::{t, tf};
use crate::staff::parts::Doing;
use crate::staff::words;

#[component]
pub(super) fn Pair(
    /// The two.
    pair: PairRow,
    /// Says what was decided.
    decided: Callback<(Decided, String)>,
) -> impl IntoView {
    let [one, other] = &pair.records;
    let (ids, doing, asked) = ([one.id, other.id], Doing::new(), RwSignal::new(false));
    let merge = move |[kept, gone]: [domain::ids::LearnerId; 2]| {
        doing.ask(merge_people(kept, gone), move |()| {
            decided.run((Decided::Merged(gone), t("look-alikes-merged")));
        });
    };
    let apart = move |_| {
        doing.ask(keep_people_apart(ids[0], ids[1]), move |()| {
            decided.run((Decided::Apart(ids[0], ids[1]), t("look-alikes-apart-done")));
        });
    };
    let keep = move |number: &'static str, order: [domain::ids::LearnerId; 2]| {
        view! {
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=move |_| merge(order)>
                {tf("look-alikes-keep", &[("number", number)])}
            </button>
        }
    };
    let which = move || {
        view! {
            <div class="plain-note">
                <p>{t("look-alikes-merge-what")}</p>
                <p>
                    <strong>{t("look-alikes-which")}</strong>
                </p>
                <div class="actions">
                    {keep("1", ids)} {keep("2", [ids[1], ids[0]])}
                    <button type="button" class="button" on:click=move |_| asked.set(false)>
                        {t("colleagues-not-now")}
                    </button>
                </div>
            </div>
        }
    };
    view! {
        <li>
            <h2>{why(pair.likeness)}</h2>
            <div class="pair">{record("1", one, other)} {record("2", other, one)}</div>
            {doing.said()}
            <div class="actions">
                <button
                    type="button"
                    class="button main"
                    aria-expanded=move || asked.get().to_string()
                    on:click=move |_| asked.set(true)
                >
                    {t("look-alikes-merge")}
                </button>
                <button type="button" class="button" disabled=move || doing.is_busy() on:click=apart>
                    {t("look-alikes-apart")}
                </button>
            </div>
            {move || asked.get().then(which)}
        </li>
    }
}

fn why(likeness: Likeness) -> String {
    match likeness {
        Likeness::Year => t("look-alikes-by-year"),
        Likeness::Phone => t("look-alikes-by-phone"),
        Likeness::Place => t("look-alikes-by-place"),
    }
}

/// Draws one record; what the other one says too is marked.
fn record(number: &'static str, this: &PairRecord, that: &PairRecord) -> impl IntoView + use<> {
    let (details, others) = (&this.details, &that.details);
    let name_mark = if details.name == others.name {
        Some(t("look-alikes-same"))
    } else {
        (alike_key(&details.name) == alike_key(&others.name)).then(|| t("look-alikes-close"))
    };
    let lamps = match this.courses.as_slice() {
        [] => t("people-no-lamps"),
        courses => courses.iter().map(words::lamps).collect::<Vec<_>>().join(". "),
    };
    let same = |is: bool| is.then(|| t("look-alikes-same"));
    let known = |is: bool, known: bool| same(is && known);
    let place = (!this.place.is_empty()).then(|| this.place.clone());
    let place_mark = if details.place == others.place {
        known(true, details.place.is_some())
    } else {
        let communes = [commune(this), commune(that)];
        (communes[0].is_some() && communes[0] == communes[1]).then(|| t("look-alikes-same-commune"))
    };
    let lines = [
        (
            t("people-birth-year"),
            details.birth_year.map(|year| year.to_string()),
            known(details.birth_year == others.birth_year, details.birth_year.is_some()),
        ),
        (t("place-field"), place, place_mark),
        (
            t("people-group"),
            details.group.map(words::group),
            known(details.group == others.group, details.group.is_some()),
        ),
        (
            t("column-phone"),
            details.phone.as_ref().map(|phone| phone.national()),
            known(details.phone == others.phone, details.phone.is_some()),
        ),
        (t("people-code"), Some(this.code.clone()), None),
        (t("people-lamps"), Some(lamps), None),
        (t("look-alikes-since"), Some(words::when(this.created_ms)), None),
    ];
    let line = |(label, value, same): (String, Option<String>, Option<String>)| {
        view! {
            <dt>{label}</dt>
            <dd>{value.unwrap_or_else(|| t("people-no-group"))} {same.map(mark)}</dd>
        }
    };
    view! {
        <section>
            <p class="quiet">{tf("look-alikes-record", &[("number", number)])}</p>
            <h3>{words::person_name(&details.name)} {name_mark.map(mark)}</h3>
            <dl class="kept">{lines.map(line).collect_view()}</dl>
        </section>
    }
}

fn commune(record: &PairRecord) -> Option<&str> {
    let is = |id: &&str| id.parse().is_ok_and(|id: PlaceId| id.level() == Some(Level::Commune));
    record.path.as_ref()?.ids().find(is)
}

fn mark(words: String) -> impl IntoView {
    view! {
        " "
        <span class="mark good">{words}</span>
    }
}
