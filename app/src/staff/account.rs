//! My account: password, second factor with its recovery codes, the browsers I am signed in with.

mod phones;
mod second_factor;
mod sessions;

use leptos::prelude::*;

use self::phones::Phones;
use self::second_factor::SecondFactor;
use self::sessions::Sessions;
use super::parts::{Doing, PasswordField, loaded};
use super::words;
use crate::api::account::change_password;
use crate::api::myself::who_am_i;
use crate::i18n::t;

/// The page.
#[component]
pub(super) fn AccountPage() -> impl IntoView {
    let myself = LocalResource::new(who_am_i);
    loaded(myself, move |myself| {
        let roles: Vec<_> = myself
            .roles
            .iter()
            .map(|held| view! { <li>{words::role_held(held.role, &held.place_name, held.group, held.until_ms)}</li> })
            .collect();
        view! {
            <p class="lead">
                {myself.whole_name.clone()} " (" {myself.name.clone()} ")"
            </p>
            <ul>{roles}</ul>
            <SecondFactor set=myself.second_factor recovery_codes=myself.recovery_codes />
            <Password />
            <Sessions />
            <Phones />
        }
        .into_any()
    })
}

#[component]
fn Password() -> impl IntoView {
    let (old, new, done) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let doing = Doing::new();
    let change = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        done.set(false);
        doing.ask(change_password(old.get_untracked(), new.get_untracked()), move |()| {
            old.set(String::new());
            new.set(String::new());
            done.set(true);
        });
    };
    view! {
        <h2>{t("account-password")}</h2>
        <form class="card" on:submit=change>
            {doing.said()}
            {move || done.get().then(|| view! { <p class="said now good" role="status">{t("account-password-done")}</p> })}
            <PasswordField label=t("account-old-password") value=old autocomplete="current-password" />
            <PasswordField
                label=t("new-password-field")
                help=t("new-password-help")
                value=new
                autocomplete="new-password"
            />
            <button class="button main" disabled=move || doing.is_busy()>
                {t("account-password")}
            </button>
        </form>
    }
}
