//! Lists of people as files: choose one, see what it would do, write it, take it back; and take people out.

mod batches;
mod export;
pub(super) mod file;
mod shown;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::batches::Batches;
use self::export::Export;
use self::shown::draw_shown;
use super::parts::Doing;
use super::place_chooser::PlaceChooser;
use super::words;
use crate::api::lists::{
    BatchRow, ListApplied, ListFile, ListPreview, apply_list, list_batches, preview_list,
};
use crate::api::places::PlaceRow;
use crate::i18n::{t, tf};

/// A list on its way in.
#[derive(Clone, Copy)]
struct Incoming {
    /// The file's bytes as they travel.
    content: RwSignal<Option<String>>,
    /// Where people live of whom a row says nothing.
    commune: RwSignal<Option<PlaceRow>>,
    /// What it would do.
    shown: RwSignal<Option<ListPreview>>,
    /// What it did.
    applied: RwSignal<Option<ListApplied>>,
}

impl Incoming {
    fn file(self) -> Option<ListFile> {
        let commune = self.commune.get_untracked().map(|place| place.path);
        Some(ListFile { content: self.content.get_untracked()?, commune })
    }
}

/// The page.
#[component]
pub(super) fn ListsPage() -> impl IntoView {
    let incoming = Incoming {
        content: RwSignal::new(None),
        commune: RwSignal::new(None),
        shown: RwSignal::new(None),
        applied: RwSignal::new(None),
    };
    let batches = LocalResource::new(list_batches);
    view! {
        {move || incoming.applied.get().map(|applied| said(&applied))}
        <Choose incoming=incoming />
        {move || incoming.shown.get().map(|shown| view! { <Shown shown=shown incoming=incoming batches=batches /> })}
        <Batches batches=batches />
        <Export />
    }
}

fn said(applied: &ListApplied) -> AnyView {
    let counts = applied.counts;
    let numbers = [counts.new.to_string(), counts.changed.to_string(), counts.problems.to_string()];
    let [new, changed, problems] = &numbers;
    let words = tf("lists-applied", &[("new", new), ("changed", changed), ("problems", problems)]);
    view! { <p class="said now good" role="status">{words}</p> }.into_any()
}

#[component]
fn Choose(incoming: Incoming) -> impl IntoView {
    let doing = Doing::new();
    let choose = move |event: leptos::ev::Event| {
        incoming.shown.set(None);
        incoming.content.set(None);
        let Some(chosen) = file::chosen(&event) else { return };
        spawn_local(async move {
            match file::read(chosen).await {
                Ok(content) => incoming.content.set(Some(content)),
                Err(code) => doing.refuse(code),
            }
        });
    };
    let look = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        incoming.applied.set(None);
        incoming.shown.set(None);
        if let Some(file) = incoming.file() {
            doing.ask(preview_list(file), move |shown| incoming.shown.set(Some(shown)));
        }
    };
    // What was shown was compared with the place that was chosen then.
    Effect::new(move |before: Option<()>| {
        incoming.commune.track();
        if before.is_some() {
            incoming.shown.set(None);
        }
    });
    view! {
        <form class="card" on:submit=look>
            <h2>{t("lists-in")}</h2>
            <label class="field">
                <span class="label">{t("lists-file")}</span>
                <span class="quiet">{t("lists-file-help")}</span>
                <input type="file" accept=".csv,.txt,.xlsx,.xls,.ods" on:change=choose />
            </label>
            <p class="quiet">{t("lists-place-help")}</p>
            <PlaceChooser chosen=incoming.commune />
            {doing.said()}
            <button class="button main" disabled=move || doing.is_busy() || incoming.content.get().is_none()>
                {t("lists-look")}
            </button>
        </form>
    }
}

#[component]
fn Shown(
    shown: ListPreview,
    incoming: Incoming,
    batches: LocalResource<super::parts::Asked<Vec<BatchRow>>>,
) -> impl IntoView {
    let doing = Doing::new();
    let fingerprint = StoredValue::new(shown.fingerprint.clone());
    let writes = shown.counts.new + shown.counts.changed;
    let write = move |_| {
        let Some(file) = incoming.file() else { return };
        doing.ask(apply_list(file, fingerprint.get_value()), move |applied| {
            incoming.applied.set(Some(applied));
            incoming.shown.set(None);
            batches.refetch();
            words::go_to_the_top();
        });
    };
    let button = if writes > 0 {
        let words = tf("lists-write", &[("count", &writes.to_string())]);
        view! {
            <button type="button" class="button main" disabled=move || doing.is_busy() on:click=write>
                {words}
            </button>
        }
        .into_any()
    } else {
        view! { <p>{t("lists-nothing")}</p> }.into_any()
    };
    view! {
        <section class="card">
            <h2>{t("lists-shown")}</h2>
            {draw_shown(shown)}
            {doing.said()}
            {button}
        </section>
    }
}
