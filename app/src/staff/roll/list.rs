//! Whom the ambassador looks after: who needs her first.

use domain::ids::LearnerId;
use domain::roll::Word;
use domain::sort_key::name_sort_key;
use domain::text::fold;
use leptos::prelude::*;

use super::desk::Desk;
use super::{NEW, StatusLine};
use crate::i18n::{t, tf};
use crate::offline::environment::Environment;
use crate::phone::BrowserEnvironment;
use crate::staff::words;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: LearnerId,
    name: String,
    word: Option<Word>,
    /// What is said below the name.
    more: String,
    place: String,
}

/// The list.
#[component]
pub(super) fn List(
    /// The list.
    desk: Desk,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let lines = Memo::new(move |_| all(desk));
    let shown = move || {
        let wanted = fold(&typed.get());
        lines.with(|lines| {
            let fits = |line: &&Line| format!(" {}", fold(&line.name)).contains(&format!(" {wanted}"));
            lines.iter().filter(fits).cloned().collect::<Vec<_>>()
        })
    };
    let rows = move || {
        let shown = shown();
        if shown.is_empty() {
            let nobody = if lines.with(Vec::is_empty) { t("roll-nobody") } else { t("roll-none-found") };
            return view! { <p>{nobody}</p> }.into_any();
        }
        view! { <ul class="rows">{shown.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    let counts = move || {
        lines.with(|lines| {
            let of = |word| lines.iter().filter(|line| line.word == Some(word)).count().to_string();
            tf(
                "roll-counts",
                &[
                    ("all", &lines.len().to_string()),
                    ("stuck", &of(Word::Stuck)),
                    ("away", &of(Word::Away)),
                    ("new", &of(Word::New)),
                ],
            )
        })
    };
    let made = move || {
        desk.roll
            .with(|roll| roll.as_ref().map(|roll| tf("roll-made", &[("when", &words::when(roll.made_ms))])))
    };
    let more = move || desk.roll.with(|roll| roll.as_ref().is_some_and(|roll| roll.more));
    view! {
        <p>
            <a class="button main" href=format!("#{NEW}")>
                {t("roll-add")}
            </a>
        </p>
        <StatusLine desk=desk whole=true />
        <p>
            <strong>{counts}</strong>
        </p>
        <p class="quiet">{made}</p>
        {move || more().then(|| view! { <p class="plain-note">{t("roll-more")}</p> })}
        <label class="field narrow">
            <span class="label">{t("roll-find")}</span>
            <input type="search" bind:value=typed autocomplete="off" spellcheck="false" />
        </label>
        {rows}
    }
}

fn row(line: Line) -> impl IntoView {
    let (mark, class) = match line.word {
        None => (t("roll-word-waiting"), "mark"),
        Some(word) => words::standing_word(word),
    };
    view! {
        <li>
            <a class="whole" href=format!("#{}", line.id)>
                <span>
                    <strong class="big">{line.name}</strong>
                    " "
                    <span class=class>{mark}</span>
                    <br />
                    <span class="quiet">{line.more}</span>
                    <br />
                    <span class="quiet">{line.place}</span>
                </span>
            </a>
        </li>
    }
}

/// Returns everybody: those who need help first, then as names are sorted; those not yet on the server at the end.
fn all(desk: Desk) -> Vec<Line> {
    let now_ms = BrowserEnvironment.now_ms();
    let mut lines: Vec<Line> = desk.roll.with(|roll| {
        let learners = roll.iter().flat_map(|roll| &roll.learners);
        let line = |learner: &domain::roll::RollLearner| {
            let standing = &learner.standing;
            Line {
                id: learner.id,
                name: words::person_name(&learner.details.name),
                word: Some(standing.word(learner.since_ms, now_ms)),
                more: match desk.has_agreed(learner) {
                    true => words::standing(standing),
                    false => format!("{} · {}", words::standing(standing), t("roll-not-asked")),
                },
                place: learner.place.clone(),
            }
        };
        learners.map(line).collect()
    });
    lines.sort_by_cached_key(|line| (line.word, name_sort_key(&line.name)));
    desk.pending.with(|pending| {
        for one in pending {
            // Hers is here and on the server while the rest of it is still being sent.
            if lines.iter().any(|line| line.id == one.learner) {
                continue;
            }
            let refused = one.refused.is_some();
            lines.push(Line {
                id: one.learner,
                name: words::person_name(&one.details.name),
                word: None,
                more: if refused { t("roll-one-refused") } else { t("roll-one-waiting") },
                place: place_name(desk, one.details.place.as_ref()),
            });
        }
    });
    lines
}

/// Returns the name of a place as the list knows it.
pub(super) fn place_name(desk: Desk, place: Option<&domain::place::PlaceId>) -> String {
    let Some(place) = place else { return String::new() };
    desk.roll.with(|roll| {
        let places = roll.iter().flat_map(|roll| &roll.places);
        let named = places.into_iter().find(|known| known.id == *place);
        named.map(|known| known.name.clone()).unwrap_or_default()
    })
}
