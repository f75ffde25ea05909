//! My certificates: shown, printed, or the way to them.

use domain::course::Lesson;
use leptos::prelude::*;

use crate::components::stage::with_data;
use crate::i18n::{server::page_locale, t};
use crate::islands::certificate::{CertificatesData, CourseSummary, my_certificates};
use crate::pages::head;
use crate::routes::Page;
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site) -> (Head, AnyView) {
    let locale = page_locale();
    let courses = site
        .courses
        .iter()
        .map(|course| CourseSummary {
            id: course.id.clone(),
            title: course.title.clone(),
            href: Page::course(course).path(locale),
            outlines: course.lessons.iter().map(Lesson::outline).collect(),
            needed: u16::try_from(site.rule.lamps_needed(course.lessons.len())).unwrap_or(u16::MAX),
        })
        .collect();
    let data = CertificatesData {
        courses,
        check_url: format!("{}{}", site.public_url, Page::Check.path(locale)),
        record_href: Page::MyLearning.path(locale),
    };
    let content = view! {
        <h1>{t("certificates-heading")}</h1>
        <p class="lead no-print">{t("certificates-lead")}</p>
        <noscript>
            <p class="plain-note">{t("mine-no-script")}</p>
        </noscript>
        {with_data(&data, my_certificates)}
    };
    (head(t("certificates-heading"), t("certificates-lead"), "certificates"), content.into_any())
}
