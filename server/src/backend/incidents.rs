//! Incidents: the bodies of their methods, and what of them travels.

use app::api::incidents::{IncidentDraft, IncidentRow, IncidentText};
use app::api::people::PersonChoice;
use domain::incident::hours_left;
use uuid::Uuid;

use super::StaffBackend;
use crate::access::may;
use crate::duties::incidents;
use crate::failure::Failure;
use crate::import::encoding::tidy;
use crate::store::{self, Incident, IncidentPerson, NewIncident};

impl StaffBackend {
    pub(super) async fn incident_rows(&self) -> Result<Vec<IncidentRow>, Failure> {
        let permit = self.permit::<may::KeepIncidents>().await?;
        let found = incidents::list(&self.state, &permit).await?;
        let paths: Vec<_> = found.iter().filter_map(|one| one.place.as_ref()).collect();
        let names = self.state.store.place_names(&paths).await?;
        let now_ms = self.state.clock.now_ms();
        let row = |one: Incident| {
            let place = one.place.as_ref().and_then(|path| path.ids().next_back()?.parse().ok());
            let place_name = place.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
            row(one, place_name, now_ms)
        };
        Ok(found.into_iter().map(row).collect())
    }

    pub(super) async fn kept_incident(&self, draft: IncidentDraft) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepIncidents>().await?;
        let text = draft.text;
        let new = NewIncident {
            id: Uuid::nil(),
            version: 0,
            place: draft.place,
            text: store::IncidentText {
                what: tidy(&text.what),
                detected_ms: text.detected_ms,
                kinds: tidy(&text.kinds),
                people_number: text.people_number,
                harm: tidy(&text.harm),
                done: tidy(&text.done),
                told_ms: text.told_ms,
                told: tidy(&text.told),
            },
            people: draft.people,
            by: permit.who(),
        };
        incidents::keep(&self.state, &permit, (draft.id, draft.version), new).await
    }

    pub(super) async fn closed_incident(&self, id: Uuid) -> Result<(), Failure> {
        let permit = self.permit::<may::KeepIncidents>().await?;
        incidents::close(&self.state, &permit, id).await
    }
}

fn row(one: Incident, place_name: String, now_ms: i64) -> IncidentRow {
    let text = one.text;
    let person = |person: IncidentPerson| PersonChoice {
        id: person.id,
        name: person.name,
        birth_year: person.birth_year,
        place_name: person.place_name.unwrap_or_default(),
    };
    IncidentRow {
        id: one.id,
        version: one.version,
        place_name,
        hours_left: text.told_ms.is_none().then(|| hours_left(text.detected_ms, now_ms)),
        text: IncidentText {
            what: text.what,
            detected_ms: text.detected_ms,
            kinds: text.kinds,
            people_number: text.people_number,
            harm: text.harm,
            done: text.done,
            told_ms: text.told_ms,
            told: text.told,
        },
        people: one.people.into_iter().map(person).collect(),
        closed_ms: one.closed_ms,
        entered_by: one.entered_by,
    }
}
