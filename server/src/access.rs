//! Who is asking, and what they may do. A [`Permit`] is a value that only [`permit`] makes, so that no use case can forget
//! the check: it takes the permit as an argument.
//!
//! To protect a new use case: an [`Action`] with its row in the table of `domain::role`, its line in [`may`], and a
//! parameter `&Permit<may::…>`. SQL takes the permit's [`Scope`].

use std::marker::PhantomData;

use domain::ids::StaffId;
use domain::role::{Action, Grant, scope_of};
use domain::scope::Scope;
use uuid::Uuid;

use crate::devices::ProvenDevice;
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{Account, SEEN_STEP_MS, StoreError};

/// A session that nobody uses ends after this: a working day.
pub const IDLE_MS: i64 = 12 * 3_600_000;

/// A session ends after this in any case: a month.
pub const SESSION_MS: i64 = 30 * 86_400_000;

/// How far the sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the code of the second factor is still to come.
    SecondFactor,
    /// The password was chosen by somebody else and has to be changed first.
    NewPassword,
    /// Signed in.
    Open,
}

/// Somebody who is signed in, at least by half: obtained only from [`session`].
#[derive(Debug, Clone)]
pub struct Session {
    id: Uuid,
    account: Account,
    grants: Vec<Grant>,
    stage: Stage,
    second_factor: bool,
}

impl Session {
    /// Returns which session it is.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Returns who is signed in.
    pub fn who(&self) -> StaffId {
        self.account.id
    }

    /// Returns the account of who is signed in.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Returns the roles held now, also those that wait for the second factor.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Returns how far the sign-in has come.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Returns the roles that count now: some need the second factor.
    pub fn counting(&self) -> Vec<Grant> {
        let counts = |grant: &&Grant| self.second_factor || !grant.role.needs_second_factor();
        self.grants.iter().filter(counts).cloned().collect()
    }
}

/// Returns the session of a cookie's token.
///
/// # Errors
/// [`Refusal::SignInNeeded`] when there is none, it is over, or the account is stopped.
pub async fn session(state: &AppState, token_hash: Option<&str>) -> Result<Session, Failure> {
    let now_ms = state.clock.now_ms();
    let found = match token_hash {
        Some(hash) => state.store.session(hash).await?,
        None => None,
    };
    let found = found.ok_or(Refusal::SignInNeeded)?;
    if now_ms - found.created_ms >= SESSION_MS || now_ms - found.seen_ms >= IDLE_MS {
        return Err(Refusal::SignInNeeded.into());
    }
    let account = state.store.account(found.staff).await?.filter(|account| !account.stopped);
    let account = account.ok_or(Refusal::SignInNeeded)?;
    if found.seen_ms + SEEN_STEP_MS <= now_ms {
        state.store.touch_session(found.id, now_ms).await?;
    }
    let given = state.store.grants_of(account.id).await?;
    let grants = given.into_iter().filter(|grant| grant.holds(now_ms)).map(|given| given.grant).collect();
    let has_factor = account.totp_sealed.is_some();
    let stage = if has_factor && !found.code_passed {
        Stage::SecondFactor
    } else if account.given {
        Stage::NewPassword
    } else {
        Stage::Open
    };
    Ok(Session { id: found.id, grants, stage, second_factor: has_factor && found.code_passed, account })
}

/// The right to do something: obtained only from [`permit`].
#[derive(Debug, Clone)]
pub struct Permit<A> {
    who: StaffId,
    scope: Scope,
    grants: Vec<Grant>,
    action: PhantomData<A>,
}

impl<A> Permit<A> {
    /// Returns who may.
    pub fn who(&self) -> StaffId {
        self.who
    }

    /// Returns for whom or where.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns the roles that count now, for rules about giving roles.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }
}

/// An action as a type.
pub trait Deed {
    /// The action.
    const ACTION: Action;
}

/// Every action as a type, for [`Permit`].
pub mod may {
    use super::{Action, Deed};

    macro_rules! deeds {
        ($($name:ident),* $(,)?) => {
            $(
                #[doc = concat!("See [`Action::", stringify!($name), "`].")]
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl Deed for $name {
                    const ACTION: Action = Action::$name;
                }
            )*
        };
    }

    deeds!(
        KeepOwnAccount,
        FindPlaces,
        EnrolPeople,
        SeePeople,
        CorrectPeople,
        MovePeople,
        JoinPeople,
        AnswerRequests,
        KeepHamlets,
        KeepClasses,
        SeeStaff,
        KeepStaff,
        SeeAudit,
        KeepIncidents,
        SeeReports,
        WriteLessons,
        ReviewLessons,
        PublishLessons,
    );
}

/// Returns the right to do something, with its scope.
///
/// # Errors
/// [`Refusal::SignInNeeded`] and [`Refusal::NewPasswordNeeded`] while the sign-in is not complete,
/// [`Refusal::SecondFactorNeeded`] when a role would allow it but waits for the second factor, else
/// [`Refusal::NotAllowed`].
pub fn permit<A: Deed>(session: &Session) -> Result<Permit<A>, Refusal> {
    match session.stage {
        Stage::SecondFactor => return Err(Refusal::SignInNeeded),
        Stage::NewPassword => return Err(Refusal::NewPasswordNeeded),
        Stage::Open => {}
    }
    let (who, grants) = (session.who(), session.counting());
    // One's own account is where the second factor is set up; it asks for no role.
    let scope = if A::ACTION == Action::KeepOwnAccount {
        Some(Scope::places([]))
    } else {
        scope_of(who, &grants, A::ACTION)
    };
    match scope {
        Some(scope) => Ok(Permit { who, scope, grants, action: PhantomData }),
        None if scope_of(who, &session.grants, A::ACTION).is_some() => Err(Refusal::SecondFactorNeeded),
        None => Err(Refusal::NotAllowed),
    }
}

/// Returns the right of the colleague to whom a phone is tied: only what her roles allow without a second factor, for a phone
/// in a village passes none. Nothing when the phone is tied to nobody, the account is stopped, or no role allows it.
///
/// # Errors
/// When the database fails.
pub async fn phone_permit<A: Deed>(
    state: &AppState,
    device: ProvenDevice,
) -> Result<Option<Permit<A>>, StoreError> {
    let Some(tied) = state.store.staff_phone(device.id()).await? else { return Ok(None) };
    if state.store.account(tied.staff).await?.is_none_or(|account| account.stopped) {
        return Ok(None);
    }
    let now_ms = state.clock.now_ms();
    let given = state.store.grants_of(tied.staff).await?;
    let holding = given.into_iter().filter(|grant| grant.holds(now_ms)).map(|given| given.grant);
    let grants: Vec<Grant> = holding.filter(|grant| !grant.role.needs_second_factor()).collect();
    let scope = scope_of(tied.staff, &grants, A::ACTION);
    Ok(scope.map(|scope| Permit { who: tied.staff, scope, grants, action: PhantomData }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::role::Role;
    use domain::scope::PlacePath;

    fn session(stage: Stage, second_factor: bool, role: Role) -> Session {
        let place = role.has_place().then(|| PlacePath::parse("vn/44/1/").unwrap());
        Session {
            id: Uuid::nil(),
            account: Account {
                id: StaffId(Uuid::nil()),
                name: "a".into(),
                whole_name: "A".into(),
                password_hash: String::new(),
                given: false,
                stopped: false,
                totp_sealed: None,
                totp_step: 0,
            },
            grants: vec![Grant { role, place, part: None }],
            stage,
            second_factor,
        }
    }

    #[test]
    fn a_permit_needs_a_complete_sign_in_and_a_role() {
        let see = |stage, factor, role| permit::<may::SeeStaff>(&session(stage, factor, role)).map(|_| ());
        assert_eq!(see(Stage::SecondFactor, false, Role::PlaceAdmin), Err(Refusal::SignInNeeded));
        assert_eq!(see(Stage::NewPassword, true, Role::PlaceAdmin), Err(Refusal::NewPasswordNeeded));
        assert_eq!(see(Stage::Open, false, Role::PlaceAdmin), Err(Refusal::SecondFactorNeeded));
        assert_eq!(see(Stage::Open, true, Role::PlaceAdmin), Ok(()));
        assert_eq!(see(Stage::Open, true, Role::Ambassador), Err(Refusal::NotAllowed));
        let own = permit::<may::KeepOwnAccount>(&session(Stage::Open, false, Role::SystemAdmin)).unwrap();
        assert_eq!(own.scope(), &Scope::places([]), "one's own account opens nobody else's");
    }

    #[test]
    fn a_permit_carries_its_scope() {
        let permit = permit::<may::SeePeople>(&session(Stage::Open, false, Role::Ambassador)).unwrap();
        let place = PlacePath::parse("vn/44/1/").unwrap();
        assert_eq!(permit.scope(), &Scope::ambassador(permit.who(), [place]));
    }
}
