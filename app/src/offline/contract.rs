//! What every [`Store`] must do, run against memory in unit tests and against IndexedDB in a real browser.

use super::store::{Store, StoreError, Table, Write};

fn put(table: Table, key: &str, value: &str) -> Write {
    Write::Put(table, key.into(), value.into())
}

/// Runs the whole suite on an empty store.
///
/// # Panics
/// When the store breaks the contract.
pub async fn check<S: Store>(store: &S) {
    reads_what_was_written(store).await.expect("reads_what_was_written");
    scans_by_prefix_in_order(store).await.expect("scans_by_prefix_in_order");
    a_batch_is_applied_in_order(store).await.expect("a_batch_is_applied_in_order");
    only_the_first_is_new(store).await.expect("only_the_first_is_new");
    only_what_was_read_is_swapped(store).await.expect("only_what_was_read_is_swapped");
    tables_are_apart(store).await.expect("tables_are_apart");
    keeps_every_character(store).await.expect("keeps_every_character");
}

async fn reads_what_was_written<S: Store>(store: &S) -> Result<(), StoreError> {
    assert_eq!(store.get(Table::Meta, "none").await?, None);
    store.write(vec![put(Table::Meta, "a", "1")]).await?;
    assert_eq!(store.get(Table::Meta, "a").await?.as_deref(), Some("1"));
    store.write(vec![put(Table::Meta, "a", "2")]).await?;
    assert_eq!(store.get(Table::Meta, "a").await?.as_deref(), Some("2"));
    store
        .write(vec![Write::Delete(Table::Meta, "a".into()), Write::Delete(Table::Meta, "never".into())])
        .await?;
    assert_eq!(store.get(Table::Meta, "a").await?, None);
    store.write(vec![]).await
}

async fn scans_by_prefix_in_order<S: Store>(store: &S) -> Result<(), StoreError> {
    let rows = ["x/2", "x/10", "x/1", "xy/1", "w/9", "x"];
    store.write(rows.iter().map(|key| put(Table::Facts, key, key)).collect()).await?;
    let keys = |rows: Vec<(String, String)>| rows.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    assert_eq!(keys(store.scan(Table::Facts, "x/").await?), ["x/1", "x/10", "x/2"]);
    assert_eq!(keys(store.scan(Table::Facts, "").await?), ["w/9", "x", "x/1", "x/10", "x/2", "xy/1"]);
    assert_eq!(keys(store.scan(Table::Facts, "z").await?), [""; 0]);
    store.write(rows.iter().map(|key| Write::Delete(Table::Facts, (*key).into())).collect()).await
}

async fn a_batch_is_applied_in_order<S: Store>(store: &S) -> Result<(), StoreError> {
    let key = || "k".to_owned();
    store
        .write(vec![
            put(Table::Outbox, "k", "1"),
            Write::Delete(Table::Outbox, key()),
            put(Table::Outbox, "k", "3"),
            put(Table::Learners, "k", "4"),
        ])
        .await?;
    assert_eq!(store.get(Table::Outbox, "k").await?.as_deref(), Some("3"));
    assert_eq!(store.get(Table::Learners, "k").await?.as_deref(), Some("4"));
    store.write(vec![Write::Delete(Table::Outbox, key()), Write::Delete(Table::Learners, key())]).await
}

async fn only_the_first_is_new<S: Store>(store: &S) -> Result<(), StoreError> {
    let new = |value: &str| Write::New(Table::Meta, "one".into(), value.into());
    store.write(vec![new("first")]).await?;
    let second = store.write(vec![put(Table::Facts, "beside", "x"), new("second")]).await;
    assert_eq!(second, Err(StoreError::Taken));
    assert_eq!(store.get(Table::Meta, "one").await?.as_deref(), Some("first"));
    assert_eq!(store.get(Table::Facts, "beside").await?, None, "all or nothing");
    store.write(vec![Write::Delete(Table::Meta, "one".into())]).await
}

async fn only_what_was_read_is_swapped<S: Store>(store: &S) -> Result<(), StoreError> {
    let swap = |from: Option<&str>, to: &str| {
        vec![
            put(Table::Facts, to, "beside"),
            Write::Swap(Table::Meta, "count".into(), from.map(str::to_owned), to.into()),
            put(Table::Outbox, to, "beside"),
        ]
    };
    store.write(swap(None, "1")).await?;
    for stale in [None, Some("0")] {
        assert_eq!(store.write(swap(stale, "2")).await, Err(StoreError::Taken));
        assert_eq!(store.get(Table::Meta, "count").await?.as_deref(), Some("1"));
        assert_eq!(store.get(Table::Facts, "2").await?, None, "all or nothing");
        assert_eq!(store.get(Table::Outbox, "2").await?, None, "all or nothing");
    }
    store.write(swap(Some("1"), "2")).await?;
    assert_eq!(store.get(Table::Meta, "count").await?.as_deref(), Some("2"));
    let beside =
        ["1", "2"].map(|key| [Table::Facts, Table::Outbox].map(|table| Write::Delete(table, key.into())));
    let mut all = beside.concat();
    all.push(Write::Delete(Table::Meta, "count".into()));
    store.write(all).await
}

async fn tables_are_apart<S: Store>(store: &S) -> Result<(), StoreError> {
    for table in Table::ALL {
        store.write(vec![put(table, "same", table.name())]).await?;
    }
    for table in Table::ALL {
        assert_eq!(store.get(table, "same").await?.as_deref(), Some(table.name()));
        assert_eq!(store.scan(table, "same").await?.len(), 1);
        store.write(vec![Write::Delete(table, "same".into())]).await?;
    }
    Ok(())
}

async fn keeps_every_character<S: Store>(store: &S) -> Result<(), StoreError> {
    let text = "Hồ Thị Lan \u{1F3EE} \"'\\\n\u{0}";
    store.write(vec![put(Table::Meta, text, text)]).await?;
    assert_eq!(store.get(Table::Meta, text).await?.as_deref(), Some(text));
    store.write(vec![Write::Delete(Table::Meta, text.into())]).await
}
