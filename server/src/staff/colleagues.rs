//! Colleagues: who works where, with which roles; adding, stopping, helping with a lost password; who did what.
//!
//! Somebody in charge of a place sees those who hold or held a role there, and of their roles only those there. Stopping
//! an account or handing out a password asks for more: every role the colleague holds must be one that the caller could
//! have given, or a commune could lock out its province.

use domain::ids::StaffId;
use domain::role::{Part, Role, may_give};
use domain::scope::{PlacePath, Scope};
use domain::text::{fold, tidy_spaces};
use uuid::Uuid;

use super::{entry, new_id, password, sign_in::phone_key};
use crate::access::{Permit, may};
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{AuditEntry, AuditFilter, NewGrant, NewPassword, NewStaff, StaffRow, StoredGrant};

type Keep = Permit<may::KeepStaff>;

/// Colleagues or entries on one page.
pub const PAGE: u32 = 50;

/// Longest sign-in name, in characters.
const LOGIN_MAX_CHARS: usize = 40;

/// Somebody to add.
#[derive(Debug, Clone)]
pub struct Newcomer<'a> {
    /// How the person signs in.
    pub name: &'a str,
    /// The person's whole name.
    pub whole_name: &'a str,
    /// The person's phone; may be empty.
    pub phone: &'a str,
    /// The first role.
    pub role: Role,
    /// Where; nothing for roles without a place.
    pub place: Option<Place>,
    /// Until when, in milliseconds since 1970 UTC; nothing for until further notice.
    pub until_ms: Option<i64>,
}

/// A place as it was chosen.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its path.
    pub path: PlacePath,
    /// For which people there; nothing for all of them.
    pub part: Option<Part>,
    /// Its name, or that of the class.
    pub name: String,
}

/// Returns a page of colleagues within the caller's scope, and writes down that the list was opened.
///
/// # Errors
/// When the database fails.
pub async fn list(
    state: &AppState,
    permit: &Permit<may::SeeStaff>,
    text: &str,
    after: Option<StaffId>,
) -> Result<Vec<StaffRow>, Failure> {
    // A cursor names somebody of the list; anybody else would show where her name stands in it.
    let known = match after {
        Some(id) => state.store.grants_of(id).await?.iter().any(|grant| is_within(permit.scope(), grant)),
        None => false,
    };
    let last = match after.filter(|_| known) {
        Some(id) => state.store.account(id).await?,
        None => None,
    };
    let folded = last.as_ref().map(|account| folded(&account.whole_name, &account.name));
    let after = folded.as_deref().zip(last.as_ref().map(|account| account.id));
    let mut rows = state.store.staff_within(permit.scope(), &fold(text), after, PAGE).await?;
    for row in &mut rows {
        row.grants.retain(|grant| is_within(permit.scope(), grant));
    }
    state.store.add_audit(&entry(state, permit.who(), "staff-listed", None)).await?;
    Ok(rows)
}

/// Adds a colleague with a first role; returns a password to hand out.
///
/// # Errors
/// [`Refusal::NotAllowed`] for a role or place the caller cannot give, [`Refusal::FieldRefused`],
/// [`Refusal::NameTaken`].
pub async fn add(state: &AppState, permit: &Keep, new: &Newcomer<'_>) -> Result<(StaffId, String), Failure> {
    let place = new.place.as_ref().map(|place| &place.path);
    if !may_give(permit.grants(), new.role, place, new.place.as_ref().and_then(|place| place.part)) {
        return Err(Refusal::NotAllowed.into());
    }
    let (name, whole_name) = (tidy_spaces(new.name), tidy_spaces(new.whole_name));
    domain::event::check_name(&whole_name).map_err(|_| Refusal::FieldRefused)?;
    let login_key = fold(&name);
    if login_key.is_empty() || name.chars().count() > LOGIN_MAX_CHARS || phone_key(&name) != "-" {
        return Err(Refusal::FieldRefused.into());
    }
    let phone = match (new.phone.trim(), phone_key(new.phone)) {
        ("", _) => None,
        (_, key) if key == "-" => return Err(Refusal::FieldRefused.into()),
        (_, key) => Some(key),
    };
    let (id, now_ms) = (StaffId(new_id(state)), state.clock.now_ms());
    let given = password::to_give(&state.random);
    let account = NewStaff {
        id,
        folded: folded(&whole_name, &name),
        name,
        login_key,
        whole_name,
        phone,
        password_hash: state.secrets.hash(&given).await?,
        given: true,
    };
    let grant = a_grant(state, permit, id, new.role, new.place.clone(), new.until_ms);
    let mut told = entry(state, permit.who(), "staff-added", Some(id));
    (told.place, told.detail) = (place.cloned(), new.role.as_str().into());
    let added = state.store.add_staff(&account, &grant, &told, now_ms).await?;
    if added { Ok((id, given)) } else { Err(Refusal::NameTaken.into()) }
}

/// Stops a colleague's account, which ends all sessions, or opens it again.
///
/// # Errors
/// [`Refusal::NotFound`] out of scope, [`Refusal::NotAllowed`] when the colleague holds a role the caller cannot give,
/// or is the caller.
pub async fn set_stopped(
    state: &AppState,
    permit: &Keep,
    staff: StaffId,
    stopped: bool,
) -> Result<(), Failure> {
    let place = whole_colleague(state, permit, staff).await?;
    let mut told =
        entry(state, permit.who(), if stopped { "staff-stopped" } else { "staff-reopened" }, Some(staff));
    told.place = place;
    let at_ms = stopped.then(|| state.clock.now_ms());
    Ok(state.store.set_stopped(staff, at_ms, &told).await?)
}

/// Helps a colleague who lost password or phone: returns a password to hand out; sessions and second factor are gone.
///
/// # Errors
/// As [`set_stopped`].
pub async fn give_password(state: &AppState, permit: &Keep, staff: StaffId) -> Result<String, Failure> {
    let place = whole_colleague(state, permit, staff).await?;
    let given = password::to_give(&state.random);
    let hash = state.secrets.hash(&given).await?;
    let new = NewPassword { staff, hash, given: true, without_factor: true, keep: None };
    let mut told = entry(state, permit.who(), "password-given", Some(staff));
    told.place = place;
    state.store.set_password(&new, &told).await?;
    Ok(given)
}

/// Gives a colleague within the caller's scope one more role.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotAllowed`].
pub async fn give_role(
    state: &AppState,
    permit: &Keep,
    staff: StaffId,
    (role, place, until_ms): (Role, Option<Place>, Option<i64>),
) -> Result<(), Failure> {
    colleague(state, permit, staff).await?;
    let (path, part) =
        (place.as_ref().map(|place| place.path.clone()), place.as_ref().and_then(|place| place.part));
    // Nobody raises herself: a second pair of eyes gives the role.
    if staff == permit.who() || !may_give(permit.grants(), role, path.as_ref(), part) {
        return Err(Refusal::NotAllowed.into());
    }
    let mut told = entry(state, permit.who(), "role-given", Some(staff));
    (told.place, told.detail) = (path, role.as_str().into());
    Ok(state.store.add_grant(&a_grant(state, permit, staff, role, place, until_ms), &told).await?)
}

/// Takes a role from a colleague.
///
/// # Errors
/// [`Refusal::NotFound`] also for a role out of scope, [`Refusal::NotAllowed`] for one the caller could not give, or
/// one of the caller's own.
pub async fn end_role(state: &AppState, permit: &Keep, grant: Uuid) -> Result<(), Failure> {
    let found = state.store.grant(grant).await?.filter(|grant| is_within(permit.scope(), grant));
    let found = found.ok_or(Refusal::NotFound)?;
    let (role, place, part) = (found.grant.role, found.grant.place.clone(), found.grant.part);
    if found.staff == permit.who() || !may_give(permit.grants(), role, place.as_ref(), part) {
        return Err(Refusal::NotAllowed.into());
    }
    let mut told = entry(state, permit.who(), "role-ended", Some(found.staff));
    (told.place, told.detail) = (place, role.as_str().into());
    let ended = state.store.end_grant(grant, permit.who(), state.clock.now_ms(), &told).await?;
    if ended { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

/// Says who a colleague is to the OpenID provider (nothing: nobody).
///
/// # Errors
/// As [`set_stopped`]; [`Refusal::NameTaken`] when somebody else is that.
pub async fn link_identity(
    state: &AppState,
    permit: &Keep,
    staff: StaffId,
    subject: Option<&str>,
) -> Result<(), Failure> {
    let place = whole_colleague(state, permit, staff).await?;
    let mut told = entry(state, permit.who(), "identity-linked", Some(staff));
    told.place = place;
    let linked = state.store.set_subject(staff, subject, &told).await?;
    if linked { Ok(()) } else { Err(Refusal::NameTaken.into()) }
}

/// Returns a page of the audit log within the caller's scope, and writes down that it was read.
///
/// # Errors
/// When the database fails.
pub async fn audit(
    state: &AppState,
    permit: &Permit<may::SeeAudit>,
    filter: &AuditFilter,
) -> Result<Vec<AuditEntry>, Failure> {
    let entries = state.store.audit(permit.scope(), filter, PAGE).await?;
    state.store.add_audit(&entry(state, permit.who(), "audit-read", None)).await?;
    Ok(entries)
}

/// Returns a colleague's roles that hold now or later, of one who holds or held any within the caller's scope.
async fn colleague(state: &AppState, permit: &Keep, staff: StaffId) -> Result<Vec<StoredGrant>, Failure> {
    let grants = state.store.grants_of(staff).await?;
    if !grants.iter().any(|grant| is_within(permit.scope(), grant)) {
        return Err(Refusal::NotFound.into());
    }
    let now_ms = state.clock.now_ms();
    Ok(grants.into_iter().filter(|grant| grant.until_ms.is_none_or(|until_ms| until_ms > now_ms)).collect())
}

/// Refuses a colleague who holds a role the caller cannot give, and the caller herself; returns where the colleague is.
async fn whole_colleague(
    state: &AppState,
    permit: &Keep,
    staff: StaffId,
) -> Result<Option<PlacePath>, Failure> {
    let grants = colleague(state, permit, staff).await?;
    let below = |StoredGrant { grant, .. }: &StoredGrant| {
        may_give(permit.grants(), grant.role, grant.place.as_ref(), grant.part)
    };
    if staff == permit.who() || !grants.iter().all(below) {
        return Err(Refusal::NotAllowed.into());
    }
    Ok(grants.into_iter().find_map(|grant| grant.grant.place))
}

fn is_within(scope: &Scope, grant: &StoredGrant) -> bool {
    match (scope, &grant.grant.place) {
        (Scope::All, _) => true,
        (_, None) => false,
        (scope, Some(place)) => scope.covers(place),
    }
}

fn a_grant(
    state: &AppState,
    permit: &Keep,
    staff: StaffId,
    role: Role,
    place: Option<Place>,
    until_ms: Option<i64>,
) -> NewGrant {
    let part = place.as_ref().and_then(|place| place.part);
    let (place, place_name) = place.map_or((None, String::new()), |place| (Some(place.path), place.name));
    NewGrant {
        id: new_id(state),
        staff,
        role,
        place,
        part,
        place_name,
        by: Some(permit.who()),
        from_ms: state.clock.now_ms(),
        until_ms,
    }
}

/// Returns what a colleague is searched and sorted by.
fn folded(whole_name: &str, name: &str) -> String {
    fold(&format!("{whole_name} {name}"))
}
