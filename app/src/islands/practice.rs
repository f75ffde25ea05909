//! Simulated practice: a phone to try things on. What counts is the state reached; nothing typed, nothing lost.

use std::cell::RefCell;
use std::rc::Rc;

use domain::event::EventKind;
use domain::ids::{ContentHash, LessonId};
use domain::practice::{Leads, Look, Practice, Run, is_unaided};
use serde::{Deserialize, Serialize};

use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, icon, paragraph, picture};
use crate::components::stage::{Place, Redraw, stage};
use crate::i18n::t;
use crate::phone;

/// What the simulated phone knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeData {
    /// The lesson.
    pub lesson: LessonId,
    /// The version shown.
    pub content: ContentHash,
    /// The task.
    pub practice: Practice,
}

/// One try, from the start to the goal.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Try {
    run: Run,
    actions: Vec<u8>,
    hints: u8,
    advice: Option<(Icon, String)>,
}

impl Try {
    fn new(practice: &Practice) -> Self {
        Self { run: Run::start(practice), actions: Vec::new(), hints: 0, advice: None }
    }

    /// Presses a button of the screen shown; returns whether that reached the goal.
    fn press(&mut self, practice: &Practice, action: u8) -> bool {
        let Ok(after) = self.run.press(practice, action) else { return false };
        let screen = &practice.screens[usize::from(self.run.screen)];
        self.advice = match &screen.actions[usize::from(action)].leads {
            Leads::Wrong(why) => Some((Icon::Warning, why.clone())),
            Leads::To(_) => None,
        };
        self.actions.push(action);
        self.run = after;
        after.done
    }

    fn hint(&mut self, practice: &Practice) {
        self.hints = self.hints.saturating_add(1);
        let screen = practice.screens.get(usize::from(self.run.screen));
        self.advice = screen.map(|screen| (Icon::Bulb, screen.hint.clone()));
    }
}

/// A practice from its start to its goal, as often as wished. Handed [`PracticeData`].
pub fn practice_phone() -> Place {
    stage("practice_phone", "practice", |data: PracticeData| {
        let attempt = RefCell::new(Try::new(&data.practice));
        let desk = Rc::new(Desk { attempt, data, redraw: Redraw::new() });
        Box::new(move || {
            desk.redraw.follow();
            desk.draw()
        })
    })
}

/// The practice, the present try, and what draws it anew.
struct Desk {
    data: PracticeData,
    attempt: RefCell<Try>,
    redraw: Redraw,
}

impl Desk {
    fn press(&self, action: u8) {
        let reached = self.attempt.borrow_mut().press(&self.data.practice, action);
        if reached {
            self.keep();
        }
        self.redraw.now();
    }

    fn hint(&self) {
        self.attempt.borrow_mut().hint(&self.data.practice);
        self.redraw.now();
    }

    fn again(&self) {
        self.attempt.replace(Try::new(&self.data.practice));
        self.redraw.now();
    }

    fn keep(&self) {
        let attempt = self.attempt.borrow();
        let right = is_unaided(&self.data.practice, attempt.run, attempt.hints);
        let kind = EventKind::PracticeFinished {
            lesson: self.data.lesson.clone(),
            practice: self.data.practice.id.clone(),
            actions: attempt.actions.clone(),
            hints: attempt.hints,
        };
        let content = self.data.content.clone();
        // What cannot be kept is said by the status line.
        phone::run(async move { drop(phone::append(kind, Some(content), Some(right)).await) });
    }

    fn draw(self: &Rc<Self>) -> Element {
        let attempt = self.attempt.borrow();
        let simulation = el("div")
            .class("simulation")
            .child(paragraph("watermark", t("simulation-mark")))
            .children(self.draw_screen(attempt.run.screen).into_iter().collect());
        let advice = attempt.advice.iter().map(|(mark, words)| {
            el("div")
                .class("feedback advice")
                .authored()
                .child(icon(*mark))
                .child(el("p").text(words.clone()))
        });
        let hint = {
            let desk = Rc::clone(self);
            button("button quiet-button", Some(Icon::Bulb), t("practice-hint"), move || desk.hint())
        };
        el("div")
            .child(simulation)
            .child(el("div").attr("aria-live", "polite").children(advice.collect()))
            .children(if attempt.run.done { vec![self.draw_outcome(&attempt)] } else { vec![hint] })
    }

    fn draw_outcome(self: &Rc<Self>, attempt: &Try) -> Element {
        let unaided = is_unaided(&self.data.practice, attempt.run, attempt.hints);
        let words = if unaided { self.data.practice.done.clone() } else { t("practice-once-more") };
        let desk = Rc::clone(self);
        el("div")
            .class(if unaided { "feedback right" } else { "feedback" })
            .child(announcement("", words))
            .child(button("button", Some(Icon::Again), t("practice-again"), move || desk.again()))
    }

    fn draw_screen(self: &Rc<Self>, at: u8) -> Option<Element> {
        let screen = self.data.practice.screens.get(usize::from(at))?;
        let class = match screen.look {
            Look::Call => "sim sim-call",
            Look::Message => "sim sim-message",
            Look::App => "sim sim-app",
            Look::Home => "sim sim-home",
            Look::Video => "sim sim-video",
        };
        let buttons = (0u8..).zip(&screen.actions).map(|(n, action)| {
            let desk = Rc::clone(self);
            button("button choice", None, action.label.clone(), move || desk.press(n))
        });
        let lines = screen.text.iter().map(|line| paragraph("line", line.clone())).collect();
        let drawn = el("div")
            .class(class)
            .authored()
            // A new screen is a new piece of the page: nothing pressed on the last one stays pressed.
            .attr("data-screen-number", at.to_string())
            .child(paragraph("sim-from", screen.from.clone()))
            .children(screen.picture.iter().map(picture).collect())
            .child(el("div").class("sim-text").read().children(lines))
            .child(el("div").class("sim-actions").children(buttons.collect()));
        Some(drawn)
    }
}
