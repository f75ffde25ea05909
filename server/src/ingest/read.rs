//! One event of a batch, read with as much understanding as it allows.

use domain::event::{EVENT_MAX_BYTES, EVENT_VERSION, Event, EventKind};
use domain::ids::{ContentHash, EventId, LearnerId};
use domain::sync::Code;
use serde_json::Value;

use super::sha256_hex;

/// What one event of a batch turned out to be.
#[derive(Debug)]
pub(super) enum Reading {
    /// A fact this server understands.
    Fact {
        /// The fact.
        event: Event,
        /// Its canonical JSON.
        json: String,
        /// SHA-256 of that.
        hash: String,
    },
    /// To be set aside.
    Odd {
        /// Its id, if it has one.
        id: Option<EventId>,
        /// Its learner, if it names one.
        learner: Option<LearnerId>,
        /// Why.
        code: Code,
        /// What was sent.
        body: String,
        /// SHA-256 of that.
        hash: String,
    },
    /// Longer than anything the product writes.
    TooLarge {
        /// Its id, if it has one.
        id: Option<EventId>,
    },
}

impl Reading {
    /// Returns the event's id, if it could be read.
    pub(super) fn id(&self) -> Option<EventId> {
        match self {
            Self::Fact { event, .. } => Some(event.id),
            Self::Odd { id, .. } | Self::TooLarge { id } => *id,
        }
    }

    /// Returns the hash under which it would be set aside.
    pub(super) fn body_hash(&self) -> Option<String> {
        match self {
            Self::Fact { hash, .. } | Self::Odd { hash, .. } => Some(hash.clone()),
            Self::TooLarge { .. } => None,
        }
    }

    /// Returns whose it is, if that could be read.
    pub(super) fn learner(&self) -> Option<LearnerId> {
        match self {
            Self::Fact { event, .. } => Some(event.learner),
            Self::Odd { learner, .. } => *learner,
            Self::TooLarge { .. } => None,
        }
    }

    /// Returns the fact, if it is one.
    pub(super) fn event(&self) -> Option<&Event> {
        match self {
            Self::Fact { event, .. } => Some(event),
            _ => None,
        }
    }

    /// Returns the lesson version it names.
    pub(super) fn content(&self) -> Option<ContentHash> {
        self.event()?.content.clone()
    }
}

/// Reads one event from its JSON.
pub(super) fn read(raw: &str) -> Reading {
    let value: Value = serde_json::from_str(raw).unwrap_or(Value::Null);
    let id = field(&value, "id");
    if raw.len() > EVENT_MAX_BYTES {
        return Reading::TooLarge { id };
    }
    match understand(raw, &value) {
        Ok(event) => {
            let json = event.canonical_json();
            Reading::Fact { event, hash: sha256_hex(&json), json }
        }
        Err(code) => Reading::Odd {
            id,
            learner: field(&value, "learner"),
            code,
            body: raw.to_owned(),
            hash: sha256_hex(raw),
        },
    }
}

fn field<T: std::str::FromStr>(value: &Value, name: &str) -> Option<T> {
    value.get(name)?.as_str()?.parse().ok()
}

fn understand(raw: &str, value: &Value) -> Result<Event, Code> {
    // The version is looked at first: nothing else in an event of the future can be judged here.
    match value.get("v").and_then(Value::as_u64) {
        None | Some(0) => return Err(Code::Malformed),
        Some(version) if version > u64::from(EVENT_VERSION) => return Err(Code::FutureVersion),
        Some(_) => {}
    }
    if let Some(name) = kind_name(value)
        && !EventKind::names().contains(&name)
    {
        return Err(Code::UnknownKind);
    }
    let event: Event = serde_json::from_str(raw).map_err(|_| Code::Malformed)?;
    event.check().map_err(|_| Code::Malformed)?;
    Ok(event)
}

/// Returns the name of the event's kind: the only key of its object, or the whole text of one without fields.
fn kind_name(value: &Value) -> Option<&str> {
    match value.get("kind")? {
        Value::String(name) => Some(name),
        Value::Object(fields) if fields.len() == 1 => fields.keys().next().map(String::as_str),
        _ => None,
    }
}
