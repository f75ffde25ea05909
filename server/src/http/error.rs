//! Refusals and failures on the wire: a status, a stable code, and what to do next.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::LessonId;
use domain::sync::{ApiError, NextStep};
use serde::Serialize;

use crate::clock::Random;
use crate::failure::{Failure, Refusal};
use crate::people::PeopleRefusal;
use crate::places::hamlets::HamletRefusal;
use crate::secret::SecretError;

/// What a handler answers instead of its result.
pub(super) struct ApiFailure(Failure);

impl<E: Into<Failure>> From<E> for ApiFailure {
    fn from(failure: E) -> Self {
        Self(failure.into())
    }
}

/// An [`ApiError`] with what only one code carries. Phones that do not know a field ignore it.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    error: ApiError,
    /// What a certificate still asks for.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    missing: Option<Missing>,
    /// The word under which an unexpected failure stands in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

/// What a certificate still asks for, to be counted and shown.
#[derive(Serialize)]
struct Missing {
    lit: usize,
    needed: usize,
    unlit: Vec<LessonId>,
}

/// Seconds after which an overloaded server is worth asking again.
const BUSY_RETRY_S: u32 = 5;

/// Returns the status, the stable code and the next step of a refusal. Codes are never renamed.
fn wire(refusal: &Refusal) -> (StatusCode, &'static str, NextStep) {
    use NextStep::{FixInput, Retry, SignIn, UpdateApp};
    match refusal {
        Refusal::Malformed => (StatusCode::BAD_REQUEST, "malformed", FixInput),
        Refusal::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", FixInput),
        Refusal::CrossOrigin => (StatusCode::FORBIDDEN, "cross-origin", FixInput),
        Refusal::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", FixInput),
        Refusal::TooManyEvents => (StatusCode::BAD_REQUEST, "too-many-events", FixInput),
        Refusal::ProtocolTooNew => (StatusCode::BAD_REQUEST, "protocol-too-new", UpdateApp),
        Refusal::DeviceUnknown => (StatusCode::UNAUTHORIZED, "device-unknown", SignIn),
        Refusal::CodeTaken => (StatusCode::CONFLICT, "code-taken", FixInput),
        Refusal::PinRefused => (StatusCode::UNPROCESSABLE_ENTITY, "pin-refused", FixInput),
        Refusal::NotYours => (StatusCode::FORBIDDEN, "not-yours", SignIn),
        Refusal::WrongCodeOrPin => (StatusCode::FORBIDDEN, "wrong-code-or-pin", FixInput),
        Refusal::TooManyTries { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many-tries", Retry),
        Refusal::CourseUnknown => (StatusCode::NOT_FOUND, "course-unknown", FixInput),
        Refusal::NoRule => (StatusCode::CONFLICT, "no-rule", Retry),
        Refusal::NotEarned { .. } => (StatusCode::CONFLICT, "not-earned", FixInput),
        Refusal::NameMissing => (StatusCode::CONFLICT, "name-missing", FixInput),
        Refusal::ConsentMissing => (StatusCode::CONFLICT, "consent-missing", FixInput),
        Refusal::SignatureWrong => (StatusCode::FORBIDDEN, "signature-wrong", Retry),
        Refusal::KeyRefused => (StatusCode::UNPROCESSABLE_ENTITY, "key-refused", FixInput),
        Refusal::DeviceNotLinked => (StatusCode::NOT_FOUND, "device-not-linked", FixInput),
        Refusal::PhoneTaken => (StatusCode::CONFLICT, "phone-taken", FixInput),
        Refusal::PhoneNotTied => (StatusCode::FORBIDDEN, "phone-not-tied", SignIn),
        Refusal::SignInNeeded => (StatusCode::UNAUTHORIZED, "sign-in-needed", SignIn),
        Refusal::NewPasswordNeeded => (StatusCode::FORBIDDEN, "new-password-needed", SignIn),
        Refusal::SecondFactorNeeded => (StatusCode::FORBIDDEN, "second-factor-needed", SignIn),
        Refusal::NotAllowed => (StatusCode::FORBIDDEN, "not-allowed", FixInput),
        Refusal::NotFound => (StatusCode::NOT_FOUND, "not-found", FixInput),
        Refusal::WrongPassword => (StatusCode::FORBIDDEN, "wrong-password", FixInput),
        Refusal::WrongCode => (StatusCode::FORBIDDEN, "wrong-code", FixInput),
        Refusal::PasswordRefused => (StatusCode::UNPROCESSABLE_ENTITY, "password-refused", FixInput),
        Refusal::NameTaken => (StatusCode::CONFLICT, "name-taken", FixInput),
        Refusal::FieldRefused => (StatusCode::UNPROCESSABLE_ENTITY, "field-refused", FixInput),
        Refusal::AlreadySettled => (StatusCode::CONFLICT, "already-settled", FixInput),
        Refusal::NotBindable => (StatusCode::CONFLICT, "not-bindable", FixInput),
        Refusal::People(refusal) => (people_status(refusal), refusal.code(), FixInput),
        Refusal::Hamlet(refusal) => (hamlet_status(*refusal), refusal.code(), FixInput),
    }
}

/// Returns whether the input makes no sense, or something else stands there by now.
fn people_status(refusal: &PeopleRefusal) -> StatusCode {
    match refusal {
        PeopleRefusal::NotFound => StatusCode::NOT_FOUND,
        PeopleRefusal::ChangedMeanwhile(_) | PeopleRefusal::Already | PeopleRefusal::LookAgain => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Returns whether the input makes no sense, or what stands there speaks against it.
fn hamlet_status(refusal: HamletRefusal) -> StatusCode {
    match refusal {
        HamletRefusal::NotFound => StatusCode::NOT_FOUND,
        HamletRefusal::Exists | HamletRefusal::InUse => StatusCode::CONFLICT,
        HamletRefusal::Name | HamletRefusal::WrongDay => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        let (status, body) = told(self.0);
        respond(status, body)
    }
}

/// Returns the status and the error for a server function; what fails unexpectedly is logged.
pub(crate) fn api_error(failure: Failure) -> (StatusCode, ApiError) {
    let (status, body) = told(failure);
    (status, body.error)
}

fn told(failure: Failure) -> (StatusCode, Body) {
    match failure {
        Failure::Refused(refusal) => refused(refusal),
        Failure::Secret(SecretError::Busy) => busy(),
        Failure::Store(error) if error.is_busy() => busy(),
        failure => unexpected(&failure.to_string()),
    }
}

fn refused(refusal: Refusal) -> (StatusCode, Body) {
    let (status, code, next) = wire(&refusal);
    let retry_after_s = match refusal {
        Refusal::TooManyTries { retry_after_s } => Some(retry_after_s),
        _ => None,
    };
    let missing = match refusal {
        Refusal::NotEarned { lit, needed, unlit } => Some(Missing { lit, needed, unlit }),
        _ => None,
    };
    let error = ApiError { code: code.to_owned(), next, retry_after_s };
    (status, Body { error, missing, reference: None })
}

fn busy() -> (StatusCode, Body) {
    tracing::warn!("answered busy: the database or the hashing has too many waiting");
    let error =
        ApiError { code: "busy".to_owned(), next: NextStep::Retry, retry_after_s: Some(BUSY_RETRY_S) };
    (StatusCode::SERVICE_UNAVAILABLE, Body { error, missing: None, reference: None })
}

/// Logs a failure once, under a reference that the answer carries instead of the cause.
fn unexpected(cause: &str) -> (StatusCode, Body) {
    let reference = data_encoding::HEXLOWER.encode(&Random::System.bytes::<4>());
    tracing::error!(reference, cause, "a request failed unexpectedly");
    let error = ApiError { code: "unexpected".to_owned(), next: NextStep::Retry, retry_after_s: None };
    (StatusCode::INTERNAL_SERVER_ERROR, Body { error, missing: None, reference: Some(reference) })
}

fn respond(status: StatusCode, body: Body) -> Response {
    let retry_after = body.error.retry_after_s;
    let mut response = (status, Json(body)).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Answers after a panic. Its message may hold anything, so only the place in the log says that it happened.
pub(super) fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    let (status, body) = unexpected("a handler panicked");
    respond(status, body)
}

/// Answers an address that no version of this interface has.
pub(super) async fn no_such_route() -> Response {
    plain(StatusCode::NOT_FOUND, "no-such-route")
}

/// Answers a method that an address does not take.
pub(super) async fn no_such_method() -> Response {
    plain(StatusCode::METHOD_NOT_ALLOWED, "no-such-method")
}

fn plain(status: StatusCode, code: &str) -> Response {
    let error = ApiError { code: code.to_owned(), next: NextStep::UpdateApp, retry_after_s: None };
    respond(status, Body { error, missing: None, reference: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    /// Old phones act on these for ever: never edit a line, add new ones.
    #[test]
    fn codes_are_frozen() {
        use Refusal::*;
        let not_earned = NotEarned { lit: 1, needed: 2, unlit: vec![] };
        for (refusal, status, code, next) in [
            (Malformed, 400, "malformed", NextStep::FixInput),
            (NotJson, 415, "not-json", NextStep::FixInput),
            (CrossOrigin, 403, "cross-origin", NextStep::FixInput),
            (BodyTooLarge, 413, "body-too-large", NextStep::FixInput),
            (TooManyEvents, 400, "too-many-events", NextStep::FixInput),
            (ProtocolTooNew, 400, "protocol-too-new", NextStep::UpdateApp),
            (DeviceUnknown, 401, "device-unknown", NextStep::SignIn),
            (CodeTaken, 409, "code-taken", NextStep::FixInput),
            (PinRefused, 422, "pin-refused", NextStep::FixInput),
            (NotYours, 403, "not-yours", NextStep::SignIn),
            (WrongCodeOrPin, 403, "wrong-code-or-pin", NextStep::FixInput),
            (TooManyTries { retry_after_s: 9 }, 429, "too-many-tries", NextStep::Retry),
            (CourseUnknown, 404, "course-unknown", NextStep::FixInput),
            (NoRule, 409, "no-rule", NextStep::Retry),
            (not_earned, 409, "not-earned", NextStep::FixInput),
            (NameMissing, 409, "name-missing", NextStep::FixInput),
            (ConsentMissing, 409, "consent-missing", NextStep::FixInput),
            (SignatureWrong, 403, "signature-wrong", NextStep::Retry),
            (KeyRefused, 422, "key-refused", NextStep::FixInput),
            (DeviceNotLinked, 404, "device-not-linked", NextStep::FixInput),
            (PhoneTaken, 409, "phone-taken", NextStep::FixInput),
            (PhoneNotTied, 403, "phone-not-tied", NextStep::SignIn),
            (SignInNeeded, 401, "sign-in-needed", NextStep::SignIn),
            (NewPasswordNeeded, 403, "new-password-needed", NextStep::SignIn),
            (SecondFactorNeeded, 403, "second-factor-needed", NextStep::SignIn),
            (NotAllowed, 403, "not-allowed", NextStep::FixInput),
            (NotFound, 404, "not-found", NextStep::FixInput),
            (WrongPassword, 403, "wrong-password", NextStep::FixInput),
            (WrongCode, 403, "wrong-code", NextStep::FixInput),
            (PasswordRefused, 422, "password-refused", NextStep::FixInput),
            (NameTaken, 409, "name-taken", NextStep::FixInput),
            (FieldRefused, 422, "field-refused", NextStep::FixInput),
            (AlreadySettled, 409, "already-settled", NextStep::FixInput),
            (NotBindable, 409, "not-bindable", NextStep::FixInput),
            (People(PeopleRefusal::NoPlace), 422, "no-place", NextStep::FixInput),
            (Hamlet(HamletRefusal::Exists), 409, "hamlet-exists", NextStep::FixInput),
            (Hamlet(HamletRefusal::InUse), 409, "hamlet-in-use", NextStep::FixInput),
            (Hamlet(HamletRefusal::Name), 422, "hamlet-name", NextStep::FixInput),
            (Hamlet(HamletRefusal::WrongDay), 422, "hamlet-day", NextStep::FixInput),
            (People(PeopleRefusal::Already), 409, "already-decided", NextStep::FixInput),
        ] {
            let got = wire(&refusal);
            assert_eq!((got.0.as_u16(), got.1, got.2), (status, code, next));
        }
    }

    #[test]
    fn an_overloaded_server_says_when_to_come_back() {
        for failure in [Failure::from(StoreError::Busy), Failure::from(SecretError::Busy)] {
            let response = ApiFailure(failure).into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "5");
        }
    }

    #[test]
    fn a_panic_is_answered_without_its_message() {
        assert_eq!(after_panic(Box::new("a name")).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
