//! Random days of a village against a plain model: whatever is sent, in whatever order, cut and repeated, the server
//! holds exactly what the model says.

use std::collections::BTreeMap;

use domain::event::{Event, EventKind};
use domain::ids::{EventId, LearnerId};
use domain::progress::Progress;
use domain::sync::{Code, Outcome};

use crate::store::test_database::{TestDatabase, on_both_databases};
use crate::test_app::{Phone, TestApp, TestLearner, answered, facts, finished, practised};

on_both_databases!(random_batches_end_in_the_state_of_a_plain_model);

/// Sebastiano Vigna's splitmix64: the same choices in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// What the server should hold, and the right verdicts, worked out by hand.
#[derive(Default)]
struct Model {
    stored: BTreeMap<EventId, (Event, Option<bool>)>,
    aside: BTreeMap<EventId, String>,
}

impl Model {
    fn expect(&mut self, event: &Event, on_phone: &[LearnerId]) -> Outcome {
        if !on_phone.contains(&event.learner) {
            self.aside.entry(event.id).or_insert_with(|| event.canonical_json());
            return Outcome::Quarantined(Code::UnknownLearner);
        }
        match self.stored.get(&event.id) {
            Some((stored, _)) if stored == event => return Outcome::Duplicate,
            Some(_) => return Outcome::Rejected(Code::IdConflict),
            None => {}
        }
        let verdict = match &event.kind {
            EventKind::AnswerGiven { response, .. } => Some(*response == domain::item::Response::One(1)),
            EventKind::PracticeFinished { actions, .. } => Some(actions == &[1]),
            _ => None,
        };
        self.stored.insert(event.id, (event.clone(), verdict));
        Outcome::Accepted
    }
}

fn any_kind(dice: &mut Dice) -> EventKind {
    let lesson = *dice.pick(&["6.1", "6.2"]);
    match dice.below(4) {
        0 => finished(lesson),
        1 => practised(lesson, dice.pick::<&[u8]>(&[&[1], &[0], &[0, 0, 0, 1]])),
        _ => answered(lesson, dice.pick::<&str>(&["a", "b"]), *dice.pick(&[0, 1])),
    }
}

async fn random_batches_end_in_the_state_of_a_plain_model(db: TestDatabase) {
    let app = TestApp::new(db).await;
    let learners = [1, 2, 3].map(TestLearner::new);
    let phones = [1, 2].map(Phone::new);
    // The first learner uses both phones, the others one each.
    let on_phone = [vec![learners[0].id, learners[1].id], vec![learners[0].id, learners[2].id]];
    phones[0].enrol(&app, &learners[0]).await;
    phones[0].enrol(&app, &learners[1]).await;
    phones[1].enrol(&app, &learners[2]).await;
    assert_eq!(phones[1].open(&app, &learners[0].code, &learners[0].pin).await.status, 200);

    let mut dice = Dice(20_261_123);
    let mut model = Model::default();
    let mut made: [Vec<Event>; 2] = Default::default();
    for _ in 0..60 {
        let which = dice.below(2);
        let mut batch = Vec::new();
        for _ in 0..dice.below(12) {
            let repeats = !made[which].is_empty() && dice.below(3) == 0;
            let mut event = if repeats {
                dice.pick(&made[which]).clone()
            } else {
                let learner = dice.pick(&learners).id;
                phones[which].event(&app, learner, any_kind(&mut dice))
            };
            if repeats && dice.below(5) == 0 && on_phone[which].contains(&event.learner) {
                event.mono_ms += 1;
            } else {
                made[which].push(event.clone());
            }
            batch.push(event);
        }
        let expected: Vec<Outcome> =
            batch.iter().map(|event| model.expect(event, &on_phone[which])).collect();
        assert_eq!(phones[which].deliver(&app, &batch).await, expected);
    }
    for (which, learner) in [(0, 0), (1, 0), (0, 1), (1, 2)] {
        let learner = learners[learner].id;
        let told = facts(&phones[which].everything(&app, learner).await);
        let told: BTreeMap<_, _> = told.into_iter().map(|fact| (fact.0.id, fact)).collect();
        let mut expected = model.stored.clone();
        expected.retain(|_, (event, _)| event.learner == learner);
        assert_eq!(told, expected);
        let progress = |facts: &BTreeMap<EventId, (Event, Option<bool>)>| {
            Progress::from_facts(facts.values().map(|(event, right)| (event, *right)))
        };
        assert_eq!(progress(&told), progress(&expected));
    }
    assert_eq!(app.state.store.aside_for_tests().await.len(), model.aside.len());
}
