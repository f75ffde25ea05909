-- Classes, and roles for some of a place's people. Same tables, columns and meanings as in ../postgres.

-- People who learn together: at school, in the evening, in a hamlet's house of culture. `place` and `path`: where it is held.
-- `fold`: the name folded, for searching; `alike` the form in which two spellings are the same. `closed_ms`: since when nobody joins any more.
CREATE TABLE classes (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  fold TEXT NOT NULL,
  alike TEXT NOT NULL,
  place TEXT NOT NULL REFERENCES places (id),
  path TEXT NOT NULL,
  opened_by TEXT NOT NULL REFERENCES staff (id),
  opened_ms INTEGER NOT NULL,
  closed_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX classes_open_by_name ON classes (place, alike) WHERE closed_ms IS NULL;
CREATE INDEX classes_by_path ON classes (path, fold);
CREATE INDEX classes_by_name ON classes (alike);

-- Who is in a class; follows from `people.classes`, which follows from the person's facts.
CREATE TABLE class_members (
  class TEXT NOT NULL REFERENCES classes (id),
  person TEXT NOT NULL REFERENCES people (id),
  PRIMARY KEY (class, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX class_members_by_person ON class_members (person);

-- The ids of a person's classes, rising, a space between them.
ALTER TABLE people ADD COLUMN classes TEXT NOT NULL DEFAULT '';

-- For which of a place's people a role is given: those of a group, the members of a class; NULL for all.
ALTER TABLE staff_grants ADD COLUMN person_group TEXT;
ALTER TABLE staff_grants ADD COLUMN class TEXT REFERENCES classes (id);
