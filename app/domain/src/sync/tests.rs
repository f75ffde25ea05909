use uuid::Uuid;

use super::*;
use crate::consent::{ConsentManner, ConsentMethod, ConsentPurpose, Guardian, Relation};
use crate::event::tests::event;
use crate::event::{EventKind, RealUseOutcome};
use crate::ids::StaffId;
use crate::item::Response;
#[cfg(feature = "people")]
use crate::person::{Group, SupportNeed};
use crate::progress::Mark;

#[test]
fn a_batch_is_cut_by_bytes_but_never_empty() {
    assert_eq!(next_batch([]), 0);
    assert_eq!(next_batch([BATCH_TARGET_BYTES * 2, 1]), 1);
    assert_eq!(next_batch([400; 100]), BATCH_TARGET_BYTES / 400);
    assert_eq!(next_batch([1; 1000]), BATCH_MAX_EVENTS);
}

/// All kinds of event, as protocol 1 writes them. An old phone sends exactly these: never edit a line, add new ones.
const EVENTS_V1: &[&str] = &[
    r#"{"LessonFinished":{"lesson":"6.3"}}"#,
    r#"{"AnswerGiven":{"lesson":"6.3","item":"q","variant":1,"response":{"one":2}}}"#,
    r#"{"AnswerGiven":{"lesson":"6.3","item":"q","variant":1,"response":{"several":[0,2]}}}"#,
    r#"{"AnswerGiven":{"lesson":"6.3","item":"q","variant":1,"response":{"order":[1,0]}}}"#,
    r#"{"AnswerGiven":{"lesson":"6.3","item":"q","variant":1,"response":{"match":[1,0]}}}"#,
    r#"{"AnswerGiven":{"lesson":"6.3","item":"q","variant":1,"response":{"number":3}}}"#,
    r#"{"AnswerGiven":{"lesson":"6.3","item":"q","variant":1,"response":{"text":"cúp máy"}}}"#,
    r#"{"PracticeFinished":{"lesson":"6.3","practice":"p","actions":[0,1],"hints":0}}"#,
    r#"{"RealUse":{"lesson":"6.3","outcome":"not-yet"}}"#,
    r#"{"LearnerEnrolled":{"code":"572000000002","name":"Hồ Thị Lan"}}"#,
    r#"{"ConsentGiven":{"purpose":"learning-record","text_version":1}}"#,
    r#"{"ConsentWithdrawn":{"purpose":"learning-record"}}"#,
    r#"{"ProfileCorrected":{"name":"Hồ Thị Lan"}}"#,
    #[cfg(feature = "people")]
    r#"{"PersonDescribed":{"birth_year":1968,"place":"18859@20250701","group":"resident","phone":"+84912345678","needs":["large-text","helper"]}}"#,
    #[cfg(feature = "people")]
    r#"{"PersonDescribed":{}}"#,
];

fn kinds_v1() -> Vec<EventKind> {
    let lesson = || "6.3".parse().unwrap();
    let answer = |response| EventKind::AnswerGiven {
        lesson: lesson(),
        item: "q".parse().unwrap(),
        variant: 1,
        response,
    };
    let purpose = ConsentPurpose::LearningRecord;
    let name = || "Hồ Thị Lan".to_owned();
    vec![
        EventKind::LessonFinished { lesson: lesson() },
        answer(Response::One(2)),
        answer(Response::Several(vec![0, 2])),
        answer(Response::Order(vec![1, 0])),
        answer(Response::Match(vec![1, 0])),
        answer(Response::Number(3)),
        answer(Response::Text("cúp máy".into())),
        EventKind::PracticeFinished {
            lesson: lesson(),
            practice: "p".parse().unwrap(),
            actions: vec![0, 1],
            hints: 0,
        },
        EventKind::RealUse { lesson: lesson(), outcome: RealUseOutcome::NotYet },
        EventKind::LearnerEnrolled { code: "572000000002".parse().unwrap(), name: name() },
        EventKind::ConsentGiven { purpose, text_version: 1, manner: None },
        EventKind::ConsentWithdrawn { purpose },
        EventKind::ProfileCorrected { name: name() },
        #[cfg(feature = "people")]
        EventKind::PersonDescribed {
            birth_year: Some(1968),
            place: Some("18859@20250701".parse().unwrap()),
            group: Some(Group::Resident),
            phone: Some("+84912345678".parse().unwrap()),
            needs: vec![SupportNeed::LargeText, SupportNeed::Helper],
            classes: vec![],
        },
        #[cfg(feature = "people")]
        EventKind::PersonDescribed {
            birth_year: None,
            place: None,
            group: None,
            phone: None,
            needs: vec![],
            classes: vec![],
        },
    ]
}

#[test]
fn the_shapes_of_events_are_frozen() {
    assert_eq!(PROTOCOL_VERSION, 4, "new shapes: keep these fixtures, add those of the new version");
    for (frozen, kind) in EVENTS_V1.iter().zip(kinds_v1()) {
        assert_eq!(&serde_json::to_string(&kind).unwrap(), frozen);
        assert_eq!(serde_json::from_str::<EventKind>(frozen).unwrap(), kind);
        assert!(frozen.starts_with(&format!(r#"{{"{}""#, kind.name())), "{frozen}");
    }
    assert_eq!(EVENTS_V1.len(), kinds_v1().len());
    let named = |name: &&str| EVENTS_V1.iter().any(|frozen| frozen.starts_with(&format!(r#"{{"{name}""#)));
    assert!(EventKind::names().iter().all(named), "every kind has a fixture");
}

#[test]
fn the_shapes_of_messages_are_frozen() {
    let learner = LearnerId(Uuid::from_u128(7));
    let device = DeviceId(Uuid::from_u128(8));
    let fact = event(1, EventKind::LessonFinished { lesson: "6.3".parse().unwrap() });
    let id = Some(fact.id);
    let request = SyncRequest {
        protocol: 1,
        device,
        cursor: BTreeMap::from([(learner, 4)]),
        events: vec![fact.clone()],
        signature: None,
        merged: 0,
    };
    let frozen_event = r#"{"id":"00000000-0000-0000-0000-000000000001","v":1,"learner":"00000000-0000-0000-0000-000000000007","device":"00000000-0000-0000-0000-000000000008","seq":2,"at_ms":1780000000000,"mono_ms":5,"content":"00ff","kind":{"LessonFinished":{"lesson":"6.3"}}}"#;
    assert_eq!(fact.canonical_json(), frozen_event);
    assert_eq!(
        serde_json::to_string(&request).unwrap(),
        format!(
            r#"{{"protocol":1,"device":"00000000-0000-0000-0000-000000000008","cursor":{{"00000000-0000-0000-0000-000000000007":4}},"events":[{frozen_event}]}}"#
        )
    );
    let response = SyncResponse {
        protocol: 1,
        server_ms: 9,
        outcomes: vec![
            EventOutcome { id, outcome: Outcome::Accepted },
            EventOutcome { id, outcome: Outcome::Duplicate },
            EventOutcome { id: None, outcome: Outcome::Quarantined(Code::UnknownKind) },
            EventOutcome { id, outcome: Outcome::Rejected(Code::IdConflict) },
        ],
        changes: vec![
            Change { learner, seq: 5, what: ChangeKind::Event { event: fact, right: Some(true) } },
            Change {
                learner,
                seq: 6,
                what: ChangeKind::Certificate(IssuedCertificate {
                    id: CertificateId(Uuid::from_u128(9)),
                    course: "k6".parse().unwrap(),
                    signed: "AQ".into(),
                }),
            },
        ],
        cursor: BTreeMap::from([(learner, 6)]),
        more: false,
        removed: vec![],
        merged: None,
    };
    let json = serde_json::to_string(&response).unwrap();
    assert_eq!(
        json,
        format!(
            r#"{{"protocol":1,"server_ms":9,"outcomes":[{{"id":"00000000-0000-0000-0000-000000000001","outcome":"accepted"}},{{"id":"00000000-0000-0000-0000-000000000001","outcome":"duplicate"}},{{"id":null,"outcome":{{"quarantined":"unknown-kind"}}}},{{"id":"00000000-0000-0000-0000-000000000001","outcome":{{"rejected":"id-conflict"}}}}],"changes":[{{"learner":"00000000-0000-0000-0000-000000000007","seq":5,"what":{{"event":{{"event":{frozen_event},"right":true}}}}}},{{"learner":"00000000-0000-0000-0000-000000000007","seq":6,"what":{{"certificate":{{"id":"00000000-0000-0000-0000-000000000009","course":"k6","signed":"AQ"}}}}}}],"cursor":{{"00000000-0000-0000-0000-000000000007":6}},"more":false}}"#
        )
    );
    assert_eq!(serde_json::from_str::<SyncResponse>(&json).unwrap(), response);
}

#[test]
fn what_protocol_2_added_is_frozen() {
    let learner = LearnerId(Uuid::from_u128(7));
    let device = DeviceId(Uuid::from_u128(8));
    let request = SyncRequest::<Event> {
        protocol: 2,
        device,
        cursor: BTreeMap::<LearnerId, u64>::new(),
        events: vec![],
        signature: Some("c2ln".into()),
        merged: 0,
    };
    assert_eq!(
        serde_json::to_string(&request).unwrap(),
        r#"{"protocol":2,"device":"00000000-0000-0000-0000-000000000008","cursor":{},"events":[],"signature":"c2ln"}"#
    );
    let response = SyncResponse {
        protocol: 2,
        server_ms: 9,
        outcomes: vec![EventOutcome { id: None, outcome: Outcome::Quarantined(Code::DeviceRemoved) }],
        changes: vec![],
        cursor: BTreeMap::<LearnerId, u64>::new(),
        more: false,
        removed: vec![learner],
        merged: None,
    };
    assert_eq!(
        serde_json::to_string(&response).unwrap(),
        r#"{"protocol":2,"server_ms":9,"outcomes":[{"id":null,"outcome":{"quarantined":"device-removed"}}],"changes":[],"cursor":{},"more":false,"removed":["00000000-0000-0000-0000-000000000007"]}"#
    );
    let key = RegisterKey { protocol: 2, device, key: "BKey".into() };
    assert_eq!(
        serde_json::to_string(&key).unwrap(),
        r#"{"protocol":2,"device":"00000000-0000-0000-0000-000000000008","key":"BKey"}"#
    );
    let list = ListDevices { protocol: 2, device, learner };
    assert_eq!(
        serde_json::to_string(&list).unwrap(),
        r#"{"protocol":2,"device":"00000000-0000-0000-0000-000000000008","learner":"00000000-0000-0000-0000-000000000007"}"#
    );
    let remove = RemoveDevice { protocol: 2, device, learner, remove: device, pin: "4827".into() };
    assert_eq!(
        serde_json::to_string(&remove).unwrap(),
        r#"{"protocol":2,"device":"00000000-0000-0000-0000-000000000008","learner":"00000000-0000-0000-0000-000000000007","remove":"00000000-0000-0000-0000-000000000008","pin":"4827"}"#
    );
    let linked = LinkedDevice { device, label: "Android, Chrome".into(), since_ms: 1, seen_ms: 2 };
    assert_eq!(
        serde_json::to_string(&DeviceList { devices: vec![linked] }).unwrap(),
        r#"{"devices":[{"device":"00000000-0000-0000-0000-000000000008","label":"Android, Chrome","since_ms":1,"seen_ms":2}]}"#
    );
}

#[test]
fn what_was_added_to_protocol_3_is_frozen() {
    let (learner, device) = (LearnerId(Uuid::from_u128(7)), DeviceId(Uuid::from_u128(8)));
    let read = MyData { protocol: 3, device, learner, ask: None };
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"protocol":3,"device":"00000000-0000-0000-0000-000000000008","learner":"00000000-0000-0000-0000-000000000007"}"#
    );
    let ask = AskNow { id: Uuid::from_u128(9), kind: RequestKind::Delete, words: "Xóa giúp tôi".into() };
    assert_eq!(
        serde_json::to_string(&MyData { ask: Some(ask), ..read }).unwrap(),
        r#"{"protocol":3,"device":"00000000-0000-0000-0000-000000000008","learner":"00000000-0000-0000-0000-000000000007","ask":{"id":"00000000-0000-0000-0000-000000000009","kind":"delete","words":"Xóa giúp tôi"}}"#
    );
    let answer = MyDataAnswer {
        looks: vec![Look {
            at_ms: 1,
            who: "Hoàng Thị Mai".into(),
            role: "ambassador".into(),
            what: "seen".into(),
        }],
        requests: vec![Asked {
            kind: "delete".into(),
            at_ms: 1,
            until_ms: 2,
            state: "received".into(),
            answer: String::new(),
        }],
    };
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(
        json,
        r#"{"looks":[{"at_ms":1,"who":"Hoàng Thị Mai","role":"ambassador","what":"seen"}],"requests":[{"kind":"delete","at_ms":1,"until_ms":2,"state":"received","answer":""}]}"#
    );
    assert_eq!(serde_json::from_str::<MyDataAnswer>(&json).unwrap(), answer);
}

#[test]
fn what_protocol_3_added_is_frozen() {
    let guardian = Guardian { name: "Hồ Văn Bình".into(), relation: Relation::Parent };
    let manner = ConsentManner { method: ConsentMethod::ReadAloud, guardian: Some(guardian) };
    let kind = EventKind::ConsentGiven {
        purpose: ConsentPurpose::Recognition,
        text_version: 1,
        manner: Some(manner),
    };
    let fact = Event { actor: Some(StaffId(Uuid::from_u128(9))), ..event(1, kind) };
    let frozen = r#"{"id":"00000000-0000-0000-0000-000000000001","v":1,"learner":"00000000-0000-0000-0000-000000000007","device":"00000000-0000-0000-0000-000000000008","seq":2,"at_ms":1780000000000,"mono_ms":5,"actor":"00000000-0000-0000-0000-000000000009","kind":{"ConsentGiven":{"purpose":"recognition","text_version":1,"manner":{"method":"read-aloud","guardian":{"name":"Hồ Văn Bình","relation":"parent"}}}}}"#;
    assert_eq!(fact.canonical_json(), frozen);
    assert_eq!(serde_json::from_str::<Event>(frozen).unwrap(), fact);
    let withdrawn = EventKind::ConsentWithdrawn { purpose: ConsentPurpose::Research };
    assert_eq!(serde_json::to_string(&withdrawn).unwrap(), r#"{"ConsentWithdrawn":{"purpose":"research"}}"#);
}

#[test]
fn what_protocol_4_added_is_frozen() {
    let (learner, device) = (LearnerId(Uuid::from_u128(7)), DeviceId(Uuid::from_u128(8)));
    let request = SyncRequest::<Event> {
        protocol: 4,
        device,
        cursor: BTreeMap::from([(learner, 4)]),
        events: vec![],
        signature: None,
        merged: 5,
    };
    assert_eq!(
        serde_json::to_string(&request).unwrap(),
        r#"{"protocol":4,"device":"00000000-0000-0000-0000-000000000008","cursor":{"00000000-0000-0000-0000-000000000007":4},"events":[],"merged":5}"#
    );
    let (lesson, practice, item) = (|| "6.1".parse().unwrap(), "p".parse().unwrap(), "q".parse().unwrap());
    let marks = [
        Mark::Learned(lesson()),
        Mark::Practised(lesson(), practice),
        Mark::Answered(lesson(), item),
        Mark::ReallyUsed(lesson()),
    ];
    assert_eq!(marks.each_ref().map(|mark| mark.to_string().parse::<Mark>().unwrap()), marks);
    let marks = marks.iter().map(Mark::to_string).collect();
    let response = SyncResponse {
        protocol: 4,
        server_ms: 9,
        outcomes: vec![],
        changes: vec![],
        cursor: BTreeMap::from([(learner, 4)]),
        more: false,
        removed: vec![],
        merged: Some(MergedMarks { version: 5, marks }),
    };
    let json = serde_json::to_string(&response).unwrap();
    assert_eq!(
        json,
        r#"{"protocol":4,"server_ms":9,"outcomes":[],"changes":[],"cursor":{"00000000-0000-0000-0000-000000000007":4},"more":false,"merged":{"version":5,"marks":["learned 6.1","practised 6.1 p","answered 6.1 q","used 6.1"]}}"#
    );
    assert_eq!(serde_json::from_str::<SyncResponse>(&json).unwrap(), response);
}

#[test]
fn code_names_are_what_json_says() {
    use Code::*;
    for code in [
        Malformed,
        TooLarge,
        FutureVersion,
        UnknownKind,
        UnknownLearner,
        OtherDevice,
        UnknownContent,
        ResponseDoesNotFit,
        IdConflict,
        DeviceRemoved,
        ActorUnknown,
        OutsideScope,
    ] {
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.as_str()));
    }
}
