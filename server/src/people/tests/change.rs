//! One person: added, corrected, given a PIN.

use super::*;

on_both_databases!(people_are_added_and_corrected,);

async fn people_are_added_and_corrected(db: TestDatabase) {
    let store = &db.store;
    a_small_country(store).await;
    let desk = Desk::at(HERE);
    let acting = desk.acting(store);
    let details = |name: &str| Details { name: name.into(), place: Some(at(HERE)), ..Details::default() };
    let lan = add(acting, details("  Hồ Thi\u{323} Lan "), Some(acting.staff)).await.unwrap();
    assert_eq!((lan.details.name.as_str(), lan.ambassador), ("Hồ Thị Lan", Some(acting.staff)));
    assert_eq!(refused(add(acting, details(" . "), None).await).code(), "name-missing");
    let unborn = Details { birth_year: Some(2030), ..details("Lê An") };
    assert_eq!(refused(add(acting, unborn, None).await).code(), "birth-impossible");
    let elsewhere = Details { place: Some(at(NEXT)), ..details("Lê An") };
    assert_eq!(refused(add(acting, elsewhere, None).await), PeopleRefusal::NoPlace);
    let needs = vec![SupportNeed::Helper, SupportNeed::LargeText, SupportNeed::Helper];
    let corrected = correct(acting, (lan.id, 1), Details { needs, ..lan.details.clone() }).await.unwrap();
    assert_eq!(corrected.details.needs, [SupportNeed::LargeText, SupportNeed::Helper]);
    let late = correct(acting, (lan.id, 1), details("Hồ Thị Lân")).await;
    assert_eq!(refused(late), PeopleRefusal::ChangedMeanwhile(Box::new(corrected.clone())));
    assert_eq!(one(acting, lan.id).await.unwrap(), corrected);
    assert_eq!(refused(one(acting, person_id(9)).await), PeopleRefusal::NotFound);
    let listed = page(acting, &PeopleQuery::default(), None, 5).await.unwrap();
    assert_eq!(listed.page.people, [corrected]);
    assert_eq!(listed.names[&at(HERE)], "Phường Đồng Thuận");

    let secrets = Secrets::new(Random::seeded(2), 1).unwrap();
    let (_, pin) = give_pin(acting, &secrets, lan.id).await.unwrap();
    let record = store.record_by_code(&lan.code).await.unwrap().unwrap();
    assert!(secrets.is_right(&pin, record.pin_hash.as_deref()).await.unwrap());
    let other = Desk::at(NEXT);
    assert_eq!(
        refused(give_pin(other.acting(store), &secrets, lan.id).await),
        PeopleRefusal::NotFound,
        "out of scope and not there are the same"
    );
    let (an, pin) = enrol(acting, &secrets, details("Lê An"), None).await.unwrap();
    let record = store.record_by_code(&an.code).await.unwrap().unwrap();
    assert!(secrets.is_right(&pin, record.pin_hash.as_deref()).await.unwrap());
    // Everything that was done stands in the log, and nothing of what was refused.
    let deeds = async |id| {
        let entries = store.audit_about(&desk.scope, id, 50).await.unwrap();
        // All within one millisecond.
        BTreeSet::from_iter(entries.into_iter().map(|entry| entry.action))
    };
    let expected = |names: &[&str]| BTreeSet::from_iter(names.iter().map(|name| (*name).to_owned()));
    assert_eq!(deeds(lan.id).await, expected(&["person-added", "person-corrected", "pin-given"]));
    assert_eq!(deeds(an.id).await, expected(&["person-added", "pin-given"]));
    assert_eq!(store.audit_about(&other.scope, lan.id, 50).await.unwrap(), []);
    assert_eq!(PlacePath(HERE.into()), lan.path.unwrap());
}
