//! One question: ask, answer, say why at once, ask again in another situation. Every answer is kept before it is shown.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::event::EventKind;
use domain::grading::{Verdict, grade};
use domain::ids::{ContentHash, LessonId};
use domain::item::{Item, Kind, Response, TEXT_MAX_CHARS, Variant};
use domain::text::tidy_spaces;
use serde::{Deserialize, Serialize};

use crate::components::follow::follow;
use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, icon, paragraph, picture};
use crate::components::stage::{Place, Redraw, stage};
use crate::i18n::t;
use crate::phone;

mod choices;
mod matching;
mod ordering;
mod shuffle;
mod typed;

/// What a question knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizData {
    /// The lesson.
    pub lesson: LessonId,
    /// The version shown.
    pub content: ContentHash,
    /// The question.
    pub item: Item,
}

impl QuizData {
    /// Returns which situation a try shows.
    fn situation(&self, attempt: usize) -> usize {
        attempt % self.item.variants.len().max(1)
    }

    /// Returns what an answer is worth, and the fact to keep; nothing for one that does not fit.
    fn mark(&self, attempt: usize, response: Response) -> Option<(Verdict, EventKind)> {
        let at = self.situation(attempt);
        let verdict = grade(self.item.variants.get(at)?, &response).ok()?;
        let kind = EventKind::AnswerGiven {
            lesson: self.lesson.clone(),
            item: self.item.id.clone(),
            variant: u8::try_from(at).ok()?,
            response,
        };
        Some((verdict, kind))
    }
}

/// The question, the present try, and what draws it anew.
struct Desk {
    data: QuizData,
    /// Tries on this phone so far: the next one shows another situation in another order.
    attempt: Cell<usize>,
    /// What is chosen or tapped so far, as positions.
    taken: RefCell<Vec<u8>>,
    /// What is typed so far.
    typed: RefCell<String>,
    verdict: RefCell<Option<Verdict>>,
    asked_too_early: Cell<bool>,
    redraw: Redraw,
}

/// One question of a lesson. Handed [`QuizData`].
pub fn quiz() -> Place {
    stage("quiz", "quiz", |data: QuizData| {
        let desk = Rc::new(Desk {
            data,
            attempt: Cell::new(0),
            taken: RefCell::default(),
            typed: RefCell::default(),
            verdict: RefCell::default(),
            asked_too_early: Cell::new(false),
            redraw: Redraw::new(),
        });
        start_where_the_record_stands(&desk);
        Box::new(move || {
            desk.redraw.follow();
            desk.draw()
        })
    })
}

/// After a reload the next try goes on with the next situation.
fn start_where_the_record_stands(desk: &Rc<Desk>) {
    let desk = Rc::clone(desk);
    let phone = phone::state();
    let begun = Cell::new(false);
    follow(move || {
        let tries = phone.with(|phone| {
            let learner = phone.learner.as_ref()?;
            Some(learner.tries_of(&desk.data.lesson, &desk.data.item.id))
        });
        if let Some(tries) = tries
            && !begun.replace(true)
            && tries > 0
            && desk.verdict.borrow().is_none()
            // What a person has begun to answer stays before her.
            && desk.taken.borrow().is_empty()
            && desk.typed.borrow().is_empty()
        {
            desk.attempt.set(tries);
            desk.redraw.now();
        }
    });
}

impl Desk {
    /// Changes what is chosen so far.
    fn take(&self, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut self.taken.borrow_mut());
        self.redraw.now();
    }

    fn is_answered(&self) -> bool {
        self.verdict.borrow().is_some()
    }

    fn variant(&self) -> Option<&Variant> {
        self.data.item.variants.get(self.data.situation(self.attempt.get()))
    }

    /// Returns the answer as it stands, or nothing while it is not whole.
    fn response(&self) -> Option<Response> {
        let taken = self.taken.borrow().clone();
        match &self.variant()?.kind {
            Kind::One(_) => taken.first().copied().map(Response::One),
            Kind::Several(_) => (!taken.is_empty()).then_some(Response::Several(taken)),
            Kind::Order(steps) => (taken.len() == steps.len()).then_some(Response::Order(taken)),
            Kind::Match(pairs) => (taken.len() == pairs.len()).then_some(Response::Match(taken)),
            Kind::Number(_) => self.typed.borrow().trim().parse().ok().map(Response::Number),
            Kind::Text(_) => {
                let typed: String = tidy_spaces(&self.typed.borrow()).chars().take(TEXT_MAX_CHARS).collect();
                (!typed.is_empty()).then_some(Response::Text(typed))
            }
        }
    }

    fn hand_in(self: &Rc<Self>) {
        let response = self.response();
        self.asked_too_early.set(response.is_none());
        self.redraw.now();
        let Some((verdict, kind)) =
            response.and_then(|response| self.data.mark(self.attempt.get(), response))
        else {
            return;
        };
        let desk = Rc::clone(self);
        phone::run(async move {
            // What cannot be kept is said by the status line; teaching goes on.
            let _ = phone::append(kind, Some(desk.data.content.clone()), Some(verdict.right)).await;
            desk.verdict.replace(Some(verdict));
            desk.redraw.now();
        });
    }

    fn again(&self) {
        self.verdict.take();
        self.taken.take();
        self.typed.take();
        self.attempt.set(self.attempt.get() + 1);
        self.redraw.now();
    }

    fn draw(self: &Rc<Self>) -> Element {
        let feedback = self.verdict.borrow().as_ref().map(|verdict| self.draw_verdict(verdict));
        el("div")
            .children(self.variant().map(|variant| self.draw_question(variant)).into_iter().collect())
            .child(el("div").attr("aria-live", "polite").children(feedback.into_iter().collect()))
    }

    fn draw_question(self: &Rc<Self>, variant: &Variant) -> Element {
        let (body, missing) = match &variant.kind {
            Kind::One(list) => (choices::draw(self, list, false), t("quiz-choose-first")),
            Kind::Several(list) => (choices::draw(self, list, true), t("quiz-choose-first")),
            Kind::Order(steps) => (ordering::draw(self, steps), t("quiz-order-first")),
            Kind::Match(pairs) => (matching::draw(self, pairs), t("quiz-match-first")),
            Kind::Number(key) => {
                (typed::draw(self, t("quiz-number"), &key.unit, "numeric"), t("quiz-number-first"))
            }
            Kind::Text(_) => (typed::draw(self, t("quiz-text"), "", "text"), t("quiz-text-first")),
        };
        let gentle = if self.asked_too_early.get() { missing } else { String::new() };
        let desk = Rc::clone(self);
        let answer = button("button main", None, t("quiz-answer"), move || desk.hand_in());
        el("div")
            .child(paragraph("ask", variant.ask.clone()).read())
            .children(variant.picture.iter().map(picture).collect())
            .child(body)
            .child(announcement("gentle", gentle))
            .child(answer.flag("hidden", self.is_answered()))
    }

    fn draw_verdict(self: &Rc<Self>, verdict: &Verdict) -> Element {
        let (class, mark, heading, kind, word) = if verdict.right {
            ("feedback right", Icon::Check, t("quiz-right"), "button", t("quiz-another"))
        } else {
            ("feedback", Icon::Bulb, t("quiz-wrong"), "button main", t("quiz-again"))
        };
        let desk = Rc::clone(self);
        el("div")
            .class(class)
            .child(el("div").class("feedback-heading").child(icon(mark)).child(el("strong").text(heading)))
            .child(paragraph("", verdict.because.clone()).authored())
            .child(button(kind, Some(Icon::Again), word, move || desk.again()))
    }
}
