//! Certificates: issued only for what stored facts show, with these facts as evidence.

use data_encoding::BASE64URL_NOPAD;
use domain::certificate::Claims;
use domain::consent::ConsentPurpose;
use domain::course::{Course, LessonOutline};
use domain::dated_fact::vietnam_epoch_day;
use domain::event::{Event, EventKind};
use domain::ids::{CertificateId, EventId};
use domain::profile::Profile;
use domain::progress::{Lamp, Progress};
use domain::rule::CertificateRule;
use domain::sync::{IssuedCertificate, RequestCertificate};

use crate::devices::ProvenDevice;
use crate::failure::{Failure, Refusal};
use crate::state::AppState;
use crate::store::{NewCertificate, StoredCertificate, StoredFact};

/// Issues the certificate of a course, or returns the one issued before to the same name.
///
/// # Errors
/// [`Refusal::NotYours`], [`Refusal::CourseUnknown`], [`Refusal::NoRule`], [`Refusal::NotEarned`],
/// [`Refusal::NameMissing`], [`Refusal::ConsentMissing`].
pub async fn issue(
    state: &AppState,
    device: ProvenDevice,
    request: &RequestCertificate,
) -> Result<IssuedCertificate, Failure> {
    if !state.store.is_linked(device.id(), request.learner).await? {
        return Err(Refusal::NotYours.into());
    }
    let course = state.library.courses.iter().find(|course| course.id == request.course);
    let course = course.ok_or(Refusal::CourseUnknown)?;
    // The newest rule applies.
    let rule = state.library.rules.last().ok_or(Refusal::NoRule)?;
    let facts = state.store.facts_of(request.learner).await?;
    let profile = Profile::from_events(facts.iter().map(|fact| &fact.event));
    let agrees = profile.agrees_to(ConsentPurpose::LearningRecord);
    // Looked for before the lamps: a lesson added to the course later takes no certificate back.
    if let (Some(name), true) = (profile.name(), agrees)
        && let Some(issued) = state.store.issued_certificate(request.learner, &course.id, name).await?
    {
        return Ok(answer(course, issued));
    }
    let lessons: Vec<LessonOutline> = course.lessons.iter().map(|lesson| lesson.outline()).collect();
    let evidence = earned(rule, &lessons, &facts)?;
    let name = profile.name().ok_or(Refusal::NameMissing)?;
    if !agrees {
        return Err(Refusal::ConsentMissing.into());
    }
    let new = signed(state, request, (course, rule, name), evidence);
    let issued = state.store.issue_certificate(&new, state.clock.now_ms()).await?;
    Ok(answer(course, issued))
}

fn answer(course: &Course, issued: StoredCertificate) -> IssuedCertificate {
    IssuedCertificate { id: issued.id, course: course.id.clone(), signed: issued.signed }
}

fn signed(
    state: &AppState,
    request: &RequestCertificate,
    (course, rule, name): (&Course, &CertificateRule, &str),
    evidence: Vec<EventId>,
) -> NewCertificate {
    let now_ms = state.clock.now_ms();
    let id = CertificateId(state.random.id(now_ms));
    let bytes = state.signer.sign(Claims {
        id,
        key: state.signer.key_id().clone(),
        name: name.to_owned(),
        course: course.id.clone(),
        course_title: course.title.clone(),
        lessons: u16::try_from(course.lessons.len()).unwrap_or(u16::MAX),
        issued_day: u32::try_from(vietnam_epoch_day(now_ms)).unwrap_or(0),
        rule: rule.id.clone(),
        issuer: state.config.issuer.clone(),
    });
    NewCertificate {
        id,
        learner: request.learner,
        course: course.id.clone(),
        name: name.to_owned(),
        rule: rule.id.clone(),
        signed: BASE64URL_NOPAD.encode(&bytes),
        evidence,
    }
}

/// Returns the facts that lit the lamps, if the rule is met.
fn earned(
    rule: &CertificateRule,
    lessons: &[LessonOutline],
    facts: &[StoredFact],
) -> Result<Vec<EventId>, Refusal> {
    let progress = Progress::from_facts(facts.iter().map(|fact| (&fact.event, fact.verdict)));
    let is_lit = |lesson: &&LessonOutline| progress.lamp(lesson) == Lamp::Lit;
    if !rule.is_met(&progress, lessons) {
        return Err(Refusal::NotEarned {
            lit: progress.lit(lessons),
            needed: rule.lamps_needed(lessons.len()),
            unlit: lessons.iter().filter(|lesson| !is_lit(lesson)).map(|lesson| lesson.id.clone()).collect(),
        });
    }
    Ok(lessons.iter().filter(is_lit).flat_map(|lesson| evidence(lesson, facts)).collect())
}

/// Returns the first fact for each part of a lit lamp: the practice done unaided, then each question answered right.
fn evidence(lesson: &LessonOutline, facts: &[StoredFact]) -> Vec<EventId> {
    let first = |shows: &dyn Fn(&Event) -> bool| {
        let right =
            |fact: &&StoredFact| fact.verdict == Some(true) && fact.event.kind.lesson() == Some(&lesson.id);
        facts.iter().filter(right).find(|fact| shows(&fact.event)).map(|fact| fact.event.id)
    };
    let practised = first(
        &|event| matches!(&event.kind, EventKind::PracticeFinished { practice, .. } if *practice == lesson.practice),
    );
    let answered = lesson.items.iter().filter_map(|wanted| {
        first(&|event| matches!(&event.kind, EventKind::AnswerGiven { item, .. } if item == wanted))
    });
    practised.into_iter().chain(answered).collect()
}
