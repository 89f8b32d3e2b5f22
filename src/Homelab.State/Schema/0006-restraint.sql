-- What holds healing back.

-- The big red switch: one row while it is pulled.
CREATE TABLE suspension (
    id                INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    pulled_by         TEXT NOT NULL,
    reason            TEXT NOT NULL,
    pulled_at         INTEGER NOT NULL,
    until             INTEGER
);
