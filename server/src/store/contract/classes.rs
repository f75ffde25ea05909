//! Classes: opened, renamed, closed; joined and left by people; and what a role for one class or group reaches.

use domain::ids::{ClassId, StaffId};
use domain::person::{Details, Group};
use domain::role::{Grant, Part, Role};
use domain::scope::{PlacePath, Reach, Scope};
use uuid::Uuid;

use crate::store::people_for_tests::{
    FAR, HAMLET, HERE, NEXT, a_class, a_person, a_small_country, add, an_entry, at, person_id, scope,
};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::store::{
    AddOutcome, ClassOutcome, CorrectOutcome, DecisionOutcome, HamletOutcome, NewDecision, NewGrant,
    PeopleQuery, Person, Store,
};

on_both_databases!(
    a_class_is_opened_renamed_and_closed_within_the_scope,
    people_join_and_leave_within_the_scope,
    who_was_joined_with_somebody_stays_in_the_class,
    a_role_for_a_class_follows_its_name,
);

fn class_id(number: u128) -> ClassId {
    ClassId(Uuid::from_u128(0xc000 + number))
}

fn staff() -> StaffId {
    StaffId(Uuid::from_u128(0x7001))
}

async fn names(store: &Store, scope: &Scope, typed: &str) -> Vec<String> {
    let found = store.classes(scope, typed, 50).await.unwrap();
    found.into_iter().map(|listed| format!("{} {}", listed.class.name, listed.members)).collect()
}

async fn open(store: &Store, scope: &Scope, number: u128, name: &str, place: &str) -> ClassOutcome {
    let entry = an_entry();
    store.open_class(scope, (class_id(number), name), (&at(place), staff()), &entry).await.unwrap()
}

async fn a_class_is_opened_renamed_and_closed_within_the_scope(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    a_class(store, 1, FAR).await;
    let here = scope(HERE);
    let ClassOutcome::Done(class) = open(store, &here, 2, "Lớp 7A", HERE).await else { panic!() };
    assert_eq!((class.path.as_str(), class.closed_ms), (HERE, None));
    assert_eq!(open(store, &here, 3, "7a", HERE).await, ClassOutcome::Exists(class.clone()));
    assert!(matches!(open(store, &here, 3, "Lớp 7A", HAMLET).await, ClassOutcome::Done(_)), "another place");
    for place in [NEXT, "vn/44@20250701/", "vn/44@0/450@0/18859@0/"] {
        assert_eq!(open(store, &here, 4, "Lớp 8", place).await, ClassOutcome::NotFound, "{place}");
    }
    assert_eq!(names(store, &here, "").await, ["Lớp 7A 0", "Lớp 7A 0"]);
    assert_eq!(names(store, &here, "7").await.len(), 2);
    assert_eq!(names(store, &here, "8").await, [""; 0]);
    assert_eq!(names(store, &scope(FAR), "").await, ["Lớp 1 0"]);
    for taught in [vec![], vec![Reach::Group(Group::Student, PlacePath(HERE.into()))]] {
        assert_eq!(names(store, &Scope::Of(taught), "").await, [""; 0]);
    }
    let one = Scope::Of(vec![Reach::Class(class.id, PlacePath(HERE.into()))]);
    assert_eq!(names(store, &one, "").await, ["Lớp 7A 0"]);
    assert!(store.class(&one, class.id).await.unwrap().is_some());
    assert!(store.class(&one, class_id(3)).await.unwrap().is_none());

    let renamed = store.rename_class(&one, class.id, "Lớp 7B", &an_entry()).await.unwrap();
    assert_eq!(renamed, ClassOutcome::NotFound, "who teaches it does not rename it");
    let renamed = store.rename_class(&here, class.id, "Lớp 7B", &an_entry()).await.unwrap();
    assert!(matches!(renamed, ClassOutcome::Done(class) if class.name == "Lớp 7B"));
    let closed = store.close_class(&here, class.id, Some(20), &an_entry()).await.unwrap();
    assert!(matches!(closed, ClassOutcome::Done(class) if class.closed_ms == Some(20)));
    assert_eq!(names(store, &here, "").await, ["Lớp 7A 0", "Lớp 7B 0"], "open ones first");
    assert!(matches!(open(store, &here, 5, "Lớp 7B", HERE).await, ClassOutcome::Done(_)), "the name is free");
    let opened = store.close_class(&here, class.id, None, &an_entry()).await.unwrap();
    assert!(matches!(opened, ClassOutcome::Exists(_)), "and taken by now");
    let removed = store.remove_hamlet(&here, &at(HAMLET), &an_entry()).await.unwrap();
    assert_eq!(removed, HamletOutcome::InUse, "a class is held there");
}

async fn correct(store: &Store, scope: &Scope, person: &Person, classes: Vec<ClassId>) -> CorrectOutcome {
    let details = Details { classes, ..person.details.clone() };
    let events = [(); 2].map(|()| domain::ids::EventId(an_entry().id));
    let entry = an_entry();
    store.correct_person(scope, (person.id, person.version), &details, events, (&entry, 30)).await.unwrap()
}

async fn people_join_and_leave_within_the_scope(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let (class, other) = (a_class(store, 1, HERE).await, a_class(store, 2, NEXT).await);
    let mut new = a_person(1, "Hồ Thị Lan", Some(HERE));
    new.details.classes = vec![other];
    let refused = store.add_person(&scope(HERE), &new, &an_entry(), 10).await.unwrap();
    assert_eq!(refused, AddOutcome::NoClass, "a class next door");
    new.details.classes = vec![class];
    let added = store.add_person(&scope(HERE), &new, &an_entry(), 10).await.unwrap();
    let AddOutcome::Added(lan) = added else { panic!("{added:?}") };
    assert_eq!(lan.details.classes, [class]);
    let beside = add(store, &a_person(2, "Lê Văn Bên", Some(NEXT))).await;
    let taught = Scope::Of(vec![Reach::Class(class, PlacePath(HERE.into()))]);
    let seen = async |scope: &Scope| -> Vec<String> {
        let page = store.people(scope, &PeopleQuery::default(), None, 9).await.unwrap();
        page.people.into_iter().map(|person| person.details.name).collect()
    };
    assert_eq!(seen(&taught).await, ["Hồ Thị Lan"]);
    assert!(store.person(&taught, beside.id).await.unwrap().is_none());
    assert_eq!(store.members_without_pin(&taught, class, 9).await.unwrap(), [(*lan).clone()]);
    let first = |id, hash: &str| [(id, hash.to_owned(), an_entry())];
    assert!(store.give_first_pins(&taught, &first(beside.id, "h")).await.unwrap().is_empty(), "not hers");
    assert_eq!(store.give_first_pins(&taught, &first(lan.id, "h1")).await.unwrap(), [lan.id].into());
    assert!(store.give_first_pins(&taught, &first(lan.id, "h2")).await.unwrap().is_empty(), "a card is out");
    assert_eq!(store.record_by_code(&lan.code).await.unwrap().unwrap().pin_hash, Some("h1".into()));
    // A pupil from next door, put in by somebody in charge of both.
    let province = scope("vn/44@20250701/");
    let CorrectOutcome::Corrected(beside) = correct(store, &province, &beside, vec![class]).await else {
        panic!()
    };
    assert_eq!(seen(&taught).await, ["Lê Văn Bên", "Hồ Thị Lan"], "members, wherever they live");
    let query = PeopleQuery { class: Some(class), ..PeopleQuery::default() };
    assert_eq!(store.people(&scope(HERE), &query, None, 9).await.unwrap().people.len(), 1, "in scope only");
    assert_eq!(correct(store, &taught, &lan, vec![class, other]).await, CorrectOutcome::NoClass);
    // Who teaches a class may correct who is in it, but not where she lives beyond the places that are hers.
    let away = Details { place: Some(at(FAR)), ..beside.details.clone() };
    let (entry, version) = (an_entry(), (beside.id, beside.version));
    let events = || [(); 2].map(|()| domain::ids::EventId(an_entry().id));
    let moved = store.correct_person(&taught, version, &away, events(), (&entry, 31)).await.unwrap();
    assert_eq!(moved, CorrectOutcome::NoPlace);
    let moved = Details { group: Some(Group::Student), ..beside.details.clone() };
    let events = [(); 2].map(|()| domain::ids::EventId(an_entry().id));
    let (entry, version) = (an_entry(), (beside.id, beside.version));
    let moved = store.correct_person(&taught, version, &moved, events, (&entry, 31)).await.unwrap();
    let CorrectOutcome::Corrected(beside) = moved else { panic!("{moved:?}") };
    assert!(matches!(correct(store, &taught, &beside, vec![]).await, CorrectOutcome::Corrected(_)));
    assert_eq!(seen(&taught).await, ["Hồ Thị Lan"]);
    store.close_class(&scope(HERE), class, Some(40), &an_entry()).await.unwrap();
    let beside = store.person(&Scope::All, beside.id).await.unwrap().unwrap();
    assert_eq!(correct(store, &province, &beside, vec![class]).await, CorrectOutcome::NoClass, "closed");
    let lan = store.person(&Scope::All, lan.id).await.unwrap().unwrap();
    assert!(
        matches!(correct(store, &province, &lan, vec![]).await, CorrectOutcome::Corrected(_)),
        "may be left"
    );
    // What is told of a class that nobody knows is as good as nothing.
    let told = store.facts_of(lan.id).await.unwrap();
    assert_eq!(told.len(), 3, "entered, described, taken out");
}

async fn who_was_joined_with_somebody_stays_in_the_class(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let class = a_class(store, 1, HERE).await;
    let mut twice = a_person(1, "Hồ Thị Lan", Some(HERE));
    twice.details.classes = vec![class];
    let (other, kept) = (add(store, &twice).await, add(store, &a_person(2, "Hồ Thị Lan", Some(HERE))).await);
    let new = NewDecision {
        id: domain::ids::DecisionId(an_entry().id),
        kept: kept.id,
        other: other.id,
        by: staff(),
    };
    let entries = [an_entry(), an_entry()];
    let merged = store.merge_people(&Scope::All, new, &entries, 20).await.unwrap();
    assert_eq!(merged, DecisionOutcome::Done);
    let taught = Scope::Of(vec![Reach::Class(class, PlacePath(HERE.into()))]);
    let page = store.people(&taught, &PeopleQuery::default(), None, 9).await.unwrap();
    assert_eq!(page.people.iter().map(|person| person.id).collect::<Vec<_>>(), [kept.id]);
    assert_eq!(names(store, &Scope::All, "").await, ["Lớp 1 1"]);
    let CorrectOutcome::Corrected(_) = correct(store, &Scope::All, &kept, vec![class]).await else {
        panic!()
    };
    assert_eq!(names(store, &Scope::All, "").await, ["Lớp 1 1"], "one person is counted once");
    assert_eq!(kept.id, person_id(2));
}

async fn a_role_for_a_class_follows_its_name(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let class = a_class(store, 1, HERE).await;
    for (number, part) in [Part::Class(class), Part::Group(Group::Student)].into_iter().enumerate() {
        let new = NewGrant {
            id: Uuid::from_u128(0x7100 + number as u128),
            staff: staff(),
            role: if number == 0 { Role::Ambassador } else { Role::PlaceAdmin },
            place: Some(PlacePath(HERE.into())),
            part: Some(part),
            place_name: "Lớp 1".into(),
            by: None,
            from_ms: 10,
            until_ms: None,
        };
        store.add_grant(&new, &an_entry()).await.unwrap();
        let stored = store.grant(new.id).await.unwrap().unwrap();
        assert_eq!(stored.grant, Grant { role: new.role, place: new.place, part: Some(part) });
    }
    store.rename_class(&Scope::All, class, "Lớp 1A", &an_entry()).await.unwrap();
    let name = async |number| store.grant(Uuid::from_u128(number)).await.unwrap().unwrap().place_name;
    assert_eq!((name(0x7100).await, name(0x7101).await), ("Lớp 1A".to_owned(), "Lớp 1".to_owned()));
}
