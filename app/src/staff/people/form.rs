//! The fields of what is kept of a person: little, by law and by choice.

use domain::person::{Details, Group, SupportNeed};
use domain::place::PlaceId;
use leptos::prelude::*;

use crate::api::people::SeenPerson;
use crate::api::places::PlaceRow;
use crate::i18n::t;
use crate::staff::parts::Field;
use crate::staff::place_chooser::PlaceChooser;
use crate::staff::words;

/// What is kept of a person, as it is being written.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    name: RwSignal<String>,
    birth_year: RwSignal<String>,
    place: RwSignal<Option<PlaceRow>>,
    /// A place of which the server knows no more than the id. It stays until another one is chosen.
    unknown_place: StoredValue<Option<PlaceId>>,
    group: RwSignal<Option<Group>>,
    phone: RwSignal<String>,
    needs: RwSignal<Vec<SupportNeed>>,
}

impl Draft {
    /// Begins with nothing.
    pub(super) fn empty() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            birth_year: RwSignal::new(String::new()),
            place: RwSignal::new(None),
            unknown_place: StoredValue::new(None),
            group: RwSignal::new(None),
            phone: RwSignal::new(String::new()),
            needs: RwSignal::new(vec![]),
        }
    }

    /// Begins with what stands there.
    pub(super) fn of(person: &SeenPerson) -> Self {
        let details = person.details.clone();
        let year = details.birth_year.map(|year| year.to_string());
        let phone = details.phone.map(|phone| phone.national());
        let unknown_place = details.place.filter(|_| person.place.is_none());
        Self {
            name: RwSignal::new(details.name),
            birth_year: RwSignal::new(year.unwrap_or_default()),
            place: RwSignal::new(person.place.clone()),
            unknown_place: StoredValue::new(unknown_place),
            group: RwSignal::new(details.group),
            phone: RwSignal::new(phone.unwrap_or_default()),
            needs: RwSignal::new(details.needs),
        }
    }

    /// Empties everything but the place.
    pub(super) fn clear(self) {
        for field in [self.name, self.birth_year, self.phone] {
            field.set(String::new());
        }
        self.needs.set(vec![]);
    }

    /// Returns what was written, or the code of what cannot be read.
    pub(super) fn get(self) -> Result<Details, &'static str> {
        let written = |field: RwSignal<String>| {
            Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
        };
        let birth_year = written(self.birth_year).map(|year| year.parse().map_err(|_| "birth-impossible"));
        let phone = written(self.phone).map(|phone| phone.parse().map_err(|_| "phone-unreadable"));
        let place = self.place.get_untracked();
        let place = place.and_then(|place| place.path.ids().next_back().and_then(|id| id.parse().ok()));
        Ok(Details {
            name: self.name.get_untracked(),
            birth_year: birth_year.transpose()?,
            place: place.or_else(|| self.unknown_place.get_value()),
            group: self.group.get_untracked(),
            phone: phone.transpose()?,
            needs: self.needs.get_untracked(),
        })
    }
}

/// Draws the fields.
#[component]
pub(super) fn DetailsFields(
    /// What is being written.
    draft: Draft,
) -> impl IntoView {
    let option = move |group: Group| {
        view! {
            <option value=group.as_str() selected=move || draft.group.get() == Some(group)>
                {words::group(group)}
            </option>
        }
    };
    let need = move |need: SupportNeed| {
        let tick = move |event| {
            let is_wanted = event_target_checked(&event);
            draft.needs.update(|needs| {
                needs.retain(|one| *one != need);
                needs.extend(is_wanted.then_some(need));
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || draft.needs.get().contains(&need) on:change=tick />
                {words::need(need)}
            </label>
        }
    };
    view! {
        <Field label=t("people-name") value=draft.name />
        <Field
            label=t("people-birth-year")
            help=t("people-birth-year-help")
            value=draft.birth_year
            keyboard="numeric"
            may_be_empty=true
        />
        <label class="field">
            <span class="label">{t("people-group")}</span>
            <select on:change=move |event| draft.group.set(words::read_group(&event_target_value(&event)))>
                <option value="" selected=move || draft.group.get().is_none()>
                    {t("people-no-group")}
                </option>
                {Group::ALL.map(option).collect_view()}
            </select>
        </label>
        <PlaceChooser chosen=draft.place />
        <Field label=t("people-phone") value=draft.phone keyboard="tel" may_be_empty=true />
        <fieldset class="choices">
            <legend class="label">{t("people-needs")}</legend>
            {SupportNeed::ALL.map(need).collect_view()}
        </fieldset>
    }
}
