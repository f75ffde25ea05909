//! Adding a colleague: name, sign-in name, a first role.

use domain::role::Role;
use leptos::prelude::*;

use super::Desk;
use super::role_form::{Draft, RoleFields};
use crate::api::colleagues::{NewColleague, add_colleague};
use crate::i18n::t;
use crate::staff::parts::{Doing, Field};

#[component]
pub(super) fn AddColleague(
    /// Roles to choose from.
    may_give: StoredValue<Vec<Role>>,
    /// What the page shares.
    desk: Desk,
) -> impl IntoView {
    let (name, login, phone) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (draft, doing, opened) = (Draft::new(may_give), Doing::new(), RwSignal::new(false));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewColleague {
            name: login.get_untracked(),
            whole_name: name.get_untracked(),
            phone: phone.get_untracked(),
            role: draft.get(),
        };
        doing.ask(add_colleague(new), move |given| {
            for field in [name, login, phone] {
                field.set(String::new());
            }
            desk.given.set(Some(given));
            desk.renew();
            if let Some(window) = web_sys::window() {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
        });
    };
    view! {
        <details class="card narrow" on:toggle=move |_| opened.set(true)>
            <summary>
                <h2>{t("colleagues-add")}</h2>
            </summary>
            <form on:submit=add>
                <Field label=t("colleagues-name") value=name />
                <Field label=t("colleagues-login") help=t("colleagues-login-help") value=login />
                <Field label=t("colleagues-phone") value=phone keyboard="tel" may_be_empty=true />
                {move || opened.get().then(|| view! { <RoleFields draft=draft may_give=may_give /> })}
                {doing.said()}
                <button class="button main" disabled=move || doing.is_busy() || draft.lacks_place()>
                    {t("colleagues-add")}
                </button>
            </form>
        </details>
    }
}
