//! Deciding about records that look like one person's.

use domain::ids::{DecisionId, LearnerId};

use super::{Acting, PeopleError, PeopleRefusal};
use crate::store::{DecisionOutcome, LikelyDuplicate, NewDecision};

/// Returns pairs on which nobody has decided, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn likely_duplicates(
    acting: Acting<'_>,
    limit: usize,
) -> Result<Vec<LikelyDuplicate>, PeopleError> {
    Ok(acting.store.likely_duplicates(acting.scope, limit).await?)
}

/// Lets `kept` stand for `other` too. Returns the decision, by which it can be taken back.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::Already`].
pub async fn merge(acting: Acting<'_>, kept: LearnerId, other: LearnerId) -> Result<DecisionId, PeopleError> {
    let new = decision(acting, kept, other);
    done(acting.store.merge_people(acting.scope, new, acting.now_ms).await?)?;
    Ok(new.id)
}

/// Remembers that two records are two people's. Returns the decision, by which it can be taken back.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::Already`].
pub async fn keep_apart(acting: Acting<'_>, a: LearnerId, b: LearnerId) -> Result<DecisionId, PeopleError> {
    let new = decision(acting, a, b);
    done(acting.store.keep_people_apart(acting.scope, new, acting.now_ms).await?)?;
    Ok(new.id)
}

/// Takes a decision back.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::Already`].
pub async fn undo_decision(acting: Acting<'_>, id: DecisionId) -> Result<(), PeopleError> {
    done(acting.store.undo_decision(acting.scope, id, acting.staff, acting.now_ms).await?)
}

fn decision(acting: Acting<'_>, kept: LearnerId, other: LearnerId) -> NewDecision {
    NewDecision { id: DecisionId(acting.random.id(acting.now_ms)), kept, other, by: acting.staff }
}

fn done(outcome: DecisionOutcome) -> Result<(), PeopleError> {
    match outcome {
        DecisionOutcome::Done => Ok(()),
        DecisionOutcome::NotFound => Err(PeopleRefusal::NotFound.into()),
        DecisionOutcome::Already => Err(PeopleRefusal::Already.into()),
    }
}
