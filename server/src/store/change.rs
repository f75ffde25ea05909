//! What is new for the learners of a phone: stored facts and issued certificates, in the order of their numbers.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::Event;
use domain::ids::{DeviceId, LearnerId};
use domain::sync::{Change, ChangeKind, IssuedCertificate};
use sqlx::AnyConnection;

use super::deletion::deleted_among;
use super::row::Row;
use super::{Result, Store};

/// One page of changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChangePage {
    /// The changes, for each learner in rising order.
    pub changes: Vec<Change>,
    /// How far each learner of the page has been told.
    pub cursor: BTreeMap<LearnerId, u64>,
    /// Whether more waits.
    pub more: bool,
    /// Learners of the cursor whose record was taken off this phone, or deleted everywhere.
    pub removed: Vec<LearnerId>,
    /// Learners of the page who have other records as well.
    pub merged: Vec<LearnerId>,
}

/// How much of a page is left.
struct Room {
    changes: i64,
    bytes: usize,
}

impl Store {
    /// Returns the changes after a cursor for those learners of it that this phone has a part in: at most `changes_max`
    /// and about `bytes_max`, at least one if any waits. A cursor ahead of the learner's last number comes from a
    /// server that was restored from an older copy: the learner is then told from the beginning.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changes_since(
        &self,
        device: DeviceId,
        cursor: &BTreeMap<LearnerId, u64>,
        changes_max: u32,
        bytes_max: usize,
    ) -> Result<ChangePage> {
        let mut connection = self.reader.acquire().await?;
        let mut page = ChangePage::default();
        let mut room = Room { changes: i64::from(changes_max), bytes: bytes_max };
        let links = links(&mut connection, device).await?;
        let known: BTreeSet<LearnerId> = links.iter().map(|link| link.learner).collect();
        let strangers = cursor.keys().copied().filter(|learner| !known.contains(learner)).collect();
        page.removed.extend(deleted_among(&mut connection, &strangers).await?);
        for Linked { learner, last, removed, merged } in links {
            let Some(&asked) = cursor.get(&learner) else { continue };
            if removed {
                page.removed.push(learner);
                continue;
            }
            page.merged.extend(merged.then_some(learner));
            let mut told = if asked > last { 0 } else { asked };
            if told < last && !page.more {
                told = page.fill(&mut connection, learner, told..last, &mut room).await?;
            }
            page.more |= told < last;
            page.cursor.insert(learner, told);
        }
        Ok(page)
    }
}

impl ChangePage {
    /// Adds a learner's changes after `span.start` up to `span.end`; returns how far they reach.
    ///
    /// Everything up to `span.end` was committed when that number was read, so a gap in the numbers found here is a
    /// number that was never used, not one that comes later.
    async fn fill(
        &mut self,
        connection: &mut AnyConnection,
        learner: LearnerId,
        span: std::ops::Range<u64>,
        room: &mut Room,
    ) -> Result<u64> {
        let mut told = span.start;
        for (number, bytes, what) in read_changes(connection, learner, &span, room.changes + 1).await? {
            let full = room.changes == 0 || bytes > room.bytes;
            if full && !self.changes.is_empty() {
                return Ok(told);
            }
            self.changes.push(Change { learner, seq: number, what });
            room.changes -= 1;
            room.bytes = room.bytes.saturating_sub(bytes);
            told = number;
        }
        Ok(span.end)
    }
}

/// A learner who has, or had, a record on a phone.
struct Linked {
    learner: LearnerId,
    /// The learner's newest number.
    last: u64,
    removed: bool,
    /// Whether the person has other records.
    merged: bool,
}

async fn links(connection: &mut AnyConnection, device: DeviceId) -> Result<Vec<Linked>> {
    let found = sqlx::query(
        "SELECT l.id, l.last_seq, d.removed_ms, CASE WHEN p.merged_into IS NOT NULL \
         OR EXISTS (SELECT 1 FROM people o WHERE o.merged_into = l.id) THEN 1 ELSE 0 END AS merged \
         FROM device_learners d JOIN learners l ON l.id = d.learner LEFT JOIN people p ON p.id = l.id \
         WHERE d.device = $1 ORDER BY l.id",
    )
    .bind(device.to_string())
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        let removed = sqlx::Row::try_get::<Option<i64>, _>(row, "removed_ms")?.is_some();
        let row = Row { table: "learners", row };
        let merged = row.yes_or_no("merged")? == Some(true);
        Ok(Linked { learner: row.parsed("id")?, last: row.count("last_seq")?, removed, merged })
    };
    found.iter().map(read).collect()
}

// What is kept of a person beside the name stays here: her phone has no use for it, and does not know the kind.

/// What a change adds to a page beside its body, in bytes of JSON.
const ENVELOPE_BYTES: usize = 110;

async fn read_changes(
    connection: &mut AnyConnection,
    learner: LearnerId,
    span: &std::ops::Range<u64>,
    limit: i64,
) -> Result<Vec<(u64, usize, ChangeKind)>> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let found = sqlx::query(
        "SELECT id, learner_seq, verdict, body, NULL AS course FROM events \
         WHERE learner = $1 AND learner_seq > $2 AND learner_seq <= $3 AND kind <> 'PersonDescribed' \
         UNION ALL SELECT id, learner_seq, NULL, signed, course FROM certificates \
         WHERE learner = $1 AND learner_seq > $2 AND learner_seq <= $3 ORDER BY learner_seq LIMIT $4",
    )
    .bind(learner.to_string())
    .bind(number(span.start))
    .bind(number(span.end))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let read = |row: &sqlx::any::AnyRow| {
        let course: Option<String> = sqlx::Row::try_get(row, "course")?;
        let row = Row { table: if course.is_some() { "certificates" } else { "events" }, row };
        let body_bytes = row.text("body")?.len();
        let what = match course {
            // The body may name another learner: see `aside.rs`.
            None => ChangeKind::Event {
                event: Event { learner, ..row.json("body")? },
                right: row.yes_or_no("verdict")?,
            },
            Some(_) => ChangeKind::Certificate(IssuedCertificate {
                id: row.parsed("id")?,
                course: row.parsed("course")?,
                signed: row.text("body")?,
            }),
        };
        Ok((row.count("learner_seq")?, body_bytes + ENVELOPE_BYTES, what))
    };
    found.iter().map(read).collect()
}
