//! A course: its own page `course.md`, and its lessons.

use std::collections::BTreeSet;
use std::path::Path;

use domain::course::{Course, Lesson, Tracks};
use domain::ids::CourseId;
use serde::Deserialize;
use toml::Spanned;

use super::field::{self, Text};
use super::folders::{self, Numbered};
use super::front_matter;
use super::header;
use super::lesson;
use super::markdown::{self, Content};
use super::reader::Reader;
use super::report::Report;
use super::toml_table::Table;
use super::words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    id: Text,
    title: Text,
    tracks: Spanned<Tracks>,
    tags: Vec<Text>,
}

/// What `course.md` says.
struct Cover {
    id: CourseId,
    title: String,
    about: String,
    tracks: Tracks,
    tags: Vec<String>,
}

/// Reads all courses. `known_facts` are the ids in `facts.toml`, or nothing when that could not be read.
pub(super) fn read_all(reader: &mut Reader, known_facts: Option<&BTreeSet<String>>) -> Vec<Course> {
    let folders = folders::numbered(reader, Path::new(""));
    if folders.is_empty() {
        let advice = "Tạo thư mục khóa học, ví dụ 06-chong-lua-dao, theo content/README.md.";
        reader.error(Path::new("."), 1, "no-course", "Chưa có khóa học nào.", advice);
    }
    folders.iter().filter_map(|folder| read(reader, folder, known_facts)).collect()
}

fn read(reader: &mut Reader, folder: &Numbered, known_facts: Option<&BTreeSet<String>>) -> Option<Course> {
    let file = folder.path.join("course.md");
    let cover = reader.open(&file).and_then(|(text, mut report)| {
        let cover = read_cover(&text, reader, &mut report);
        reader.close(report);
        cover
    });
    let lesson_folders = folders::numbered(reader, &folder.path);
    if lesson_folders.is_empty() {
        let advice = "Tạo thư mục bài, ví dụ 01-ba-dau-hieu, có lesson.md bên trong.";
        reader.error(&folder.path, 1, "no-lesson", "Khóa học chưa có bài nào.", advice);
    }
    let lessons: Vec<Lesson> =
        lesson_folders.iter().filter_map(|folder| lesson::read(reader, folder, known_facts)).collect();
    let Cover { id, title, about, tracks, tags } = cover?;
    Some(Course { id, slug: folder.slug.clone(), title, about, tracks, tags, lessons })
}

fn read_cover(text: &str, reader: &mut Reader, report: &mut Report) -> Option<Cover> {
    let parts = front_matter::split(text, report)?;
    let toml = front_matter::only(text, std::slice::from_ref(&parts.header));
    let header: Option<Header> =
        Table::parse("phần đầu", &toml, parts.header.start, report).and_then(|table| table.read(report));
    let body = front_matter::only(text, std::slice::from_ref(&parts.body));
    let about = read_about(&body, parts.body.start, report);

    let header = header?;
    reader.names.take("khóa học", header.id.get_ref(), field::at(&header.id), report);
    let id = field::id(&header.id, report);
    let title = header::title(&header.title, report);
    let tracks = header::tracks(header.tracks, report);
    let tags = header::tags(&header.tags, report);
    Some(Cover { id: id?, title, about, tracks, tags })
}

/// Returns the one plain paragraph that says what the course helps with.
fn read_about(text: &str, at: usize, report: &mut Report) -> String {
    let mut blocks = markdown::blocks(text, report).into_iter();
    let about = match blocks.next().map(|block| (block.at, block.content)) {
        Some((at, Content::Paragraph(paragraph))) if !paragraph.is_marked => {
            let about = paragraph.prose.text.trim().to_owned();
            words::check(&about, at, report);
            about
        }
        Some((at, _)) => {
            only_a_paragraph(at, report);
            return String::new();
        }
        None => {
            let message = "Khóa học chưa có lời giới thiệu.";
            report.error(at, "empty", message, "Sau phần đầu, viết một hai câu: khóa học giúp gì.");
            return String::new();
        }
    };
    if let Some(block) = blocks.next() {
        only_a_paragraph(block.at, report);
    }
    about
}

fn only_a_paragraph(at: usize, report: &mut Report) {
    let message = "Lời giới thiệu khóa học chỉ là một đoạn chữ thường.";
    report.error(
        at,
        "course-about",
        message,
        "Giữ một hai câu ngắn, không tiêu đề, không danh sách, không in đậm.",
    );
}
