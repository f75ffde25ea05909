//! Making a record, opening it elsewhere, and who may not.

use domain::code::LearnerCode;
use domain::sync::RecordReady;

use crate::records::{TRIES_MAX, TRIES_WINDOW_MS};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Phone, TestApp, TestLearner, assert_refused, finished};

on_both_databases!(
    a_record_is_made_once_and_the_same_again_is_the_same,
    a_code_or_a_learner_already_there_is_refused,
    easy_pins_are_refused,
    a_record_is_opened_by_code_and_pin_only,
    five_wrong_tries_rest_that_code_and_no_other,
    tries_at_the_same_time_do_not_slip_through,
    a_phone_known_by_another_token_is_refused_everywhere,
    an_unknown_phone_cannot_sync,
);

async fn a_record_is_made_once_and_the_same_again_is_the_same(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    for _ in 0..3 {
        let answer = phone.create(&app, &learner).await;
        assert_eq!(answer.json::<RecordReady>(), RecordReady { learner: learner.id });
    }
    let other_pin = TestLearner { pin: "9753".into(), ..learner.clone() };
    assert_refused(&phone.create(&app, &other_pin).await, 403, "wrong-code-or-pin", "fix-input");
    assert_eq!(
        Phone::new(2).open(&app, &learner.code, &learner.pin).await.status,
        200,
        "the first PIN stands"
    );
}

async fn a_code_or_a_learner_already_there_is_refused(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, other, learner) = (Phone::new(1), Phone::new(2), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    let same_code = TestLearner { code: learner.code.clone(), ..TestLearner::new(2) };
    assert_refused(&other.create(&app, &same_code).await, 409, "code-taken", "fix-input");
    let other_code = TestLearner { code: LearnerCode::from_random(77), ..learner.clone() };
    assert_refused(&phone.create(&app, &other_code).await, 403, "not-yours", "sign-in");
    let other_pin = TestLearner { pin: "9753".into(), ..learner.clone() };
    assert_refused(&other.create(&app, &other_pin).await, 403, "wrong-code-or-pin", "fix-input");
    // Made on two phones before either had a network, with the code and PIN of one paper: one record.
    assert_eq!(other.create(&app, &learner).await.json::<RecordReady>(), RecordReady { learner: learner.id });
    assert_eq!(other.everything(&app, learner.id).await, vec![]);
}

async fn easy_pins_are_refused(db: TestDatabase) {
    let app = TestApp::new(db).await;
    for pin in ["1234", "0000", "12", "12a4", ""] {
        let learner = TestLearner { pin: pin.into(), ..TestLearner::new(1) };
        assert_refused(&Phone::new(1).create(&app, &learner).await, 422, "pin-refused", "fix-input");
    }
}

async fn a_record_is_opened_by_code_and_pin_only(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, new, learner) = (Phone::new(1), Phone::new(2), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    let wrong_pin = new.open(&app, &learner.code, "9753").await;
    let wrong_code = new.open(&app, &LearnerCode::from_random(99), &learner.pin).await;
    assert_refused(&wrong_pin, 403, "wrong-code-or-pin", "fix-input");
    assert_eq!(wrong_pin.text, wrong_code.text, "the answer does not say which");
    assert_refused(&new.try_sync(&app, &[], &[0; 0]).await, 401, "device-unknown", "sign-in");
    for _ in 0..2 {
        let opened = new.open(&app, &learner.code, &learner.pin).await;
        assert_eq!(opened.json::<RecordReady>(), RecordReady { learner: learner.id });
    }
    let event = new.event(&app, learner.id, finished("6.1"));
    assert_eq!(new.deliver(&app, &[event]).await, [domain::sync::Outcome::Accepted]);
}

async fn five_wrong_tries_rest_that_code_and_no_other(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, new) = (Phone::new(1), Phone::new(2));
    let (lan, nam) = (TestLearner::new(1), TestLearner::new(2));
    phone.enrol(&app, &lan).await;
    phone.enrol(&app, &nam).await;
    let nobody = LearnerCode::from_random(99);
    for _ in 0..TRIES_MAX {
        for code in [&lan.code, &nobody] {
            assert_eq!(new.open(&app, code, "9753").await.status, 403);
        }
        app.state.clock.advance(60_000);
    }
    for code in [&lan.code, &nobody] {
        let resting = new.open(&app, code, &lan.pin).await;
        assert_refused(&resting, 429, "too-many-tries", "retry");
        // Ten minutes and a second: a quarter of an hour since the first try, five minutes ago.
        assert_eq!(resting.headers["retry-after"], "601");
        assert_eq!(resting.json::<domain::sync::ApiError>().retry_after_s, Some(601));
    }
    assert_eq!(new.open(&app, &nam.code, &nam.pin).await.status, 200, "others are not locked");
    app.state.clock.advance(TRIES_WINDOW_MS);
    assert_eq!(new.open(&app, &lan.code, "9753").await.status, 403);
    assert_eq!(new.open(&app, &lan.code, &lan.pin).await.status, 200);
    for _ in 0..TRIES_MAX {
        assert_eq!(
            new.open(&app, &lan.code, "9753").await.status,
            403,
            "the right PIN forgets the wrong ones"
        );
    }
}

async fn tries_at_the_same_time_do_not_slip_through(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    let thief = Phone::new(2);
    let tries = [(); 12].map(|()| thief.open(&app, &learner.code, "9753"));
    let mut statuses = Vec::new();
    // Polled together, on as many connections as the server has.
    let mut waiting: Vec<_> = tries.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                statuses.push(answer.status.as_u16());
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    statuses.sort();
    assert_eq!(statuses, [[403; 5].as_slice(), &[429; 7]].concat());
}

async fn a_phone_known_by_another_token_is_refused_everywhere(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let (phone, learner) = (Phone::new(1), TestLearner::new(1));
    phone.enrol(&app, &learner).await;
    let mut thief = Phone::new(1);
    thief.token = Phone::new(7).token;
    let event = phone.event(&app, learner.id, finished("6.1"));
    for answer in [
        thief.try_sync(&app, &[(learner.id, 0)], &[event]).await,
        thief.create(&app, &TestLearner::new(3)).await,
        thief.create(&app, &learner).await,
        thief.open(&app, &learner.code, &learner.pin).await,
        thief.ask_certificate(&app, learner.id, "k6").await,
        app.post("/api/v1/sync", "short", r#"{"protocol":1}"#.into()).await,
    ] {
        assert_refused(&answer, 401, "device-unknown", "sign-in");
    }
    assert_eq!(phone.everything(&app, learner.id).await, []);
}

async fn an_unknown_phone_cannot_sync(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let phone = Phone::new(1);
    let event = phone.event(&app, TestLearner::new(1).id, finished("6.1"));
    assert_refused(&phone.try_sync(&app, &[], &[event]).await, 401, "device-unknown", "sign-in");
}
