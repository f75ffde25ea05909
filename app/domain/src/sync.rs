//! What travels between a phone and the server: `POST /api/v1/sync` and the two record routes.
//!
//! The phone sends facts and gets one outcome for each; it also gets what is new for its learners since its cursor.
//! Nothing leaves the phone's outbox before its outcome.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code::LearnerCode;
use crate::event::Event;
use crate::ids::{CertificateId, CourseId, DeviceId, EventId, LearnerId};
use crate::request::RequestKind;
use uuid::Uuid;

/// Version of the messages in this file. A test over their shapes fails until it is raised with them.
///
/// 1 (2026-11): first form.
/// 2 (2026-11): phones sign their batches; a learner's phones are listed and can be taken off.
/// 3 (2026-11): agreements for further purposes, read aloud, or by a guardian; colleagues' phones speak for people they
/// enrol, and fetch whom they look after. Added later, a new route beside the others: `POST /api/v1/my-data`.
/// 4 (2026-11): what a person has shown in records merged with hers.
pub const PROTOCOL_VERSION: u16 = 4;

/// Most events in one request.
pub const BATCH_MAX_EVENTS: usize = 200;

/// Largest request body, in bytes: the phone fills batches to a quarter of it, so that a batch passes a weak network in
/// seconds.
pub const BODY_MAX_BYTES: usize = 256 * 1024;

/// Bytes after which the phone closes a batch: about three seconds at 50 kbit/s.
pub const BATCH_TARGET_BYTES: usize = 16 * 1024;

/// A phone's request. `E` is [`Event`] on the phone; the server reads each event by itself, so that one it cannot read
/// never blocks the others. `C` is a map on the server and a [`CursorList`] on the phone; both are the same JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncRequest<E, C = BTreeMap<LearnerId, u64>> {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone; it proves itself by its token in the `Authorization` header.
    pub device: DeviceId,
    /// For each learner on this phone, how far the phone has the server's changes (0: from the beginning).
    pub cursor: C,
    /// Facts to store, oldest first.
    pub events: Vec<E>,
    /// The phone's signature over [`crate::seal::signed_text`] of these facts, in base64url. Since protocol 2; absent where
    /// the browser has no keys (plain http), and asked for once the phone has registered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// [`MergedMarks::version`] that the phone has of the learner of the cursor; 0 for none, as with several learners.
    /// Since protocol 4.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub merged: u32,
}

/// The server's answer. `C` as in [`SyncRequest`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncResponse<C = BTreeMap<LearnerId, u64>> {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The server's clock, milliseconds since 1970 UTC: the time of the receipts below.
    pub server_ms: i64,
    /// One for each event of the request, in its order.
    pub outcomes: Vec<EventOutcome>,
    /// What is new for the learners of the cursor.
    pub changes: Vec<Change>,
    /// The cursor to send next time.
    pub cursor: C,
    /// Whether more changes wait: ask again at once.
    pub more: bool,
    /// Learners of the cursor whose record was taken off this phone, or deleted everywhere. Since protocol 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<LearnerId>,
    /// What the learner of a cursor has shown in other records, where it is not what the phone has; never with several
    /// learners. Since protocol 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedMarks>,
}

/// What a person has shown in other records of hers, which people found to be hers. The facts stay with their records: a
/// merge that was wrong is taken back, and then nothing of it is left on a phone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedMarks {
    /// Names the marks; 0 where there are none.
    pub version: u32,
    /// All of them, which take the place of those sent before: each is a [`Mark`](crate::progress::Mark) as text. A page
    /// passes over one that it does not know.
    pub marks: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this form")]
fn is_zero(version: &u32) -> bool {
    *version == 0
}

/// A cursor as a list of learners, each once: the few entries of a phone are not worth the code of a map (3 KB).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CursorList(pub Vec<(LearnerId, u64)>);

impl Serialize for CursorList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(learner, seq)| (learner, seq)))
    }
}

impl<'de> Deserialize<'de> for CursorList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = CursorList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("learners with numbers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CursorList, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(CursorList(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventOutcome {
    /// The event, when its id could be read.
    pub id: Option<EventId>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one event. Anything but `Rejected` is a receipt: the server has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Stored now.
    Accepted,
    /// Stored before, the same in every byte.
    Duplicate,
    /// Kept aside for a person to look at.
    Quarantined(Code),
    /// Not stored. The phone keeps it and says so.
    Rejected(Code),
}

/// Why an event was kept aside or refused. The names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Not an event at all, or one with impossible values.
    Malformed,
    /// Longer than [`crate::event::EVENT_MAX_BYTES`].
    TooLarge,
    /// Written by a newer application than this server knows.
    FutureVersion,
    /// A kind of fact this server does not know.
    UnknownKind,
    /// No such learner on this phone's list.
    UnknownLearner,
    /// Recorded by another device than the one that sends it, for a learner whose record the sender does not have.
    OtherDevice,
    /// A lesson version this server never published.
    UnknownContent,
    /// An answer that cannot belong to its question.
    ResponseDoesNotFit,
    /// The id is taken by a different fact.
    IdConflict,
    /// The learner's record was taken off this phone before, or deleted everywhere at her wish; then nothing was kept.
    /// Since protocol 2.
    DeviceRemoved,
    /// Names a colleague to whom the sending phone is not tied, or who may enrol nobody now. Since protocol 3.
    ActorUnknown,
    /// The colleague it names does not work at the place it names. Since protocol 3.
    OutsideScope,
}

impl Code {
    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::FutureVersion => "future-version",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownLearner => "unknown-learner",
            Self::OtherDevice => "other-device",
            Self::UnknownContent => "unknown-content",
            Self::ResponseDoesNotFit => "response-does-not-fit",
            Self::IdConflict => "id-conflict",
            Self::DeviceRemoved => "device-removed",
            Self::ActorUnknown => "actor-unknown",
            Self::OutsideScope => "outside-scope",
        }
    }
}

/// Something new for one learner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Whose.
    pub learner: LearnerId,
    /// Its place in this learner's changes; rises, may skip.
    pub seq: u64,
    /// What.
    pub what: ChangeKind,
}

/// What is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// A stored fact, with the server's own verdict.
    Event {
        /// The fact.
        event: Event,
        /// See [`crate::progress::Progress::add`].
        right: Option<bool>,
    },
    /// An issued certificate.
    Certificate(IssuedCertificate),
}

/// A certificate as the phone keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCertificate {
    /// Names the certificate.
    pub id: CertificateId,
    /// The course.
    pub course: CourseId,
    /// Signed bytes in base64url, see [`crate::certificate`]: what the QR carries.
    pub signed: String,
}

/// `POST /api/v1/records`: keep a learner's record on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateRecord {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
    /// The learner.
    pub learner: LearnerId,
    /// The code shown to the learner.
    pub code: LearnerCode,
    /// The PIN the learner chose.
    pub pin: String,
}

/// `POST /api/v1/records/open`: have a record on this phone too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRecord {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
    /// The code on the learner's paper.
    pub code: LearnerCode,
    /// The learner's PIN.
    pub pin: String,
}

/// Answer to both: the phone may now sync this learner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordReady {
    /// The learner.
    pub learner: LearnerId,
}

/// `POST /api/v1/certificates`: ask for the certificate of a course. The answer is an [`IssuedCertificate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCertificate {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
    /// The learner.
    pub learner: LearnerId,
    /// The course.
    pub course: CourseId,
}

/// `POST /api/v1/devices/key`: the key this phone signs with from now on. Since protocol 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterKey {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
    /// Its public key, see [`crate::seal`].
    pub key: String,
}

/// `POST /api/v1/devices`: on which phones is this record? Since protocol 2. The answer is a [`DeviceList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDevices {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone that asks.
    pub device: DeviceId,
    /// The learner.
    pub learner: LearnerId,
}

/// The phones of a record, the one seen last first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceList {
    /// The phones.
    pub devices: Vec<LinkedDevice>,
}

/// A phone that has a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedDevice {
    /// The phone.
    pub device: DeviceId,
    /// What kind of browser it is, for people: "Android, Chrome". May be empty.
    pub label: String,
    /// Since when it has the record: server's clock, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// When it last asked for anything, give or take an hour.
    pub seen_ms: i64,
}

/// `POST /api/v1/devices/remove`: take the record off a phone, perhaps a lost one. Since protocol 2. The answer is the
/// [`DeviceList`] that is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveDevice {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone that asks.
    pub device: DeviceId,
    /// The learner.
    pub learner: LearnerId,
    /// The phone to take the record off.
    pub remove: DeviceId,
    /// The learner's PIN: whoever holds a phone of hers may learn on it, not shut out the others.
    pub pin: String,
}

/// `POST /api/v1/my-data`: who has looked at my record, and what have I asked? With `ask`, something is asked first. Since
/// protocol 3. The answer is a [`MyDataAnswer`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyData {
    /// See [`PROTOCOL_VERSION`].
    pub protocol: u16,
    /// The phone that asks.
    pub device: DeviceId,
    /// The learner.
    pub learner: LearnerId,
    /// What she asks now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<AskNow>,
}

/// Something that a learner asks about her own data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskNow {
    /// Made once on the phone: asking twice is asking once.
    pub id: Uuid,
    /// What is asked.
    pub kind: RequestKind,
    /// In her own words; may be empty, at most [`crate::request::WORDS_MAX_CHARS`].
    pub words: String,
}

/// What a learner may know about her own data. Kinds are names as text: an old phone shows what it does not know as such.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyDataAnswer {
    /// Who of the staff has looked or changed something, the newest first.
    pub looks: Vec<Look>,
    /// What she has asked, the newest first.
    pub requests: Vec<Asked>,
}

/// Somebody of the staff has looked, or changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The whole name; empty for the command line.
    pub who: String,
    /// The role she held then, as [`crate::role::Role::as_str`]; empty when none is known.
    pub role: String,
    /// `seen`, `changed`, `added`, `pin`, `given-out`, `request` or `other`.
    pub what: String,
}

/// Something that a learner has asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What, as [`RequestKind::as_str`].
    pub kind: String,
    /// When it came, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The last moment for the answer.
    pub until_ms: i64,
    /// `received`, `replied`, `done` or `refused`.
    pub state: String,
    /// What was decided and why; may be empty.
    pub answer: String,
}

/// A refusal, on any route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// Stable name, for programs.
    pub code: String,
    /// What the caller should do.
    pub next: NextStep,
    /// Seconds to wait before trying again, when waiting helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
}

/// What a refused caller should do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextStep {
    /// The same again, later.
    Retry,
    /// Open the record again with code and PIN.
    SignIn,
    /// Load the newest application.
    UpdateApp,
    /// Change what was sent.
    FixInput,
}

/// Returns how many of the waiting events, oldest first, make the next batch: as many as stay within
/// [`BATCH_TARGET_BYTES`] and [`BATCH_MAX_EVENTS`], at least one if any waits.
pub fn next_batch(sizes_bytes: impl IntoIterator<Item = usize>) -> usize {
    let mut total = 0;
    sizes_bytes
        .into_iter()
        .take(BATCH_MAX_EVENTS)
        .enumerate()
        .take_while(|(at, size)| {
            total += size;
            *at == 0 || total <= BATCH_TARGET_BYTES
        })
        .count()
}

#[cfg(test)]
mod tests;
