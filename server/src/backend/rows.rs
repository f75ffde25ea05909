//! What the store returns, turned into what travels.

use app::api::audit::{AuditPage, AuditRow};
use app::api::colleagues::{Colleague, ColleaguePage, RoleRow};
use app::api::myself::MyRole;
use app::api::phones::PhoneRow;
use app::api::places::PlaceRow;
use app::api::sessions::SessionRow;
use domain::ids::StaffId;
use domain::person::Group;
use domain::role::{Part, Role};
use uuid::Uuid;

use crate::places::Found;
use crate::staff::colleagues::PAGE;
use crate::store::{AuditEntry, StaffPhone, StaffRow, StoredGrant, StoredSession};

pub(super) fn my_role(given: StoredGrant) -> MyRole {
    MyRole {
        role: given.grant.role,
        group: group(given.grant.part),
        place_name: given.place_name,
        until_ms: given.until_ms,
    }
}

pub(super) fn session(found: StoredSession, this: Uuid) -> SessionRow {
    let StoredSession { id, device, created_ms, seen_ms, .. } = found;
    SessionRow { id, device, created_ms, seen_ms, is_this: id == this }
}

pub(super) fn phone(found: StaffPhone) -> PhoneRow {
    let StaffPhone { device, label, tied_ms, seen_ms, .. } = found;
    PhoneRow { device, label, tied_ms, seen_ms }
}

pub(super) fn place(found: Found) -> PlaceRow {
    PlaceRow { path: found.path, name: found.name, above: found.above }
}

pub(super) fn colleagues(
    found: Vec<StaffRow>,
    me: StaffId,
    may_give: Vec<Role>,
    now_ms: i64,
) -> ColleaguePage {
    let role = |given: StoredGrant| RoleRow {
        id: given.id,
        role: given.grant.role,
        group: group(given.grant.part),
        place_name: given.place_name,
        until_ms: given.until_ms,
    };
    let row = |row: StaffRow| Colleague {
        id: row.id,
        name: row.name,
        whole_name: row.whole_name,
        stopped: row.stopped,
        second_factor: row.second_factor,
        is_me: row.id == me,
        roles: row.grants.into_iter().filter(|grant| grant.holds(now_ms)).map(role).collect(),
    };
    let next = is_full(found.len()).then(|| found.last().map(|row| row.id)).flatten();
    ColleaguePage { rows: found.into_iter().map(row).collect(), next, may_give, single_sign_on: false }
}

pub(super) fn audit(found: Vec<AuditEntry>) -> AuditPage {
    let next = is_full(found.len()).then(|| found.last().map(|entry| entry.id)).flatten();
    AuditPage { rows: found.into_iter().map(audit_row).collect(), next }
}

pub(super) fn audit_row(entry: AuditEntry) -> AuditRow {
    AuditRow {
        id: entry.id,
        at_ms: entry.at_ms,
        actor: entry.actor,
        action: entry.action,
        staff: entry.staff,
        about_person: entry.person.is_some(),
        detail: entry.detail,
    }
}

fn group(part: Option<Part>) -> Option<Group> {
    match part {
        Some(Part::Group(group)) => Some(group),
        Some(Part::Class(_)) | None => None,
    }
}

fn is_full(rows: usize) -> bool {
    u32::try_from(rows).is_ok_and(|rows| rows >= PAGE)
}
