//! Everything in which SQLite and Postgres differ; no other file names either (the migrations aside).
//!
//! Both run the same statements with `$1` placeholders. Different are: how to connect, how a writing transaction
//! begins, which errors go away by themselves, and the text of the migrations.

use std::fmt;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyPool, ConnectOptions, Connection, SqlStr, Transaction};

/// How long a request waits for a connection before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Readers of one SQLite file: a feed page takes well under a millisecond, so a few serve every core.
const SQLITE_READERS: u32 = 4;

/// Connections to Postgres from one server; five servers stay below its default limit of 100.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// Where the database is. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    dialect: Dialect,
    text: String,
}

impl DatabaseUrl {
    /// What a database address looks like, for messages.
    pub const FORMS: &'static str = "sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE";

    /// Returns the address, or nothing when it is neither of [`Self::FORMS`].
    pub fn parse(text: &str) -> Option<Self> {
        let after = |schemes: &[&str]| schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
        let (dialect, rest) = match (after(&["sqlite://"]), after(&["postgres://", "postgresql://"])) {
            (Some(file), _) => (Dialect::Sqlite, file),
            (_, Some(server)) => (Dialect::Postgres, server),
            _ => return None,
        };
        (!rest.is_empty() && text.parse::<AnyConnectOptions>().is_ok())
            .then(|| Self { dialect, text: text.to_owned() })
    }

    /// Returns the address of the database a server keeps when none is set: one file beside its other data.
    pub fn in_folder(data_dir: &Path) -> Option<Self> {
        Self::parse(&format!("sqlite://{}", data_dir.join("bdhvs.sqlite").display()))
    }

    fn file(&self) -> Option<PathBuf> {
        let rest = self.text.strip_prefix("sqlite://")?;
        Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
    }
}

/// Returns any text with what stands between `:` and `@` after `//` left out, also when it is no valid address.
pub fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return text.to_owned() };
    match user.split_once(':') {
        Some((name, _)) => format!("{scheme}://{name}:***@{host}"),
        None => text.to_owned(),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_password(&self.text))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The connections of one server. For Postgres both are the same pool.
pub(super) struct Pools {
    pub(super) dialect: Dialect,
    pub(super) writer: AnyPool,
    pub(super) reader: AnyPool,
}

impl Pools {
    /// Connects, making the SQLite file and its folder when they are missing.
    pub(super) async fn connect(url: &DatabaseUrl) -> Result<Self, sqlx::Error> {
        sqlx::any::install_default_drivers();
        match url.dialect {
            Dialect::Sqlite => connect_sqlite(url).await,
            Dialect::Postgres => connect_postgres(url).await,
        }
    }
}

/// Facts must survive a power cut: WAL with `synchronous=FULL` syncs at every commit. One writer, so that nobody
/// waits for a lock with a transaction half done; readers see the last commit and never wait. What is deleted is overwritten
/// (`secure_delete`): a person who asked for it is not found in the file's empty pages.
async fn connect_sqlite(url: &DatabaseUrl) -> Result<Pools, sqlx::Error> {
    const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                          PRAGMA busy_timeout = 10000; PRAGMA secure_delete = ON;";
    const READER: &str = "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000; PRAGMA query_only = ON;";
    if let Some(folder) = url.file().as_deref().and_then(Path::parent) {
        // Learners' records: a folder made here is its owner's alone.
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let text = if url.text.contains('?') { url.text.clone() } else { format!("{}?mode=rwc", url.text) };
    let options: AnyConnectOptions = text.parse()?;
    refuse_unreachable(&options).await?;
    let pool = |connections: u32, pragmas: &'static str| {
        AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(pragmas).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_with(options.clone())
    };
    let writer = pool(1, WRITER).await?;
    Ok(Pools { dialect: Dialect::Sqlite, reader: pool(SQLITE_READERS, READER).await?, writer })
}

async fn connect_postgres(url: &DatabaseUrl) -> Result<Pools, sqlx::Error> {
    let options: AnyConnectOptions = url.text.parse()?;
    refuse_unreachable(&options).await?;
    let both = AnyPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await?;
    Ok(Pools { dialect: Dialect::Postgres, writer: both.clone(), reader: both })
}

/// Connects once, so that the start says why it cannot; a pool only says that it waited.
async fn refuse_unreachable(options: &AnyConnectOptions) -> Result<(), sqlx::Error> {
    options.connect().await?.close().await
}

/// Begins a transaction that will write. SQLite takes its write lock at once: a transaction that begins by reading and
/// writes later can fail half way when another process wrote in between.
pub(super) async fn begin(
    dialect: Dialect,
    writer: &AnyPool,
) -> Result<Transaction<'static, Any>, sqlx::Error> {
    match dialect {
        Dialect::Sqlite => writer.begin_with("BEGIN IMMEDIATE").await,
        Dialect::Postgres => writer.begin().await,
    }
}

/// Returns whether the same transaction, tried again, may well succeed.
pub(super) fn is_passing(dialect: Dialect, error: &sqlx::Error) -> bool {
    let Some(code) = error.as_database_error().and_then(|error| error.code()) else { return false };
    match dialect {
        // SQLITE_BUSY, SQLITE_LOCKED and their extended forms carry 5 or 6 in the lowest byte.
        Dialect::Sqlite => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)),
        // Serialization failure, deadlock, lock not available.
        Dialect::Postgres => matches!(&*code, "40001" | "40P01" | "55P03"),
    }
}

/// The migrations of one database: `(number, name, text)`. Never edit a shipped one; add the next number to both lists.
pub(super) type Migrations = &'static [(i64, &'static str, &'static str)];

pub(super) const SQLITE: Migrations = &[
    (1, "learning", include_str!("../../migrations/sqlite/0001_learning.sql")),
    (2, "devices", include_str!("../../migrations/sqlite/0002_devices.sql")),
    (3, "people", include_str!("../../migrations/sqlite/0003_people.sql")),
    (4, "staff", include_str!("../../migrations/sqlite/0004_staff.sql")),
    (5, "reconcile", include_str!("../../migrations/sqlite/0005_reconcile.sql")),
    (6, "staff_phones", include_str!("../../migrations/sqlite/0006_staff_phones.sql")),
    (8, "duties", include_str!("../../migrations/sqlite/0008_duties.sql")),
    (9, "classes", include_str!("../../migrations/sqlite/0009_classes.sql")),
];

pub(super) const POSTGRES: Migrations = &[
    (1, "learning", include_str!("../../migrations/postgres/0001_learning.sql")),
    (2, "devices", include_str!("../../migrations/postgres/0002_devices.sql")),
    (3, "people", include_str!("../../migrations/postgres/0003_people.sql")),
    (4, "staff", include_str!("../../migrations/postgres/0004_staff.sql")),
    (5, "reconcile", include_str!("../../migrations/postgres/0005_reconcile.sql")),
    (6, "staff_phones", include_str!("../../migrations/postgres/0006_staff_phones.sql")),
    (8, "duties", include_str!("../../migrations/postgres/0008_duties.sql")),
    (9, "classes", include_str!("../../migrations/postgres/0009_classes.sql")),
];

/// Returns what brings a database to the newest form.
pub(super) fn migrator(dialect: Dialect) -> Migrator {
    migrator_before(dialect, i64::MAX)
}

/// Returns what brings a database to the form before a migration, for tests of that one.
pub(super) fn migrator_before(dialect: Dialect, end: i64) -> Migrator {
    let list = match dialect {
        Dialect::Sqlite => SQLITE,
        Dialect::Postgres => POSTGRES,
    };
    let migration = |&(number, name, text): &(i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, SqlStr::from_static(text), false)
    };
    Migrator::with_migrations(list.iter().filter(|(number, ..)| *number < end).map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_shows_its_password() {
        let url = DatabaseUrl::parse("postgres://hoc:bi@mat@db.example/bdhvs").unwrap();
        assert_eq!(url.to_string(), "postgres://hoc:***@db.example/bdhvs");
        assert_eq!(format!("{url:?}"), "postgres://hoc:***@db.example/bdhvs");
        assert_eq!(without_password("mysql://a:b@c/d"), "mysql://a:***@c/d");
        for bad in ["", "sqlite://", "mysql://a/b", "data/bdhvs.sqlite", "postgres://"] {
            assert_eq!(DatabaseUrl::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn both_databases_have_the_same_migrations_and_every_file_is_listed() {
        let names = |list: Migrations| {
            list.iter().map(|(n, name, _)| format!("{n:04}_{name}.sql")).collect::<Vec<_>>()
        };
        for (folder, list) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
            let mut files: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            assert_eq!(files, names(list));
        }
        assert_eq!(names(SQLITE), names(POSTGRES));
    }
}
