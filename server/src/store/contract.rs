//! What the store promises, on both databases.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::code::LearnerCode;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{CertificateId, DeviceId, EventId, LearnerId};
use domain::sync::{ChangeKind, Code};
use uuid::Uuid;

use super::test_database::{TestDatabase, on_both_databases};
use super::*;

mod aside;
mod classes;
mod publication;
mod staff;

on_both_databases!(
    a_phone_is_known_by_its_first_token,
    a_record_is_made_once,
    a_refused_record_leaves_no_phone_behind,
    a_record_is_opened_by_code_and_link,
    tries_are_counted_in_a_window_and_forgotten,
    tries_at_the_same_time_are_all_counted,
    facts_are_appended_once_and_read_back,
    ids_stored_meanwhile_are_named,
    what_is_set_aside_is_kept_once_for_each_phone,
    changes_come_in_order_and_in_pages,
    a_page_is_also_cut_by_bytes,
    a_cursor_ahead_of_the_server_begins_again,
    a_cursor_never_skips_what_is_being_stored,
    many_phones_of_one_learner_store_at_once,
    crossing_batches_of_two_learners_both_succeed,
    an_absent_database_is_an_error_not_an_empty_one,
    a_database_of_a_newer_server_is_not_opened,
    what_was_in_the_way_is_tried_again,
);

fn device(number: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(0xd000 + number))
}

fn learner(number: u128) -> LearnerId {
    LearnerId(Uuid::from_u128(0xa000 + number))
}

fn code(number: u128) -> LearnerCode {
    LearnerCode::from_random(u64::try_from(number).unwrap())
}

fn record(device_number: u128, learner_number: u128) -> NewRecord {
    NewRecord {
        device: device(device_number),
        token_hash: format!("token{device_number}"),
        learner: learner(learner_number),
        code: code(learner_number),
        pin_hash: "hash".into(),
    }
}

async fn enrol(store: &Store, device_number: u128, learner_number: u128) {
    let outcome = store.create_record(&record(device_number, learner_number), 1).await.unwrap();
    assert_eq!(outcome, CreateOutcome::Created);
}

fn fact(id: u128, device_number: u128, learner_number: u128) -> NewEvent {
    let event = Event {
        id: EventId(Uuid::from_u128(id)),
        v: EVENT_VERSION,
        learner: learner(learner_number),
        device: device(device_number),
        seq: 1,
        at_ms: i64::MIN,
        mono_ms: 0,
        actor: None,
        content: Some("00ff".parse().unwrap()),
        kind: EventKind::LessonFinished { lesson: "6.1".parse().unwrap() },
    };
    NewEvent { json: event.canonical_json(), event, verdict: None }
}

fn facts(events: impl IntoIterator<Item = NewEvent>) -> Append {
    Append { events: events.into_iter().collect(), aside: vec![] }
}

/// Reads a learner's changes on a phone until there are no more; returns the events' ids and the last cursor.
async fn read_on(store: &Store, device_number: u128, learner_number: u128, from: u64) -> (Vec<u128>, u64) {
    let (mut ids, mut at) = (vec![], from);
    loop {
        let cursor = BTreeMap::from([(learner(learner_number), at)]);
        let page = store.changes_since(device(device_number), &cursor, 3, 100_000).await.unwrap();
        for change in page.changes {
            match change.what {
                ChangeKind::Event { event, .. } => ids.push(event.id.0.as_u128()),
                ChangeKind::Certificate(issued) => ids.push(issued.id.0.as_u128()),
            }
        }
        at = page.cursor[&learner(learner_number)];
        if !page.more {
            return (ids, at);
        }
    }
}

async fn a_phone_is_known_by_its_first_token(db: TestDatabase) {
    let store = &db.store;
    assert_eq!(store.check_device(device(1), "token1", 5).await.unwrap(), DeviceCheck::Unknown);
    enrol(store, 1, 1).await;
    assert_eq!(store.check_device(device(1), "token1", 5).await.unwrap(), DeviceCheck::Proven);
    assert_eq!(store.check_device(device(1), "token2", 5).await.unwrap(), DeviceCheck::OtherToken);
    let hours_later = 10 * 3_600_000;
    assert_eq!(store.check_device(device(1), "token1", hours_later).await.unwrap(), DeviceCheck::Proven);
    let seen: i64 = sqlx::query_scalar("SELECT last_seen_ms FROM devices WHERE id = $1")
        .bind(device(1).to_string())
        .fetch_one(&store.reader)
        .await
        .unwrap();
    assert_eq!(seen, hours_later);
}

async fn a_record_is_made_once(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    let create = async |new: NewRecord| store.create_record(&new, 2).await.unwrap();
    let same = CreateOutcome::AlreadyYours { pin_hash: "hash".into() };
    assert_eq!(create(record(1, 1)).await, same);
    assert_eq!(create(NewRecord { pin_hash: "other".into(), ..record(1, 1) }).await, same);
    assert_eq!(create(NewRecord { code: code(1), ..record(1, 2) }).await, CreateOutcome::CodeTaken);
    assert_eq!(create(NewRecord { code: code(9), ..record(1, 1) }).await, CreateOutcome::NotYours);
    assert_eq!(create(record(2, 1)).await, CreateOutcome::NotYours);
    let stolen = NewRecord { token_hash: "stolen".into(), ..record(1, 3) };
    assert_eq!(create(stolen).await, CreateOutcome::DeviceUnknown);
    assert_eq!(create(record(1, 2)).await, CreateOutcome::Created, "one phone, several learners");
}

async fn a_refused_record_leaves_no_phone_behind(db: TestDatabase) {
    enrol(&db.store, 1, 1).await;
    assert_eq!(db.store.create_record(&record(2, 1), 2).await.unwrap(), CreateOutcome::NotYours);
    assert_eq!(db.store.check_device(device(2), "token2", 3).await.unwrap(), DeviceCheck::Unknown);
}

async fn a_record_is_opened_by_code_and_link(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    assert_eq!(store.record_by_code(&code(2)).await.unwrap(), None);
    let found = store.record_by_code(&code(1)).await.unwrap().unwrap();
    assert_eq!(found, OpenableRecord { learner: learner(1), pin_hash: Some("hash".into()) });
    assert!(!store.is_linked(device(2), learner(1)).await.unwrap());
    for _ in 0..2 {
        assert!(store.link_device(device(2), "token2", learner(1), 4).await.unwrap());
    }
    assert!(store.is_linked(device(2), learner(1)).await.unwrap());
    assert!(!store.link_device(device(2), "stolen", learner(1), 4).await.unwrap());
}

async fn tries_are_counted_in_a_window_and_forgotten(db: TestDatabase) {
    let count = async |number, now| db.store.count_try(&code(number), now, 100).await.unwrap();
    assert_eq!(count(1, 10).await, Tries { tries: 1, since_ms: 10 });
    assert_eq!(count(1, 109).await, Tries { tries: 2, since_ms: 10 });
    assert_eq!(count(2, 109).await, Tries { tries: 1, since_ms: 109 }, "another code has its own count");
    assert_eq!(count(1, 110).await, Tries { tries: 1, since_ms: 110 }, "the window is over");
    db.store.forget_tries(&code(1)).await.unwrap();
    assert_eq!(count(1, 111).await, Tries { tries: 1, since_ms: 111 });
}

async fn tries_at_the_same_time_are_all_counted(db: TestDatabase) {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let store = db.store.clone();
        tasks.spawn(async move { store.count_try(&code(1), 10, 100).await.unwrap().tries });
    }
    let mut tries = tasks.join_all().await;
    tries.sort();
    assert_eq!(tries, (1..=12).collect::<Vec<_>>());
}

async fn facts_are_appended_once_and_read_back(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    enrol(store, 1, 2).await;
    let right = NewEvent { verdict: Some(true), ..fact(2, 1, 2) };
    let wrong = NewEvent { verdict: Some(false), ..fact(3, 1, 1) };
    let batch = facts([fact(1, 1, 1), right.clone(), wrong]);
    for _ in 0..2 {
        store.append(device(1), &batch, 7).await.unwrap();
    }
    let stored = store.facts_of(learner(1)).await.unwrap();
    let read: Vec<_> = stored.iter().map(|fact| (fact.event.id.0.as_u128(), fact.verdict)).collect();
    assert_eq!(read, [(1, None), (3, Some(false))]);
    let other = store.facts_of(learner(2)).await.unwrap();
    assert_eq!(other, [StoredFact { event: right.event, verdict: Some(true) }]);
    assert_eq!(store.facts_of(learner(3)).await.unwrap(), []);
}

async fn ids_stored_meanwhile_are_named(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    enrol(store, 2, 2).await;
    store.append(device(1), &facts([fact(1, 1, 1)]), 7).await.unwrap();
    let appended = store.append(device(2), &facts([fact(1, 2, 2), fact(2, 2, 2)]), 8).await.unwrap();
    assert_eq!(appended.already, BTreeMap::from([(EventId(Uuid::from_u128(1)), fact(1, 1, 1).json)]));
    assert_eq!(read_on(store, 1, 1, 0).await.0, [1]);
    assert_eq!(read_on(store, 2, 2, 0).await.0, [2]);
    let seen = store.look_up(device(2), &[EventId(Uuid::from_u128(1))], &[]).await.unwrap();
    assert_eq!(seen.events, appended.already);
    assert_eq!(seen.learners.into_iter().collect::<Vec<_>>(), [learner(2)]);
}

fn aside(id: u128, event: Option<u128>, body: &str) -> NewAside {
    NewAside {
        id: Uuid::from_u128(id),
        event: event.map(|id| EventId(Uuid::from_u128(id))),
        learner: None,
        code: Code::UnknownKind,
        body: body.into(),
        body_hash: format!("hash of {body}"),
    }
}

async fn what_is_set_aside_is_kept_once_for_each_phone(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    enrol(store, 2, 2).await;
    let set = async |number, new: Vec<NewAside>| {
        store.append(device(number), &Append { events: vec![], aside: new }, 9).await.unwrap();
    };
    set(1, vec![aside(1, Some(7), "x"), aside(2, None, "y")]).await;
    set(1, vec![aside(3, Some(7), "x")]).await;
    set(2, vec![aside(4, Some(7), "x")]).await;
    let rows: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM quarantine").fetch_one(&store.reader).await.unwrap();
    assert_eq!(rows, 3);
    let id = EventId(Uuid::from_u128(7));
    let x = Aside { event: Some(id), code: Code::UnknownKind, body_hash: "hash of x".into(), is_fact: false };
    let y = Aside { event: None, code: Code::UnknownKind, body_hash: "hash of y".into(), is_fact: false };
    let look = async |number, ids: &[EventId], hashes: &[&str]| {
        let hashes: Vec<String> = hashes.iter().map(|hash| (*hash).to_owned()).collect();
        store.look_up(device(number), ids, &hashes).await.unwrap().aside
    };
    assert_eq!(look(1, &[id], &[]).await, [x]);
    assert_eq!(look(1, &[], &["hash of y", "hash of z"]).await, [y]);
    assert_eq!(look(2, &[], &["hash of y"]).await, []);
}

async fn changes_come_in_order_and_in_pages(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    enrol(store, 1, 2).await;
    enrol(store, 2, 3).await;
    store.append(device(1), &facts((1..=5).map(|id| fact(id, 1, 1))), 7).await.unwrap();
    store.append(device(1), &facts((11..=12).map(|id| fact(id, 1, 2))), 7).await.unwrap();
    assert_eq!(read_on(store, 1, 1, 0).await, (vec![1, 2, 3, 4, 5], 5));
    assert_eq!(read_on(store, 1, 1, 4).await, (vec![5], 5));
    assert_eq!(read_on(store, 1, 1, 5).await, (vec![], 5));

    let all = BTreeMap::from([(learner(1), 0), (learner(2), 0), (learner(3), 0)]);
    let page = store.changes_since(device(1), &all, 6, 100_000).await.unwrap();
    assert_eq!(page.changes.len(), 6);
    assert!(page.more);
    assert_eq!(
        page.cursor,
        BTreeMap::from([(learner(1), 5), (learner(2), 1)]),
        "learner 3 is not on this phone"
    );
    let rest = store.changes_since(device(1), &page.cursor, 6, 100_000).await.unwrap();
    assert_eq!((rest.changes.len(), rest.more), (1, false));
    let exactly = store.changes_since(device(1), &all, 7, 100_000).await.unwrap();
    assert_eq!((exactly.changes.len(), exactly.more), (7, false), "a page just full says so");
}

async fn a_page_is_also_cut_by_bytes(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    store.append(device(1), &facts((1..=5).map(|id| fact(id, 1, 1))), 7).await.unwrap();
    let one_bytes = fact(1, 1, 1).json.len() + 110;
    for (bytes, expected) in [(1, 1), (one_bytes * 2, 2), (one_bytes * 3 - 1, 2), (one_bytes * 5, 5)] {
        let cursor = BTreeMap::from([(learner(1), 0)]);
        let page = store.changes_since(device(1), &cursor, 100, bytes).await.unwrap();
        assert_eq!((page.changes.len(), page.more), (expected, expected < 5), "{bytes} bytes");
    }
}

async fn a_cursor_ahead_of_the_server_begins_again(db: TestDatabase) {
    enrol(&db.store, 1, 1).await;
    db.store.append(device(1), &facts([fact(1, 1, 1)]), 7).await.unwrap();
    assert_eq!(read_on(&db.store, 1, 1, 99).await, (vec![1], 1));
    assert_eq!(read_on(&db.store, 1, 1, u64::MAX).await, (vec![1], 1));
}

/// The gap: a batch has taken its number and is still being stored when the next batch comes. The later number must not
/// become visible first. (SQLite's one writer makes the second wait as well, for another reason.)
async fn a_cursor_never_skips_what_is_being_stored(db: TestDatabase) {
    let store = &db.store;
    for number in 1..=3 {
        enrol(store, number, number).await;
    }
    // An unfinished transaction with the first fact's id stops the early batch after it took its number.
    let mut obstacle = store.begin().await.unwrap();
    event::insert_events(&mut obstacle, &[fact(1, 2, 2)], &[1], 7).await.unwrap();
    let append = |id| {
        let store = store.clone();
        tokio::spawn(async move { store.append(device(1), &facts([fact(id, 1, 1)]), 8).await.unwrap() })
    };
    let early = append(1);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let late = append(2);
    if db.is_postgres() {
        // Another learner does not wait: there is no lock for all.
        store.append(device(3), &facts([fact(3, 3, 3)]), 8).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!early.is_finished() && !late.is_finished(), "the later batch waits for the earlier one");
    assert_eq!(read_on(store, 1, 1, 0).await, (vec![], 0), "nothing of either is visible");

    obstacle.rollback().await.unwrap();
    let (mut seen, mut at) = (vec![], 0);
    while !late.is_finished() {
        let (ids, next) = read_on(store, 1, 1, at).await;
        seen.extend(ids);
        at = next;
    }
    early.await.unwrap();
    late.await.unwrap();
    let (ids, at) = read_on(store, 1, 1, at).await;
    seen.extend(ids);
    assert_eq!((seen, at), (vec![1, 2], 2), "a cursor that reads along skips nothing");
}

async fn many_phones_of_one_learner_store_at_once(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 0, 1).await;
    for number in 1..8 {
        store.link_device(device(number), &format!("token{number}"), learner(1), 2).await.unwrap();
    }
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8u128 {
        let store = store.clone();
        tasks.spawn(async move {
            for part in 0..4 {
                let ids = (0..5).map(|at| number * 100 + part * 10 + at + 1);
                store.append(device(number), &facts(ids.map(|id| fact(id, number, 1))), 7).await.unwrap();
            }
        });
    }
    let reader = tokio::spawn({
        let store = store.clone();
        async move {
            let (mut seen, mut at) = (vec![], 0);
            while seen.len() < 160 {
                let (ids, next) = read_on(&store, 0, 1, at).await;
                seen.extend(ids);
                at = next;
            }
            seen
        }
    });
    tasks.join_all().await;
    let mut seen = tokio::time::timeout(Duration::from_secs(20), reader).await.expect("no gap").unwrap();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 160, "a cursor that reads along sees everything once");
}

async fn crossing_batches_of_two_learners_both_succeed(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    enrol(store, 1, 2).await;
    let mut tasks = tokio::task::JoinSet::new();
    for round in 0..20u128 {
        let store = store.clone();
        let (first, second) = if round % 2 == 0 { (1, 2) } else { (2, 1) };
        // The ids cross as well: each pair of rounds stores the same two facts in opposite order.
        let (a, b) = (1000 + round / 2 * 2, 1001 + round / 2 * 2);
        let batch =
            if first < second { [fact(a, 1, 1), fact(b, 1, 2)] } else { [fact(b, 1, 2), fact(a, 1, 1)] };
        tasks.spawn(async move { store.append(device(1), &facts(batch), 7).await.unwrap() });
    }
    tasks.join_all().await;
    for number in [1, 2] {
        assert_eq!(read_on(store, 1, number, 0).await.0.len(), 10);
    }
}

async fn an_absent_database_is_an_error_not_an_empty_one(db: TestDatabase) {
    db.store.close().await;
    assert!(db.store.ping().await.is_err());
    assert!(db.store.record_by_code(&code(1)).await.is_err());
    assert!(db.store.append(device(1), &facts([fact(1, 1, 1)]), 7).await.is_err());
}

async fn a_database_of_a_newer_server_is_not_opened(db: TestDatabase) {
    let last = "UPDATE _sqlx_migrations SET version = 99 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    sqlx::query(last).execute(&db.store.writer).await.unwrap();
    let refused = Store::open(&db.url).await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration(_)), "{refused}");
    assert!(refused.to_string().contains("99"), "{refused}");
}

async fn what_was_in_the_way_is_tried_again(db: TestDatabase) {
    let store = &db.store;
    let second = db.second_server().await;
    let held = second.begin().await.unwrap();
    if !db.is_postgres() {
        sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(&store.writer).await.unwrap();
    }
    // A database error that passes: a serialization failure, or the write lock in another process's hand.
    let in_the_way = async || {
        if db.is_postgres() {
            let raise = "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$";
            sqlx::raw_sql(raise).execute(&store.writer).await?;
        }
        store.begin().await.map(drop)
    };
    let tries = AtomicU32::new(0);
    let at_last = store.retry(async || match tries.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => in_the_way().await,
        _ => Ok(()),
    });
    at_last.await.unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    let never = store.retry(in_the_way).await.unwrap_err();
    assert!(never.is_busy(), "{never}");
    drop(held);
    second.close().await;
}
