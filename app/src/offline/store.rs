//! What the record needs of a store: read one, read many, write all or nothing.

use std::fmt;

/// The tables. Values are JSON, keys are text that sorts as it should be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// About this phone: its identity, its counters.
    Meta,
    /// Key `<learner>`: what this phone knows of a learner besides facts.
    Learners,
    /// Key `<learner>/<event>`: every fact, sent or not, with its verdict and receipt.
    Facts,
    /// Key `<learner>/<number>`: ids of facts without a receipt, oldest first.
    Outbox,
    /// Key `<learner>/<certificate>`.
    Certificates,
    /// Key `<learner>`: what opens a learner's record on this phone.
    Locks,
    /// Key `<table>/<key>`: values that could not be read back, set aside as they were found.
    Damaged,
}

impl Table {
    /// All tables, in the order in which a new database makes them.
    pub const ALL: [Self; 7] = [
        Self::Meta,
        Self::Learners,
        Self::Facts,
        Self::Outbox,
        Self::Certificates,
        Self::Locks,
        Self::Damaged,
    ];

    /// Returns the table's name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Learners => "learners",
            Self::Facts => "facts",
            Self::Outbox => "outbox",
            Self::Certificates => "certificates",
            Self::Locks => "locks",
            Self::Damaged => "damaged",
        }
    }
}

/// One write of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets a value that must not be there yet; if it is, the whole batch fails with [`StoreError::Taken`].
    New(Table, String, String),
    /// Sets a value where the second text, or nothing, stands until now; if anything else does, the whole batch fails
    /// with [`StoreError::Taken`]. What one tab read and another changed meanwhile is never written over.
    Swap(Table, String, Option<String>, String),
    /// Sets a value, replacing any.
    Put(Table, String, String),
    /// Removes a value, if there is one.
    Delete(Table, String),
}

/// Why the store could not do it. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The browser gives no storage here (private mode, or switched off).
    Unavailable,
    /// An older page in another tab holds the storage; it comes free when that tab is closed.
    Blocked,
    /// A newer page has changed the storage's form: this page is too old for it.
    Newer,
    /// The phone is full.
    Full,
    /// A new value stood there already: another tab was first.
    Taken,
    /// Anything else, in the browser's words.
    Failed(String),
    /// A stored value could not be read back. Names table and key.
    Corrupt(Table, String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable => f.write_str("storage is not available"),
            Self::Blocked => f.write_str("an older page holds the storage"),
            Self::Newer => f.write_str("written by a newer page"),
            Self::Full => f.write_str("storage is full"),
            Self::Taken => f.write_str("another tab was first"),
            Self::Failed(why) => write!(f, "storage failed: {why}"),
            Self::Corrupt(table, key) => write!(f, "unreadable value in {} at {key}", table.name()),
        }
    }
}

/// A small keyed store.
#[expect(async_fn_in_trait, reason = "one thread on the phone: no Send bound is wanted")]
pub trait Store {
    /// Returns the value at a key.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    async fn get(&self, table: Table, key: &str) -> Result<Option<String>, StoreError>;

    /// Returns keys and values whose key starts with `prefix`, rising by key.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, String)>, StoreError>;

    /// Writes all or nothing, in order. After `Ok` the writes survive a crash of the page.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was written.
    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError>;
}
