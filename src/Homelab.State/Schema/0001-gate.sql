-- What the gate writes down: the journal of changes, approvals and the audit.
-- Times are UTC ticks (100 ns since 0001-01-01), spans are ticks, enums are their names.

CREATE TABLE audit (
    sequence      INTEGER PRIMARY KEY,
    time          INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    operation     TEXT NOT NULL,
    target        TEXT NOT NULL,
    via           TEXT NOT NULL,
    identity      TEXT NOT NULL,
    decision      TEXT NOT NULL,
    result        TEXT NOT NULL,
    error         TEXT NOT NULL,
    elapsed       INTEGER,
    incident      TEXT NOT NULL,
    run           TEXT NOT NULL,
    change        TEXT NOT NULL,
    approval      TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL
);

CREATE TABLE approvals (
    id                TEXT NOT NULL PRIMARY KEY,
    operation         TEXT NOT NULL,
    input             TEXT NOT NULL,
    hash              TEXT NOT NULL,
    target            TEXT NOT NULL,
    question          TEXT NOT NULL,
    reason            TEXT NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    requested_at      INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    needed            INTEGER NOT NULL,
    confirmations     TEXT NOT NULL, -- JSON
    status            TEXT NOT NULL,
    denied_by         TEXT,
    version           INTEGER NOT NULL
);

CREATE INDEX approvals_by_status ON approvals (status, requested_at);
CREATE INDEX approvals_pending_by_hash ON approvals (hash) WHERE status = 'Pending';

CREATE TABLE changes (
    id                TEXT NOT NULL PRIMARY KEY,
    key               TEXT NOT NULL UNIQUE,
    operation         TEXT NOT NULL,
    input             TEXT NOT NULL,
    target            TEXT NOT NULL,
    risk              TEXT NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    mark              TEXT,
    approval          TEXT REFERENCES approvals (id),
    owner             TEXT NOT NULL,
    started_at        INTEGER NOT NULL,
    ended_at          INTEGER,
    status            TEXT NOT NULL,
    result            TEXT,
    error             TEXT
);

-- One change in flight per target, whatever the code above it believes.
CREATE UNIQUE INDEX changes_in_flight ON changes (target) WHERE status = 'Open';
CREATE INDEX changes_interrupting ON changes (target, ended_at) WHERE risk IN ('Disrupt', 'Destroy');
CREATE INDEX changes_unattended_on_target ON changes (target, started_at) WHERE caller_face <> 'Interactive';
CREATE INDEX changes_unattended ON changes (started_at) WHERE caller_face <> 'Interactive';
