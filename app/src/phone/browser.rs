//! In the browser: opens the store once for all islands of the page, tells them what changed, sends when it can.

use std::cell::{Cell, RefCell};
use std::pin::Pin;

use domain::code::LearnerCode;
use domain::consent::TEXT_VERSION;
use domain::event::EventKind;
use domain::ids::{ContentHash, CourseId, DeviceId};
use domain::sync::{IssuedCertificate, LinkedDevice};
use wasm_bindgen::prelude::*;

use super::{Beside, Learner, Phone, Problem, Sending};
use crate::components::follow::Followed;
use crate::offline::backoff::delay_ms;
use crate::offline::environment::Environment;
use crate::offline::idb::IdbStore;
use crate::offline::leave::Left;
use crate::offline::lost::Trace;
use crate::offline::record::{Identity, LearningRecord, RECORD_VERSION};
use crate::offline::store::StoreError;
use crate::offline::sync_client::{self, SyncDone, SyncError};

mod environment;
mod fetch;
mod my_data;
mod people;

pub use environment::BrowserEnvironment;
pub use fetch::FetchTransport;
pub use my_data::{is_withdrawn, my_data, new_id};
pub use people::*;

/// How long facts of a lesson gather before they are sent together, in milliseconds. Every request repeats 130 bytes and
/// wakes the radio; sent one by one, a day of two lessons came to 5.8 KB instead of the 5 KB it may cost. Opening a page
/// and coming back online send soon; leaving one does not, because what the browser cuts off there is sent twice.
const GATHER_MS: u64 = 120_000;

/// How long a page is open before it sends what waits, in milliseconds. One that is left at once sends nothing: what the
/// browser cuts off there is sent twice. It also leaves the network to the page while it is opening.
const SETTLE_MS: u64 = 1_500;

/// Name of the database in the browser.
const DATABASE: &str = "bdhvs";

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
            after(SETTLE_MS, send_now);
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
    if let Ok(identity) = open.record.identity(&BrowserEnvironment).await
        && identity.learner != open.identity.learner
    {
        return begin_anew();
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
        StoreError::Blocked => Problem::Blocked,
        StoreError::Newer => Problem::Outdated,
        StoreError::Unavailable | StoreError::Taken | StoreError::Failed(_) => Problem::Unavailable,
    }
}

/// Says what is wrong with the store. The next use opens it anew: a browser that closed it may give it again.
fn in_trouble(error: StoreError) {
    OPEN.take();
    update(|phone| phone.problem = Some(problem(&error)));
}

/// Returns whether there was a record here, see [`crate::offline::lost`].
fn trace() -> Trace {
    Trace::from_word(&read_trace().unwrap_or_default())
}

async fn opened() -> Result<Open, StoreError> {
    if let Some(open) = OPEN.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let record = LearningRecord::new(IdbStore::open(DATABASE, in_trouble).await?);
    let is_new = record.is_new().await?;
    write_trace(trace().opened(is_new).word());
    let identity = record.identity(&BrowserEnvironment).await?;
    if identity.version > RECORD_VERSION {
        return Err(StoreError::Newer);
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
        let trace = trace().read(!contents.facts.is_empty());
        write_trace(trace.word());
        let beside = Beside {
            others_waiting: open.record.others_waiting(open.identity.learner).await?,
            damaged: open.record.damaged_count().await?,
            locked: open.record.lock(open.identity.learner).await?.is_some(),
            trace,
        };
        let clock_off_ms = open.record.clock_off_ms().await?;
        let learner = Learner::from_contents(open.identity.learner, contents);
        Ok::<_, StoreError>((learner, beside, clock_off_ms))
    };
    match read.await {
        Ok((learner, beside, clock_off_ms)) => {
            update(|phone| {
                (phone.learner, phone.problem) = (Some(learner), None);
                (phone.beside, phone.clock_off_ms) = (beside, clock_off_ms);
            });
            Ok(())
        }
        Err(error) => {
            in_trouble(error.clone());
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
        in_trouble(error.clone());
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
    open.record.enrol(&BrowserEnvironment, &open.identity, TEXT_VERSION, name, pin).await?;
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
    let (env, identity) = (&BrowserEnvironment, &open.identity);
    let identity = sync_client::open_record(&open.record, &FetchTransport, env, identity, code, pin).await?;
    forget_loss();
    OPEN.set(Some(Open { identity, ..open }));
    refresh().await?;
    tell();
    send_now();
    Ok(())
}

/// The phone is in other hands: all tabs begin anew, so that nothing half typed by one person stays before another.
fn begin_anew() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// Waits until no other tab is sending; returns what ends the turn.
#[cfg(feature = "staff")]
pub async fn my_turn() -> impl FnOnce() {
    let end: js_sys::Function = turn().await.unchecked_into();
    move || drop(end.call0(&JsValue::NULL))
}

/// The loss of a record is answered: it is back, or its learner begins anew.
pub fn forget_loss() {
    write_trace(Trace::None.word());
    update(|phone| phone.beside.trace = Trace::None);
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
            let is_shared = |learner: &Learner| learner.shared || learner.registered;
            phone.beside.others_waiting > 0 || phone.learner.as_ref().is_some_and(is_shared)
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
        let (record, identity) = (&open.record, &open.identity);
        let done =
            sync_client::sync_everybody(record, &FetchTransport, &BrowserEnvironment, identity).await?;
        // Taken off from another phone, perhaps because this one was lost: nothing of hers stays here. All of it has
        // receipts; what the server refused keeps the record here all the same.
        if done == SyncDone::Removed
            && let Left::Gone(_) = record.leave(&BrowserEnvironment, identity, &[]).await?
        {
            write_trace(Trace::TakenOff.word());
            tell();
            begin_anew();
        }
        Ok(())
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
    #[wasm_bindgen(js_name = save)]
    fn give_file(name: &str, text: &str);
    #[wasm_bindgen(js_name = pick)]
    async fn pick_file() -> JsValue;
    #[wasm_bindgen(js_name = trace)]
    fn read_trace() -> Option<String>;
    #[wasm_bindgen(js_name = trace)]
    fn write_trace(word: &str);
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
