//! A database for one test, gone afterwards. Every test of the server runs on both kinds.

use sqlx::{AnyConnection, Connection, Executor};
use tempfile::TempDir;
use uuid::Uuid;

use super::{DatabaseUrl, Store};

/// Where a test server of Postgres is; see [`admin_url`].
const VARIABLE: &str = "TEST_POSTGRES_URL";

/// A fresh database with the newest form.
pub(crate) struct TestDatabase {
    pub(crate) store: Store,
    pub(crate) url: DatabaseUrl,
    /// Removes the database when the test is over, also when it failed.
    _cleanup: Cleanup,
}

enum Cleanup {
    Folder { _folder: TempDir },
    Postgres { admin: String, name: String },
}

impl TestDatabase {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::in_folder(folder.path()).unwrap();
        let store = Store::open(&url).await.unwrap();
        Self { store, url, _cleanup: Cleanup::Folder { _folder: folder } }
    }

    pub(crate) async fn postgres() -> Self {
        let admin = admin_url();
        let name = format!("bdhvs_test_{}", Uuid::now_v7().simple());
        command(&admin, format!("CREATE DATABASE {name}")).await.unwrap();
        let cleanup = Cleanup::Postgres { admin: admin.clone(), name: name.clone() };
        let url = DatabaseUrl::parse(&in_database(&admin, &name)).unwrap();
        let store = Store::open(&url).await.unwrap();
        Self { store, url, _cleanup: cleanup }
    }

    /// Returns a second server's view of the same database.
    pub(crate) async fn second_server(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Returns an empty database, updated from the form before migration `number`, in which `texts` were run.
    pub(crate) async fn updated_from_before(&self, number: i64, texts: &[&'static str]) -> Store {
        let url = match &self._cleanup {
            Cleanup::Folder { _folder } => DatabaseUrl::in_folder(&_folder.path().join("old")).unwrap(),
            Cleanup::Postgres { .. } => {
                for text in ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"] {
                    sqlx::query(text).execute(&self.store.writer).await.unwrap();
                }
                self.url.clone()
            }
        };
        let pools = super::dialect::Pools::connect(&url).await.unwrap();
        super::dialect::migrator_before(pools.dialect, number).run(&pools.writer).await.unwrap();
        for text in texts {
            sqlx::query(*text).execute(&pools.writer).await.unwrap();
        }
        pools.writer.close().await;
        pools.reader.close().await;
        Store::open(&url).await.unwrap()
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self._cleanup, Cleanup::Postgres { .. })
    }
}

fn admin_url() -> String {
    std::env::var(VARIABLE).unwrap_or_else(|_| {
        panic!(
            "set {VARIABLE} to a Postgres server on which databases can be created, for example \
             {VARIABLE}=postgres://postgres@127.0.0.1:5432/postgres (./test does it for you)"
        )
    })
}

fn in_database(admin: &str, name: &str) -> String {
    let (address, options) = admin.split_once('?').unwrap_or((admin, ""));
    let (server, _) = address.rsplit_once('/').expect("an address ends with /DATABASE");
    format!("{server}/{name}{}{options}", if options.is_empty() { "" } else { "?" })
}

async fn command(url: &str, text: String) -> Result<(), sqlx::Error> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await?;
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(text))).await?;
    connection.close().await
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        let Self::Postgres { admin, name } = self else { return };
        let (admin, text) = (admin.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));
        // A runtime of its own: the test's may be gone, or be the one that drops this.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(command(&admin, text))
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("could not drop the test database {name}");
        }
    }
}

/// Makes each of these tests run on both databases. Each takes a [`TestDatabase`].
macro_rules! on_both_databases {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::store::test_database::TestDatabase::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::store::test_database::TestDatabase::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both_databases;

#[test]
fn a_test_database_stands_beside_the_admins() {
    assert_eq!(in_database("postgres://a@h:1/postgres", "t"), "postgres://a@h:1/t");
    assert_eq!(
        in_database("postgres://a@h/postgres?sslmode=disable", "t"),
        "postgres://a@h/t?sslmode=disable"
    );
}

impl Store {
    /// Holds every learner's row, as a slow transaction would, until the value is dropped.
    pub(crate) async fn hold_learners_for_tests(&self) -> sqlx::Transaction<'static, sqlx::Any> {
        let mut held = self.begin().await.unwrap();
        sqlx::query("UPDATE learners SET last_seq = last_seq").execute(&mut *held).await.unwrap();
        held
    }

    /// Returns every text in every table that can hold something about people: what a deletion must empty.
    pub(crate) async fn everything_for_tests(&self) -> String {
        const TEXTS: [&str; 10] = [
            "SELECT id || code || pin_hash FROM learners",
            "SELECT name || fold || alike || COALESCE(phone, '') FROM people",
            "SELECT word || fold FROM person_words",
            "SELECT learner || body FROM events",
            "SELECT name || signed FROM certificates",
            "SELECT COALESCE(learner, '') || body FROM quarantine",
            "SELECT person || COALESCE(before, '') || after FROM import_rows",
            "SELECT code FROM pin_attempts",
            "SELECT words || answer || extension_reason FROM data_requests",
            "SELECT learner FROM device_learners",
        ];
        let mut all = String::new();
        for text in TEXTS {
            let found: Vec<String> = sqlx::query_scalar(text).fetch_all(&self.reader).await.unwrap();
            all.extend(found);
        }
        all
    }

    /// Leaves the marker of a deletion beside a record, as a restored backup has it.
    pub(crate) async fn mark_deleted_for_tests(&self, learner: domain::ids::LearnerId) {
        sqlx::query("INSERT INTO deletions (learner, deleted_ms, why) VALUES ($1, 0, 'request')")
            .bind(learner.to_string())
            .execute(&self.writer)
            .await
            .unwrap();
    }

    /// Returns everything set aside: why and what, sorted.
    pub(crate) async fn aside_for_tests(&self) -> Vec<(String, String)> {
        sqlx::query_as("SELECT code, body FROM quarantine ORDER BY code, body")
            .fetch_all(&self.reader)
            .await
            .unwrap()
    }
}
