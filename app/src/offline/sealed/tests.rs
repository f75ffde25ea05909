use std::cell::Cell;
use std::rc::Rc;

use super::*;
use crate::base64;
use crate::offline::memory::MemoryStore;

/// Seals like a real key: never twice the same, bound to its place, unreadable with another key. No cipher.
#[derive(Debug, Clone)]
pub(crate) struct TestKey(pub(crate) u8, Rc<Cell<u64>>);

impl TestKey {
    pub(crate) fn new(key: u8) -> Self {
        Self(key, Rc::default())
    }

    fn mask(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| byte ^ self.0).collect()
    }
}

impl Seal for TestKey {
    async fn seal(&self, place: &str, text: &str) -> Option<String> {
        self.1.set(self.1.get() + 1);
        Some(base64::encode(&self.mask(format!("{place}\n{}\n{text}", self.1.get()).as_bytes())))
    }

    async fn open(&self, place: &str, sealed: &str) -> Option<String> {
        let text = String::from_utf8(self.mask(&base64::decode(sealed)?)).ok()?;
        let rest = text.strip_prefix(place)?.strip_prefix('\n')?;
        rest.split_once('\n').map(|(_, text)| text.to_owned())
    }
}

fn sealed(store: &MemoryStore, key: u8) -> Sealed<MemoryStore, TestKey> {
    Sealed::new(store.clone(), TestKey::new(key))
}

#[test]
fn it_keeps_the_contract_of_a_store() {
    pollster::block_on(crate::offline::contract::check(&sealed(&MemoryStore::default(), 7)));
}

#[test]
fn nothing_readable_is_kept_and_no_row_can_be_moved() {
    pollster::block_on(async {
        let inner = MemoryStore::default();
        let store = sealed(&inner, 7);
        let text = "Hồ Thị Lan";
        store.write(vec![Write::Put(Table::Facts, "a".into(), text.into())]).await.unwrap();
        let kept = inner.get(Table::Facts, "a").await.unwrap().unwrap();
        assert!(!kept.contains("Lan"), "{kept}");
        assert_eq!(store.get(Table::Facts, "a").await.unwrap().as_deref(), Some(text));
        inner.write(vec![Write::Put(Table::Facts, "b".into(), kept)]).await.unwrap();
        let moved = StoreError::Corrupt(Table::Facts, "b".into());
        assert_eq!(store.get(Table::Facts, "b").await, Err(moved.clone()));
        assert_eq!(store.scan(Table::Facts, "").await, Err(moved));
        let other = sealed(&inner, 8).get(Table::Facts, "a").await;
        assert_eq!(other, Err(StoreError::Corrupt(Table::Facts, "a".into())));
    });
}
