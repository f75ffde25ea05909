//! Check anyone's certificate, from the link in its QR. Works with no network; the link's secret part stays on the
//! phone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::certificate::{Claims, KnownKey, Verification, verify};

use super::field::{Typed, field, form};
use crate::base64;
use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{icon, paragraph};
use crate::components::stage::{Drawing, Place, Redraw, stage};
use crate::i18n::t;
use crate::phone;

/// The three answers, and a place to paste a link. Handed the keys that papers may be signed with.
pub fn check_paper() -> Place {
    stage("check_paper", "check", begin)
}

fn begin(keys: Vec<KnownKey>) -> Drawing {
    let link = Typed::default();
    let redraw = Redraw::new();
    let result = Rc::new(RefCell::new(None::<Verification>));
    // Whether the paper that is shown was withdrawn, once that is known.
    let withdrawn = Rc::new(Cell::new(None::<bool>));
    let check: Rc<dyn Fn(&str)> = {
        let (result, withdrawn, redraw) = (Rc::clone(&result), Rc::clone(&withdrawn), redraw.clone());
        Rc::new(move |text: &str| {
            let found = (!text.trim().is_empty()).then(|| answer(text, &keys));
            withdrawn.set(None);
            if let Some(Verification::Good(claims)) = &found {
                let (id, withdrawn, redraw) = (claims.id, Rc::clone(&withdrawn), redraw.clone());
                phone::run(async move {
                    withdrawn.set(phone::is_withdrawn(id).await);
                    redraw.now();
                });
            }
            result.replace(found);
            redraw.now();
        })
    };
    // Only in the browser: the server never sees what stands behind `#`.
    let from_address = Rc::clone(&check);
    phone::on_address_fragment(Box::new(move |fragment| from_address(&fragment)));
    Box::new(move || {
        redraw.follow();
        let shown = result.borrow().as_ref().map(|result| show(result, withdrawn.get()));
        let fields = vec![field(t("check-link"), t("check-link-help"), "text", &link, String::new())];
        let (check, link) = (Rc::clone(&check), link.clone());
        el("div")
            .child(el("div").attr("aria-live", "polite").children(shown.into_iter().collect()))
            .child(form("card", fields, t("check-button"), false, Rc::new(move || check(&link.get()))))
    })
}

fn answer(text: &str, keys: &[KnownKey]) -> Verification {
    let code = text.rsplit('#').next().unwrap_or_default().trim();
    base64::decode(code).map_or(Verification::Bad, |bytes| verify(&bytes, keys))
}

fn show(result: &Verification, withdrawn: Option<bool>) -> Element {
    let (class, mark, heading, words, claims) = match result {
        // What stands on the paper is not repeated: its bearer asked for everything about her to be deleted.
        Verification::Good(_) if withdrawn == Some(true) => {
            ("card verdict unknown", Icon::Warning, t("check-withdrawn"), t("check-withdrawn-means"), None)
        }
        Verification::Good(claims) => {
            ("card verdict good", Icon::Check, t("check-good"), t("check-good-means"), Some(claims))
        }
        Verification::UnknownKey(claims) => (
            "card verdict unknown",
            Icon::Warning,
            t("check-unknown"),
            t("check-unknown-means"),
            Some(claims),
        ),
        Verification::Bad => ("card verdict bad", Icon::Warning, t("check-bad"), t("check-bad-means"), None),
    };
    let is_good = matches!(result, Verification::Good(_));
    let not_asked = if is_good && withdrawn.is_none() { t("check-not-asked") } else { String::new() };
    el("section")
        .class(class)
        .child(el("div").class("feedback-heading").child(icon(mark)).child(el("strong").text(heading)))
        .child(paragraph("", words))
        .child(paragraph("quiet", not_asked))
        .children(claims.map(facts).into_iter().collect())
}

/// Every signed fact: nothing on the paper is left unsaid here.
fn facts(claims: &Claims) -> Element {
    let rows = [
        (t("fact-name"), claims.name.clone()),
        (t("fact-course"), format!("{} ({})", claims.course_title, claims.course)),
        (t("fact-lessons"), claims.lessons.to_string()),
        (t("fact-day"), claims.issued().vietnamese()),
        (t("fact-issuer"), claims.issuer.clone()),
        (t("fact-rule"), claims.rule.clone()),
        (t("fact-number"), claims.id.to_string()),
        (t("fact-key"), claims.key.0.clone()),
    ];
    let row =
        |(name, value): (String, String)| el("div").child(el("dt").text(name)).child(el("dd").text(value));
    el("div")
        .child(el("dl").class("facts").children(rows.into_iter().map(row).collect()))
        .child(paragraph("quiet", t("paper-legal")))
}
