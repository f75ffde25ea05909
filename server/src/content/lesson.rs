//! A lesson: its front matter and its body put together, checked as a whole.

use std::collections::BTreeSet;

use domain::course::{Lesson, Tracks};
use serde::Deserialize;
use toml::Spanned;

use super::field::{self, Text};
use super::folders::Numbered;
use super::front_matter;
use super::header;
use super::lesson_body::{self, Body};
use super::picture::Pictures;
use super::reader::Reader;
use super::report::Report;
use super::toml_table::Table;

/// Largest published lesson, as JSON: it must travel in seconds on a weak network (design, section 10).
const LESSON_MAX_BYTES: usize = 40 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    id: Text,
    title: Text,
    goal: Text,
    minutes: Spanned<i64>,
    tracks: Spanned<Tracks>,
    tags: Vec<Text>,
    facts: Vec<Text>,
}

/// Reads the lesson in `folder`. `known_facts` are the ids in `facts.toml`, or nothing when that could not be read.
pub(super) fn read(
    reader: &mut Reader,
    folder: &Numbered,
    known_facts: Option<&BTreeSet<String>>,
) -> Option<Lesson> {
    let (text, mut report) = reader.open(&folder.path.join("lesson.md"))?;
    let mut pictures = Pictures::new(&folder.path, reader.on_disk(&folder.path));
    let lesson = parse(&text, folder, known_facts, &mut pictures, reader, &mut report);
    reader.close(report);
    if lesson.is_some() {
        pictures.warn_of_unused();
    }
    reader.extend(pictures.into_findings());
    lesson
}

fn parse(
    text: &str,
    folder: &Numbered,
    known_facts: Option<&BTreeSet<String>>,
    pictures: &mut Pictures,
    reader: &mut Reader,
    report: &mut Report,
) -> Option<Lesson> {
    let parts = front_matter::split(text, report)?;
    let header = read_header(text, &parts, report);
    let body_text = front_matter::only(text, std::slice::from_ref(&parts.body));
    let body = lesson_body::read(&body_text, pictures, report);

    let header = header?;
    reader.names.take("bài", header.id.get_ref(), field::at(&header.id), report);
    check_facts(&header.facts, &body, known_facts, report);
    let id = field::id(&header.id, report);
    let title = header::title(&header.title, report);
    let goal = header::goal(&header.goal, report);
    let minutes = field::number("minutes", &header.minutes, 3..=15, report);
    let tracks = header::tracks(header.tracks, report);
    let tags = header::tags(&header.tags, report);
    let lesson = Lesson {
        id: id?,
        slug: folder.slug.clone(),
        title,
        goal,
        minutes: minutes?,
        tracks,
        tags,
        screens: body.screens,
        practice: body.practice?,
        items: body.items,
        real_task: body.real_task,
    };
    check_size(&lesson, report);
    Some(lesson)
}

fn read_header(text: &str, parts: &front_matter::Parts, report: &mut Report) -> Option<Header> {
    let toml = front_matter::only(text, std::slice::from_ref(&parts.header));
    Table::parse("phần đầu", &toml, parts.header.start, report)?.read(report)
}

/// The facts named in front and the facts shown must be the same, and exist.
fn check_facts(listed: &[Text], body: &Body, known: Option<&BTreeSet<String>>, report: &mut Report) {
    for fact in listed {
        let (id, at) = (fact.get_ref(), field::at(fact));
        if known.is_some_and(|known| !known.contains(id)) {
            let message = format!("Chưa có dữ kiện \"{id}\" trong facts.toml.");
            report.error(at, "unknown-fact", message, "Thêm dữ kiện ấy vào facts.toml, hoặc sửa mã.");
        }
        if !body.facts.iter().any(|(shown, _)| shown == id) {
            let message = format!("Dữ kiện \"{id}\" có ở phần đầu nhưng bài không hiện.");
            report.error(
                at,
                "fact-not-shown",
                message,
                "Thêm khối fact vào một màn đọc, hoặc bỏ mã ở phần đầu.",
            );
        }
    }
    let ids = listed.iter().map(|fact| (field::at(fact), fact.get_ref().as_str()));
    field::all_different(ids, report);
    for (shown, at) in &body.facts {
        if !listed.iter().any(|fact| fact.get_ref() == shown) {
            let message = format!("Khối fact gọi \"{shown}\", phần đầu chưa ghi mã này.");
            report.error(
                *at,
                "fact-not-listed",
                message,
                format!("Thêm \"{shown}\" vào facts = [ … ] ở phần đầu."),
            );
        }
    }
}

fn check_size(lesson: &Lesson, report: &mut Report) {
    let size_bytes = serde_json::to_vec(lesson).map_or(0, |json| json.len());
    if size_bytes > LESSON_MAX_BYTES {
        let message = format!("Cả bài nặng {} KB.", size_bytes.div_ceil(1024));
        let advice = format!("Rút ngắn chữ hoặc bớt hình, không quá {} KB.", LESSON_MAX_BYTES / 1024);
        report.error(0, "lesson-too-large", message, advice);
    }
}
