//! Who is learning on this phone, and handing it to somebody else with no network: "Cho người khác dùng máy".

use std::cell::RefCell;
use std::rc::Rc;

use domain::ids::LearnerId;

use super::leaving::{Opener, open_file_button};
use super::secret::{Asking, Secret};
use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{button, icon, paragraph};
use crate::components::stage::{Drawing, Place, Redraw, stage};
use crate::i18n::{t, tf};
use crate::offline::lock::LockKind;
use crate::offline::lost::Trace;
use crate::offline::people::{Handed, Person};
use crate::phone::{self, Learner};

/// Names the present learner and lists the others when asked.
pub fn people() -> Place {
    stage("people", "people", begin)
}

#[derive(Default)]
struct Door {
    /// Everybody on this phone, once asked for.
    list: RefCell<Option<Vec<Person>>>,
    /// Whose lock is being opened.
    opening: RefCell<Option<(LearnerId, LockKind, String)>>,
    said: RefCell<String>,
    secret: Rc<Secret>,
    redraw: Redraw,
}

fn begin((): ()) -> Drawing {
    let phone = phone::state();
    let (door, opener) = (Rc::new(Door::default()), Rc::new(Opener::default()));
    Box::new(move || {
        door.redraw.follow();
        phone.with(|phone| {
            let Some(learner) = &phone.learner else { return el("div") };
            let lost = draw_trace(phone.beside.trace, &opener, &door.redraw);
            el("div").children(lost.into_iter().collect()).child(door.draw(learner))
        })
    })
}

impl Door {
    fn draw(self: &Rc<Self>, present: &Learner) -> Element {
        let name = present.profile.name().map_or_else(|| t("people-unnamed"), str::to_owned);
        let inside = match (&*self.opening.borrow(), &*self.list.borrow()) {
            (Some((id, kind, name)), _) => self.draw_opening(*id, *kind, name),
            (None, Some(list)) => self.draw_list(list, present.id),
            (None, None) => {
                let door = Rc::clone(self);
                button("button", None, t("people-give"), move || door.show_list())
            }
        };
        let name = el("div").class("record-name").child(icon(Icon::Person)).child(el("span").text(name));
        el("section").class("card").child(name).child(inside)
    }

    fn show_list(self: &Rc<Self>) {
        let door = Rc::clone(self);
        phone::run(async move {
            // What cannot be read is said by the status line.
            door.list.replace(phone::people().await.ok());
            door.redraw.now();
        });
    }

    fn shut(&self) {
        self.list.take();
        self.opening.take();
        self.said.take();
        self.redraw.now();
    }

    fn draw_list(self: &Rc<Self>, list: &[Person], present: LearnerId) -> Element {
        let others = list.iter().filter(|person| person.id != present);
        let mut rows: Vec<Element> = others.map(|person| self.draw_person(person)).collect();
        let door = Rc::clone(self);
        rows.push(row(t("people-new"), String::new(), Rc::new(move || door.hand_over(None, String::new()))));
        el("div").child(paragraph("label", t("people-who"))).children(rows).child(self.draw_cancel())
    }

    fn draw_cancel(self: &Rc<Self>) -> Element {
        let door = Rc::clone(self);
        button("button quiet-button", None, t("people-cancel"), move || door.shut())
    }

    fn draw_person(self: &Rc<Self>, person: &Person) -> Element {
        let name = person.name.clone().unwrap_or_else(|| t("people-unnamed"));
        let more = match (person.lock, person.last_ms) {
            (Some(_), _) => t("people-locked"),
            (None, Some(at_ms)) => tf("people-last", &[("when", &phone::moment(at_ms))]),
            (None, None) => String::new(),
        };
        let (door, id, lock, opening) = (Rc::clone(self), person.id, person.lock, name.clone());
        let press = move || match lock {
            Some(kind) => {
                door.opening.replace(Some((id, kind, opening.clone())));
                door.redraw.now();
            }
            None => door.hand_over(Some(id), String::new()),
        };
        row(name, more, Rc::new(press))
    }

    fn draw_opening(self: &Rc<Self>, id: LearnerId, kind: LockKind, name: &str) -> Element {
        let label = match kind {
            LockKind::Pin => tf("secret-pin", &[("name", name)]),
            LockKind::Pictures => tf("secret-pictures", &[("name", name)]),
        };
        let asking = Asking { kind, label, button: t("secret-open"), said: self.said.borrow().clone() };
        let door = Rc::clone(self);
        let tried = Rc::new(move |secret| door.hand_over(Some(id), secret));
        el("div")
            .child(self.secret.draw(asking, &self.redraw, tried))
            .child(self.draw_cancel())
            .child(paragraph("quiet", t("people-forgot")))
    }

    fn hand_over(self: &Rc<Self>, to: Option<LearnerId>, secret: String) {
        let door = Rc::clone(self);
        phone::run(async move {
            // When it worked, the page begins anew for the other learner.
            door.said.replace(match phone::hand_over(to, secret).await {
                Ok(Handed::To(_)) => String::new(),
                Ok(Handed::Wrong) => t("secret-wrong"),
                Ok(Handed::Wait(ms)) => {
                    let minutes = (ms / 60_000 + 1).to_string();
                    tf("refused-too-many-tries", &[("minutes", &minutes)])
                }
                Err(_) => t("refused-store"),
            });
            door.redraw.now();
        });
    }
}

fn row(name: String, more: String, press: Rc<dyn Fn()>) -> Element {
    el("button")
        .attr("type", "button")
        .class("choice-row")
        .child(icon(Icon::Person))
        .child(el("span").text(name).child(el("span").class("quiet").text(more)))
        .on("click", move |_| press())
}

/// Says what became of an earlier record, with the ways back.
fn draw_trace(trace: Trace, opener: &Rc<Opener>, redraw: &Redraw) -> Option<Element> {
    let (heading, means) = match trace {
        Trace::Lost => (t("lost-heading"), t("lost-means")),
        Trace::TakenOff => (t("taken-off-heading"), t("taken-off-means")),
        Trace::None | Trace::Kept => return None,
    };
    let told = el("section")
        .class("card")
        .child(el("h2").text(heading))
        .child(paragraph("", means))
        .child(open_file_button(opener, redraw))
        .child(button("button quiet-button", None, t("lost-begin"), phone::forget_loss));
    Some(told)
}
