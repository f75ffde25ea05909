//! Who has looked at my record, and what I ask about my own data. Needs the network, and says so; nothing is asked of the
//! server before the learner wants to see it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::request::RequestKind;
use domain::sync::{AskNow, Asked, Look, MyDataAnswer};
use uuid::Uuid;

use super::field::{Typed, field, form};
use super::record::why_not;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, paragraph};
use crate::components::stage::Redraw;
use crate::i18n::{t, tf};
use crate::phone;

/// What a phone asks for; the other kinds she does herself here, or says at the commune.
const KINDS: [RequestKind; 3] = [RequestKind::Correct, RequestKind::Restrict, RequestKind::Delete];

/// What is known so far, and what is about to be asked.
#[derive(Default)]
pub(super) struct MyData {
    known: RefCell<Option<MyDataAnswer>>,
    /// What is asked, under an id that stays until it was taken: pressing twice asks once.
    asking: Cell<Option<(Uuid, RequestKind)>>,
    words: Typed,
    answer: RefCell<String>,
}

impl MyData {
    /// Asks the server, and something of it if there is something to ask.
    fn ask(self: &Rc<Self>, ask: Option<AskNow>, redraw: &Redraw) {
        let (data, redraw) = (Rc::clone(self), redraw.clone());
        phone::run(async move {
            let asks = ask.is_some();
            match phone::my_data(ask).await {
                Ok(known) => {
                    data.known.replace(Some(known));
                    if asks {
                        data.asking.take();
                        data.words.set(String::new());
                    }
                    data.answer.replace(if asks { t("data-asked") } else { String::new() });
                }
                Err(error) => drop(data.answer.replace(why_not(&error))),
            }
            redraw.now();
        });
    }
}

/// Draws the part, folded away.
pub(super) fn draw(data: &Rc<MyData>, redraw: &Redraw) -> Element {
    let inside = match &*data.known.borrow() {
        None => {
            let (of_press, redraw) = (Rc::clone(data), redraw.clone());
            button("button", None, t("data-show"), move || of_press.ask(None, &redraw))
        }
        Some(known) => el("div")
            .child(el("h3").text(t("data-looks")))
            .child(listed(known.looks.iter().map(look).collect(), t("data-no-looks")))
            .child(paragraph("quiet", t("data-looks-note")))
            .child(el("h3").text(t("data-requests")))
            .child(listed(known.requests.iter().map(asked).collect(), t("data-no-requests")))
            .child(paragraph("quiet", t("data-file")))
            .child(ask_form(data, redraw)),
    };
    el("details")
        .child(el("summary").text(t("data-mine")))
        .child(inside)
        .child(announcement("gentle", data.answer.borrow().clone()))
}

fn listed(rows: Vec<Element>, none: String) -> Element {
    if rows.is_empty() { paragraph("", none) } else { el("ul").class("devices").children(rows) }
}

fn look(look: &Look) -> Element {
    let name = [("name", look.who.as_str())];
    let who = match look.role.as_str() {
        "ambassador" => tf("look-by-ambassador", &name),
        "place-admin" => tf("look-by-place-admin", &name),
        "system-admin" => tf("look-by-system-admin", &name),
        _ => tf("look-by", &name),
    };
    let what = match look.what.as_str() {
        "seen" => t("look-seen"),
        "changed" => t("look-changed"),
        "added" => t("look-added"),
        "pin" => t("look-pin"),
        "given-out" => t("look-given-out"),
        "request" => t("look-request"),
        _ => t("look-other"),
    };
    let line = paragraph("", format!("{who} {what}"));
    el("li").child(line).child(paragraph("quiet", phone::moment(look.at_ms)))
}

fn asked(asked: &Asked) -> Element {
    let until = phone::moment(asked.until_ms);
    let state = match asked.state.as_str() {
        "received" => tf("data-received", &[("until", &until)]),
        "replied" => tf("data-replied", &[("until", &until)]),
        "refused" => t("data-refused"),
        _ => t("data-done"),
    };
    el("li")
        .child(paragraph("", kind(&asked.kind)))
        .child(paragraph("quiet", format!("{} · {state}", phone::moment(asked.at_ms))))
        .child(paragraph("quiet", asked.answer.clone()))
}

fn kind(name: &str) -> String {
    match name {
        "see" => t("request-see"),
        "correct" => t("request-correct"),
        "provide" => t("request-provide"),
        "withdraw" => t("request-withdraw"),
        "restrict" => t("request-restrict"),
        "object" => t("request-object"),
        _ => t("request-delete"),
    }
}

fn ask_form(data: &Rc<MyData>, redraw: &Redraw) -> Element {
    let Some((id, asking)) = data.asking.get() else {
        let choose = |wanted: RequestKind| {
            let (data, redraw) = (Rc::clone(data), redraw.clone());
            button("button", None, kind(wanted.as_str()), move || {
                data.asking.set(Some((phone::new_id(), wanted)));
                redraw.now();
            })
        };
        return el("div")
            .child(paragraph("", t("data-ask")))
            .child(el("div").class("choices").children(KINDS.map(choose).into()));
    };
    let means = match asking {
        RequestKind::Delete => t("data-delete-means"),
        RequestKind::Restrict => t("data-restrict-means"),
        _ => t("data-correct-means"),
    };
    let cancel = {
        let (data, redraw) = (Rc::clone(data), redraw.clone());
        button("button", None, t("people-cancel"), move || {
            data.asking.take();
            redraw.now();
        })
    };
    let parts = vec![
        el("h3").text(kind(asking.as_str())),
        paragraph("", means),
        field(t("data-words"), String::new(), "text", &data.words, String::new()),
        cancel,
    ];
    let (of_press, redraw) = (Rc::clone(data), redraw.clone());
    let send = move || {
        let words = of_press.words.get();
        of_press.ask(Some(AskNow { id, kind: asking, words }), &redraw);
    };
    form("", parts, t("data-send"), false, Rc::new(send))
}
