//! How a day of faults ends: the network is good, everything comes to rest, and the books are compared.

use app::phone::Learner;

use super::*;

impl Village<'_> {
    /// The network is good from now on; everybody who stopped agrees again, and everything comes to rest.
    pub(super) async fn end_well(mut self) {
        self.network.calm.set(true);
        while self.network.bring_a_late_one().await {}
        self.bring_all_files().await;
        let on_phones: Vec<Vec<LearnerId>> = {
            let mut all = Vec::new();
            for phone in &self.phones {
                all.push(phone.registered().await);
            }
            all
        };
        // Twice: the first time may bring a learner's word from another phone, said by a clock that is ahead.
        for (which, learners) in on_phones.iter().enumerate().chain(on_phones.iter().enumerate()) {
            for learner in learners {
                self.settle_down(which, *learner).await;
            }
        }
        for round in 0..3 {
            // The last round is for the phones to hear of it.
            for _ in 0..2 - round {
                self.decide().await;
            }
            for (which, learners) in on_phones.iter().enumerate() {
                for learner in learners {
                    let page = self.phones[which].page();
                    let identity = self.phones[which].identity().await;
                    page.switch_to(&identity, *learner).await.unwrap();
                    let done = self.run_sync(which, &page).await;
                    assert_eq!(done, Some(SyncDone::UpToDate), "at the end, round {round}, phone {which}");
                }
            }
        }
        self.check("at the end").await;
        let stored = self.on_server().await;
        for (phone, learners) in self.phones.iter().zip(&on_phones) {
            for learner in learners {
                let contents = phone.page().contents(*learner).await.unwrap();
                let here: BTreeMap<EventId, Event> =
                    contents.facts.iter().map(|fact| (fact.event.id, fact.event.clone())).collect();
                let is_there = |id: &EventId| stored.contains_key(id) || here.contains_key(id);
                let expected: BTreeMap<EventId, &Made> = self
                    .made
                    .iter()
                    .filter(|(id, made)| made.event.learner == *learner && is_there(id))
                    .map(|(id, made)| (*id, made))
                    .collect();
                assert!(here.iter().eq(expected.iter().map(|(id, made)| (id, &made.event))), "at the end");
                let device = phone.identity().await.device;
                // Also what came in a file from another phone.
                for fact in &contents.facts {
                    assert!(matches!(fact.receipt, Receipt::Kept(_)), "{fact:?}");
                }
                let own = expected.values().filter(|made| made.event.device == device && !made.wiped);
                assert!(own.into_iter().all(|made| stored.contains_key(&made.event.id)), "at the end");
                let records = self.records_of(*learner);
                let of_the_person = self.made.iter().filter(|(id, made)| {
                    expected.contains_key(id)
                        || (records.contains(&made.event.learner) && stored.contains_key(id))
                });
                let model = Progress::from_facts(of_the_person.map(|(_, made)| (&made.event, made.right)));
                assert_eq!(Learner::from_contents(*learner, contents).progress, model);
            }
        }
    }

    /// A learner agrees again where she had stopped. Where she asked for a second record after her first had come in an
    /// older file, she is told that she has one, and opens it with the code on her paper.
    async fn settle_down(&mut self, which: usize, learner: LearnerId) {
        let page = self.phones[which].page();
        page.switch_to(&self.phones[which].identity().await, learner).await.unwrap();
        self.enrol_calmly(which).await;
        self.run_sync(which, &page).await;
        if page.learner_state(learner).await.unwrap().elsewhere {
            let codes: Vec<LearnerCode> = self
                .made
                .values()
                .filter(|made| made.event.learner == learner)
                .filter_map(|made| Profile::from_events([&made.event]).code().cloned())
                .collect();
            for code in codes {
                self.app.state.clock.advance(16 * 60_000);
                let phone = &self.phones[which];
                let identity = phone.identity().await;
                let pin = PIN.to_owned();
                let _ = open_record(&page, &&self.network, &phone.environment, &identity, code, pin).await;
                self.note_any(which, 0, 1).await;
            }
            assert!(
                page.learner_state(learner).await.unwrap().registered,
                "one of her codes is the right one"
            );
        }
    }

    /// Everybody brings her files back to the phones they were saved on, or, where that was wiped, to another one.
    async fn bring_all_files(&mut self) {
        for file in &self.files {
            let mut to = 0;
            for (at, phone) in self.phones.iter().enumerate() {
                if phone.identity().await.device == file.device {
                    to = at;
                }
            }
            let identity = self.phones[to].identity().await;
            self.phones[to].page().bring_back(&identity, &file.text).await.unwrap();
        }
        for which in 0..self.phones.len() {
            self.who_left(which).await;
        }
        let mut here = BTreeSet::new();
        for phone in &self.phones {
            here.extend(phone.facts().await.into_iter().map(|fact| fact.event.id));
        }
        let stored = self.on_server().await;
        for (id, made) in &self.made {
            assert!(made.wiped || stored.contains_key(id) || here.contains(id), "lost: {:?}", made.event);
        }
    }

    async fn enrol_calmly(&mut self, which: usize) {
        let phone = &self.phones[which];
        let identity = phone.identity().await;
        let contents = phone.page().contents(identity.learner).await.unwrap();
        let profile = Profile::from_events(contents.facts.iter().map(|fact| &fact.event));
        if !profile.agrees_to(ConsentPurpose::LearningRecord) {
            let (name, pin) = ("Hồ Thị Lành".to_owned(), PIN.to_owned());
            phone.page().enrol(&phone.environment, &identity, 1, name, pin).await.unwrap();
            self.note_any(which, 2, 2).await;
        }
    }
}
