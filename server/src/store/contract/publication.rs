//! Lessons as they are published, and certificates as they are issued.

use super::*;

on_both_databases!(
    a_certificate_is_issued_once_for_each_name,
    publishing_twice_changes_nothing,
    two_servers_publish_at_once,
    a_published_rule_cannot_be_edited,
    a_second_server_sees_the_same,
);

async fn a_certificate_is_issued_once_for_each_name(db: TestDatabase) {
    let store = &db.store;
    enrol(store, 1, 1).await;
    store.append(device(1), &facts([fact(1, 1, 1)]), 7).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for id in 101..=106 {
        let store = store.clone();
        tasks.spawn(async move { store.issue_certificate(&certificate(id, "Hồ Thị Lan"), 8).await.unwrap() });
    }
    let issued = tasks.join_all().await;
    assert!(issued.iter().all(|one| *one == issued[0]), "{issued:?}");
    let course = "k6".parse().unwrap();
    let found = store.issued_certificate(learner(1), &course, "Hồ Thị Lan").await.unwrap();
    assert_eq!(found.as_ref(), Some(&issued[0]));
    assert_eq!(store.issued_certificate(learner(1), &course, "Hồ Thị Lài").await.unwrap(), None);

    let corrected = store.issue_certificate(&certificate(200, "Hồ Thị Lài"), 9).await.unwrap();
    store.append(device(1), &facts([fact(2, 1, 1)]), 9).await.unwrap();
    let expected = vec![1, issued[0].id.0.as_u128(), corrected.id.0.as_u128(), 2];
    assert_eq!(read_on(store, 1, 1, 0).await, (expected, 4), "numbers of repeated requests are given back");
}

async fn publishing_twice_changes_nothing(db: TestDatabase) {
    let store = &db.store;
    assert!(store.publish(&publication("a", 120), 1).await.unwrap());
    assert!(!store.publish(&publication("a", 120), 2).await.unwrap());
    assert!(store.publish(&publication("a", 121), 3).await.unwrap());
    assert!(store.publish(&publication("a", 120), 4).await.unwrap(), "going back is a publication too");
    assert_eq!(count(store, "SELECT COUNT(*) FROM lesson_versions").await, 121);
    assert_eq!(count(store, "SELECT COUNT(*) FROM publications").await, 3);
    let unknown = ["ffff".parse().unwrap()];
    assert_eq!(store.lesson_versions(&unknown).await.unwrap(), BTreeMap::new());
    let broken = store.lesson_versions(&[format!("{:032x}", 5).parse().unwrap()]).await.unwrap_err();
    let named = format!("table lesson_versions, column body, row {:032x}: unreadable", 5);
    assert_eq!(broken.to_string(), named, "a row that makes no sense is named");
}

async fn two_servers_publish_at_once(db: TestDatabase) {
    let second = db.second_server().await;
    let publication = publication("a", 3);
    let (one, two) = tokio::join!(db.store.publish(&publication, 1), second.publish(&publication, 1));
    assert_eq!(u8::from(one.unwrap()) + u8::from(two.unwrap()), 1, "one of them published");
    assert_eq!(count(&second, "SELECT COUNT(*) FROM publications").await, 1);
    second.close().await;
}

async fn a_published_rule_cannot_be_edited(db: TestDatabase) {
    db.store.publish(&publication("a", 1), 1).await.unwrap();
    let edited = db.store.publish(&publication("b", 2), 2).await.unwrap_err();
    assert!(matches!(&edited, StoreError::RuleChanged(id) if id == "r1"), "{edited}");
    assert_eq!(
        count(&db.store, "SELECT COUNT(*) FROM lesson_versions").await,
        1,
        "nothing of it is published"
    );
}

async fn a_second_server_sees_the_same(db: TestDatabase) {
    enrol(&db.store, 1, 1).await;
    let second = db.second_server().await;
    db.store.append(device(1), &facts([fact(1, 1, 1)]), 7).await.unwrap();
    second.append(device(1), &facts([fact(2, 1, 1)]), 8).await.unwrap();
    assert_eq!(read_on(&db.store, 1, 1, 0).await, (vec![1, 2], 2));
    second.ping().await.unwrap();
    second.close().await;
}

fn certificate(id: u128, name: &str) -> NewCertificate {
    NewCertificate {
        id: CertificateId(Uuid::from_u128(id)),
        learner: learner(1),
        course: "k6".parse().unwrap(),
        name: name.into(),
        rule: "nen-tang-1".into(),
        signed: format!("signed{id}"),
        evidence: vec![EventId(Uuid::from_u128(1))],
    }
}

fn publication(rule_text: &str, lessons: usize) -> Publication {
    let lesson = |number| PublishedLesson {
        hash: format!("{number:032x}").parse().unwrap(),
        lesson: "6.1".parse().unwrap(),
        course: "k6".parse().unwrap(),
        body: "{}".into(),
    };
    Publication {
        lessons: (0..lessons).map(lesson).collect(),
        rules: BTreeMap::from([("r1".into(), rule_text.into())]),
        body: format!("{lessons}"),
        hash: format!("hash{lessons}"),
    }
}

async fn count(store: &Store, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(&store.reader).await.unwrap()
}
