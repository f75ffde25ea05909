//! "Của tôi": who is learning, the learner's village of lamps, her papers, her record and how to lock or remove it.

use leptos::prelude::*;

use crate::components::stage::with_data;
use crate::i18n::{authored, server::page_locale, t};
use crate::islands::lamps::course_lamps;
use crate::islands::leaving::my_place;
use crate::islands::people::people;
use crate::islands::record::my_record;
use crate::pages::head;
use crate::routes::Page;
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let locale = page_locale();
    let courses = site
        .courses
        .iter()
        .map(|course| {
            let outlines: Vec<_> = course.lessons.iter().map(domain::course::Lesson::outline).collect();
            view! {
                <a class="card course-card" href=Page::course(course).path(locale)>
                    <h2 lang=authored()>{course.title.clone()}</h2>
                    {with_data(&outlines, course_lamps)}
                </a>
            }
        })
        .collect_view();
    let content = view! {
        <h1>{t("mine-heading")}</h1>
        {people()}
        <p class="lead">{t("mine-lead")}</p>
        {courses}
        <a class="button" href=Page::Certificate.path(locale)>
            {t("mine-certificates")}
        </a>
        <h2>{t("mine-record")}</h2>
        <noscript>
            <p class="plain-note">{t("mine-no-script")}</p>
        </noscript>
        {my_record()}
        {my_place()}
    };
    (head(t("mine-heading"), t("mine-lead"), "mine"), content.into_any())
}
