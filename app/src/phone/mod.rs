//! The one record behind all islands of a page: they read its state and append to it. On the server there is none, and
//! every island draws what a new visitor sees; that is what makes a page the same for everybody.

use domain::consent::ConsentPurpose;
use domain::event::EventKind;
use domain::ids::{ItemId, LearnerId, LessonId};
use domain::profile::Profile;
use domain::progress::Progress;
use domain::sync::IssuedCertificate;

use crate::offline::lost::Trace;
use crate::offline::record::{Contents, Receipt};

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod browser;

#[cfg(all(feature = "staff", feature = "hydrate", not(feature = "ssr")))]
pub mod roll;
#[cfg(not(feature = "hydrate"))]
pub use absent::*;
#[cfg(feature = "hydrate")]
pub use browser::*;

/// What islands know. `None` until the store has answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Phone {
    /// The learner's record, once read.
    pub learner: Option<Learner>,
    /// Why the record cannot be read or written here.
    pub problem: Option<Problem>,
    /// How sending goes.
    pub sending: Sending,
    /// What else is on this phone.
    pub beside: Beside,
    /// How far the phone's clock is ahead of the server's (behind, when negative), if it is wrong.
    pub clock_off_ms: Option<i64>,
}

/// What is on this phone besides the present learner's record: numbers, nobody's names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// Facts of other people that have no answer of the server yet.
    pub others_waiting: usize,
    /// Values that could not be read and are set aside.
    pub damaged: usize,
    /// Whether the present learner's record is locked.
    pub locked: bool,
    /// What became of an earlier record here, where nobody has answered that yet.
    pub trace: Trace,
}

/// The present learner as this phone knows her.
#[derive(Debug, Clone, PartialEq)]
pub struct Learner {
    /// Who.
    pub id: LearnerId,
    /// What she has shown.
    pub progress: Progress,
    /// Her name, code and agreements.
    pub profile: Profile,
    /// Her papers.
    pub certificates: Vec<IssuedCertificate>,
    /// Answers given so far, for choosing another situation next time: lesson, question.
    pub tries: Vec<(LessonId, ItemId)>,
    /// Facts the server has, without those kept aside.
    pub kept: usize,
    /// Facts kept aside for a person to look at, or refused; they stay on the phone too.
    pub odd: usize,
    /// Facts without an answer yet.
    pub waiting: usize,
    /// Their size as sent, in bytes.
    pub waiting_bytes: usize,
    /// The newest receipt, by the server's clock.
    pub last_receipt_ms: Option<i64>,
    /// Whether the record may be sent: the learner agreed and chose a PIN.
    pub shared: bool,
    /// Whether the server knows the learner's code already.
    pub registered: bool,
    /// Whether it does, but has yet to be shown code and PIN from this phone.
    pub elsewhere: bool,
    /// Whether some of the progress was shown in other records, which people found to be hers.
    pub merged: bool,
}

/// Why the record cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// No storage in this window.
    Unavailable,
    /// The phone is full.
    Full,
    /// The stored record cannot be read.
    Unreadable,
    /// An older page in another tab holds the storage.
    Blocked,
    /// A newer page has taken the storage over: this one has to be loaded again.
    Outdated,
}

/// How sending goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sending {
    /// Nothing under way.
    #[default]
    Idle,
    /// Under way.
    Busy,
    /// The server could not be reached; it will be tried again.
    Unreachable,
    /// The server said no, with this code.
    Refused(String),
}

impl Learner {
    /// Returns the learner told by what the store holds.
    pub fn from_contents(id: LearnerId, contents: Contents) -> Self {
        let facts = &contents.facts;
        let profile = Profile::from_events(facts.iter().map(|fact| &fact.event));
        let waiting: Vec<_> = facts.iter().filter(|fact| fact.receipt == Receipt::Waiting).collect();
        let received = |receipt: &Receipt| match receipt {
            Receipt::Kept(at) | Receipt::Aside(at, _) => Some(*at),
            Receipt::Waiting | Receipt::Refused(_) => None,
        };
        let count = |wanted: fn(&Receipt) -> bool| facts.iter().filter(|fact| wanted(&fact.receipt)).count();
        let agrees = profile.agrees_to(ConsentPurpose::LearningRecord);
        let mut progress = Progress::from_facts(facts.iter().map(|fact| (&fact.event, fact.right)));
        progress.add_marks(contents.state.merged.marks.iter().filter_map(|mark| mark.parse().ok()));
        Self {
            id,
            progress,
            tries: facts.iter().filter_map(|fact| answered(&fact.event.kind)).collect(),
            kept: count(|receipt| matches!(receipt, Receipt::Kept(_))),
            odd: count(|receipt| matches!(receipt, Receipt::Aside(..) | Receipt::Refused(_))),
            waiting: waiting.len(),
            waiting_bytes: waiting.iter().map(|fact| crate::json::write(&fact.event).len()).sum(),
            last_receipt_ms: facts.iter().filter_map(|fact| received(&fact.receipt)).max(),
            shared: agrees && (contents.state.registered || contents.state.to_register.is_some()),
            registered: contents.state.registered,
            elsewhere: contents.state.elsewhere,
            merged: contents.state.merged.version != 0,
            certificates: contents.certificates,
            profile,
        }
    }

    /// Returns how often a question was answered so far.
    pub fn tries_of(&self, lesson: &LessonId, item: &ItemId) -> usize {
        self.tries.iter().filter(|(l, i)| l == lesson && i == item).count()
    }
}

fn answered(kind: &EventKind) -> Option<(LessonId, ItemId)> {
    match kind {
        EventKind::AnswerGiven { lesson, item, .. } => Some((lesson.clone(), item.clone())),
        _ => None,
    }
}
