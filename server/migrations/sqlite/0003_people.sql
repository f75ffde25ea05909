-- Places and people. Same tables, columns and meanings as in ../postgres.

-- Administrative units, each with the days between which it is valid, written 20250701; 0 is "not known since when", NULL "until
-- further notice". `level`: 0 country, 1 province, 2 district, 3 commune, 4 hamlet. `path`: ids from the country down to the
-- unit, each followed by '/'. `fold`: the name folded, after one space, so that ' dong' is found at the beginning of a word.
CREATE TABLE places (
  id TEXT PRIMARY KEY NOT NULL,
  code TEXT,
  level INTEGER NOT NULL,
  name TEXT NOT NULL,
  parent TEXT REFERENCES places (id),
  path TEXT NOT NULL UNIQUE,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER,
  sort_key TEXT NOT NULL,
  fold TEXT NOT NULL
) STRICT;
CREATE INDEX places_by_parent ON places (parent, sort_key);

-- What followed a unit that is no longer valid. `is_main`: 1 for the one that holds most of it.
CREATE TABLE place_successors (
  old TEXT NOT NULL REFERENCES places (id),
  new TEXT NOT NULL REFERENCES places (id),
  is_main INTEGER NOT NULL,
  PRIMARY KEY (old, new)
) STRICT;
CREATE INDEX place_successors_by_new ON place_successors (new);

-- Which edition of the place files is in `places`.
CREATE TABLE place_editions (
  name TEXT PRIMARY KEY NOT NULL,
  hash TEXT NOT NULL,
  imported_ms INTEGER NOT NULL
) STRICT;

-- One citizen, with the same id as the learning record. `province`, `commune` and `path` follow from `place`. `fold` is the name
-- folded, after one space; `alike` the form in which two entries of one name are the same. `version` rises with every change; 0
-- is a record from before this table, whose name is still to be taken from its facts. `merged_into`: the record that stands for
-- this one too, see person_decisions.
CREATE TABLE people (
  id TEXT PRIMARY KEY NOT NULL REFERENCES learners (id),
  name TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  fold TEXT NOT NULL,
  alike TEXT NOT NULL,
  birth_year INTEGER,
  place TEXT REFERENCES places (id),
  province TEXT,
  commune TEXT,
  path TEXT NOT NULL,
  person_group TEXT,
  phone TEXT,
  needs TEXT NOT NULL,
  ambassador TEXT,
  identity_hash TEXT,
  identity_end TEXT,
  merged_into TEXT REFERENCES people (id),
  version INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;
-- Lists: everybody, one province, one commune, one ambassador's, each in the order of names.
CREATE INDEX people_by_name ON people (sort_key, id) WHERE merged_into IS NULL;
CREATE INDEX people_by_province ON people (province, sort_key, id) WHERE merged_into IS NULL;
CREATE INDEX people_by_commune ON people (commune, sort_key, id) WHERE merged_into IS NULL;
CREATE INDEX people_by_ambassador ON people (ambassador, sort_key, id) WHERE merged_into IS NULL;
CREATE INDEX people_by_place ON people (province, commune, place) WHERE merged_into IS NULL;
CREATE INDEX people_by_alike ON people (alike, commune, phone);
CREATE INDEX people_by_phone ON people (phone);
CREATE INDEX people_by_identity ON people (identity_hash);
CREATE INDEX people_by_merged ON people (merged_into) WHERE merged_into IS NOT NULL;

-- The words of every name, folded: who bears one, in the order of names. `fold` is the whole name's, so that further words
-- are tested on the way.
CREATE TABLE person_words (
  word TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people (id),
  fold TEXT NOT NULL,
  PRIMARY KEY (word, sort_key, person)
) STRICT, WITHOUT ROWID;

-- Pairs that look like one person entered twice, `a` before `b`. `state`: open, merged, apart.
CREATE TABLE likely_duplicates (
  a TEXT NOT NULL REFERENCES people (id),
  b TEXT NOT NULL REFERENCES people (id),
  likeness TEXT NOT NULL,
  found_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (a, b)
) STRICT;
CREATE INDEX likely_duplicates_by_b ON likely_duplicates (b);
CREATE INDEX likely_duplicates_open ON likely_duplicates (found_ms) WHERE state = 'open';

-- What a person decided about two records: `merge` (`kept` stands for both) or `apart`. One that was taken back says by whom.
CREATE TABLE person_decisions (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  kept TEXT NOT NULL REFERENCES people (id),
  other TEXT NOT NULL REFERENCES people (id),
  decided_by TEXT NOT NULL,
  decided_ms INTEGER NOT NULL,
  undone_by TEXT,
  undone_ms INTEGER
) STRICT;
CREATE INDEX person_decisions_by_kept ON person_decisions (kept);
CREATE INDEX person_decisions_by_other ON person_decisions (other);

-- Lists of people that were read in, and what each row did. `before` and `after`: the details as JSON.
CREATE TABLE import_batches (
  number INTEGER PRIMARY KEY NOT NULL,
  imported_by TEXT NOT NULL,
  imported_ms INTEGER NOT NULL,
  place TEXT NOT NULL,
  undone_by TEXT,
  undone_ms INTEGER
) STRICT;
CREATE TABLE import_rows (
  batch INTEGER NOT NULL REFERENCES import_batches (number),
  line INTEGER NOT NULL,
  person TEXT NOT NULL,
  before TEXT,
  after TEXT NOT NULL,
  PRIMARY KEY (batch, line)
) STRICT;

-- The phone that stands for this server in the facts it writes itself: no token has this hash.
INSERT INTO devices (id, token_hash, created_ms, last_seen_ms)
VALUES ('00000000-0000-0000-0000-000000000000', '', 0, 0);

INSERT INTO people (id, name, sort_key, fold, alike, path, needs, version, created_ms, changed_ms)
SELECT id, '', '', '', '', '', '', 0, created_ms, created_ms FROM learners;
