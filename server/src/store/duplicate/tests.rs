//! Look-alikes, merging and taking back, on both databases.

use domain::event::EventKind;
use domain::ids::{CertificateId, DeviceId, EventId};
use domain::person::Details;
use domain::progress::Progress;
use uuid::Uuid;

use super::*;
use crate::store::person::tests::{
    FAR, HERE, NEXT, a_person, a_small_country, add, an_entry, at, person_id, scope,
};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::store::{
    Append, CorrectOutcome, CreateOutcome, NewCertificate, NewEvent, NewPerson, NewRecord, PeopleQuery,
};

on_both_databases!(
    look_alikes_are_noticed_when_people_are_added_or_corrected,
    the_list_shows_pairs_of_the_scope_only,
    facts_follow_the_person_and_each_gets_its_own_again,
    certificates_follow_the_person,
    merges_upon_merges_are_taken_back_in_any_order,
    people_kept_apart_stay_apart_until_taken_back,
    decisions_ask_for_both_records,
    two_who_decide_at_once,
);

fn born(number: u64, name: &str, year: Option<u16>, place: &str) -> NewPerson {
    let mut new = a_person(number, name, Some(place));
    new.details.birth_year = year;
    new
}

fn decide(number: u128, kept: u64, other: u64) -> NewDecision {
    let by = StaffId(Uuid::from_u128(0x7001));
    NewDecision {
        id: DecisionId(Uuid::from_u128(number)),
        kept: person_id(kept),
        other: person_id(other),
        by,
    }
}

fn log() -> PairEntries {
    [an_entry(), an_entry()]
}

const ANOTHER: StaffId = StaffId(Uuid::from_u128(0x7002));

async fn pairs(store: &Store, scope: &Scope) -> Vec<(LearnerId, LearnerId, Likeness)> {
    let found = store.likely_duplicates(scope, None, 50).await.unwrap();
    let mut pairs: Vec<_> = found.iter().map(|pair| (pair.a.id, pair.b.id, pair.likeness)).collect();
    pairs.sort();
    pairs
}

async fn listed(store: &Store) -> Vec<LearnerId> {
    let page = store.people(&Scope::All, &PeopleQuery::default(), None, 50).await.unwrap();
    let mut ids: Vec<_> = page.people.iter().map(|person| person.id).collect();
    ids.sort();
    ids
}

async fn look_alikes_are_noticed_when_people_are_added_or_corrected(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let lan = add(store, &born(1, "Hồ Thị Lý", Some(1968), HERE)).await;
    add(store, &born(2, "Ho Thi Li", Some(1968), HERE)).await;
    add(store, &born(3, "Hồ Thị Lí", None, HERE)).await;
    add(store, &born(4, "Hồ Thị Lý", Some(1970), HERE)).await;
    add(store, &born(5, "Hồ Thị Lý", Some(1968), NEXT)).await;
    let (one, two, three, four) = (person_id(1), person_id(2), person_id(3), person_id(4));
    let expected = [
        (one, two, Likeness::Year),
        (one, three, Likeness::Place),
        (two, three, Likeness::Place),
        (three, four, Likeness::Place),
    ];
    assert_eq!(pairs(store, &Scope::All).await, expected);
    // A corrected year takes the reason away.
    let details = Details { birth_year: Some(1969), ..lan.details.clone() };
    let events = [0x61, 0x62].map(|id| EventId(Uuid::from_u128(id)));
    let outcome =
        store.correct_person(&Scope::All, (one, 1), &details, events, (&an_entry(), 20)).await.unwrap();
    assert!(matches!(outcome, CorrectOutcome::Corrected(_)));
    assert_eq!(pairs(store, &Scope::All).await, [expected[1], expected[2], expected[3]]);
}

async fn the_list_shows_pairs_of_the_scope_only(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let with_phone = |number, place| {
        let mut new = a_person(number, "Lê An", Some(place));
        new.details.phone = Some("0912345678".parse().unwrap());
        new
    };
    add(store, &with_phone(1, HERE)).await;
    add(store, &with_phone(2, NEXT)).await;
    let pair = (person_id(1), person_id(2), Likeness::Phone);
    assert_eq!(pairs(store, &Scope::All).await, [pair]);
    assert_eq!(pairs(store, &scope("vn/44@20250701/")).await, [pair]);
    for outside in [scope(HERE), scope(NEXT), scope(FAR)] {
        assert_eq!(pairs(store, &outside).await, [], "{outside:?}");
    }
}

fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(0xd001))
}

fn finished(id: u128, learner: u64, lesson: &str) -> NewEvent {
    let event = domain::event::Event {
        id: EventId(Uuid::from_u128(id)),
        v: domain::event::EVENT_VERSION,
        learner: person_id(learner),
        device: device(),
        seq: 1,
        at_ms: 0,
        mono_ms: 0,
        actor: None,
        content: Some("00ff".parse().unwrap()),
        kind: EventKind::LessonFinished { lesson: lesson.parse().unwrap() },
    };
    NewEvent { json: event.canonical_json(), event, verdict: None }
}

async fn on_a_phone(store: &Store, number: u64) {
    let new = NewRecord {
        device: device(),
        token_hash: "token".into(),
        learner: person_id(number),
        code: domain::code::LearnerCode::from_random(number),
        pin_hash: "hash".into(),
    };
    assert_eq!(store.create_record(&new, 1).await.unwrap(), CreateOutcome::Created);
}

async fn learned(store: &Store, learner: u64) -> Vec<u128> {
    let facts = store.facts_of(person_id(learner)).await.unwrap();
    facts.iter().map(|fact| fact.event.id.0.as_u128()).collect()
}

async fn facts_follow_the_person_and_each_gets_its_own_again(db: TestDatabase) {
    let store = &db.store;
    for number in 1..=2 {
        on_a_phone(store, number).await;
    }
    let append = |events| Append { events, aside: vec![] };
    store.append(device(), &append(vec![finished(11, 1, "6.1")]), 7).await.unwrap();
    store.append(device(), &append(vec![finished(12, 2, "6.2")]), 8).await.unwrap();
    assert_eq!(
        store.merge_people(&Scope::All, decide(1, 1, 2), &log(), 9).await.unwrap(),
        DecisionOutcome::Done
    );
    for number in [1, 2] {
        assert_eq!(learned(store, number).await, [11, 12], "either record tells of both");
    }
    assert_eq!(listed(store).await, [person_id(1)], "counted once");
    let other = store.person(&Scope::All, person_id(2)).await.unwrap().unwrap();
    assert_eq!(other.merged_into, Some(person_id(1)));
    // What the second phone sends later still follows.
    store.append(device(), &append(vec![finished(13, 2, "6.3")]), 10).await.unwrap();
    assert_eq!(learned(store, 1).await, [11, 12, 13]);
    let facts = store.facts_of(person_id(1)).await.unwrap();
    let progress = Progress::from_facts(facts.iter().map(|fact| (&fact.event, fact.verdict)));
    let mut alone = Progress::default();
    for fact in [finished(11, 1, "6.1"), finished(12, 2, "6.2"), finished(13, 2, "6.3")] {
        alone.add(&fact.event, None);
    }
    assert_eq!(progress, alone);

    let undo =
        async || store.undo_decision(&Scope::All, (decide(1, 1, 2).id, ANOTHER), &log(), 11).await.unwrap();
    assert_eq!(undo().await, DecisionOutcome::Done);
    assert_eq!((learned(store, 1).await, learned(store, 2).await), (vec![11], vec![12, 13]));
    assert_eq!(listed(store).await, [person_id(1), person_id(2)]);
    assert_eq!(undo().await, DecisionOutcome::Already);
    let told = store.decisions_about(&Scope::All, person_id(2)).await.unwrap();
    assert_eq!(told.len(), 1);
    let decision = &told[0];
    assert_eq!(
        (decision.kind, decision.kept, decision.other),
        (DecisionKind::Merge, person_id(1), person_id(2))
    );
    assert_eq!((decision.decided_by, decision.decided_ms), (decide(1, 1, 2).by, 9));
    assert_eq!(decision.undone, Some((ANOTHER, 11)), "who took it back stays known");
}

async fn certificates_follow_the_person(db: TestDatabase) {
    let store = &db.store;
    for number in 1..=2 {
        on_a_phone(store, number).await;
    }
    let certificate = |id, learner| NewCertificate {
        id: CertificateId(Uuid::from_u128(id)),
        learner: person_id(learner),
        course: "k6".parse().unwrap(),
        name: "Hồ Thị Lan".into(),
        rule: "nen-tang-1".into(),
        signed: format!("signed{id}"),
        evidence: vec![],
    };
    let first = store.issue_certificate(&certificate(21, 1), 8).await.unwrap();
    store.merge_people(&Scope::All, decide(1, 2, 1), &log(), 9).await.unwrap();
    assert_eq!(store.issue_certificate(&certificate(22, 2), 10).await.unwrap(), first, "no second one");
    let issued = async |learner| {
        store.issued_certificate(person_id(learner), &"k6".parse().unwrap(), "Hồ Thị Lan").await.unwrap()
    };
    assert_eq!(issued(2).await, Some(first.clone()));
    store.undo_decision(&Scope::All, (decide(1, 2, 1).id, ANOTHER), &log(), 11).await.unwrap();
    assert_eq!((issued(1).await, issued(2).await), (Some(first), None));
}

async fn merges_upon_merges_are_taken_back_in_any_order(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    for number in 1..=4 {
        add(store, &born(number, "Lê An", Some(1968), HERE)).await;
    }
    let merge = async |id, kept, other| {
        store.merge_people(&Scope::All, decide(id, kept, other), &log(), 20).await.unwrap()
    };
    let undo = async |id: u128| {
        store
            .undo_decision(&Scope::All, (DecisionId(Uuid::from_u128(id)), ANOTHER), &log(), 30)
            .await
            .unwrap()
    };
    assert_eq!(merge(1, 1, 2).await, DecisionOutcome::Done);
    assert_eq!(merge(2, 3, 1).await, DecisionOutcome::Done);
    assert_eq!(merge(3, 3, 4).await, DecisionOutcome::Done);
    assert_eq!(listed(store).await, [person_id(3)]);
    for (kept, other) in [(3, 2), (2, 3), (1, 4)] {
        assert_eq!(merge(9, kept, other).await, DecisionOutcome::Already, "only standing records are merged");
    }
    assert_eq!(undo(1).await, DecisionOutcome::Done);
    assert_eq!(listed(store).await, [person_id(2), person_id(3)], "the first merge alone is gone");
    assert_eq!(undo(2).await, DecisionOutcome::Done);
    assert_eq!(listed(store).await, [person_id(1), person_id(2), person_id(3)]);
    assert_eq!(merge(4, 1, 3).await, DecisionOutcome::Done);
    assert_eq!(listed(store).await, [person_id(1), person_id(2)], "with whom it stands for");
    assert_eq!(undo(3).await, DecisionOutcome::Done);
    assert_eq!(listed(store).await, [person_id(1), person_id(2), person_id(4)]);
    assert_eq!(undo(4).await, DecisionOutcome::Done);
    assert_eq!(listed(store).await, [1, 2, 3, 4].map(person_id));
    assert_eq!(pairs(store, &Scope::All).await.len(), 6, "and every pair is open again");
}

async fn people_kept_apart_stay_apart_until_taken_back(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    for number in 1..=2 {
        add(store, &born(number, "Lê An", Some(1968), HERE)).await;
    }
    let apart = async |id| store.keep_people_apart(&Scope::All, decide(id, 1, 2), &log(), 20).await.unwrap();
    assert_eq!(apart(1).await, DecisionOutcome::Done);
    assert_eq!(apart(2).await, DecisionOutcome::Already);
    assert_eq!(pairs(store, &Scope::All).await, []);
    let stored = store.person(&Scope::All, person_id(1)).await.unwrap().unwrap();
    let details = Details { phone: Some("0912345678".parse().unwrap()), ..stored.details.clone() };
    let events = [0x63, 0x64].map(|id| EventId(Uuid::from_u128(id)));
    store
        .correct_person(&Scope::All, (stored.id, stored.version), &details, events, (&an_entry(), 21))
        .await
        .unwrap();
    assert_eq!(pairs(store, &Scope::All).await, [], "a correction asks nobody again");
    assert_eq!(listed(store).await.len(), 2);
    let undone = store.undo_decision(&Scope::All, (decide(1, 1, 2).id, ANOTHER), &log(), 22).await.unwrap();
    assert_eq!(undone, DecisionOutcome::Done);
    assert_eq!(pairs(store, &Scope::All).await.len(), 1);
}

async fn decisions_ask_for_both_records(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    add(store, &born(1, "Lê An", Some(1968), HERE)).await;
    add(store, &born(2, "Lê An", Some(1968), NEXT)).await;
    for (scope, kept, other) in [
        (scope(HERE), 1, 2),
        (scope(NEXT), 1, 2),
        (Scope::All, 1, 1),
        (Scope::All, 1, 9),
        (Scope::places([]), 1, 2),
    ] {
        let merged = store.merge_people(&scope, decide(1, kept, other), &log(), 20).await.unwrap();
        let apart = store.keep_people_apart(&scope, decide(2, kept, other), &log(), 20).await.unwrap();
        assert_eq!([merged, apart], [DecisionOutcome::NotFound; 2], "{scope:?} {kept} {other}");
    }
    let both = scope("vn/44@20250701/");
    assert_eq!(store.merge_people(&both, decide(1, 1, 2), &log(), 20).await.unwrap(), DecisionOutcome::Done);
    let undo = async |scope: &Scope, id: u128| {
        store.undo_decision(scope, (DecisionId(Uuid::from_u128(id)), ANOTHER), &log(), 30).await.unwrap()
    };
    assert_eq!(undo(&scope(HERE), 1).await, DecisionOutcome::NotFound);
    assert_eq!(undo(&both, 5).await, DecisionOutcome::NotFound);
    assert_eq!(store.decisions_about(&scope(FAR), person_id(1)).await.unwrap(), []);
    assert_eq!(undo(&both, 1).await, DecisionOutcome::Done);
    assert_eq!(at(HERE).as_str(), "18859@20250701");
}

async fn two_who_decide_at_once(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    for number in 1..=2 {
        add(store, &born(number, "Lê An", Some(1968), HERE)).await;
    }
    let mut tasks = tokio::task::JoinSet::new();
    for (id, kept, other) in [(1, 1, 2), (2, 2, 1), (3, 1, 2), (4, 2, 1)] {
        let store = store.clone();
        tasks.spawn(async move {
            store.merge_people(&Scope::All, decide(id, kept, other), &log(), 20).await.unwrap()
        });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(
        outcomes.iter().filter(|outcome| **outcome == DecisionOutcome::Done).count(),
        1,
        "{outcomes:?}"
    );
    assert_eq!(listed(store).await.len(), 1);
}
