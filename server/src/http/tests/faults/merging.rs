//! Somebody finds that two records are one person's, and perhaps that they are not: beside a model that knows pairs only.

use domain::ids::DecisionId;
use domain::scope::Scope;

use super::*;
use crate::people::{Acting, merge, undo_decision};

/// A merge that holds.
pub(super) struct Merge {
    decision: DecisionId,
    pair: [LearnerId; 2],
}

impl Village<'_> {
    fn acting<'a>(&'a self, scope: &'a Scope) -> Acting<'a> {
        let state = &self.app.state;
        let now_ms = state.clock.now_ms();
        Acting { store: &state.store, random: &state.random, scope, staff: self.officer, now_ms }
    }

    /// Merges two records, or takes a merge back: any that holds, not only the last one.
    pub(super) async fn decide(&mut self) -> &'static str {
        if !self.merges.is_empty() && self.chance.below(3) == 0 {
            let at = self.chance.below(self.merges.len());
            undo_decision(self.acting(&Scope::All), self.merges[at].decision).await.unwrap();
            self.merges.remove(at);
            return "take a merge back";
        }
        let stored = self.on_server().await;
        let mut known: Vec<LearnerId> = stored.values().map(|event| event.learner).collect();
        known.sort();
        known.dedup();
        if known.len() < 2 {
            return "merge, there are no two";
        }
        let kept = known.remove(self.chance.below(known.len()));
        let other = known[self.chance.below(known.len())];
        // Refused where one has no name yet, or stands for nobody any more.
        if let Ok(decision) = merge(self.acting(&Scope::All), kept, other).await {
            self.merges.push(Merge { decision, pair: [kept, other] });
        }
        "merge"
    }

    /// Returns all records of a person, this one among them: whatever a chain of pairs leads to.
    pub(super) fn records_of(&self, learner: LearnerId) -> BTreeSet<LearnerId> {
        let mut records = BTreeSet::from([learner]);
        loop {
            let touches = |merge: &&Merge| merge.pair.iter().any(|one| records.contains(one));
            let reached: BTreeSet<LearnerId> =
                self.merges.iter().filter(touches).flat_map(|merge| merge.pair).collect();
            let before = records.len();
            records.extend(reached);
            if records.len() == before {
                return records;
            }
        }
    }
}
