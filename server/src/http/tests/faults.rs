//! No fault loses or doubles a fact: the phone's own code, several phones of it, over a bad network against the real
//! server and database, in random days of a village, beside a plain model of what was done. Phones go from hand to hand,
//! people leave them with what was not sent in a file, and bring such files back here and there; records are merged and taken
//! apart.
//!
//! After every step: what a phone calls acknowledged is stored, what is not acknowledged is still in its outbox or in a
//! file somebody has, nothing is there twice, nothing is there that nobody did, and nothing recorded after an agreement
//! was taken back was sent. At the end the network is good, and all phones of a learner come to the same facts and the
//! model's progress, with what she has shown in merged records.
//!
//! `FAULT_CASES=500 cargo test -p server faults` runs more days; `FAULT_SEED=n` begins with the day that a failure named.

mod ending;
mod merging;
mod network;
mod phone;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use app::offline::leave::Left;
use app::offline::people::Handed;
use app::offline::record::{LearningRecord, Receipt};
use app::offline::store::Store;
use app::offline::sync_client::{SyncDone, open_record, request_certificate, sync_everybody};
use domain::code::LearnerCode;
use domain::consent::ConsentPurpose;
use domain::event::{Event, EventKind};
use domain::ids::{DeviceId, EventId, LearnerId, StaffId};
use domain::item::Response;
use domain::profile::Profile;
use domain::progress::Progress;
use domain::role::Role;

use self::merging::Merge;
use self::network::Network;
use self::phone::{Phone, QuickHash};
use super::model::Dice;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{TestApp, answered, finished, practised};

on_both_databases!(no_fault_loses_or_doubles_a_fact);

/// Days in an ordinary run, see the file's head.
const CASES: u64 = 12;

/// Steps of one day.
const STEPS: usize = 70;

const PIN: &str = "4827";

/// One source of choices for everything that happens in a day.
#[derive(Clone)]
struct Chance(Rc<RefCell<Dice>>);

impl Chance {
    fn below(&self, limit: usize) -> usize {
        self.0.borrow_mut().below(limit)
    }
}

async fn no_fault_loses_or_doubles_a_fact(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let officer = app.staff("can bo", Role::SystemAdmin, "").await.id;
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let first = number("FAULT_SEED").unwrap_or(1);
    for seed in first..first + number("FAULT_CASES").unwrap_or(CASES) {
        let _named = NamedWhenItFails(seed);
        Village::new(&app, officer, seed).live().await;
    }
}

/// Says which day it was when a check stops the test.
struct NamedWhenItFails(u64);

impl Drop for NamedWhenItFails {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed with FAULT_SEED={} FAULT_CASES=1", self.0);
        }
    }
}

/// A fact that somebody made, with the verdict worked out by hand.
struct Made {
    event: Event,
    right: Option<bool>,
    /// The only phone that had it was wiped; a request that was on its way may still bring it.
    wiped: bool,
    /// Its learner has left the phone that made it; it is on the server or in a file.
    left: bool,
}

/// A saved record in somebody's hands.
struct File {
    text: String,
    /// The phone it was saved on.
    device: DeviceId,
}

struct Village<'a> {
    app: &'a TestApp,
    network: Network<'a>,
    chance: Chance,
    phones: Vec<Phone>,
    made: BTreeMap<EventId, Made>,
    files: Vec<File>,
    /// Whoever merges records.
    officer: StaffId,
    merges: Vec<Merge>,
}

fn by_hand(kind: &EventKind) -> Option<bool> {
    match kind {
        EventKind::AnswerGiven { response, .. } => Some(*response == Response::One(1)),
        EventKind::PracticeFinished { actions, .. } => Some(actions == &[1]),
        _ => None,
    }
}

const WITHDRAWN: EventKind = EventKind::ConsentWithdrawn { purpose: ConsentPurpose::LearningRecord };

impl<'a> Village<'a> {
    fn new(app: &'a TestApp, officer: StaffId, seed: u64) -> Self {
        let chance = Chance(Rc::new(RefCell::new(Dice(seed.wrapping_mul(0x5851_f42d_4c95_7f2d)))));
        let phones = (0..3).map(|_| Phone::new(chance.clone())).collect();
        let network = Network::new(app, chance.clone());
        let (made, files, merges) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { app, network, chance, phones, made, files, officer, merges }
    }

    async fn live(mut self) {
        for step in 0..STEPS {
            // Five wrong tries of a code in a quarter of an hour would shut it.
            self.app.state.clock.advance(4 * 60_000);
            let did = self.step().await;
            self.check(&format!("step {step}, {did}")).await;
        }
        self.end_well().await;
    }

    async fn step(&mut self) -> &'static str {
        let which = self.chance.below(self.phones.len());
        match self.chance.below(32) {
            0..=6 => self.learn(which).await,
            7..=11 => self.sync(which).await,
            12 | 13 => self.two_tabs(which).await,
            14 | 15 => self.enrol(which).await,
            16 | 17 => self.open(which).await,
            18 => self.withdraw(which).await,
            19 => self.ask_for_certificate(which).await,
            20 => {
                self.phones[which].clock_jumps();
                "clock jumps"
            }
            21 if self.chance.below(3) == 0 => self.wipe(which).await,
            22..=24 => self.hand_over(which).await,
            25 => self.leave(which).await,
            26 | 27 => self.bring_file(which).await,
            28 | 29 => self.decide().await,
            _ => {
                self.network.bring_a_late_one().await;
                "late request"
            }
        }
    }

    fn any_kind(&self) -> EventKind {
        let lesson = ["6.1", "6.2"][self.chance.below(2)];
        match self.chance.below(4) {
            0 => finished(lesson),
            1 => practised(lesson, [&[1u8][..], &[0], &[0, 0, 0, 1]][self.chance.below(3)]),
            _ => answered(lesson, ["a", "b"][self.chance.below(2)], u8::from(self.chance.below(3) > 0)),
        }
    }

    /// Appends as an island does; returns whether the phone said that it is kept.
    async fn append<S: Store>(&self, which: usize, page: &LearningRecord<S>, kind: EventKind) -> bool {
        let environment = &self.phones[which].environment;
        let Ok(identity) = page.identity(environment).await else { return false };
        let content = kind.lesson().map(|lesson| self.app.content(lesson.as_str()));
        let right = by_hand(&kind);
        page.append(environment, &identity, kind, content, right).await.is_ok()
    }

    async fn learn(&mut self, which: usize) -> &'static str {
        let (page, kind) = (self.phones[which].shaky_page(), self.any_kind());
        let kept = self.append(which, &page, kind.clone()).await;
        self.note(which, &[kind], usize::from(kept)).await;
        "learn"
    }

    async fn withdraw(&mut self, which: usize) -> &'static str {
        let page = self.phones[which].shaky_page();
        let kept = self.append(which, &page, WITHDRAWN).await;
        self.note(which, &[WITHDRAWN], usize::from(kept)).await;
        "withdraw"
    }

    async fn run_sync<S: Store>(&self, which: usize, page: &LearningRecord<S>) -> Option<SyncDone> {
        let environment = &self.phones[which].environment;
        let identity = page.identity(environment).await.ok()?;
        sync_everybody(page, &&self.network, environment, &identity).await.ok()
    }

    async fn sync(&mut self, which: usize) -> &'static str {
        self.run_sync(which, &self.phones[which].shaky_page()).await;
        "sync"
    }

    /// Two tabs that send, and two that learn, all at the same time, as where the browser has no locks.
    async fn two_tabs(&mut self, which: usize) -> &'static str {
        let pages = [0; 4].map(|_| self.phones[which].shaky_page());
        let kinds = [self.any_kind(), self.any_kind()];
        let (_, _, one, other) = tokio::join!(
            self.run_sync(which, &pages[0]),
            self.run_sync(which, &pages[1]),
            self.append(which, &pages[2], kinds[0].clone()),
            self.append(which, &pages[3], kinds[1].clone()),
        );
        self.note(which, &kinds, usize::from(one) + usize::from(other)).await;
        "two tabs"
    }

    async fn enrol(&mut self, which: usize) -> &'static str {
        let phone = &self.phones[which];
        let page = phone.shaky_page();
        let Ok(identity) = page.identity(&phone.environment).await else { return "enrol, no identity" };
        let contents = phone.page().contents(identity.learner).await.unwrap();
        let profile = Profile::from_events(contents.facts.iter().map(|fact| &fact.event));
        let agrees = profile.agrees_to(ConsentPurpose::LearningRecord);
        if agrees && (contents.state.registered || contents.state.to_register.is_some()) {
            return "enrol, the form is not shown";
        }
        let name = "Hồ Thị Lành".to_owned();
        let enrolled = page.enrol(&phone.environment, &identity, 1, name, PIN.to_owned()).await.is_ok();
        self.note_any(which, if enrolled { 2 } else { 0 }, 2).await;
        "enrol"
    }

    /// Gets a learner's record onto a phone, as she would with her paper.
    async fn open(&mut self, which: usize) -> &'static str {
        let learners: Vec<LearnerId> = self.learners().into_iter().collect();
        if learners.is_empty() {
            return "open, nobody is there";
        }
        let learner = learners[self.chance.below(learners.len())];
        let Some(code) = self.code_of(learner) else { return "open, no code" };
        let phone = &self.phones[which];
        let before = phone.identity().await;
        let page = phone.shaky_page();
        let opened =
            open_record(&page, &&self.network, &phone.environment, &before, code, PIN.to_owned()).await;
        let after = phone.identity().await;
        if let Ok(identity) = &opened {
            assert_eq!((identity.learner, after.learner), (learner, learner));
        }
        // At most the code on her paper, said once more.
        self.note_any(which, 0, 1).await;
        "open"
    }

    /// Somebody else takes the phone: one who used it before, or somebody new.
    async fn hand_over(&mut self, which: usize) -> &'static str {
        let phone = &self.phones[which];
        let page = phone.shaky_page();
        let (Ok(people), Ok(identity)) = (page.people().await, page.identity(&phone.environment).await)
        else {
            return "hand over, the store failed";
        };
        let to = people.get(self.chance.below(people.len() + 1)).map(|person| person.id);
        let handed = page.hand_over(&QuickHash, &phone.environment, &identity, to, "").await;
        if let Ok(handed) = handed {
            let now = phone.identity().await;
            assert!(to.is_none_or(|learner| now.learner == learner));
            assert_eq!(handed, Handed::To(now));
        }
        "hand over"
    }

    /// The present learner saves her record and leaves; without saving she may only when all of it is on the server.
    async fn leave(&mut self, which: usize) -> &'static str {
        let phone = &self.phones[which];
        let (page, identity) = (phone.shaky_page(), phone.identity().await);
        let mut holds = Vec::new();
        if self.chance.below(4) > 0 {
            let Ok(file) = page.to_file(&phone.environment, &identity).await else { return "leave, no file" };
            holds = file.holds;
            self.files.push(File { text: file.text, device: identity.device });
        }
        let left = page.leave(&phone.environment, &identity, &holds).await;
        if let Ok(Left::Gone(next)) = &left {
            assert_eq!(*next, phone.identity().await);
            assert_eq!(phone.page().contents(identity.learner).await.unwrap().facts, []);
        }
        self.who_left(which).await;
        "leave"
    }

    async fn bring_file(&mut self, which: usize) -> &'static str {
        if self.files.is_empty() {
            return "bring a file, there is none";
        }
        let phone = &self.phones[which];
        let (page, identity) = (phone.shaky_page(), phone.identity().await);
        let file = &self.files[self.chance.below(self.files.len())];
        if let Ok(brought) = page.bring_back(&identity, &file.text).await {
            let _ = page.switch_to(&identity, brought.learner).await;
        }
        self.who_left(which).await;
        "bring a file"
    }

    /// Notes which facts of a phone are not on it because their learner left.
    async fn who_left(&mut self, which: usize) {
        let device = self.phones[which].identity().await.device;
        let facts = self.phones[which].facts().await;
        let here: BTreeSet<EventId> = facts.iter().map(|fact| fact.event.id).collect();
        for (id, made) in self.made.iter_mut().filter(|(_, made)| made.event.device == device) {
            made.left = !here.contains(id);
        }
    }

    fn is_in_a_file(&self, id: EventId) -> bool {
        let id = id.to_string();
        self.files.iter().any(|file| file.text.contains(&id))
    }

    fn learners(&self) -> BTreeSet<LearnerId> {
        self.made.values().filter(|made| !made.wiped).map(|made| made.event.learner).collect()
    }

    fn code_of(&self, learner: LearnerId) -> Option<LearnerCode> {
        let of = self.made.values().filter(|made| made.event.learner == learner);
        Profile::from_events(of.map(|made| &made.event)).code().cloned()
    }

    async fn ask_for_certificate(&mut self, which: usize) -> &'static str {
        let phone = &self.phones[which];
        let identity = phone.identity().await;
        let course = "k6".parse().unwrap();
        let page = phone.shaky_page();
        if let Ok(issued) =
            request_certificate(&page, &&self.network, &phone.environment, &identity, course).await
        {
            let kept = phone.page().contents(identity.learner).await.unwrap().certificates;
            assert!(kept.contains(&issued), "a certificate that was shown is kept");
        }
        "certificate"
    }

    /// The browser forgets everything; what it had not sent is gone with it.
    async fn wipe(&mut self, which: usize) -> &'static str {
        let device = self.phones[which].identity().await.device;
        for made in self.made.values_mut().filter(|made| made.event.device == device) {
            made.wiped = true;
        }
        self.phones[which] = Phone::new(self.chance.clone());
        "wipe"
    }

    /// Takes what a phone has newly recorded into the model: these kinds at most, `kept` of them at least.
    async fn note(&mut self, which: usize, tried: &[EventKind], kept: usize) {
        let found = self.note_any(which, kept, tried.len()).await;
        assert!(found.iter().all(|kind| tried.contains(kind)), "{found:?} of {tried:?}");
    }

    async fn note_any(&mut self, which: usize, least: usize, most: usize) -> Vec<EventKind> {
        let device = self.phones[which].identity().await.device;
        let facts = self.phones[which].facts().await;
        let new: Vec<Event> = facts
            .into_iter()
            .map(|fact| fact.event)
            .filter(|event| event.device == device && !self.made.contains_key(&event.id))
            .collect();
        assert!((least..=most).contains(&new.len()), "{} facts of {least} to {most}", new.len());
        for event in &new {
            let right = by_hand(&event.kind);
            let made = Made { event: event.clone(), right, wiped: false, left: false };
            self.made.insert(event.id, made);
        }
        new.into_iter().map(|event| event.kind).collect()
    }

    /// Returns what the server holds of everybody in this village; each fact is known and stands there once.
    async fn on_server(&self) -> BTreeMap<EventId, Event> {
        let mut stored = BTreeMap::new();
        let learners: BTreeSet<LearnerId> = self.made.values().map(|made| made.event.learner).collect();
        for learner in learners {
            // Of a person with several records the facts of all are told.
            let told = self.app.state.store.facts_of(learner).await.unwrap();
            for fact in told.into_iter().filter(|fact| fact.event.learner == learner) {
                let made = &self.made[&fact.event.id];
                assert_eq!((&fact.event, fact.verdict), (&made.event, made.right));
                assert!(stored.insert(fact.event.id, fact.event).is_none(), "twice on the server");
            }
        }
        stored
    }

    async fn check(&self, when: &str) {
        let stored = self.on_server().await;
        for phone in &self.phones {
            let device = phone.identity().await.device;
            let facts = phone.facts().await;
            let outbox = phone.outbox().await;
            let mut waiting = BTreeSet::new();
            for fact in &facts {
                let id = fact.event.id;
                assert_eq!(fact.event, self.made[&id].event, "{when}: a fact that nobody made");
                assert_eq!(fact.right, self.made[&id].right, "{when}");
                match fact.receipt {
                    Receipt::Kept(_) => assert!(stored.contains_key(&id), "{when}: acknowledged, not stored"),
                    Receipt::Waiting => assert!(waiting.insert(id), "{when}: twice"),
                    Receipt::Aside(..) | Receipt::Refused(_) => panic!("{when}: {fact:?}"),
                }
            }
            assert_eq!(outbox.len(), waiting.len(), "{when}: the outbox has something twice");
            assert_eq!(outbox.into_iter().collect::<BTreeSet<_>>(), waiting, "{when}: outbox");
            let ids: BTreeSet<EventId> = facts.iter().map(|fact| fact.event.id).collect();
            let own = || self.made.values().filter(|made| made.event.device == device);
            for Made { event: Event { id, .. }, left, .. } in own() {
                let is_safe = *left && (stored.contains_key(id) || self.is_in_a_file(*id));
                assert!(is_safe || ids.contains(id), "{when}: the phone lost a fact");
            }
            let counts: BTreeSet<u64> = own().map(|made| made.event.seq).collect();
            assert_eq!(counts.len(), own().count(), "{when}: two facts with one number");
            check_withdrawal(
                &facts.into_iter().map(|fact| (fact.event, fact.receipt)).collect::<Vec<_>>(),
                device,
                &stored,
                when,
            );
        }
    }
}

/// When the last word of a learner on this phone is that she stops, and it was said here, nothing recorded here after it
/// has left the phone.
fn check_withdrawal(
    facts: &[(Event, Receipt)],
    device: DeviceId,
    stored: &BTreeMap<EventId, Event>,
    when: &str,
) {
    let word = |event: &Event| {
        matches!(event.kind, EventKind::ConsentWithdrawn { .. } | EventKind::ConsentGiven { .. })
    };
    let learners: BTreeSet<LearnerId> = facts.iter().map(|(event, _)| event.learner).collect();
    for learner in learners {
        let of = || facts.iter().filter(|(event, _)| event.learner == learner);
        let last = of()
            .filter(|(event, _)| word(event))
            .max_by_key(|(event, _)| (event.at_ms, event.device, event.seq));
        let Some((last, _)) = last.filter(|(event, _)| event.device == device && event.kind == WITHDRAWN)
        else {
            continue;
        };
        for (event, receipt) in of().filter(|(event, _)| event.device == device && event.seq > last.seq) {
            let left = *receipt != Receipt::Waiting || stored.contains_key(&event.id);
            assert!(!left, "{when}: sent after the agreement was taken back: {event:?}");
        }
    }
}
