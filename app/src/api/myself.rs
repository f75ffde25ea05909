//! Who is signed in, and what she may do: what every staff page asks first.

use domain::person::Group;
use domain::role::{Action, Role};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Myself {
    /// How she signs in.
    pub name: String,
    /// Her whole name.
    pub whole_name: String,
    /// The roles she holds.
    pub roles: Vec<MyRole>,
    /// What she may do now.
    pub may: Vec<Action>,
    /// Whether her second factor is set up.
    pub second_factor: bool,
    /// Recovery codes left.
    pub recovery_codes: u32,
    /// Whether a role of hers waits for the second factor.
    pub wants_second_factor: bool,
}

/// A role that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRole {
    /// The role.
    pub role: Role,
    /// Where it holds, or the class; empty for everywhere.
    pub place_name: String,
    /// The group for which it holds; nothing for everybody there.
    pub group: Option<Group>,
    /// Until when, in milliseconds since 1970 UTC.
    pub until_ms: Option<i64>,
}

/// Returns who is signed in.
#[server(prefix = "/api/staff/v1", endpoint = "who-am-i", input = Json, output = Json)]
pub async fn who_am_i() -> Result<Myself, Problem> {
    super::backend::backend()?.who_am_i().await
}
