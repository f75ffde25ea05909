//! The last screens of a lesson: the real task, the lamp, what is still missing, the way on.

use std::cell::Cell;
use std::rc::Rc;

use domain::course::LessonOutline;
use domain::event::{EventKind, RealUseOutcome};
use domain::ids::{ContentHash, LessonId};
use domain::progress::{Lamp, Progress};
use serde::{Deserialize, Serialize};

use crate::components::icon::Icon;
use crate::components::lamp as look;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, icon, lamp};
use crate::components::stage::{Place, Redraw, stage};
use crate::i18n::t;
use crate::phone;

/// What the last screen knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonEndData {
    /// What the lesson asks for.
    pub outline: LessonOutline,
    /// The version shown.
    pub content: ContentHash,
    /// Number of the practice's screen; the questions follow it.
    pub practice_screen: u8,
    /// Where to go afterwards.
    pub next_href: String,
    /// What the button to go on says.
    pub next_word: String,
}

/// Lamp, missing parts, and the button that says "read to the end". Handed [`LessonEndData`].
pub fn lesson_end() -> Place {
    stage("lesson_end", "lesson-end", |data: LessonEndData| {
        let phone = phone::state();
        let data = Rc::new(data);
        Box::new(move || {
            let progress = phone.with(|phone| phone.learner.as_ref().map(|learner| learner.progress.clone()));
            draw(&data, &progress.unwrap_or_default())
        })
    })
}

fn draw(data: &Rc<LessonEndData>, progress: &Progress) -> Element {
    let at = progress.lamp(&data.outline);
    let said = if at == Lamp::Lit { t("end-lit") } else { t("end-not-yet") };
    let finish = {
        let data = Rc::clone(data);
        move || {
            let data = Rc::clone(&data);
            phone::run(async move {
                let kind = EventKind::LessonFinished { lesson: data.outline.id.clone() };
                // What cannot be kept is said by the status line; the way on stays open.
                let _ = phone::append(kind, Some(data.content.clone()), None).await;
                phone::go_to(&data.next_href);
            });
        }
    };
    let big = el("div")
        .class("lamp-big")
        .child(lamp(look::class(at)))
        .child(announcement("lamp-word", look::word(at)));
    el("div")
        .child(big)
        .child(announcement("end-words", said))
        .child(el("ul").class("missing").children(missing_parts(data, progress)))
        .child(button("button main", None, data.next_word.clone(), finish).child(icon(Icon::Next)))
}

fn missing_parts(data: &LessonEndData, progress: &Progress) -> Vec<Element> {
    let line =
        |screen: u8, words: String| el("li").child(el("a").attr("href", format!("#m{screen}")).text(words));
    let mut lines = Vec::new();
    if !progress.has_practised(&data.outline.id, &data.outline.practice) {
        lines.push(line(data.practice_screen, t("missing-practice")));
    }
    for (item, screen) in data.outline.items.iter().zip(data.practice_screen + 1..) {
        if !progress.has_answered(&data.outline.id, item) {
            lines.push(line(screen, t("missing-question")));
        }
    }
    lines
}

/// "Việc thật hôm nay": three answers, none of them wrong. Handed the lesson and the version shown.
pub fn real_task_answers() -> Place {
    stage("real_task_answers", "real-task-answers", |data: (LessonId, ContentHash)| {
        let data = Rc::new(data);
        let said = Rc::new(Cell::new(None));
        let redraw = Redraw::new();
        Box::new(move || draw_real_task(&data, &said, &redraw))
    })
}

fn draw_real_task(
    data: &Rc<(LessonId, ContentHash)>,
    said: &Rc<Cell<Option<RealUseOutcome>>>,
    redraw: &Redraw,
) -> Element {
    redraw.follow();
    let answer = |outcome: RealUseOutcome, word: String| {
        let (data, said, redraw) = (Rc::clone(data), Rc::clone(said), redraw.clone());
        let pressed = if said.get() == Some(outcome) { "true" } else { "false" };
        let press = move || {
            let (data, said, redraw) = (Rc::clone(&data), Rc::clone(&said), redraw.clone());
            phone::run(async move {
                let kind = EventKind::RealUse { lesson: data.0.clone(), outcome };
                if phone::append(kind, Some(data.1.clone()), None).await.is_ok() {
                    said.set(Some(outcome));
                    redraw.now();
                }
            });
        };
        button("button choice", None, word, press).attr("aria-pressed", pressed)
    };
    el("div")
        .class("choices")
        .child(answer(RealUseOutcome::Alone, t("real-alone")))
        .child(answer(RealUseOutcome::Helped, t("real-helped")))
        .child(answer(RealUseOutcome::NotYet, t("real-not-yet")))
        .child(announcement("gentle", said.get().map(|_| t("real-thanks")).unwrap_or_default()))
}
