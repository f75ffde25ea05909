//! Requests of citizens: the bodies of their methods, and what of them travels.

use app::api::people::PersonChoice;
use app::api::requests::{Fulfilment, InactiveRow, RequestRow, RequestStep};
use data_encoding::BASE64URL_NOPAD;
use domain::consent::ConsentPurpose;
use domain::ids::LearnerId;
use domain::request::{RequestKind, RequestState, clocks, days_left};
use uuid::Uuid;

use super::StaffBackend;
use crate::access::may;
use crate::duties::{export, requests, retention};
use crate::failure::Failure;
use crate::store::{DataRequest, Inactive, Step};

impl StaffBackend {
    pub(super) async fn asked(&self, closed: bool) -> Result<Vec<RequestRow>, Failure> {
        let permit = self.permit::<may::AnswerRequests>().await?;
        let found = requests::list(&self.state, &permit, closed).await?;
        let now_ms = self.state.clock.now_ms();
        let mut rows: Vec<RequestRow> = found.into_iter().map(|one| row(one, now_ms)).collect();
        if !closed {
            rows.sort_by_key(|row| row.reply_left.into_iter().chain(row.answer_left).min());
        }
        Ok(rows)
    }

    pub(super) async fn entered(
        &self,
        (person, kind, purpose): (LearnerId, RequestKind, Option<ConsentPurpose>),
        words: &str,
    ) -> Result<(), Failure> {
        let permit = self.permit::<may::AnswerRequests>().await?;
        requests::enter(&self.state, &permit, (person, kind, purpose), words).await
    }

    pub(super) async fn stepped(&self, id: Uuid, step: RequestStep) -> Result<(), Failure> {
        let permit = self.permit::<may::AnswerRequests>().await?;
        let step = match step {
            RequestStep::Reply => Step::Reply,
            RequestStep::Extend(why) => Step::Extend(why),
            RequestStep::Done(answer) => Step::Done(answer),
            RequestStep::Refuse(why) => Step::Refuse(why),
        };
        requests::step(&self.state, &permit, id, step).await
    }

    pub(super) async fn fulfilled(&self, id: Uuid, what: Fulfilment) -> Result<(), Failure> {
        let permit = self.permit::<may::AnswerRequests>().await?;
        match what {
            Fulfilment::Restrict => requests::restrict(&self.state, &permit, id, true).await,
            Fulfilment::LiftRestriction => requests::restrict(&self.state, &permit, id, false).await,
            Fulfilment::Withdraw => requests::withdraw(&self.state, &permit, id).await,
            Fulfilment::Delete => requests::delete(&self.state, &permit, id).await,
        }
    }

    pub(super) async fn given_out(&self, id: Uuid) -> Result<String, Failure> {
        let permit = self.permit::<may::AnswerRequests>().await?;
        Ok(BASE64URL_NOPAD.encode(export::export(&self.state, &permit, id).await?.as_bytes()))
    }

    pub(super) async fn quiet_people(&self) -> Result<Vec<InactiveRow>, Failure> {
        let permit = self.permit::<may::AnswerRequests>().await?;
        let row = |found: Inactive| InactiveRow {
            person: PersonChoice {
                id: found.id,
                name: found.name,
                birth_year: found.birth_year,
                place_name: found.place_name.unwrap_or_default(),
            },
            last_ms: found.last_ms,
        };
        Ok(retention::inactive(&self.state, &permit).await?.into_iter().map(row).collect())
    }
}

fn row(one: DataRequest, now_ms: i64) -> RequestRow {
    let last = clocks(one.kind, one.received_ms, one.extended.is_some());
    let is_open = one.closed_ms.is_none();
    let replies = one.state == RequestState::Received;
    RequestRow {
        id: one.id,
        person: one.name.map(|name| PersonChoice {
            id: one.person,
            name,
            birth_year: one.birth_year,
            place_name: one.place_name.unwrap_or_default(),
        }),
        restricted: one.restricted,
        kind: one.kind,
        purpose: one.purpose,
        by_phone: one.by_phone,
        words: one.words,
        received_ms: one.received_ms,
        state: one.state,
        reply_left: replies.then(|| days_left(last.reply_day, now_ms)),
        answer_left: is_open.then(|| days_left(last.answer_day, now_ms)),
        extended: one.extended.map(|(_, why)| why),
        closed_ms: one.closed_ms,
        answer: one.answer,
        handled_by: one.handled_by,
    }
}
