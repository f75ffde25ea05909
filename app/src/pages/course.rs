//! One course: what it helps with, its lane of lamps, its lessons.

use domain::course::{Course, Lesson};
use leptos::prelude::*;

use super::home::next_lessons;
use super::pack::{PackWords, pack_card};
use crate::components::icon::Icon;
use crate::components::stage::with_data;
use crate::components::views::IconMark;
use crate::i18n::{Locale, authored, server::page_locale, t, tf};
use crate::islands::lamps::{go_on, lesson_lamp};
use crate::pages::head;
use crate::routes::{Page, lesson_number};
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site, course: &Course) -> (Head, AnyView) {
    let locale = page_locale();
    let minutes: usize = course.lessons.iter().map(|lesson| usize::from(lesson.minutes)).sum();
    let size = tf(
        "course-size",
        &[("lessons", &course.lessons.len().to_string()), ("minutes", &minutes.to_string())],
    );
    let rows = course.lessons.iter().map(|lesson| row(course, lesson, locale)).collect_view();
    let certificate = format!("{}#{}", Page::Certificate.path(locale), course.id);
    let content = view! {
        <a class="back" href=Page::Home.path(locale)>
            <IconMark icon=Icon::Back />
            {t("all-courses")}
        </a>
        <h1 lang=authored()>{course.title.clone()}</h1>
        <p class="lead" lang=authored()>{course.about.clone()}</p>
        <p class="quiet">{size}</p>
        {pack_card(site, locale, course.slug.as_str(), PackWords { heading: t("pack-heading"), what: t("pack-course-what") })}
        <ol class="lessons">{rows}</ol>
        <p class="quiet">{t("course-any-order")}</p>
        <section class="card">
            <h2>{t("course-certificate")}</h2>
            <p lang=authored()>{site.rule.text.clone()}</p>
            <p class="quiet" lang=authored()>{site.rule.legal_basis.clone()}</p>
        </section>
        {with_data(&(next_lessons(course, locale), certificate), go_on)}
    };
    (head(course.title.clone(), course.about.clone(), "course"), content.into_any())
}

fn row(course: &Course, lesson: &Lesson, locale: Locale) -> impl IntoView {
    view! {
        <li>
            <a class="lesson-row" href=Page::lesson(course, lesson).path(locale)>
                <span class="lesson-number">{lesson_number(course, &lesson.id)}</span>
                <span class="lesson-title">
                    <span lang=authored()>{lesson.title.clone()}</span>
                    <span class="quiet">{tf("minutes", &[("minutes", &lesson.minutes.to_string())])}</span>
                </span>
                {with_data(&lesson.outline(), lesson_lamp)}
            </a>
        </li>
    }
}
