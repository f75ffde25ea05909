//! Locking the present learner's record on this phone, and taking the lock away.

use std::cell::RefCell;
use std::rc::Rc;

use domain::code::is_pin;

use super::secret::{Asking, Secret};
use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, paragraph};
use crate::components::stage::Redraw;
use crate::i18n::t;
use crate::offline::lock::LockKind;
use crate::phone;

/// How far a learner is with choosing what locks her record.
#[derive(Default)]
pub(super) struct Locking {
    /// What it will be locked with, and the secret once it was given a first time.
    chosen: RefCell<Option<(LockKind, Option<String>)>>,
    said: RefCell<String>,
    secret: Rc<Secret>,
}

impl Locking {
    /// Draws what there is to do about the lock.
    pub(super) fn draw(self: &Rc<Self>, is_locked: bool, redraw: &Redraw) -> Element {
        let inside = match (&*self.chosen.borrow(), is_locked) {
            (Some((kind, first)), _) => self.draw_asking(*kind, first.as_deref(), redraw),
            (None, true) => {
                let (locking, redraw) = (Rc::clone(self), redraw.clone());
                let remove = move || locking.set(None, &redraw);
                el("div").child(paragraph("", t("lock-is-on"))).child(button(
                    "button",
                    None,
                    t("lock-remove"),
                    remove,
                ))
            }
            (None, false) => el("div")
                .class("paper-actions")
                .child(paragraph("", t("lock-means")))
                .child(self.choice(LockKind::Pin, t("lock-by-pin"), redraw))
                .child(self.choice(LockKind::Pictures, t("lock-by-pictures"), redraw))
                .child(announcement("gentle", self.said.borrow().clone())),
        };
        el("details").class("card").child(el("summary").child(el("h2").text(t("lock-heading")))).child(inside)
    }

    fn choice(self: &Rc<Self>, kind: LockKind, word: String, redraw: &Redraw) -> Element {
        let (locking, redraw) = (Rc::clone(self), redraw.clone());
        button("button", Some(Icon::Lock), word, move || {
            locking.said.take();
            locking.chosen.replace(Some((kind, None)));
            redraw.now();
        })
    }

    fn draw_asking(self: &Rc<Self>, kind: LockKind, first: Option<&str>, redraw: &Redraw) -> Element {
        let label = match (first, kind) {
            (Some(_), _) => t("lock-again"),
            (None, LockKind::Pin) => t("record-pin-old"),
            (None, LockKind::Pictures) => t("lock-pictures"),
        };
        let asking = Asking { kind, label, button: t("lock-next"), said: self.said.borrow().clone() };
        let (locking, again) = (Rc::clone(self), redraw.clone());
        let given = Rc::new(move |secret| locking.given(kind, secret, &again));
        self.secret.draw(asking, redraw, given)
    }

    fn given(self: &Rc<Self>, kind: LockKind, secret: String, redraw: &Redraw) {
        let first = self.chosen.take().and_then(|(_, first)| first);
        self.said.take();
        match first {
            None if kind == LockKind::Pin && !is_pin(&secret) => {
                self.said.replace(t("pin-length"));
                self.chosen.replace(Some((kind, None)));
            }
            None => drop(self.chosen.replace(Some((kind, Some(secret))))),
            Some(first) if first == secret => return self.set(Some((kind, secret)), redraw),
            Some(_) => drop(self.said.replace(t("lock-differs"))),
        }
        redraw.now();
    }

    fn set(self: &Rc<Self>, lock: Option<(LockKind, String)>, redraw: &Redraw) {
        let (locking, redraw) = (Rc::clone(self), redraw.clone());
        phone::run(async move {
            locking.said.replace(match phone::set_lock(lock).await {
                Ok(true) => String::new(),
                Ok(false) => t("lock-cannot"),
                Err(_) => t("refused-store"),
            });
            redraw.now();
        });
    }
}
