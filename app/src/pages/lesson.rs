//! A lesson: one screen after the other. The steps between screens are plain links to `#m2`, `#m3`…; with script only
//! the one asked for is shown (`boot.js` and the style sheet), without it they simply follow one another.

use domain::course::{Card, CardKind, Course, Lesson, Screen};
use domain::dated_fact::DatedFact;
use domain::item::{Item, Kind, Variant};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::stage::with_data;
use crate::components::views::{IconMark, PictureView};
use crate::i18n::{authored, server::page_locale, t, tf};
use crate::islands::lesson_end::{LessonEndData, lesson_end, real_task_answers};
use crate::islands::practice::{PracticeData, practice_phone};
use crate::islands::quiz::{QuizData, quiz};
use crate::islands::read_aloud::read_aloud;
use crate::pages::head;
use crate::routes::{Page, lesson_number};
use crate::shell::Head;
use crate::site::Site;

pub(super) fn page(site: &Site, course: &Course, lesson: &Lesson) -> (Head, AnyView) {
    let locale = page_locale();
    let number = lesson_number(course, &lesson.id);
    let course_path = Page::course(course).path(locale);
    let place =
        tf("lesson-place", &[("number", &number.to_string()), ("total", &course.lessons.len().to_string())]);
    let screens = screens(site, course, lesson);
    let total = screens.len();
    let segments = (1..=total)
        .map(|n| view! { <a href=format!("#m{n}") class="segment" aria-label=screen_label(n, total)></a> })
        .collect_view();
    let sections = screens
        .into_iter()
        .zip(1..)
        .map(|(content, n)| section(content, n, total, &course_path))
        .collect_view();
    let content = view! {
        <div class="lesson-head">
            <a class="back" href=course_path.clone()>
                <IconMark icon=Icon::Back />
                {place}
            </a>
            {read_aloud()}
        </div>
        <h1 lang=authored()>{lesson.title.clone()}</h1>
        <nav class="segments" aria-label=t("lesson-screens")>
            {segments}
        </nav>
        {sections}
    };
    (head(lesson.title.clone(), lesson.goal.clone(), "lesson"), content.into_any())
}

fn screen_label(n: usize, total: usize) -> String {
    tf("screen-label", &[("number", &n.to_string()), ("total", &total.to_string())])
}

/// What one screen shows, and whether there is something to do on it.
struct Content {
    view: AnyView,
    doing: bool,
}

fn section(content: Content, n: usize, total: usize, course_path: &str) -> impl IntoView {
    let back = if n == 1 { course_path.to_owned() } else { format!("#m{}", n - 1) };
    let next = (n < total).then(|| {
        view! {
            <a class="button main next" href=format!("#m{}", n + 1)>
                {t("next")}
                <IconMark icon=Icon::Next />
            </a>
        }
    });
    view! {
        <section class=if content.doing { "screen doing" } else { "screen" } id=format!("m{n}") aria-label=screen_label(n, total)>
            {content.view}
            <div class="steps">
                <a class="button" href=back>
                    <IconMark icon=Icon::Back />
                    {t("back")}
                </a>
                {next}
            </div>
        </section>
    }
}

fn screens(site: &Site, course: &Course, lesson: &Lesson) -> Vec<Content> {
    let content = lesson.content_hash();
    let to_read = |view: AnyView| Content { view, doing: false };
    let to_do = |view: AnyView| Content { view, doing: true };
    let mut all = Vec::new();
    for (at, screen) in lesson.screens.iter().enumerate() {
        let goal = (at == 0).then(|| lesson.goal.clone());
        all.push(to_read(reading(site, screen, goal)));
    }
    let practice_screen = all.len() + 1;
    all.push(to_do(practice(lesson, &content)));
    for item in &lesson.items {
        all.push(to_do(question(lesson, item, &content)));
    }
    if let Some(task) = &lesson.real_task {
        all.push(to_read(real_task(lesson, task, &content)));
    }
    all.push(to_read(end(course, lesson, &content, practice_screen)));
    all
}

fn real_task(lesson: &Lesson, task: &str, content: &domain::ids::ContentHash) -> AnyView {
    view! {
        <h2 data-read>{t("real-task")}</h2>
        <p class="key" data-read lang=authored()>
            {task.to_owned()}
        </p>
        <p class="quiet">{t("real-task-free")}</p>
        {with_data(&(lesson.id.clone(), content.clone()), real_task_answers)}
    }
    .into_any()
}

fn reading(site: &Site, screen: &Screen, goal: Option<String>) -> AnyView {
    let facts =
        screen.facts.iter().filter_map(|id| site.facts.get(id)).map(|fact| dated(site, fact)).collect_view();
    view! {
        {goal
            .map(|goal| {
                view! {
                    <p class="goal" data-read lang=authored()>
                        {goal}
                    </p>
                }
            })}
        <h2 data-read lang=authored()>{screen.heading.clone()}</h2>
        {screen.picture.clone().map(|picture| view! { <PictureView picture /> })}
        <p class="key" data-read lang=authored()>
            {screen.key_sentence.clone()}
        </p>
        <div class="narration" data-read lang=authored() inner_html=screen.narration_html.clone()></div>
        {screen.card.as_ref().map(warning_card)}
        {facts}
    }
    .into_any()
}

fn warning_card(card: &Card) -> impl IntoView + use<> {
    let (class, heading) = match card.kind {
        CardKind::Scam => ("warning-card scam", t("card-scam")),
        CardKind::Misconception => ("warning-card", t("card-misconception")),
    };
    view! {
        <aside class=class>
            <p class="card-heading">
                <IconMark icon=Icon::Warning />
                <strong>{heading}</strong>
            </p>
            <p data-read lang=authored()>{card.looks.clone()}</p>
            <p class="card-instead" data-read>
                <strong>{t("card-instead")}</strong>
                " "
                <span lang=authored()>{card.instead.clone()}</span>
            </p>
        </aside>
    }
}

/// A dated fact, and behind it the sentence that stands in when its day has passed. A fact that does not hold today is
/// not sent at all.
fn dated(site: &Site, fact: &DatedFact) -> AnyView {
    if !fact.holds_on(&site.today) {
        return view! {
            <p class="dated-fact" data-read lang=authored()>
                {fact.fallback.clone()}
            </p>
        }
        .into_any();
    }
    let until = fact.effective_to.iter().chain([&fact.review_by]).min().map(ToString::to_string);
    view! {
        <div class="dated-fact" data-until=until>
            <p class="fact-text" data-read lang=authored()>
                {fact.text.clone()}
            </p>
            <p class="fact-text quiet">
                {tf("fact-source", &[("source", &fact.source), ("day", &fact.checked_on.vietnamese())])}
            </p>
            <p class="fact-fallback" lang=authored()>{fact.fallback.clone()}</p>
        </div>
    }
    .into_any()
}

fn practice(lesson: &Lesson, content: &domain::ids::ContentHash) -> AnyView {
    let practice = lesson.practice.clone();
    let data =
        PracticeData { lesson: lesson.id.clone(), content: content.clone(), practice: practice.clone() };
    view! {
        <h2 data-read lang=authored()>{practice.title.clone()}</h2>
        <p data-read lang=authored()>{practice.intro.clone()}</p>
        <p class="gentle">{t("practice-safe")}</p>
        <noscript>
            <p class="plain-note">{t("practice-no-script")}</p>
        </noscript>
        {with_data(&data, practice_phone)}
    }
    .into_any()
}

fn question(lesson: &Lesson, item: &Item, content: &domain::ids::ContentHash) -> AnyView {
    let solution = item.variants.first().map(solution);
    let data = QuizData { lesson: lesson.id.clone(), content: content.clone(), item: item.clone() };
    view! {
        <h2>{t("question")}</h2>
        {with_data(&data, quiz)}
        <noscript>
            <details class="card">
                <summary>{t("solution")}</summary>
                {solution}
            </details>
        </noscript>
    }
    .into_any()
}

/// Without script a question cannot be marked, but it can be thought about: the answer folded away, with its reason.
fn solution(variant: &Variant) -> impl IntoView + use<> {
    let answers: Vec<String> = match &variant.kind {
        Kind::One(choices) | Kind::Several(choices) => {
            choices.iter().filter(|choice| choice.right).map(|choice| choice.text.clone()).collect()
        }
        Kind::Order(steps) => steps.iter().map(|step| step.text.clone()).collect(),
        Kind::Match(pairs) => pairs.iter().map(|pair| format!("{} – {}", pair.left, pair.right)).collect(),
        Kind::Number(key) => vec![format!("{} {}", key.answer, key.unit).trim().to_owned()],
        Kind::Text(key) => key.accept.first().cloned().into_iter().collect(),
    };
    view! {
        <ul>{answers.into_iter().map(|answer| view! { <li lang=authored()>{answer}</li> }).collect_view()}</ul>
        <p lang=authored()>{variant.right_because.clone()}</p>
    }
}

fn end(
    course: &Course,
    lesson: &Lesson,
    content: &domain::ids::ContentHash,
    practice_screen: usize,
) -> AnyView {
    let locale = page_locale();
    let next = course.lessons.get(lesson_number(course, &lesson.id));
    let (next_href, next_word) = match next {
        Some(next) => (Page::lesson(course, next).path(locale), t("end-next-lesson")),
        None => (Page::course(course).path(locale), t("end-course")),
    };
    let data = LessonEndData {
        outline: lesson.outline(),
        content: content.clone(),
        practice_screen: u8::try_from(practice_screen).unwrap_or(u8::MAX),
        next_href: next_href.clone(),
        next_word: next_word.clone(),
    };
    view! {
        <h2>{t("end-heading")}</h2>
        {with_data(&data, lesson_end)}
        <noscript>
            <p>
                <a class="button main" href=next_href>
                    {next_word}
                </a>
            </p>
        </noscript>
    }
    .into_any()
}
