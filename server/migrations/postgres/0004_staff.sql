-- Staff who sign in: accounts, roles for places, sessions, second factor, tries, and who saw or changed whom. Same tables,
-- columns and meanings as in ../sqlite.

-- `name` is how a person signs in, `login_key` the same without case and diacritics (accounts from before keep their
-- name). `given` is 1 while the password is one that somebody else chose. `totp_sealed` is encrypted under a key outside
-- the database; `totp_step` the last used one. `subject` is who the person is to the OpenID provider.
ALTER TABLE staff ADD COLUMN login_key TEXT COLLATE "C";
ALTER TABLE staff ADD COLUMN whole_name TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN folded TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN phone TEXT COLLATE "C";
ALTER TABLE staff ADD COLUMN person TEXT COLLATE "C";
ALTER TABLE staff ADD COLUMN given BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN stopped_ms BIGINT;
ALTER TABLE staff ADD COLUMN totp_sealed TEXT;
ALTER TABLE staff ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN subject TEXT COLLATE "C";
UPDATE staff SET login_key = name, whole_name = name, folded = name;
CREATE UNIQUE INDEX staff_by_login_key ON staff (login_key);
CREATE UNIQUE INDEX staff_by_phone ON staff (phone);
CREATE UNIQUE INDEX staff_by_subject ON staff (subject);

-- Which role somebody holds, where (the path of a place; NULL for roles without one) and when. Rows are ended, not deleted.
CREATE TABLE staff_grants (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  role TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C",
  place_name TEXT NOT NULL,
  granted_by TEXT COLLATE "C" REFERENCES staff (id),
  from_ms BIGINT NOT NULL,
  until_ms BIGINT,
  ended_by TEXT COLLATE "C" REFERENCES staff (id)
);
CREATE INDEX staff_grants_by_staff ON staff_grants (staff);
CREATE INDEX staff_grants_by_place ON staff_grants (place);
INSERT INTO staff_grants (id, staff, role, place, place_name, granted_by, from_ms, until_ms, ended_by)
  SELECT id, id, 'system-admin', NULL, '', NULL, created_ms, NULL, NULL FROM staff WHERE role = 'admin';
ALTER TABLE staff DROP COLUMN role;

-- One signed-in browser; the token itself is only in its cookie. `code_passed` is 1 after the second factor.
CREATE TABLE staff_sessions (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
  staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  device TEXT NOT NULL,
  code_passed BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  seen_ms BIGINT NOT NULL
);
CREATE INDEX staff_sessions_by_staff ON staff_sessions (staff);

-- Browsers in which somebody signed in before: strangers' tries do not lock them out.
CREATE TABLE staff_browsers (
  token_hash TEXT COLLATE "C" NOT NULL,
  staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  seen_ms BIGINT NOT NULL,
  PRIMARY KEY (token_hash, staff)
);

-- What opens the second factor once when the phone with the application is lost.
CREATE TABLE staff_recovery_codes (
  staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
  code_hash TEXT COLLATE "C" NOT NULL,
  used_ms BIGINT,
  PRIMARY KEY (staff, code_hash)
);

-- Tries to sign in, counted for each account, browser and network since the first one of a window.
CREATE TABLE staff_tries (
  tried TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  tries BIGINT NOT NULL,
  since_ms BIGINT NOT NULL
);
CREATE INDEX staff_tries_by_age ON staff_tries (since_ms);

-- Who saw or changed whom. `actor` is NULL for the command line; `person` is a learner, `staff` a colleague, `place` where
-- either of them is. Append-only; ids rise with time.
CREATE TABLE audit (
  id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
  at_ms BIGINT NOT NULL,
  actor TEXT COLLATE "C" REFERENCES staff (id),
  action TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C",
  staff TEXT COLLATE "C" REFERENCES staff (id),
  place TEXT COLLATE "C",
  detail TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_ms, id);
CREATE INDEX audit_by_actor ON audit (actor, at_ms);
CREATE INDEX audit_by_person ON audit (person, at_ms);
CREATE INDEX audit_by_place ON audit (place, at_ms);
