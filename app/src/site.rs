//! What pages are made from: the published courses and a few facts about this installation. The same for everybody.

use std::collections::BTreeMap;

use domain::certificate::KnownKey;
use domain::course::{Course, Lesson};
use domain::dated_fact::{DatedFact, Day};
use domain::ids::Slug;
use domain::retention::Term;
use domain::rule::CertificateRule;

/// Everything a page may show.
#[derive(Debug, Clone)]
pub struct Site {
    /// Published courses, in order.
    pub courses: Vec<Course>,
    /// Dated facts by id.
    pub facts: BTreeMap<String, DatedFact>,
    /// The rule in force for certificates.
    pub rule: CertificateRule,
    /// Public keys that certificates may be signed with.
    pub known_keys: Vec<KnownKey>,
    /// Who issues certificates.
    pub issuer: String,
    /// Whether staff may sign in with an account elsewhere.
    pub single_sign_on: bool,
    /// How long each kind of data is kept.
    pub retention: Vec<Term>,
    /// Where the site is reached, without a slash at the end; certificates point there.
    pub public_url: String,
    /// The day the pages are made, in Vietnam.
    pub today: Day,
    /// Where this build's assets lie, for example `/a/1f2e3d4c`.
    pub assets: String,
}

impl Site {
    /// Returns the course with this address.
    pub fn course(&self, slug: &Slug) -> Option<&Course> {
        self.courses.iter().find(|course| course.slug == *slug)
    }

    /// Returns the course and lesson with these addresses.
    pub fn lesson(&self, course: &Slug, lesson: &Slug) -> Option<(&Course, &Lesson)> {
        let course = self.course(course)?;
        course.lessons.iter().find(|candidate| candidate.slug == *lesson).map(|lesson| (course, lesson))
    }
}
