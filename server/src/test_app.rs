//! A whole server for one test: real router, real database, fixed clock, seeded ids; and builders that need only what
//! matters.

pub(crate) mod staff;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use data_encoding::BASE64URL_NOPAD;
use domain::code::LearnerCode;
use domain::consent::ConsentPurpose;
use domain::course::{Course, Lesson, Tracks};
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{ContentHash, DeviceId, EventId, LearnerId};
use domain::item::{Choice, Item, Kind, Response, Variant};
use domain::practice::{Action, Leads, Look, Practice, Screen};
use domain::rule::CertificateRule;
use domain::seal::signed_text;
use domain::sync::{
    Change, ChangeKind, CreateRecord, OpenRecord, Outcome, PROTOCOL_VERSION, RegisterKey, RequestCertificate,
    SyncRequest, SyncResponse,
};
use http_body_util::BodyExt;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use crate::clock::{Clock, Random};
use crate::config::Config;
use crate::content::Library;
use crate::lessons::LessonVersions;
use crate::publish;
use crate::seal::Sealer;
use crate::secret::Secrets;
use crate::signing::Signer;
use crate::state::AppState;
use crate::store::people_for_tests::a_small_country;
use crate::store::test_database::TestDatabase;

/// The moment at which every test begins: 23 November 2026, noon in Vietnam.
pub(crate) const NOON_MS: i64 = 20_780 * 86_400_000 + 5 * 3_600_000;

pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) database: TestDatabase,
    router: Router,
    _data: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Returns status, code and next step of a refusal.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let json: Value = self.json();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), text("code"), text("next"))
    }
}

/// Says that an answer is this refusal.
pub(crate) fn assert_refused(answer: &Answer, status: u16, code: &str, next: &str) {
    assert_eq!(answer.refusal(), (status, code.to_owned(), next.to_owned()), "{}", answer.text);
}

impl TestApp {
    pub(crate) async fn new(database: TestDatabase) -> Self {
        Self::with_library(database, a_library()).await
    }

    pub(crate) async fn with_library(database: TestDatabase, library: Library) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (clock, random) = (Clock::fixed(NOON_MS), Random::seeded(1));
        let config = Config::load(None, []).unwrap();
        publish::import(&database.store, &library, clock.now_ms()).await.unwrap();
        a_small_country(&database.store).await;
        let state = AppState {
            store: database.store.clone(),
            signer: Arc::new(Signer::open(data.path(), &random).unwrap()),
            secrets: Secrets::new(random.clone(), 2).unwrap(),
            seal: Arc::new(Sealer::open(data.path(), &Random::System).unwrap()),
            clock,
            random,
            oidc: None,
            config: Arc::new(config),
            library: Arc::new(library),
            lessons: LessonVersions::default(),
        };
        Self { router: crate::build_router(state.clone()), state, database, _data: data }
    }

    /// Starts the server again with other settings.
    pub(crate) fn reconfigure(&mut self, config: Config) {
        self.state.config = Arc::new(config);
        self.router = crate::build_router(self.state.clone());
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: String) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Returns the published version of a lesson.
    pub(crate) fn content(&self, lesson: &str) -> ContentHash {
        let lessons = self.state.library.courses.iter().flat_map(|course| &course.lessons);
        lessons.into_iter().find(|found| found.id.as_str() == lesson).unwrap().content_hash()
    }
}

/// A person who learns.
#[derive(Debug, Clone)]
pub(crate) struct TestLearner {
    pub(crate) id: LearnerId,
    pub(crate) code: LearnerCode,
    pub(crate) pin: String,
}

impl TestLearner {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            id: LearnerId(Uuid::from_u128(0x1000 + u128::from(number))),
            code: LearnerCode::from_random(number),
            pin: format!("48{:02}", number % 100),
        }
    }
}

/// A phone: it keeps its token, its counter and its cursor.
pub(crate) struct Phone {
    pub(crate) device: DeviceId,
    pub(crate) token: String,
    /// What it signs with, once it has registered its key.
    secret: OnceLock<SigningKey>,
    seq: AtomicU64,
}

impl Phone {
    pub(crate) fn new(number: u8) -> Self {
        Self {
            device: DeviceId(Uuid::from_u128(0x2000 + u128::from(number))),
            token: BASE64URL_NOPAD.encode(&[number; 32]),
            secret: OnceLock::new(),
            seq: AtomicU64::new(0),
        }
    }

    /// Registers a key, and signs with it from now on.
    pub(crate) async fn register_key(&self, app: &TestApp) {
        let secret = SigningKey::from_slice(self.device.0.as_bytes().repeat(2).as_slice()).unwrap();
        let key = BASE64URL_NOPAD.encode(secret.verifying_key().to_sec1_point(false).as_bytes());
        let request = RegisterKey { protocol: PROTOCOL_VERSION, device: self.device, key };
        let answer = self.post(app, "/api/v1/devices/key", &request).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
        self.secret.set(secret).expect("registered once");
    }

    pub(crate) async fn create(&self, app: &TestApp, learner: &TestLearner) -> Answer {
        self.post(
            app,
            "/api/v1/records",
            &CreateRecord {
                protocol: PROTOCOL_VERSION,
                device: self.device,
                learner: learner.id,
                code: learner.code.clone(),
                pin: learner.pin.clone(),
            },
        )
        .await
    }

    /// Makes a record that must succeed.
    pub(crate) async fn enrol(&self, app: &TestApp, learner: &TestLearner) {
        let answer = self.create(app, learner).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }

    pub(crate) async fn open(&self, app: &TestApp, code: &LearnerCode, pin: &str) -> Answer {
        let (code, pin) = (code.clone(), pin.to_owned());
        let request = OpenRecord { protocol: PROTOCOL_VERSION, device: self.device, code, pin };
        self.post(app, "/api/v1/records/open", &request).await
    }

    pub(crate) async fn ask_certificate(&self, app: &TestApp, learner: LearnerId, course: &str) -> Answer {
        let (device, course) = (self.device, course.parse().unwrap());
        let request = RequestCertificate { protocol: PROTOCOL_VERSION, device, learner, course };
        self.post(app, "/api/v1/certificates", &request).await
    }

    /// Sends raw events without asking for changes; returns what became of each.
    pub(crate) async fn deliver<E: Serialize>(&self, app: &TestApp, events: &[E]) -> Vec<Outcome> {
        let response = self.sync(app, &[], events).await;
        response.outcomes.into_iter().map(|one| one.outcome).collect()
    }

    pub(crate) async fn sync<E: Serialize>(
        &self,
        app: &TestApp,
        cursor: &[(LearnerId, u64)],
        events: &[E],
    ) -> SyncResponse {
        let answer = self.try_sync(app, cursor, events).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    pub(crate) async fn try_sync<E: Serialize>(
        &self,
        app: &TestApp,
        cursor: &[(LearnerId, u64)],
        events: &[E],
    ) -> Answer {
        let texts: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        let signature = self.secret.get().filter(|_| !events.is_empty()).map(|secret| {
            let signed: Signature =
                secret.sign(signed_text(self.device, texts.iter().map(String::as_str)).as_bytes());
            BASE64URL_NOPAD.encode(&signed.to_bytes())
        });
        self.try_sync_signed(app, cursor, events, signature).await
    }

    pub(crate) async fn try_sync_signed<E: Serialize>(
        &self,
        app: &TestApp,
        cursor: &[(LearnerId, u64)],
        events: &[E],
        signature: Option<String>,
    ) -> Answer {
        let request = SyncRequest {
            protocol: PROTOCOL_VERSION,
            device: self.device,
            cursor: BTreeMap::from_iter(cursor.iter().copied()),
            events: events.iter().collect(),
            signature,
            merged: 0,
        };
        self.post(app, "/api/v1/sync", &request).await
    }

    /// Returns everything the server has for a learner, page by page.
    pub(crate) async fn everything(&self, app: &TestApp, learner: LearnerId) -> Vec<Change> {
        let (mut all, mut from) = (Vec::new(), 0);
        loop {
            let page = self.sync::<Value>(app, &[(learner, from)], &[]).await;
            all.extend(page.changes);
            from = page.cursor[&learner];
            if !page.more {
                return all;
            }
        }
    }

    pub(crate) async fn post(&self, app: &TestApp, path: &str, body: &impl Serialize) -> Answer {
        app.post(path, &self.token, serde_json::to_string(body).unwrap()).await
    }

    /// Records a fact about a lesson as this phone would.
    pub(crate) fn event(&self, app: &TestApp, learner: LearnerId, kind: EventKind) -> Event {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        let content = kind.lesson().map(|lesson| app.content(lesson.as_str()));
        let device_bits = self.device.0.as_u128() << 64;
        Event {
            id: EventId(Uuid::from_u128(device_bits + u128::from(seq))),
            v: EVENT_VERSION,
            learner,
            device: self.device,
            seq,
            at_ms: NOON_MS + i64::try_from(seq).unwrap(),
            mono_ms: 5,
            actor: None,
            content,
            kind,
        }
    }

    /// Records all that lights the lamp of a lesson.
    pub(crate) fn light(&self, app: &TestApp, learner: LearnerId, lesson: &str) -> Vec<Event> {
        [practised(lesson, &[1]), answered(lesson, "a", 1), answered(lesson, "b", 1)]
            .map(|kind| self.event(app, learner, kind))
            .into()
    }

    /// Records the agreement and the name.
    pub(crate) fn introduce(&self, app: &TestApp, learner: &TestLearner, name: &str) -> Vec<Event> {
        let consent = EventKind::ConsentGiven {
            purpose: ConsentPurpose::LearningRecord,
            text_version: 1,
            manner: None,
        };
        let enrolled = EventKind::LearnerEnrolled { code: learner.code.clone(), name: name.to_owned() };
        [consent, enrolled].map(|kind| self.event(app, learner.id, kind)).into()
    }
}

/// Returns the facts among changes.
pub(crate) fn facts(changes: &[Change]) -> Vec<(Event, Option<bool>)> {
    let fact = |change: &Change| match &change.what {
        ChangeKind::Event { event, right } => Some((event.clone(), *right)),
        ChangeKind::Certificate(_) => None,
    };
    changes.iter().filter_map(fact).collect()
}

pub(crate) fn finished(lesson: &str) -> EventKind {
    EventKind::LessonFinished { lesson: lesson.parse().unwrap() }
}

/// The second choice is right.
pub(crate) fn answered(lesson: &str, item: &str, choice: u8) -> EventKind {
    EventKind::AnswerGiven {
        lesson: lesson.parse().unwrap(),
        item: item.parse().unwrap(),
        variant: 0,
        response: Response::One(choice),
    }
}

/// `[1]` reaches the goal at once, `[0, 0, 0, 1]` with two mistakes.
pub(crate) fn practised(lesson: &str, actions: &[u8]) -> EventKind {
    EventKind::PracticeFinished {
        lesson: lesson.parse().unwrap(),
        practice: "goi".parse().unwrap(),
        actions: actions.to_vec(),
        hints: 0,
    }
}

/// Course `k6` with lessons 6.1 and 6.2, and a rule that asks for every lamp.
pub(crate) fn a_library() -> Library {
    let rule = CertificateRule {
        id: "nen-tang-1".into(),
        lit_percent: 100,
        text: "Thắp sáng đèn của mọi bài.".into(),
        legal_basis: "Kết quả học tập trên nền tảng.".into(),
    };
    let course = Course {
        id: "k6".parse().unwrap(),
        slug: "chong-lua-dao".parse().unwrap(),
        title: "Chống lừa đảo, mật khẩu, OTP".into(),
        about: "Giữ tiền, giữ mã.".into(),
        tracks: Tracks::default(),
        tags: vec![],
        lessons: vec![a_lesson("6.1"), a_lesson("6.2")],
    };
    Library { courses: vec![course], facts: vec![], rules: vec![rule] }
}

pub(crate) fn a_lesson(id: &str) -> Lesson {
    let items =
        ["a", "b"].map(|item| Item { id: item.parse().unwrap(), variants: vec![a_variant(), a_variant()] });
    Lesson {
        id: id.parse().unwrap(),
        slug: format!("bai-{id}").parse().unwrap(),
        title: format!("Bài {id}"),
        goal: "Làm được: giữ mã.".into(),
        minutes: 8,
        tracks: Tracks::default(),
        tags: vec![],
        screens: vec![],
        practice: a_practice(),
        items: items.into(),
        real_task: None,
    }
}

fn a_variant() -> Variant {
    let choice = |text: &str, right| Choice { text: text.into(), right, why: "vì".into() };
    Variant {
        ask: "Bạn làm gì?".into(),
        picture: None,
        right_because: "đúng".into(),
        kind: Kind::One(vec![choice("Đọc mã", false), choice("Cúp máy", true)]),
    }
}

fn a_practice() -> Practice {
    let screen = |goal, leads: Vec<Leads>| Screen {
        look: Look::Call,
        from: String::new(),
        text: vec!["…".into()],
        picture: None,
        hint: String::new(),
        actions: leads.into_iter().map(|leads| Action { label: "x".into(), leads }).collect(),
        goal,
    };
    Practice {
        id: "goi".parse().unwrap(),
        title: "Cuộc gọi".into(),
        intro: "Tập giữ mã.".into(),
        done: "Giỏi.".into(),
        mistakes_allowed: 1,
        screens: vec![
            screen(false, vec![Leads::To(1), Leads::To(2)]),
            screen(false, vec![Leads::Wrong("Khoan.".into()), Leads::To(2)]),
            screen(true, vec![]),
        ],
    }
}
