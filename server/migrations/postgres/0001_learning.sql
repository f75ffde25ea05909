-- Ids are text, times are milliseconds since 1970 UTC, hashes are hexadecimal text. Same tables, columns and meanings
-- as in ../sqlite.

-- One person who learns. `last_seq` counts this learner's changes; it rises inside the transaction that stores them.
CREATE TABLE learners (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  code TEXT COLLATE "C" NOT NULL UNIQUE,
  pin_hash TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  last_seq BIGINT NOT NULL
);

-- One browser on one phone; the token itself never leaves the phone's store.
CREATE TABLE devices (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  last_seen_ms BIGINT NOT NULL
);

-- Which learners a phone may sync.
CREATE TABLE device_learners (
  device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
  learner TEXT COLLATE "C" NOT NULL REFERENCES learners (id),
  linked_ms BIGINT NOT NULL,
  PRIMARY KEY (device, learner)
);

-- What learners did, append-only. `verdict`: 1 right or unaided, 0 not, NULL for facts without one.
CREATE TABLE events (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  learner TEXT COLLATE "C" NOT NULL REFERENCES learners (id),
  learner_seq BIGINT NOT NULL,
  device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
  device_seq BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  lesson TEXT COLLATE "C",
  content TEXT COLLATE "C",
  verdict BIGINT,
  body TEXT NOT NULL,
  UNIQUE (learner, learner_seq)
);

-- Issued certificates: the signed bytes in base64url, and the ids of the events that earned them as a JSON list.
CREATE TABLE certificates (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  learner TEXT COLLATE "C" NOT NULL REFERENCES learners (id),
  learner_seq BIGINT NOT NULL,
  course TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  issued_ms BIGINT NOT NULL,
  signed TEXT NOT NULL,
  evidence TEXT NOT NULL,
  UNIQUE (learner, learner_seq),
  UNIQUE (learner, course, name)
);

-- What could not be stored as a fact, kept for a person to look at; a replay adds no row.
CREATE TABLE quarantine (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  received_ms BIGINT NOT NULL,
  device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
  event_id TEXT COLLATE "C",
  learner TEXT COLLATE "C",
  code TEXT COLLATE "C" NOT NULL,
  body TEXT NOT NULL,
  body_hash TEXT COLLATE "C" NOT NULL,
  UNIQUE (device, body_hash)
);
CREATE INDEX quarantine_by_event ON quarantine (device, event_id);

-- Every lesson version ever published, immutable.
CREATE TABLE lesson_versions (
  hash TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  lesson TEXT COLLATE "C" NOT NULL,
  course TEXT COLLATE "C" NOT NULL,
  published_ms BIGINT NOT NULL,
  body TEXT NOT NULL
);

-- Every certificate rule ever published, immutable.
CREATE TABLE rules (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  published_ms BIGINT NOT NULL,
  body TEXT NOT NULL
);

-- What was published when; the highest number is what is published now.
CREATE TABLE publications (
  number BIGINT PRIMARY KEY NOT NULL,
  published_ms BIGINT NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  body TEXT NOT NULL
);

-- People who work with the platform.
CREATE TABLE staff (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL
);

-- Tries to open a record, counted for each code since the first one of a quarter of an hour.
CREATE TABLE pin_attempts (
  code TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  tries BIGINT NOT NULL,
  since_ms BIGINT NOT NULL
);
CREATE INDEX pin_attempts_by_age ON pin_attempts (since_ms);
