//! Stable names, turned into words; and where a problem leads.

use domain::consent::ConsentPurpose;
use domain::person::{Group, SupportNeed};
use domain::request::RequestKind;
use domain::role::Role;
use domain::roll::{Standing, Word};

use crate::api::error::{Problem, UNREACHABLE};
use crate::api::people::CourseLamps;
use crate::i18n::{Locale, t, tf};
use crate::routes::{Page, StaffPage};

/// Returns the name of a role.
pub(super) fn role(role: Role) -> String {
    match role {
        Role::Learner => t("role-learner"),
        Role::Ambassador => t("role-ambassador"),
        Role::Author => t("role-author"),
        Role::Reviewer => t("role-reviewer"),
        Role::PlaceAdmin => t("role-place-admin"),
        Role::ReportViewer => t("role-report-viewer"),
        Role::SystemAdmin => t("role-system-admin"),
    }
}

/// Returns a role with where, for which people and how long it holds.
pub(super) fn role_held(
    held: Role,
    place_name: &str,
    of_group: Option<Group>,
    until_ms: Option<i64>,
) -> String {
    let place = if place_name.is_empty() { t("role-everywhere") } else { place_name.to_owned() };
    let place = match of_group {
        Some(of) => format!("{place}, {}", tf("role-group", &[("group", &group(of))])),
        None => place,
    };
    let until =
        until_ms.map(|ms| format!(", {}", tf("role-until", &[("day", &when(ms))]))).unwrap_or_default();
    format!("{}, {place}{until}", role(held))
}

/// Returns the words for a group.
pub(super) fn group(group: Group) -> String {
    match group {
        Group::PublicEmployee => t("group-public-employee"),
        Group::Student => t("group-student"),
        Group::Worker => t("group-worker"),
        Group::Resident => t("group-resident"),
    }
}

/// Returns the group of a stable name.
pub(super) fn read_group(name: &str) -> Option<Group> {
    Group::ALL.into_iter().find(|group| group.as_str() == name)
}

/// Returns the words for what somebody asks for.
pub(super) fn need(need: SupportNeed) -> String {
    match need {
        SupportNeed::LargeText => t("need-large-text"),
        SupportNeed::Audio => t("need-audio"),
        SupportNeed::Helper => t("need-helper"),
    }
}

/// Returns what an agreement is for.
pub(super) fn purpose(purpose: ConsentPurpose) -> String {
    match purpose {
        ConsentPurpose::LearningRecord => t("purpose-learning-record"),
        ConsentPurpose::Recognition => t("purpose-recognition"),
        ConsentPurpose::Research => t("purpose-research"),
    }
}

/// Returns what somebody asks about her own data.
pub(super) fn request_kind(kind: RequestKind) -> String {
    match kind {
        RequestKind::See => t("request-see"),
        RequestKind::Correct => t("request-correct"),
        RequestKind::Provide => t("request-provide"),
        RequestKind::Withdraw => t("request-withdraw"),
        RequestKind::Restrict => t("request-restrict"),
        RequestKind::Object => t("request-object"),
        RequestKind::Delete => t("request-delete"),
    }
}

/// Returns how many days are left until the end of a day, in words.
pub(super) fn days_left(days: i64) -> String {
    match days {
        0 => t("days-today"),
        1.. => tf("days-left", &[("days", &days.to_string())]),
        _ => tf("days-over", &[("days", &days.unsigned_abs().to_string())]),
    }
}

/// Returns the name of a person, who may not have said one.
pub(super) fn person_name(name: &str) -> String {
    if name.is_empty() { t("people-no-name") } else { name.to_owned() }
}

/// Returns how far somebody is in a course.
pub(super) fn lamps(course: &CourseLamps) -> String {
    let (lit, lessons) = (course.lit.to_string(), course.lessons.to_string());
    tf("people-lamps-of", &[("title", &course.title), ("lit", &lit), ("lessons", &lessons)])
}

/// Returns the word about where somebody stands, and how it is marked.
pub(super) fn standing_word(word: Word) -> (String, &'static str) {
    match word {
        Word::Stuck => (t("roll-word-stuck"), "mark warning"),
        Word::Away => (t("roll-word-away"), "mark"),
        Word::New => (t("roll-word-new"), "mark"),
        Word::Learning => (t("roll-word-learning"), "mark"),
    }
}

/// Returns where somebody stands, on one line: lamps, the last day, the lesson she is stuck in.
pub(super) fn standing(standing: &Standing) -> String {
    let lamps = tf("roll-lamps", &[("lit", &standing.lit.to_string())]);
    let last = standing.last_ms.map(|ms| tf("roll-last", &[("when", &when(ms))]));
    let stuck =
        (!standing.stuck_title.is_empty()).then(|| tf("roll-stuck", &[("lesson", &standing.stuck_title)]));
    [Some(lamps), last, stuck].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Returns what an entry of the log says was done.
pub(super) fn action(action: &str) -> String {
    match action {
        "signed-in" => t("audit-signed-in"),
        "signed-out" => t("audit-signed-out"),
        "recovery-code-used" => t("audit-recovery-code-used"),
        "password-changed" => t("audit-password-changed"),
        "second-factor-set" => t("audit-second-factor-set"),
        "recovery-codes-made" => t("audit-recovery-codes-made"),
        "session-ended" => t("audit-session-ended"),
        "staff-added" => t("audit-staff-added"),
        "staff-stopped" => t("audit-staff-stopped"),
        "staff-reopened" => t("audit-staff-reopened"),
        "password-given" => t("audit-password-given"),
        "role-given" => t("audit-role-given"),
        "role-ended" => t("audit-role-ended"),
        "staff-listed" => t("audit-staff-listed"),
        "audit-read" => t("audit-audit-read"),
        "identity-linked" => t("audit-identity-linked"),
        "asides-listed" => t("audit-asides-listed"),
        "aside-judged" => t("audit-aside-judged"),
        "aside-bound" => t("audit-aside-bound"),
        "aside-closed" => t("audit-aside-closed"),
        "aside-reopened" => t("audit-aside-reopened"),
        "person-looked-for" => t("audit-person-looked-for"),
        "people-listed" => t("audit-people-listed"),
        "person-seen" => t("audit-person-seen"),
        "person-added" => t("audit-person-added"),
        "person-corrected" => t("audit-person-corrected"),
        "list-shown" => t("audit-list-shown"),
        "list-written" => t("audit-list-written"),
        "list-taken-back" => t("audit-list-taken-back"),
        "people-exported" => t("audit-people-exported"),
        "pin-given" => t("audit-pin-given"),
        "phone-tied" => t("audit-phone-tied"),
        "phone-untied" => t("audit-phone-untied"),
        "phone-key-given" => t("audit-phone-key-given"),
        "roll-fetched" => t("audit-roll-fetched"),
        "look-alikes-listed" => t("audit-look-alikes-listed"),
        "people-merged" => t("audit-people-merged"),
        "people-kept-apart" => t("audit-people-kept-apart"),
        "decisions-listed" => t("audit-decisions-listed"),
        "decision-taken-back" => t("audit-decision-taken-back"),
        "consent-recorded" => t("audit-consent-recorded"),
        "identity-kept" => t("audit-identity-kept"),
        "identity-removed" => t("audit-identity-removed"),
        "class-seen" => t("audit-class-seen"),
        "class-opened" => t("audit-class-opened"),
        "class-renamed" => t("audit-class-renamed"),
        "class-closed" => t("audit-class-closed"),
        "class-reopened" => t("audit-class-reopened"),
        "hamlet-added" => t("audit-hamlet-added"),
        "hamlet-renamed" => t("audit-hamlet-renamed"),
        "hamlet-closed" => t("audit-hamlet-closed"),
        "hamlet-opened" => t("audit-hamlet-opened"),
        "hamlet-removed" => t("audit-hamlet-removed"),
        "requests-listed" => t("audit-requests-listed"),
        "request-entered" => t("audit-request-entered"),
        "request-replied" => t("audit-request-replied"),
        "request-extended" => t("audit-request-extended"),
        "request-done" => t("audit-request-done"),
        "request-refused" => t("audit-request-refused"),
        "data-exported" => t("audit-data-exported"),
        "person-restricted" => t("audit-person-restricted"),
        "person-unrestricted" => t("audit-person-unrestricted"),
        "consent-withdrawn" => t("audit-consent-withdrawn"),
        "person-deleted" => t("audit-person-deleted"),
        "incidents-listed" => t("audit-incidents-listed"),
        "incident-added" => t("audit-incident-added"),
        "incident-changed" => t("audit-incident-changed"),
        "incident-closed" => t("audit-incident-closed"),
        _ => t("audit-other"),
    }
}

/// Returns the detail of an entry: the name of a role, what became of something set aside, or what stands there.
pub(super) fn detail(action: &str, detail: &str) -> String {
    match action {
        "aside-judged" | "aside-closed" => super::reconcile_words::named(detail),
        "request-entered" => {
            let kind = RequestKind::ALL.into_iter().find(|kind| kind.as_str() == detail);
            kind.map_or_else(|| detail.to_owned(), request_kind)
        }
        _ => {
            let known = domain::role::ROLES.into_iter().find(|known| known.as_str() == detail);
            known.map_or_else(|| detail.to_owned(), role)
        }
    }
}

/// Returns what happened and what to do, for a stable code.
pub(super) fn problem(code: &str) -> String {
    match code {
        UNREACHABLE => t("problem-unreachable"),
        "not-allowed" => t("problem-not-allowed"),
        "second-factor-needed" => t("problem-second-factor"),
        "not-found" => t("problem-not-found"),
        "wrong-password" => t("problem-wrong-password"),
        "wrong-code" => t("code-wrong"),
        "password-refused" => t("new-password-refused"),
        "name-taken" => t("problem-name-taken"),
        "field-refused" | "malformed" => t("problem-field"),
        "too-many-tries" => t("sign-in-wait"),
        "already-decided" => t("problem-already-decided"),
        "hamlet-name" => t("problem-hamlet-name"),
        "hamlet-exists" => t("problem-hamlet-exists"),
        "hamlet-day" => t("problem-hamlet-day"),
        "hamlet-in-use" => t("problem-hamlet-in-use"),
        "already-settled" => t("problem-already-settled"),
        "not-bindable" => t("problem-not-bindable"),
        "name-missing" | "name-too-long" | "name-unreadable" => t("problem-person-name"),
        "birth-impossible" => t("problem-birth-year"),
        "phone-unreadable" => t("problem-phone"),
        "no-place" => t("problem-no-place"),
        "no-class" => t("problem-no-class"),
        "class-name" => t("problem-class-name"),
        "class-exists" => t("problem-class-exists"),
        "classes-too-many" => t("problem-classes-too-many"),
        "other-group" => t("problem-other-group"),
        "identity-invalid" => t("problem-identity"),
        "identity-off" => t("problem-identity-off"),
        "changed-meanwhile" => t("problem-changed"),
        "file-too-large" | "too-many-rows" => t("problem-file-large"),
        "file-empty" => t("problem-file-empty"),
        "file-damaged" => t("problem-file-damaged"),
        "no-name-column" => t("problem-file-no-names"),
        "look-again" => t("problem-look-again"),
        "busy" => t("sign-in-busy"),
        "phone-full" => t("problem-phone-full"),
        "phone-storage" => t("problem-phone-storage"),
        "no-cryptography" => t("problem-no-cryptography"),
        "phone-taken" => t("problem-phone-taken"),
        "secret-short" => t("problem-secret-short"),
        "secret-differs" => t("problem-secret-differs"),
        "place-missing" => t("problem-place-missing"),
        "consent-missing" => t("problem-consent-missing"),
        "guardian-missing" => t("problem-guardian-missing"),
        "list-shut" => t("problem-list-shut"),
        "sign-in-needed" => t("sign-in-over"),
        "no-such-route" => t("problem-update"),
        _ => t("problem-other"),
    }
}

/// Leads to the form that helps: signing in again, and back here afterwards.
pub(super) fn go_where_it_helps(problem: &Problem) {
    let page = match problem.0.code.as_str() {
        "sign-in-needed" => StaffPage::SignIn,
        "new-password-needed" => StaffPage::NewPassword,
        _ => return,
    };
    let Some(window) = web_sys::window() else { return };
    let here = window.location().pathname().unwrap_or_default();
    let said = if page == StaffPage::SignIn { "#het-phien" } else { "" };
    // A browser that does not go there still shows the sentence.
    let _ = window.location().replace(&format!("{}?next={here}{said}", address(page)));
}

/// Shows the beginning of the page, where what was done is said.
pub(super) fn go_to_the_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Returns the address of a staff page in the language of this one.
pub(super) fn address(page: StaffPage) -> String {
    Page::Staff(page).path(if is_english() { Locale::En } else { Locale::Vi })
}

fn is_english() -> bool {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    root.and_then(|root| root.get_attribute("lang")).is_some_and(|lang| lang == Locale::En.tag())
}

/// Returns a moment as people read it.
pub(super) fn when(at_ms: i64) -> String {
    crate::phone::moment(at_ms)
}

/// Returns a number with its thousands marked as the page's language does.
pub(super) fn number(number: u64) -> String {
    let mark = if is_english() { ',' } else { '.' };
    let digits = number.to_string();
    let mut marked = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            marked.push(mark);
        }
        marked.push(digit);
    }
    marked
}

/// Returns today in Vietnam as a date field writes it: 2026-11-25.
pub(super) fn today() -> String {
    let vietnam =
        js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(js_sys::Date::now() + 7.0 * 3_600_000.0));
    String::from(vietnam.to_iso_string()).chars().take(10).collect()
}

/// Returns a moment as a field for one holds it, in Vietnam's time: `2026-11-25T14:05`.
pub(super) fn moment_field(at_ms: i64) -> String {
    const VIETNAM_MS: i64 = 7 * 3_600_000;
    #[expect(clippy::cast_precision_loss, reason = "exact for 280,000 years")]
    let local = js_sys::Date::new(&((at_ms + VIETNAM_MS) as f64).into());
    String::from(local.to_iso_string()).chars().take(16).collect()
}

/// Returns the moment that such a field holds; nothing for an empty one.
pub(super) fn read_moment(field: &str) -> Option<i64> {
    let ms = js_sys::Date::parse(&format!("{field}:00+07:00"));
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    ms.is_finite().then_some(ms as i64)
}

/// Returns the moment at which a day begins in Vietnam; nothing for an empty field.
pub(super) fn day_ms(day: &str) -> Option<i64> {
    let ms = js_sys::Date::parse(&format!("{day}T00:00:00+07:00"));
    // Within what a date field can say, a whole number far below 2^53.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    ms.is_finite().then_some(ms as i64)
}
