//! Facts that were set aside: what each is, why it could not be stored, and the three things that can be done about it.

use domain::aside::Settlement;
use leptos::prelude::*;
use uuid::Uuid;

use super::parts::{Doing, loaded, more_button};
use super::person_chooser::PersonChooser;
use super::{reconcile_words, words};
use crate::api::people::PersonChoice;
use crate::api::reconcile::{
    AsidePage, AsideRow, Sent, bind_aside, close_aside, find_person_for_aside, list_asides, reopen_aside,
    review_aside,
};
use crate::i18n::{t, tf};

/// The page.
#[component]
pub(super) fn ReconcilePage() -> impl IntoView {
    let settled = RwSignal::new(false);
    let first = LocalResource::new(move || list_asides(settled.get(), None));
    let choice = move |value: bool, word: String| {
        view! {
            <button
                type="button"
                class="button"
                aria-pressed=move || (settled.get() == value).to_string()
                on:click=move |_| settled.set(value)
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="actions">
            {choice(false, t("reconcile-open"))} {choice(true, t("reconcile-settled"))}
        </div>
        {loaded(first, move |page| {
            view! { <Asides page=page settled=settled.get_untracked() /> }.into_any()
        })}
    }
}

#[component]
fn Asides(page: AsidePage, settled: bool) -> impl IntoView {
    let (rows, next, doing) = (RwSignal::new(page.rows), RwSignal::new(page.next), Doing::new());
    let said = RwSignal::new(String::new());
    let more = move || {
        doing.ask(list_asides(settled, next.get_untracked()), move |page| {
            next.set(page.next);
            rows.update(|rows| rows.extend(page.rows));
        });
    };
    // A settled one leaves the list, and what became of it is said above it.
    let gone = Callback::new(move |(id, words): (Uuid, String)| {
        said.set(words);
        rows.update(|rows| rows.retain(|row| row.id != id));
    });
    let none = move || {
        rows.read().is_empty().then(|| {
            view! { <p>{if settled { t("reconcile-none-settled") } else { t("reconcile-none") }}</p> }
        })
    };
    view! {
        <p class="said good" class:now=move || !said.read().is_empty() role="status">
            {move || said.get()}
        </p>
        {none}
        <ul class="rows">
            <For each=move || rows.get() key=|row| row.id let:row>
                <Aside row=row gone=gone />
            </For>
        </ul>
        {more_button(next, doing, more)}
    }
}

#[component]
fn Aside(row: AsideRow, gone: Callback<(Uuid, String)>) -> impl IntoView {
    let phone = if row.phone.is_empty() { t("aside-some-phone") } else { row.phone.clone() };
    let clock = match &row.sent {
        Sent::Fact { at_ms, .. } => Some(tf("aside-clock", &[("when", &words::when(*at_ms))])),
        Sent::Unreadable(_) => None,
    };
    let letters = match &row.sent {
        Sent::Unreadable(letters) => Some(view! {
            <details>
                <summary class="quiet">{t("sent-letters")}</summary>
                <code>{letters.clone()}</code>
            </details>
        }),
        Sent::Fact { .. } => None,
    };
    let person = row.person.as_ref().map(|person| {
        view! { <p>{tf("aside-person", &[("person", &reconcile_words::person(person))])}</p> }
    });
    let settled = row.settled.as_ref().map(|done| {
        let when = words::when(done.at_ms);
        let who = tf("aside-settled-by", &[("name", &done.by), ("when", &when)]);
        view! {
            <p>
                <strong>{reconcile_words::how(done.how)}</strong>
                " "
                {who}
            </p>
        }
    });
    let received = words::when(row.received_ms);
    let actions = match row.settled.as_ref().map(|done| done.how) {
        None => view! { <Fixes row=row.clone() gone=gone /> }.into_any(),
        Some(how) if how.is_closing() => view! { <Reopen id=row.id gone=gone /> }.into_any(),
        Some(_) => ().into_any(),
    };
    view! {
        <li>
            <h2>{reconcile_words::sent(&row.sent)}</h2>
            {person}
            <p>{reconcile_words::why(row.code)}</p>
            {settled}
            <p class="quiet">
                {tf("aside-received", &[("phone", &phone), ("when", &received)])} " " {clock}
            </p>
            {letters}
            {actions}
        </li>
    }
}

#[component]
fn Reopen(id: Uuid, gone: Callback<(Uuid, String)>) -> impl IntoView {
    let doing = Doing::new();
    let open = move |_| doing.ask(reopen_aside(id), move |()| gone.run((id, t("aside-reopened"))));
    view! {
        <div class="actions">
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=open>
                {t("aside-reopen")}
            </button>
        </div>
        {doing.said()}
    }
}

/// The three things that can be done about one.
#[component]
fn Fixes(row: AsideRow, gone: Callback<(Uuid, String)>) -> impl IntoView {
    let (id, doing, left) = (row.id, Doing::new(), RwSignal::new(None));
    let review = move |_| {
        doing.ask(review_aside(id), move |code| match code {
            None => gone.run((id, t("aside-stored"))),
            Some(code) => left.set(Some(code)),
        });
    };
    let bind = Callback::new(move |person: PersonChoice| {
        doing.ask(bind_aside(id, person.id), move |code| match code {
            None => gone.run((id, tf("aside-bound-to", &[("person", &reconcile_words::person(&person))]))),
            Some(code) => left.set(Some(code)),
        });
    });
    let close = move |why: Settlement| {
        let press = move |_| doing.ask(close_aside(id, why), move |()| gone.run((id, t("aside-closed"))));
        view! {
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=press>
                {reconcile_words::how(why)}
            </button>
        }
    };
    let named = row.person.clone().filter(|_| row.this_person);
    let chooser = (named.is_some() || row.any_person).then(|| {
        let any_person = row.any_person;
        view! {
            <details>
                <summary class="button">{t("aside-bind")}</summary>
                <p class="quiet">{t("aside-bind-what")}</p>
                {named.map(|person| offer(person, bind, doing))}
                {any_person
                    .then(|| {
                        view! {
                            <PersonChooser
                                label=t("aside-find")
                                find=find_person_for_aside
                                word=bind_to
                                chosen=bind
                            />
                        }
                    })}
            </details>
        }
    });
    let still = move || {
        left.get().map(|code| {
            view! {
                <p class="said now" role="alert">
                    {t("aside-still")}
                    " "
                    {reconcile_words::why(code)}
                </p>
            }
        })
    };
    view! {
        <div class="fixes">
            <button type="button" class="button main" disabled=move || doing.is_busy() on:click=review>
                {t("aside-review")}
            </button>
            {chooser}
            <details>
                <summary class="button">{t("aside-close")}</summary>
                <p class="quiet">{t("aside-close-what")}</p>
                <div class="actions">{Settlement::CLOSINGS.map(close).collect_view()}</div>
            </details>
        </div>
        {still}
        {doing.said()}
    }
}

/// A button that gives it to a person.
fn offer(person: PersonChoice, bind: Callback<PersonChoice>, doing: Doing) -> impl IntoView {
    let name = reconcile_words::person(&person);
    view! {
        <button
            type="button"
            class="button"
            disabled=move || doing.is_busy()
            on:click=move |_| bind.run(person.clone())
        >
            {bind_to(&name)}
        </button>
    }
}

fn bind_to(name: &str) -> String {
    tf("aside-bind-to", &[("person", name)])
}
