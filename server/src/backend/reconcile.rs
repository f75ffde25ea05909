//! Facts that were set aside: the bodies of their methods, and what of them travels.

use app::api::people::PersonChoice;
use app::api::reconcile::{AsidePage, AsideRow, Sent, SettledRow};
use domain::aside::{Settlement, may_bind, may_lack_its_person};
use domain::event::{Event, EventKind};
use domain::ids::{LearnerId, LessonId};
use domain::sync::Code;
use uuid::Uuid;

use super::StaffBackend;
use crate::access::may;
use crate::content::Library;
use crate::failure::Failure;
use crate::ingest::understood;
use crate::reconcile::{self, PAGE};
use crate::store::{AsidePerson, SetAside};

impl StaffBackend {
    pub(super) async fn asides(&self, settled: bool, before: Option<Uuid>) -> Result<AsidePage, Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        let found = reconcile::list(&self.state, &permit, settled, before).await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|rows| rows >= PAGE);
        let next = found.last().map(|last| last.id).filter(|_| is_full);
        let row = |aside| row(aside, &self.state.library);
        Ok(AsidePage { rows: found.into_iter().map(row).collect(), next })
    }

    pub(super) async fn review(&self, id: Uuid) -> Result<Option<Code>, Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        reconcile::review(&self.state, &permit, id).await
    }

    pub(super) async fn bind(&self, id: Uuid, person: LearnerId) -> Result<Option<Code>, Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        reconcile::bind(&self.state, &permit, id, person).await
    }

    pub(super) async fn close(&self, id: Uuid, why: Settlement) -> Result<(), Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        reconcile::close(&self.state, &permit, id, why).await
    }

    pub(super) async fn reopen(&self, id: Uuid) -> Result<(), Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        reconcile::reopen(&self.state, &permit, id).await
    }
}

fn row(aside: SetAside, library: &Library) -> AsideRow {
    let event = understood(&aside.body).filter(|_| may_lack_its_person(aside.code));
    let person = aside.person.as_ref().map(|person| person.id);
    let settled = aside.settled.map(|done| SettledRow { how: done.how, at_ms: done.at_ms, by: done.by });
    let sent = match understood(&aside.body) {
        Some(event) => Sent::Fact {
            kind: event.kind.name().to_owned(),
            about: about(&event, library),
            at_ms: event.at_ms,
        },
        None => Sent::Unreadable(aside.body),
    };
    AsideRow {
        id: aside.id,
        received_ms: aside.received_ms,
        phone: aside.phone,
        code: aside.code,
        person: aside.person.map(choice),
        sent,
        any_person: event.as_ref().is_some_and(|event| event.kind.lesson().is_some()),
        this_person: event.is_some_and(|event| person.is_some_and(|person| may_bind(&event, person))),
        settled,
    }
}

fn choice(person: AsidePerson) -> PersonChoice {
    let AsidePerson { id, name, birth_year, place_name, .. } = person;
    PersonChoice { id, name, birth_year, place_name: place_name.unwrap_or_default() }
}

/// Returns the title of the event's lesson, or the name it says.
fn about(event: &Event, library: &Library) -> String {
    match &event.kind {
        EventKind::LearnerEnrolled { name, .. } | EventKind::ProfileCorrected { name } => name.clone(),
        kind => kind.lesson().map(|lesson| title(lesson, library)).unwrap_or_default(),
    }
}

/// Returns the title of a lesson; of one that is gone, its id.
fn title(id: &LessonId, library: &Library) -> String {
    let mut lessons = library.courses.iter().flat_map(|course| &course.lessons);
    lessons.find(|lesson| lesson.id == *id).map_or_else(|| id.to_string(), |lesson| lesson.title.clone())
}
