//! Everything that is kept about one person, as a file for herself: names of fields in Vietnamese, so that somebody can read
//! it to her.

use domain::event::{Event, EventKind};
use domain::scope::Scope;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access::{Permit, may};
use crate::failure::{Failure, Refusal};
use crate::staff::entry;
use crate::state::AppState;
use crate::store::{AuditEntry, DataRequest, StoredCertificate};

/// Entries of the log in the file: years of an ordinary learner.
const LOOKS_MAX: u32 = 5_000;

/// Requests in the file.
const REQUESTS_MAX: u32 = 200;

/// Returns the file for the person of a request, and writes down that it was given out.
///
/// # Errors
/// [`Refusal::NotFound`] also when she was deleted.
pub async fn export(
    state: &AppState,
    permit: &Permit<may::AnswerRequests>,
    id: Uuid,
) -> Result<String, Failure> {
    let request = state.store.request(permit.scope(), id).await?.ok_or(Refusal::NotFound)?;
    // In the scope of the request, also when she is restricted.
    let person = state.store.person_for_request(request.person).await?.ok_or(Refusal::NotFound)?;
    let facts = state.store.facts_of(person.id).await?;
    let certificates = state.store.certificates_of(person.id).await?;
    let looks = state.store.audit_about(&Scope::All, person.id, LOOKS_MAX).await?;
    let requests = state.store.requests_of(person.id, REQUESTS_MAX).await?;
    let phones = state.store.devices_of(person.id).await?;
    let classes = state.store.classes_of(&person.details.classes.iter().copied().collect()).await?;
    let mut given = entry(state, permit.who(), "data-exported", None);
    (given.person, given.place) = (Some(person.id), person.path.clone());
    state.store.add_audit(&given).await?;
    let details = &person.details;
    let file = json!({
        "ve_tep_nay": "Tất cả những gì máy chủ đang giữ về người có tên dưới đây. Giờ ghi theo mili giây từ 01/01/1970 (UTC).",
        "lap_luc_ms": state.clock.now_ms(),
        "ho_va_ten": details.name,
        "ma_hoc_vien": person.code.grouped(),
        "nam_sinh": details.birth_year,
        "dia_ban": request.place_name,
        "lop": classes.into_iter().map(|class| class.name).collect::<Vec<_>>(),
        "nhom": details.group,
        "so_dien_thoai": details.phone.as_ref().map(|phone| phone.national()),
        "can_ho_tro": details.needs,
        "ba_so_cuoi_giay_to": person.identity_end,
        "them_luc_ms": person.created_ms,
        "sua_luc_ms": person.changed_ms,
        "dong_y": facts.iter().map(|fact| &fact.event).filter(|event| is_consent(event)).collect::<Vec<_>>(),
        "viec_da_ghi": facts.iter().map(|fact| json!({"viec": fact.event, "dung": fact.verdict})).collect::<Vec<_>>(),
        "giay_chung_nhan": certificates.iter().map(certificate).collect::<Vec<_>>(),
        "may_co_ho_so": phones.iter().map(|one| json!({"loai": one.label, "tu_ms": one.since_ms, "mo_cuoi_ms": one.seen_ms})).collect::<Vec<_>>(),
        "yeu_cau": requests.iter().map(asked).collect::<Vec<_>>(),
        "ai_da_xem_da_sua": looks.iter().map(look).collect::<Vec<_>>(),
    });
    Ok(format!("{file:#}"))
}

fn is_consent(event: &Event) -> bool {
    matches!(event.kind, EventKind::ConsentGiven { .. } | EventKind::ConsentWithdrawn { .. })
}

fn certificate(one: &StoredCertificate) -> Value {
    json!({"so": one.id, "noi_dung_da_ky": one.signed, "can_cu": one.evidence})
}

fn asked(one: &DataRequest) -> Value {
    json!({
        "loai": one.kind, "nhan_luc_ms": one.received_ms, "loi_nhan": one.words, "trang_thai": one.state,
        "xong_luc_ms": one.closed_ms, "tra_loi": one.answer,
    })
}

fn look(one: &AuditEntry) -> Value {
    json!({"luc_ms": one.at_ms, "ai": one.actor, "viec": one.action, "them": one.detail})
}
