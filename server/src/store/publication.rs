//! What was published: lesson versions and rules, immutable, and the list of what is published now.

use std::collections::BTreeMap;

use domain::course::Lesson;
use domain::ids::{ContentHash, CourseId};
use sqlx::AnyConnection;

use super::placeholders::{with_list, with_rows};
use super::row::Row;
use super::{Result, Store, StoreError};

/// A lesson version to publish.
#[derive(Debug, Clone)]
pub struct PublishedLesson {
    /// Names the version.
    pub hash: ContentHash,
    /// The lesson's id.
    pub lesson: domain::ids::LessonId,
    /// Its course.
    pub course: CourseId,
    /// The lesson as JSON.
    pub body: String,
}

/// Everything that is published together.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The lessons.
    pub lessons: Vec<PublishedLesson>,
    /// The certificate rules, by id, as JSON.
    pub rules: BTreeMap<String, String>,
    /// What is published now, as JSON.
    pub body: String,
    /// SHA-256 of that JSON in hexadecimal.
    pub hash: String,
}

/// Rows in one statement: far below the 32,766 values SQLite allows, few round trips for a whole curriculum.
const ROWS_MAX: usize = 50;

impl Store {
    /// Publishes: stores what is new and remembers what is published now. Returns whether anything changed.
    ///
    /// # Errors
    /// [`StoreError::RuleChanged`] when a published rule was edited; otherwise when the database fails.
    pub async fn publish(&self, publication: &Publication, now_ms: i64) -> Result<bool> {
        self.retry(|| self.try_publish(publication, now_ms)).await
    }

    async fn try_publish(&self, publication: &Publication, now_ms: i64) -> Result<bool> {
        let mut tx = self.begin().await?;
        insert_lessons(&mut tx, &publication.lessons, now_ms).await?;
        insert_rules(&mut tx, &publication.rules, now_ms).await?;
        let changed = insert_publication(&mut tx, publication, now_ms).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Returns the lesson versions with these names; those never published are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lesson_versions(&self, hashes: &[ContentHash]) -> Result<BTreeMap<ContentHash, Lesson>> {
        if hashes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut query = with_list("SELECT hash, body FROM lesson_versions WHERE hash IN", 1, hashes.len());
        for hash in hashes {
            query = query.bind(hash.as_str());
        }
        let found = query.fetch_all(&self.reader).await?;
        let read = |row| {
            let row = Row { table: "lesson_versions", row };
            Ok((row.parsed("hash")?, row.json("body")?))
        };
        found.iter().map(read).collect()
    }
}

async fn insert_lessons(tx: &mut AnyConnection, lessons: &[PublishedLesson], now_ms: i64) -> Result<()> {
    for part in lessons.chunks(ROWS_MAX) {
        let mut query = with_rows(
            "INSERT INTO lesson_versions (hash, lesson, course, published_ms, body) VALUES",
            part.len(),
            5,
            "ON CONFLICT (hash) DO NOTHING",
        );
        for lesson in part {
            query = query
                .bind(lesson.hash.as_str())
                .bind(lesson.lesson.as_str())
                .bind(lesson.course.as_str())
                .bind(now_ms)
                .bind(lesson.body.as_str());
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn insert_rules(tx: &mut AnyConnection, rules: &BTreeMap<String, String>, now_ms: i64) -> Result<()> {
    for (id, body) in rules {
        sqlx::query(
            "INSERT INTO rules (id, published_ms, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id.as_str())
        .bind(now_ms)
        .bind(body.as_str())
        .execute(&mut *tx)
        .await?;
        let stored = sqlx::query("SELECT id, body FROM rules WHERE id = $1")
            .bind(id.as_str())
            .fetch_one(&mut *tx)
            .await?;
        if (Row { table: "rules", row: &stored }).text("body")? != *body {
            return Err(StoreError::RuleChanged(id.clone()));
        }
    }
    Ok(())
}

/// Adds what is published now, unless it is the newest already. Two servers that publish at once take the same next
/// number; the second one finds it taken and looks again.
async fn insert_publication(tx: &mut AnyConnection, publication: &Publication, now_ms: i64) -> Result<bool> {
    loop {
        let newest = sqlx::query("SELECT number, hash FROM publications ORDER BY number DESC LIMIT 1")
            .fetch_optional(&mut *tx)
            .await?;
        let newest = newest.as_ref().map(|row| Row { table: "publications", row });
        let number = match &newest {
            Some(row) if row.text("hash")? == publication.hash => return Ok(false),
            Some(row) => row.number("number")? + 1,
            None => 1,
        };
        let added = sqlx::query(
            "INSERT INTO publications (number, published_ms, hash, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (number) DO NOTHING",
        )
        .bind(number)
        .bind(now_ms)
        .bind(publication.hash.as_str())
        .bind(publication.body.as_str())
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 1 {
            return Ok(true);
        }
    }
}
