//! The fields of what is kept of a person: little, by law and by choice.

use domain::ids::ClassId;
use domain::person::{Details, Group, SupportNeed};
use domain::place::PlaceId;
use domain::roll::RollPlace;
use leptos::prelude::*;

use crate::api::people::SeenPerson;
use crate::api::places::PlaceRow;
use crate::i18n::t;
use crate::staff::parts::Field;
use crate::staff::place_chooser::PlaceChooser;
use crate::staff::words;

/// What is kept of a person, as it is being written.
#[derive(Clone, Copy)]
pub(in crate::staff) struct Draft {
    name: RwSignal<String>,
    birth_year: RwSignal<String>,
    place: RwSignal<Option<PlaceRow>>,
    /// A place of which no more than the id is known here. It stays until another one is chosen.
    place_id: RwSignal<Option<PlaceId>>,
    group: RwSignal<Option<Group>>,
    phone: RwSignal<String>,
    needs: RwSignal<Vec<SupportNeed>>,
    /// Kept as they are: classes are joined and left on their own page.
    classes: StoredValue<Vec<ClassId>>,
}

impl Draft {
    /// Begins with nothing.
    pub(in crate::staff) fn empty() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            birth_year: RwSignal::new(String::new()),
            place: RwSignal::new(None),
            place_id: RwSignal::new(None),
            group: RwSignal::new(None),
            phone: RwSignal::new(String::new()),
            needs: RwSignal::new(vec![]),
            classes: StoredValue::new(vec![]),
        }
    }

    /// Begins with a class.
    pub(in crate::staff) fn in_class(class: ClassId) -> Self {
        Self { classes: StoredValue::new(vec![class]), ..Self::empty() }
    }

    /// Begins with what stands there.
    pub(super) fn of(person: &SeenPerson) -> Self {
        let details = person.details.clone();
        let year = details.birth_year.map(|year| year.to_string());
        let phone = details.phone.map(|phone| phone.national());
        let place_id = details.place.filter(|_| person.place.is_none());
        Self {
            name: RwSignal::new(details.name),
            birth_year: RwSignal::new(year.unwrap_or_default()),
            place: RwSignal::new(person.place.clone()),
            place_id: RwSignal::new(place_id),
            group: RwSignal::new(details.group),
            phone: RwSignal::new(phone.unwrap_or_default()),
            needs: RwSignal::new(details.needs),
            classes: StoredValue::new(details.classes),
        }
    }

    /// Empties everything but the place.
    pub(in crate::staff) fn clear(self) {
        for field in [self.name, self.birth_year, self.phone] {
            field.set(String::new());
        }
        self.needs.set(vec![]);
    }

    /// Returns the year of birth as far as it can be read.
    pub(in crate::staff) fn birth_year(self) -> Option<u16> {
        self.birth_year.get().trim().parse().ok()
    }

    /// Returns what was written, or the code of what cannot be read.
    pub(in crate::staff) fn get(self) -> Result<Details, &'static str> {
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
            place: place.or_else(|| self.place_id.get_untracked()),
            group: self.group.get_untracked(),
            phone: phone.transpose()?,
            needs: self.needs.get_untracked(),
            classes: self.classes.get_value(),
        })
    }
}

/// Draws the choice among a few places.
fn places_here(draft: Draft, here: Vec<RollPlace>) -> AnyView {
    if let [only] = here.as_slice() {
        draft.place_id.set(Some(only.id.clone()));
    }
    let option = move |place: RollPlace| {
        let id = place.id.clone();
        view! {
            <option value=place.id.to_string() selected=move || draft.place_id.get().as_ref() == Some(&id)>
                {place.name}
            </option>
        }
    };
    view! {
        <label class="field">
            <span class="label">{t("place-field")}</span>
            <select on:change=move |event| draft.place_id.set(event_target_value(&event).parse().ok())>
                <option value="" selected=move || draft.place_id.get().is_none()>
                    {t("roll-place-none")}
                </option>
                {here.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// Draws the fields.
#[component]
pub(in crate::staff) fn DetailsFields(
    /// What is being written.
    draft: Draft,
    /// The places to choose from where there is no network; none of them: they are searched for.
    #[prop(optional)]
    here: Vec<RollPlace>,
) -> impl IntoView {
    let place = if here.is_empty() {
        view! { <PlaceChooser chosen=draft.place /> }.into_any()
    } else {
        places_here(draft, here)
    };
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
        {place}
        <Field label=t("people-phone") value=draft.phone keyboard="tel" may_be_empty=true />
        <fieldset class="choices">
            <legend class="label">{t("people-needs")}</legend>
            {SupportNeed::ALL.map(need).collect_view()}
        </fieldset>
    }
}
