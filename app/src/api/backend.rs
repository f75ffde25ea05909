//! What the server does for the server functions. It is asked through the context, so that `app` knows no database.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::aside::Settlement;
use domain::consent::{ConsentPurpose, Guardian};
use domain::ids::{ClassId, DecisionId, DeviceId, LearnerId, StaffId};
use domain::person::Details;
use domain::place::PlaceId;
use domain::request::RequestKind;
use domain::sync::Code;
use uuid::Uuid;

use super::account::SecondFactorDraft;
use super::audit::{AuditPage, AuditQuestion};
use super::classes::{FoundClasses, SeenClass};
use super::colleagues::{ColleaguePage, Given, NewColleague, NewRole};
use super::error::Problem;
use super::incidents::{IncidentDraft, IncidentRow};
use super::lists::{BatchRow, BatchUndone, ListApplied, ListFile, ListFormat, ListPreview};
use super::look_alikes::{DecisionPage, PairAfter, PairPage};
use super::myself::Myself;
use super::people::{GivenCode, IdentityNoticed, PeoplePage, PeopleQuestion, PersonChoice, SeenPerson};
use super::phones::{PhoneRow, PhoneToTie};
use super::place_tree::{OpenedPlace, PlaceHit};
use super::places::PlaceRow;
use super::reconcile::AsidePage;
use super::requests::{Fulfilment, InactiveRow, RequestRow, RequestStep};
use super::sessions::SessionRow;

/// An answer that is still to come.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send + 'a>>;

/// The server, as one signed-in person may use it. Every method checks what that person may do.
pub trait Backend: Send + Sync {
    /// See [`super::myself::who_am_i`].
    fn who_am_i(&self) -> Answer<'_, Myself>;
    /// See [`super::account::change_password`].
    fn change_password(&self, old: String, new: String) -> Answer<'_, ()>;
    /// See [`super::account::begin_second_factor`].
    fn begin_second_factor(&self, password: String) -> Answer<'_, SecondFactorDraft>;
    /// See [`super::account::confirm_second_factor`].
    fn confirm_second_factor(&self, ticket: String, code: String) -> Answer<'_, Vec<String>>;
    /// See [`super::account::make_recovery_codes`].
    fn make_recovery_codes(&self, password: String) -> Answer<'_, Vec<String>>;
    /// See [`super::sessions::list_sessions`].
    fn list_sessions(&self) -> Answer<'_, Vec<SessionRow>>;
    /// See [`super::sessions::end_session`].
    fn end_session(&self, session: Uuid) -> Answer<'_, ()>;
    /// See [`super::sessions::end_other_sessions`].
    fn end_other_sessions(&self) -> Answer<'_, ()>;
    /// See [`super::places::search_places`].
    fn search_places(&self, text: String) -> Answer<'_, Vec<PlaceRow>>;
    /// See [`super::colleagues::list_colleagues`].
    fn list_colleagues(&self, text: String, after: Option<StaffId>) -> Answer<'_, ColleaguePage>;
    /// See [`super::colleagues::add_colleague`].
    fn add_colleague(&self, new: NewColleague) -> Answer<'_, Given>;
    /// See [`super::colleagues::stop_colleague`].
    fn stop_colleague(&self, staff: StaffId, stopped: bool) -> Answer<'_, ()>;
    /// See [`super::colleagues::give_password`].
    fn give_password(&self, staff: StaffId) -> Answer<'_, Given>;
    /// See [`super::colleagues::give_role`].
    fn give_role(&self, staff: StaffId, role: NewRole) -> Answer<'_, ()>;
    /// See [`super::colleagues::end_role`].
    fn end_role(&self, grant: Uuid) -> Answer<'_, ()>;
    /// See [`super::colleagues::link_identity`].
    fn link_identity(&self, staff: StaffId, subject: String) -> Answer<'_, ()>;
    /// See [`super::audit::read_audit`].
    fn read_audit(&self, question: AuditQuestion) -> Answer<'_, AuditPage>;
    /// See [`super::reconcile::list_asides`].
    fn list_asides(&self, settled: bool, before: Option<Uuid>) -> Answer<'_, AsidePage>;
    /// See [`super::reconcile::review_aside`].
    fn review_aside(&self, id: Uuid) -> Answer<'_, Option<Code>>;
    /// See [`super::reconcile::bind_aside`].
    fn bind_aside(&self, id: Uuid, person: LearnerId) -> Answer<'_, Option<Code>>;
    /// See [`super::reconcile::close_aside`].
    fn close_aside(&self, id: Uuid, why: Settlement) -> Answer<'_, ()>;
    /// See [`super::reconcile::reopen_aside`].
    fn reopen_aside(&self, id: Uuid) -> Answer<'_, ()>;
    /// See [`super::reconcile::find_person_for_aside`].
    fn find_person_for_aside(&self, typed: String) -> Answer<'_, Vec<PersonChoice>>;
    /// See [`super::phones::tie_phone`].
    fn tie_phone(&self, phone: PhoneToTie) -> Answer<'_, ()>;
    /// See [`super::phones::phone_key`].
    fn phone_key(&self, device: DeviceId) -> Answer<'_, String>;
    /// See [`super::phones::list_phones`].
    fn list_phones(&self) -> Answer<'_, Vec<PhoneRow>>;
    /// See [`super::phones::untie_phone`].
    fn untie_phone(&self, device: DeviceId) -> Answer<'_, ()>;
    /// See [`super::requests::list_requests`].
    fn list_requests(&self, closed: bool) -> Answer<'_, Vec<RequestRow>>;
    /// See [`super::requests::enter_request`].
    fn enter_request(
        &self,
        person: LearnerId,
        kind: RequestKind,
        purpose: Option<ConsentPurpose>,
        words: String,
    ) -> Answer<'_, ()>;
    /// See [`super::requests::step_request`].
    fn step_request(&self, id: Uuid, step: RequestStep) -> Answer<'_, ()>;
    /// See [`super::requests::fulfil_request`].
    fn fulfil_request(&self, id: Uuid, what: Fulfilment) -> Answer<'_, ()>;
    /// See [`super::requests::export_for_request`].
    fn export_for_request(&self, id: Uuid) -> Answer<'_, String>;
    /// See [`super::requests::list_inactive`].
    fn list_inactive(&self) -> Answer<'_, Vec<InactiveRow>>;
    /// See [`super::requests::find_person_for_request`].
    fn find_person_for_request(&self, typed: String) -> Answer<'_, Vec<PersonChoice>>;
    /// See [`super::incidents::list_incidents`].
    fn list_incidents(&self) -> Answer<'_, Vec<IncidentRow>>;
    /// See [`super::incidents::keep_incident`].
    fn keep_incident(&self, draft: IncidentDraft) -> Answer<'_, ()>;
    /// See [`super::incidents::close_incident`].
    fn close_incident(&self, id: Uuid) -> Answer<'_, ()>;
    /// See [`super::people::list_people`].
    fn list_people(&self, question: PeopleQuestion) -> Answer<'_, PeoplePage>;
    /// See [`super::people::add_person`].
    fn add_person(&self, details: Details) -> Answer<'_, GivenCode>;
    /// See [`super::people::see_person`].
    fn see_person(&self, person: LearnerId) -> Answer<'_, SeenPerson>;
    /// See [`super::people::correct_person`].
    fn correct_person(&self, person: LearnerId, version: i64, details: Details) -> Answer<'_, ()>;
    /// See [`super::people::record_consent`].
    fn record_consent(
        &self,
        person: LearnerId,
        purposes: Vec<ConsentPurpose>,
        guardian: Option<Guardian>,
    ) -> Answer<'_, ()>;
    /// See [`super::people::keep_identity`].
    fn keep_identity(&self, person: LearnerId, number: String) -> Answer<'_, IdentityNoticed>;
    /// See [`super::people::give_pin`].
    fn give_pin(&self, person: LearnerId) -> Answer<'_, GivenCode>;
    /// See [`super::classes::list_classes`].
    fn list_classes(&self, typed: String) -> Answer<'_, FoundClasses>;
    /// See [`super::classes::see_class`].
    fn see_class(&self, class: ClassId) -> Answer<'_, SeenClass>;
    /// See [`super::classes::open_class`].
    fn open_class(&self, name: String, place: PlaceId) -> Answer<'_, ClassId>;
    /// See [`super::classes::rename_class`].
    fn rename_class(&self, class: ClassId, name: String) -> Answer<'_, ()>;
    /// See [`super::classes::close_class`].
    fn close_class(&self, class: ClassId, closed: bool) -> Answer<'_, ()>;
    /// See [`super::classes::join_class`].
    fn join_class(&self, class: ClassId, person: LearnerId) -> Answer<'_, ()>;
    /// See [`super::classes::leave_class`].
    fn leave_class(&self, class: ClassId, person: LearnerId) -> Answer<'_, ()>;
    /// See [`super::classes::give_class_pins`].
    fn give_class_pins(&self, class: ClassId) -> Answer<'_, Vec<GivenCode>>;
    /// See [`super::classes::find_person_for_class`].
    fn find_person_for_class(&self, typed: String) -> Answer<'_, Vec<PersonChoice>>;
    /// See [`super::lists::preview_list`].
    fn preview_list(&self, file: ListFile) -> Answer<'_, ListPreview>;
    /// See [`super::lists::apply_list`].
    fn apply_list(&self, file: ListFile, fingerprint: String) -> Answer<'_, ListApplied>;
    /// See [`super::lists::list_batches`].
    fn list_batches(&self) -> Answer<'_, Vec<BatchRow>>;
    /// See [`super::lists::undo_batch`].
    fn undo_batch(&self, number: i64) -> Answer<'_, BatchUndone>;
    /// See [`super::lists::export_people`].
    fn export_people(&self, format: ListFormat) -> Answer<'_, String>;
    /// See [`super::look_alikes::list_look_alikes`].
    fn list_look_alikes(&self, after: Option<PairAfter>) -> Answer<'_, PairPage>;
    /// See [`super::look_alikes::merge_people`].
    fn merge_people(&self, kept: LearnerId, other: LearnerId) -> Answer<'_, ()>;
    /// See [`super::look_alikes::keep_people_apart`].
    fn keep_people_apart(&self, one: LearnerId, other: LearnerId) -> Answer<'_, ()>;
    /// See [`super::look_alikes::list_decisions`].
    fn list_decisions(&self, before: Option<DecisionId>) -> Answer<'_, DecisionPage>;
    /// See [`super::look_alikes::undo_decision`].
    fn undo_decision(&self, decision: DecisionId) -> Answer<'_, ()>;
    /// See [`super::place_tree::open_place`].
    fn open_place(&self, place: Option<PlaceId>, before: bool) -> Answer<'_, OpenedPlace>;
    /// See [`super::place_tree::look_up_places`].
    fn look_up_places(&self, text: String, before: bool) -> Answer<'_, Vec<PlaceHit>>;
    /// See [`super::place_tree::add_hamlet`].
    fn add_hamlet(&self, commune: PlaceId, name: String) -> Answer<'_, ()>;
    /// See [`super::place_tree::rename_hamlet`].
    fn rename_hamlet(&self, hamlet: PlaceId, name: String) -> Answer<'_, ()>;
    /// See [`super::place_tree::close_hamlet`].
    fn close_hamlet(&self, hamlet: PlaceId, last_day: Option<i64>) -> Answer<'_, ()>;
    /// See [`super::place_tree::remove_hamlet`].
    fn remove_hamlet(&self, hamlet: PlaceId) -> Answer<'_, ()>;
}

/// Returns the server for the one who asks.
///
/// # Errors
/// When called outside the server.
pub fn backend() -> Result<Arc<dyn Backend>, Problem> {
    leptos::prelude::use_context().ok_or_else(|| Problem::new("unexpected", domain::sync::NextStep::Retry))
}
