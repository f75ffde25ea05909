//! Who is in a class: who needs help first, then as names are sorted.

use domain::ids::ClassId;
use domain::roll::Word;
use leptos::prelude::*;

use super::opened::Desk;
use crate::api::classes::{Member, leave_class};
use crate::i18n::{t, tf};
use crate::offline::environment::Environment;
use crate::phone::BrowserEnvironment;
use crate::routes::StaffPage;
use crate::staff::parts::{Careful, Doing};
use crate::staff::words;

#[component]
pub(super) fn Members(
    /// The class.
    class: ClassId,
    /// Its people, as names are sorted.
    members: Vec<Member>,
    /// The page's parts.
    desk: Desk,
) -> impl IntoView {
    if members.is_empty() {
        return view! { <p>{t("class-empty")}</p> }.into_any();
    }
    let now_ms = BrowserEnvironment.now_ms();
    let lit: usize = members.iter().map(|member| member.standing.lit).sum();
    let mut worded: Vec<(Word, Member)> =
        members.into_iter().map(|member| (member.standing.word(member.since_ms, now_ms), member)).collect();
    worded.sort_by_key(|(word, _)| *word);
    let of = |wanted| worded.iter().filter(|(word, _)| *word == wanted).count().to_string();
    let counts = tf(
        "roll-counts",
        &[
            ("all", &worded.len().to_string()),
            ("stuck", &of(Word::Stuck)),
            ("away", &of(Word::Away)),
            ("new", &of(Word::New)),
        ],
    );
    view! {
        <p class="lead">{tf("class-lit", &[("lit", &words::number(u64::try_from(lit).unwrap_or(0)))])}</p>
        <p>
            <strong>{counts}</strong>
        </p>
        <ul class="rows">
            <For each=move || worded.clone() key=|worded| format!("{worded:?}") let:worded>
                <Row class=class word=worded.0 member=worded.1 desk=desk />
            </For>
        </ul>
    }
    .into_any()
}

#[component]
fn Row(class: ClassId, word: Word, member: Member, desk: Desk) -> impl IntoView {
    let (doing, opened) = (Doing::new(), RwSignal::new(false));
    let (mark, kind) = words::standing_word(word);
    let name = words::person_name(&member.name);
    let year = member.birth_year.map(|year| view! { <span class="quiet">" " {year}</span> });
    let no_pin = (!member.has_pin).then(|| view! { <span class="mark">{t("class-no-pin")}</span> });
    let id = member.id;
    let leave = {
        let said = tf("class-left", &[("name", &name)]);
        Callback::new(move |()| {
            let said = said.clone();
            doing.ask(leave_class(class, id), move |()| desk.done(said));
        })
    };
    let more = move || {
        opened.get().then(|| {
            view! {
                {doing.said()}
                <div class="actions">
                    <a class="button" href=format!("{}#{id}", words::address(StaffPage::People))>
                        {t("class-see-person")}
                    </a>
                    <Careful word=t("class-leave") what=t("class-leave-what") doing=doing act=leave />
                </div>
            }
        })
    };
    view! {
        <li>
            <details on:toggle=move |_| opened.set(true)>
                <summary>
                    <span>
                        <strong class="big">{name}</strong>
                        {year}
                        " "
                        <span class=kind>{mark}</span>
                        " "
                        {no_pin}
                        <br />
                        <span class="quiet">{words::standing(&member.standing)}</span>
                    </span>
                </summary>
                {more}
            </details>
        </li>
    }
}
