//! People, their lists and searches, on both databases.

use domain::person::{Group, SupportNeed};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use domain::event::{Event, EventKind};
use domain::ids::DeviceId;
use domain::profile::Profile;
use domain::sort_key::name_sort_key;
use domain::text::fold;
use uuid::Uuid;

use super::*;
use crate::clock::Random;
use crate::store::event::NewEvent;
use crate::store::person_facts::own_fact;
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::store::{ClassOutcome, NewGrant, NewStaff, PeopleCursor, PeopleQuery, Place, PlaceEdition};

mod lists;

on_both_databases!(
    a_person_is_added_with_a_record_and_a_first_fact,
    a_person_is_seen_and_changed_within_the_scope_only,
    a_correction_is_made_on_what_was_seen,
    a_name_said_on_the_phone_arrives_in_the_list,
    what_a_phone_says_of_a_person_arrives_and_a_desk_has_the_last_word,
    names_of_earlier_records_are_taken_from_their_facts,
    an_ambassador_sees_her_people_only,
    a_pin_and_an_identity_are_kept_within_scope,
);

pub(crate) const HERE: &str = "vn/44@20250701/18859@20250701/";
pub(crate) const NEXT: &str = "vn/44@20250701/18871@20250701/";
pub(crate) const FAR: &str = "vn/46@20250701/19753@20250701/";
pub(crate) const HAMLET: &str = "vn/44@20250701/18859@20250701/h00000000-0000-0000-0000-000000000001/";

/// Two provinces, three communes, a hamlet, and one commune of before that became [`HERE`].
pub(crate) async fn a_small_country(store: &Store) {
    let unit = |path: &str, name: &str| {
        let path = PlacePath(path.into());
        let id: PlaceId = path.ids().next_back().unwrap().parse().unwrap();
        let is_old = id.as_str().ends_with("@0");
        Place {
            code: id.as_str().split_once('@').map(|(code, _)| code.to_owned()),
            level: id.level().unwrap(),
            name: name.into(),
            valid_from: if is_old { 0 } else { 20_250_701 },
            valid_to: is_old.then_some(20_250_630),
            path,
            id,
        }
    };
    let places = vec![
        unit("vn/", "Việt Nam"),
        unit("vn/44@20250701/", "Tỉnh Quảng Trị"),
        unit("vn/46@20250701/", "Thành phố Huế"),
        unit(HERE, "Phường Đồng Thuận"),
        unit(NEXT, "Phường Đồng Sơn"),
        unit("vn/44@20250701/18880@20250701/", "Phường Đồng Hới"),
        unit(FAR, "Phường Phú Xuân"),
        unit(HAMLET, "Tổ dân phố 1"),
        unit("vn/44@0/", "Tỉnh Quảng Bình"),
        unit("vn/44@0/450@0/", "Thành phố Đồng Hới"),
        unit("vn/44@0/450@0/18859@0/", "Phường Bắc Lý"),
        unit("vn/44@0/450@0/18862@0/", "Phường Bị Chia"),
    ];
    let id = |text: &str| text.parse::<PlaceId>().unwrap();
    let successors = vec![
        (id("18859@0"), id("18859@20250701"), true),
        (id("18862@0"), id("18859@20250701"), false),
        (id("18862@0"), id("18871@20250701"), true),
    ];
    let edition = PlaceEdition { hash: "small".into(), places, successors };
    store.import_places(&edition, 1).await.unwrap();
}

pub(crate) fn at(path: &str) -> PlaceId {
    PlacePath(path.into()).ids().next_back().unwrap().parse().unwrap()
}

pub(crate) fn scope(path: &str) -> Scope {
    Scope::places([PlacePath(path.into())])
}

pub(crate) fn person_id(number: u64) -> LearnerId {
    LearnerId(Uuid::from_u128(0x9000 + u128::from(number)))
}

/// An entry for the log by nobody in particular.
pub(crate) fn an_entry() -> NewAudit {
    NewAudit {
        id: Random::System.id(1),
        at_ms: 1,
        actor: None,
        action: "test",
        person: None,
        staff: None,
        place: None,
        detail: String::new(),
    }
}

pub(crate) fn a_person(number: u64, name: &str, place: Option<&str>) -> NewPerson {
    NewPerson {
        id: person_id(number),
        code: LearnerCode::from_random(number * 7919),
        events: [0x5000_0000, 0x5800_0000].map(|first| EventId(Uuid::from_u128(first + u128::from(number)))),
        details: Details { name: name.into(), place: place.map(at), ..Details::default() },
        ambassador: None,
    }
}

pub(crate) async fn add(store: &Store, new: &NewPerson) -> Person {
    match store.add_person(&Scope::All, new, &an_entry(), 10).await.unwrap() {
        AddOutcome::Added(person) => *person,
        other => panic!("{other:?}"),
    }
}

/// Adds an account of a system administrator, unless it is there.
pub(crate) async fn an_account(store: &Store, id: StaffId) {
    if store.account(id).await.unwrap().is_some() {
        return;
    }
    let name = format!("su {}", id.0.as_u128());
    let new = NewStaff {
        id,
        name: name.clone(),
        login_key: name.clone(),
        whole_name: name.clone(),
        folded: name,
        phone: None,
        password_hash: "no password".into(),
        given: false,
    };
    let role = NewGrant {
        id: Uuid::from_u128(id.0.as_u128() + 0x1_0000),
        staff: id,
        role: domain::role::Role::SystemAdmin,
        place: None,
        part: None,
        place_name: String::new(),
        by: None,
        from_ms: 0,
        until_ms: None,
    };
    assert!(store.add_staff(&new, &role, &an_entry(), 0).await.unwrap());
}

/// Opens a class, by somebody whom it adds if she is not there yet.
pub(crate) async fn a_class(store: &Store, number: u128, place: &str) -> ClassId {
    let by = staff(1);
    an_account(store, by).await;
    let id = ClassId(Uuid::from_u128(0xc000 + number));
    let name = format!("Lớp {number}");
    let opened = store.open_class(&Scope::All, (id, &name), (&at(place), by), &an_entry()).await.unwrap();
    assert!(matches!(opened, ClassOutcome::Done(_)), "{opened:?}");
    id
}

fn staff(number: u128) -> StaffId {
    StaffId(Uuid::from_u128(0x7000 + number))
}

fn event(number: u128) -> EventId {
    EventId(Uuid::from_u128(0x6000_0000 + number))
}

fn events(number: u128) -> [EventId; 2] {
    [event(number), event(number + 0x800_0000)]
}

fn names(people: &[Person]) -> Vec<&str> {
    people.iter().map(|person| person.details.name.as_str()).collect()
}

async fn find_typed(store: &Store, scope: &Scope, typed: &str) -> Vec<Person> {
    let query = PeopleQuery { typed: typed.into(), ..PeopleQuery::default() };
    store.people(scope, &query, None, 50).await.unwrap().people
}

async fn a_person_is_added_with_a_record_and_a_first_fact(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let details = Details {
        name: "Hồ Thị Lan".into(),
        birth_year: Some(1968),
        place: Some(at(HAMLET)),
        group: Some(Group::Resident),
        phone: Some("0912345678".parse().unwrap()),
        needs: vec![SupportNeed::LargeText, SupportNeed::Helper],
        classes: vec![],
    };
    let new = NewPerson { details: details.clone(), ambassador: Some(staff(1)), ..a_person(1, "", None) };
    let added = add(store, &new).await;
    assert_eq!((added.id, &added.code, &added.details), (new.id, &new.code, &details));
    assert_eq!(added.path, Some(PlacePath(HAMLET.into())));
    assert_eq!((added.version, added.created_ms, added.merged_into), (1, 10, None));
    assert_eq!(store.person(&Scope::All, new.id).await.unwrap(), Some(added));
    let record = store.record_by_code(&new.code).await.unwrap().unwrap();
    assert_eq!((record.learner, record.pin_hash), (new.id, None), "nobody can open it before a PIN is set");
    let facts = store.facts_of(new.id).await.unwrap();
    let profile = Profile::from_events(facts.iter().map(|fact| &fact.event));
    assert_eq!((profile.name(), profile.code()), (Some("Hồ Thị Lan"), Some(&new.code)));

    let again = NewPerson { id: person_id(2), ..new.clone() };
    assert_eq!(store.add_person(&Scope::All, &again, &an_entry(), 11).await.unwrap(), AddOutcome::CodeTaken);
    let no_place = |path: &str| NewPerson {
        details: Details { place: Some(at(path)), ..details.clone() },
        ..a_person(3, "", None)
    };
    for nowhere in ["vn/44@20250701/", "vn/", "vn/44@20250701/99999@20250701/"] {
        let outcome = store.add_person(&Scope::All, &no_place(nowhere), &an_entry(), 12).await.unwrap();
        assert_eq!(outcome, AddOutcome::NoPlace, "nobody lives in {nowhere}");
    }
    assert_eq!(store.person(&Scope::All, person_id(3)).await.unwrap(), None);
}

async fn a_person_is_seen_and_changed_within_the_scope_only(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let lan = add(store, &a_person(1, "Hồ Thị Lan", Some(HERE))).await;
    for (scope, sees) in [
        (Scope::All, true),
        (scope(HERE), true),
        (scope("vn/44@20250701/"), true),
        (scope("vn/"), true),
        (scope(NEXT), false),
        (scope(HAMLET), false),
        (scope("vn/4/"), false),
        (Scope::places([]), false),
        (Scope::ambassador(staff(1), [PlacePath(HERE.into())]), false),
    ] {
        assert_eq!(store.person(&scope, lan.id).await.unwrap().is_some(), sees, "{scope:?}");
        assert_eq!(find_typed(store, &scope, "").await.len(), usize::from(sees), "{scope:?}");
        assert_eq!(find_typed(store, &scope, "lan").await.len(), usize::from(sees), "{scope:?}");
        assert_eq!(find_typed(store, &scope, lan.code.as_str()).await.len(), usize::from(sees), "{scope:?}");
        let corrected = Details { name: "Hồ Thị Lân".into(), ..lan.details.clone() };
        if !sees {
            let outcome = store
                .correct_person(&scope, (lan.id, 1), &corrected, events(1), (&an_entry(), 20))
                .await
                .unwrap();
            assert_eq!(outcome, CorrectOutcome::NotFound);
            assert!(!store.reset_pin(&scope, lan.id, "hash", &an_entry()).await.unwrap());
            assert!(!store.entrust_person(&scope, lan.id, Some(staff(2)), 20).await.unwrap());
        }
    }
    // Nobody moves a person out of her own places, or adds one elsewhere.
    let moved = Details { place: Some(at(NEXT)), ..lan.details.clone() };
    let outcome =
        store.correct_person(&scope(HERE), (lan.id, 1), &moved, events(1), (&an_entry(), 20)).await.unwrap();
    assert_eq!(outcome, CorrectOutcome::NoPlace);
    for place in [Some(NEXT), None] {
        let outcome =
            store.add_person(&scope(HERE), &a_person(2, "Lê An", place), &an_entry(), 20).await.unwrap();
        assert_eq!(outcome, AddOutcome::NoPlace, "{place:?}");
    }
    assert_eq!(store.person(&Scope::All, lan.id).await.unwrap(), Some(lan));
}

async fn a_correction_is_made_on_what_was_seen(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let lan = add(store, &a_person(1, "Hồ Thị Lan", Some(HERE))).await;
    let correct = async |version, details: &Details, id| {
        store
            .correct_person(&Scope::All, (lan.id, version), details, events(id), (&an_entry(), 20))
            .await
            .unwrap()
    };
    let new = Details {
        name: "Hồ Thị Lân".into(),
        birth_year: Some(1970),
        place: Some(at(NEXT)),
        ..lan.details.clone()
    };
    let CorrectOutcome::Corrected(corrected) = correct(1, &new, 1).await else { panic!("refused") };
    assert_eq!((&corrected.details, corrected.version, corrected.changed_ms), (&new, 2, 20));
    assert_eq!(corrected.path, Some(PlacePath(NEXT.into())));
    assert_eq!(correct(1, &new, 2).await, CorrectOutcome::Corrected(corrected.clone()), "the same again");
    let late = Details { birth_year: Some(1971), ..lan.details.clone() };
    assert_eq!(correct(1, &late, 3).await, CorrectOutcome::ChangedMeanwhile(corrected));
    assert_eq!(names(&find_typed(store, &Scope::All, "lân").await), ["Hồ Thị Lân"]);
    let facts = store.facts_of(lan.id).await.unwrap();
    assert_eq!(facts.len(), 4, "code and name, everything else, and both again");
    assert_eq!(Profile::from_events(facts.iter().map(|fact| &fact.event)).name(), Some("Hồ Thị Lân"));
    assert_eq!(
        correct(9, &Details::default(), 4).await,
        CorrectOutcome::ChangedMeanwhile(Box::new(store.person(&Scope::All, lan.id).await.unwrap().unwrap()))
    );
    let missing = store
        .correct_person(&Scope::All, (person_id(9), 1), &new, events(5), (&an_entry(), 20))
        .await
        .unwrap();
    assert_eq!(missing, CorrectOutcome::NotFound);
}

async fn what_a_phone_says_of_a_person_arrives_and_a_desk_has_the_last_word(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let id = person_id(1);
    phone_record(store, id, 1).await;
    let described = |birth_year, place: &str| EventKind::PersonDescribed {
        birth_year: Some(birth_year),
        place: Some(at(place)),
        group: Some(Group::Worker),
        phone: None,
        needs: vec![SupportNeed::Audio],
        classes: vec![],
    };
    let person = async || store.person(&Scope::All, id).await.unwrap().unwrap();
    // A phone whose clock runs years ahead.
    let ahead_ms = 4_000_000_000_000;
    tell(store, vec![said(1, id, ahead_ms, described(1968, HAMLET))]).await;
    let seen = person().await;
    assert_eq!((seen.details.birth_year, seen.details.group), (Some(1968), Some(Group::Worker)));
    assert_eq!(seen.path, Some(PlacePath(HAMLET.into())));
    assert!(store.person(&scope(HERE), id).await.unwrap().is_some(), "and is in scope there");
    let details = Details { birth_year: Some(1970), place: Some(at(NEXT)), ..seen.details.clone() };
    store
        .correct_person(&Scope::All, (id, seen.version), &details, events(2), (&an_entry(), 40))
        .await
        .unwrap();
    tell(store, vec![said(3, id, ahead_ms - 1, described(1969, HERE))]).await;
    assert_eq!(person().await.details, details, "what was corrected stays corrected");
    // A place that is not known here is kept as a fact and shown as none.
    tell(store, vec![said(4, id, ahead_ms * 2, described(1971, "vn/44@20250701/99999@20250701/"))]).await;
    assert_eq!((person().await.details.place, person().await.path), (None, None));
    assert_eq!(store.facts_of(id).await.unwrap().len(), 4);
    // None of it goes to the learner's phone.
    let cursor = std::collections::BTreeMap::from([(id, 0)]);
    let page = store.changes_since(DeviceId(Uuid::from_u128(0xd001)), &cursor, 50, 100_000).await.unwrap();
    assert_eq!((page.changes, page.cursor[&id], page.more), (vec![], 4, false));
}

fn said(id: u128, learner: LearnerId, at_ms: i64, kind: EventKind) -> NewEvent {
    let device = DeviceId(Uuid::from_u128(0xd001));
    let event = Event { id: event(id), at_ms, device, ..own_fact(event(id), learner, 1, kind, at_ms).event };
    NewEvent { json: event.canonical_json(), event, verdict: None }
}

async fn phone_record(store: &Store, learner: LearnerId, number: u64) {
    let new = crate::store::NewRecord {
        device: DeviceId(Uuid::from_u128(0xd001)),
        token_hash: "token".into(),
        learner,
        code: LearnerCode::from_random(number),
        pin_hash: "hash".into(),
    };
    assert_eq!(store.create_record(&new, 1).await.unwrap(), crate::store::CreateOutcome::Created);
}

async fn tell(store: &Store, facts: Vec<NewEvent>) {
    let append = crate::store::Append { events: facts, aside: vec![] };
    store.append(DeviceId(Uuid::from_u128(0xd001)), &append, 30).await.unwrap();
}

async fn a_name_said_on_the_phone_arrives_in_the_list(db: TestDatabase) {
    let store = &db.store;
    let id = person_id(1);
    phone_record(store, id, 1).await;
    let person = async || store.person(&Scope::All, id).await.unwrap().unwrap();
    assert_eq!((person().await.details, person().await.version), (Details::default(), 1));
    let code = LearnerCode::from_random(1);
    let corrected = EventKind::ProfileCorrected { name: "Hồ Thị Lan Anh".into() };
    let enrolled = EventKind::LearnerEnrolled { code, name: "Hồ Thị Lan".into() };
    // The newest word counts, in whatever order it comes.
    tell(store, vec![said(1, id, 20, corrected)]).await;
    tell(store, vec![said(2, id, 10, enrolled)]).await;
    assert_eq!(person().await.details.name, "Hồ Thị Lan Anh");
    assert_eq!(names(&find_typed(store, &Scope::All, "anh").await), ["Hồ Thị Lan Anh"]);
    assert_eq!(person().await.version, 2, "the late older word changes nothing");
    // A correction at a desk and one on the phone: the later one counts.
    let seen = person().await;
    let details = Details { name: "Hồ Thị Lài".into(), ..seen.details.clone() };
    store
        .correct_person(&Scope::All, (id, seen.version), &details, events(3), (&an_entry(), 40))
        .await
        .unwrap();
    tell(store, vec![said(4, id, 35, EventKind::ProfileCorrected { name: "Hồ Thị Lê".into() })]).await;
    assert_eq!(person().await.details.name, "Hồ Thị Lài");
    tell(store, vec![said(5, id, 45, EventKind::ProfileCorrected { name: "Hồ Thị Lê".into() })]).await;
    assert_eq!(person().await.details.name, "Hồ Thị Lê");
}

async fn names_of_earlier_records_are_taken_from_their_facts(db: TestDatabase) {
    let store = &db.store;
    for number in 1..=2 {
        phone_record(store, person_id(number), number).await;
    }
    let code = LearnerCode::from_random(1);
    let enrolled = EventKind::LearnerEnrolled { code, name: "Hồ Thị Lan".into() };
    tell(store, vec![said(1, person_id(1), 20, enrolled)]).await;
    // As a migrated database has it.
    for text in [
        "UPDATE people SET version = 0, name = '', fold = '', alike = '', sort_key = ''",
        "DELETE FROM person_words",
    ] {
        sqlx::query(text).execute(&store.writer).await.unwrap();
    }
    assert_eq!(store.name_earlier_people(50).await.unwrap(), 2);
    assert_eq!(store.name_earlier_people(51).await.unwrap(), 0);
    assert_eq!(names(&find_typed(store, &Scope::All, "lan").await), ["Hồ Thị Lan"]);
    assert_eq!(find_typed(store, &Scope::All, "").await.len(), 2);
}

async fn an_ambassador_sees_her_people_only(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let of = |number, ambassador, place| NewPerson { ambassador, ..a_person(number, "Lê An", place) };
    add(store, &of(1, Some(staff(1)), Some(HERE))).await;
    add(store, &of(2, Some(staff(2)), Some(HERE))).await;
    add(store, &of(3, None, Some(HERE))).await;
    add(store, &of(4, Some(staff(1)), Some(NEXT))).await;
    add(store, &of(5, Some(staff(1)), None)).await;
    let hers = Scope::ambassador(staff(1), [PlacePath(HERE.into())]);
    let ids = async |scope: &Scope| -> Vec<LearnerId> {
        find_typed(store, scope, "an").await.iter().map(|person| person.id).collect()
    };
    assert_eq!(ids(&hers).await, [person_id(1), person_id(5)], "hers, here or nowhere yet");
    let no_places = Scope::ambassador(staff(1), []);
    assert_eq!(ids(&no_places).await, []);
    assert!(store.entrust_person(&scope(HERE), person_id(3), Some(staff(1)), 20).await.unwrap());
    assert_eq!(ids(&hers).await, [person_id(1), person_id(3), person_id(5)]);
    assert!(store.entrust_person(&Scope::All, person_id(3), None, 21).await.unwrap());
    assert_eq!(ids(&hers).await, [person_id(1), person_id(5)]);
    let narrowed = PeopleQuery { place: Some(PlacePath(HERE.into())), ..PeopleQuery::default() };
    assert_eq!(store.people(&hers, &narrowed, None, 5).await.unwrap().people.len(), 1);
}

async fn a_pin_and_an_identity_are_kept_within_scope(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let lan = add(store, &a_person(1, "Hồ Thị Lan", Some(HERE))).await;
    assert!(store.reset_pin(&scope(HERE), lan.id, "hash", &an_entry()).await.unwrap());
    assert_eq!(store.record_by_code(&lan.code).await.unwrap().unwrap().pin_hash, Some("hash".into()));
    let keep = async |place, id, identity| {
        store.keep_identity(&scope(place), id, identity, (&an_entry(), 20)).await.unwrap()
    };
    assert!(!keep(NEXT, lan.id, Some(("h", "789"))).await);
    assert!(keep(HERE, lan.id, Some(("h", "789"))).await);
    let end = async || store.person(&Scope::All, lan.id).await.unwrap().unwrap().identity_end;
    assert_eq!(end().await.as_deref(), Some("789"));
    let twice = add(store, &a_person(2, "Hồ Thị Lan", Some(NEXT))).await;
    assert!(keep(NEXT, twice.id, Some(("h", "789"))).await);
    let others = async |place, id| store.others_with_identity(&scope(place), "h", id).await.unwrap().len();
    assert_eq!((others("vn/", lan.id).await, others(HERE, lan.id).await), (1, 0), "in scope only");
    assert!(keep(HERE, lan.id, None).await);
    assert_eq!(others("vn/", twice.id).await, 0);
    assert_eq!(end().await, None);
}
