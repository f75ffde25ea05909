//! The fields for a role: which, where, for which people there, and until when.

use domain::ids::ClassId;
use domain::person::Group;
use domain::role::{Part, ROLES, Role};
use leptos::prelude::*;

use crate::api::classes::{ClassRow, FoundClasses, list_classes};
use crate::api::colleagues::NewRole;
use crate::api::places::PlaceRow;
use crate::i18n::t;
use crate::staff::classes::not_all;
use crate::staff::parts::{Field, SearchField, loaded};
use crate::staff::place_chooser::PlaceChooser;
use crate::staff::words;

/// A role as it is being chosen.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    role: RwSignal<Role>,
    place: RwSignal<Option<PlaceRow>>,
    /// For which people there.
    part: RwSignal<PartDraft>,
    /// The last day; empty for until further notice.
    until: RwSignal<String>,
}

/// For which of a place's people a role is being given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PartDraft {
    Everybody,
    Group(Group),
    /// A class, which brings its place; nothing while none is chosen.
    Class(Option<ClassId>),
}

/// What stands for a class in the field.
const CLASS: &str = "class";

impl Draft {
    /// Begins with the first role that may be given.
    pub(super) fn new(may_give: StoredValue<Vec<Role>>) -> Self {
        let first = may_give.get_value().first().copied().unwrap_or(Role::Ambassador);
        Self {
            role: RwSignal::new(first),
            place: RwSignal::new(None),
            part: RwSignal::new(PartDraft::Everybody),
            until: RwSignal::new(String::new()),
        }
    }

    /// Returns the role as it is given; a place that is missing is refused by the server with its own sentence.
    pub(super) fn get(self) -> NewRole {
        let role = self.role.get_untracked();
        let part = match self.part.get_untracked() {
            PartDraft::Everybody | PartDraft::Class(None) => None,
            PartDraft::Group(group) => Some(Part::Group(group)),
            PartDraft::Class(Some(class)) => Some(Part::Class(class)),
        };
        let place = self.place.get_untracked().filter(|_| role.has_place()).map(|place| place.path);
        // The whole last day.
        let until_ms = words::day_ms(&self.until.get_untracked()).map(|ms| ms + 86_400_000);
        NewRole { role, place, part, until_ms }
    }

    /// Returns whether a place or class is still to be chosen.
    pub(super) fn lacks_place(self) -> bool {
        match self.part.get() {
            PartDraft::Class(class) => class.is_none(),
            _ => self.role.get().has_place() && self.place.get().is_none(),
        }
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
            draft.part.set(PartDraft::Everybody);
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
    // Choosing a class draws none of the fields anew.
    let in_class = Memo::new(move |_| matches!(draft.part.get(), PartDraft::Class(_)));
    view! {
        <label class="field">
            <span class="label">{t("colleagues-role")}</span>
            <select on:change=choose>{may_give.get_value().into_iter().map(option).collect_view()}</select>
        </label>
        {move || parts(draft.role.get(), draft.part)}
        {move || {
            (draft.role.get().has_place() && !in_class.get()).then(|| view! { <PlaceChooser chosen=draft.place /> })
        }}
        {move || in_class.get().then(|| view! { <ClassField part=draft.part /> })}
        <Field label=t("role-until-field") value=draft.until kind="date" may_be_empty=true />
    }
}

/// Draws the choice of people for whom a role is given; nothing for a role that is never given for some only.
fn parts(role: Role, part: RwSignal<PartDraft>) -> AnyView {
    let groups: Vec<Group> =
        Group::ALL.into_iter().filter(|group| role.may_be_for(Part::Group(*group))).collect();
    let has_classes = role.may_be_for(Part::Class(ClassId(uuid::Uuid::nil())));
    if groups.is_empty() && !has_classes {
        return ().into_any();
    }
    let choose = move |event| {
        let chosen = event_target_value(&event);
        part.set(match words::read_group(&chosen) {
            Some(group) => PartDraft::Group(group),
            None if chosen == CLASS => PartDraft::Class(None),
            None => PartDraft::Everybody,
        });
    };
    let option = |group: Group| view! { <option value=group.as_str()>{words::group(group)}</option> };
    let everybody = if has_classes { t("role-for-own") } else { t("role-for-everybody") };
    view! {
        <label class="field">
            <span class="label">{t("role-for")}</span>
            <select on:change=choose>
                <option value="">{everybody}</option>
                {groups.into_iter().map(option).collect_view()}
                {has_classes.then(|| view! { <option value=CLASS>{t("role-for-class")}</option> })}
            </select>
        </label>
    }
    .into_any()
}

/// Draws the choice of a class.
#[component]
fn ClassField(part: RwSignal<PartDraft>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let classes = LocalResource::new(move || list_classes(typed.get()));
    // Looked for by name only where not all of them are offered; then the field stays.
    let many = Memo::new(move |was: Option<&bool>| {
        was == Some(&true) || matches!(classes.get(), Some(Ok(FoundClasses { more: true, .. })))
    });
    let look_for = move |text| {
        // What was chosen may not be among those that are found.
        part.set(PartDraft::Class(None));
        typed.set(text);
    };
    let option = |class: ClassRow| {
        view! { <option value=class.id.to_string()>{class.name} ", " {class.place}</option> }
    };
    let draw = move |FoundClasses { classes, more }: FoundClasses| {
        let more = more.then(|| not_all(&classes));
        let open: Vec<ClassRow> =
            classes.into_iter().filter(|class| !class.closed && class.may_keep).collect();
        if open.is_empty() {
            let is_all = typed.read_untracked().trim().is_empty();
            let none = if is_all { t("role-no-class") } else { t("classes-not-found") };
            return view! { <p class="plain-note">{none}</p> }.into_any();
        }
        view! {
            <label class="field">
                <span class="label">{t("role-class")}</span>
                <select on:change=move |event| {
                    part.set(PartDraft::Class(event_target_value(&event).parse().ok()));
                }>
                    <option value="">{t("role-class-choose")}</option>
                    {open.into_iter().map(option).collect_view()}
                </select>
            </label>
            {more}
        }
        .into_any()
    };
    view! {
        {move || {
            many.get().then(|| view! {
                <SearchField label=t("classes-search") typed=look_for />
            })
        }}
        {loaded(classes, draw)}
    }
}
