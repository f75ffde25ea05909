//! Issued certificates. One is never changed: a corrected name makes a new one, and the old one stays.

use domain::ids::{CertificateId, CourseId, EventId, LearnerId};

use super::duplicate::records_of;
use super::event::next_number;
use super::filter::Filter;
use super::person::lock;
use super::row::Row;
use super::{Result, Store};

/// A certificate to store.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    /// Names the certificate.
    pub id: CertificateId,
    /// Whose.
    pub learner: LearnerId,
    /// The course.
    pub course: CourseId,
    /// The name it is made out to.
    pub name: String,
    /// The rule that was met.
    pub rule: String,
    /// The signed bytes in base64url.
    pub signed: String,
    /// The facts that earned it.
    pub evidence: Vec<EventId>,
}

/// A stored certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    /// Names the certificate.
    pub id: CertificateId,
    /// The signed bytes in base64url.
    pub signed: String,
    /// The facts that earned it.
    pub evidence: Vec<EventId>,
}

impl Store {
    /// Stores a certificate, or returns the one already issued to this learner for this course and name. Requests at the
    /// same time wait for each other at the learner's row, so they all get the same one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issue_certificate(&self, new: &NewCertificate, now_ms: i64) -> Result<StoredCertificate> {
        self.retry(|| self.try_issue(new, now_ms)).await
    }

    async fn try_issue(&self, new: &NewCertificate, now_ms: i64) -> Result<StoredCertificate> {
        let mut tx = self.begin().await?;
        // All records of a person, in the order of ids: two of them cannot get one each, nor wait in a circle.
        let mut records = records_of(&mut tx, new.learner).await?;
        records.sort();
        for record in &records {
            lock(&mut tx, *record).await?;
        }
        let number = next_number(&mut tx, new.learner, 1).await?;
        // Leaving without a commit gives the number back.
        if let Some(issued) = find(&mut tx, new.learner, &new.course, &new.name).await? {
            return Ok(issued);
        }
        let evidence = list_json(&new.evidence);
        sqlx::query(
            "INSERT INTO certificates (id, learner, learner_seq, course, name, rule, issued_ms, signed, evidence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(new.id.to_string())
        .bind(new.learner.to_string())
        .bind(number)
        .bind(new.course.as_str())
        .bind(new.name.as_str())
        .bind(new.rule.as_str())
        .bind(now_ms)
        .bind(new.signed.as_str())
        .bind(evidence)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(StoredCertificate { id: new.id, signed: new.signed.clone(), evidence: new.evidence.clone() })
    }

    /// Returns all certificates of a person, on any record of hers, in the order in which they were issued.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn certificates_of(&self, learner: LearnerId) -> Result<Vec<StoredCertificate>> {
        let mut connection = self.reader.acquire().await?;
        let ids: Vec<String> =
            records_of(&mut connection, learner).await?.iter().map(LearnerId::to_string).collect();
        let mut filter = Filter::new("SELECT id, signed, evidence FROM certificates WHERE 1 = 1");
        filter.list("AND learner IN", ids.iter().map(String::as_str)).add("ORDER BY issued_ms, id", []);
        filter.statement().fetch_all(&mut *connection).await?.iter().map(read).collect()
    }

    /// Returns the certificate issued to a learner, on any record of hers, for a course and name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issued_certificate(
        &self,
        learner: LearnerId,
        course: &CourseId,
        name: &str,
    ) -> Result<Option<StoredCertificate>> {
        let mut connection = self.reader.acquire().await?;
        find(&mut connection, learner, course, name).await
    }
}

/// Finds the certificate of any record of a person, the first one issued.
async fn find(
    connection: &mut sqlx::AnyConnection,
    learner: LearnerId,
    course: &CourseId,
    name: &str,
) -> Result<Option<StoredCertificate>> {
    let ids: Vec<String> = records_of(connection, learner).await?.iter().map(LearnerId::to_string).collect();
    let mut filter = Filter::new("SELECT id, signed, evidence FROM certificates WHERE");
    filter.texts("course = ? AND name = ?", [course.as_str(), name]);
    filter.list("AND learner IN", ids.iter().map(String::as_str));
    filter.add("ORDER BY issued_ms, id LIMIT 1", []);
    let found = filter.statement().fetch_optional(connection).await?;
    found.as_ref().map(read).transpose()
}

fn read(row: &sqlx::any::AnyRow) -> Result<StoredCertificate> {
    let row = Row { table: "certificates", row };
    Ok(StoredCertificate {
        id: row.parsed("id")?,
        signed: row.text("signed")?,
        evidence: row.json("evidence")?,
    })
}

fn list_json(ids: &[EventId]) -> String {
    serde_json::to_string(ids).expect("a list of ids is JSON")
}
