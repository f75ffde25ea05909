//! The store in the browser's IndexedDB.
//!
//! Oddities kept in mind here: a transaction closes itself as soon as the browser is idle, so every request of a batch
//! is made before anything is awaited; only the transaction's `complete` event means that the data is kept; `strict`
//! durability is not asked for, since a phone that loses power in the second after a tap has other worries, and
//! the wait would be felt at every answer.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{
    DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

use super::store::{Store, StoreError, Table, Write};

/// Form of the database: which tables there are.
///
/// 1 (2026-11): first form.
/// 2 (2026-11): tables for locks and for damaged values.
const DATABASE_VERSION: u32 = 2;

/// A database in this browser.
#[derive(Debug, Clone)]
pub struct IdbStore {
    database: IdbDatabase,
}

impl IdbStore {
    /// Opens the database of this name, made if there is none. While an older page in another tab holds it, `trouble` is
    /// told [`StoreError::Blocked`] and opening goes on when that tab is closed; it is told [`StoreError::Newer`] when a
    /// newer page takes the database over later.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] in private windows without storage, [`StoreError::Newer`] after a newer page.
    pub async fn open(name: &str, trouble: fn(StoreError)) -> Result<Self, StoreError> {
        let window = web_sys::window().ok_or(StoreError::Unavailable)?;
        let factory = window.indexed_db().ok().flatten().ok_or(StoreError::Unavailable)?;
        let request = factory.open_with_u32(name, DATABASE_VERSION).map_err(|_| StoreError::Unavailable)?;
        let upgrading = request.clone();
        let upgrade = Closure::once(move || {
            let Ok(result) = upgrading.result() else { return };
            let database: IdbDatabase = result.unchecked_into();
            for table in Table::ALL {
                // Fails only for a table that is there already.
                let _ = database.create_object_store(table.name());
            }
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        // Not given up then: an upgrade that went on without its listener would leave a database without tables.
        let on_blocked = Closure::<dyn FnMut()>::new(move || trouble(StoreError::Blocked));
        request.set_onblocked(Some(on_blocked.as_ref().unchecked_ref()));
        let opened = finished(&request).await;
        request.set_onupgradeneeded(None);
        request.set_onblocked(None);
        let database: IdbDatabase = match opened {
            Ok(database) => database.unchecked_into(),
            Err(StoreError::Newer) => return Err(StoreError::Newer),
            Err(_) => return Err(StoreError::Unavailable),
        };
        close_when_a_newer_page_asks(&database, trouble);
        Ok(Self { database })
    }

    fn transaction(&self, tables: &[Table], mode: IdbTransactionMode) -> Result<IdbTransaction, StoreError> {
        let names: js_sys::Array = tables.iter().map(|table| JsValue::from_str(table.name())).collect();
        self.database.transaction_with_str_sequence_and_mode(&names, mode).map_err(failed)
    }

    fn table(&self, table: Table) -> Result<IdbObjectStore, StoreError> {
        self.transaction(&[table], IdbTransactionMode::Readonly)?.object_store(table.name()).map_err(failed)
    }
}

impl Store for IdbStore {
    async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError> {
        let request = self.table(table)?.get(&JsValue::from_str(key)).map_err(failed)?;
        Ok(finished(&request).await?.as_string())
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
        let store = self.table(table)?;
        let range = if prefix.is_empty() {
            JsValue::UNDEFINED
        } else {
            // U+FFFF sorts after every character that a key can hold.
            let last = format!("{prefix}\u{FFFF}");
            IdbKeyRange::bound(&prefix.into(), &last.into()).map_err(failed)?.into()
        };
        // Both requests are made before either is awaited: the transaction stays open for both, and sees one state.
        let keys = store.get_all_keys_with_key(&range).map_err(failed)?;
        let values = store.get_all_with_key(&range).map_err(failed)?;
        let (keys, values) = (finished(&keys), finished(&values));
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        let keys: js_sys::Array = keys.await?.unchecked_into();
        let values: js_sys::Array = values.await?.unchecked_into();
        Ok(keys.iter().map(text).zip(values.iter().map(text)).collect())
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        if writes.is_empty() {
            return Ok(());
        }
        let is_written = |table: &Table| writes.iter().any(|write| table_of(write) == *table);
        let tables: Vec<Table> = Table::ALL.into_iter().filter(is_written).collect();
        let transaction = self.transaction(&tables, IdbTransactionMode::Readwrite)?;
        let completed = completed(&transaction);
        for write in &writes {
            let store = transaction.object_store(table_of(write).name()).map_err(failed)?;
            let made = match write {
                Write::New(_, key, value) => store.add_with_key(&value.into(), &key.into()),
                Write::Swap(_, key, from, value) => {
                    abort_unless(&transaction, &store.get(&key.into()).map_err(failed)?, from.clone());
                    store.put_with_key(&value.into(), &key.into())
                }
                Write::Put(_, key, value) => store.put_with_key(&value.into(), &key.into()),
                Write::Delete(_, key) => store.delete(&JsValue::from_str(key)),
            };
            if let Err(error) = made {
                let _ = transaction.abort();
                return Err(failed(error));
            }
        }
        completed.await
    }
}

fn table_of(write: &Write) -> Table {
    match write {
        Write::New(table, ..) | Write::Swap(table, ..) | Write::Put(table, ..) | Write::Delete(table, _) => {
            *table
        }
    }
}

/// Takes a whole transaction back when a value in it turns out to be another than was read before it began.
fn abort_unless(transaction: &IdbTransaction, reading: &IdbRequest, expected: Option<String>) {
    let (transaction, source) = (transaction.clone(), reading.clone());
    let check = move || {
        if source.result().ok().and_then(|value| value.as_string()) != expected {
            let _ = transaction.abort();
        }
    };
    reading.set_onsuccess(Some(Closure::once_into_js(check).unchecked_ref()));
}

type Answer = Result<JsValue, StoreError>;

/// Returns a function to be called once, by whichever event comes first, and the future it settles.
fn settle_once() -> (impl FnMut(Answer) + Clone + 'static, oneshot::Receiver<Answer>) {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let settle = move |answer| {
        if let Some(sender) = sender.borrow_mut().take() {
            let _ = sender.send(answer);
        }
    };
    (settle, receiver)
}

/// Listens to a request from now on; the returned future may be awaited later.
fn finished(request: &IdbRequest) -> impl Future<Output = Answer> + use<> {
    let (settle, receiver) = settle_once();
    let source = request.clone();
    let mut on_success = settle.clone();
    let success = Closure::once(move || on_success(source.result().map_err(failed)));
    request.set_onsuccess(Some(success.as_ref().unchecked_ref()));
    let source = request.clone();
    let mut on_error = settle;
    let error = Closure::once(move || {
        let why = source.error().ok().flatten();
        on_error(Err(why.map_or(StoreError::Unavailable, |why| named(&why))));
    });
    request.set_onerror(Some(error.as_ref().unchecked_ref()));
    let request = request.clone();
    async move {
        let answer = receiver.await.unwrap_or(Err(StoreError::Unavailable));
        request.set_onsuccess(None);
        request.set_onerror(None);
        drop((success, error));
        answer
    }
}

/// Listens to the end of a transaction from now on.
fn completed(transaction: &IdbTransaction) -> impl Future<Output = Result<(), StoreError>> + use<> {
    let (settle, receiver) = settle_once();
    let mut on_complete = settle.clone();
    let complete = Closure::once(move || on_complete(Ok(JsValue::UNDEFINED)));
    transaction.set_oncomplete(Some(complete.as_ref().unchecked_ref()));
    let source = transaction.clone();
    let mut on_abort = settle;
    let abort = Closure::once(move || {
        // Without a reason it was taken back by `abort_unless`.
        on_abort(Err(source.error().map_or(StoreError::Taken, |why| named(&why))));
    });
    transaction.set_onabort(Some(abort.as_ref().unchecked_ref()));
    let transaction = transaction.clone();
    async move {
        let answer = receiver.await.unwrap_or(Err(StoreError::Unavailable));
        transaction.set_oncomplete(None);
        transaction.set_onabort(None);
        drop((complete, abort));
        answer.map(drop)
    }
}

/// A newer page in another tab may need another form of the database: an old page that held on would block it.
fn close_when_a_newer_page_asks(database: &IdbDatabase, trouble: fn(StoreError)) {
    let closing = database.clone();
    let close = Closure::<dyn FnMut()>::new(move || {
        closing.close();
        trouble(StoreError::Newer);
    });
    database.set_onversionchange(Some(close.as_ref().unchecked_ref()));
    // Lives as long as the page does.
    close.forget();
}

fn failed(error: JsValue) -> StoreError {
    match error.dyn_ref::<DomException>() {
        Some(exception) => named(exception),
        None => StoreError::Failed("unknown".into()),
    }
}

fn named(exception: &DomException) -> StoreError {
    match exception.name().as_str() {
        "QuotaExceededError" => StoreError::Full,
        "ConstraintError" => StoreError::Taken,
        "InvalidStateError" => StoreError::Unavailable,
        "VersionError" => StoreError::Newer,
        name => StoreError::Failed(name.to_owned()),
    }
}
