//! Makes the authors' library the published one: every lesson version stored under its hash, for ever.

use domain::ids::{ContentHash, CourseId, LessonId};
use serde::Serialize;

use crate::content::Library;
use crate::ingest::sha256_hex;
use crate::store::{Publication, PublishedLesson, Store, StoreError};

/// What is published now, as it is remembered: enough to say which versions stood in which course on a day.
#[derive(Serialize)]
struct Manifest<'a> {
    courses: Vec<CourseManifest<'a>>,
    rules: Vec<&'a str>,
}

#[derive(Serialize)]
struct CourseManifest<'a> {
    id: &'a CourseId,
    title: &'a str,
    lessons: Vec<(&'a LessonId, ContentHash)>,
}

/// Publishes a library. Returns whether anything changed; the same again changes nothing, on any number of servers.
///
/// # Errors
/// [`StoreError::RuleChanged`] when a published rule was edited; otherwise when the database fails.
pub async fn import(store: &Store, library: &Library, now_ms: i64) -> Result<bool, StoreError> {
    store.publish(&publication(library), now_ms).await
}

fn publication(library: &Library) -> Publication {
    let mut lessons = Vec::new();
    let mut courses = Vec::new();
    for course in &library.courses {
        let mut listed = Vec::new();
        for lesson in &course.lessons {
            let hash = lesson.content_hash();
            listed.push((&lesson.id, hash.clone()));
            let (lesson_id, body) = (lesson.id.clone(), json(lesson));
            lessons.push(PublishedLesson { hash, lesson: lesson_id, course: course.id.clone(), body });
        }
        courses.push(CourseManifest { id: &course.id, title: &course.title, lessons: listed });
    }
    let rules = library.rules.iter().map(|rule| (rule.id.clone(), json(rule))).collect();
    let manifest = Manifest { courses, rules: library.rules.iter().map(|rule| rule.id.as_str()).collect() };
    let body = json(&manifest);
    Publication { lessons, rules, hash: sha256_hex(&body), body }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("published things have only strings, numbers and lists")
}
