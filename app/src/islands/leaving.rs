//! A learner's place on this phone: her lock, her record as a file, and leaving without losing anything.

use std::cell::RefCell;
use std::rc::Rc;

use super::locking::Locking;
use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, paragraph};
use crate::components::stage::{Drawing, Place, Redraw, stage};
use crate::i18n::{t, tf};
use crate::offline::leave::Left;
use crate::offline::record_file::FileError;
use crate::offline::store::StoreError;
use crate::phone::{self, Learner};

/// Lock, saved file, leaving.
pub fn my_place() -> Place {
    stage("my_place", "my-place", begin)
}

fn begin((): ()) -> Drawing {
    let phone = phone::state();
    let redraw = Redraw::new();
    let (locking, opener) = (Rc::new(Locking::default()), Rc::new(Opener::default()));
    let leaving = Rc::new(Leaving::default());
    Box::new(move || {
        redraw.follow();
        phone.with(|phone| {
            let Some(learner) = &phone.learner else { return el("div") };
            // Only who can come back by code and PIN may lock: a forgotten secret must not shut her out for good.
            let lock = learner.shared.then(|| locking.draw(phone.beside.locked, &redraw));
            let file = folded(t("file-heading"))
                .child(paragraph("", t("file-means")))
                .child(open_file_button(&opener, &redraw));
            el("div").children(lock.into_iter().collect()).child(file).child(leaving.draw(learner, &redraw))
        })
    })
}

fn folded(heading: String) -> Element {
    el("details").class("card").child(el("summary").child(el("h2").text(heading)))
}

/// What is said about the file chosen last.
#[derive(Default)]
pub(super) struct Opener(RefCell<String>);

/// Draws the button that brings a saved record back.
pub(super) fn open_file_button(opener: &Rc<Opener>, redraw: &Redraw) -> Element {
    let (pressed, redraw) = (Rc::clone(opener), redraw.clone());
    let press = move || {
        let (opener, redraw) = (Rc::clone(&pressed), redraw.clone());
        phone::run(async move {
            let said = match phone::open_file().await {
                Ok(Some(brought)) if brought.locked => t("file-locked"),
                // No file was chosen, or the page begins anew with the record that is back.
                Ok(_) => String::new(),
                Err(FileError::Unknown) => t("file-unknown"),
                Err(FileError::TooNew) => t("file-too-new"),
                Err(FileError::Damaged) => t("file-damaged"),
                Err(FileError::Store(StoreError::Full)) => t("status-full"),
                Err(FileError::Store(_)) => t("refused-store"),
            };
            opener.0.replace(said);
            redraw.now();
        });
    };
    el("div")
        .child(button("button", None, t("file-open"), press))
        .child(announcement("gentle", opener.0.borrow().clone()))
}

/// How far a learner is with leaving.
#[derive(Default)]
struct Leaving {
    /// How much is nowhere but on this phone, once asked.
    unsaved: RefCell<Option<usize>>,
    /// The file she saved: its name, and what it holds.
    file: RefCell<Option<(String, Vec<String>)>>,
    said: RefCell<String>,
}

impl Leaving {
    fn draw(self: &Rc<Self>, learner: &Learner, redraw: &Redraw) -> Element {
        let mut parts = vec![paragraph("", t("leave-means"))];
        let unsaved = *self.unsaved.borrow();
        match (unsaved, &*self.file.borrow()) {
            (None, _) => parts.push(self.step(t("leave-ask"), "button", Step::Look, redraw)),
            (Some(0), file) => {
                parts.extend(
                    file.as_ref().map(|(name, _)| paragraph("", tf("leave-saved", &[("name", name)]))),
                );
                parts.push(self.step(t("leave-sure"), "button warning", Step::Leave, redraw));
            }
            (Some(count), _) => {
                parts.push(paragraph("", tf("leave-unsaved", &[("count", &count.to_string())])));
                if learner.shared && learner.waiting > 0 {
                    parts.push(self.step(t("leave-send"), "button", Step::Send, redraw));
                }
                parts.push(self.step(t("leave-save"), "button", Step::Save, redraw));
            }
        }
        parts.push(announcement("gentle", self.said.borrow().clone()));
        folded(t("leave-heading")).child(el("div").class("paper-actions").children(parts))
    }

    fn step(self: &Rc<Self>, word: String, class: &str, step: Step, redraw: &Redraw) -> Element {
        let (leaving, redraw) = (Rc::clone(self), redraw.clone());
        let mark = matches!(step, Step::Save).then_some(Icon::Save);
        button(class, mark, word, move || {
            let (leaving, redraw) = (Rc::clone(&leaving), redraw.clone());
            phone::run(async move {
                leaving.said.take();
                if leaving.take(step).await.is_err() {
                    leaving.said.replace(t("refused-store"));
                }
                redraw.now();
            });
        })
    }

    async fn take(&self, step: Step) -> Result<(), StoreError> {
        let saved = self.file.borrow().as_ref().map(|(_, holds)| holds.clone()).unwrap_or_default();
        match step {
            Step::Save => {
                let file = phone::save_file().await?;
                self.unsaved.replace(Some(phone::unsaved(&file.1).await?));
                self.file.replace(Some(file));
            }
            Step::Leave => {
                if let Left::Unsaved(count) = phone::leave(&saved).await? {
                    // Something was learned after the file was saved.
                    self.unsaved.replace(Some(count));
                }
            }
            Step::Send => {
                phone::send_now();
                self.said.replace(t("leave-sending"));
                self.unsaved.take();
            }
            Step::Look => drop(self.unsaved.replace(Some(phone::unsaved(&saved).await?))),
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Step {
    Look,
    Send,
    Save,
    Leave,
}
