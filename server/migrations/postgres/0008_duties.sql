-- Duties towards people about whom something is kept: requests, deletions, restrictions, incidents. Same tables, columns and
-- meanings as in ../sqlite.

-- What people ask about their own data. `person` is a learner and stays when everything else about her is deleted; `path` is
-- where she lived when she asked. `way`: phone, or commune (entered by staff). `words` is what she said, `answer` what was
-- decided and why. `outcome`: done or refused, once `closed_ms` is set. `purpose`: which agreement is taken back.
CREATE TABLE data_requests (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C",
  way TEXT COLLATE "C" NOT NULL,
  words TEXT NOT NULL,
  received_ms BIGINT NOT NULL,
  entered_by TEXT COLLATE "C" REFERENCES staff (id),
  replied_ms BIGINT,
  extended_ms BIGINT,
  extension_reason TEXT NOT NULL,
  closed_ms BIGINT,
  outcome TEXT COLLATE "C",
  answer TEXT NOT NULL,
  handled_by TEXT COLLATE "C" REFERENCES staff (id)
);
CREATE INDEX data_requests_open ON data_requests (received_ms) WHERE closed_ms IS NULL;
CREATE INDEX data_requests_closed ON data_requests (closed_ms) WHERE closed_ms IS NOT NULL;
CREATE INDEX data_requests_by_person ON data_requests (person);

-- Records that were deleted on request: a number that stands for nobody any more. Phones that still have the record are told
-- by it, and nothing of it is stored again. A restored backup gets these rows from the newest copy before it is used.
CREATE TABLE deletions (
  learner TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  deleted_ms BIGINT NOT NULL,
  why TEXT COLLATE "C" NOT NULL
);

-- Numbers of certificates that no longer count, for whoever checks a paper.
CREATE TABLE withdrawn_certificates (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  withdrawn_ms BIGINT NOT NULL
);

-- Since when only those who answer requests may see the person; NULL for almost everybody.
ALTER TABLE people ADD COLUMN restricted_ms BIGINT;

-- What deletion looks for.
CREATE INDEX quarantine_by_learner ON quarantine (learner);
CREATE INDEX quarantine_by_bound ON quarantine (bound_to) WHERE bound_to IS NOT NULL;
CREATE INDEX import_rows_by_person ON import_rows (person);

-- What went wrong with personal data. `path`: where; empty for everywhere. `told_ms`: when Bộ Công an (A05) was told.
CREATE TABLE incidents (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  what TEXT NOT NULL,
  detected_ms BIGINT NOT NULL,
  kinds TEXT NOT NULL,
  people_number BIGINT NOT NULL,
  harm TEXT NOT NULL,
  done TEXT NOT NULL,
  told_ms BIGINT,
  told TEXT NOT NULL,
  closed_ms BIGINT,
  version BIGINT NOT NULL,
  entered_by TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  entered_ms BIGINT NOT NULL
);
CREATE INDEX incidents_by_time ON incidents (detected_ms);

-- Whom it concerns, as far as known. A person who is deleted later stays here as a number.
CREATE TABLE incident_people (
  incident TEXT COLLATE "C" NOT NULL REFERENCES incidents (id),
  person TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (incident, person)
);
