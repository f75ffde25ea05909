//! A certificate is issued for what stored facts show, once for each name.

use data_encoding::BASE64URL_NOPAD;
use domain::certificate::{Claims, Verification, verify};
use domain::consent::ConsentPurpose;
use domain::event::{Event, EventKind};
use domain::sync::IssuedCertificate;
use serde_json::{Value, json};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{
    NOON_MS, Phone, TestApp, TestLearner, a_lesson, a_library, answered, assert_refused, practised,
};

on_both_databases!(
    a_certificate_is_issued_only_when_earned_and_verifies,
    the_evidence_is_what_lit_the_lamps,
    name_and_agreement_are_asked_for,
    requests_at_the_same_time_get_the_same_certificate,
    a_corrected_name_gets_a_new_certificate_and_the_old_one_stays,
    a_lesson_added_later_takes_no_certificate_back,
    only_a_phone_of_the_learner_may_ask,
);

async fn a_class(db: TestDatabase) -> (TestApp, Phone, TestLearner) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    (app, phone, learner)
}

/// Everything a certificate of `k6` asks for.
fn all_earned(app: &TestApp, phone: &Phone, learner: &TestLearner) -> Vec<Event> {
    let mut events = phone.introduce(app, learner, "Hồ Thị Lan");
    events.extend(["6.1", "6.2"].iter().flat_map(|lesson| phone.light(app, learner.id, lesson)));
    events
}

fn claims(app: &TestApp, issued: &IssuedCertificate) -> Claims {
    let signed = BASE64URL_NOPAD.decode(issued.signed.as_bytes()).unwrap();
    match verify(&signed, app.state.signer.known_keys()) {
        Verification::Good(claims) => claims,
        other => panic!("{other:?}"),
    }
}

async fn a_certificate_is_issued_only_when_earned_and_verifies(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let mut events = phone.introduce(&app, &learner, "Hồ Thị Lan");
    events.extend(phone.light(&app, learner.id, "6.1"));
    events.extend([
        phone.event(&app, learner.id, practised("6.2", &[1])),
        phone.event(&app, learner.id, answered("6.2", "a", 1)),
        phone.event(&app, learner.id, answered("6.2", "b", 0)),
    ]);
    phone.deliver(&app, &events).await;
    let refused = phone.ask_certificate(&app, learner.id, "k6").await;
    assert_refused(&refused, 409, "not-earned", "fix-input");
    let body: Value = refused.json();
    assert_eq!((&body["lit"], &body["needed"], &body["unlit"]), (&json!(1), &json!(2), &json!(["6.2"])));

    phone.deliver(&app, &[phone.event(&app, learner.id, answered("6.2", "b", 1))]).await;
    let issued: IssuedCertificate = phone.ask_certificate(&app, learner.id, "k6").await.json();
    let course = &app.state.library.courses[0];
    assert_eq!(
        claims(&app, &issued),
        Claims {
            id: issued.id,
            key: app.state.signer.key_id().clone(),
            name: "Hồ Thị Lan".into(),
            course: course.id.clone(),
            course_title: course.title.clone(),
            lessons: 2,
            issued_day: 20_780,
            rule: "nen-tang-1".into(),
            issuer: "Bình dân học vụ số".into(),
        }
    );
    app.state.clock.advance(7 * 86_400_000);
    let again: IssuedCertificate = phone.ask_certificate(&app, learner.id, "k6").await.json();
    assert_eq!(again, issued);
}

async fn the_evidence_is_what_lit_the_lamps(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let wrong = phone.event(&app, learner.id, answered("6.1", "a", 0));
    let earned = all_earned(&app, &phone, &learner);
    let later = phone.light(&app, learner.id, "6.1");
    phone.deliver(&app, &[vec![wrong], earned.clone(), later].concat()).await;
    assert_eq!(phone.ask_certificate(&app, learner.id, "k6").await.status, 200);
    let course = "k6".parse().unwrap();
    let stored =
        app.state.store.issued_certificate(learner.id, &course, "Hồ Thị Lan").await.unwrap().unwrap();
    let lit: Vec<_> = earned[2..].iter().map(|event| event.id).collect();
    assert_eq!(stored.evidence, lit);
}

async fn name_and_agreement_are_asked_for(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    let ask = async || phone.ask_certificate(&app, learner.id, "k6").await;
    let new = |kind| phone.event(&app, learner.id, kind);
    let purpose = ConsentPurpose::LearningRecord;
    let lamps: Vec<Event> =
        ["6.1", "6.2"].iter().flat_map(|lesson| phone.light(&app, learner.id, lesson)).collect();
    phone.deliver(&app, &lamps).await;
    assert_refused(&ask().await, 409, "name-missing", "fix-input");
    phone.deliver(&app, &[new(EventKind::ProfileCorrected { name: "Hồ Thị Lan".into() })]).await;
    assert_refused(&ask().await, 409, "consent-missing", "fix-input");
    phone.deliver(&app, &[new(EventKind::ConsentGiven { purpose, text_version: 1, manner: None })]).await;
    assert_eq!(ask().await.status, 200);
    phone.deliver(&app, &[new(EventKind::ConsentWithdrawn { purpose })]).await;
    assert_refused(&ask().await, 409, "consent-missing", "fix-input");
}

async fn requests_at_the_same_time_get_the_same_certificate(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    phone.deliver(&app, &all_earned(&app, &phone, &learner)).await;
    let ask = async || phone.ask_certificate(&app, learner.id, "k6").await.json::<IssuedCertificate>();
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert_eq!((&one, &one), (&two, &three));
}

async fn a_corrected_name_gets_a_new_certificate_and_the_old_one_stays(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    phone.deliver(&app, &all_earned(&app, &phone, &learner)).await;
    let ask = async || phone.ask_certificate(&app, learner.id, "k6").await.json::<IssuedCertificate>();
    let name = |name: &str| {
        let kind = EventKind::ProfileCorrected { name: name.into() };
        let event = phone.event(&app, learner.id, kind);
        Event { at_ms: NOON_MS + 1000 + i64::try_from(event.seq).unwrap(), ..event }
    };
    let first = ask().await;
    phone.deliver(&app, &[name("Hồ Thị Lài")]).await;
    let second = ask().await;
    assert_ne!(first.id, second.id);
    assert_eq!(claims(&app, &second).name, "Hồ Thị Lài");
    phone.deliver(&app, &[name("Hồ Thị Lan")]).await;
    assert_eq!(ask().await, first);
}

async fn a_lesson_added_later_takes_no_certificate_back(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    phone.deliver(&app, &all_earned(&app, &phone, &learner)).await;
    let first: IssuedCertificate = phone.ask_certificate(&app, learner.id, "k6").await.json();
    let mut library = a_library();
    library.courses[0].lessons.push(a_lesson("6.3"));
    let grown = TestApp::with_library(app.database, library).await;
    let again: IssuedCertificate = phone.ask_certificate(&grown, learner.id, "k6").await.json();
    assert_eq!(again, first);
    let (other_phone, other) = (Phone::new(2), TestLearner::new(2));
    other_phone.enrol(&grown, &other).await;
    other_phone.deliver(&grown, &all_earned(&grown, &other_phone, &other)).await;
    assert_refused(
        &other_phone.ask_certificate(&grown, other.id, "k6").await,
        409,
        "not-earned",
        "fix-input",
    );
}

async fn only_a_phone_of_the_learner_may_ask(db: TestDatabase) {
    let (app, phone, learner) = a_class(db).await;
    phone.deliver(&app, &all_earned(&app, &phone, &learner)).await;
    let other = Phone::new(2);
    other.enrol(&app, &TestLearner::new(2)).await;
    assert_refused(&other.ask_certificate(&app, learner.id, "k6").await, 403, "not-yours", "sign-in");
    assert_refused(&phone.ask_certificate(&app, learner.id, "k7").await, 404, "course-unknown", "fix-input");
}
