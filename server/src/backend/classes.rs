//! Classes, as staff pages ask for them: the use cases of [`crate::people`], and what stands in the log.

use std::collections::BTreeMap;

use app::api::classes::{ClassRow, FoundClasses, Member, SeenClass};
use app::api::people::GivenCode;
use domain::ids::{ClassId, LearnerId};
use domain::place::PlaceId;
use domain::scope::PlacePath;

use super::StaffBackend;
use super::people::handed_out;
use crate::access::{Permit, may, permit};
use crate::failure::Failure;
use crate::people;
use crate::staff::entry;
use crate::standing::Lessons;
use crate::store::{Class, ListedClass, Person};

/// Names of units beside a class: a hamlet and its commune.
const PLACE_NAMES: usize = 2;

impl StaffBackend {
    pub(super) async fn classes(&self, typed: &str) -> Result<FoundClasses, Failure> {
        let session = self.session().await?;
        let see = permit::<may::SeePeople>(&session)?;
        let (found, more) = people::list_classes(self.acting(&see), typed).await?;
        let paths: Vec<&PlacePath> = found.iter().map(|listed| &listed.class.path).collect();
        let names = self.state.store.place_names(&paths).await?;
        let keep = permit::<may::KeepClasses>(&session).ok();
        let classes = found.into_iter().map(|listed| row(keep.as_ref(), listed, &names)).collect();
        Ok(FoundClasses { classes, more })
    }

    pub(super) async fn class(&self, id: ClassId) -> Result<SeenClass, Failure> {
        let session = self.session().await?;
        let see = permit::<may::SeePeople>(&session)?;
        let (class, members) = people::members(self.acting(&see), id).await?;
        let mut looked = entry(&self.state, see.who(), "class-seen", None);
        (looked.place, looked.detail) = (Some(class.path.clone()), class.name.clone());
        self.state.store.add_audit(&looked).await?;
        let names = self.state.store.place_names(&[&class.path]).await?;
        let ids: Vec<LearnerId> = members.iter().map(|person| person.id).collect();
        let (without_pin, mut learned) =
            (self.state.store.without_pin(&ids).await?, self.state.store.learning_of(&ids).await?);
        let (lessons, now_ms) = (Lessons::of(&self.state), self.state.clock.now_ms());
        let member = |person: Person| Member {
            id: person.id,
            has_pin: !without_pin.contains(&person.id),
            since_ms: person.created_ms,
            standing: lessons.standing(&learned.remove(&person.id).unwrap_or_default(), now_ms),
            name: person.details.name,
            birth_year: person.details.birth_year,
        };
        let members: Vec<Member> = members.into_iter().map(member).collect();
        let number = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let place = class.place.clone();
        let keep = permit::<may::KeepClasses>(&session).ok();
        let class = row(keep.as_ref(), ListedClass { class, members: number }, &names);
        Ok(SeenClass { class, place, members })
    }

    pub(super) async fn class_opened(&self, name: &str, place: &PlaceId) -> Result<ClassId, Failure> {
        let permit = self.permit::<may::KeepClasses>().await?;
        Ok(people::open_class(self.acting(&permit), name, place).await?.id)
    }

    pub(super) async fn class_renamed(&self, id: ClassId, name: &str) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepClasses>().await?;
        people::rename_class(self.acting(&permit), id, name).await?;
        Ok(())
    }

    pub(super) async fn class_closed(&self, id: ClassId, closed: bool) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepClasses>().await?;
        people::close_class(self.acting(&permit), id, closed).await?;
        Ok(())
    }

    pub(super) async fn class_joined(&self, id: ClassId, person: LearnerId) -> Result<(), Failure> {
        let permit = self.permit::<may::CorrectPeople>().await?;
        Ok(people::join_class(self.acting(&permit), id, person).await?)
    }

    pub(super) async fn class_left(&self, id: ClassId, person: LearnerId) -> Result<(), Failure> {
        let permit = self.permit::<may::CorrectPeople>().await?;
        Ok(people::leave_class(self.acting(&permit), id, person).await?)
    }

    pub(super) async fn class_pins(&self, id: ClassId) -> Result<Vec<GivenCode>, Failure> {
        let permit = self.permit::<may::EnrolPeople>().await?;
        let given = people::give_pins(self.acting(&permit), &self.state.secrets, id).await?;
        Ok(given.into_iter().map(handed_out).collect())
    }
}

fn row(
    keep: Option<&Permit<may::KeepClasses>>,
    listed: ListedClass,
    names: &BTreeMap<PlaceId, String>,
) -> ClassRow {
    let Class { id, name, path, closed_ms, .. } = listed.class;
    let units = path.ids().rev().take(PLACE_NAMES).filter_map(|id| names.get(&id.parse().ok()?).cloned());
    ClassRow {
        id,
        name,
        place: units.collect::<Vec<_>>().join(", "),
        members: listed.members,
        closed: closed_ms.is_some(),
        may_keep: keep.is_some_and(|keep| keep.scope().covers(&path)),
    }
}
