//! One request: whose it is, its clocks in words, and what can be done.

use domain::request::{RequestKind, RequestState};
use leptos::prelude::*;
use uuid::Uuid;

use super::Register;
use crate::api::requests::{
    Fulfilment, RequestRow, RequestStep, export_for_request, fulfil_request, step_request,
};
use crate::i18n::{t, tf};
use crate::routes::StaffPage;
use crate::staff::lists::file;
use crate::staff::parts::{Careful, Doing};
use crate::staff::{reconcile_words, words};

#[component]
pub(super) fn Card(row: RequestRow, register: Register) -> impl IntoView {
    let name = row.person.as_ref().map_or_else(|| t("requests-deleted"), reconcile_words::person);
    let way = if row.by_phone { t("requests-by-phone") } else { t("requests-at-commune") };
    let received = words::when(row.received_ms);
    let said = (!row.words.is_empty()).then(|| view! { <blockquote>{row.words.clone()}</blockquote> });
    let restricted =
        row.restricted.then(|| view! { <span class="mark warning">{t("requests-restricted")}</span> });
    let by = row.handled_by.as_ref().map(|name| format!(" {}", tf("requests-handled", &[("name", name)])));
    let below = if row.closed_ms.is_some() {
        view! { <Closed row=row.clone() register=register /> }.into_any()
    } else {
        view! { <Open row=row.clone() register=register /> }.into_any()
    };
    view! {
        <li>
            <h2>
                {name} <span class="mark">{words::request_kind(row.kind)}</span> {restricted}
            </h2>
            {clocks(&row)}
            {row.purpose.map(|purpose| view! { <p>{words::purpose(purpose)}</p> })}
            {said}
            <p class="quiet">{tf("requests-received", &[("when", &received), ("way", &way)])} {by}</p>
            {below}
        </li>
    }
}

/// How much time is left, the nearer clock first.
fn clocks(row: &RequestRow) -> impl IntoView + use<> {
    let line = |label: String, left: i64| {
        let class = if left < 0 { "mark warning" } else { "mark" };
        view! {
            <p>
                {label} " " <span class=class>{words::days_left(left)}</span>
            </p>
        }
    };
    let extended = row.extended.as_ref().map(|why| {
        view! { <p class="quiet">{tf("requests-extended", &[("why", why)])}</p> }
    });
    view! {
        {row.reply_left.map(|left| line(t("requests-reply-by"), left))}
        {row.answer_left.map(|left| line(t("requests-answer-by"), left))}
        {extended}
    }
}

#[component]
fn Closed(row: RequestRow, register: Register) -> impl IntoView {
    let (id, doing) = (row.id, Doing::new());
    let how =
        if row.state == RequestState::Refused { t("requests-was-refused") } else { t("requests-was-done") };
    let when = row.closed_ms.map(words::when).unwrap_or_default();
    let lift = move |_| {
        let lifting = fulfil_request(id, Fulfilment::LiftRestriction);
        doing.ask(lifting, move |()| register.done(t("requests-lifted")));
    };
    let lifts = (row.restricted && row.kind != RequestKind::Delete).then(|| {
        view! {
            <div class="actions">
                <button type="button" class="button" disabled=move || doing.is_busy() on:click=lift>
                    {t("requests-lift")}
                </button>
            </div>
        }
    });
    view! {
        <p>
            <strong>{how}</strong> " " {when}
        </p>
        {(!row.answer.is_empty()).then(|| view! { <p>{row.answer.clone()}</p> })}
        {lifts}
        {doing.said()}
    }
}

/// What can be done: the first reply, then what was asked, then the ways to close it.
#[component]
fn Open(row: RequestRow, register: Register) -> impl IntoView {
    let (id, kind, doing) = (row.id, row.kind, Doing::new());
    let reply = (row.state == RequestState::Received).then(|| {
        let press = move |_| {
            doing.ask(step_request(id, RequestStep::Reply), move |()| register.done(t("requests-replied")));
        };
        view! {
            <button type="button" class="button main" disabled=move || doing.is_busy() on:click=press>
                {t("requests-reply")}
            </button>
        }
    });
    let careful = move |what: Fulfilment, word: String, means: String, done: String| {
        let act = move |()| {
            let done = done.clone();
            doing.ask(fulfil_request(id, what), move |()| register.done(done));
        };
        view! { <Careful word=word what=means doing=doing act=act /> }
    };
    let withdraw = matches!(kind, RequestKind::Withdraw | RequestKind::Object).then(|| {
        careful(
            Fulfilment::Withdraw,
            t("requests-withdraw"),
            t("requests-withdraw-what"),
            t("requests-withdrawn"),
        )
    });
    let restrict =
        (matches!(kind, RequestKind::Restrict | RequestKind::Object) && !row.restricted).then(|| {
            careful(
                Fulfilment::Restrict,
                t("requests-restrict"),
                t("requests-restrict-what"),
                t("requests-now-restricted"),
            )
        });
    let correct =
        row.person.as_ref().filter(|_| kind == RequestKind::Correct && !row.restricted).map(|person| {
            let address = format!("{}#{}", words::address(StaffPage::People), person.id);
            view! {
                <a class="button" href=address>
                    {t("requests-open-person")}
                </a>
            }
        });
    let export = matches!(kind, RequestKind::See | RequestKind::Provide | RequestKind::Delete)
        .then(|| view! { <Export id=id /> });
    let delete = (kind == RequestKind::Delete).then(|| view! { <Delete id=id register=register /> });
    let with_reason =
        move |word: String, ask: String, needs: bool, step: fn(String) -> RequestStep, done: String| {
            view! { <WithWords id=id word=word ask=ask needs=needs step=step done=done register=register /> }
        };
    let extend = row.extended.is_none().then(|| {
        with_reason(
            t("requests-extend"),
            t("requests-extend-why"),
            true,
            RequestStep::Extend,
            t("requests-now-extended"),
        )
    });
    // What is done at once closes the request itself; nobody marks a deletion as done that was none.
    let by_itself = matches!(kind, RequestKind::Withdraw | RequestKind::Restrict | RequestKind::Delete);
    let done = (!by_itself).then(|| {
        with_reason(
            t("requests-done"),
            t("requests-done-what"),
            false,
            RequestStep::Done,
            t("requests-now-done"),
        )
    });
    let refuse = with_reason(
        t("requests-refuse"),
        t("requests-refuse-why"),
        true,
        RequestStep::Refuse,
        t("requests-now-refused"),
    );
    view! {
        <div class="fixes">{reply} {correct} {withdraw} {restrict} {export} {delete} {done} {extend} {refuse}</div>
        {doing.said()}
    }
}

/// A step for which something is written first.
#[component]
fn WithWords(
    id: Uuid,
    word: String,
    ask: String,
    needs: bool,
    step: fn(String) -> RequestStep,
    done: String,
    register: Register,
) -> impl IntoView {
    let (written, doing) = (RwSignal::new(String::new()), Doing::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let done = done.clone();
        doing.ask(step_request(id, step(written.get_untracked())), move |()| register.done(done));
    };
    view! {
        <details>
            <summary class="button">{word.clone()}</summary>
            <form on:submit=send>
                <label class="field">
                    <span class="label">{ask}</span>
                    <textarea rows="3" maxlength="400" required=needs bind:value=written></textarea>
                </label>
                {doing.said()}
                <button class="button main" disabled=move || doing.is_busy()>
                    {word}
                </button>
            </form>
        </details>
    }
}

/// The file with everything kept about her, saved on this machine.
#[component]
fn Export(id: Uuid) -> impl IntoView {
    let (doing, ready) = (Doing::new(), RwSignal::new(None::<String>));
    let ask = move |_| {
        doing.ask(export_for_request(id), move |content| match file::to_save(&content) {
            Some(address) => ready.set(Some(address)),
            None => doing.refuse("unexpected"),
        });
    };
    let save = move || {
        ready.get().map(|address| {
            view! {
                <a class="button main" href=address download="ho-so.json">
                    {t("requests-save-file")}
                </a>
            }
        })
    };
    view! {
        <button type="button" class="button" disabled=move || doing.is_busy() on:click=ask>
            {t("requests-export")}
        </button>
        {save}
        {doing.said()}
    }
}

/// Deletion: whoever presses says first that she asked back, then is asked once more. Nobody can undo it.
#[component]
fn Delete(id: Uuid, register: Register) -> impl IntoView {
    let (sure, doing) = (RwSignal::new(false), Doing::new());
    let delete = move |()| {
        doing.ask(fulfil_request(id, Fulfilment::Delete), move |()| register.done(t("requests-now-deleted")));
    };
    view! {
        <details>
            <summary class="button warning">{t("requests-delete")}</summary>
            <p>{t("requests-delete-what")}</p>
            <label class="choice">
                <input type="checkbox" bind:checked=sure />
                <span>{t("requests-delete-asked")}</span>
            </label>
            {move || {
                sure.get()
                    .then(|| {
                        view! {
                            <Careful
                                word=t("requests-delete-all")
                                what=t("requests-delete-sure")
                                doing=doing
                                act=delete
                            />
                        }
                    })
            }}
            {doing.said()}
        </details>
    }
}
