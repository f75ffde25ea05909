//! A learner's record as a file: saved before she leaves a phone with unsent work, or to carry it to another one, and
//! brought back here or there. Bringing back is harmless however often: facts are known by their ids.
//!
//! The file is JSON around the record's own JSON as text, so that the check covers every byte of it and an older page
//! can still tell a newer file from a damaged one. It holds neither the PIN nor the lock, and says nothing that the
//! server believes: what comes out of it is judged there like everything else.

use domain::dated_fact::Day;
use domain::ids::{DeviceId, LearnerId};
use domain::profile::Profile;
use serde::{Deserialize, Serialize};

use super::damage::{damaged_key, healed};
use super::environment::Environment;
use super::record::{
    ID_LENGTH, Identity, LearnerState, LearningRecord, Receipt, StoredFact, fact_key, json, outbox_key, put,
};
use super::rows::only_here;
use super::store::{Store, StoreError, Table, Write};

/// Form of the file. Raised together with the form of the values inside, where older ones are no longer read.
///
/// 1 (2026-11): first form.
pub const FILE_VERSION: u16 = 1;

/// What the file says it is.
const FORMAT: &str = "bdhvs-record";

/// What stands around the record.
#[derive(Debug, Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u16,
    /// CRC-32 of the text below, in hexadecimal: against damage, not against malice.
    check: String,
    record: String,
}

/// What is carried: the rows as they stand in the store.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    learner: LearnerId,
    /// The phone it was saved on.
    device: DeviceId,
    /// Whether the server knew the learner there.
    registered: bool,
    /// Whether the server knew her, but not there.
    elsewhere: bool,
    /// Table, key, value.
    rows: Vec<(String, String, String)>,
}

/// The tables that are carried. The outbox follows from the facts, the lock stays.
const CARRIED: [Table; 3] = [Table::Facts, Table::Certificates, Table::Damaged];

/// A file to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFile {
    /// Its name: with the learner's code, else with the day.
    pub name: String,
    /// What stands in it.
    pub text: String,
    /// The facts in it that the server has not, and the damaged values, by their keys.
    pub holds: Vec<String>,
}

/// What came back from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brought {
    /// Whose record it is.
    pub learner: LearnerId,
    /// Facts that were not here before.
    pub new: usize,
    /// Whether her record here is locked: then it is on the list of people, and opens by its secret.
    pub locked: bool,
}

/// Why a file was not taken. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// Not a file of ours, or its head is damaged.
    Unknown,
    /// Saved by a newer page.
    TooNew,
    /// Something in it has changed since it was saved.
    Damaged,
    /// The phone's own store failed.
    Store(StoreError),
}

impl From<StoreError> for FileError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<S: Store> LearningRecord<S> {
    /// Returns the present learner's record as a file.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    pub async fn to_file(
        &self,
        env: &impl Environment,
        identity: &Identity,
    ) -> Result<RecordFile, StoreError> {
        let learner = identity.learner;
        let found = self.rows_of(learner).await?;
        let holds = found.iter().filter_map(only_here).cloned().collect();
        let (mut profile, mut state, mut rows) = (Profile::default(), LearnerState::default(), Vec::new());
        for (mut table, mut key, value) in found {
            match table {
                Table::Facts => match crate::json::read::<StoredFact>(&value) {
                    Ok(fact) => profile.add(&fact.event),
                    Err(_) => (table, key) = (Table::Damaged, damaged_key(table, &key)),
                },
                Table::Learners => state = crate::json::read(&value).unwrap_or_default(),
                _ => {}
            }
            if CARRIED.contains(&table) {
                rows.push((table.name().to_owned(), key, value));
            }
        }
        let named = match profile.code() {
            Some(code) => code.as_str().to_owned(),
            None => Day::in_vietnam(env.now_ms()).to_string(),
        };
        let LearnerState { registered, elsewhere, .. } = state;
        let record = json(&Carried { learner, device: identity.device, registered, elsewhere, rows });
        let check = format!("{:08x}", crc32(record.as_bytes()));
        let text = json(&Envelope { format: FORMAT.to_owned(), version: FILE_VERSION, check, record });
        Ok(RecordFile { name: format!("hoc-bdhvs-{named}.json"), text, holds })
    }

    /// Brings a saved record back, in one transaction: what is here already stays as it is, what has no receipt waits to
    /// be sent. The phone is not handed over.
    ///
    /// # Errors
    /// [`FileError`]; nothing was changed then.
    pub async fn bring_back(&self, identity: &Identity, text: &str) -> Result<Brought, FileError> {
        let carried = read(text)?;
        let learner = carried.learner.to_string();
        loop {
            let rows = self.rows_of(carried.learner).await?;
            let mut here: Vec<String> = rows.iter().map(|(table, key, _)| damaged_key(*table, key)).collect();
            let locked = here.contains(&damaged_key(Table::Locks, &learner));
            let mut writes = Vec::new();
            let mut new = 0;
            for (table, key, value) in &carried.rows {
                let place = if table == "damaged" { key.clone() } else { format!("{table}/{key}") };
                if here.contains(&place) {
                    continue;
                }
                let table = CARRIED.into_iter().find(|known| known.name() == table);
                let table = table.ok_or(FileError::Damaged)?;
                if table == Table::Facts {
                    new += 1;
                    writes.extend(waits(key, value)?);
                }
                writes.push(Write::Put(table, key.clone(), value.clone()));
                here.push(place);
            }
            if !here.contains(&damaged_key(Table::Learners, &learner)) {
                // Another phone has to show code and PIN before the server lets it speak for her.
                let registered = carried.registered && carried.device == identity.device;
                let elsewhere = !registered && (carried.registered || carried.elsewhere);
                let state = LearnerState { registered, elsewhere, ..LearnerState::default() };
                writes.push(Write::New(Table::Learners, learner.clone(), json(&state)));
            }
            match self.store.write(writes).await {
                // Another tab brought it at the same moment.
                Err(StoreError::Taken) => {}
                done => {
                    done?;
                    return Ok(Brought { learner: carried.learner, new, locked });
                }
            }
        }
    }
}

/// Returns what goes with a fact that comes back: its place in the outbox, and an end to its damaged twin.
fn waits(key: &str, value: &str) -> Result<Vec<Write>, FileError> {
    let fact: StoredFact = crate::json::read(value).map_err(|_| FileError::Damaged)?;
    if fact_key(&fact.event) != key {
        return Err(FileError::Damaged);
    }
    let mut writes = vec![healed(&fact.event)];
    if fact.receipt == Receipt::Waiting {
        writes.push(put(Table::Outbox, &outbox_key(&fact.event), &fact.event.id));
    }
    Ok(writes)
}

fn read(text: &str) -> Result<Carried, FileError> {
    let envelope: Envelope = crate::json::read(text.trim()).map_err(|_| FileError::Unknown)?;
    if envelope.format != FORMAT {
        return Err(FileError::Unknown);
    }
    if envelope.version > FILE_VERSION {
        return Err(FileError::TooNew);
    }
    if envelope.check != format!("{:08x}", crc32(envelope.record.as_bytes())) {
        return Err(FileError::Damaged);
    }
    let carried: Carried = crate::json::read(&envelope.record).map_err(|_| FileError::Damaged)?;
    // A row of somebody else, or of nobody, has no business in it.
    let is_hers = |(table, key, _): &(String, String, String)| {
        let whose = if table == "damaged" { key.get(key.find('/')? + 1..)? } else { key };
        (whose.get(..ID_LENGTH)? == carried.learner.to_string()).then_some(())
    };
    match carried.rows.iter().try_for_each(is_hers) {
        Some(()) => Ok(carried),
        None => Err(FileError::Damaged),
    }
}

/// Returns the CRC-32 (IEEE 802.3) of bytes, bit by bit: a file of one year takes milliseconds, a table would take a
/// kilobyte.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    let crc =
        bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shift(crc)));
    !crc
}

#[cfg(test)]
#[path = "record_file/tests.rs"]
mod tests;
