//! One colleague: a card with roles and what can be done.

use domain::role::Role;
use leptos::prelude::*;

use super::Desk;
use super::role_form::{Draft, RoleFields};
use crate::api::colleagues::{
    Colleague, RoleRow, end_role, give_password, give_role, link_identity, stop_colleague,
};
use crate::i18n::t;
use crate::staff::parts::{Careful, Doing, Field};
use crate::staff::words;

#[component]
pub(super) fn ColleagueRow(
    /// Whom.
    colleague: Colleague,
    /// Roles to choose from.
    may_give: StoredValue<Vec<Role>>,
    /// What the page shares.
    desk: Desk,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    let whom = StoredValue::new(colleague.clone());
    let Colleague { name, whole_name, stopped, second_factor, is_me, roles, .. } = colleague;
    let mark = |class: &'static str, words: String| view! { <span class=class>{words}</span> };
    let wants_factor = !second_factor && roles.iter().any(|held| held.role.needs_second_factor());
    let no_roles = roles.is_empty().then(|| view! { <p class="quiet">{t("colleagues-no-roles")}</p> });
    let line = |held: RoleRow| {
        view! { <p>{words::role_held(held.role, &held.place_name, held.group, held.until_ms)}</p> }
    };
    // A page of colleagues must not ask for places fifty times: what can be done is drawn when it is asked for.
    let changes = (!is_me).then(|| {
        view! {
            <details on:toggle=move |_| opened.set(true)>
                <summary class="button">{t("colleagues-change")}</summary>
                {move || {
                    opened
                        .get()
                        .then(|| {
                            let whom = whom.get_value();
                            view! { <Changes whom=whom may_give=may_give desk=desk /> }
                        })
                }}
            </details>
        }
    });
    view! {
        <li>
            <h2>
                {whole_name} {is_me.then(|| mark("mark", t("colleagues-me")))}
                {stopped.then(|| mark("mark warning", t("colleagues-stopped")))}
                {wants_factor.then(|| mark("mark warning", t("colleagues-no-factor")))}
            </h2>
            <p class="quiet">{name}</p>
            {roles.into_iter().map(line).collect_view()}
            {no_roles}
            {changes}
        </li>
    }
}

/// What can be done about a colleague.
#[component]
fn Changes(whom: Colleague, may_give: StoredValue<Vec<Role>>, desk: Desk) -> impl IntoView {
    let doing = Doing::new();
    let Colleague { id, stopped, roles, .. } = whom;
    let line = move |held: RoleRow| view! { <RoleLine held=held doing=doing desk=desk /> };
    let help = move |()| {
        doing.ask(give_password(id), move |given| {
            desk.given.set(Some(given));
            desk.renew();
            if let Some(window) = web_sys::window() {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
        });
    };
    let stop = move |()| doing.ask(stop_colleague(id, true), move |()| desk.renew());
    let reopen = move |_| doing.ask(stop_colleague(id, false), move |()| desk.renew());
    let stopping = if stopped {
        view! {
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=reopen>
                {t("colleagues-reopen")}
            </button>
        }
        .into_any()
    } else {
        view! { <Careful word=t("colleagues-stop") what=t("colleagues-stop-what") doing=doing act=stop /> }
            .into_any()
    };
    let identity = desk.single_sign_on.get_untracked().then(|| {
        view! {
            <h3>{t("colleagues-identity")}</h3>
            <LinkIdentity staff=id />
        }
    });
    view! {
        {doing.said()}
        {roles.into_iter().map(line).collect_view()}
        <h3>{t("colleagues-give-role")}</h3>
        <GiveRole staff=id may_give=may_give desk=desk />
        {identity}
        <h3>{t("staff-account-of")}</h3>
        <div class="actions">
            <Careful
                word=t("colleagues-give-password")
                what=t("colleagues-give-password-what")
                doing=doing
                act=help
            />
            {stopping}
        </div>
    }
}

#[component]
fn RoleLine(held: RoleRow, doing: Doing, desk: Desk) -> impl IntoView {
    let words = words::role_held(held.role, &held.place_name, held.group, held.until_ms);
    let end = move |_| doing.ask(end_role(held.id), move |()| desk.renew());
    view! {
        <div class="role-line">
            <span>{words}</span>
            <button type="button" class="button" disabled=move || doing.is_busy() on:click=end>
                {t("colleagues-end-role")}
            </button>
        </div>
    }
}

#[component]
fn GiveRole(staff: domain::ids::StaffId, may_give: StoredValue<Vec<Role>>, desk: Desk) -> impl IntoView {
    let (draft, doing) = (Draft::new(may_give), Doing::new());
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doing.ask(give_role(staff, draft.get()), move |()| desk.renew());
    };
    view! {
        <form on:submit=give>
            <RoleFields draft=draft may_give=may_give />
            {doing.said()}
            <button class="button" disabled=move || doing.is_busy() || draft.lacks_place()>
                {t("colleagues-give-role")}
            </button>
        </form>
    }
}

#[component]
fn LinkIdentity(staff: domain::ids::StaffId) -> impl IntoView {
    let (subject, done, doing) = (RwSignal::new(String::new()), RwSignal::new(false), Doing::new());
    let link = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        done.set(false);
        doing.ask(link_identity(staff, subject.get_untracked()), move |()| done.set(true));
    };
    view! {
        <form on:submit=link>
            <Field
                label=t("colleagues-identity-field")
                help=t("colleagues-identity-help")
                value=subject
                may_be_empty=true
            />
            {doing.said()}
            {move || {
                done.get().then(|| view! { <p class="said now good" role="status">{t("colleagues-done")}</p> })
            }}
            <button class="button" disabled=move || doing.is_busy()>
                {t("colleagues-identity-set")}
            </button>
        </form>
    }
}
