//! Colleagues and their roles, as staff pages ask for them.

use app::api::colleagues::{ColleaguePage, Given, NewColleague, NewRole};
use domain::ids::StaffId;
use domain::role::{Part, ROLES, Role};

use super::{StaffBackend, rows};
use crate::access::{Permit, may};
use crate::failure::{Failure, Refusal};
use crate::places;
use crate::staff::colleagues::{self, Newcomer};
use crate::state::AppState;

impl StaffBackend {
    pub(super) async fn colleagues(
        &self,
        text: &str,
        after: Option<StaffId>,
    ) -> Result<ColleaguePage, Failure> {
        let permit = self.permit::<may::SeeStaff>().await?;
        let found = colleagues::list(&self.state, &permit, text, after).await?;
        let gives =
            |role: &Role| permit.grants().iter().any(|own| own.part.is_none() && own.role.may_give(*role));
        let may_give = ROLES.into_iter().filter(gives).collect();
        let page = rows::colleagues(found, permit.who(), may_give, self.state.clock.now_ms());
        Ok(ColleaguePage { single_sign_on: self.state.oidc.is_some(), ..page })
    }

    pub(super) async fn colleague_added(&self, new: NewColleague) -> Result<Given, Failure> {
        let permit = self.permit::<may::KeepStaff>().await?;
        let newcomer = Newcomer {
            name: &new.name,
            whole_name: &new.whole_name,
            phone: &new.phone,
            role: new.role.role,
            place: chosen(&self.state, &permit, &new.role).await?,
            until_ms: new.role.until_ms,
        };
        let (staff, password) = colleagues::add(&self.state, &permit, &newcomer).await?;
        Ok(Given { staff, password })
    }

    pub(super) async fn role_given(&self, staff: StaffId, role: NewRole) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepStaff>().await?;
        let place = chosen(&self.state, &permit, &role).await?;
        colleagues::give_role(&self.state, &permit, staff, (role.role, place, role.until_ms)).await
    }
}

/// Returns a chosen place or class with its name. One that is not there and one out of scope are the same.
async fn chosen(
    state: &AppState,
    permit: &Permit<may::KeepStaff>,
    role: &NewRole,
) -> Result<Option<colleagues::Place>, Failure> {
    if let Some(Part::Class(id)) = role.part {
        let found = state.store.class(permit.scope(), id).await?.ok_or(Refusal::NotFound)?;
        return Ok(Some(colleagues::Place { path: found.path, part: role.part, name: found.name }));
    }
    let Some(path) = &role.place else { return Ok(None) };
    let found = places::by_path(&state.store, path).await?;
    let found = found.filter(|_| permit.scope().covers(path)).ok_or(Refusal::NotFound)?;
    Ok(Some(colleagues::Place { path: path.clone(), part: role.part, name: found.name }))
}
