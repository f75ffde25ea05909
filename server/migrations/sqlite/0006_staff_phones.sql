-- Phones that colleagues use in villages. Same tables, columns and meanings as in ../postgres.

-- A phone tied to an account speaks for that colleague, in facts about people she enrols. `key_sealed`: the key of the list
-- on the phone, encrypted under a key outside the database, for whoever forgets what opens it. `untied_ms`: since when it
-- speaks for nobody; NULL while it does.
CREATE TABLE staff_phones (
  device TEXT PRIMARY KEY NOT NULL REFERENCES devices (id),
  staff TEXT NOT NULL REFERENCES staff (id),
  key_sealed TEXT NOT NULL,
  tied_ms INTEGER NOT NULL,
  untied_ms INTEGER
) STRICT;
CREATE INDEX staff_phones_by_staff ON staff_phones (staff);
