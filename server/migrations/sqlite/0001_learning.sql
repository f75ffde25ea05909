-- Ids are text, times are milliseconds since 1970 UTC, hashes are hexadecimal text. Same tables, columns and meanings
-- as in ../postgres.

-- One person who learns. `last_seq` counts this learner's changes; it rises inside the transaction that stores them.
CREATE TABLE learners (
  id TEXT PRIMARY KEY NOT NULL,
  code TEXT NOT NULL UNIQUE,
  pin_hash TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  last_seq INTEGER NOT NULL
) STRICT;

-- One browser on one phone; the token itself never leaves the phone's store.
CREATE TABLE devices (
  id TEXT PRIMARY KEY NOT NULL,
  token_hash TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  last_seen_ms INTEGER NOT NULL
) STRICT;

-- Which learners a phone may sync.
CREATE TABLE device_learners (
  device TEXT NOT NULL REFERENCES devices (id),
  learner TEXT NOT NULL REFERENCES learners (id),
  linked_ms INTEGER NOT NULL,
  PRIMARY KEY (device, learner)
) STRICT;

-- What learners did, append-only. `verdict`: 1 right or unaided, 0 not, NULL for facts without one.
CREATE TABLE events (
  id TEXT PRIMARY KEY NOT NULL,
  learner TEXT NOT NULL REFERENCES learners (id),
  learner_seq INTEGER NOT NULL,
  device TEXT NOT NULL REFERENCES devices (id),
  device_seq INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  lesson TEXT,
  content TEXT,
  verdict INTEGER,
  body TEXT NOT NULL,
  UNIQUE (learner, learner_seq)
) STRICT;

-- Issued certificates: the signed bytes in base64url, and the ids of the events that earned them as a JSON list.
CREATE TABLE certificates (
  id TEXT PRIMARY KEY NOT NULL,
  learner TEXT NOT NULL REFERENCES learners (id),
  learner_seq INTEGER NOT NULL,
  course TEXT NOT NULL,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  issued_ms INTEGER NOT NULL,
  signed TEXT NOT NULL,
  evidence TEXT NOT NULL,
  UNIQUE (learner, learner_seq),
  UNIQUE (learner, course, name)
) STRICT;

-- What could not be stored as a fact, kept for a person to look at; a replay adds no row.
CREATE TABLE quarantine (
  id TEXT PRIMARY KEY NOT NULL,
  received_ms INTEGER NOT NULL,
  device TEXT NOT NULL REFERENCES devices (id),
  event_id TEXT,
  learner TEXT,
  code TEXT NOT NULL,
  body TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  UNIQUE (device, body_hash)
) STRICT;
CREATE INDEX quarantine_by_event ON quarantine (device, event_id);

-- Every lesson version ever published, immutable.
CREATE TABLE lesson_versions (
  hash TEXT PRIMARY KEY NOT NULL,
  lesson TEXT NOT NULL,
  course TEXT NOT NULL,
  published_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- Every certificate rule ever published, immutable.
CREATE TABLE rules (
  id TEXT PRIMARY KEY NOT NULL,
  published_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- What was published when; the highest number is what is published now.
CREATE TABLE publications (
  number INTEGER PRIMARY KEY NOT NULL,
  published_ms INTEGER NOT NULL,
  hash TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- People who work with the platform.
CREATE TABLE staff (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

-- Tries to open a record, counted for each code since the first one of a quarter of an hour.
CREATE TABLE pin_attempts (
  code TEXT PRIMARY KEY NOT NULL,
  tries INTEGER NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pin_attempts_by_age ON pin_attempts (since_ms);
