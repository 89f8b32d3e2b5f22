-- What healing writes down: alerts, incidents, runs, steps and notices.

CREATE TABLE incidents (
    id                TEXT NOT NULL PRIMARY KEY,
    service           TEXT NOT NULL,
    status            TEXT NOT NULL,
    alert             TEXT NOT NULL,
    message           TEXT NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    opened_at         INTEGER NOT NULL,
    due_at            INTEGER NOT NULL,
    closed_at         INTEGER,
    runbook           TEXT,
    root              TEXT,
    summary           TEXT NOT NULL,
    owner             TEXT
);

-- Two alerts that race open one incident, not two.
CREATE UNIQUE INDEX incidents_open ON incidents (service) WHERE closed_at IS NULL;
CREATE INDEX incidents_by_time ON incidents (opened_at);

-- Positions are the order in which things were taken in; nothing is ever deleted, so they only grow.
CREATE TABLE alerts (
    position          INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    hook              TEXT NOT NULL,
    source            TEXT NOT NULL,
    status            TEXT NOT NULL,
    subject           TEXT,
    subject_id        TEXT,
    address           TEXT,
    message           TEXT NOT NULL,
    at                INTEGER NOT NULL,
    is_repeat         INTEGER NOT NULL,
    days_left         INTEGER,
    fingerprint       TEXT NOT NULL,
    received_at       INTEGER NOT NULL,
    service           TEXT,
    incident          TEXT REFERENCES incidents (id),
    UNIQUE (source, fingerprint)
);

CREATE INDEX alerts_of_incident ON alerts (incident, position) WHERE incident IS NOT NULL;

CREATE TABLE runs (
    id                TEXT NOT NULL PRIMARY KEY,
    incident          TEXT NOT NULL REFERENCES incidents (id),
    service           TEXT NOT NULL,
    runbook           TEXT NOT NULL,
    attempt           INTEGER NOT NULL,
    status            TEXT NOT NULL,
    started_at        INTEGER NOT NULL,
    verifying_since   INTEGER,
    ended_at          INTEGER,
    evidence          TEXT NOT NULL -- JSON
);

CREATE INDEX runs_of_incident ON runs (incident, started_at);
CREATE INDEX runs_of_service ON runs (runbook, service, started_at);

CREATE TABLE steps (
    position          INTEGER PRIMARY KEY,
    run               TEXT NOT NULL REFERENCES runs (id),
    step              TEXT NOT NULL,
    item              INTEGER NOT NULL,
    try               INTEGER NOT NULL,
    status            TEXT NOT NULL,
    result            TEXT,
    error             TEXT,
    approval          TEXT,
    at                INTEGER NOT NULL,
    UNIQUE (run, step, item)
);

-- The incident is not a foreign key: a message to people is never turned away.
CREATE TABLE notices (
    position          INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    incident          TEXT NOT NULL,
    text              TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    sent_at           INTEGER,
    failures          INTEGER NOT NULL
);

CREATE INDEX notices_unsent ON notices (created_at) WHERE sent_at IS NULL;
