//! The fields for a role: which, where, and until when.

use domain::role::{ROLES, Role};
use leptos::prelude::*;

use crate::api::colleagues::NewRole;
use crate::api::places::PlaceRow;
use crate::i18n::t;
use crate::staff::parts::Field;
use crate::staff::place_chooser::PlaceChooser;
use crate::staff::words;

/// A role as it is being chosen.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    role: RwSignal<Role>,
    place: RwSignal<Option<PlaceRow>>,
    /// The last day; empty for until further notice.
    until: RwSignal<String>,
}

impl Draft {
    /// Begins with the first role that may be given.
    pub(super) fn new(may_give: StoredValue<Vec<Role>>) -> Self {
        let first = may_give.get_value().first().copied().unwrap_or(Role::Ambassador);
        Self { role: RwSignal::new(first), place: RwSignal::new(None), until: RwSignal::new(String::new()) }
    }

    /// Returns the role as it is given; a place that is missing is refused by the server with its own sentence.
    pub(super) fn get(self) -> NewRole {
        let role = self.role.get_untracked();
        let place = self.place.get_untracked().filter(|_| role.has_place()).map(|place| place.path);
        // The whole last day.
        let until_ms = words::day_ms(&self.until.get_untracked()).map(|ms| ms + 86_400_000);
        NewRole { role, place, until_ms }
    }

    /// Returns whether a place is still to be chosen.
    pub(super) fn lacks_place(self) -> bool {
        self.role.get().has_place() && self.place.get().is_none()
    }
}

/// Draws the fields.
#[component]
pub(super) fn RoleFields(
    /// The role.
    draft: Draft,
    /// Roles to choose from.
    may_give: StoredValue<Vec<Role>>,
) -> impl IntoView {
    let choose = move |event| {
        let chosen = event_target_value(&event);
        if let Some(role) = ROLES.into_iter().find(|role| role.as_str() == chosen) {
            draft.role.set(role);
        }
    };
    let option = move |role: Role| {
        view! {
            <option value=role.as_str() selected=draft.role.get_untracked() == role>
                {words::role(role)}
            </option>
        }
    };
    view! {
        <label class="field">
            <span class="label">{t("colleagues-role")}</span>
            <select on:change=choose>{may_give.get_value().into_iter().map(option).collect_view()}</select>
        </label>
        {move || draft.role.get().has_place().then(|| view! { <PlaceChooser chosen=draft.place /> })}
        <Field label=t("role-until-field") value=draft.until kind="date" may_be_empty=true />
    }
}
