-- What a person decided about something set aside. Same tables, columns and meanings as in ../postgres.

-- `outcome`: stored (judged again, and now a fact), bound (now a fact of `bound_to`), or why it was closed without becoming
-- one. A closing that was taken back is open again; who did what stands in `audit`.
ALTER TABLE quarantine ADD COLUMN closed_ms INTEGER;
ALTER TABLE quarantine ADD COLUMN closed_by TEXT REFERENCES staff (id);
ALTER TABLE quarantine ADD COLUMN outcome TEXT;
ALTER TABLE quarantine ADD COLUMN bound_to TEXT REFERENCES learners (id);
CREATE INDEX quarantine_open ON quarantine (id) WHERE closed_ms IS NULL;
CREATE INDEX quarantine_settled ON quarantine (id) WHERE closed_ms IS NOT NULL;
