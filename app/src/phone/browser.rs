//! In the browser: opens the store once for all islands of the page, tells them what changed, sends when it can.

use std::cell::{Cell, RefCell};
use std::pin::Pin;

use domain::code::LearnerCode;
use domain::event::EventKind;
use domain::ids::{ContentHash, CourseId, DeviceId};
use domain::sync::{IssuedCertificate, LinkedDevice};
use wasm_bindgen::prelude::*;

use super::{Learner, Phone, Problem, Sending};
use crate::components::follow::Followed;
use crate::offline::backoff::delay_ms;
use crate::offline::environment::Environment;
use crate::offline::idb::IdbStore;
use crate::offline::record::{Identity, LearningRecord, RECORD_VERSION};
use crate::offline::store::StoreError;
use crate::offline::sync_client::{self, SyncError};

mod environment;
mod fetch;

pub use environment::BrowserEnvironment;
use fetch::FetchTransport;

/// How long facts of a lesson gather before they are sent together, in milliseconds. Every request repeats 130 bytes and
/// wakes the radio; sent one by one, a day of two lessons came to 5.8 KB instead of the 5 KB it may cost. Opening a page
/// and coming back online send at once; leaving one does not, because what the browser cuts off there is sent twice.
const GATHER_MS: u64 = 120_000;

/// Name of the database in the browser.
const DATABASE: &str = "bdhvs";

/// Which wording of the agreement the form shows; raised when the wording changes.
const CONSENT_TEXT_VERSION: u16 = 1;

#[derive(Clone)]
struct Open {
    record: LearningRecord<IdbStore>,
    identity: Identity,
}

thread_local! {
    static STATE: Followed<Phone> = start();
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
    static FAILURES: Cell<u32> = const { Cell::new(0) };
    static GATHERING: Cell<bool> = const { Cell::new(false) };
}

/// Returns what this phone knows; follows every change.
pub fn state() -> Followed<Phone> {
    STATE.with(Clone::clone)
}

/// Runs something beside the page.
pub fn run(future: impl Future<Output = ()> + 'static) {
    // Boxed, so that the machinery of a task exists once.
    let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    wasm_bindgen_futures::spawn_local(future);
}

fn start() -> Followed<Phone> {
    run(async {
        if refresh().await.is_ok() {
            send_now();
        }
    });
    let back_online = Closure::<dyn FnMut()>::new(send_now);
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("online", back_online.as_ref().unchecked_ref());
    }
    // Lives as long as the page does.
    back_online.forget();
    let heard = Closure::<dyn FnMut(bool)>::new(|is_to_send| {
        if is_to_send {
            send_now();
        } else {
            run(follow_other_tab());
        }
    });
    listen(heard.as_ref().unchecked_ref());
    heard.forget();
    Followed::new(Phone::default())
}

/// Another tab wrote something, perhaps handed the phone to another learner.
async fn follow_other_tab() {
    let Ok(open) = opened().await else { return };
    if let Ok(identity) = open.record.identity(&BrowserEnvironment).await {
        OPEN.set(Some(Open { identity, ..open }));
    }
    let _ = refresh().await;
}

/// Calls something once, later.
fn after(delay_ms: u64, call: impl FnOnce() + 'static) {
    let call = Closure::once_into_js(call);
    let delay_ms = i32::try_from(delay_ms).unwrap_or(i32::MAX);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), delay_ms);
    }
}

fn update(change: impl FnOnce(&mut Phone)) {
    STATE.with(|state| state.update(change));
}

fn problem(error: &StoreError) -> Problem {
    match error {
        StoreError::Full => Problem::Full,
        StoreError::Corrupt(..) => Problem::Unreadable,
        StoreError::Unavailable | StoreError::Taken | StoreError::Failed(_) => Problem::Unavailable,
    }
}

async fn opened() -> Result<Open, StoreError> {
    if let Some(open) = OPEN.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let record = LearningRecord::new(IdbStore::open(DATABASE).await?);
    let identity = record.identity(&BrowserEnvironment).await?;
    if identity.version > RECORD_VERSION {
        return Err(StoreError::Failed("written by a newer page".into()));
    }
    let open = Open { record, identity };
    OPEN.with_borrow_mut(|slot| slot.get_or_insert_with(|| open.clone()).clone());
    Ok(open)
}

/// Reads the record again and tells all islands.
async fn refresh() -> Result<(), StoreError> {
    let read = async {
        let open = opened().await?;
        let contents = open.record.contents(open.identity.learner).await?;
        let clock_off_ms = open.record.clock_off_ms().await?;
        Ok((Learner::from_contents(open.identity.learner, contents), clock_off_ms))
    };
    match read.await {
        Ok((learner, clock_off_ms)) => {
            update(|phone| {
                (phone.learner, phone.problem, phone.clock_off_ms) = (Some(learner), None, clock_off_ms);
            });
            Ok(())
        }
        Err(error) => {
            update(|phone| phone.problem = Some(problem(&error)));
            Err(error)
        }
    }
}

/// Appends a fact of the present learner; when it is kept, islands see it and sending starts.
///
/// # Errors
/// [`StoreError`]; nothing was kept then, and all islands see the problem.
pub async fn append(
    kind: EventKind,
    content: Option<ContentHash>,
    right: Option<bool>,
) -> Result<(), StoreError> {
    let is_learning = kind.lesson().is_some();
    let appended = async {
        let open = opened().await?;
        open.record.append(&BrowserEnvironment, &open.identity, kind, content, right).await
    };
    if let Err(error) = appended.await {
        update(|phone| phone.problem = Some(problem(&error)));
        return Err(error);
    }
    refresh().await?;
    tell();
    if is_learning {
        send_soon()
    } else {
        send_now()
    }
    Ok(())
}

/// Gives the present learner a name, a code and a PIN, with her agreement to keep the record on the server.
///
/// # Errors
/// [`StoreError`]; what was appended before it stays and the call can be repeated.
pub async fn enrol(name: String, pin: String) -> Result<(), StoreError> {
    let open = opened().await?;
    open.record.enrol(&BrowserEnvironment, &open.identity, CONSENT_TEXT_VERSION, name, pin).await?;
    refresh().await?;
    tell();
    send_now();
    Ok(())
}

/// Gets a record onto this phone by code and PIN, and hands the phone to that learner.
///
/// # Errors
/// [`SyncError`]; the phone then stays with the learner before.
pub async fn open_record(code: LearnerCode, pin: String) -> Result<(), SyncError> {
    let open = opened().await?;
    let identity = sync_client::open_record(&open.record, &FetchTransport, &open.identity, code, pin).await?;
    OPEN.set(Some(Open { identity, ..open }));
    refresh().await?;
    tell();
    send_now();
    Ok(())
}

/// Returns which phone this is, once the record has been opened.
pub fn device() -> Option<DeviceId> {
    OPEN.with_borrow(|open| open.as_ref().map(|open| open.identity.device))
}

/// Returns the phones that have the present learner's record.
///
/// # Errors
/// [`SyncError`].
pub async fn list_devices() -> Result<Vec<LinkedDevice>, SyncError> {
    sync_client::list_devices(&FetchTransport, &opened().await?.identity).await
}

/// Takes the present learner's record off a phone; returns those that are left.
///
/// # Errors
/// [`SyncError`].
pub async fn remove_device(device: DeviceId, pin: String) -> Result<Vec<LinkedDevice>, SyncError> {
    sync_client::remove_device(&FetchTransport, &opened().await?.identity, device, pin).await
}

/// Asks the server for the certificate of a course.
///
/// # Errors
/// [`SyncError`] says why there is none (yet).
pub async fn request_certificate(course: CourseId) -> Result<IssuedCertificate, SyncError> {
    let open = opened().await?;
    let asked = sync_client::request_certificate(
        &open.record,
        &FetchTransport,
        &BrowserEnvironment,
        &open.identity,
        course,
    )
    .await;
    refresh().await?;
    asked
}

/// Sends what waits, together with what comes until then.
fn send_soon() {
    if !web_sys::window().is_some_and(|window| window.navigator().on_line()) {
        // A try that costs nothing, so that the status line says how things stand.
        send_now();
    } else if !GATHERING.replace(true) {
        let send = || {
            GATHERING.set(false);
            send_now();
        };
        after(GATHER_MS, send);
    }
}

/// Sends what waits, unless that is under way already.
pub fn send_now() {
    let is_shared = STATE.with(|state| {
        state.with_untracked(|phone| {
            phone.learner.as_ref().is_some_and(|learner| learner.shared || learner.registered)
        })
    });
    if !is_shared || SENDING.replace(true) {
        return;
    }
    run(async {
        update(|phone| phone.sending = Sending::Busy);
        let sent = send().await;
        SENDING.set(false);
        let _ = refresh().await;
        tell();
        let sending = match sent {
            Ok(()) => {
                FAILURES.set(0);
                Sending::Idle
            }
            Err(SyncError::Refused(error)) => {
                try_again_later(error.retry_after_s);
                Sending::Refused(error.code)
            }
            Err(_) => {
                try_again_later(None);
                later();
                Sending::Unreachable
            }
        };
        update(|phone| phone.sending = sending);
    });
}

/// Sends when it is this tab's turn.
async fn send() -> Result<(), SyncError> {
    let end_turn: js_sys::Function = turn().await.unchecked_into();
    let sent = async {
        let open = opened().await?;
        sync_client::sync(&open.record, &FetchTransport, &BrowserEnvironment, &open.identity).await.map(drop)
    };
    let sent = sent.await;
    let _ = end_turn.call0(&JsValue::NULL);
    sent
}

fn try_again_later(retry_after_s: Option<u32>) {
    let failures = FAILURES.get();
    FAILURES.set(failures.saturating_add(1));
    let asked = u64::from(retry_after_s.unwrap_or(0)) * 1000;
    let wait_ms = delay_ms(failures, BrowserEnvironment.random_u64()).max(asked);
    after(wait_ms, send_now);
}

/// Calls back with what stands behind `#` in the address, now and whenever it changes. It never travels to a server.
pub fn on_address_fragment(call: Box<dyn Fn(String)>) {
    let read = move || {
        let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
        call(hash.trim_start_matches('#').to_owned());
    };
    read();
    let changed = Closure::<dyn FnMut()>::new(read);
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("hashchange", changed.as_ref().unchecked_ref());
    }
    // Lives as long as the page does.
    changed.forget();
}

/// Opens another page.
pub fn go_to(href: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_href(href);
    }
}

/// Opens the browser's print dialogue.
pub fn print_page() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}

#[wasm_bindgen(js_namespace = bdhvs)]
extern "C" {
    fn when(ms: f64) -> String;
    async fn turn() -> JsValue;
    fn tell();
    fn listen(call: &js_sys::Function);
    fn later();
}

/// Returns the time by the server's clock, as far as this phone knows how far its own is off.
pub fn right_time_ms(clock_off_ms: i64) -> i64 {
    BrowserEnvironment.now_ms().saturating_sub(clock_off_ms)
}

/// Returns a moment (milliseconds since 1970 UTC) as people read it, in the page's language and Vietnam's time.
pub fn moment(ms: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "exact for 280,000 years")]
    when(ms as f64)
}
