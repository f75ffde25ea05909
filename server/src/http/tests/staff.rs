//! Signing in and out as browsers do it.

use axum::body::Body;
use axum::http::{Request, header};
use domain::role::Role;
use serde_json::{Value, json};

use crate::access::{IDLE_MS, SESSION_MS};
use crate::staff::create_admin;
use crate::staff::sign_in::{NETWORK_TRIES_MAX, TRIES_MAX, WINDOW_MS, network_key};
use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::TestApp;
use crate::test_app::staff::{HERE, TestStaff};
use crate::totp;

on_both_databases!(
    an_administrator_signs_in_with_both_factors,
    a_wrong_name_and_a_wrong_password_are_the_same,
    tries_rest_an_account_but_never_a_known_browser,
    tries_rest_a_network_but_not_the_next_one,
    a_role_ends_with_its_day,
    onward_leads_to_own_pages_only,
    a_given_password_is_changed_first,
    a_session_ends_by_itself_and_by_hand,
    a_lost_phone_is_replaced_by_a_recovery_code,
    cookies_are_closed_to_scripts_and_other_sites,
);

const SIGN_IN: &str = "/quan-ly/dang-nhap";
const CODE: &str = "/quan-ly/ma-xac-thuc";
const PASSWORD: &str = "chín con mèo đen";

async fn an_app(db: TestDatabase) -> TestApp {
    let app = TestApp::new(db).await;
    let parts = (&app.state.clock, &app.state.random);
    create_admin(&app.state.store, parts, "Quản Trị", PASSWORD).await.unwrap();
    app
}

fn who(cookie: String) -> TestStaff {
    TestStaff { id: domain::ids::StaffId(uuid::Uuid::nil()), grant: uuid::Uuid::nil(), cookie }
}

async fn sign_in(app: &TestApp, cookie: &str, name: &str, password: &str) -> crate::test_app::Answer {
    app.form(cookie, SIGN_IN, &[("name", name), ("password", password)]).await
}

/// Sets the second factor up; returns its secret and the recovery codes.
async fn set_factor(app: &TestApp, who: &TestStaff) -> (Vec<u8>, Vec<String>) {
    let draft: Value = app.call(Some(who), "begin-second-factor", json!({"password": PASSWORD})).await.json();
    let secret = data_encoding::BASE32_NOPAD.decode(draft["secret"].as_str().unwrap().as_bytes()).unwrap();
    let code = totp::code_for_tests(&secret, app.state.clock.now_ms());
    let answer =
        app.call(Some(who), "confirm-second-factor", json!({"ticket": draft["ticket"], "code": code})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    (secret, answer.json())
}

async fn an_administrator_signs_in_with_both_factors(db: TestDatabase) {
    let app = an_app(db).await;
    let answer = sign_in(&app, "", "quan tri", PASSWORD).await;
    assert_eq!(answer.leads_to(), "/quan-ly");
    let admin = who(answer.cookies());
    let me: Value = app.call(Some(&admin), "who-am-i", json!({})).await.json();
    assert_eq!((&me["whole_name"], &me["wants_second_factor"]), (&json!("Quản Trị"), &json!(true)));
    let (secret, codes) = set_factor(&app, &admin).await;
    assert_eq!(codes.len(), 8);
    assert_eq!(
        app.call(Some(&admin), "list-colleagues", json!({"text": "", "after": null})).await.status,
        200
    );

    app.state.clock.advance(60_000);
    let second = sign_in(&app, "", "Quản Trị", PASSWORD).await;
    assert_eq!(second.leads_to(), CODE);
    let cookie = second.cookies();
    let code = totp::code_for_tests(&secret, app.state.clock.now_ms());
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(
        app.form(&cookie, CODE, &[("code", wrong)]).await.leads_to(),
        "/quan-ly/ma-xac-thuc#chua-dung"
    );
    assert_eq!(app.form(&cookie, CODE, &[("code", &code)]).await.leads_to(), "/quan-ly");
    assert_eq!(app.call(Some(&who(cookie)), "read-audit", json!({"question": {}})).await.status, 200);
    // Somebody who saw the code cannot use it.
    let third = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    assert_eq!(app.form(&third, CODE, &[("code", &code)]).await.leads_to(), "/quan-ly/ma-xac-thuc#chua-dung");
}

async fn a_wrong_name_and_a_wrong_password_are_the_same(db: TestDatabase) {
    let app = an_app(db).await;
    for (name, password) in [("Quản Trị", "sai mật khẩu rồi"), ("ai đó", PASSWORD), ("", "")] {
        let answer = sign_in(&app, "", name, password).await;
        assert_eq!((answer.leads_to(), answer.cookies().as_str()), ("/quan-ly/dang-nhap#chua-dung", ""));
    }
}

async fn tries_rest_an_account_but_never_a_known_browser(db: TestDatabase) {
    let app = an_app(db).await;
    let known = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    for _ in 0..TRIES_MAX {
        assert_eq!(
            sign_in(&app, "", "Quản Trị", "đoán mò thử xem").await.leads_to(),
            "/quan-ly/dang-nhap#chua-dung"
        );
    }
    let resting = sign_in(&app, "", "Quản Trị", PASSWORD).await;
    assert_eq!(
        resting.leads_to(),
        "/quan-ly/dang-nhap#cho-mot-lat",
        "the right one too, from a browser never seen"
    );
    assert_eq!(sign_in(&app, &known, "Quản Trị", PASSWORD).await.leads_to(), "/quan-ly");
    app.state.clock.advance(WINDOW_MS);
    assert_eq!(sign_in(&app, "", "Quản Trị", PASSWORD).await.leads_to(), "/quan-ly");
}

async fn tries_rest_a_network_but_not_the_next_one(db: TestDatabase) {
    let app = an_app(db).await;
    let known = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    // As many strangers as a whole district, all behind one address.
    let (key, now_ms) = (network_key("203.0.113.0/24"), app.state.clock.now_ms());
    for _ in 0..NETWORK_TRIES_MAX {
        app.state.store.count_staff_try(&key, now_ms, WINDOW_MS).await.unwrap();
    }
    let from = |address: &'static str, cookie: String| {
        let form = "name=quan+tri&password=ch%C3%ADn+con+m%C3%A8o+%C4%91en";
        let request = Request::post(SIGN_IN)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-forwarded-for", address)
            .header(header::COOKIE, cookie);
        let request = request.body(Body::from(form)).unwrap();
        let app = &app;
        async move { app.send(request).await.leads_to().to_owned() }
    };
    assert_eq!(from("203.0.113.9", String::new()).await, "/quan-ly/dang-nhap#cho-mot-lat");
    assert_eq!(
        from("203.0.113.9", known).await,
        "/quan-ly",
        "a browser known here is not counted with the others"
    );
    assert_eq!(from("203.0.114.9", String::new()).await, "/quan-ly");
}

async fn a_role_ends_with_its_day(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let admin = app.staff("quan ly", Role::SystemAdmin, "").await;
    let lan = app.staff("lan", Role::Ambassador, HERE).await;
    let until_ms = app.state.clock.now_ms() + 60_000;
    let role =
        json!({"staff": lan.id, "role": {"role": "report-viewer", "place": HERE, "until_ms": until_ms}});
    assert_eq!(app.call(Some(&admin), "give-role", role).await.status, 200);
    let may =
        || async { app.call(Some(&lan), "who-am-i", json!({})).await.json::<Value>()["may"].to_string() };
    assert!(may().await.contains("see-reports"));
    app.state.clock.advance(60_000);
    assert!(!may().await.contains("see-reports"));
}

async fn onward_leads_to_own_pages_only(db: TestDatabase) {
    let app = an_app(db).await;
    for (next, expected) in [
        ("/quan-ly/nhan-su", "/quan-ly/nhan-su"),
        ("/en/quan-ly/nhat-ky", "/en/quan-ly/nhat-ky"),
        ("https://evil.example/quan-ly", "/quan-ly"),
        ("//evil.example", "/quan-ly"),
        ("/quan-ly/../x", "/quan-ly"),
        ("/cua-toi", "/quan-ly"),
    ] {
        let path = format!("{SIGN_IN}?next={next}");
        let right = app.form("", &path, &[("name", "Quản Trị"), ("password", PASSWORD)]).await;
        assert_eq!(right.leads_to(), expected, "{next}");
    }
    let wrong =
        app.form("", &format!("{SIGN_IN}?next=/quan-ly/nhan-su"), &[("name", "x"), ("password", "y")]).await;
    assert_eq!(
        wrong.leads_to(),
        "/quan-ly/dang-nhap?next=/quan-ly/nhan-su#chua-dung",
        "kept for the next try"
    );
}

async fn a_given_password_is_changed_first(db: TestDatabase) {
    let app = an_app(db).await;
    let admin = who(sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies());
    set_factor(&app, &admin).await;
    let new = json!({"new": {"name": "lan", "whole_name": "Trần Thị Lan", "phone": "0912 345 678",
        "role": {"role": "ambassador", "place": HERE, "until_ms": null}}});
    let given: Value = app.call(Some(&admin), "add-colleague", new.clone()).await.json();
    let given = given["password"].as_str().unwrap();
    assert_eq!(app.call(Some(&admin), "add-colleague", new).await.refusal().1, "name-taken");
    let first = sign_in(&app, "", "0912345678", given).await;
    assert_eq!(first.leads_to(), "/quan-ly/mat-khau-moi");
    let cookie = first.cookies();
    let set = |password: &'static str, again: &'static str| {
        let (app, cookie) = (&app, &cookie);
        async move {
            let answer =
                app.form(cookie, "/quan-ly/mat-khau-moi", &[("password", password), ("again", again)]).await;
            answer.leads_to().to_owned()
        }
    };
    assert_eq!(set("ngắn", "ngắn").await, "/quan-ly/mat-khau-moi#chua-dung");
    assert_eq!(set("một câu dễ nhớ", "một câu khó nhớ").await, "/quan-ly/mat-khau-moi#khac-nhau");
    assert_eq!(set("một câu dễ nhớ", "một câu dễ nhớ").await, "/quan-ly");
    let me: Value = app.call(Some(&who(cookie.clone())), "who-am-i", json!({})).await.json();
    assert_eq!(me["may"].as_array().unwrap().len(), 5, "{me}");
    assert_eq!(sign_in(&app, "", "lan", given).await.leads_to(), "/quan-ly/dang-nhap#chua-dung");
    assert_eq!(sign_in(&app, "", "lan", "một câu dễ nhớ").await.leads_to(), "/quan-ly");
}

async fn a_session_ends_by_itself_and_by_hand(db: TestDatabase) {
    let app = an_app(db).await;
    let open = |cookie: String| {
        let app = &app;
        async move { app.call(Some(&who(cookie)), "who-am-i", json!({})).await.status.as_u16() }
    };
    let cookie = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    for _ in 0..SESSION_MS / IDLE_MS + 1 {
        app.state.clock.advance(IDLE_MS - 1);
        open(cookie.clone()).await;
    }
    assert_eq!(open(cookie).await, 401, "over after a month, however busy");
    let cookie = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    app.state.clock.advance(IDLE_MS - 1);
    assert_eq!(open(cookie.clone()).await, 200);
    app.state.clock.advance(IDLE_MS);
    assert_eq!(open(cookie).await, 401, "over when nobody used it");
    let (one, two) = (
        sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies(),
        sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies(),
    );
    let rows: Value = app.call(Some(&who(one.clone())), "list-sessions", json!({})).await.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let other = rows.iter().find(|row| row["is_this"] == json!(false)).unwrap();
    let ended = app.call(Some(&who(one.clone())), "end-session", json!({"session": other["id"]})).await;
    assert_eq!((ended.status.as_u16(), open(two).await, open(one.clone()).await), (200, 401, 200));
    let left = app.form(&one, "/quan-ly/dang-xuat", &[]).await;
    assert_eq!(left.leads_to(), "/quan-ly/dang-nhap#da-ra");
    assert!(left.headers[header::SET_COOKIE].to_str().unwrap().starts_with("bdhvs=; "));
    assert_eq!(open(one).await, 401);
}

async fn a_lost_phone_is_replaced_by_a_recovery_code(db: TestDatabase) {
    let app = an_app(db).await;
    let admin = who(sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies());
    let (_, codes) = set_factor(&app, &admin).await;
    let cookie = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    assert_eq!(app.form(&cookie, CODE, &[("code", &codes[0])]).await.leads_to(), "/quan-ly");
    let again = sign_in(&app, "", "Quản Trị", PASSWORD).await.cookies();
    let used = app.form(&again, CODE, &[("code", &codes[0])]).await;
    assert_eq!(used.leads_to(), "/quan-ly/ma-xac-thuc#chua-dung", "each works once");
    let me: Value = app.call(Some(&who(cookie)), "who-am-i", json!({})).await.json();
    assert_eq!(me["recovery_codes"], json!(7));
    for _ in 0..TRIES_MAX {
        app.form(&again, CODE, &[("code", "000000")]).await;
    }
    let resting = app.form(&again, CODE, &[("code", &codes[1])]).await;
    assert_eq!(resting.leads_to(), "/quan-ly/ma-xac-thuc#cho-mot-lat");
}

async fn cookies_are_closed_to_scripts_and_other_sites(db: TestDatabase) {
    let app = an_app(db).await;
    let answer = sign_in(&app, "", "Quản Trị", PASSWORD).await;
    let set: Vec<&str> =
        answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(set.len(), 2);
    for cookie in set {
        assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Strict; Max-Age="), "{cookie}");
    }
    let answer =
        app.form("bdhvs=short; bdhvs-may=x", SIGN_IN, &[("name", "Quản Trị"), ("password", PASSWORD)]).await;
    assert_eq!(answer.leads_to(), "/quan-ly", "broken cookies are none");
}
