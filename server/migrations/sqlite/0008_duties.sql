-- Duties towards people about whom something is kept: requests, deletions, restrictions, incidents. Same tables, columns and
-- meanings as in ../postgres.

-- What people ask about their own data. `person` is a learner and stays when everything else about her is deleted; `path` is
-- where she lived when she asked. `way`: phone, or commune (entered by staff). `words` is what she said, `answer` what was
-- decided and why. `outcome`: done or refused, once `closed_ms` is set. `purpose`: which agreement is taken back.
CREATE TABLE data_requests (
  id TEXT PRIMARY KEY NOT NULL,
  person TEXT NOT NULL,
  path TEXT NOT NULL,
  kind TEXT NOT NULL,
  purpose TEXT,
  way TEXT NOT NULL,
  words TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  entered_by TEXT REFERENCES staff (id),
  replied_ms INTEGER,
  extended_ms INTEGER,
  extension_reason TEXT NOT NULL,
  closed_ms INTEGER,
  outcome TEXT,
  answer TEXT NOT NULL,
  handled_by TEXT REFERENCES staff (id)
) STRICT;
CREATE INDEX data_requests_open ON data_requests (received_ms) WHERE closed_ms IS NULL;
CREATE INDEX data_requests_closed ON data_requests (closed_ms) WHERE closed_ms IS NOT NULL;
CREATE INDEX data_requests_by_person ON data_requests (person);

-- Records that were deleted on request: a number that stands for nobody any more. Phones that still have the record are told
-- by it, and nothing of it is stored again. A restored backup gets these rows from the newest copy before it is used.
CREATE TABLE deletions (
  learner TEXT PRIMARY KEY NOT NULL,
  deleted_ms INTEGER NOT NULL,
  why TEXT NOT NULL
) STRICT;

-- Numbers of certificates that no longer count, for whoever checks a paper.
CREATE TABLE withdrawn_certificates (
  id TEXT PRIMARY KEY NOT NULL,
  withdrawn_ms INTEGER NOT NULL
) STRICT;

-- Since when only those who answer requests may see the person; NULL for almost everybody.
ALTER TABLE people ADD COLUMN restricted_ms INTEGER;

-- What deletion looks for.
CREATE INDEX quarantine_by_learner ON quarantine (learner);
CREATE INDEX quarantine_by_bound ON quarantine (bound_to) WHERE bound_to IS NOT NULL;
CREATE INDEX import_rows_by_person ON import_rows (person);

-- What went wrong with personal data. `path`: where; empty for everywhere. `told_ms`: when Bộ Công an (A05) was told.
CREATE TABLE incidents (
  id TEXT PRIMARY KEY NOT NULL,
  path TEXT NOT NULL,
  what TEXT NOT NULL,
  detected_ms INTEGER NOT NULL,
  kinds TEXT NOT NULL,
  people_number INTEGER NOT NULL,
  harm TEXT NOT NULL,
  done TEXT NOT NULL,
  told_ms INTEGER,
  told TEXT NOT NULL,
  closed_ms INTEGER,
  version INTEGER NOT NULL,
  entered_by TEXT NOT NULL REFERENCES staff (id),
  entered_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_by_time ON incidents (detected_ms);

-- Whom it concerns, as far as known. A person who is deleted later stays here as a number.
CREATE TABLE incident_people (
  incident TEXT NOT NULL REFERENCES incidents (id),
  person TEXT NOT NULL,
  PRIMARY KEY (incident, person)
) STRICT;
