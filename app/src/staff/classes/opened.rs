//! One class: who is in it and where each stands; people put in and taken out; codes and PINs for all; its name.

use domain::ids::ClassId;
use leptos::prelude::*;

use super::cards::Cards;
use super::members::Members;
use crate::api::classes::{
    ClassRow, SeenClass, close_class, find_person_for_class, give_class_pins, join_class, rename_class,
    see_class,
};
use crate::api::people::{GivenCode, PersonChoice, add_person};
use crate::i18n::{t, tf};
use crate::staff::parts::{Asked, Careful, Doing, Field, loaded};
use crate::staff::people::form::{DetailsFields, Draft};
use crate::staff::people::given::hand_over;
use crate::staff::person_chooser::PersonChooser;
use crate::staff::words;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The class.
    seen: LocalResource<Asked<SeenClass>>,
    /// What was just done, in words.
    said: RwSignal<String>,
    /// A code to hand out now.
    given: RwSignal<Option<GivenCode>>,
    /// Codes to print now.
    cards: RwSignal<Vec<GivenCode>>,
}

impl Desk {
    /// Says what was done and shows the class as it is now.
    pub(super) fn done(self, words: String) {
        self.said.set(words);
        self.seen.refetch();
        words::go_to_the_top();
    }
}

#[component]
pub(super) fn Opened(
    /// Which.
    id: ClassId,
) -> impl IntoView {
    let desk = Desk {
        seen: LocalResource::new(move || see_class(id)),
        said: RwSignal::new(String::new()),
        given: RwSignal::new(None),
        cards: RwSignal::new(vec![]),
    };
    // What is being written below the list stays when the list is drawn anew.
    let class = Memo::new(move |_| desk.seen.get().and_then(Result::ok).map(|seen| seen.class));
    view! {
        <p class="no-print">
            <a class="button" href="#">
                {t("class-back")}
            </a>
        </p>
        <p class="said good" class:now=move || !desk.said.read().is_empty() role="status">
            {move || desk.said.get()}
        </p>
        {move || desk.given.get().map(|code| hand_over(code, desk.given))}
        <Cards cards=desk.cards />
        <div class="no-print">
            {loaded(desk.seen, move |seen| draw(seen, desk))}
            <Show when=move || class.read().as_ref().is_some_and(|class| !class.closed)>
                <Join class=id desk=desk />
                <Enrol class=id desk=desk />
            </Show>
            <Show when=move || class.read().as_ref().is_some_and(|class| class.may_keep)>
                <Keep id=id class=class desk=desk />
            </Show>
        </div>
    }
}

fn draw(seen: SeenClass, desk: Desk) -> AnyView {
    let (class, members) = (seen.class, seen.members);
    let without_pin = members.iter().filter(|member| !member.has_pin).count();
    let closed = class.closed.then(|| view! { <p class="plain-note">{t("class-closed-what")}</p> });
    let pins = (without_pin > 0).then(|| view! { <Pins class=class.id without=without_pin desk=desk /> });
    view! {
        <h2>{class.name}</h2>
        <p class="quiet">{class.place}</p>
        {closed}
        <Members class=class.id members=members desk=desk />
        {pins}
    }
    .into_any()
}

/// Codes and PINs for whoever has none.
#[component]
fn Pins(class: ClassId, without: usize, desk: Desk) -> impl IntoView {
    let doing = Doing::new();
    let give = move |()| {
        doing.ask(give_class_pins(class), move |given: Vec<GivenCode>| {
            desk.cards.set(given);
            desk.done(String::new());
        });
    };
    view! {
        <section class="card narrow">
            <h3>{t("class-pins")}</h3>
            <p>{tf("class-without-pin", &[("count", &without.to_string())])}</p>
            {doing.said()}
            <Careful word=t("class-pins-button") what=t("class-pins-what") doing=doing act=give />
        </section>
    }
}

/// Putting somebody in who is there already.
#[component]
fn Join(class: ClassId, desk: Desk) -> impl IntoView {
    let doing = Doing::new();
    let join = move |person: PersonChoice| {
        let name = words::person_name(&person.name);
        doing.ask(join_class(class, person.id), move |()| {
            desk.done(tf("class-joined", &[("name", &name)]));
        });
    };
    view! {
        <details class="card narrow">
            <summary>
                <h3>{t("class-join")}</h3>
            </summary>
            {doing.said()}
            <PersonChooser label=t("class-join-field") find=find_person_for_class chosen=join />
        </details>
    }
}

/// Entering somebody new.
#[component]
fn Enrol(class: ClassId, desk: Desk) -> impl IntoView {
    let (draft, doing, opened) = (Draft::in_class(class), Doing::new(), RwSignal::new(false));
    let enrol = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match draft.get() {
            Ok(details) => doing.ask(add_person(details), move |code: GivenCode| {
                draft.clear();
                let said = tf("class-joined", &[("name", &code.name)]);
                desk.given.set(Some(code));
                desk.done(said);
            }),
            Err(code) => doing.refuse(code),
        }
    };
    view! {
        <details class="card narrow" on:toggle=move |_| opened.set(true)>
            <summary>
                <h3>{t("class-enrol")}</h3>
            </summary>
            <form on:submit=enrol>
                {move || opened.get().then(|| view! { <DetailsFields draft=draft /> })} {doing.said()}
                <button class="button main" disabled=move || doing.is_busy()>
                    {t("class-enrol-button")}
                </button>
            </form>
        </details>
    }
}

/// The class's name, and closing it.
#[component]
fn Keep(id: ClassId, class: Memo<Option<ClassRow>>, desk: Desk) -> impl IntoView {
    let name = class.with_untracked(|class| class.as_ref().map(|class| class.name.clone()));
    let (name, doing) = (RwSignal::new(name.unwrap_or_default()), Doing::new());
    let rename = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doing.ask(rename_class(id, name.get_untracked()), move |()| desk.done(t("class-renamed")));
    };
    let close = move |()| doing.ask(close_class(id, true), move |()| desk.done(t("class-closed-now")));
    let reopen = move |_| doing.ask(close_class(id, false), move |()| desk.done(t("class-reopened")));
    let closing = move || {
        if class.read().as_ref().is_some_and(|class| class.closed) {
            view! {
                <button type="button" class="button" disabled=move || doing.is_busy() on:click=reopen>
                    {t("class-reopen")}
                </button>
            }
            .into_any()
        } else {
            view! { <Careful word=t("class-close") what=t("class-close-what") doing=doing act=close /> }
                .into_any()
        }
    };
    view! {
        <details class="card narrow">
            <summary>
                <h3>{t("class-change")}</h3>
            </summary>
            {doing.said()}
            <form on:submit=rename>
                <Field label=t("class-name") value=name />
                <button class="button" disabled=move || doing.is_busy()>
                    {t("class-rename")}
                </button>
            </form>
            <div class="actions">{closing}</div>
        </details>
    }
}
