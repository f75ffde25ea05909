//! The tree of places and its hamlets, as the staff page asks for them. Places are public; how many people live in them is not.

use std::collections::BTreeMap;

use app::api::place_tree::{NamedPlace, OpenedPlace, PlaceBelow, PlaceHit, RelatedPlace, RelatedPlaces};
use domain::dated_fact::Day;
use domain::place::{Level, PlaceId, day_number};
use domain::scope::Scope;

use super::StaffBackend;
use crate::access::{Session, may, permit};
use crate::failure::{Failure, Refusal};
use crate::places::hamlets;
use crate::places::tree::{self, Opened, Related};
use crate::store::{FoundPlace, Place};

/// How many people live in each unit, if the caller may see people there.
type PeopleIn = Option<BTreeMap<PlaceId, u64>>;

impl StaffBackend {
    pub(super) async fn opened(&self, id: Option<PlaceId>, before: bool) -> Result<OpenedPlace, Failure> {
        let session = self.session().await?;
        permit::<may::FindPlaces>(&session)?;
        let id = id.unwrap_or_else(PlaceId::country);
        let found = tree::open(&self.state.store, &id, before, self.today()).await?;
        let opened = found.ok_or(Refusal::NotFound)?;
        let people = self.people_in(&session, &opened).await?;
        let may_keep = opened.place.level == Level::Commune
            && opened.place.valid_to.is_none()
            && permit::<may::KeepHamlets>(&session).is_ok_and(|keep| keep.scope().covers(&opened.place.path));
        Ok(shown(opened, &people, may_keep))
    }

    /// Returns how many of the caller's people live in each unit below a place of today.
    async fn people_in(&self, session: &Session, opened: &Opened) -> Result<PeopleIn, Failure> {
        let Ok(see) = permit::<may::SeePeople>(session) else { return Ok(None) };
        let place = &opened.place;
        let is_counted = match place.level {
            // Whoever looks after one commune is spared a count over the whole country.
            Level::Country => *see.scope() == Scope::All && !opened.before,
            Level::Province | Level::Commune => place.valid_to.is_none(),
            Level::District | Level::Hamlet => false,
        };
        if !is_counted {
            return Ok(None);
        }
        Ok(Some(self.state.store.people_below(see.scope(), place).await?))
    }

    pub(super) async fn looked_up(&self, text: &str, before: bool) -> Result<Vec<PlaceHit>, Failure> {
        self.permit::<may::FindPlaces>().await?;
        let found = tree::find(&self.state.store, text, before, self.today()).await?;
        let hit = |FoundPlace { place, above }| PlaceHit { place: named(place), above: above.join(", ") };
        Ok(found.into_iter().map(hit).collect())
    }

    pub(super) async fn hamlet_added(&self, commune: PlaceId, name: &str) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepHamlets>().await?;
        hamlets::add(self.acting(&permit), &commune, name).await?;
        Ok(())
    }

    pub(super) async fn hamlet_renamed(&self, hamlet: PlaceId, name: &str) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepHamlets>().await?;
        hamlets::rename(self.acting(&permit), &hamlet, name).await?;
        Ok(())
    }

    pub(super) async fn hamlet_closed(&self, hamlet: PlaceId, last_day: Option<i64>) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepHamlets>().await?;
        hamlets::close(self.acting(&permit), &hamlet, last_day).await?;
        Ok(())
    }

    pub(super) async fn hamlet_removed(&self, hamlet: PlaceId) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepHamlets>().await?;
        hamlets::remove(self.acting(&permit), &hamlet).await?;
        Ok(())
    }

    fn today(&self) -> i64 {
        day_number(&Day::in_vietnam(self.state.clock.now_ms()))
    }
}

fn shown(opened: Opened, people: &PeopleIn, may_keep: bool) -> OpenedPlace {
    let people_in = |id: &PlaceId| people.as_ref().map(|people| people.get(id).copied().unwrap_or(0));
    let below = |(place, units): (Place, u64)| PlaceBelow {
        code: place.code.clone(),
        valid_from: place.valid_from,
        valid_to: place.valid_to,
        units,
        people: people_in(&place.id),
        place: named(place),
    };
    let place = opened.place;
    OpenedPlace {
        level: place.level,
        code: place.code.clone(),
        before: opened.before,
        valid_from: place.valid_from,
        valid_to: place.valid_to,
        former: opened.former,
        above: opened.above.into_iter().map(named).collect(),
        counts: opened.counts,
        below: opened.below.into_iter().map(below).collect(),
        closed: opened.closed.into_iter().map(|place| below((place, 0))).collect(),
        related: opened.related.into_iter().map(related).collect(),
        people_here: people_in(&place.id).filter(|_| place.level == Level::Commune),
        may_keep,
        place: named(place),
    }
}

fn related(related: Related) -> RelatedPlaces {
    let unit = |(place, is_main)| RelatedPlace { place: named(place), is_main };
    RelatedPlaces {
        province: named(related.province),
        here: related.here,
        units: related.units.into_iter().map(unit).collect(),
    }
}

fn named(place: Place) -> NamedPlace {
    NamedPlace { id: place.id, name: place.name }
}
