//! The interactive pieces, one file each. With `offline` and `domain` they are all the wasm a phone downloads.
//!
//! An island draws the same first picture on the server and on the phone, then follows [`crate::phone::state`]. It
//! never waits for the network: it appends facts to the record, and sending runs beside it.
//!
//! There are two bundles: learners get everything but the check of certificates, checkers get only that.

#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod certificate;
#[cfg(any(feature = "ssr", feature = "checker"))]
pub mod check;
#[cfg(any(feature = "ssr", feature = "learner"))]
mod devices;
#[cfg(any(feature = "ssr", feature = "learner", feature = "checker"))]
mod field;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod lamps;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod leaving;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod lesson_end;
#[cfg(any(feature = "ssr", feature = "learner"))]
mod locking;
#[cfg(any(feature = "ssr", feature = "learner"))]
mod my_data;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod people;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod practice;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod quiz;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod read_aloud;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod record;
#[cfg(any(feature = "ssr", feature = "learner"))]
mod secret;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod status;
pub mod text_size;
#[cfg(any(feature = "ssr", feature = "learner"))]
pub mod work_state;

/// Entry on the phone: wakes an island that stands on the page.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn wake(place: web_sys::Element) {
    let awake: fn() = match place.get_attribute("data-island").unwrap_or_default().as_str() {
        #[cfg(feature = "learner")]
        "course_lamps" => lamps::course_lamps,
        #[cfg(feature = "learner")]
        "go_on" => lamps::go_on,
        #[cfg(feature = "learner")]
        "lesson_lamp" => lamps::lesson_lamp,
        #[cfg(feature = "learner")]
        "lesson_end" => lesson_end::lesson_end,
        #[cfg(feature = "learner")]
        "real_task_answers" => lesson_end::real_task_answers,
        #[cfg(feature = "learner")]
        "my_certificates" => certificate::my_certificates,
        #[cfg(feature = "learner")]
        "my_record" => record::my_record,
        #[cfg(feature = "learner")]
        "my_place" => leaving::my_place,
        #[cfg(feature = "learner")]
        "people" => people::people,
        #[cfg(feature = "learner")]
        "practice_phone" => practice::practice_phone,
        #[cfg(feature = "learner")]
        "quiz" => quiz::quiz,
        #[cfg(feature = "learner")]
        "read_aloud" => read_aloud::read_aloud,
        #[cfg(feature = "learner")]
        "status_line" => status::status_line,
        #[cfg(feature = "learner")]
        "work_state" => work_state::work_state,
        #[cfg(feature = "checker")]
        "check_paper" => check::check_paper,
        "text_size" => text_size::text_size,
        _ => return,
    };
    crate::components::stage::wake_at(place, awake);
}
