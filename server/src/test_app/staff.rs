//! Staff for tests: signed in without a password, because hashing one takes longer than the test.

use axum::body::Body;
use axum::http::{Request, header};
use domain::ids::StaffId;
use domain::role::Role;
use domain::scope::PlacePath;
use domain::text::fold;
use serde_json::Value;
use uuid::Uuid;

use super::{Answer, TestApp};
use crate::staff::sign_in::{self, SignedIn};
use crate::store::{NewAudit, NewGrant, NewStaff};
use crate::totp;

/// Two neighbouring communes and their province.
pub(crate) const HERE: &str = "vn/44@20250701/18880@20250701/";
pub(crate) const NEIGHBOUR: &str = "vn/44@20250701/18871@20250701/";
pub(crate) const PROVINCE: &str = "vn/44@20250701/";

/// Somebody of the staff.
pub(crate) struct TestStaff {
    pub(crate) id: StaffId,
    /// What the browser sends.
    pub(crate) cookie: String,
    /// The role given at the beginning.
    pub(crate) grant: Uuid,
}

impl TestApp {
    /// Adds somebody with a role (and a place, unless it is empty) and signs her in, second factor passed.
    pub(crate) async fn staff(&self, name: &str, role: Role, place: &str) -> TestStaff {
        let staff = self.staff_without_factor(name, role, place, false).await;
        let state = &self.state;
        let session = state.store.sessions_of(staff.id).await.unwrap()[0].id;
        let sealed = state.seal.seal(&[7; totp::SECRET_BYTES], &format!("totp {}", staff.id));
        let entry = self.entry();
        state.store.set_second_factor((staff.id, session), (&sealed, 0), &[], &entry).await.unwrap();
        staff
    }

    /// Adds somebody and signs her in by half: no second factor, and perhaps a given password.
    pub(crate) async fn staff_without_factor(
        &self,
        name: &str,
        role: Role,
        place: &str,
        given: bool,
    ) -> TestStaff {
        let state = &self.state;
        let (id, grant) = (StaffId(state.random.id(self.state.clock.now_ms())), state.random.id(0));
        let new = NewStaff {
            id,
            name: name.into(),
            login_key: fold(name),
            whole_name: name.into(),
            folded: fold(&format!("{name} {name}")),
            phone: None,
            password_hash: "no password".into(),
            given,
        };
        let role = NewGrant {
            id: grant,
            staff: id,
            role,
            place: PlacePath::parse(place),
            part: None,
            place_name: place.into(),
            by: None,
            from_ms: 0,
            until_ms: None,
        };
        assert!(state.store.add_staff(&new, &role, &self.entry(), 0).await.unwrap(), "{name} is taken");
        let account = state.store.account(id).await.unwrap().unwrap();
        let SignedIn { session_token, .. } = sign_in::begin(state, &account, None, "test").await.unwrap();
        TestStaff { id, cookie: format!("bdhvs={session_token}"), grant }
    }

    fn entry(&self) -> NewAudit {
        let at_ms = self.state.clock.now_ms();
        NewAudit {
            id: self.state.random.id(at_ms),
            at_ms,
            actor: None,
            action: "test",
            person: None,
            staff: None,
            place: None,
            detail: String::new(),
        }
    }

    /// Calls a server function as a page of ours does.
    pub(crate) async fn call(&self, who: Option<&TestStaff>, function: &str, body: Value) -> Answer {
        let mut request = Request::post(format!("/api/staff/v1/{function}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("sec-fetch-site", "same-origin");
        if let Some(who) = who {
            request = request.header(header::COOKIE, &who.cookie);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Hands in a plain form.
    pub(crate) async fn form(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(pairs.join("&"))).unwrap()).await
    }
}

impl Answer {
    /// Returns where an answer leads, without a `#` that names nothing.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        let location = self.headers[header::LOCATION].to_str().unwrap();
        assert!(location.contains('#'), "a browser would keep the sentence of the try before: {location}");
        location.trim_end_matches('#')
    }

    /// Returns the cookies an answer sets, as a browser sends them back.
    pub(crate) fn cookies(&self) -> String {
        let set = self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        set.map(|text| text.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
    }
}
