//! The phones that have a learner's record, and taking it off a lost one. Needs the network; nothing is asked of it before
//! the learner wants to see the list.

use std::cell::RefCell;
use std::rc::Rc;

use domain::ids::DeviceId;
use domain::sync::LinkedDevice;

use super::field::{Typed, field, form};
use super::record::why_not;
use crate::components::node::{Element, el};
use crate::components::parts::{announcement, button, paragraph};
use crate::components::stage::Redraw;
use crate::i18n::{t, tf};
use crate::offline::sync_client::SyncError;
use crate::phone;

/// The list as far as it is known, and what is being done with it.
#[derive(Default)]
pub(super) struct Devices {
    list: RefCell<Option<Vec<LinkedDevice>>>,
    /// The phone that is about to be taken off.
    chosen: RefCell<Option<DeviceId>>,
    pin: Typed,
    answer: RefCell<String>,
}

impl Devices {
    fn take(&self, answer: Result<Vec<LinkedDevice>, SyncError>, done: String, redraw: &Redraw) {
        match answer {
            Ok(list) => {
                self.list.replace(Some(list));
                self.chosen.take();
                self.pin.set(String::new());
                self.answer.replace(done);
            }
            Err(error) => drop(self.answer.replace(why_not(&error))),
        }
        redraw.now();
    }
}

/// Draws the list, folded away.
pub(super) fn draw(devices: &Rc<Devices>, redraw: &Redraw) -> Element {
    let rows = devices.list.borrow().as_ref().map(|list| {
        let rows = list.iter().map(|one| row(one, devices, redraw)).collect();
        el("ul").class("devices").children(rows)
    });
    let show = {
        let (devices, redraw) = (Rc::clone(devices), redraw.clone());
        button("button", None, t("devices-show"), move || {
            let (devices, redraw) = (Rc::clone(&devices), redraw.clone());
            phone::run(async move {
                devices.take(phone::list_devices().await, String::new(), &redraw);
            });
        })
    };
    el("details")
        .child(el("summary").text(t("devices")))
        .child(paragraph("", t("devices-what")))
        .child(rows.unwrap_or(show))
        .child(announcement("gentle", devices.answer.borrow().clone()))
}

fn row(one: &LinkedDevice, devices: &Rc<Devices>, redraw: &Redraw) -> Element {
    let label = if one.label.is_empty() { t("devices-unnamed") } else { one.label.clone() };
    let is_this = phone::device() == Some(one.device);
    let name = if is_this { tf("devices-this", &[("label", &label)]) } else { label };
    let seen = tf("devices-seen", &[("when", &phone::moment(one.seen_ms))]);
    let row = el("li").child(paragraph("", name)).child(paragraph("quiet", seen));
    if is_this {
        return row;
    }
    let device = one.device;
    let (of_press, redraw) = (Rc::clone(devices), redraw.clone());
    if *devices.chosen.borrow() != Some(device) {
        return row.child(button("button", None, t("devices-remove"), move || {
            of_press.chosen.replace(Some(device));
            redraw.now();
        }));
    }
    let parts = vec![
        paragraph("", t("devices-remove-means")),
        field(t("record-pin-old"), String::new(), "numeric", &devices.pin, String::new()),
    ];
    let remove = move || {
        let (devices, redraw) = (Rc::clone(&of_press), redraw.clone());
        let pin = devices.pin.get();
        phone::run(async move {
            devices.take(phone::remove_device(device, pin).await, t("devices-removed"), &redraw);
        });
    };
    row.child(form("", parts, t("devices-remove-sure"), false, Rc::new(remove)))
}
