//! Lists that were written, each of which can be taken back.

use leptos::prelude::*;

use crate::api::lists::{BatchRow, BatchUndone, undo_batch};
use crate::i18n::{t, tf};
use crate::staff::parts::{Asked, Careful, Doing, loaded};
use crate::staff::words;

type Loaded = LocalResource<Asked<Vec<BatchRow>>>;

#[component]
pub(super) fn Batches(
    /// The lists.
    batches: Loaded,
) -> impl IntoView {
    let undone = RwSignal::new(None::<BatchUndone>);
    let draw = move |rows: Vec<BatchRow>| {
        if rows.is_empty() {
            return view! { <p>{t("lists-no-batches")}</p> }.into_any();
        }
        let row = move |batch: BatchRow| view! { <Batch batch=batch batches=batches undone=undone /> };
        view! { <ul class="rows">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! {
        <h2>{t("lists-batches")}</h2>
        {move || undone.get().map(|undone| said(&undone))}
        {loaded(batches, draw)}
    }
}

fn said(undone: &BatchUndone) -> impl IntoView + use<> {
    let numbers = [undone.removed.to_string(), undone.restored.to_string(), undone.left.to_string()];
    let [removed, restored, left] = &numbers;
    let words = tf("lists-undone", &[("removed", removed), ("restored", restored), ("left", left)]);
    view! { <p class="said now good" role="status">{words}</p> }
}

#[component]
fn Batch(batch: BatchRow, batches: Loaded, undone: RwSignal<Option<BatchUndone>>) -> impl IntoView {
    let doing = Doing::new();
    let undo = move |()| {
        doing.ask(undo_batch(batch.number), move |done| {
            undone.set(Some(done));
            batches.refetch();
        });
    };
    let taking = match batch.undone_ms {
        Some(at_ms) => {
            let words = tf("lists-undone-at", &[("when", &words::when(at_ms))]);
            view! { <p class="quiet">{words}</p> }.into_any()
        }
        None => view! { <Careful word=t("lists-undo") what=t("lists-undo-what") doing=doing act=undo /> }
            .into_any(),
    };
    let (number, rows) = (batch.number.to_string(), batch.rows.to_string());
    view! {
        <li>
            <h3>{tf("lists-batch", &[("number", &number), ("rows", &rows)])}</h3>
            <p class="quiet">{words::when(batch.at_ms)}</p>
            <p class="quiet">{batch.place}</p>
            {doing.said()}
            {taking}
        </li>
    }
}
