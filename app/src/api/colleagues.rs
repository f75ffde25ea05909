//! Colleagues: their list, new ones, their roles, help with a lost password.

use domain::ids::StaffId;
use domain::person::Group;
use domain::role::{Part, Role};
use domain::scope::PlacePath;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Problem;

/// A colleague in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Names the colleague.
    pub id: StaffId,
    /// How the colleague signs in.
    pub name: String,
    /// The whole name.
    pub whole_name: String,
    /// Whether the account is stopped.
    pub stopped: bool,
    /// Whether the second factor is set up.
    pub second_factor: bool,
    /// Whether it is the one who asks.
    pub is_me: bool,
    /// Roles within the caller's scope that hold now.
    pub roles: Vec<RoleRow>,
}

/// A role that a colleague holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRow {
    /// Names it.
    pub id: Uuid,
    /// The role.
    pub role: Role,
    /// Where it holds, or the class; empty for everywhere.
    pub place_name: String,
    /// The group for which it holds; nothing for everybody there.
    pub group: Option<Group>,
    /// Until when, in milliseconds since 1970 UTC.
    pub until_ms: Option<i64>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleaguePage {
    /// Sorted by name.
    pub rows: Vec<Colleague>,
    /// After whom the next page begins, if there is more.
    pub next: Option<StaffId>,
    /// Roles that the caller may give.
    pub may_give: Vec<Role>,
    /// Whether colleagues may sign in with an account elsewhere.
    pub single_sign_on: bool,
}

/// Somebody to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewColleague {
    /// How the colleague will sign in.
    pub name: String,
    /// The whole name.
    pub whole_name: String,
    /// A phone, or nothing.
    pub phone: String,
    /// The first role.
    pub role: NewRole,
}

/// A role to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRole {
    /// The role.
    pub role: Role,
    /// Where; nothing for roles without a place, and for one in a class, which has its own.
    pub place: Option<PlacePath>,
    /// For which people there; nothing for all of them.
    pub part: Option<Part>,
    /// Until when, in milliseconds since 1970 UTC; nothing for until further notice.
    pub until_ms: Option<i64>,
}

/// A password to hand out, shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// For whom.
    pub staff: StaffId,
    /// The password.
    pub password: String,
}

/// Returns a page of colleagues whose name contains every typed word.
#[server(prefix = "/api/staff/v1", endpoint = "list-colleagues", input = Json, output = Json)]
pub async fn list_colleagues(text: String, after: Option<StaffId>) -> Result<ColleaguePage, Problem> {
    super::backend::backend()?.list_colleagues(text, after).await
}

/// Adds a colleague; returns a password to hand out.
#[server(prefix = "/api/staff/v1", endpoint = "add-colleague", input = Json, output = Json)]
pub async fn add_colleague(new: NewColleague) -> Result<Given, Problem> {
    super::backend::backend()?.add_colleague(new).await
}

/// Stops a colleague's account, or opens it again.
#[server(prefix = "/api/staff/v1", endpoint = "stop-colleague", input = Json, output = Json)]
pub async fn stop_colleague(staff: StaffId, stopped: bool) -> Result<(), Problem> {
    super::backend::backend()?.stop_colleague(staff, stopped).await
}

/// Returns a new password for a colleague who lost password or phone.
#[server(prefix = "/api/staff/v1", endpoint = "give-password", input = Json, output = Json)]
pub async fn give_password(staff: StaffId) -> Result<Given, Problem> {
    super::backend::backend()?.give_password(staff).await
}

/// Gives a colleague one more role.
#[server(prefix = "/api/staff/v1", endpoint = "give-role", input = Json, output = Json)]
pub async fn give_role(staff: StaffId, role: NewRole) -> Result<(), Problem> {
    super::backend::backend()?.give_role(staff, role).await
}

/// Takes a role from a colleague.
#[server(prefix = "/api/staff/v1", endpoint = "end-role", input = Json, output = Json)]
pub async fn end_role(grant: Uuid) -> Result<(), Problem> {
    super::backend::backend()?.end_role(grant).await
}

/// Says who a colleague is to the OpenID provider; an empty text takes it back.
#[server(prefix = "/api/staff/v1", endpoint = "link-identity", input = Json, output = Json)]
pub async fn link_identity(staff: StaffId, subject: String) -> Result<(), Problem> {
    super::backend::backend()?.link_identity(staff, subject).await
}
