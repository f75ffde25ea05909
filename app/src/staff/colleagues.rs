//! Colleagues: found by name, added, helped, given roles.

mod add;
mod role_form;
mod row;

use domain::role::Role;
use leptos::prelude::*;

use self::add::AddColleague;
use self::row::ColleagueRow;
use super::parts::{Doing, SearchField, loaded, more_button};
use crate::api::colleagues::{Colleague, ColleaguePage, Given, list_colleagues};
use crate::i18n::t;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    /// The first page of the list.
    first: LocalResource<Result<ColleaguePage, crate::api::error::Problem>>,
    /// Further pages.
    further: RwSignal<Vec<Colleague>>,
    /// A password to hand out now.
    given: RwSignal<Option<Given>>,
    /// Whether accounts elsewhere can be linked.
    single_sign_on: RwSignal<bool>,
}

impl Desk {
    /// Loads the list anew.
    fn renew(self) {
        self.further.set(vec![]);
        self.first.refetch();
    }
}

/// The page.
#[component]
pub(super) fn ColleaguesPage() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let desk = Desk {
        first: LocalResource::new(move || list_colleagues(typed.get(), None)),
        further: RwSignal::new(vec![]),
        given: RwSignal::new(None),
        single_sign_on: RwSignal::new(false),
    };
    let search = move |text: String| {
        desk.further.set(vec![]);
        typed.set(text);
    };
    view! {
        {move || desk.given.get().map(|given| hand_over(given, desk))}
        <div class="narrow">
            <SearchField label=t("colleagues-search") typed=search />
        </div>
        {loaded(desk.first, move |page| draw(page, desk, typed))}
    }
}

fn draw(page: ColleaguePage, desk: Desk, typed: RwSignal<String>) -> AnyView {
    let may_give = StoredValue::new(page.may_give.clone());
    desk.single_sign_on.set(page.single_sign_on);
    let row = move |colleague: Colleague| view! { <ColleagueRow colleague=colleague may_give=may_give desk=desk /> };
    let nobody = page.rows.is_empty().then(|| {
        let words = if typed.get_untracked().trim().is_empty() {
            t("colleagues-none")
        } else {
            t("colleagues-not-found")
        };
        view! { <p>{words}</p> }
    });
    view! {
        <ul class="rows">
            {page.rows.into_iter().map(row).collect_view()} {move || desk.further.get().into_iter().map(row).collect_view()}
        </ul>
        {nobody}
        {page.next.map(|next| view! { <More next=next desk=desk typed=typed /> })}
        {add_button(may_give, desk)}
    }
    .into_any()
}

fn add_button(may_give: StoredValue<Vec<Role>>, desk: Desk) -> impl IntoView {
    (!may_give.get_value().is_empty()).then(|| view! { <AddColleague may_give=may_give desk=desk /> })
}

#[component]
fn More(next: domain::ids::StaffId, desk: Desk, typed: RwSignal<String>) -> impl IntoView {
    let (from, doing) = (RwSignal::new(Some(next)), Doing::new());
    let more = move || {
        doing.ask(list_colleagues(typed.get_untracked(), from.get_untracked()), move |page| {
            from.set(page.next);
            desk.further.update(|rows| rows.extend(page.rows));
        });
    };
    more_button(from, doing, more)
}

/// A password that is shown once.
fn hand_over(given: Given, desk: Desk) -> impl IntoView {
    view! {
        <section class="card narrow" role="status">
            <h2>{t("colleagues-given")}</h2>
            <p class="secret" translate="no">
                {given.password}
            </p>
            <p>{t("colleagues-given-what")}</p>
            <button type="button" class="button main" on:click=move |_| desk.given.set(None)>
                {t("colleagues-given-kept")}
            </button>
        </section>
    }
}
