//! People whom one looks after: found as typed, added, opened one by one. Who is open stands behind `#`, which no server sees.

mod consents;
pub(super) mod form;
pub(super) mod given;
mod identity;
mod person;

use domain::ids::LearnerId;
use domain::person::Group;
use leptos::prelude::*;

use self::form::{DetailsFields, Draft};
use self::given::hand_over;
use self::person::Person;
use super::parts::{Asked, Doing, SearchField, loaded, more_button};
use super::words;
use crate::api::people::{
    GivenCode, PeoplePage, PeopleQuestion, PersonCursor, PersonRow, add_person, list_people,
};
use crate::i18n::{t, tf};

/// What the list's parts share.
#[derive(Clone, Copy)]
struct Desk {
    /// What is looked for.
    question: RwSignal<PeopleQuestion>,
    /// The first page of the list.
    first: LocalResource<Asked<PeoplePage>>,
    /// Further pages.
    further: RwSignal<Vec<PersonRow>>,
    /// A code to hand out now.
    given: RwSignal<Option<GivenCode>>,
}

impl Desk {
    /// Looks for something else.
    fn ask(self, change: impl FnOnce(&mut PeopleQuestion)) {
        self.further.set(vec![]);
        self.question.update(change);
    }
}

/// The page: the list, or the person whom the address names.
#[component]
pub(super) fn PeoplePageView() -> impl IntoView {
    let (open, given) = (RwSignal::new(named().unwrap_or_default()), RwSignal::new(None));
    // Kept while somebody is open: whoever comes back finds the list as it was asked for.
    let question = RwSignal::new(PeopleQuestion::default());
    let listener = window_event_listener(leptos::ev::hashchange, move |_| {
        if let Some(named) = named() {
            given.set(None);
            open.set(named);
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        {move || given.get().map(|code| hand_over(code, given))}
        {move || match open.get() {
            Some(id) => view! { <Person id=id given=given /> }.into_any(),
            None => view! { <List question=question given=given /> }.into_any(),
        }}
    }
}

/// Returns the person whom the address names, or nobody for the list; nothing when it names a part of the page.
fn named() -> Option<Option<LearnerId>> {
    let hash = web_sys::window()?.location().hash().ok()?;
    match hash.trim_start_matches('#') {
        "" => Some(None),
        id => id.parse().ok().map(Some),
    }
}

#[component]
fn List(question: RwSignal<PeopleQuestion>, given: RwSignal<Option<GivenCode>>) -> impl IntoView {
    let desk = Desk {
        question,
        first: LocalResource::new(move || list_people(question.get())),
        further: RwSignal::new(vec![]),
        given,
    };
    let search = move |typed: String| desk.ask(|question| question.typed = typed);
    let choose = move |event| {
        let group = words::read_group(&event_target_value(&event));
        desk.ask(|question| question.group = group);
    };
    let asked = question.get_untracked();
    let option = move |group: Group| {
        view! {
            <option value=group.as_str() selected=asked.group == Some(group)>
                {words::group(group)}
            </option>
        }
    };
    view! {
        <div class="filters">
            <SearchField label=t("people-search") begin=asked.typed typed=search />
            <label class="field">
                <span class="label">{t("people-group")}</span>
                <select on:change=choose>
                    <option value="">{t("people-every-group")}</option>
                    {Group::ALL.map(option).collect_view()}
                </select>
            </label>
        </div>
        {loaded(desk.first, move |page| draw(page, desk))}
        <AddPerson desk=desk />
    }
}

fn draw(page: PeoplePage, desk: Desk) -> AnyView {
    let nobody = page.rows.is_empty().then(|| {
        let asked = desk.question.get_untracked();
        let is_everybody = asked.typed.trim().is_empty() && asked.group.is_none();
        view! { <p>{if is_everybody { t("people-none") } else { t("people-not-found") }}</p> }
    });
    view! {
        <ul class="rows">
            {page.rows.into_iter().map(row).collect_view()} {move || desk.further.get().into_iter().map(row).collect_view()}
        </ul>
        {nobody}
        {page.next.map(|next| view! { <More next=next desk=desk /> })}
    }
    .into_any()
}

fn row(person: PersonRow) -> impl IntoView {
    let born = person.birth_year.map(|year| tf("people-born", &[("year", &year.to_string())]));
    let about: Vec<String> = born.into_iter().chain(person.group.map(words::group)).collect();
    view! {
        <li>
            <h2>
                <a class="whole" href=format!("#{}", person.id)>
                    {words::person_name(&person.name)}
                </a>
            </h2>
            <p class="quiet">{about.join(", ")}</p>
            <p class="quiet">{person.place}</p>
        </li>
    }
}

#[component]
fn More(next: PersonCursor, desk: Desk) -> impl IntoView {
    let (from, doing) = (RwSignal::new(Some(next)), Doing::new());
    let more = move || {
        let asked = PeopleQuestion { after: from.get_untracked(), ..desk.question.get_untracked() };
        doing.ask(list_people(asked), move |page| {
            from.set(page.next);
            desk.further.update(|rows| rows.extend(page.rows));
        });
    };
    more_button(from, doing, more)
}

#[component]
fn AddPerson(desk: Desk) -> impl IntoView {
    let (draft, doing, opened) = (Draft::empty(), Doing::new(), RwSignal::new(false));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match draft.get() {
            Ok(details) => doing.ask(add_person(details), move |code| {
                // The place stays: people of one class are entered one after the other.
                draft.clear();
                desk.given.set(Some(code));
                desk.further.set(vec![]);
                desk.first.refetch();
                words::go_to_the_top();
            }),
            Err(code) => doing.refuse(code),
        }
    };
    view! {
        <details class="card narrow" on:toggle=move |_| opened.set(true)>
            <summary>
                <h2>{t("people-add")}</h2>
            </summary>
            <form on:submit=add>
                {move || opened.get().then(|| view! { <DetailsFields draft=draft /> })} {doing.said()}
                <button class="button main" disabled=move || doing.is_busy()>
                    {t("people-add-button")}
                </button>
            </form>
        </details>
    }
}
