//! An ambassador's list on her phone, with or without a network: whom she looks after, where each stands, whom she enrols.
//!
//! Everything here is sealed under her secret and shut after a while. What stands behind `#` in the address chooses the view;
//! ids there never travel.

mod agreed;
pub(super) mod card;
mod desk;
mod door;
mod enrol;
mod list;
mod person;

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;

use self::desk::{Desk, Sending, Stage};
use crate::i18n::{t, tf};
use crate::phone;

/// The list shuts itself when nobody touched it for so long: a phone lies on a table in the village house.
const SHUT_AFTER: Duration = Duration::from_secs(600);

/// How often it is looked whether to shut.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// The view behind `#`: the form for somebody new.
const NEW: &str = "them";

/// The page.
#[component]
pub(super) fn RollPage() -> impl IntoView {
    let desk = Desk::new();
    let view = RwSignal::new(String::new());
    follow_address(view);
    shut_when_idle(desk);
    let back_online = window_event_listener(leptos::ev::online, move |_| desk.send());
    on_cleanup(move || back_online.remove());
    move || match desk.stage.get() {
        Stage::Opening => view! { <p class="quiet">{t("staff-loading")}</p> }.into_any(),
        Stage::Trouble => view! { <p class="said now">{t("problem-phone-storage")}</p> }.into_any(),
        Stage::Absent => view! { <door::Prepare desk=desk /> }.into_any(),
        Stage::Shut => view! { <door::Unlock desk=desk /> }.into_any(),
        Stage::Open => view! { {move || open_view(desk, &view.get())} }.into_any(),
    }
}

/// Draws one view. How sending goes is said below what is pressed: words that come and go move nothing under a thumb.
fn open_view(desk: Desk, fragment: &str) -> AnyView {
    if fragment == NEW {
        return view! { <enrol::Enrol desk=desk /> <StatusLine desk=desk whole=false /> }.into_any();
    }
    match fragment.parse() {
        Ok(id) => {
            view! { <person::Learner desk=desk id=id /> <StatusLine desk=desk whole=false /> }.into_any()
        }
        Err(_) => view! { <list::List desk=desk /> }.into_any(),
    }
}

/// Shows the view that the address names, from its top; the list again where it was left.
fn follow_address(view: RwSignal<String>) {
    let list_at = StoredValue::new(0.0);
    phone::on_address_fragment(Box::new(move |fragment| {
        let opens_list = fragment.is_empty();
        if !opens_list && view.with_untracked(String::is_empty) {
            list_at.set_value(window().scroll_y().unwrap_or_default());
        }
        view.set(fragment);
        // Once it is drawn: before, the page may be too short for it.
        request_animation_frame(move || {
            let at = if opens_list { list_at.get_value() } else { 0.0 };
            window().scroll_to_with_x_and_y(0.0, at);
        });
    }));
}

/// How sending goes, and whether the page works without a network: quiet, never an alarm.
#[component]
fn StatusLine(
    /// The list.
    desk: Desk,
    /// With its buttons: beside the list, where there is room for them.
    whole: bool,
) -> impl IntoView {
    let kept = LocalResource::new(move || {
        // Asked again after each exchange: by then the worker has had time.
        let _ = desk.sending.get();
        phone::roll::is_kept()
    });
    let words = move || {
        let waiting = desk.waiting();
        match desk.sending.get() {
            Sending::Busy => t("roll-sending"),
            Sending::NotTied => t("roll-not-tied"),
            Sending::Refused(_) => t("roll-refused"),
            _ if waiting > 0 => tf("roll-waiting", &[("people", &waiting.to_string())]),
            Sending::Unreachable => t("roll-offline"),
            _ => t("roll-all-sent"),
        }
    };
    let is_kept = move || kept.get() == Some(true);
    let taken_off = move |_| phone::run(async move { drop(desk.take_off().await) });
    let buttons = move || {
        view! {
                <p class="quiet">{move || if is_kept() { t("roll-kept") } else { t("roll-not-kept") }}</p>
                <div class="actions">
                    <button
                        type="button"
                        class="button"
                        disabled=move || desk.sending.get() == Sending::Busy
                        on:click=move |_| desk.send()
                    >
                        {t("roll-send")}
                    </button>
                    <button type="button" class="button" on:click=move |_| desk.shut()>
                        {t("roll-shut")}
                    </button>
                </div>
        }
    };
    view! {
        <div class="plain-note status-line no-print">
            <p role="status">{words}</p>
            {whole.then(buttons)}
            {move || {
                let is_over = desk.sending.get() == Sending::NotTied
                    && desk.pending.with(Vec::is_empty)
                    && desk.agreed.with(BTreeMap::is_empty);
                is_over.then(|| view! {
                    <button type="button" class="button main" on:click=taken_off>
                        {t("roll-begin-anew")}
                    </button>
                })
            }}
        </div>
    }
}

/// Shuts the list when nobody touches the page.
fn shut_when_idle(desk: Desk) {
    let touched = StoredValue::new(js_sys::Date::now());
    let touch = move || touched.set_value(js_sys::Date::now());
    let listeners = [
        window_event_listener_untyped("pointerdown", move |_| touch()),
        window_event_listener_untyped("keydown", move |_| touch()),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    let look = move || {
        let idle_ms = js_sys::Date::now() - touched.get_value();
        if idle_ms > SHUT_AFTER.as_secs_f64() * 1000.0 {
            desk.shut();
        }
    };
    if let Ok(timer) = set_interval_with_handle(look, LOOK_EVERY) {
        on_cleanup(move || timer.clear());
    }
}
