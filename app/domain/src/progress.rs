//! Events → progress. Any order, any repetition, same result: progress is a set of marks that only ever grows.

use std::fmt;
use std::str::FromStr;

use crate::course::LessonOutline;
use crate::event::{Event, EventKind, RealUseOutcome};
use crate::ids::{InvalidId, ItemId, LessonId, PracticeId};

/// What one learner has shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rising, each once.
    marks: Vec<Mark>,
}

/// Something a learner has shown at least once. As text: `answered 6.1 otp`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Read a lesson to its end.
    Learned(LessonId),
    /// Did a practice unaided.
    Practised(LessonId, PracticeId),
    /// Answered a question right, on any try.
    Answered(LessonId, ItemId),
    /// Says to have done the real task alone.
    ReallyUsed(LessonId),
}

/// How the lamp of a lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lamp {
    /// Nothing shown yet.
    Unlit,
    /// Some parts of the whole are done.
    Begun {
        /// Parts done.
        done: usize,
        /// Parts in all: the practice and every question.
        parts: usize,
    },
    /// Practice done unaided and every question answered right.
    Lit,
}

impl Progress {
    /// Adds one fact. `right` is its verdict: for an answer whether it was right, for a practice whether it was done
    /// unaided; other kinds have none.
    pub fn add(&mut self, event: &Event, right: Option<bool>) {
        self.add_marks(mark(&event.kind, right));
    }

    /// Adds what was shown elsewhere.
    pub fn add_marks(&mut self, marks: impl IntoIterator<Item = Mark>) {
        for mark in marks {
            if let Err(place) = self.marks.binary_search(&mark) {
                self.marks.insert(place, mark);
            }
        }
    }

    /// Returns the progress shown by a list of facts with their verdicts.
    pub fn from_facts<'a>(facts: impl IntoIterator<Item = (&'a Event, Option<bool>)>) -> Self {
        let mut progress = Self::default();
        for (event, right) in facts {
            progress.add(event, right);
        }
        progress
    }

    /// Returns everything shown.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter()
    }

    /// Returns whether a practice was done unaided.
    pub fn has_practised(&self, lesson: &LessonId, practice: &PracticeId) -> bool {
        self.marks.contains(&Mark::Practised(lesson.clone(), practice.clone()))
    }

    /// Returns whether a question was answered right.
    pub fn has_answered(&self, lesson: &LessonId, item: &ItemId) -> bool {
        self.marks.contains(&Mark::Answered(lesson.clone(), item.clone()))
    }

    /// Returns how the lamp of a lesson stands.
    pub fn lamp(&self, lesson: &LessonOutline) -> Lamp {
        let parts = 1 + lesson.items.len();
        let done = usize::from(self.has_practised(&lesson.id, &lesson.practice))
            + lesson.items.iter().filter(|item| self.has_answered(&lesson.id, item)).count();
        match done {
            _ if done == parts => Lamp::Lit,
            0 if !self.marks.contains(&Mark::Learned(lesson.id.clone())) => Lamp::Unlit,
            _ => Lamp::Begun { done, parts },
        }
    }

    /// Returns how many lamps of a course are lit.
    pub fn lit(&self, lessons: &[LessonOutline]) -> usize {
        lessons.iter().filter(|lesson| self.lamp(lesson) == Lamp::Lit).count()
    }
}

/// Returns the mark that a fact makes, if it makes one.
fn mark(kind: &EventKind, right: Option<bool>) -> Option<Mark> {
    match kind {
        EventKind::LessonFinished { lesson } => Some(Mark::Learned(lesson.clone())),
        EventKind::AnswerGiven { lesson, item, .. } if right == Some(true) => {
            Some(Mark::Answered(lesson.clone(), item.clone()))
        }
        EventKind::PracticeFinished { lesson, practice, .. } if right == Some(true) => {
            Some(Mark::Practised(lesson.clone(), practice.clone()))
        }
        EventKind::RealUse { lesson, outcome: RealUseOutcome::Alone } => {
            Some(Mark::ReallyUsed(lesson.clone()))
        }
        _ => None,
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Learned(lesson) => write!(f, "learned {lesson}"),
            Self::Practised(lesson, practice) => write!(f, "practised {lesson} {practice}"),
            Self::Answered(lesson, item) => write!(f, "answered {lesson} {item}"),
            Self::ReallyUsed(lesson) => write!(f, "used {lesson}"),
        }
    }
}

impl FromStr for Mark {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (kind, rest) = text.split_once(' ').ok_or(InvalidId)?;
        let (lesson, part) = rest.split_once(' ').unwrap_or((rest, ""));
        let lesson = lesson.parse()?;
        Ok(match (kind, part) {
            ("learned", "") => Self::Learned(lesson),
            ("used", "") => Self::ReallyUsed(lesson),
            ("practised", practice) => Self::Practised(lesson, practice.parse()?),
            ("answered", item) => Self::Answered(lesson, item.parse()?),
            _ => return Err(InvalidId),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::event;
    use crate::item::Response;
    use proptest::prelude::*;

    fn outline(lesson: &str) -> LessonOutline {
        LessonOutline {
            id: lesson.parse().unwrap(),
            practice: "p".parse().unwrap(),
            items: vec!["a".parse().unwrap(), "b".parse().unwrap()],
        }
    }

    fn answer(lesson: &str, item: &str) -> EventKind {
        EventKind::AnswerGiven {
            lesson: lesson.parse().unwrap(),
            item: item.parse().unwrap(),
            variant: 0,
            response: Response::One(0),
        }
    }

    fn practice(lesson: &str) -> EventKind {
        EventKind::PracticeFinished {
            lesson: lesson.parse().unwrap(),
            practice: "p".parse().unwrap(),
            actions: vec![0],
            hints: 0,
        }
    }

    #[test]
    fn a_lamp_is_lit_by_doing_not_by_looking() {
        let mut progress = Progress::default();
        let lesson = outline("6.3");
        assert_eq!(progress.lamp(&lesson), Lamp::Unlit);
        progress.add(&event(1, EventKind::LessonFinished { lesson: lesson.id.clone() }), None);
        assert_eq!(progress.lamp(&lesson), Lamp::Begun { done: 0, parts: 3 });
        progress.add(&event(2, answer("6.3", "a")), Some(false));
        progress.add(&event(3, practice("6.3")), Some(false));
        assert_eq!(progress.lamp(&lesson), Lamp::Begun { done: 0, parts: 3 });
        progress.add(&event(4, answer("6.3", "a")), Some(true));
        progress.add(&event(5, practice("6.3")), Some(true));
        assert_eq!(progress.lamp(&lesson), Lamp::Begun { done: 2, parts: 3 });
        progress.add(&event(6, answer("6.3", "b")), Some(true));
        assert_eq!(progress.lamp(&lesson), Lamp::Lit);
        assert_eq!(progress.lit(&[lesson, outline("6.4")]), 1);
    }

    #[test]
    fn a_text_that_is_no_mark_is_refused() {
        for text in ["", "learned", "answered 6.1", "seen 6.1", "learned a b c!", "practised 6.1 Ô"] {
            assert!(text.parse::<Mark>().is_err(), "{text}");
        }
    }

    fn any_fact() -> impl Strategy<Value = (Event, Option<bool>)> {
        let lesson = prop::sample::select(vec!["6.1", "6.2", "6.3"]);
        let item = prop::sample::select(vec!["a", "b", "c"]);
        (lesson, item, 0u8..4, any::<bool>(), 0u128..1000).prop_map(|(lesson, item, which, right, id)| {
            let id_of = |text: &str| text.parse().unwrap();
            match which {
                0 => (event(id, EventKind::LessonFinished { lesson: id_of(lesson) }), None),
                1 => (event(id, answer(lesson, item)), Some(right)),
                2 => (event(id, practice(lesson)), Some(right)),
                _ => {
                    let outcome = if right { RealUseOutcome::Alone } else { RealUseOutcome::NotYet };
                    (event(id, EventKind::RealUse { lesson: id_of(lesson), outcome }), None)
                }
            }
        })
    }

    fn derive(facts: &[(Event, Option<bool>)]) -> Progress {
        Progress::from_facts(facts.iter().map(|(event, right)| (event, *right)))
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            (facts, shuffled) in prop::collection::vec(any_fact(), 0..40)
                .prop_flat_map(|facts| (Just(facts.clone()), Just([facts.clone(), facts].concat()).prop_shuffle()))
        ) {
            prop_assert_eq!(derive(&facts), derive(&shuffled));
        }

        #[test]
        fn a_further_fact_never_puts_a_lamp_out(facts in prop::collection::vec(any_fact(), 1..40)) {
            let lessons = ["6.1", "6.2", "6.3"].map(outline);
            prop_assert!(derive(&facts[1..]).lit(&lessons) <= derive(&facts).lit(&lessons));
        }

        #[test]
        fn what_was_shown_elsewhere_counts_as_if_it_were_here(facts in prop::collection::vec(any_fact(), 0..40), cut in 0usize..40) {
            let (here, elsewhere) = facts.split_at(cut.min(facts.len()));
            let sent: Vec<String> = derive(elsewhere).marks().map(Mark::to_string).collect();
            let mut progress = derive(here);
            progress.add_marks(sent.iter().map(|mark| mark.parse().unwrap()));
            prop_assert_eq!(progress, derive(&facts));
        }

        #[test]
        fn cut_in_pieces_and_sent_twice_is_the_same(facts in prop::collection::vec(any_fact(), 0..40), cut in 0usize..40) {
            let cut = cut.min(facts.len());
            let (first, second) = facts.split_at(cut);
            let resent = [first, second, first].concat();
            prop_assert_eq!(derive(&facts), derive(&resent));
        }
    }
}
