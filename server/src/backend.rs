//! Implements [`app::api::backend::Backend`]: each method finds out who asks, gets the permit, makes one call, and turns
//! the result into what travels.

mod classes;
mod colleagues;
mod incidents;
mod lists;
pub(crate) mod look_alikes;
pub(crate) mod people;
mod place_tree;
mod reconcile;
mod requests;
mod rows;

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};

use app::api::account::SecondFactorDraft;
use app::api::audit::{AuditPage, AuditQuestion};
use app::api::backend::{Answer, Backend};
use app::api::classes::{FoundClasses, SeenClass};
use app::api::colleagues::{ColleaguePage, Given, NewColleague, NewRole};
use app::api::error::Problem;
use app::api::incidents::{IncidentDraft, IncidentRow};
use app::api::lists::{BatchRow, BatchUndone, ListApplied, ListFile, ListFormat, ListPreview};
use app::api::look_alikes::{DecisionPage, PairAfter, PairPage};
use app::api::myself::Myself;
use app::api::people::{GivenCode, IdentityNoticed, PeoplePage, PeopleQuestion, PersonChoice, SeenPerson};
use app::api::phones::{PhoneRow, PhoneToTie};
use app::api::place_tree::{OpenedPlace, PlaceHit};
use app::api::places::PlaceRow;
use app::api::reconcile::AsidePage;
use app::api::requests::{Fulfilment, InactiveRow, RequestRow, RequestStep};
use app::api::sessions::SessionRow;
use domain::aside::Settlement;
use domain::consent::{ConsentPurpose, Guardian};
use domain::dated_fact::Day;
use domain::ids::{ClassId, DecisionId, DeviceId, LearnerId, StaffId};
use domain::person::Details;
use domain::place::{PlaceId, day_number};
use domain::request::RequestKind;
use domain::role::ACTIONS;
use domain::sync::Code;
use uuid::Uuid;

use crate::access::{self, Deed, Permit, Session, may, permit};
use crate::failure::Failure;
use crate::http::error::api_error;
use crate::places;
use crate::roll;
use crate::staff::account;
use crate::staff::colleagues as staff_colleagues;
use crate::state::AppState;
use crate::store::AuditFilter;

/// The server as one request sees it.
#[derive(Debug)]
pub struct StaffBackend {
    state: AppState,
    /// The hash of the session's token in the request's cookie.
    token_hash: Option<String>,
    /// Whether a function got as far as asking.
    asked: AtomicBool,
}

impl StaffBackend {
    /// Returns the server for a request with this session cookie.
    pub fn new(state: AppState, token_hash: Option<String>) -> Self {
        Self { state, token_hash, asked: AtomicBool::new(false) }
    }

    /// Returns whether a function got as far as asking: without it, its arguments were none.
    pub fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    async fn session(&self) -> Result<Session, Failure> {
        self.asked.store(true, Ordering::Relaxed);
        access::session(&self.state, self.token_hash.as_deref()).await
    }

    async fn permit<A: Deed>(&self) -> Result<Permit<A>, Failure> {
        Ok(permit::<A>(&self.session().await?)?)
    }

    async fn mine(&self) -> Result<(Permit<may::KeepOwnAccount>, Session), Failure> {
        let session = self.session().await?;
        Ok((permit(&session)?, session))
    }
}

/// Turns the outcome into what travels, and sets the status of the answer.
fn answer<'a, T, F>(work: F) -> Answer<'a, T>
where
    F: Future<Output = Result<T, Failure>> + Send + 'a,
{
    Box::pin(async move {
        work.await.map_err(|failure| {
            let (status, error) = api_error(failure);
            if let Some(options) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
                options.set_status(status);
            }
            Problem(error)
        })
    })
}

impl Backend for StaffBackend {
    fn who_am_i(&self) -> Answer<'_, Myself> {
        answer(async {
            let (_, session) = self.mine().await?;
            let account = session.account();
            let counting = session.counting();
            let mays = |grants: &[domain::role::Grant]| {
                let may = |action: &domain::role::Action| {
                    domain::role::scope_of(account.id, grants, *action).is_some()
                };
                ACTIONS.into_iter().filter(may).collect::<Vec<_>>()
            };
            let given = self.state.store.grants_of(account.id).await?;
            let now_ms = self.state.clock.now_ms();
            Ok(Myself {
                name: account.name.clone(),
                whole_name: account.whole_name.clone(),
                roles: given.into_iter().filter(|grant| grant.holds(now_ms)).map(rows::my_role).collect(),
                may: mays(&counting),
                second_factor: account.totp_sealed.is_some(),
                recovery_codes: self.state.store.recovery_codes_left(account.id).await?,
                wants_second_factor: counting.len() < session.grants().len(),
            })
        })
    }

    fn change_password(&self, old: String, new: String) -> Answer<'_, ()> {
        answer(async move {
            let (permit, session) = self.mine().await?;
            account::change_password(&self.state, &permit, &session, (&old, &new)).await
        })
    }

    fn begin_second_factor(&self, password: String) -> Answer<'_, SecondFactorDraft> {
        answer(async move {
            let (permit, session) = self.mine().await?;
            let begun = account::begin_second_factor(&self.state, &permit, &session, &password).await?;
            Ok(SecondFactorDraft { ticket: begun.ticket, secret: begun.secret, link: begun.link })
        })
    }

    fn confirm_second_factor(&self, ticket: String, code: String) -> Answer<'_, Vec<String>> {
        answer(async move {
            let (permit, session) = self.mine().await?;
            account::confirm_second_factor(&self.state, &permit, &session, (&ticket, &code)).await
        })
    }

    fn make_recovery_codes(&self, password: String) -> Answer<'_, Vec<String>> {
        answer(async move {
            let (permit, session) = self.mine().await?;
            account::new_recovery_codes(&self.state, &permit, &session, &password).await
        })
    }

    fn list_sessions(&self) -> Answer<'_, Vec<SessionRow>> {
        answer(async {
            let (permit, session) = self.mine().await?;
            let found = account::sessions(&self.state, &permit).await?;
            Ok(found.into_iter().map(|one| rows::session(one, session.id())).collect())
        })
    }

    fn end_session(&self, session: Uuid) -> Answer<'_, ()> {
        answer(async move {
            let (permit, _) = self.mine().await?;
            account::end_session(&self.state, &permit, session).await
        })
    }

    fn end_other_sessions(&self) -> Answer<'_, ()> {
        answer(async {
            let (permit, session) = self.mine().await?;
            account::end_other_sessions(&self.state, &permit, &session).await
        })
    }

    fn search_places(&self, text: String) -> Answer<'_, Vec<PlaceRow>> {
        answer(async move {
            let permit = self.permit::<may::FindPlaces>().await?;
            let day = day_number(&Day::in_vietnam(self.state.clock.now_ms()));
            let found = places::search(&self.state.store, permit.scope(), &text, day).await?;
            Ok(found.into_iter().map(rows::place).collect())
        })
    }

    fn list_colleagues(&self, text: String, after: Option<StaffId>) -> Answer<'_, ColleaguePage> {
        answer(async move { self.colleagues(&text, after).await })
    }

    fn add_colleague(&self, new: NewColleague) -> Answer<'_, Given> {
        answer(self.colleague_added(new))
    }

    fn stop_colleague(&self, staff: StaffId, stopped: bool) -> Answer<'_, ()> {
        answer(async move {
            let permit = self.permit::<may::KeepStaff>().await?;
            staff_colleagues::set_stopped(&self.state, &permit, staff, stopped).await
        })
    }

    fn give_password(&self, staff: StaffId) -> Answer<'_, Given> {
        answer(async move {
            let permit = self.permit::<may::KeepStaff>().await?;
            let password = staff_colleagues::give_password(&self.state, &permit, staff).await?;
            Ok(Given { staff, password })
        })
    }

    fn give_role(&self, staff: StaffId, role: NewRole) -> Answer<'_, ()> {
        answer(self.role_given(staff, role))
    }

    fn end_role(&self, grant: Uuid) -> Answer<'_, ()> {
        answer(async move {
            let permit = self.permit::<may::KeepStaff>().await?;
            staff_colleagues::end_role(&self.state, &permit, grant).await
        })
    }

    fn link_identity(&self, staff: StaffId, subject: String) -> Answer<'_, ()> {
        answer(async move {
            let permit = self.permit::<may::KeepStaff>().await?;
            let subject = Some(subject.trim()).filter(|subject| !subject.is_empty());
            staff_colleagues::link_identity(&self.state, &permit, staff, subject).await
        })
    }

    fn read_audit(&self, question: AuditQuestion) -> Answer<'_, AuditPage> {
        answer(async move {
            let permit = self.permit::<may::SeeAudit>().await?;
            let filter = AuditFilter {
                actor: question.actor,
                from_ms: question.from_ms,
                until_ms: question.until_ms,
                before: question.before,
            };
            Ok(rows::audit(staff_colleagues::audit(&self.state, &permit, &filter).await?))
        })
    }

    fn list_asides(&self, settled: bool, before: Option<Uuid>) -> Answer<'_, AsidePage> {
        answer(self.asides(settled, before))
    }

    fn review_aside(&self, id: Uuid) -> Answer<'_, Option<Code>> {
        answer(self.review(id))
    }

    fn bind_aside(&self, id: Uuid, person: LearnerId) -> Answer<'_, Option<Code>> {
        answer(self.bind(id, person))
    }

    fn close_aside(&self, id: Uuid, why: Settlement) -> Answer<'_, ()> {
        answer(self.close(id, why))
    }

    fn reopen_aside(&self, id: Uuid) -> Answer<'_, ()> {
        answer(self.reopen(id))
    }

    fn find_person_for_aside(&self, typed: String) -> Answer<'_, Vec<PersonChoice>> {
        answer(async move { self.choices::<may::JoinPeople>(&typed).await })
    }

    fn tie_phone(&self, phone: PhoneToTie) -> Answer<'_, ()> {
        answer(async move {
            let permit = self.permit::<may::EnrolPeople>().await?;
            roll::tie(&self.state, &permit, (phone.device, &phone.token), &phone.key).await
        })
    }

    fn phone_key(&self, device: DeviceId) -> Answer<'_, String> {
        answer(async move { roll::key(&self.state, &self.permit().await?, device).await })
    }

    fn list_phones(&self) -> Answer<'_, Vec<PhoneRow>> {
        answer(async {
            let found = roll::phones(&self.state, &self.mine().await?.0).await?;
            Ok(found.into_iter().map(rows::phone).collect())
        })
    }

    fn untie_phone(&self, device: DeviceId) -> Answer<'_, ()> {
        answer(async move { roll::untie(&self.state, &self.mine().await?.0, device).await })
    }

    fn list_requests(&self, closed: bool) -> Answer<'_, Vec<RequestRow>> {
        answer(self.asked(closed))
    }

    fn enter_request(
        &self,
        person: LearnerId,
        kind: RequestKind,
        purpose: Option<ConsentPurpose>,
        words: String,
    ) -> Answer<'_, ()> {
        answer(async move { self.entered((person, kind, purpose), &words).await })
    }

    fn step_request(&self, id: Uuid, step: RequestStep) -> Answer<'_, ()> {
        answer(self.stepped(id, step))
    }

    fn fulfil_request(&self, id: Uuid, what: Fulfilment) -> Answer<'_, ()> {
        answer(self.fulfilled(id, what))
    }

    fn export_for_request(&self, id: Uuid) -> Answer<'_, String> {
        answer(self.given_out(id))
    }

    fn list_inactive(&self) -> Answer<'_, Vec<InactiveRow>> {
        answer(self.quiet_people())
    }

    fn find_person_for_request(&self, typed: String) -> Answer<'_, Vec<PersonChoice>> {
        answer(async move { self.choices::<may::AnswerRequests>(&typed).await })
    }

    fn list_incidents(&self) -> Answer<'_, Vec<IncidentRow>> {
        answer(self.incident_rows())
    }

    fn keep_incident(&self, draft: IncidentDraft) -> Answer<'_, ()> {
        answer(self.kept_incident(draft))
    }

    fn close_incident(&self, id: Uuid) -> Answer<'_, ()> {
        answer(self.closed_incident(id))
    }

    fn list_people(&self, question: PeopleQuestion) -> Answer<'_, PeoplePage> {
        answer(self.people(question))
    }

    fn add_person(&self, details: Details) -> Answer<'_, GivenCode> {
        answer(self.enrol(details))
    }

    fn see_person(&self, person: LearnerId) -> Answer<'_, SeenPerson> {
        answer(self.person(person))
    }

    fn correct_person(&self, person: LearnerId, version: i64, details: Details) -> Answer<'_, ()> {
        answer(self.correct(person, version, details))
    }

    fn record_consent(
        &self,
        person: LearnerId,
        purposes: Vec<ConsentPurpose>,
        guardian: Option<Guardian>,
    ) -> Answer<'_, ()> {
        answer(async move {
            let permit = self.permit::<may::EnrolPeople>().await?;
            Ok(crate::people::record_consent(self.acting(&permit), person, purposes, guardian).await?)
        })
    }

    fn keep_identity(&self, person: LearnerId, number: String) -> Answer<'_, IdentityNoticed> {
        answer(async move { self.identity(person, &number).await })
    }

    fn give_pin(&self, person: LearnerId) -> Answer<'_, GivenCode> {
        answer(self.new_pin(person))
    }

    fn preview_list(&self, file: ListFile) -> Answer<'_, ListPreview> {
        answer(self.shown_list(file))
    }

    fn apply_list(&self, file: ListFile, fingerprint: String) -> Answer<'_, ListApplied> {
        answer(self.written_list(file, fingerprint))
    }

    fn list_batches(&self) -> Answer<'_, Vec<BatchRow>> {
        answer(self.own_batches())
    }

    fn undo_batch(&self, number: i64) -> Answer<'_, BatchUndone> {
        answer(self.taken_back(number))
    }

    fn export_people(&self, format: ListFormat) -> Answer<'_, String> {
        answer(self.taken_out(format))
    }

    fn list_look_alikes(&self, after: Option<PairAfter>) -> Answer<'_, PairPage> {
        answer(self.pairs(after))
    }

    fn merge_people(&self, kept: LearnerId, other: LearnerId) -> Answer<'_, ()> {
        answer(self.merged(kept, other))
    }

    fn keep_people_apart(&self, one: LearnerId, other: LearnerId) -> Answer<'_, ()> {
        answer(self.kept_apart(one, other))
    }

    fn list_decisions(&self, before: Option<DecisionId>) -> Answer<'_, DecisionPage> {
        answer(self.decided(before))
    }

    fn undo_decision(&self, decision: DecisionId) -> Answer<'_, ()> {
        answer(self.decision_undone(decision))
    }

    fn open_place(&self, place: Option<PlaceId>, before: bool) -> Answer<'_, OpenedPlace> {
        answer(self.opened(place, before))
    }

    fn look_up_places(&self, text: String, before: bool) -> Answer<'_, Vec<PlaceHit>> {
        answer(async move { self.looked_up(&text, before).await })
    }

    fn list_classes(&self, typed: String) -> Answer<'_, FoundClasses> {
        answer(async move { self.classes(&typed).await })
    }

    fn see_class(&self, class: ClassId) -> Answer<'_, SeenClass> {
        answer(self.class(class))
    }

    fn open_class(&self, name: String, place: PlaceId) -> Answer<'_, ClassId> {
        answer(async move { self.class_opened(&name, &place).await })
    }

    fn rename_class(&self, class: ClassId, name: String) -> Answer<'_, ()> {
        answer(async move { self.class_renamed(class, &name).await })
    }

    fn close_class(&self, class: ClassId, closed: bool) -> Answer<'_, ()> {
        answer(self.class_closed(class, closed))
    }

    fn join_class(&self, class: ClassId, person: LearnerId) -> Answer<'_, ()> {
        answer(self.class_joined(class, person))
    }

    fn leave_class(&self, class: ClassId, person: LearnerId) -> Answer<'_, ()> {
        answer(self.class_left(class, person))
    }

    fn give_class_pins(&self, class: ClassId) -> Answer<'_, Vec<GivenCode>> {
        answer(self.class_pins(class))
    }

    fn find_person_for_class(&self, typed: String) -> Answer<'_, Vec<PersonChoice>> {
        answer(async move { self.choices::<may::CorrectPeople>(&typed).await })
    }

    fn add_hamlet(&self, commune: PlaceId, name: String) -> Answer<'_, ()> {
        answer(async move { self.hamlet_added(commune, &name).await })
    }

    fn rename_hamlet(&self, hamlet: PlaceId, name: String) -> Answer<'_, ()> {
        answer(async move { self.hamlet_renamed(hamlet, &name).await })
    }

    fn close_hamlet(&self, hamlet: PlaceId, last_day: Option<i64>) -> Answer<'_, ()> {
        answer(self.hamlet_closed(hamlet, last_day))
    }

    fn remove_hamlet(&self, hamlet: PlaceId) -> Answer<'_, ()> {
        answer(self.hamlet_removed(hamlet))
    }
}
