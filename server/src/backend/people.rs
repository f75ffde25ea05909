//! People, as staff pages ask for them: the use cases of [`crate::people`], and what stands in the log.

use std::collections::BTreeMap;

use app::api::people::{
    ConsentRow, CourseLamps, GivenCode, IdentityNoticed, IdentityShown, PeoplePage, PeopleQuestion,
    PersonChoice, PersonCursor, PersonRow, SeenPerson,
};
use domain::course::{Course, LessonOutline};
use domain::identity::IdentityNumber;
use domain::ids::LearnerId;
use domain::ledger::ledger;
use domain::person::Details;
use domain::place::PlaceId;
use domain::progress::Progress;

use super::{StaffBackend, rows};
use crate::access::{Deed, Permit, may, permit};
use crate::failure::{Failure, Refusal};
use crate::people::{self, Acting, ListedPeople, PeopleRefusal};
use crate::places;
use crate::staff::entry;
use crate::store::{PeopleCursor, PeopleQuery, Person, StoredFact};

/// People on one page.
pub(crate) const PAGE: usize = 50;

/// Entries of the log shown with a person: months of an ordinary learner.
const LOOKS_MAX: u32 = 50;

/// Names of units beside a person in a list: a hamlet and its commune.
const PLACE_NAMES: usize = 2;

impl StaffBackend {
    pub(super) fn acting<'a, A>(&'a self, permit: &'a Permit<A>) -> Acting<'a> {
        Acting {
            store: &self.state.store,
            random: &self.state.random,
            scope: permit.scope(),
            staff: permit.who(),
            now_ms: self.state.clock.now_ms(),
        }
    }

    pub(super) async fn people(&self, question: PeopleQuestion) -> Result<PeoplePage, Failure> {
        let permit = self.permit::<may::SeePeople>().await?;
        let query = PeopleQuery { typed: question.typed, group: question.group, ..PeopleQuery::default() };
        let after = question.after.map(|after| PeopleCursor { sort_key: after.sort_key, id: after.id });
        let found = people::page(self.acting(&permit), &query, after.as_ref(), PAGE).await?;
        let mut looked = entry(&self.state, permit.who(), "people-listed", None);
        looked.detail = found.page.people.len().to_string();
        self.state.store.add_audit(&looked).await?;
        Ok(listed(found))
    }

    pub(super) async fn enrol(&self, details: Details) -> Result<GivenCode, Failure> {
        let permit = self.permit::<may::EnrolPeople>().await?;
        let acting = self.acting(&permit);
        let given = people::enrol(acting, &self.state.secrets, details, permit.scope().keeper()).await?;
        Ok(handed_out(given))
    }

    pub(super) async fn person(&self, id: LearnerId) -> Result<SeenPerson, Failure> {
        let session = self.session().await?;
        let see = permit::<may::SeePeople>(&session)?;
        let person = people::one(self.acting(&see), id).await?;
        let mut looked = entry(&self.state, see.who(), "person-seen", None);
        (looked.person, looked.place) = (Some(id), person.path.clone());
        self.state.store.add_audit(&looked).await?;
        let place = match &person.path {
            Some(path) => places::by_path(&self.state.store, path).await?.map(rows::place),
            None => None,
        };
        let classes = person.details.classes.iter().copied().collect();
        let classes = self.state.store.classes_of(&classes).await?;
        let facts = self.state.store.facts_of(id).await?;
        let looks = match permit::<may::SeeAudit>(&session) {
            Ok(log) => Some(self.state.store.audit_about(log.scope(), id, LOOKS_MAX).await?),
            Err(_) => None,
        };
        Ok(SeenPerson {
            id,
            version: person.version,
            code: person.code.grouped(),
            details: person.details,
            place,
            classes: classes.into_iter().map(|class| class.name).collect(),
            identity: match person.identity_end {
                _ if !self.state.config.identity_numbers => IdentityShown::Off,
                None => IdentityShown::Nothing,
                Some(end) => IdentityShown::Ends(end),
            },
            courses: self.lamps(&facts),
            consents: self.consents(&facts).await?,
            looks: looks.map(|looks| looks.into_iter().map(rows::audit_row).collect()),
        })
    }

    /// Returns how far somebody is in each course.
    pub(super) async fn lamps_of(&self, id: LearnerId) -> Result<Vec<CourseLamps>, Failure> {
        Ok(self.lamps(&self.state.store.facts_of(id).await?))
    }

    fn lamps(&self, facts: &[StoredFact]) -> Vec<CourseLamps> {
        let progress = Progress::from_facts(facts.iter().map(|fact| (&fact.event, fact.verdict)));
        let lamps = |course: &Course| {
            let lessons: Vec<LessonOutline> = course.lessons.iter().map(|lesson| lesson.outline()).collect();
            CourseLamps { title: course.title.clone(), lit: progress.lit(&lessons), lessons: lessons.len() }
        };
        self.state.library.courses.iter().map(lamps).collect()
    }

    /// Returns what somebody agreed to, with the names of the witnesses.
    async fn consents(&self, facts: &[StoredFact]) -> Result<Vec<ConsentRow>, Failure> {
        let mut rows = Vec::new();
        for one in ledger(facts.iter().map(|fact| &fact.event)) {
            let witness = match one.witness {
                Some(staff) => self.state.store.account(staff).await?.map(|account| account.whole_name),
                None => None,
            };
            rows.push(ConsentRow {
                purpose: one.purpose,
                text_version: one.text_version,
                given_ms: one.given_ms,
                manner: one.manner,
                witness,
                withdrawn_ms: one.withdrawn_ms,
            });
        }
        Ok(rows)
    }

    /// Returns people to choose one from, with where they live, to somebody who may do `A`.
    pub(super) async fn choices<A: Deed>(&self, typed: &str) -> Result<Vec<PersonChoice>, Failure> {
        let permit = self.permit::<A>().await?;
        self.as_choices(people::offered(self.acting(&permit), typed).await?).await
    }

    async fn as_choices(&self, found: Vec<Person>) -> Result<Vec<PersonChoice>, Failure> {
        let paths: Vec<_> = found.iter().filter_map(|person| person.path.as_ref()).collect();
        let names = self.state.store.place_names(&paths).await?;
        let choice = |person: Person| PersonChoice {
            id: person.id,
            name: person.details.name,
            birth_year: person.details.birth_year.map(i64::from),
            place_name: person.details.place.and_then(|place| names.get(&place).cloned()).unwrap_or_default(),
        };
        Ok(found.into_iter().map(choice).collect())
    }

    pub(super) async fn correct(&self, id: LearnerId, version: i64, details: Details) -> Result<(), Failure> {
        let permit = self.permit::<may::CorrectPeople>().await?;
        people::correct(self.acting(&permit), (id, version), details).await?;
        Ok(())
    }

    pub(super) async fn identity(&self, id: LearnerId, number: &str) -> Result<IdentityNoticed, Failure> {
        let permit = self.permit::<may::CorrectPeople>().await?;
        if !self.state.config.identity_numbers {
            return Err(Refusal::People(PeopleRefusal::IdentityOff).into());
        }
        let number = match number.trim() {
            "" => None,
            number => {
                Some(number.parse::<IdentityNumber>().map_err(|_| Refusal::People(PeopleRefusal::Identity))?)
            }
        };
        let kept = people::keep_identity(self.acting(&permit), &self.state.seal, id, number.as_ref()).await?;
        Ok(IdentityNoticed { also: self.as_choices(kept.also).await?, year_differs: kept.year_differs })
    }

    pub(super) async fn new_pin(&self, id: LearnerId) -> Result<GivenCode, Failure> {
        let permit = self.permit::<may::EnrolPeople>().await?;
        let given = people::give_pin(self.acting(&permit), &self.state.secrets, id).await?;
        Ok(handed_out(given))
    }
}

pub(super) fn handed_out((person, pin): (Person, String)) -> GivenCode {
    GivenCode { id: person.id, name: person.details.name, code: person.code.grouped(), pin }
}

/// Returns where a person lives, from the nearest unit up; empty when nobody knows.
pub(super) fn place_of(person: &Person, names: &BTreeMap<PlaceId, String>) -> String {
    let ids = person.path.iter().flat_map(|path| path.ids().rev().take(PLACE_NAMES));
    let known = ids.filter_map(|id| names.get(&id.parse().ok()?).cloned());
    known.collect::<Vec<_>>().join(", ")
}

fn listed(ListedPeople { page, names }: ListedPeople) -> PeoplePage {
    let row = |person: Person| PersonRow {
        id: person.id,
        place: place_of(&person, &names),
        name: person.details.name,
        birth_year: person.details.birth_year,
        group: person.details.group,
    };
    let next = page.next.map(|next| PersonCursor { sort_key: next.sort_key, id: next.id });
    PeoplePage { rows: page.people.into_iter().map(row).collect(), next }
}
