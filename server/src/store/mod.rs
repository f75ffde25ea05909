//! What the server remembers. Each method is one use case and one transaction; one file for each noun.
//!
//! No SQL stands outside this folder, and what differs between the two databases stands in `dialect.rs` alone. A new
//! method needs a case in `contract.rs`, which runs on both.

mod aside;
mod attempt;
mod audit;
mod certificate;
mod change;
mod class;
mod consent;
#[cfg(test)]
mod contract;
mod data_request;
mod decision;
mod deletion;
mod device;
mod dialect;
mod duplicate;
mod event;
mod filter;
mod grant;
mod hamlet;
mod identity;
mod import;
mod incident;
mod learner;
mod look_alike;
mod person;
mod person_facts;
mod person_list;
mod place;
mod place_tree;
mod placeholders;
mod publication;
mod retention;
mod row;
mod second_factor;
mod session;
mod staff;
mod staff_phone;
#[cfg(test)]
pub(crate) mod test_database;

use std::future::Future;
use std::time::Duration;

use sqlx::{Any, AnyPool, Transaction};

#[cfg(test)]
pub(crate) use person::tests as people_for_tests;

pub use aside::{AsidePerson, SetAside, SettleOutcome, Settled, Settling};
pub use attempt::Tries;
pub use audit::{AuditEntry, AuditFilter, LookedAt, NewAudit};
pub use certificate::{NewCertificate, StoredCertificate};
pub use change::ChangePage;
pub use class::{Class, ClassOutcome, ListedClass};
pub use data_request::{DataRequest, NewRequest, Step, StepOutcome};
pub use decision::{Decision, DecisionKind, ListedDecision};
pub use device::DeviceCheck;
pub use dialect::{DatabaseUrl, without_password};
pub use duplicate::{DecisionOutcome, LikelyDuplicate, NewDecision, PairCursor, PairEntries};
pub use event::{Append, Appended, Aside, NewAside, NewEvent, Seen, StoredFact};
pub use grant::{NewGrant, StoredGrant};
pub use hamlet::HamletOutcome;
pub use import::{Batch, BatchOutcome, ChangedRow, NewBatch, Undone, WhyLeft};
pub use incident::{Incident, IncidentOutcome, IncidentPerson, IncidentText, NewIncident};
pub use learner::{CreateOutcome, NewRecord, OpenableRecord, RecordSecrets};
pub use person::{AddOutcome, CorrectOutcome, NewPerson, Person};
pub use person_facts::SERVER_DEVICE;
pub use person_list::{PeopleCursor, PeoplePage, PeopleQuery};
pub use place::{FoundPlace, Place, PlaceEdition};
pub use place_tree::{Direction, Followed};
pub use publication::{Publication, PublishedLesson};
pub use retention::{Inactive, PastTerm, Purged};
pub use session::{NewSession, SEEN_STEP_MS, StoredSession};
pub use staff::{Account, NewPassword, NewStaff, StaffRow};
pub use staff_phone::{NewStaffPhone, StaffPhone, TieOutcome};

/// Why the store could not do it. "There is none" is never an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is not there. Shows no stored value.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Other transactions were in the way, again and again.
    #[error("database: other transactions were in the way {TRIES_MAX} times")]
    Busy,
    /// The database could not be brought to the newest form.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored row makes no sense.
    #[error("table {table}, column {column}, row {id}: unreadable")]
    Row {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        id: String,
    },
    /// A published certificate rule was changed in place.
    #[error("rule {0} was published with other words; a published rule never changes, add a new one instead")]
    RuleChanged(String),
}

/// Result of every method here.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The database of one server.
#[derive(Debug, Clone)]
pub struct Store {
    dialect: dialect::Dialect,
    writer: AnyPool,
    reader: AnyPool,
}

/// How often a transaction is tried when the database says that another one was in the way.
const TRIES_MAX: u32 = 6;

impl Store {
    /// Connects, and brings the database to the newest form.
    ///
    /// # Errors
    /// When it cannot be reached, or a migration fails: then nothing must be served.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        let pools = dialect::Pools::connect(url).await?;
        dialect::migrator(pools.dialect).run(&pools.writer).await?;
        Ok(Self { dialect: pools.dialect, writer: pools.writer, reader: pools.reader })
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.reader).await?;
        Ok(())
    }

    /// Closes all connections after what is under way.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>> {
        Ok(dialect::begin(self.dialect, &self.writer).await?)
    }

    /// Tries a transaction again when another one was in the way.
    async fn retry<T, F: Future<Output = Result<T>>>(&self, mut attempt: impl FnMut() -> F) -> Result<T> {
        let mut tries = 1;
        loop {
            match attempt().await {
                Err(StoreError::Database(error)) if dialect::is_passing(self.dialect, &error) => {
                    if tries == TRIES_MAX {
                        return Err(StoreError::Busy);
                    }
                    tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                    tries += 1;
                }
                done => return done,
            }
        }
    }
}

impl StoreError {
    /// Returns whether the database is there but overloaded: the same again in a moment may succeed.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy | Self::Database(sqlx::Error::PoolTimedOut))
    }
}
