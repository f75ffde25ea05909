//! Measures what has a budget and needs many phones at once; `scripts/measure` runs it and puts the figures together.
//!
//! `load events ADDRESS SECONDS [EVENTS-A-SECOND]` · `load sign-ins ADDRESS SECONDS` · `load commits DATABASE-URL SECONDS`
//!
//! Without a pace every phone sends its next batch as soon as the last one is answered: what is done in a second is then the
//! most there is, and every batch waits for all the others'. How long one takes is to be read at a pace.
//!
//! Sends to loopback only and ends by itself. Events are what a day brings (lesson finished, on a published lesson of the
//! running server); a commit of `commits` is a hundred rows of the same size into a table of its own, through one
//! connection: the least that a database must do to keep them.

#![expect(clippy::unwrap_used, reason = "a measurement stops at the first surprise")]
#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use domain::code::LearnerCode;
use domain::event::{EVENT_VERSION, Event, EventKind};
use domain::ids::{DeviceId, EventId, LearnerId};
use domain::sync::{CreateRecord, OpenRecord, Outcome, PROTOCOL_VERSION, SyncRequest, SyncResponse};
use serde::Serialize;
use sqlx::{AnyConnection, Connection, Executor};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use uuid::Uuid;

/// Phones at the same time: a class.
const PHONES: u64 = 64;

/// Events in one batch.
const BATCH: usize = 100;

/// One phone with a connection that stays open.
struct Phone {
    /// Which of all phones, from 0.
    number: u64,
    device: DeviceId,
    learner: LearnerId,
    code: LearnerCode,
    token: String,
    stream: BufReader<TcpStream>,
    made: u64,
}

impl Phone {
    async fn new(address: SocketAddr, number: u64) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&number.to_be_bytes());
        Self {
            number,
            device: DeviceId(Uuid::now_v7()),
            learner: LearnerId(Uuid::now_v7()),
            code: LearnerCode::from_random(
                u64::try_from(Uuid::now_v7().as_u128() & 0xffff_ffff).unwrap() * 31 + number,
            ),
            token: BASE64URL_NOPAD.encode(&secret),
            stream: BufReader::new(stream),
            made: 0,
        }
    }

    async fn enrol(&mut self) {
        let request = CreateRecord {
            protocol: PROTOCOL_VERSION,
            device: self.device,
            learner: self.learner,
            code: self.code.clone(),
            pin: "4827".into(),
        };
        self.post("/api/v1/records", &request).await;
    }

    async fn open(&mut self) {
        let (device, code) = (self.device, self.code.clone());
        let request = OpenRecord { protocol: PROTOCOL_VERSION, device, code, pin: "4827".into() };
        self.post("/api/v1/records/open", &request).await;
    }

    async fn send_batch(&mut self) {
        let events: Vec<Event> = (0..BATCH).map(|_| self.event()).collect();
        let request = SyncRequest {
            protocol: PROTOCOL_VERSION,
            device: self.device,
            cursor: BTreeMap::<LearnerId, u64>::new(),
            events,
            signature: None,
            merged: 0,
        };
        let answer = self.post("/api/v1/sync", &request).await;
        let answer: SyncResponse = serde_json::from_slice(&answer).unwrap();
        assert!(answer.outcomes.iter().all(|one| one.outcome == Outcome::Accepted), "every event is stored");
    }

    fn event(&mut self) -> Event {
        self.made += 1;
        Event {
            id: EventId(Uuid::now_v7()),
            v: EVENT_VERSION,
            learner: self.learner,
            device: self.device,
            seq: self.made,
            at_ms: 1_780_000_000_000,
            mono_ms: self.made,
            actor: None,
            content: None,
            kind: EventKind::ProfileCorrected { name: "Hồ Thị Lành".into() },
        }
    }

    async fn post(&mut self, path: &str, body: &impl Serialize) -> Vec<u8> {
        let body = serde_json::to_vec(body).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer {}\r\n\
             content-length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        let request = [head.as_bytes(), &body].concat();
        self.stream.get_mut().write_all(&request).await.unwrap();
        let (mut status, mut length) = (String::new(), 0);
        self.stream.read_line(&mut status).await.unwrap();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.unwrap();
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).await.unwrap();
        assert!(status.contains(" 200 "), "{status}{}", String::from_utf8_lossy(&answer));
        answer
    }
}

#[derive(Clone, Copy)]
enum Work {
    /// At so many a second from all phones together, if a pace is given.
    Events(Option<u64>),
    SignIns,
}

/// Lets all phones work for a while; prints how much was done in a second, and how long one request took.
async fn all_phones(address: SocketAddr, seconds: u64, work: Work) {
    let mut phones = Vec::new();
    for number in 0..PHONES {
        let mut phone = Phone::new(address, number).await;
        phone.enrol().await;
        phones.push(phone);
    }
    let (began, until) = (Instant::now(), Duration::from_secs(seconds));
    let working = phones.into_iter().map(|mut phone| {
        tokio::spawn(async move {
            let mut took = Vec::new();
            // At a pace each phone sends in its turn, also when the last batch was slow.
            let pace = match work {
                Work::Events(Some(a_second)) => Some(
                    Duration::from_secs(PHONES) * u32::try_from(BATCH).unwrap()
                        / u32::try_from(a_second).unwrap(),
                ),
                _ => None,
            };
            let mut next = pace.map_or(began, |pace| {
                began + pace * u32::try_from(phone.number).unwrap() / u32::try_from(PHONES).unwrap()
            });
            while began.elapsed() < until {
                if let Some(pace) = pace {
                    tokio::time::sleep_until(next.into()).await;
                    next += pace;
                }
                let asked = Instant::now();
                match work {
                    Work::Events(_) => phone.send_batch().await,
                    Work::SignIns => phone.open().await,
                }
                took.push(asked.elapsed());
            }
            took
        })
    });
    let mut took = Vec::new();
    for phone in working.collect::<Vec<_>>() {
        took.extend(phone.await.unwrap());
    }
    let whole = began.elapsed();
    took.sort();
    let per_request = match work {
        Work::Events(_) => BATCH,
        Work::SignIns => 1,
    };
    report(took.len() * per_request, whole);
    println!("p50 {} ms", took[took.len() / 2].as_millis());
    println!("p99 {} ms", took[took.len() * 99 / 100].as_millis());
}

fn report(done: usize, whole: Duration) {
    let a_second = u128::try_from(done).unwrap() * 1000 / whole.as_millis().max(1);
    println!("{a_second} a second");
}

/// Commits a hundred rows at a time for a while.
async fn commits(url: &str, seconds: u64) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    if url.starts_with("sqlite") {
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        connection.execute(sqlx::raw_sql(pragmas)).await.unwrap();
    }
    connection.execute("CREATE TABLE bare_commits (id TEXT PRIMARY KEY, body TEXT NOT NULL)").await.unwrap();
    let body = "x".repeat(330);
    let places: Vec<String> = (0..BATCH).map(|row| format!("(${}, ${})", row * 2 + 1, row * 2 + 2)).collect();
    let text = format!("INSERT INTO bare_commits (id, body) VALUES {}", places.join(", "));
    let (began, mut done) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let mut transaction = connection.begin().await.unwrap();
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text.clone()));
        for _ in 0..BATCH {
            query = query.bind(Uuid::now_v7().to_string()).bind(body.as_str());
        }
        query.execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        done += BATCH;
    }
    report(done, began.elapsed());
    connection.execute("DROP TABLE bare_commits").await.unwrap();
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (what, whom, seconds, pace) = match arguments.as_slice() {
        [what, whom, seconds] => (what, whom, seconds, None),
        [what, whom, seconds, pace] => (what, whom, seconds, Some(pace.parse().unwrap())),
        _ => panic!("load events|sign-ins ADDRESS SECONDS [PACE], or load commits DATABASE-URL SECONDS"),
    };
    let seconds: u64 = seconds.parse().unwrap();
    assert!((1..=60).contains(&seconds), "between 1 and 60 seconds");
    if what == "commits" {
        return commits(whom, seconds).await;
    }
    let address: SocketAddr = whom.parse().unwrap();
    assert!(address.ip().is_loopback(), "loopback only");
    all_phones(address, seconds, if what == "events" { Work::Events(pace) } else { Work::SignIns }).await;
}
