//! Two records side by side, and the two things that can be decided about them.

use domain::person::{Likeness, alike_key};
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
    let same = |is: bool, known: bool| is && known;
    let place = (!this.place.is_empty()).then(|| this.place.clone());
    let lines = [
        (
            t("people-birth-year"),
            details.birth_year.map(|year| year.to_string()),
            same(details.birth_year == others.birth_year, details.birth_year.is_some()),
        ),
        (t("place-field"), place, same(details.place == others.place, details.place.is_some())),
        (
            t("people-group"),
            details.group.map(words::group),
            same(details.group == others.group, details.group.is_some()),
        ),
        (
            t("column-phone"),
            details.phone.as_ref().map(|phone| phone.national()),
            same(details.phone == others.phone, details.phone.is_some()),
        ),
        (t("people-code"), Some(this.code.clone()), false),
        (t("people-lamps"), Some(lamps), false),
        (t("look-alikes-since"), Some(words::when(this.created_ms)), false),
    ];
    let line = |(label, value, is_same): (String, Option<String>, bool)| {
        view! {
            <dt>{label}</dt>
            <dd>{value.unwrap_or_else(|| t("people-no-group"))} {is_same.then(|| mark(t("look-alikes-same")))}</dd>
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

fn mark(words: String) -> impl IntoView {
    view! {
        " "
        <span class="mark good">{words}</span>
    }
}
