//! Records that look like one person's, as the staff page asks for them.

use app::api::look_alikes::{
    DecidedPerson, DecisionPage, DecisionRow, PairAfter, PairPage, PairRecord, PairRow,
};
use domain::ids::{DecisionId, LearnerId};

use super::StaffBackend;
use super::people::place_of;
use crate::access::may;
use crate::failure::Failure;
use crate::people;
use crate::staff::entry;
use crate::store::{DecisionKind, ListedDecision, PairCursor, Person};

/// Pairs on one page: each is a small piece of work, and the lamps of both are counted.
pub(crate) const PAIRS: usize = 10;

/// Decisions on one page.
pub(crate) const DECISIONS: usize = 20;

impl StaffBackend {
    pub(super) async fn pairs(&self, after: Option<PairAfter>) -> Result<PairPage, Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        let after = after.map(|PairAfter { found_ms, a, b }| PairCursor { found_ms, a, b });
        let found = people::likely_duplicates(self.acting(&permit), after, PAIRS).await?;
        let mut looked = entry(&self.state, permit.who(), "look-alikes-listed", None);
        looked.detail = found.pairs.len().to_string();
        self.state.store.add_audit(&looked).await?;
        let mut rows = Vec::with_capacity(found.pairs.len());
        for pair in found.pairs {
            let mut both = [pair.a, pair.b];
            both.sort_by_key(|person| (person.created_ms, person.id));
            let [first, second] = both;
            let places = [place_of(&first, &found.names), place_of(&second, &found.names)];
            let [first_place, second_place] = places;
            let records = [self.record(first, first_place).await?, self.record(second, second_place).await?];
            rows.push(PairRow { likeness: pair.likeness, records });
        }
        let next = found.next.map(|PairCursor { found_ms, a, b }| PairAfter { found_ms, a, b });
        Ok(PairPage { rows, next })
    }

    async fn record(&self, person: Person, place: String) -> Result<PairRecord, Failure> {
        let facts = self.state.store.facts_of(person.id).await?;
        let courses = self.lamps(&facts);
        Ok(PairRecord {
            id: person.id,
            code: person.code.grouped(),
            details: person.details,
            place,
            courses: courses.into_iter().filter(|course| course.lit > 0).collect(),
            created_ms: person.created_ms,
        })
    }

    pub(super) async fn merged(&self, kept: LearnerId, other: LearnerId) -> Result<(), Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        people::merge(self.acting(&permit), kept, other).await?;
        Ok(())
    }

    pub(super) async fn kept_apart(&self, one: LearnerId, other: LearnerId) -> Result<(), Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        people::keep_apart(self.acting(&permit), one, other).await?;
        Ok(())
    }

    pub(super) async fn decided(&self, before: Option<DecisionId>) -> Result<DecisionPage, Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        let (found, is_more) = people::decisions(self.acting(&permit), before, DECISIONS).await?;
        let mut looked = entry(&self.state, permit.who(), "decisions-listed", None);
        looked.detail = found.len().to_string();
        self.state.store.add_audit(&looked).await?;
        let next = found.last().filter(|_| is_more).map(|last| last.decision.id);
        Ok(DecisionPage { rows: found.into_iter().map(row).collect(), next })
    }

    pub(super) async fn decision_undone(&self, decision: DecisionId) -> Result<(), Failure> {
        let permit = self.permit::<may::JoinPeople>().await?;
        Ok(people::undo_decision(self.acting(&permit), decision).await?)
    }
}

fn row(listed: ListedDecision) -> DecisionRow {
    let person = |(name, birth_year): (String, Option<i64>)| DecidedPerson { name, birth_year };
    let undone_ms = listed.decision.undone.map(|(_, at_ms)| at_ms);
    DecisionRow {
        id: listed.decision.id,
        merged: listed.decision.kind == DecisionKind::Merge,
        kept: person(listed.kept),
        other: person(listed.other),
        by: listed.by,
        at_ms: listed.decision.decided_ms,
        undone: undone_ms.map(|at_ms| (listed.undone_by.unwrap_or_default(), at_ms)),
    }
}
