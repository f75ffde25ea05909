-- The key a phone signs its batches with (none before it registers one), and what kind of browser it is, for people.
ALTER TABLE devices ADD COLUMN public_key TEXT COLLATE "C";
ALTER TABLE devices ADD COLUMN label TEXT NOT NULL DEFAULT '';

-- Every key a phone ever had: what was signed with an earlier one may still be on its way.
CREATE TABLE device_keys (
  device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
  public_key TEXT COLLATE "C" NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (device, public_key)
);

-- When a record was taken off a phone, perhaps a lost one; NULL while the phone has it.
ALTER TABLE device_learners ADD COLUMN removed_ms BIGINT;
CREATE INDEX device_learners_by_learner ON device_learners (learner);
