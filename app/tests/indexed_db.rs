//! IndexedDB in a real browser keeps the same contract as the store in memory.
#![cfg(target_arch = "wasm32")]

use app::offline::contract;
use app::offline::idb::IdbStore;
use app::offline::store::{Store, StoreError, Table, Write};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn indexed_db_keeps_the_contract() {
    contract::check(&IdbStore::open("contract", |_| {}).await.expect("a store")).await;
}

#[wasm_bindgen_test]
async fn what_is_written_is_there_for_the_next_page() -> Result<(), StoreError> {
    let first = IdbStore::open("reopened", |_| {}).await?;
    first.write(vec![Write::Put(Table::Facts, "k".into(), "Hồ Thị Lành".into())]).await?;
    drop(first);
    let second = IdbStore::open("reopened", |_| {}).await?;
    assert_eq!(second.get(Table::Facts, "k").await?.as_deref(), Some("Hồ Thị Lành"));
    Ok(())
}

#[wasm_bindgen_test]
async fn two_pages_write_side_by_side() -> Result<(), StoreError> {
    let (one, other) = (IdbStore::open("shared", |_| {}).await?, IdbStore::open("shared", |_| {}).await?);
    let put = |key: &str| vec![Write::Put(Table::Outbox, key.into(), key.into())];
    let (first, second) = (one.write(put("a")), other.write(put("b")));
    first.await?;
    second.await?;
    assert_eq!(one.scan(Table::Outbox, "").await?.len(), 2);
    Ok(())
}
