//! What is past its term goes, once a day and in small steps. People with whose record nothing happens any more are shown to
//! those who answer requests; nobody is deleted by a clock.

use std::sync::LazyLock;
use std::time::Duration;

use domain::retention::{Kept, Term, past_ms};
use serde::Deserialize;

use crate::access::{IDLE_MS, Permit, may};
use crate::failure::Failure;
use crate::staff::entry;
use crate::state::AppState;
use crate::store::{Inactive, PastTerm, Purged, Store, StoreError};

/// How often the purge runs.
pub const EVERY: Duration = Duration::from_secs(86_400);

/// Rows deleted in one transaction: a few milliseconds, between which others write.
const STEP: u32 = 500;

/// Transactions of one run for one kind; the rest waits for the next day.
const STEPS_MAX: u32 = 200;

/// People shown for review at once.
const REVIEW: u32 = 100;

#[derive(Deserialize)]
struct File {
    kept: Vec<Term>,
}

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../../data/retention.toml")).expect("a test reads this file");
    file.kept
});

/// Returns how long each kind of data is kept.
pub fn terms() -> &'static [Term] {
    &TERMS
}

/// Deletes what is past its term. Returns how much.
///
/// # Errors
/// When the database fails; what was deleted before stays deleted, and the next run goes on.
pub async fn purge(store: &Store, now_ms: i64) -> Result<Purged, StoreError> {
    let past = |what| past_ms(terms(), what, now_ms);
    let past = PastTerm {
        sessions_ms: past(Kept::StaffSessions),
        idle_ms: Some(now_ms - IDLE_MS),
        audit_ms: past(Kept::Audit),
        requests_ms: past(Kept::Requests),
        tries_ms: past(Kept::Tries),
        import_ms: past(Kept::ImportUndo),
    };
    store.purge(&past, STEP, STEPS_MAX).await
}

/// Brings deletions of before into force again and purges, now and once a day, until the task is dropped.
pub async fn keep_purging(state: AppState) {
    loop {
        let now_ms = state.clock.now_ms();
        match purge(&state.store, now_ms).await {
            Ok(purged) => tracing::info!(
                sessions = purged.sessions,
                audit = purged.audit,
                requests = purged.requests,
                tries = purged.tries,
                import_rows = purged.import_rows,
                "what was past its term is deleted"
            ),
            Err(error) => tracing::error!(%error, "the daily purge failed; it is tried again tomorrow"),
        }
        if let Err(error) = state.store.apply_deletions().await {
            tracing::error!(%error, "deletions could not be applied again");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Returns people in scope with whose records nothing has happened for the term, the longest first.
///
/// # Errors
/// When the database fails.
pub async fn inactive(
    state: &AppState,
    permit: &Permit<may::AnswerRequests>,
) -> Result<Vec<Inactive>, Failure> {
    let Some(past) = past_ms(terms(), Kept::Inactive, state.clock.now_ms()) else { return Ok(Vec::new()) };
    let found = state.store.inactive_people(permit.scope(), past, REVIEW).await?;
    let mut looked = entry(state, permit.who(), "people-listed", None);
    looked.detail = found.len().to_string();
    state.store.add_audit(&looked).await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_data_has_its_term_once() {
        let listed: Vec<Kept> = terms().iter().map(|term| term.what).collect();
        assert_eq!(listed, Kept::ALL);
        let without: Vec<Kept> =
            terms().iter().filter(|term| term.days.is_none()).map(|term| term.what).collect();
        assert_eq!(without, [Kept::Record, Kept::Certificates]);
        assert!(terms().iter().all(|term| term.days != Some(0)));
    }
}
