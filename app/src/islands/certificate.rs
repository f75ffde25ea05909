//! My certificate: earned, asked for, shown, printed. The paper is drawn from its own signed bytes.

use std::cell::RefCell;
use std::rc::Rc;

use domain::certificate::Claims;
use domain::course::LessonOutline;
use domain::ids::CourseId;
use domain::sync::IssuedCertificate;
use serde::{Deserialize, Serialize};

use super::record::why_not;
use crate::base64;
use crate::components::icon::Icon;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, lamp, link_button, paragraph};
use crate::components::qr::qr_svg;
use crate::components::stage::{Drawing, Place, Redraw, stage};
use crate::i18n::{t, tf};
use crate::phone::{self, Learner};

/// What the certificate page knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatesData {
    /// The courses.
    pub courses: Vec<CourseSummary>,
    /// Address of the check page, with its host: it goes into the QR.
    pub check_url: String,
    /// Address of the page where a record is made.
    pub record_href: String,
}

/// What the certificate page knows of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseSummary {
    /// The course.
    pub id: CourseId,
    /// Its name.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What its lessons ask for.
    pub outlines: Vec<LessonOutline>,
    /// Lamps that must be lit.
    pub needed: u16,
}

/// All courses, each with its paper or the way to it. Handed [`CertificatesData`].
pub fn my_certificates() -> Place {
    stage("my_certificates", "papers", begin)
}

fn begin(data: CertificatesData) -> Drawing {
    let phone = phone::state();
    let asking = Asking { answer: Rc::default(), redraw: Redraw::new() };
    Box::new(move || {
        asking.redraw.follow();
        let Some(learner) = phone.with(|phone| phone.learner.clone()) else {
            return paragraph("quiet", t("record-opening"));
        };
        let one = |course: &CourseSummary| {
            let newest = learner.certificates.iter().rfind(|paper| paper.course == course.id);
            match newest.and_then(read) {
                Some((claims, signed)) => draw_paper(&claims, &signed, &data.check_url),
                None => way_to_it(course, &learner, &data.record_href, &asking),
            }
        };
        el("div").children(data.courses.iter().map(one).collect())
    })
}

/// What became of asking for a paper.
#[derive(Clone)]
struct Asking {
    answer: Rc<RefCell<Answer>>,
    redraw: Redraw,
}

#[derive(Debug, Default)]
struct Answer {
    busy: bool,
    words: String,
}

impl Asking {
    fn say(&self, words: String, busy: bool) {
        self.answer.replace(Answer { busy, words });
        self.redraw.now();
    }

    fn ask(&self, course: CourseId) {
        self.say(t("certificate-asking"), true);
        let asking = self.clone();
        phone::run(async move {
            // When it worked, the paper itself takes the place of the button.
            let asked = phone::request_certificate(course).await;
            asking.say(asked.err().map(|error| why_not(&error)).unwrap_or_default(), false);
        });
    }
}

fn read(paper: &IssuedCertificate) -> Option<(Claims, String)> {
    let claims = Claims::read_unchecked(&base64::decode(&paper.signed)?)?;
    Some((claims, paper.signed.clone()))
}

fn way_to_it(course: &CourseSummary, learner: &Learner, record_href: &str, asking: &Asking) -> Element {
    let lit = learner.progress.lit(&course.outlines);
    let card = el("section").class("card").child(el("h2").text(&*course.title));
    if lit < usize::from(course.needed) {
        let values = [("lit", &*lit.to_string()), ("needed", &*course.needed.to_string())];
        return card.child(paragraph("", tf("certificate-lamps", &values))).child(link_button(
            "button",
            None,
            t("go-on"),
            &course.href,
        ));
    }
    if !learner.shared {
        return card.child(paragraph("", t("certificate-needs-name"))).child(link_button(
            "button main",
            None,
            t("certificate-give-name"),
            record_href,
        ));
    }
    let answer = asking.answer.borrow();
    let (id, asking) = (course.id.clone(), asking.clone());
    let ask = button("button main", Some(Icon::Paper), t("get-certificate"), move || asking.ask(id.clone()));
    card.child(paragraph("", t("certificate-earned")))
        .child(announcement("gentle", answer.words.clone()))
        .child(ask.flag("disabled", answer.busy))
}

fn draw_paper(claims: &Claims, signed: &str, check_url: &str) -> Element {
    let link = format!("{check_url}#{signed}");
    let lamps = (0..claims.lessons).map(|_| lamp("lamp-lit")).collect();
    let course =
        tf("paper-for", &[("course", &claims.course_title), ("lessons", &claims.lessons.to_string())]);
    let qr =
        el("div").class("qr").attr("role", "img").attr("aria-label", t("paper-qr")).markup(qr_svg(&link));
    let actions = el("div")
        .class("paper-actions")
        .child(button("button main", Some(Icon::Printer), t("paper-print"), phone::print_page))
        .child(link_button("button", None, t("paper-check"), &link));
    el("article")
        .class("paper")
        .child(paragraph("paper-issuer", claims.issuer.clone()))
        .child(el("h2").text(t("paper-title")))
        .child(paragraph("", t("paper-given-to")))
        .child(paragraph("paper-name", claims.name.clone()))
        .child(paragraph("", course))
        .child(paragraph("quiet", tf("paper-day", &[("day", &claims.issued().vietnamese())])))
        .child(qr)
        .child(paragraph("qr-words", t("paper-qr")))
        .child(el("div").class("paper-lane").attr("aria-hidden", "true").children(lamps))
        .child(paragraph("paper-legal", t("paper-legal")))
        .child(actions)
}
