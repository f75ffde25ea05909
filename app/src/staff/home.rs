//! What may I do: the roles, and a door to each piece of work.

use domain::role::{Action, Role};
use leptos::prelude::*;

use super::parts::loaded;
use super::words;
use crate::api::myself::{Myself, who_am_i};
use crate::i18n::{t, tf};
use crate::routes::StaffPage;

/// The page.
#[component]
pub(super) fn HomePage() -> impl IntoView {
    loaded(LocalResource::new(who_am_i), draw)
}

fn draw(myself: Myself) -> AnyView {
    let roles: Vec<_> = myself
        .roles
        .iter()
        .map(|held| view! { <li>{words::role_held(held.role, &held.place_name, held.group, held.until_ms)}</li> })
        .collect();
    let no_roles = roles.is_empty().then(|| view! { <p>{t("home-no-roles")}</p> });
    let factor = myself.wants_second_factor.then(|| {
        view! {
            <section class="card">
                <p>{t("home-factor")}</p>
                <a class="button main" href=words::address(StaffPage::Account)>
                    {t("home-factor-button")}
                </a>
            </section>
        }
    });
    let may = |action| myself.may.contains(&action);
    let is_ambassador = myself.roles.iter().any(|held| held.role == Role::Ambassador);
    let doors = [
        (is_ambassador, StaffPage::Roll, t("staff-roll"), t("home-roll-what")),
        (may(Action::SeePeople), StaffPage::People, t("staff-people"), t("home-people-what")),
        (may(Action::SeePeople), StaffPage::Classes, t("staff-classes"), t("home-classes-what")),
        (may(Action::MovePeople), StaffPage::Lists, t("staff-lists"), t("home-lists-what")),
        (may(Action::JoinPeople), StaffPage::LookAlikes, t("staff-look-alikes"), t("home-look-alikes-what")),
        (may(Action::FindPlaces), StaffPage::Places, t("staff-places"), t("home-places-what")),
        (may(Action::JoinPeople), StaffPage::Reconcile, t("staff-reconcile"), t("home-reconcile-what")),
        (may(Action::AnswerRequests), StaffPage::Requests, t("staff-requests"), t("home-requests-what")),
        (may(Action::KeepIncidents), StaffPage::Incidents, t("staff-incidents"), t("home-incidents-what")),
        (may(Action::SeeStaff), StaffPage::Colleagues, t("staff-colleagues"), t("home-colleagues-what")),
        (may(Action::SeeAudit), StaffPage::Audit, t("staff-audit"), t("home-audit-what")),
        (true, StaffPage::Account, t("staff-account"), t("home-account-what")),
    ];
    let doors: Vec<_> = doors
        .into_iter()
        .filter(|(open, ..)| *open)
        .map(|(_, page, name, what)| {
            view! {
                <a class="card course-card" href=words::address(page)>
                    <h3>{name}</h3>
                    <p class="quiet">{what}</p>
                </a>
            }
        })
        .collect();
    view! {
        <p class="lead">{tf("home-hello", &[("name", &myself.whole_name)])}</p>
        {factor}
        <h2>{t("home-roles")}</h2>
        <ul>{roles}</ul>
        {no_roles}
        <h2>{t("home-may")}</h2>
        {doors}
    }
    .into_any()
}
