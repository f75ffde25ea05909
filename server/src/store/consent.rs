//! Agreements that a colleague witnessed, at a desk or in a village.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Event, EventKind};
use domain::ids::LearnerId;
use domain::profile::Profile;
use domain::scope::Scope;
use sqlx::AnyConnection;

use super::event::{NewEvent, store_events};
use super::filter::Filter;
use super::person::{about, locked};
use super::person_facts::{SERVER_DEVICE, log_fact};
use super::row::Row;
use super::{NewAudit, Result, Store, audit};

impl Store {
    /// Returns what each of these people said about agreeing, those who said something.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreements_of(&self, people: &[LearnerId]) -> Result<BTreeMap<LearnerId, Profile>> {
        let said = self.facts_among(people, "e.kind IN ('ConsentGiven', 'ConsentWithdrawn')").await?;
        let profile = |(id, facts): (LearnerId, Vec<super::StoredFact>)| {
            (id, Profile::from_events(facts.iter().map(|fact| &fact.event)))
        };
        Ok(said.into_iter().map(profile).collect())
    }

    /// Returns those of these people who are in scope and not restricted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people_in_scope(
        &self,
        scope: &Scope,
        people: &BTreeSet<LearnerId>,
    ) -> Result<BTreeSet<LearnerId>> {
        if people.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<String> = people.iter().map(LearnerId::to_string).collect();
        let mut filter = Filter::new("SELECT p.id FROM people p WHERE p.restricted_ms IS NULL");
        filter.list("AND p.id IN", ids.iter().map(String::as_str)).scope("p", scope);
        let found = filter.statement().fetch_all(&self.reader).await?;
        found.iter().map(|row| Row { table: "people", row }.parsed("id")).collect()
    }

    /// Returns a moment after all that a person has said: an agreement and its withdrawal count by their times, and a phone's
    /// clock may run ahead.
    pub(super) async fn after_all_said(&self, id: LearnerId, now_ms: i64) -> Result<i64> {
        let newest_ms = self.facts_of(id).await?.iter().map(|fact| fact.event.at_ms).max();
        Ok(newest_ms.map_or(now_ms, |newest| now_ms.max(newest.saturating_add(1))))
    }

    /// Stores what a person in scope agreed to before a colleague, dated after all that was said before: an agreement dated
    /// before a withdrawal, by a phone whose clock runs ahead, would not count. Returns whether the person is in scope. The
    /// entry of the log is told whom and where it is about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_consents(
        &self,
        scope: &Scope,
        id: LearnerId,
        mut events: Vec<NewEvent>,
        entry: &NewAudit,
    ) -> Result<bool> {
        let at_ms = self.after_all_said(id, entry.at_ms).await?;
        for new in &mut events {
            new.event.at_ms = at_ms;
            new.json = new.event.canonical_json();
        }
        self.retry(async || {
            let mut tx = self.begin().await?;
            let Some(person) = locked(&mut tx, scope, id).await? else { return Ok(false) };
            store_events(&mut tx, Some(SERVER_DEVICE), &events, entry.at_ms).await?;
            audit::add(&mut tx, &about(entry, &person)).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }
}

/// Writes down who witnessed agreements, once for each person of a batch. What a desk stored has its entry already, and
/// that somebody was enrolled says that she agreed.
pub(super) async fn log_witnessed<'e>(
    tx: &mut AnyConnection,
    stored: impl Iterator<Item = &'e Event> + Clone,
    now_ms: i64,
) -> Result<()> {
    let is_enrolment = |event: &&Event| matches!(event.kind, EventKind::LearnerEnrolled { .. });
    let mut told: BTreeSet<LearnerId> =
        stored.clone().filter(is_enrolment).map(|event| event.learner).collect();
    for event in stored.filter(|event| event.device != SERVER_DEVICE) {
        let (EventKind::ConsentGiven { .. }, Some(actor)) = (&event.kind, event.actor) else { continue };
        if told.insert(event.learner) {
            log_fact(&mut *tx, event, actor, "consent-recorded", now_ms).await?;
        }
    }
    Ok(())
}
