//! What was set aside, as a person settles it.

use domain::aside::Settlement;
use domain::ids::StaffId;
use domain::scope::{PlacePath, Scope};

use super::*;
use crate::store::people_for_tests::{HERE, NEXT, a_person, a_small_country, add, an_account, person_id};

on_both_databases!(
    something_is_settled_once_and_only_in_scope,
    a_taken_id_settles_nothing,
    what_is_settled_is_written_down_in_the_same_transaction,
);

fn within(path: &str) -> Scope {
    Scope::places([PlacePath(path.into())])
}

async fn a_colleague(store: &Store) -> StaffId {
    let id = StaffId(Uuid::from_u128(0x51));
    an_account(store, id).await;
    id
}

fn entry(id: u128, actor: Option<StaffId>) -> NewAudit {
    NewAudit {
        id: Uuid::from_u128(id),
        at_ms: 7,
        actor,
        action: "aside-judged",
        person: None,
        staff: None,
        place: None,
        detail: String::new(),
    }
}

/// One thing set aside about a person of the commune [`HERE`], and the fact that it could become.
async fn one_aside(store: &Store) -> (StaffId, Uuid, NewEvent) {
    a_small_country(store).await;
    enrol(store, 1, 1).await;
    add(store, &a_person(1, "Hồ Thị Lan", Some(HERE))).await;
    let mut new = fact(7, 1, 1);
    new.event.learner = person_id(1);
    let aside = NewAside { learner: Some(person_id(1)), ..super::aside(3, Some(7), &new.json) };
    store.append(device(1), &Append { events: vec![], aside: vec![aside] }, 9).await.unwrap();
    (a_colleague(store).await, Uuid::from_u128(3), new)
}

async fn something_is_settled_once_and_only_in_scope(db: TestDatabase) {
    let store = &db.store;
    let (by, id, new) = one_aside(store).await;
    let settling =
        Settling { id, how: Settlement::Bound, by, bound_to: Some(person_id(1)), event: Some(&new) };
    let settle = async |scope: &Scope, number| {
        store.settle_aside(scope, &settling, &entry(number, Some(by))).await.unwrap()
    };
    assert!(store.set_aside(&within(NEXT), id).await.unwrap().is_none());
    assert!(store.set_asides(&within(NEXT), false, None, 9).await.unwrap().is_empty());
    assert_eq!(settle(&within(NEXT), 1).await, SettleOutcome::NotOpen);
    assert_eq!(store.set_asides(&within(HERE), false, None, 9).await.unwrap().len(), 1);
    assert_eq!(settle(&within(HERE), 1).await, SettleOutcome::Settled);
    assert_eq!(settle(&within(HERE), 2).await, SettleOutcome::NotOpen);
    let found = store.set_aside(&within(HERE), id).await.unwrap().unwrap();
    let done = found.settled.unwrap();
    assert_eq!((done.how, done.at_ms, done.by.as_str()), (Settlement::Bound, 7, "su 81"));
    let bound = store.facts_of(person_id(1)).await.unwrap();
    assert_eq!(bound.iter().filter(|fact| fact.event.id == new.event.id).count(), 1);
    let hash = format!("hash of {}", new.json);
    let seen = store.look_up(device(1), &[], &[hash]).await.unwrap();
    assert!(seen.aside[0].is_fact);
    assert!(!store.reopen_aside(&Scope::All, id, &entry(4, Some(by))).await.unwrap(), "a fact stays one");
}

async fn a_taken_id_settles_nothing(db: TestDatabase) {
    let store = &db.store;
    let (by, id, new) = one_aside(store).await;
    store.append(device(1), &Append { events: vec![fact(7, 1, 1)], aside: vec![] }, 9).await.unwrap();
    let other = NewEvent { json: "another".into(), ..new };
    let settling = Settling { id, how: Settlement::Stored, by, bound_to: None, event: Some(&other) };
    let outcome = store.settle_aside(&Scope::All, &settling, &entry(1, Some(by))).await.unwrap();
    assert_eq!(outcome, SettleOutcome::IdConflict);
    assert!(store.set_aside(&Scope::All, id).await.unwrap().unwrap().settled.is_none());
}

async fn what_is_settled_is_written_down_in_the_same_transaction(db: TestDatabase) {
    let store = &db.store;
    let (by, id, _) = one_aside(store).await;
    let close = Settling { id, how: Settlement::Trial, by, bound_to: None, event: None };
    // The id of this entry is taken: the log cannot be written, so nothing is settled.
    let taken = entry(0x53, Some(by));
    store.add_audit(&taken).await.unwrap();
    assert!(store.settle_aside(&Scope::All, &close, &taken).await.is_err());
    assert!(store.set_aside(&Scope::All, id).await.unwrap().unwrap().settled.is_none());
    let outcome = store.settle_aside(&Scope::All, &close, &entry(1, Some(by))).await.unwrap();
    assert_eq!(outcome, SettleOutcome::Settled);
    assert!(!store.reopen_aside(&within(NEXT), id, &entry(2, Some(by))).await.unwrap());
    assert!(store.reopen_aside(&within(HERE), id, &entry(2, Some(by))).await.unwrap());
    assert!(store.set_aside(&Scope::All, id).await.unwrap().unwrap().settled.is_none());
}
