use pollster::block_on;

use super::*;
use crate::offline::memory::MemoryStore;
use crate::offline::testing::{FixedEnvironment, QuickHash};

type Record = LearningRecord<MemoryStore>;

async fn locked() -> (Record, MemoryStore, FixedEnvironment, LearnerId) {
    let (store, env) = (MemoryStore::default(), FixedEnvironment::default());
    let record = LearningRecord::new(store.clone());
    let learner = LearnerId(env.new_id());
    assert!(record.set_lock(&QuickHash(true), &env, learner, LockKind::Pictures, "0375").await.unwrap());
    (record, store, env, learner)
}

async fn attempt(record: &Record, env: &FixedEnvironment, learner: LearnerId, secret: &str) -> Opening {
    record.open_lock(&QuickHash(true), env, learner, secret).await.unwrap()
}

#[test]
fn the_right_secret_opens_as_often_as_one_likes() {
    block_on(async {
        let (record, _, env, learner) = locked().await;
        for _ in 0..10 {
            assert_eq!(attempt(&record, &env, learner, "0375").await, Opening::Open);
        }
        assert_eq!(attempt(&record, &env, learner, "0357").await, Opening::Wrong, "order counts");
        record.remove_lock(learner).await.unwrap();
        assert_eq!(attempt(&record, &env, learner, "").await, Opening::Open);
    });
}

#[test]
fn the_secret_itself_is_kept_nowhere_and_equal_ones_look_different() {
    block_on(async {
        struct Letters;
        impl Stretch for Letters {
            async fn stretch(&self, secret: &str, salt: &str, _: u32) -> Option<String> {
                Some(format!("{}{salt}", secret.len()))
            }
        }
        let (record, store, env, first) = locked().await;
        let second = LearnerId(env.new_id());
        for learner in [first, second] {
            record.set_lock(&Letters, &env, learner, LockKind::Pin, "482719").await.unwrap();
        }
        let rows = store.scan(Table::Locks, "").await.unwrap();
        assert!(rows.iter().all(|(_, text)| !text.contains("482719")));
        assert_ne!(rows[0].1, rows[1].1);
    });
}

#[test]
fn wrong_tries_slow_down_and_a_right_one_ends_it() {
    block_on(async {
        let (record, _, env, learner) = locked().await;
        for _ in 0..3 {
            assert_eq!(attempt(&record, &env, learner, "1111").await, Opening::Wrong);
        }
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let Opening::Wait(ms) = attempt(&record, &env, learner, "0375").await else { panic!("no pause") };
            assert!(
                matches!(attempt(&record, &env, learner, "0375").await, Opening::Wait(_)),
                "nor for the right one"
            );
            // A look at this clock takes a second.
            pauses.push(ms.div_euclid(1000) + 1);
            env.ahead_ms.set(env.ahead_ms.get() + ms);
            assert_eq!(attempt(&record, &env, learner, "1111").await, Opening::Wrong);
        }
        assert_eq!(pauses, [30, 60, 120, 240, 480, 900, 900, 900]);
        env.ahead_ms.set(env.ahead_ms.get() + LONGEST_PAUSE_MS);
        assert_eq!(attempt(&record, &env, learner, "0375").await, Opening::Open);
        assert_eq!(attempt(&record, &env, learner, "1111").await, Opening::Wrong, "free tries again");
    });
}

#[test]
fn a_clock_set_back_does_not_shut_a_learner_out_for_years() {
    block_on(async {
        let (record, _, env, learner) = locked().await;
        env.ahead_ms.set(10 * 365 * 86_400_000);
        for _ in 0..3 {
            attempt(&record, &env, learner, "1111").await;
        }
        env.ahead_ms.set(0);
        assert_eq!(attempt(&record, &env, learner, "0375").await, Opening::Wait(FIRST_PAUSE_MS));
        env.ahead_ms.set(FIRST_PAUSE_MS);
        assert_eq!(attempt(&record, &env, learner, "0375").await, Opening::Open);
    });
}

#[test]
fn a_lock_that_cannot_be_read_stays_shut() {
    block_on(async {
        let (record, store, env, learner) = locked().await;
        store.write(vec![Write::Put(Table::Locks, learner.to_string(), "{".into())]).await.unwrap();
        assert!(record.lock(learner).await.unwrap().is_some());
        for secret in ["", "0375"] {
            assert_eq!(attempt(&record, &env, learner, secret).await, Opening::Wrong);
        }
    });
}

#[test]
fn where_the_browser_has_no_hash_there_is_no_lock() {
    block_on(async {
        let (record, _, env, learner) = locked().await;
        let hash = QuickHash(false);
        assert_eq!(record.open_lock(&hash, &env, learner, "0375").await.unwrap(), Opening::Wrong);
        record.remove_lock(learner).await.unwrap();
        assert!(!record.set_lock(&hash, &env, learner, LockKind::Pin, "4827").await.unwrap());
        assert_eq!(record.lock(learner).await.unwrap(), None);
    });
}

/// Whichever storage operation fails, a wrong try never opens and never comes free of charge.
#[test]
fn no_failing_storage_operation_opens_a_lock() {
    block_on(async {
        for n in 0..3 {
            let (record, store, env, learner) = locked().await;
            store.fail_at(n);
            let tried = record.open_lock(&QuickHash(true), &env, learner, "1111").await;
            store.fail_at(u32::MAX);
            assert_ne!(tried, Ok(Opening::Open), "{n}");
            let lock = record.lock(learner).await.unwrap().unwrap();
            assert_eq!(lock.wrong, u32::from(tried.is_ok()), "{n}");
        }
    });
}
