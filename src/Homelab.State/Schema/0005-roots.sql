-- What only some alerts say, and where an incident comes from.

ALTER TABLE alerts ADD COLUMN details TEXT; -- JSON

ALTER TABLE incidents ADD COLUMN parent TEXT REFERENCES incidents (id);
ALTER TABLE incidents ADD COLUMN finding TEXT; -- JSON

CREATE INDEX incidents_of_parent ON incidents (parent) WHERE parent IS NOT NULL;
