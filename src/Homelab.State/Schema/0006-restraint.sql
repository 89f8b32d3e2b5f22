-- What holds healing back, and by what its standstill is seen.

-- The big red switch: one row while it is pulled.
CREATE TABLE suspension (
    id                INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    pulled_by         TEXT NOT NULL,
    reason            TEXT NOT NULL,
    pulled_at         INTEGER NOT NULL,
    until             INTEGER
);

-- The last sign of life of whoever heals.
CREATE TABLE pulse (
    id                INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    process           TEXT NOT NULL,
    at                INTEGER NOT NULL,
    has_stopped       INTEGER NOT NULL
);
