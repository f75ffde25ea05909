//! Classes: their list, opening and closing, who is in one and where each stands, codes and PINs for all of them.

use domain::ids::{ClassId, LearnerId};
use domain::place::PlaceId;
use domain::roll::Standing;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::people::{GivenCode, PersonChoice};

/// A class in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Names the class.
    pub id: ClassId,
    /// What it is called.
    pub name: String,
    /// Where it is held, from the nearest up.
    pub place: String,
    /// How many people are in it.
    pub members: u64,
    /// Whether nobody joins any more.
    pub closed: bool,
    /// Whether the caller may rename and close it.
    pub may_keep: bool,
}

/// Classes that were looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundClasses {
    /// Those that fit in one answer, open ones first.
    pub classes: Vec<ClassRow>,
    /// Whether there are more: a longer word finds them.
    pub more: bool,
}

/// Somebody in a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Names the person.
    pub id: LearnerId,
    /// The whole name; empty for somebody who has not said it yet.
    pub name: String,
    /// The year of birth.
    pub birth_year: Option<u16>,
    /// Whether she has a PIN; without one she cannot open her record.
    pub has_pin: bool,
    /// When she was entered, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// Where she stands.
    pub standing: Standing,
}

/// One class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenClass {
    /// The class.
    pub class: ClassRow,
    /// Its commune or hamlet.
    pub place: PlaceId,
    /// Whom of it the caller may see, sorted by given name.
    pub members: Vec<Member>,
}

/// Returns classes whose name contains every typed word, open ones first.
#[server(prefix = "/api/staff/v1", endpoint = "list-classes", input = Json, output = Json)]
pub async fn list_classes(typed: String) -> Result<FoundClasses, Problem> {
    super::backend::backend()?.list_classes(typed).await
}

/// Returns one class with its people.
#[server(prefix = "/api/staff/v1", endpoint = "see-class", input = Json, output = Json)]
pub async fn see_class(class: ClassId) -> Result<SeenClass, Problem> {
    super::backend::backend()?.see_class(class).await
}

/// Opens a class at a commune or hamlet.
#[server(prefix = "/api/staff/v1", endpoint = "open-class", input = Json, output = Json)]
pub async fn open_class(name: String, place: PlaceId) -> Result<ClassId, Problem> {
    super::backend::backend()?.open_class(name, place).await
}

/// Gives a class another name.
#[server(prefix = "/api/staff/v1", endpoint = "rename-class", input = Json, output = Json)]
pub async fn rename_class(class: ClassId, name: String) -> Result<(), Problem> {
    super::backend::backend()?.rename_class(class, name).await
}

/// Closes a class, or opens it again.
#[server(prefix = "/api/staff/v1", endpoint = "close-class", input = Json, output = Json)]
pub async fn close_class(class: ClassId, closed: bool) -> Result<(), Problem> {
    super::backend::backend()?.close_class(class, closed).await
}

/// Puts a person into a class.
#[server(prefix = "/api/staff/v1", endpoint = "join-class", input = Json, output = Json)]
pub async fn join_class(class: ClassId, person: LearnerId) -> Result<(), Problem> {
    super::backend::backend()?.join_class(class, person).await
}

/// Takes a person out of a class; nothing else of her changes.
#[server(prefix = "/api/staff/v1", endpoint = "leave-class", input = Json, output = Json)]
pub async fn leave_class(class: ClassId, person: LearnerId) -> Result<(), Problem> {
    super::backend::backend()?.leave_class(class, person).await
}

/// Gives a PIN to members who have none, some at a time; returns them with the codes until nobody is left.
#[server(prefix = "/api/staff/v1", endpoint = "give-class-pins", input = Json, output = Json)]
pub async fn give_class_pins(class: ClassId) -> Result<Vec<GivenCode>, Problem> {
    super::backend::backend()?.give_class_pins(class).await
}

/// Returns people to choose one from, for whom what was typed is the beginning of a word of the name, of the code or number.
#[server(prefix = "/api/staff/v1", endpoint = "find-person-for-class", input = Json, output = Json)]
pub async fn find_person_for_class(typed: String) -> Result<Vec<PersonChoice>, Problem> {
    super::backend::backend()?.find_person_for_class(typed).await
}
