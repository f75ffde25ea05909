//! The log of a whole run holds nothing that belongs to a person.

use std::io::Write;
use std::sync::{Arc, Mutex};

use domain::code::LearnerCode;
use domain::role::Role;
use serde_json::json;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Phone, TestApp, TestLearner, finished};

on_both_databases!(a_whole_run_logs_no_personal_data);

/// Everything any test of this process logs, at the finest level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One log for the process: threads of the database and of hashing write to it as well.
fn log() -> &'static Log {
    static LOG: std::sync::OnceLock<Log> = std::sync::OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter("debug,server=trace")
            .with_ansi(false)
            // A moment's digits may be anybody's PIN.
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    })
}

async fn a_whole_run_logs_no_personal_data(db: TestDatabase) {
    let log = log();
    let app = TestApp::new(db).await;
    let name = "Nguyễn Thị Tuyệt-Mật";
    let learner = TestLearner { pin: "730519".into(), ..TestLearner::new(57_200_911) };
    let (phone, new) = (Phone::new(201), Phone::new(202));
    phone.enrol(&app, &learner).await;
    phone.enrol(&app, &learner).await;
    new.create(&app, &learner).await;
    new.open(&app, &LearnerCode::from_random(57_200_912), &learner.pin).await;
    for _ in 0..6 {
        new.open(&app, &learner.code, "918273").await;
    }
    let mut events = phone.introduce(&app, &learner, name);
    events.extend(["6.1", "6.2"].iter().flat_map(|lesson| phone.light(&app, learner.id, lesson)));
    phone.sync(&app, &[(learner.id, 0)], &events).await;
    phone.deliver(&app, &[json!({"name": name, "code": learner.code})]).await;
    assert_eq!(phone.ask_certificate(&app, learner.id, "k6").await.status, 200);
    let broken = format!("{{\"protocol\":1,\"pin\":\"{}\",\"name\":\"{name}\"}}", learner.pin);
    app.post("/api/v1/records", &phone.token, broken).await;
    let event = phone.event(&app, learner.id, finished("6.1"));
    let staff_password = "mật khẩu của cán bộ";
    let parts = (&app.state.clock, &app.state.random);
    crate::staff::create_admin(&app.state.store, parts, "Lê-Thị-Kín", staff_password).await.unwrap();
    let sign_in = async |password: &str| {
        app.form("", "/quan-ly/dang-nhap?next=/quan-ly", &[("name", "Lê-Thị-Kín"), ("password", password)])
            .await
            .cookies()
    };
    sign_in("mật khẩu gõ nhầm").await;
    let cookie = sign_in(staff_password).await;
    let admin = app.staff("Bùi-Văn-Khuất", Role::SystemAdmin, "").await;
    let text = json!({"text": "Lê-Thị-Kín", "after": null});
    assert_eq!(app.call(Some(&admin), "list-colleagues", text.clone()).await.status, 200);
    app.state.store.close().await;
    sign_in(staff_password).await;
    assert_eq!(app.call(Some(&admin), "list-colleagues", text).await.status, 500);
    phone.try_sync(&app, &[(learner.id, 0)], &[event]).await;

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("request answered"), "the log is being read");
    assert!(text.contains("a request failed unexpectedly"));
    for secret in [
        name,
        "Tuyệt-Mật",
        learner.code.as_str(),
        "572009129",
        &learner.pin,
        "918273",
        &phone.token,
        &new.token,
        &learner.id.to_string(),
        "argon2id$",
        "Lê-Thị-Kín",
        "le thi kin",
        "Khuất",
        staff_password,
        "gõ nhầm",
        cookie.split(['=', ';']).nth(1).unwrap(),
        &admin.id.to_string(),
    ] {
        assert!(!says(&text, secret), "the log contains {secret}");
    }
}

/// Returns whether a text says something; digits only where they stand by themselves, for they also come up by chance within
/// ids and durations.
fn says(text: &str, word: &str) -> bool {
    if !word.chars().all(|letter| letter.is_ascii_digit()) {
        return text.contains(word);
    }
    let goes_on = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(|letter| goes_on(letter) || letter == '.') && !after.is_some_and(goes_on)
    })
}

#[test]
fn digits_are_found_where_they_stand_by_themselves() {
    for text in ["pin=730519", "\"730519\"", "730519", "a 730519.", "[730519]", "Kín 730519,"] {
        assert!(says(text, "730519"), "{text}");
    }
    for text in ["elapsed=1.730519ms", "1730519", "0198-730519-a", "0.730519"] {
        assert!(!says(text, "730519"), "{text}");
    }
    assert!(says("Bùi-Văn-Khuất", "Khuất"));
}
