//! What becomes of each event, decided from what is known, without touching anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::course::Lesson;
use domain::event::{Event, EventKind};
use domain::grading::grade;
use domain::ids::{ContentHash, DeviceId, EventId, LearnerId};
use domain::practice::{is_unaided, replay};
use domain::sync::{Code, Outcome};
use uuid::Uuid;

use super::read::Reading;
use super::vouch::Vouched;
use crate::store::{Append, NewAside, NewEvent, Seen};

/// What one event deserves, if the append finds nothing new.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) id: Option<EventId>,
    pub(super) outcome: Outcome,
    /// The canonical JSON of an event that is, or will be, a stored fact.
    pub(super) json: Option<String>,
}

/// Lesson versions by name.
pub(super) type Lessons = BTreeMap<ContentHash, Arc<Lesson>>;

/// Judges a batch in its order: an event may repeat or contradict one before it in the same batch.
pub(super) fn judge(
    device: DeviceId,
    readings: Vec<Reading>,
    (seen, vouched): (&Seen, &Vouched),
    lessons: &Lessons,
) -> (Vec<Judged>, Append) {
    let mut bench = Bench::new(device, (seen, vouched), lessons);
    let judged = readings.into_iter().map(|reading| bench.judge(reading)).collect();
    (judged, bench.append)
}

struct Bench<'a> {
    device: DeviceId,
    learners: &'a BTreeSet<LearnerId>,
    removed: &'a BTreeSet<LearnerId>,
    vouched: &'a Vouched,
    deleted: &'a BTreeSet<LearnerId>,
    lessons: &'a Lessons,
    /// Facts stored before, and those accepted so far: their JSON.
    facts: BTreeMap<EventId, String>,
    /// What was set aside, before and so far: why, by the hash of the body.
    aside: BTreeMap<String, Code>,
    /// Those that became facts meanwhile, because a person said so: the phone is told that it was stored.
    settled: BTreeSet<&'a str>,
    /// Ids under which something was set aside.
    aside_ids: BTreeSet<EventId>,
    append: Append,
}

impl<'a> Bench<'a> {
    fn new(device: DeviceId, (seen, vouched): (&'a Seen, &'a Vouched), lessons: &'a Lessons) -> Self {
        Self {
            device,
            learners: &seen.learners,
            removed: &seen.removed,
            vouched,
            deleted: &seen.deleted,
            lessons,
            facts: seen.events.clone(),
            aside: seen.aside.iter().map(|old| (old.body_hash.clone(), old.code)).collect(),
            settled: seen.aside.iter().filter(|old| old.is_fact).map(|old| old.body_hash.as_str()).collect(),
            aside_ids: seen.aside.iter().filter_map(|old| old.event).collect(),
            append: Append::default(),
        }
    }

    fn judge(&mut self, reading: Reading) -> Judged {
        if reading.learner().is_some_and(|learner| self.deleted.contains(&learner)) {
            // She asked for her record to be deleted: a receipt, so that the phone drops it, and nothing is kept here.
            let outcome = Outcome::Quarantined(Code::DeviceRemoved);
            return Judged { id: reading.id(), outcome, json: None };
        }
        if reading.body_hash().is_some_and(|hash| self.settled.contains(hash.as_str())) {
            return Judged { id: reading.id(), outcome: Outcome::Duplicate, json: None };
        }
        match reading {
            Reading::TooLarge { id } => Judged { id, outcome: Outcome::Rejected(Code::TooLarge), json: None },
            Reading::Odd { id, learner, code, body, hash } => {
                let outcome = self.set_aside(id, learner, code, body, hash);
                Judged { id, outcome, json: None }
            }
            Reading::Fact { event, json, hash } => {
                let id = Some(event.id);
                match self.judge_fact(&event, &json, &hash) {
                    Verdict::Accept(verdict) => {
                        self.facts.insert(event.id, json.clone());
                        self.append.events.push(NewEvent { event, json: json.clone(), verdict });
                        Judged { id, outcome: Outcome::Accepted, json: Some(json) }
                    }
                    Verdict::Duplicate => Judged { id, outcome: Outcome::Duplicate, json: Some(json) },
                    Verdict::Conflict => {
                        Judged { id, outcome: Outcome::Rejected(Code::IdConflict), json: None }
                    }
                    Verdict::Aside(code) => {
                        let outcome = self.set_aside(id, Some(event.learner), code, json, hash);
                        Judged { id, outcome, json: None }
                    }
                }
            }
        }
    }

    fn judge_fact(&self, event: &Event, json: &str, hash: &str) -> Verdict {
        if self.removed.contains(&event.learner) {
            return Verdict::Aside(Code::DeviceRemoved);
        }
        // A phone of hers may bring what another one recorded, in a file for example: it was shown her code and PIN, and
        // could have recorded the same itself. A stranger's phone may not.
        if !self.learners.contains(&event.learner) {
            match self.vouched.witnessed(event) {
                Some(Ok(())) => {}
                Some(Err(code)) => return Verdict::Aside(code),
                None if event.device == self.device => return Verdict::Aside(Code::UnknownLearner),
                None => return Verdict::Aside(Code::OtherDevice),
            }
        }
        match self.facts.get(&event.id) {
            Some(stored) if stored == json => return Verdict::Duplicate,
            Some(_) => return Verdict::Conflict,
            None => {}
        }
        // The same phone sent it before and was told that it is kept aside: the answer stays what it was.
        if let Some(code) = self.aside.get(hash) {
            return Verdict::Aside(*code);
        }
        if self.aside_ids.contains(&event.id) {
            return Verdict::Conflict;
        }
        if let Some(code) = self.vouched.doubt(event) {
            return Verdict::Aside(code);
        }
        match self.verdict(event) {
            Ok(verdict) => Verdict::Accept(verdict),
            Err(code) => Verdict::Aside(code),
        }
    }

    /// Grades an event by the lesson version it was made on.
    fn verdict(&self, event: &Event) -> Result<Option<bool>, Code> {
        let Some(id) = event.kind.lesson() else { return Ok(None) };
        let lesson = event.content.as_ref().and_then(|hash| self.lessons.get(hash));
        let lesson = lesson.filter(|lesson| lesson.id == *id).ok_or(Code::UnknownContent)?;
        match &event.kind {
            EventKind::AnswerGiven { item, variant, response, .. } => {
                let item = lesson.item(item).ok_or(Code::ResponseDoesNotFit)?;
                let variant = item.variants.get(usize::from(*variant)).ok_or(Code::ResponseDoesNotFit)?;
                let verdict = grade(variant, response).map_err(|_| Code::ResponseDoesNotFit)?;
                Ok(Some(verdict.right))
            }
            EventKind::PracticeFinished { practice, actions, hints, .. } => {
                if lesson.practice.id != *practice {
                    return Err(Code::ResponseDoesNotFit);
                }
                let run = replay(&lesson.practice, actions).map_err(|_| Code::ResponseDoesNotFit)?;
                Ok(Some(is_unaided(&lesson.practice, run, *hints)))
            }
            _ => Ok(None),
        }
    }

    /// Sets something aside, once for each body.
    fn set_aside(
        &mut self,
        event: Option<EventId>,
        learner: Option<LearnerId>,
        code: Code,
        body: String,
        body_hash: String,
    ) -> Outcome {
        if let Some(earlier) = self.aside.get(&body_hash) {
            return Outcome::Quarantined(*earlier);
        }
        self.aside.insert(body_hash.clone(), code);
        self.aside_ids.extend(event);
        self.append.aside.push(NewAside { id: Uuid::nil(), event, learner, code, body, body_hash });
        Outcome::Quarantined(code)
    }
}

enum Verdict {
    Accept(Option<bool>),
    Duplicate,
    Conflict,
    Aside(Code),
}
