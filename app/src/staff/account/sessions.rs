//! The browsers in which I am signed in, and signing them out from here.

use leptos::prelude::*;

use crate::api::sessions::{SessionRow, end_other_sessions, end_session, list_sessions};
use crate::i18n::{t, tf};
use crate::staff::parts::{Doing, loaded};
use crate::staff::words;

#[component]
pub(super) fn Sessions() -> impl IntoView {
    let sessions = LocalResource::new(list_sessions);
    let doing = Doing::new();
    let row = move |session: SessionRow| {
        let times = [("since", words::when(session.created_ms)), ("seen", words::when(session.seen_ms))];
        let times: Vec<(&'static str, &str)> =
            times.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let end = move |_| doing.ask(end_session(session.id), move |()| sessions.refetch());
        view! {
            <li>
                <h3>
                    {session.device}
                    {session.is_this.then(|| view! { <span class="mark">{t("account-session-this")}</span> })}
                </h3>
                <p class="quiet">{tf("account-session-since", &times)}</p>
                {(!session.is_this)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                disabled=move || doing.is_busy()
                                on:click=end
                            >
                                {t("account-session-end")}
                            </button>
                        }
                    })}
            </li>
        }
    };
    view! {
        <h2>{t("account-sessions")}</h2>
        {doing.said()}
        {loaded(
            sessions,
            move |found: Vec<SessionRow>| {
                let others = found.len() > 1;
                let end_others = move |_| doing.ask(end_other_sessions(), move |()| sessions.refetch());
                view! {
                    <ul class="rows">{found.into_iter().map(row).collect_view()}</ul>
                    {others
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    disabled=move || doing.is_busy()
                                    on:click=end_others
                                >
                                    {t("account-sessions-end")}
                                </button>
                            }
                        })}
                }
                    .into_any()
            },
        )}
    }
}
