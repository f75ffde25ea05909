//! The tree of places: today's units and those of before July 2025, opened level by level, found by name; the hamlets of a
//! commune are kept here. Which place is open stands behind `#`.

mod hamlets;
mod opened;
mod place_words;

use domain::place::PlaceId;
use leptos::prelude::*;

use self::opened::Opened;
use super::parts::{Asked, SearchField, loaded};
use crate::api::place_tree::{OpenedPlace, PlaceHit, look_up_places, open_place};
use crate::i18n::t;

/// The address of the country as it was before July 2025, behind `#`.
const BEFORE: &str = "truoc";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    /// The place that is open.
    opened: LocalResource<Asked<OpenedPlace>>,
    /// Which edition is looked at.
    before: RwSignal<bool>,
    /// What was just done, in words.
    said: RwSignal<String>,
}

impl Desk {
    /// Says what was done and shows the place as it is now.
    fn done(self, words: String) {
        self.said.set(words);
        self.opened.refetch();
        super::words::go_to_the_top();
    }
}

/// The page.
#[component]
pub(super) fn PlacesPage() -> impl IntoView {
    let open = RwSignal::new(named().unwrap_or_default());
    let desk = Desk {
        opened: LocalResource::new(move || {
            let (place, before) = open.get();
            open_place(place, before)
        }),
        before: RwSignal::new(open.get_untracked().1),
        said: RwSignal::new(String::new()),
    };
    let (typed, field) = (RwSignal::new(String::new()), NodeRef::<leptos::html::Input>::new());
    let listener = window_event_listener(leptos::ev::hashchange, move |_| {
        if let Some(named) = named() {
            desk.said.set(String::new());
            typed.set(String::new());
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
            open.set(named);
        }
    });
    on_cleanup(move || listener.remove());
    let edition = move |before: bool, address: &'static str, words: String| {
        let current = move || (desk.before.get() == before).then_some("true");
        view! {
            <a class="button" href=address aria-current=current>
                {words}
            </a>
        }
    };
    view! {
        <p class="said good" class:now=move || !desk.said.read().is_empty() role="status">
            {move || desk.said.get()}
        </p>
        <div class="actions">
            {edition(false, "#", t("places-now"))} {edition(true, "#truoc", t("places-before"))}
        </div>
        <Search typed=typed before=desk.before field=field />
        {loaded(desk.opened, move |place| {
            desk.before.set(place.before);
            view! { <Opened place=place desk=desk /> }.into_any()
        })}
        <p class="quiet">{t("places-source")}</p>
    }
}

/// Returns the place and edition that the address names; nothing when it names a part of the page.
fn named() -> Option<(Option<PlaceId>, bool)> {
    let hash = web_sys::window()?.location().hash().ok()?;
    match hash.trim_start_matches('#') {
        "" => Some((None, false)),
        BEFORE => Some((None, true)),
        id => id.parse().ok().filter(|id: &PlaceId| id.level().is_some()).map(|id| (Some(id), false)),
    }
}

/// A field that finds places by name, in the edition that is looked at.
#[component]
fn Search(
    typed: RwSignal<String>,
    before: RwSignal<bool>,
    field: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let found = LocalResource::new(move || look_up_places(typed.get(), before.get()));
    let row = |hit: PlaceHit| {
        let name =
            if hit.above.is_empty() { hit.place.name } else { format!("{}, {}", hit.place.name, hit.above) };
        view! {
            <li>
                <a class="button" href=format!("#{}", hit.place.id)>
                    {name}
                </a>
            </li>
        }
    };
    let list = move |hits: Vec<PlaceHit>| {
        if typed.read_untracked().trim().is_empty() {
            ().into_any()
        } else if hits.is_empty() {
            view! { <p class="quiet">{t("places-not-found")}</p> }.into_any()
        } else {
            view! { <ul class="found">{hits.into_iter().map(row).collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <div class="field narrow">
            <SearchField label=t("places-search") field=field typed=move |text| typed.set(text) />
            <div hidden=move || typed.read().trim().is_empty()>{loaded(found, list)}</div>
        </div>
    }
}
