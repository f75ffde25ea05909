//! The learner's own record: a name, a code and a PIN to have it everywhere; no account, no e-mail, no phone number.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::code::{InvalidCode, InvalidPin, LearnerCode, check_new_pin, is_pin};
use domain::consent::ConsentPurpose;
use domain::event::{EventKind, InvalidEvent, check_name};
use domain::ids::LearnerId;
use domain::text::tidy_spaces;

use super::devices::{self, Devices};
use super::field::{Typed, field, form};
use super::my_data::{self, MyData};
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, paragraph};
use crate::components::stage::{Drawing, Place, Redraw, stage};
use crate::i18n::{t, tf};
use crate::offline::sync_client::SyncError;
use crate::phone::{self, Learner};

/// Shows the record if there is one, else the two ways to one.
pub fn my_record() -> Place {
    stage("my_record", "my-record", begin)
}

fn begin((): ()) -> Drawing {
    let phone = phone::state();
    let new = Rc::new(NewRecord::default());
    let other = Rc::new(OtherPhone::default());
    let redraw = Redraw::new();
    let asks_to_stop = Rc::new(Cell::new(false));
    let devices = Rc::new(Devices::default());
    fill_in_code(&other, &redraw);
    let data = Rc::new(MyData::default());
    Box::new(move || {
        redraw.follow();
        let learner = phone.with(|phone| phone.learner.clone());
        match learner {
            None => paragraph("quiet", t("record-opening")),
            Some(learner) if learner.shared => {
                let record = show(&learner, &asks_to_stop, &redraw).child(devices::draw(&devices, &redraw));
                if learner.registered { record.child(my_data::draw(&data, &redraw)) } else { record }
            }
            // Her record came in a file and is on the server already: only the PIN is missing.
            Some(learner) if learner.elsewhere => {
                if let Some(code) = learner.profile.code().filter(|_| other.code.get().is_empty()) {
                    other.code.set(code.grouped());
                }
                draw_other(&other, true, &redraw)
            }
            Some(learner) => {
                new.begin_for(&learner);
                let ways = el("div").child(draw_new(&new, &redraw)).child(draw_other(
                    &other,
                    !other.code.get().is_empty(),
                    &redraw,
                ));
                // Who took the agreement back may still ask about what the server has.
                if learner.registered { ways.child(my_data::draw(&data, &redraw)) } else { ways }
            }
        }
    })
}

/// Fills in the code of a card whose picture was scanned: it stands behind `#`.
fn fill_in_code(other: &Rc<OtherPhone>, redraw: &Redraw) {
    let (other, redraw) = (Rc::clone(other), redraw.clone());
    phone::on_address_fragment(Box::new(move |fragment| {
        if let Some(code) = fragment.strip_prefix("ma=") {
            other.code.set(code.to_owned());
            redraw.now();
        }
    }));
}

fn show(learner: &Learner, asks_to_stop: &Rc<Cell<bool>>, redraw: &Redraw) -> Element {
    let code = learner.profile.code().map(LearnerCode::grouped).unwrap_or_default();
    let state = if learner.registered { t("record-registered") } else { t("record-waits") };
    let stop = if asks_to_stop.get() {
        button("button warning", None, t("record-stop-sure"), || {
            let kind = EventKind::ConsentWithdrawn { purpose: ConsentPurpose::LearningRecord };
            phone::run(async move { drop(phone::append(kind, None, None).await) });
        })
    } else {
        let (asks_to_stop, redraw) = (Rc::clone(asks_to_stop), redraw.clone());
        button("button", None, t("record-stop-button"), move || {
            asks_to_stop.set(true);
            redraw.now();
        })
    };
    el("section")
        .class("card record")
        .child(paragraph("", t("record-code")))
        .child(paragraph("code", code).attr("translate", "no"))
        .child(paragraph("quiet", t("record-keep-code")))
        .child(announcement("quiet", state))
        .children(learner.merged.then(|| paragraph("quiet", t("record-merged"))).into_iter().collect())
        .child(
            el("details")
                .child(el("summary").text(t("record-stop")))
                .child(paragraph("", t("record-stop-means")))
                .child(stop),
        )
}

/// Name, PIN, agreement: a new record from what is on this phone.
#[derive(Debug, Default)]
struct NewRecord {
    /// Who fills it in, and whether her name is known.
    whose: Cell<Option<(LearnerId, bool)>>,
    /// Whether the server has her record, with its PIN, and only the agreement is missing: somebody else entered her, or she
    /// took the agreement back.
    known: Cell<bool>,
    name: Typed,
    pin: Typed,
    agrees: Cell<bool>,
    /// Mistakes are shown after the first try to hand in, and then follow what is typed at each further one.
    mistakes: RefCell<[Option<String>; 3]>,
}

impl NewRecord {
    /// Begins anew for whoever holds the phone now, with the name that is known of her: nobody finds what another one typed.
    fn begin_for(&self, learner: &Learner) {
        self.known.set(learner.registered);
        let whose = Some((learner.id, learner.profile.name().is_some()));
        if self.whose.replace(whose) == whose {
            return;
        }
        self.name.set(learner.profile.name().unwrap_or_default().to_owned());
        self.pin.set(String::new());
        self.agrees.set(false);
        self.mistakes.take();
    }

    fn submit(&self, redraw: &Redraw) {
        let (name, pin) = (tidy_spaces(&self.name.get()), self.pin.get());
        let agree_mistake = (!self.agrees.get()).then(|| t("record-agree-first"));
        let pin_mistake = (!self.known.get()).then(|| pin_mistake(&pin)).flatten();
        let mistakes = [name_mistake(&name), pin_mistake, agree_mistake];
        let is_right = mistakes.iter().all(Option::is_none);
        self.mistakes.replace(mistakes);
        redraw.now();
        if is_right {
            // A full or blocked store is said by the status line; the form stays filled in.
            phone::run(async move { drop(phone::enrol(name, pin).await) });
        }
    }
}

fn draw_new(new: &Rc<NewRecord>, redraw: &Redraw) -> Element {
    let [name_wrong, pin_wrong, agree_wrong] = new.mistakes.borrow().clone().map(Option::unwrap_or_default);
    let agreeing = Rc::clone(new);
    let tick = el("input")
        .attr("type", "checkbox")
        .flag("checked", new.agrees.get())
        .on("change", move |_| agreeing.agrees.set(!agreeing.agrees.get()));
    let why = if new.known.get() { t("record-known-why") } else { t("record-new-why") };
    let mut parts = vec![
        el("h2").text(t("record-new")),
        paragraph("", why),
        field(t("record-name"), t("record-name-help"), "text", &new.name, name_wrong),
    ];
    if !new.known.get() {
        parts.push(field(t("record-pin"), t("record-pin-help"), "numeric", &new.pin, pin_wrong));
    }
    parts.push(el("label").class("choice-row agree").child(tick).child(el("span").text(t("record-agree"))));
    parts.push(paragraph("gentle", agree_wrong).attr("role", "alert"));
    let (new, redraw) = (Rc::clone(new), redraw.clone());
    form("card", parts, t("record-new-button"), false, Rc::new(move || new.submit(&redraw)))
}

/// Code and PIN: a record from another phone.
#[derive(Debug, Default)]
struct OtherPhone {
    code: Typed,
    pin: Typed,
    busy: Cell<bool>,
    answer: RefCell<String>,
}

impl OtherPhone {
    fn say(&self, words: String, busy: bool, redraw: &Redraw) {
        self.busy.set(busy);
        self.answer.replace(words);
        redraw.now();
    }

    fn submit(self: &Rc<Self>, redraw: &Redraw) {
        let pin = self.pin.get();
        let code = match self.code.get().parse::<LearnerCode>() {
            Ok(code) if is_pin(&pin) => code,
            Ok(_) => return self.say(t("pin-length"), false, redraw),
            Err(InvalidCode::Length) => return self.say(t("code-length"), false, redraw),
            Err(InvalidCode::CheckDigit) => return self.say(t("code-mistyped"), false, redraw),
        };
        self.say(t("record-opening"), true, redraw);
        let (form, redraw) = (Rc::clone(self), redraw.clone());
        phone::run(async move {
            // When it worked, the record itself takes the place of this form.
            let opened = phone::open_record(code, pin).await;
            if opened.is_ok() {
                // A PIN does not stay on the screen.
                form.code.set(String::new());
                form.pin.set(String::new());
            }
            form.say(opened.err().map(|error| why_not(&error)).unwrap_or_default(), false, &redraw);
        });
    }
}

fn draw_other(other: &Rc<OtherPhone>, is_open: bool, redraw: &Redraw) -> Element {
    let parts = vec![
        paragraph("", t("record-open-why")),
        field(t("record-code"), t("record-code-help"), "numeric", &other.code, String::new()),
        field(t("record-pin-old"), String::new(), "numeric", &other.pin, String::new()),
        announcement("gentle", other.answer.borrow().clone()),
    ];
    let busy = other.busy.get();
    let (other, redraw) = (Rc::clone(other), redraw.clone());
    el("details")
        .class("card")
        .flag("open", is_open)
        .child(el("summary").child(el("h2").text(t("record-open"))))
        .child(form("", parts, t("record-open-button"), busy, Rc::new(move || other.submit(&redraw))))
}

fn name_mistake(name: &str) -> Option<String> {
    match check_name(&tidy_spaces(name)) {
        Ok(()) => None,
        Err(InvalidEvent::TooLong) => Some(t("name-too-long")),
        Err(_) => Some(t("name-missing")),
    }
}

fn pin_mistake(pin: &str) -> Option<String> {
    match check_new_pin(pin) {
        Ok(()) => None,
        Err(InvalidPin::Length) => Some(t("pin-length")),
        Err(InvalidPin::TooEasy) => Some(t("pin-too-easy")),
    }
}

/// Returns what a refusal means and what to do.
pub(super) fn why_not(error: &SyncError) -> String {
    match error {
        SyncError::Unreachable => t("refused-unreachable"),
        SyncError::Store(_) => t("refused-store"),
        SyncError::Refused(error) => match error.code.as_str() {
            "wrong-code-or-pin" => t("refused-wrong-code-or-pin"),
            "too-many-tries" => {
                let minutes = error.retry_after_s.unwrap_or(60).div_ceil(60);
                tf("refused-too-many-tries", &[("minutes", &minutes.to_string())])
            }
            "not-earned" => t("refused-not-earned"),
            "device-not-linked" => t("refused-device-not-linked"),
            "name-missing" | "consent-missing" => t("refused-no-record"),
            "protocol-too-new" => t("refused-update"),
            code => tf("refused-other", &[("code", code)]),
        },
    }
}
