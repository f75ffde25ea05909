//! Lamps: one for a lesson, a count for a course, the way on for the learner.

use domain::course::LessonOutline;
use domain::progress::{Lamp, Progress};
use serde::{Deserialize, Serialize};

use crate::components::icon::Icon;
use crate::components::lamp as look;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, lamp, link_button, paragraph};
use crate::components::stage::{Place, stage};
use crate::i18n::{t, tf};
use crate::phone::{self, Phone};

fn lamp_of(phone: &Phone, outline: &LessonOutline) -> Lamp {
    phone
        .learner
        .as_ref()
        .map_or_else(|| Progress::default().lamp(outline), |learner| learner.progress.lamp(outline))
}

/// The lamp of one lesson, with its word. Handed what the lesson asks for.
pub fn lesson_lamp() -> Place {
    stage("lesson_lamp", "lamp-place", |outline: LessonOutline| {
        let phone = phone::state();
        Box::new(move || {
            let at = phone.with(|phone| lamp_of(phone, &outline));
            el("span")
                .class("lamp-state")
                .child(lamp(look::class(at)))
                .child(el("span").class("lamp-word").text(look::word(at)))
        })
    })
}

/// How many lamps of a course are lit, as a row of small lamps and in words. Handed what its lessons ask for.
pub fn course_lamps() -> Place {
    stage("course_lamps", "lane", |outlines: Vec<LessonOutline>| {
        let phone = phone::state();
        Box::new(move || {
            let lamps: Vec<Lamp> =
                phone.with(|phone| outlines.iter().map(|one| lamp_of(phone, one)).collect());
            let lit = lamps.iter().filter(|lamp| **lamp == Lamp::Lit).count().to_string();
            let row = lamps.iter().map(|at| lamp(look::class(*at))).collect();
            let said = tf("lamps-lit", &[("lit", &lit), ("total", &lamps.len().to_string())]);
            el("div")
                .child(el("div").class("lane-row").attr("aria-hidden", "true").children(row))
                .child(announcement("lane-words", said))
        })
    })
}

/// A lesson to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextLesson {
    /// What it asks for.
    pub outline: LessonOutline,
    /// Its name.
    pub title: String,
    /// Its address.
    pub href: String,
    /// How long it takes.
    pub minutes: u8,
}

/// The next lesson whose lamp is not lit, as the page's one main action; when all are lit, the paper. Handed the lessons
/// in the advised order and the address of the certificate page.
pub fn go_on() -> Place {
    stage("go_on", "go-on", |(lessons, certificate_href): (Vec<NextLesson>, String)| {
        let phone = phone::state();
        Box::new(move || {
            let lamps: Vec<Lamp> =
                phone.with(|phone| lessons.iter().map(|lesson| lamp_of(phone, &lesson.outline)).collect());
            match lamps.iter().position(|lamp| *lamp != Lamp::Lit) {
                Some(at) => next(&lessons[at], lamps.iter().any(|lamp| *lamp != Lamp::Unlit)),
                None => el("div").child(paragraph("go-on-title", t("go-on-all-lit"))).child(link_button(
                    "button main",
                    Some(Icon::Paper),
                    t("get-certificate"),
                    &certificate_href,
                )),
            }
        })
    })
}

fn next(lesson: &NextLesson, begun: bool) -> Element {
    el("div")
        .child(paragraph("go-on-heading", if begun { t("go-on") } else { t("go-on-first") }))
        .child(paragraph("go-on-title", lesson.title.clone()).authored())
        .child(paragraph("quiet", tf("minutes", &[("minutes", &lesson.minutes.to_string())])))
        .child(link_button("button main", None, t("learn"), &lesson.href))
}
