//! What several staff pages draw: fields, a button that asks the server, what comes back.

use std::future::Future;
use std::time::Duration;

use domain::sync::NextStep;
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::words;
use crate::api::error::Problem;
use crate::i18n::t;

/// What a server function answers.
pub(super) type Asked<T> = Result<T, Problem>;

/// One thing the server is asked to do: whether it is under way, and what was wrong the last time.
#[derive(Clone, Copy)]
pub(super) struct Doing {
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Doing {
    pub(super) fn new() -> Self {
        Self { busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// Asks once; a second press while it is under way does nothing.
    pub(super) fn ask<T: 'static>(
        self,
        work: impl Future<Output = Asked<T>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = work.await;
            self.busy.set(false);
            match answer {
                Ok(value) => done(value),
                Err(problem) => {
                    words::go_where_it_helps(&problem);
                    self.problem.set(Some(problem));
                }
            }
        });
    }

    /// Says what is wrong before the server is asked.
    pub(super) fn refuse(self, code: &str) {
        self.problem.set(Some(Problem::new(code, NextStep::FixInput)));
    }

    /// Returns whether the answer is still to come.
    pub(super) fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Draws what was wrong.
    pub(super) fn said(self) -> impl IntoView {
        move || self.problem.get().map(|problem| say(&problem))
    }
}

/// Draws a problem: what happened, what is safe, what to do; the code only under "details".
pub(super) fn say(problem: &Problem) -> AnyView {
    view! {
        <div class="said now" role="alert">
            {words::problem(&problem.0.code)}
            <details>
                <summary class="quiet">{t("problem-details")}</summary>
                <code>{problem.0.code.clone()}</code>
            </details>
        </div>
    }
    .into_any()
}

/// Draws what a page loads: a quiet line until it is here, then the view or the problem.
pub(super) fn loaded<T>(
    resource: LocalResource<Asked<T>>,
    draw: impl Fn(T) -> AnyView + Send + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    move || match resource.get() {
        None => view! { <p class="quiet">{t("staff-loading")}</p> }.into_any(),
        Some(Ok(value)) => draw(value),
        Some(Err(problem)) => {
            words::go_where_it_helps(&problem);
            say(&problem)
        }
    }
}

/// Draws the button that shows more of a list, while there is more, and what was wrong the last time.
pub(super) fn more_button<N: Send + Sync + 'static>(
    next: RwSignal<Option<N>>,
    doing: Doing,
    more: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let button = move || {
        next.read().is_some().then(|| {
            view! {
                <button type="button" class="button" disabled=move || doing.is_busy() on:click=move |_| more()>
                    {t("list-more")}
                </button>
            }
        })
    };
    view! {
        {doing.said()}
        {button}
    }
}

/// Vietnamese keyboards send several changes for one letter: ask only when the fingers rest.
const REST: Duration = Duration::from_millis(250);

/// A field from which is searched as it is typed.
#[component]
pub(super) fn SearchField(
    /// What to write there.
    label: String,
    /// More about it.
    #[prop(optional)]
    help: String,
    /// The field itself, for whoever empties it.
    #[prop(optional)]
    field: NodeRef<leptos::html::Input>,
    /// What stands there at first.
    #[prop(optional)]
    begin: String,
    /// Told what is typed, when the fingers rest.
    #[prop(into)]
    typed: Callback<String>,
) -> impl IntoView {
    let mut later = debounce(REST, move |text: String| typed.run(text));
    view! {
        <label class="field">
            <span class="label">{label}</span>
            {(!help.is_empty()).then(|| view! { <span class="quiet">{help}</span> })}
            <input
                node_ref=field
                type="search"
                value=begin
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| later(event_target_value(&event))
            />
        </label>
    }
}

/// A field with its label above.
#[component]
pub(super) fn Field(
    /// What to write there.
    label: String,
    /// More about it.
    #[prop(optional)]
    help: String,
    /// What is written.
    value: RwSignal<String>,
    /// How the browser may fill it.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Which keyboard fits.
    #[prop(default = "text")]
    keyboard: &'static str,
    /// `text`, `date`…
    #[prop(default = "text")]
    kind: &'static str,
    /// Whether it may stay empty.
    #[prop(optional)]
    may_be_empty: bool,
) -> impl IntoView {
    view! {
        <label class="field">
            <span class="label">{label}</span>
            {(!help.is_empty()).then(|| view! { <span class="quiet">{help}</span> })}
            <input
                type=kind
                bind:value=value
                required=!may_be_empty
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                inputmode=keyboard
                maxlength="200"
            />
        </label>
    }
}

/// A field for a password, with a button that shows it: Vietnamese keyboards rewrite what is typed.
#[component]
pub(super) fn PasswordField(
    /// What to write there.
    label: String,
    /// More about it.
    #[prop(optional)]
    help: String,
    /// What is written.
    value: RwSignal<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <label class="field">
            <span class="label">{label}</span>
            {(!help.is_empty()).then(|| view! { <span class="quiet">{help}</span> })}
            <span class="with-button">
                <input
                    type=move || if shown.get() { "text" } else { "password" }
                    bind:value=value
                    required
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="200"
                />
                <button type="button" class="button" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    {move || if shown.get() { t("account-hide") } else { t("account-show") }}
                </button>
            </span>
        </label>
    }
}

/// A button that first says what will happen, and asks again.
#[component]
pub(super) fn Careful(
    /// The word on the button.
    word: String,
    /// What will happen.
    what: String,
    /// What to do.
    doing: Doing,
    /// Does it.
    #[prop(into)]
    act: Callback<()>,
) -> impl IntoView {
    let asked = RwSignal::new(false);
    let ask_again = move || {
        view! {
            <div class="plain-note">
                <p>{what.clone()}</p>
                <div class="actions">
                    <button
                        type="button"
                        class="button warning"
                        disabled=move || doing.is_busy()
                        on:click=move |_| act.run(())
                    >
                        {t("colleagues-sure")}
                    </button>
                    <button type="button" class="button" on:click=move |_| asked.set(false)>
                        {t("colleagues-not-now")}
                    </button>
                </div>
            </div>
        }
    };
    view! {
        <button type="button" class="button" aria-expanded=move || asked.get().to_string() on:click=move |_| asked.set(true)>
            {word}
        </button>
        {move || asked.get().then(ask_again.clone())}
    }
}
