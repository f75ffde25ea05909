//! A phone for tests: a clock that stands, chance that repeats, a server that answers as told.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::event::{Event, EventKind};
use domain::ids::{EventId, LearnerId};
use domain::sync::{
    ApiError, Change, ChangeKind, CreateRecord, EventOutcome, MergedMarks, NextStep, Outcome, RecordReady,
    SyncRequest, SyncResponse,
};

use super::environment::Environment;
use super::lock::Stretch;
use super::sync_client::{Transport, Unreachable};

/// Chance that repeats; a clock that moves a second at each look.
#[derive(Debug, Default)]
pub(crate) struct FixedEnvironment {
    looks: Cell<u64>,
    /// How far somebody has set the clock ahead, in milliseconds.
    pub(crate) ahead_ms: Cell<i64>,
}

impl FixedEnvironment {
    /// Returns an environment whose chance differs from that of another seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { looks: Cell::new(seed << 32), ahead_ms: Cell::default() }
    }

    fn look(&self) -> u64 {
        self.looks.set(self.looks.get() + 1);
        self.looks.get()
    }
}

impl Environment for FixedEnvironment {
    fn now_ms(&self) -> i64 {
        1_780_000_000_000 + self.ahead_ms.get() + i64::try_from(self.look() % (1 << 32)).unwrap() * 1000
    }

    fn mono_ms(&self) -> u64 {
        self.look()
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.look().to_be_bytes());
        bytes
    }
}

/// A hash that takes no time, or a browser that has none.
pub(crate) struct QuickHash(pub(crate) bool);

impl Stretch for QuickHash {
    async fn stretch(&self, secret: &str, salt: &str, rounds: u32) -> Option<String> {
        self.0.then(|| format!("{secret}+{salt}*{rounds}"))
    }
}

/// Returns a small fact.
pub(crate) fn finished() -> EventKind {
    EventKind::LessonFinished { lesson: "6.3".parse().unwrap() }
}

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It never arrives.
    LostBefore,
    /// The server acts, its answer never arrives.
    LostAfter,
    /// The server answers 503.
    Overloaded,
}

/// A server in memory that keeps the promises of the protocol.
#[derive(Debug, Default)]
pub(crate) struct FakeServer {
    pub(crate) stored: RefCell<Vec<Event>>,
    pub(crate) learners: RefCell<BTreeMap<String, LearnerId>>,
    pub(crate) mishaps: RefCell<VecDeque<Option<Mishap>>>,
    pub(crate) requests: Cell<u32>,
    /// What the learner has shown in records merged with hers.
    pub(crate) merged: RefCell<MergedMarks>,
}

impl FakeServer {
    fn act(&self, path: &str, body: &str) -> (u16, String) {
        match path {
            "/api/v1/records" => self.create(&serde_json::from_str(body).unwrap()),
            "/api/v1/sync" => {
                (200, serde_json::to_string(&self.sync(&serde_json::from_str(body).unwrap())).unwrap())
            }
            other => panic!("no route {other}"),
        }
    }

    fn create(&self, request: &CreateRecord) -> (u16, String) {
        let mut learners = self.learners.borrow_mut();
        let holder = *learners.entry(request.code.as_str().to_owned()).or_insert(request.learner);
        if holder == request.learner {
            (200, serde_json::to_string(&RecordReady { learner: holder }).unwrap())
        } else {
            let error = ApiError { code: "code-taken".into(), next: NextStep::FixInput, retry_after_s: None };
            (409, serde_json::to_string(&error).unwrap())
        }
    }

    fn sync(&self, request: &SyncRequest<Event>) -> SyncResponse {
        let mut stored = self.stored.borrow_mut();
        let known: BTreeSet<EventId> = stored.iter().map(|event| event.id).collect();
        let outcome =
            |event: &Event| if known.contains(&event.id) { Outcome::Duplicate } else { Outcome::Accepted };
        let outcomes = request
            .events
            .iter()
            .map(|event| EventOutcome { id: Some(event.id), outcome: outcome(event) })
            .collect();
        stored.extend(request.events.iter().filter(|event| !known.contains(&event.id)).cloned());
        let unchanged = SyncResponse {
            protocol: 1,
            server_ms: 99,
            outcomes,
            changes: Vec::new(),
            cursor: BTreeMap::new(),
            more: false,
            removed: Vec::new(),
            merged: None,
        };
        let Some((&learner, &from)) = request.cursor.first_key_value() else { return unchanged };
        // Three changes at a time, so that every test pages.
        let all: Vec<_> = stored.iter().filter(|event| event.learner == learner).collect();
        let merged = self.merged.borrow().clone();
        let from = usize::try_from(from).unwrap();
        let until = all.len().min(from + 3);
        let changes = (from..until)
            .map(|at| Change {
                learner,
                seq: u64::try_from(at + 1).unwrap(),
                what: ChangeKind::Event { event: all[at].clone(), right: None },
            })
            .collect();
        SyncResponse {
            changes,
            cursor: BTreeMap::from([(learner, u64::try_from(until).unwrap())]),
            more: until < all.len(),
            merged: (merged.version != request.merged).then_some(merged),
            ..unchanged
        }
    }
}

impl Transport for &FakeServer {
    async fn post(&self, path: &str, _token: &str, body: String) -> Result<(u16, String), Unreachable> {
        self.requests.set(self.requests.get() + 1);
        let mishap = self.mishaps.borrow_mut().pop_front().flatten();
        match mishap {
            Some(Mishap::LostBefore) => Err(Unreachable),
            Some(Mishap::Overloaded) => Ok((503, "<html>".into())),
            Some(Mishap::LostAfter) => {
                self.act(path, &body);
                Err(Unreachable)
            }
            None => Ok(self.act(path, &body)),
        }
    }
}
