//! One file per page, drawn on the server, the same for everybody. What belongs to a person is drawn by islands.

use leptos::prelude::*;

use crate::i18n::Locale;
use crate::routes::Page;
use crate::shell::{Head, frame};
use crate::site::Site;

mod about;
mod certificate;
mod check;
mod course;
mod home;
mod lesson;
mod my_learning;
mod not_found;
mod on_phone;
mod open_browser;
mod pack;
mod retention;
mod staff;

/// Returns a page in its frame, or nothing for a course or lesson there is not. The language comes from the context
/// (see [`provide_locale`]).
pub fn draw(site: &Site, page: &Page) -> Option<AnyView> {
    let (head, content) = match page {
        Page::Home => home::page(site),
        Page::Course(slug) => course::page(site, site.course(slug)?),
        Page::Lesson(course, lesson) => {
            let (course, lesson) = site.lesson(course, lesson)?;
            lesson::page(site, course, lesson)
        }
        Page::MyLearning => my_learning::page(site),
        Page::Certificate => certificate::page(site),
        Page::Check => check::page(site),
        Page::About => about::page(site),
        Page::OnPhone => on_phone::page(site),
        Page::OpenBrowser => open_browser::page(site),
        Page::Staff(page) => return Some(staff::draw(site, *page)),
    };
    let head = Head { page: Some(page.clone()), ..head };
    Some(frame(site, head, content).into_any())
}

/// Returns the page for an address that is no page's.
pub fn draw_not_found(site: &Site) -> AnyView {
    let (head, content) = not_found::page();
    frame(site, head, content).into_any()
}

/// Sets the language of the page about to be drawn.
pub fn provide_locale(locale: Locale) {
    provide_context(locale);
}

/// Returns what the frame says about a page, to be completed by [`draw`].
fn head(title: String, description: String, class: &'static str) -> Head {
    Head { title, description, page: None, class }
}
