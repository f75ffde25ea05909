//! Deciding about records that look like one person's.

use std::collections::BTreeMap;

use domain::ids::{DecisionId, LearnerId};
use domain::place::PlaceId;

use super::{Acting, PeopleError, PeopleRefusal};
use crate::store::{DecisionOutcome, LikelyDuplicate, ListedDecision, NewDecision, PairCursor, PairEntries};

/// A page of pairs, with the names of all places in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedPairs {
    /// The pairs, the newest first.
    pub pairs: Vec<LikelyDuplicate>,
    /// Where the next page begins, if there is one.
    pub next: Option<PairCursor>,
    /// Names of the units on their paths.
    pub names: BTreeMap<PlaceId, String>,
}

/// Returns pairs on which nobody has decided.
///
/// # Errors
/// When the database fails.
pub async fn likely_duplicates(
    acting: Acting<'_>,
    after: Option<PairCursor>,
    limit: usize,
) -> Result<ListedPairs, PeopleError> {
    let mut pairs = acting.store.likely_duplicates(acting.scope, after, limit + 1).await?;
    let is_more = pairs.len() > limit;
    pairs.truncate(limit);
    let cursor = |last: &LikelyDuplicate| PairCursor { found_ms: last.found_ms, a: last.a.id, b: last.b.id };
    let next = pairs.last().filter(|_| is_more).map(cursor);
    let people = pairs.iter().flat_map(|pair| [&pair.a, &pair.b]);
    let paths: Vec<_> = people.filter_map(|person| person.path.as_ref()).collect();
    let names = acting.store.place_names(&paths).await?;
    Ok(ListedPairs { pairs, next, names })
}

/// Lets `kept` stand for `other` too. Returns the decision, by which it can be taken back.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::Already`].
pub async fn merge(acting: Acting<'_>, kept: LearnerId, other: LearnerId) -> Result<DecisionId, PeopleError> {
    let new = decision(acting, kept, other);
    let entries = entries(acting, "people-merged");
    done(acting.store.merge_people(acting.scope, new, &entries, acting.now_ms).await?)?;
    Ok(new.id)
}

/// Remembers that two records are two people's. Returns the decision, by which it can be taken back.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::Already`].
pub async fn keep_apart(acting: Acting<'_>, a: LearnerId, b: LearnerId) -> Result<DecisionId, PeopleError> {
    let new = decision(acting, a, b);
    let entries = entries(acting, "people-kept-apart");
    done(acting.store.keep_people_apart(acting.scope, new, &entries, acting.now_ms).await?)?;
    Ok(new.id)
}

/// Takes a decision back.
///
/// # Errors
/// [`PeopleRefusal::NotFound`], [`PeopleRefusal::Already`].
pub async fn undo_decision(acting: Acting<'_>, id: DecisionId) -> Result<(), PeopleError> {
    let entries = entries(acting, "decision-taken-back");
    done(acting.store.undo_decision(acting.scope, (id, acting.staff), &entries, acting.now_ms).await?)
}

/// Returns decisions, the newest first, and whether there are more; `before` is the last one of the page before.
///
/// # Errors
/// When the database fails.
pub async fn decisions(
    acting: Acting<'_>,
    before: Option<DecisionId>,
    limit: usize,
) -> Result<(Vec<ListedDecision>, bool), PeopleError> {
    let mut found = acting.store.decisions(acting.scope, before, limit + 1).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    Ok((found, is_more))
}

fn decision(acting: Acting<'_>, kept: LearnerId, other: LearnerId) -> NewDecision {
    NewDecision { id: DecisionId(acting.random.id(acting.now_ms)), kept, other, by: acting.staff }
}

fn entries(acting: Acting<'_>, action: &'static str) -> PairEntries {
    [(); 2].map(|()| acting.entry(action))
}

fn done(outcome: DecisionOutcome) -> Result<(), PeopleError> {
    match outcome {
        DecisionOutcome::Done => Ok(()),
        DecisionOutcome::NotFound => Err(PeopleRefusal::NotFound.into()),
        DecisionOutcome::Already => Err(PeopleRefusal::Already.into()),
    }
}
