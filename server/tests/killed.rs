//! The server is killed (`kill -9`) in the middle of storing, again and again, on both databases. Afterwards: what a phone
//! was told is stored, is stored; what it was not told is still in its outbox and goes through; nothing is there twice.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, in its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::code::LearnerCode;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{DeviceId, EventId, LearnerId};
use domain::sync::{
    ChangeKind, CreateRecord, Outcome, PROTOCOL_VERSION, RecordReady, SyncRequest, SyncResponse,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, Connection, Executor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

/// How often the server is killed in one test.
const KILLS: u64 = 6;

/// Phones that send at the same time.
const PHONES: u8 = 4;

/// The server as a process of its own.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    async fn start(data: &Path, database: Option<&str>) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bdhvs"));
        command
            .env("BDHVS_LISTEN", address.to_string())
            .env("BDHVS_DATA_DIR", data)
            .env("BDHVS_CONTENT_DIR", content)
            .stderr(Stdio::null());
        if let Some(url) = database {
            command.env("BDHVS_DATABASE_URL", url);
        }
        let server = Self { child: command.spawn().unwrap(), address };
        for _ in 0..600 {
            if TcpStream::connect(address).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server did not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL: no handler runs, nothing is flushed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A phone: what it recorded, what it was told is stored, what still waits.
struct Phone {
    device: DeviceId,
    learner: LearnerId,
    token: String,
    made: Vec<Event>,
    told: BTreeSet<EventId>,
}

impl Phone {
    fn new(number: u8) -> Self {
        Self {
            device: DeviceId(Uuid::from_u128(0xd0 + u128::from(number))),
            learner: LearnerId(Uuid::from_u128(0xa0 + u128::from(number))),
            token: BASE64URL_NOPAD.encode(&[number; 32]),
            made: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    async fn enrol(&self, address: SocketAddr, number: u8) {
        let request = CreateRecord {
            protocol: PROTOCOL_VERSION,
            device: self.device,
            learner: self.learner,
            code: LearnerCode::from_random(u64::from(number)),
            pin: "4827".into(),
        };
        let ready: RecordReady = self.post(address, "/api/v1/records", &request).await.unwrap();
        assert_eq!(ready.learner, self.learner);
    }

    fn record(&mut self, count: usize) {
        for _ in 0..count {
            let seq = u64::try_from(self.made.len()).unwrap() + 1;
            self.made.push(Event {
                id: EventId(Uuid::from_u128((self.device.0.as_u128() << 64) + u128::from(seq))),
                v: EVENT_VERSION,
                learner: self.learner,
                device: self.device,
                seq,
                at_ms: i64::try_from(seq).unwrap(),
                mono_ms: 0,
                actor: None,
                content: None,
                kind: EventKind::ProfileCorrected { name: format!("Bà con thứ {seq}") },
            });
        }
    }

    /// Sends up to 100 of what waits, as a phone would; returns whether an answer came.
    async fn send(&mut self, address: SocketAddr) -> bool {
        let waits = |event: &&Event| !self.told.contains(&event.id);
        let events: Vec<Event> = self.made.iter().filter(waits).take(100).cloned().collect();
        let request = SyncRequest {
            protocol: PROTOCOL_VERSION,
            device: self.device,
            cursor: BTreeMap::<LearnerId, u64>::new(),
            events,
            signature: None,
            merged: 0,
        };
        let answer: Option<SyncResponse> = self.post(address, "/api/v1/sync", &request).await;
        let Some(answer) = answer else { return false };
        for told in answer.outcomes {
            assert!(matches!(told.outcome, Outcome::Accepted | Outcome::Duplicate), "{told:?}");
            self.told.insert(told.id.unwrap());
        }
        true
    }

    /// Returns the ids of everything the server holds of this learner.
    async fn stored(&self, address: SocketAddr) -> Vec<EventId> {
        let (mut ids, mut from) = (Vec::new(), 0);
        loop {
            let request = SyncRequest::<Event> {
                protocol: PROTOCOL_VERSION,
                device: self.device,
                cursor: BTreeMap::from([(self.learner, from)]),
                events: vec![],
                signature: None,
                merged: 0,
            };
            let answer: SyncResponse = self.post(address, "/api/v1/sync", &request).await.unwrap();
            for change in answer.changes {
                if let ChangeKind::Event { event, .. } = change.what {
                    ids.push(event.id);
                }
            }
            from = answer.cursor[&self.learner];
            if !answer.more {
                return ids;
            }
        }
    }

    async fn post<T: DeserializeOwned>(
        &self,
        address: SocketAddr,
        path: &str,
        body: &impl Serialize,
    ) -> Option<T> {
        let body = serde_json::to_string(body).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(format!("{head}{body}").as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        // A body that was cut off is no answer.
        serde_json::from_str(body).ok()
    }
}

async fn village(data: &Path, database: Option<&str>) {
    let mut phones: Vec<Phone> = (1..=PHONES).map(Phone::new).collect();
    {
        let server = Server::start(data, database).await;
        for (number, phone) in (1..).zip(&phones) {
            phone.enrol(server.address, number).await;
        }
    }
    let mut cut_off = 0;
    for kill in 0..KILLS {
        let server = Server::start(data, database).await;
        let address = server.address;
        for phone in &phones {
            let stored: BTreeSet<EventId> = phone.stored(address).await.into_iter().collect();
            assert!(phone.told.is_subset(&stored), "what a phone was told before kill {kill} is stored");
        }
        let sending = phones.into_iter().map(|mut phone| {
            tokio::spawn(async move {
                let mut rounds = 0;
                loop {
                    phone.record(1 + (rounds * 7) % 40);
                    rounds += 1;
                    // Bounded, should the kill ever fail.
                    if rounds > 5_000 || !phone.send(address).await {
                        return phone;
                    }
                }
            })
        });
        let sending: Vec<_> = sending.collect();
        tokio::time::sleep(Duration::from_millis(120 + 90 * kill)).await;
        drop(server);
        phones = Vec::new();
        for phone in sending {
            phones.push(phone.await.unwrap());
        }
        cut_off += phones.iter().filter(|phone| phone.told.len() < phone.made.len()).count();
    }
    assert!(cut_off > 0, "at least one kill came while something was under way");

    let server = Server::start(data, database).await;
    for phone in &mut phones {
        while phone.told.len() < phone.made.len() {
            assert!(phone.send(server.address).await);
        }
        let stored = phone.stored(server.address).await;
        let once: BTreeSet<EventId> = stored.iter().copied().collect();
        assert_eq!(stored.len(), once.len(), "nothing is there twice");
        assert_eq!(once, phone.made.iter().map(|event| event.id).collect(), "everything is there");
        assert!(!phone.made.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_storing_on_sqlite() {
    let data = tempfile::tempdir().unwrap();
    village(data.path(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_storing_on_postgres() {
    let admin = std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL names a Postgres server; ./test finds or starts one");
    let name = format!("bdhvs_test_{}", Uuid::now_v7().simple());
    let url = format!("{}/{name}", admin.rsplit_once('/').unwrap().0);
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&admin).await.unwrap();
    let command = |text: String| sqlx::raw_sql(sqlx::AssertSqlSafe(text));
    connection.execute(command(format!("CREATE DATABASE {name}"))).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let done = tokio::spawn({
        let (data, url) = (data.path().to_owned(), url);
        async move { village(&data, Some(&url)).await }
    })
    .await;
    connection.execute(command(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    done.unwrap();
}
