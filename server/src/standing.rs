//! Where learners stand, for those who look after them: lamps lit, the lesson somebody is stuck in, the last day.

use std::collections::BTreeMap;

use domain::course::LessonOutline;
use domain::ids::LessonId;
use domain::progress::Progress;
use domain::roll::{Standing, stuck_in};

use crate::state::AppState;
use crate::store::StoredFact;

/// What each lesson asks for, and its title.
pub(crate) struct Lessons {
    outlines: Vec<LessonOutline>,
    titles: BTreeMap<LessonId, String>,
}

impl Lessons {
    /// Returns the lessons of the library.
    pub(crate) fn of(state: &AppState) -> Self {
        let all = || state.library.courses.iter().flat_map(|course| &course.lessons);
        Self {
            outlines: all().map(|lesson| lesson.outline()).collect(),
            titles: all().map(|lesson| (lesson.id.clone(), lesson.title.clone())).collect(),
        }
    }

    /// Returns where somebody stands who has learned this.
    pub(crate) fn standing(&self, learned: &[StoredFact], now_ms: i64) -> Standing {
        let verdicts = || learned.iter().map(|fact| (&fact.event, fact.verdict));
        let stuck = stuck_in(verdicts());
        Standing {
            lit: Progress::from_facts(verdicts()).lit(&self.outlines),
            // A phone whose clock runs ahead has not learned tomorrow.
            last_ms: learned.iter().map(|fact| fact.event.at_ms.min(now_ms)).max(),
            stuck_title: stuck
                .as_ref()
                .and_then(|lesson| self.titles.get(lesson).cloned())
                .unwrap_or_default(),
            stuck,
        }
    }
}
