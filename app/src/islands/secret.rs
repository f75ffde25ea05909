//! Typing a PIN or choosing four pictures of nine: to open a lock, and to make one.

use std::cell::RefCell;
use std::rc::Rc;

use super::field::{Typed, field, form};
use crate::components::icon::PICTURES;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, strokes};
use crate::components::stage::Redraw;
use crate::i18n::{t, tf};
use crate::offline::lock;
use crate::offline::lock::LockKind;

/// What is typed or chosen so far.
#[derive(Debug, Default)]
pub(super) struct Secret {
    pin: Typed,
    pictures: RefCell<String>,
}

/// What stands around the entry of a secret.
pub(super) struct Asking {
    pub(super) kind: LockKind,
    /// What is asked for.
    pub(super) label: String,
    /// What the button of a PIN says; four pictures need none.
    pub(super) button: String,
    /// What to say about the try before.
    pub(super) said: String,
}

impl Secret {
    /// Draws the entry; `done` gets each whole secret, and the entry is empty again.
    pub(super) fn draw(
        self: &Rc<Self>,
        asking: Asking,
        redraw: &Redraw,
        done: Rc<dyn Fn(String)>,
    ) -> Element {
        let secret = Rc::clone(self);
        if asking.kind == LockKind::Pin {
            let typed = field(asking.label, String::new(), "numeric", &self.pin, asking.said);
            let submit = move || {
                let pin = secret.pin.get();
                secret.pin.set(String::new());
                done(pin);
            };
            return form("", vec![typed], asking.button, false, Rc::new(submit));
        }
        let press: Rc<dyn Fn(usize)> = {
            let redraw = redraw.clone();
            Rc::new(move |picture| {
                let chosen = {
                    let mut chosen = secret.pictures.borrow_mut();
                    chosen.push(char::from(b'0' + picture as u8));
                    chosen.clone()
                };
                if chosen.len() == lock::PICTURES {
                    secret.pictures.take();
                    done(chosen);
                }
                redraw.now();
            })
        };
        let count = self.pictures.borrow().len().to_string();
        el("div")
            .child(el("p").class("label").text(asking.label))
            .child(el("div").class("pictures").children(pictures(&press)))
            .child(announcement("", tf("secret-chosen", &[("count", &count)])))
            .child(announcement("gentle", asking.said))
    }
}

fn pictures(press: &Rc<dyn Fn(usize)>) -> Vec<Element> {
    let names = [
        t("picture-house"),
        t("picture-fish"),
        t("picture-tree"),
        t("picture-boat"),
        t("picture-sun"),
        t("picture-moon"),
        t("picture-star"),
        t("picture-hat"),
        t("picture-heart"),
    ];
    let picture = |(at, name): (usize, String)| {
        let press = Rc::clone(press);
        el("button")
            .attr("type", "button")
            .class("button")
            .child(strokes(PICTURES[at]))
            .child(el("span").text(name))
            .on("click", move |_| press(at))
    };
    names.into_iter().enumerate().map(picture).collect()
}
