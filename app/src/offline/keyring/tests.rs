use std::cell::RefCell;

use super::*;
use crate::offline::memory::MemoryStore;
use crate::offline::testing::FixedEnvironment;

/// Keeps the rules of a vault without a cipher.
#[derive(Debug, Default)]
struct TestVault(RefCell<Option<String>>);

impl Vault for TestVault {
    async fn wrap(&self, raw: Option<&str>, secret: &str, salt: &str, rounds: u32) -> Option<Wrapped> {
        let raw = raw.unwrap_or("new key").to_owned();
        self.0.replace(Some(raw.clone()));
        Some(Wrapped { wrapped: format!("{raw}|{secret}|{salt}|{rounds}"), raw })
    }

    async fn unwrap(&self, wrapped: &str, secret: &str, salt: &str, rounds: u32) -> bool {
        let Some((raw, rest)) = wrapped.split_once('|') else { return false };
        let is_right = rest == format!("{secret}|{salt}|{rounds}");
        if is_right {
            self.0.replace(Some(raw.to_owned()));
        }
        is_right
    }
}

#[test]
fn the_secret_opens_the_key_and_a_forgotten_one_is_replaced() {
    pollster::block_on(async {
        let (store, env) = (MemoryStore::default(), FixedEnvironment::default());
        assert_eq!(unlock(&store, &TestVault::default(), &env, "lúa chín vàng").await, Ok(Unlocked::Nothing));
        let (raw, keyring) = choose(&TestVault::default(), &env, None, "lúa chín vàng").await.unwrap();
        assert_eq!(kept(&store).await, Ok(None), "nothing is kept before the server has the key");
        keep(&store, &keyring).await.unwrap();
        let vault = TestVault::default();
        assert_eq!(unlock(&store, &vault, &env, "lúa").await, Ok(Unlocked::Wrong));
        assert_eq!(*vault.0.borrow(), None);
        assert_eq!(unlock(&store, &vault, &env, "lúa chín vàng").await, Ok(Unlocked::Open));
        assert_eq!(vault.0.borrow().as_deref(), Some(raw.as_str()));
        let (again, keyring) = choose(&vault, &env, Some(&raw), "another").await.unwrap();
        assert_eq!(again, raw, "the key stays: what is sealed under it still opens");
        keep(&store, &keyring).await.unwrap();
        assert_eq!(unlock(&store, &vault, &env, "lúa chín vàng").await, Ok(Unlocked::Wrong));
        assert_eq!(unlock(&store, &vault, &env, "another").await, Ok(Unlocked::Open));
        clear(&store).await.unwrap();
        assert_eq!(kept(&store).await, Ok(None));
    });
}

#[test]
fn wrong_tries_cost_a_pause_that_grows() {
    pollster::block_on(async {
        let (store, env) = (MemoryStore::default(), FixedEnvironment::default());
        let vault = TestVault::default();
        let (_, keyring) = choose(&vault, &env, None, "right one").await.unwrap();
        keep(&store, &keyring).await.unwrap();
        for _ in 0..3 {
            assert_eq!(unlock(&store, &vault, &env, "wrong").await, Ok(Unlocked::Wrong));
        }
        let Ok(Unlocked::Wait(first_ms)) = unlock(&store, &vault, &env, "right one").await else {
            panic!("no pause")
        };
        env.ahead_ms.set(env.ahead_ms.get() + first_ms);
        assert_eq!(unlock(&store, &vault, &env, "wrong").await, Ok(Unlocked::Wrong));
        let Ok(Unlocked::Wait(second_ms)) = unlock(&store, &vault, &env, "right one").await else {
            panic!("no pause")
        };
        assert!(second_ms > first_ms, "{second_ms} after {first_ms}");
        env.ahead_ms.set(env.ahead_ms.get() + second_ms);
        assert_eq!(unlock(&store, &vault, &env, "right one").await, Ok(Unlocked::Open));
        assert_eq!(unlock(&store, &vault, &env, "wrong").await, Ok(Unlocked::Wrong), "counted anew");
    });
}
