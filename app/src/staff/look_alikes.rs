//! Records that may be one person's: two side by side, what is the same marked; merged or kept apart by a person, and each
//! decision taken back below.

mod decisions;
mod pair;

use domain::ids::LearnerId;
use leptos::prelude::*;

use self::decisions::Decisions;
use self::pair::Pair;
use super::parts::{Asked, Doing, loaded, more_button};
use super::words;
use crate::api::look_alikes::{DecisionPage, PairPage, PairRow, list_decisions, list_look_alikes};
use crate::i18n::t;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    /// The first page of pairs.
    first: LocalResource<Asked<PairPage>>,
    /// What was decided.
    decisions: LocalResource<Asked<DecisionPage>>,
    /// What was just done, in words.
    said: RwSignal<String>,
}

/// What became of a pair.
#[derive(Clone, Copy)]
enum Decided {
    /// One person; this record is no longer listed.
    Merged(LearnerId),
    /// Two people.
    Apart(LearnerId, LearnerId),
}

impl Decided {
    /// Returns whether a pair is still to be decided on after this.
    fn leaves(self, pair: &PairRow) -> bool {
        let has = |id| pair.records.iter().any(|record| record.id == id);
        match self {
            Self::Merged(gone) => !has(gone),
            Self::Apart(one, other) => !(has(one) && has(other)),
        }
    }
}

/// The page.
#[component]
pub(super) fn LookAlikesPage() -> impl IntoView {
    let desk = Desk {
        first: LocalResource::new(|| list_look_alikes(None)),
        decisions: LocalResource::new(|| list_decisions(None)),
        said: RwSignal::new(String::new()),
    };
    view! {
        <p class="said good" class:now=move || !desk.said.read().is_empty() role="status">
            {move || desk.said.get()}
        </p>
        {loaded(desk.first, move |page| view! { <Pairs page=page desk=desk /> }.into_any())}
        <h2>{t("decisions-heading")}</h2>
        {loaded(desk.decisions, move |page| view! { <Decisions page=page desk=desk /> }.into_any())}
    }
}

#[component]
fn Pairs(page: PairPage, desk: Desk) -> impl IntoView {
    let (rows, next, doing) = (RwSignal::new(page.rows), RwSignal::new(page.next), Doing::new());
    let more = move || {
        doing.ask(list_look_alikes(next.get_untracked()), move |page| {
            next.set(page.next);
            rows.update(|rows| rows.extend(page.rows));
        });
    };
    let decided = Callback::new(move |(done, words): (Decided, String)| {
        desk.said.set(words);
        rows.update(|rows| rows.retain(|pair| done.leaves(pair)));
        desk.decisions.refetch();
        words::go_to_the_top();
    });
    let none = move || {
        (rows.read().is_empty() && next.read().is_none()).then(|| view! { <p>{t("look-alikes-none")}</p> })
    };
    view! {
        {none}
        <ul class="rows pairs">
            <For each=move || rows.get() key=PairRow::key let:pair>
                <Pair pair=pair decided=decided />
            </For>
        </ul>
        {more_button(next, doing, more)}
    }
}
