//! Home: a greeting, where to go on, all courses.

use domain::course::Course;
use leptos::prelude::*;

use crate::components::stage::with_data;
use crate::i18n::{Locale, authored, server::page_locale, t, tf};
use crate::islands::lamps::{NextLesson, course_lamps, go_on};
use crate::pages::head;
use crate::routes::Page;
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let locale = page_locale();
    let lessons: Vec<NextLesson> =
        site.courses.iter().flat_map(|course| next_lessons(course, locale)).collect();
    let cards = site.courses.iter().map(|course| course_card(course, locale)).collect_view();
    let empty = site.courses.is_empty().then(|| view! { <p class="card">{t("home-no-courses")}</p> });
    let go_on = (!lessons.is_empty()).then(|| with_data(&(lessons, Page::Certificate.path(locale)), go_on));
    let content = view! {
        <h1 class="greeting">{t("home-greeting")}</h1>
        <p class="lead">{t("home-lead")}</p>
        {go_on}
        <h2>{t("home-courses")}</h2>
        {empty}
        {cards}
        <p class="quiet">{t("home-no-account")}</p>
    };
    (head(t("site-name"), t("site-description"), "home"), content.into_any())
}

/// Returns the lessons of a course as the islands that lead on need them.
pub(super) fn next_lessons(course: &Course, locale: Locale) -> Vec<NextLesson> {
    let next = |lesson: &domain::course::Lesson| NextLesson {
        outline: lesson.outline(),
        title: lesson.title.clone(),
        href: Page::lesson(course, lesson).path(locale),
        minutes: lesson.minutes,
    };
    course.lessons.iter().map(next).collect()
}

fn course_card(course: &Course, locale: Locale) -> impl IntoView {
    let outlines: Vec<_> = course.lessons.iter().map(domain::course::Lesson::outline).collect();
    let minutes: usize = course.lessons.iter().map(|lesson| usize::from(lesson.minutes)).sum();
    view! {
        <a class="card course-card" href=Page::course(course).path(locale)>
            <h3 lang=authored()>{course.title.clone()}</h3>
            <p lang=authored()>{course.about.clone()}</p>
            <p class="quiet">
                {tf(
                    "course-size",
                    &[("lessons", &course.lessons.len().to_string()), ("minutes", &minutes.to_string())],
                )}
            </p>
            {with_data(&outlines, course_lamps)}
        </a>
    }
}
