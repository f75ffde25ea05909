//! Staff: accounts, roles, sessions, second factor, tries, the log.

use domain::ids::StaffId;
use domain::role::{Grant, Role};
use domain::scope::{PlacePath, Scope};
use domain::text::fold;
use uuid::Uuid;

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::store::{AuditFilter, NewAudit, NewGrant, NewPassword, NewSession, NewStaff, Store, StoredGrant};

on_both_databases!(
    a_staff_name_is_taken_once,
    an_account_is_found_by_name_key_and_phone,
    staff_are_listed_within_a_scope_in_pages,
    a_role_ends_once,
    a_session_lives_until_it_is_ended,
    a_new_password_ends_sessions,
    a_stopped_account_has_no_sessions,
    a_code_is_used_once_and_never_an_older_one,
    a_recovery_code_is_used_once,
    a_browser_is_known_to_its_person_only,
    tries_are_counted_under_their_name,
    the_log_is_read_within_a_scope,
    a_refused_change_leaves_no_entry,
    an_identity_belongs_to_one_person,
    administrators_from_before_keep_their_role,
);

fn id(number: u128) -> StaffId {
    StaffId(Uuid::from_u128(0x5000 + number))
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x6000 + number)
}

fn place(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

fn person(number: u128, name: &str) -> NewStaff {
    NewStaff {
        id: id(number),
        name: name.into(),
        login_key: fold(name),
        whole_name: format!("Trần {name}"),
        folded: fold(&format!("Trần {name}")),
        phone: Some(format!("+849000000{number:02}")),
        password_hash: "hash".into(),
        given: true,
    }
}

fn role(number: u128, staff: u128, role: Role, at: &str) -> NewGrant {
    NewGrant {
        id: uuid(number),
        staff: id(staff),
        role,
        place: (!at.is_empty()).then(|| place(at)),
        part: None,
        place_name: at.into(),
        by: None,
        from_ms: 10,
        until_ms: None,
    }
}

fn entry(number: u128, at_ms: i64, actor: Option<u128>, at: &str) -> NewAudit {
    NewAudit {
        id: Uuid::from_u128(0x7000 + number),
        at_ms,
        actor: actor.map(id),
        action: "staff-added",
        person: None,
        staff: None,
        place: (!at.is_empty()).then(|| place(at)),
        detail: String::new(),
    }
}

/// Adds an ambassador of a place.
async fn add(store: &Store, number: u128, name: &str, at: &str) {
    let added = store
        .add_staff(
            &person(number, name),
            &role(number, number, Role::Ambassador, at),
            &entry(number, 1, None, at),
            1,
        )
        .await
        .unwrap();
    assert!(added, "{name}");
}

async fn begin(store: &Store, number: u128, staff: u128, at_ms: i64) {
    let new = NewSession {
        id: uuid(number),
        token_hash: format!("token{number}"),
        staff: id(staff),
        device: "Chrome, Android".into(),
        browser_hash: format!("browser{number}"),
    };
    store.begin_session(&new, at_ms, (-1, -1), &entry(0x100 + number, at_ms, Some(staff), "")).await.unwrap();
}

async fn entries(store: &Store) -> usize {
    store.audit(&Scope::All, &AuditFilter::default(), 100).await.unwrap().len()
}

async fn a_staff_name_is_taken_once(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    for (same, what) in [
        (NewStaff { name: "LÀN".into(), ..person(2, "lan") }, "the same but for case and diacritics"),
        (NewStaff { phone: person(1, "").phone, ..person(2, "khác") }, "the same phone"),
    ] {
        let refused =
            store.add_staff(&same, &role(2, 2, Role::Author, ""), &entry(2, 2, None, ""), 2).await.unwrap();
        assert!(!refused, "{what}");
    }
    assert_eq!(entries(store).await, 1, "a refusal leaves nothing");
    assert_eq!(store.grants_of(id(2)).await.unwrap(), []);
}

async fn an_account_is_found_by_name_key_and_phone(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    let found = |name: &'static str, key: &'static str, phone: &'static str| async move {
        store.account_by_login(name, key, phone).await.unwrap().map(|account| account.id)
    };
    assert_eq!(found("Lan", "-", "-").await, Some(id(1)));
    assert_eq!(found("x", "lan", "-").await, Some(id(1)));
    assert_eq!(found("x", "x", "+84900000001").await, Some(id(1)));
    assert_eq!(found("x", "x", "-").await, None);
    let account = store.account(id(1)).await.unwrap().unwrap();
    assert!(account.given && !account.stopped && account.totp_sealed.is_none());
    assert_eq!(store.account(id(9)).await.unwrap(), None);
}

async fn staff_are_listed_within_a_scope_in_pages(db: TestDatabase) {
    let store = &db.store;
    for (number, name, at) in
        [(1, "Ánh", "vn/1/"), (2, "Đạt", "vn/1/7/"), (3, "Bình", "vn/11/"), (4, "Dũng", "vn/1/")]
    {
        add(store, number, name, at).await;
    }
    let names = |scope: Scope, text: &'static str| async move {
        let rows = store.staff_within(&scope, text, None, 10).await.unwrap();
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(Scope::All, "").await, ["Ánh", "Bình", "Đạt", "Dũng"]);
    let one = || Scope::places([place("vn/1/")]);
    assert_eq!(names(one(), "").await, ["Ánh", "Đạt", "Dũng"]);
    assert_eq!(names(Scope::places([place("vn/1/7/"), place("vn/11/")]), "").await, ["Bình", "Đạt"]);
    assert_eq!(names(one(), "tran d").await, ["Đạt", "Dũng"]);
    assert_eq!(names(Scope::places([]), "").await, [""; 0]);
    assert_eq!(names(Scope::ambassador(id(1), [place("vn/1/")]), "").await, [""; 0]);
    let first = store.staff_within(&one(), "", None, 2).await.unwrap();
    let last = &first[1];
    let folded = fold(&last.whole_name);
    let rest = store.staff_within(&one(), "", Some((&folded, last.id)), 2).await.unwrap();
    assert_eq!(rest.iter().map(|row| row.id).collect::<Vec<_>>(), [id(4)]);
    assert_eq!(rest[0].grants.len(), 1);
}

async fn a_role_ends_once(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    add(store, 2, "Hà", "vn/1/").await;
    store.add_grant(&role(3, 1, Role::Author, ""), &entry(3, 20, Some(2), "")).await.unwrap();
    let grants = store.grants_of(id(1)).await.unwrap();
    assert_eq!(grants.len(), 2);
    let ambassador = store.grant(uuid(1)).await.unwrap().unwrap();
    assert_eq!(ambassador.grant, Grant { role: Role::Ambassador, place: Some(place("vn/1/")), part: None });
    assert!(ambassador.holds(10) && !ambassador.holds(9));
    assert!(store.end_grant(uuid(1), id(2), 30, &entry(4, 30, Some(2), "vn/1/")).await.unwrap());
    assert!(
        !store.end_grant(uuid(1), id(2), 40, &entry(5, 40, Some(2), "vn/1/")).await.unwrap(),
        "it has ended"
    );
    assert!(!store.end_grant(uuid(9), id(2), 40, &entry(6, 40, Some(2), "")).await.unwrap(), "there is none");
    let StoredGrant { until_ms, .. } = store.grant(uuid(1)).await.unwrap().unwrap();
    assert_eq!(until_ms, Some(30));
    assert_eq!(entries(store).await, 4);
}

async fn a_session_lives_until_it_is_ended(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    add(store, 2, "Hà", "vn/1/").await;
    begin(store, 1, 1, 100).await;
    begin(store, 2, 1, 200).await;
    let session = store.session("token1").await.unwrap().unwrap();
    assert_eq!(
        (session.staff, session.created_ms, session.seen_ms, session.code_passed),
        (id(1), 100, 100, false)
    );
    store.touch_session(uuid(1), 300).await.unwrap();
    let ids: Vec<_> = store.sessions_of(id(1)).await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, [uuid(1), uuid(2)], "the last used first");
    assert!(!store.end_session(id(2), uuid(1), &entry(9, 1, Some(2), "")).await.unwrap(), "somebody else's");
    assert!(store.end_session(id(1), uuid(1), &entry(10, 1, Some(1), "")).await.unwrap());
    assert_eq!(store.session("token1").await.unwrap(), None);
    begin(store, 3, 1, 400).await;
    store.end_other_sessions(id(1), uuid(3), &entry(11, 1, Some(1), "")).await.unwrap();
    assert_eq!(store.sessions_of(id(1)).await.unwrap().len(), 1);
    let new = NewSession {
        id: uuid(4),
        token_hash: "token4".into(),
        staff: id(2),
        device: String::new(),
        browser_hash: "b".into(),
    };
    store.begin_session(&new, 900, (-1, 400), &entry(12, 900, Some(2), "")).await.unwrap();
    assert_eq!(store.session("token3").await.unwrap(), None, "unused since then");
}

async fn a_new_password_ends_sessions(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    begin(store, 1, 1, 100).await;
    begin(store, 2, 1, 100).await;
    store
        .set_second_factor((id(1), uuid(1)), ("sealed", 5), &["code".into()], &entry(3, 1, Some(1), ""))
        .await
        .unwrap();
    begin(store, 3, 1, 100).await;
    let own = NewPassword {
        staff: id(1),
        hash: "own".into(),
        given: false,
        without_factor: false,
        keep: Some(uuid(1)),
    };
    store.set_password(&own, &entry(4, 1, Some(1), "")).await.unwrap();
    let account = store.account(id(1)).await.unwrap().unwrap();
    assert_eq!((account.password_hash.as_str(), account.given), ("own", false));
    assert!(account.totp_sealed.is_some() && store.sessions_of(id(1)).await.unwrap().len() == 1);
    let given =
        NewPassword { staff: id(1), hash: "given".into(), given: true, without_factor: true, keep: None };
    store.set_password(&given, &entry(5, 1, Some(1), "")).await.unwrap();
    let account = store.account(id(1)).await.unwrap().unwrap();
    assert!(account.given && account.totp_sealed.is_none());
    assert_eq!(store.sessions_of(id(1)).await.unwrap(), []);
    assert_eq!(store.recovery_codes_left(id(1)).await.unwrap(), 0);
}

async fn a_stopped_account_has_no_sessions(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    begin(store, 1, 1, 100).await;
    store.set_stopped(id(1), Some(200), &entry(3, 200, None, "vn/1/")).await.unwrap();
    assert!(store.account(id(1)).await.unwrap().unwrap().stopped);
    assert_eq!(store.session("token1").await.unwrap(), None);
    store.set_stopped(id(1), None, &entry(4, 300, None, "vn/1/")).await.unwrap();
    assert!(!store.account(id(1)).await.unwrap().unwrap().stopped);
}

async fn a_code_is_used_once_and_never_an_older_one(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    begin(store, 1, 1, 100).await;
    store.set_second_factor((id(1), uuid(1)), ("sealed", 5), &[], &entry(3, 1, Some(1), "")).await.unwrap();
    assert!(store.session("token1").await.unwrap().unwrap().code_passed, "set up here, passed here");
    begin(store, 2, 1, 100).await;
    for (step, used) in [(5, false), (4, false), (6, true), (6, false), (8, true), (7, false)] {
        assert_eq!(store.use_step(id(1), uuid(2), step).await.unwrap(), used, "{step}");
    }
    assert!(store.session("token2").await.unwrap().unwrap().code_passed);
    store.remove_second_factor(id(1), &entry(4, 1, Some(1), "")).await.unwrap();
    assert_eq!(store.account(id(1)).await.unwrap().unwrap().totp_sealed, None);
}

async fn a_recovery_code_is_used_once(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    begin(store, 1, 1, 100).await;
    let codes = ["a".to_owned(), "b".to_owned()];
    store.set_recovery_codes(id(1), &codes, &entry(3, 1, Some(1), "")).await.unwrap();
    let used = |code: &'static str, number| async move {
        store.use_recovery_code((id(1), uuid(1)), code, 7, &entry(number, 7, Some(1), "")).await.unwrap()
    };
    assert_eq!((used("c", 4).await, used("a", 5).await, used("a", 6).await), (false, true, false));
    assert_eq!(store.recovery_codes_left(id(1)).await.unwrap(), 1);
    assert!(store.session("token1").await.unwrap().unwrap().code_passed);
    store.set_recovery_codes(id(1), &["d".to_owned()], &entry(7, 1, Some(1), "")).await.unwrap();
    assert!(!used("b", 8).await, "new ones replace the old");
}

async fn a_browser_is_known_to_its_person_only(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    add(store, 2, "Hà", "vn/1/").await;
    begin(store, 1, 1, 100).await;
    assert!(store.is_known_browser(id(1), "browser1").await.unwrap());
    assert!(!store.is_known_browser(id(2), "browser1").await.unwrap());
    assert!(!store.is_known_browser(id(1), "browser2").await.unwrap());
}

async fn tries_are_counted_under_their_name(db: TestDatabase) {
    let store = &db.store;
    let count =
        |name: &'static str, now| async move { store.count_staff_try(name, now, 100).await.unwrap().tries };
    assert_eq!((count("a", 1).await, count("a", 2).await, count("b", 3).await), (1, 2, 1));
    store.forget_staff_tries("a").await.unwrap();
    assert_eq!((count("a", 4).await, count("b", 5).await), (1, 2));
    assert_eq!(count("b", 103).await, 1, "the window is over");
}

async fn the_log_is_read_within_a_scope(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    add(store, 2, "Hà", "vn/2/").await;
    for (number, at_ms, actor, at) in
        [(3, 10, 1, "vn/1/7/"), (4, 20, 2, "vn/2/"), (5, 20, 1, "vn/11/"), (6, 30, 1, "")]
    {
        store.add_audit(&entry(number, at_ms, Some(actor), at)).await.unwrap();
    }
    let read = |scope: Scope, filter: AuditFilter| async move {
        let found = store.audit(&scope, &filter, 10).await.unwrap();
        found.into_iter().map(|entry| entry.id.as_u128() - 0x7000).collect::<Vec<_>>()
    };
    assert_eq!(read(Scope::All, AuditFilter::default()).await, [6, 5, 4, 3, 2, 1]);
    assert_eq!(read(Scope::places([place("vn/1/")]), AuditFilter::default()).await, [3, 1]);
    let by_one = AuditFilter { actor: Some(id(1)), ..AuditFilter::default() };
    assert_eq!(read(Scope::All, by_one).await, [6, 5, 3]);
    let then = AuditFilter { from_ms: Some(10), until_ms: Some(30), ..AuditFilter::default() };
    assert_eq!(read(Scope::All, then).await, [5, 4, 3]);
    let before = AuditFilter { before: Some(Uuid::from_u128(0x7005)), ..AuditFilter::default() };
    assert_eq!(read(Scope::All, before).await, [4, 3, 2, 1]);
    let found = store.audit(&Scope::All, &AuditFilter::default(), 1).await.unwrap();
    assert_eq!(found[0].actor.as_deref(), Some("Trần Lan"));
}

async fn a_refused_change_leaves_no_entry(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    // The entry's id is taken, so the transaction fails as a whole.
    let grant = role(3, 1, Role::Author, "");
    assert!(store.add_grant(&grant, &entry(1, 5, Some(1), "")).await.is_err());
    assert_eq!(store.grants_of(id(1)).await.unwrap().len(), 1);
}

async fn an_identity_belongs_to_one_person(db: TestDatabase) {
    let store = &db.store;
    add(store, 1, "Lan", "vn/1/").await;
    add(store, 2, "Hà", "vn/1/").await;
    assert!(store.set_subject(id(1), Some("sub"), &entry(3, 1, None, "")).await.unwrap());
    assert!(!store.set_subject(id(2), Some("sub"), &entry(4, 1, None, "")).await.unwrap());
    assert_eq!(store.account_by_subject("sub").await.unwrap().map(|account| account.id), Some(id(1)));
    assert!(store.set_subject(id(1), None, &entry(5, 1, None, "")).await.unwrap());
    assert!(store.set_subject(id(2), Some("sub"), &entry(6, 1, None, "")).await.unwrap());
}

async fn administrators_from_before_keep_their_role(db: TestDatabase) {
    let admin = "INSERT INTO staff (id, name, password_hash, role, created_ms) \
                 VALUES ('00000000-0000-0000-0000-000000000001', 'Quản trị', 'hash', 'admin', 5)";
    let store = db.updated_from_before(4, &[admin]).await;
    let account = store.account_by_login("Quản trị", "-", "-").await.unwrap().unwrap();
    assert_eq!((account.whole_name.as_str(), account.given), ("Quản trị", false));
    let grants = store.grants_of(account.id).await.unwrap();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].grant, Grant { role: Role::SystemAdmin, place: None, part: None });
    store.close().await;
}
