-- Times are UTC ticks (100 ns since 0001-01-01), spans are ticks, enums are their names, flags are 0 and 1: as in the SQLite file, since both are read by the same
-- code. Texts are compared byte by byte, so that an order does not depend on the server's language. Only leases go by the database's own clock.

CREATE TABLE homelab_schema (version BIGINT PRIMARY KEY, at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp());

-- Which processes live. One that opens the state twice has two holders.
CREATE TABLE leases (
    holder            TEXT PRIMARY KEY,
    owner             TEXT NOT NULL,
    expires_at        TIMESTAMPTZ NOT NULL
);

CREATE INDEX leases_of_owner ON leases (owner);

CREATE TABLE audit (
    sequence          BIGINT PRIMARY KEY,
    time              BIGINT NOT NULL,
    kind              TEXT NOT NULL,
    operation         TEXT NOT NULL,
    target            TEXT NOT NULL,
    via               TEXT NOT NULL,
    identity          TEXT NOT NULL,
    decision          TEXT NOT NULL,
    result            TEXT NOT NULL,
    error             TEXT NOT NULL,
    elapsed           BIGINT,
    incident          TEXT NOT NULL,
    run               TEXT NOT NULL,
    change            TEXT NOT NULL,
    approval          TEXT NOT NULL,
    previous_hash     TEXT NOT NULL,
    hash              TEXT NOT NULL
);

CREATE TABLE approvals (
    id                TEXT COLLATE "C" PRIMARY KEY,
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
    requested_at      BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    needed            BIGINT NOT NULL,
    confirmations     TEXT NOT NULL, -- JSON
    status            TEXT NOT NULL,
    denied_by         TEXT,
    version           BIGINT NOT NULL
);

CREATE INDEX approvals_by_status ON approvals (status, requested_at);
CREATE INDEX approvals_pending_by_hash ON approvals (hash) WHERE status = 'Pending';

CREATE TABLE changes (
    id                TEXT COLLATE "C" PRIMARY KEY,
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
    started_at        BIGINT NOT NULL,
    ended_at          BIGINT,
    status            TEXT NOT NULL,
    result            TEXT,
    error             TEXT
);

-- One change in flight per target, whatever the code above it believes; what only looks disturbs nobody.
CREATE UNIQUE INDEX changes_in_flight ON changes (target) WHERE status = 'Open' AND risk <> 'Read';
CREATE INDEX changes_interrupting ON changes (target, ended_at) WHERE risk IN ('Disrupt', 'Destroy');
CREATE INDEX changes_unattended_on_target ON changes (target, started_at) WHERE caller_face <> 'Interactive';
CREATE INDEX changes_unattended ON changes (started_at) WHERE caller_face <> 'Interactive';

CREATE TABLE incidents (
    id                TEXT COLLATE "C" PRIMARY KEY,
    service           TEXT NOT NULL,
    status            TEXT NOT NULL,
    alert             TEXT NOT NULL,
    message           TEXT NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    opened_at         BIGINT NOT NULL,
    due_at            BIGINT NOT NULL,
    closed_at         BIGINT,
    runbook           TEXT,
    root              TEXT,
    summary           TEXT NOT NULL,
    owner             TEXT,
    parent            TEXT REFERENCES incidents (id),
    finding           TEXT -- JSON
);

-- Two alerts that race open one incident, not two.
CREATE UNIQUE INDEX incidents_open ON incidents (service) WHERE closed_at IS NULL;
CREATE INDEX incidents_by_time ON incidents (opened_at);
CREATE INDEX incidents_of_parent ON incidents (parent) WHERE parent IS NOT NULL;

-- Positions are the order in which things were taken in: writers stand one after the other, so they grow with it.
CREATE TABLE alerts (
    position          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    hook              TEXT NOT NULL,
    source            TEXT NOT NULL,
    status            TEXT NOT NULL,
    subject           TEXT,
    subject_id        TEXT,
    address           TEXT,
    message           TEXT NOT NULL,
    at                BIGINT NOT NULL,
    is_repeat         BIGINT NOT NULL,
    days_left         BIGINT,
    fingerprint       TEXT NOT NULL,
    received_at       BIGINT NOT NULL,
    service           TEXT,
    incident          TEXT REFERENCES incidents (id),
    details           TEXT, -- JSON
    UNIQUE (source, fingerprint)
);

CREATE INDEX alerts_of_incident ON alerts (incident, position) WHERE incident IS NOT NULL;

CREATE TABLE runs (
    id                TEXT COLLATE "C" PRIMARY KEY,
    incident          TEXT REFERENCES incidents (id),
    service           TEXT,
    runbook           TEXT NOT NULL,
    attempt           BIGINT NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    given             TEXT NOT NULL, -- JSON
    status            TEXT NOT NULL,
    summary           TEXT NOT NULL,
    owner             TEXT,
    started_at        BIGINT NOT NULL,
    verifying_since   BIGINT,
    ended_at          BIGINT,
    evidence          TEXT NOT NULL -- JSON
);

CREATE INDEX runs_of_incident ON runs (incident, started_at);
CREATE INDEX runs_of_service ON runs (runbook, service, started_at);
CREATE INDEX runs_by_time ON runs (started_at);
CREATE INDEX runs_open ON runs (started_at) WHERE ended_at IS NULL;

CREATE TABLE steps (
    position          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run               TEXT NOT NULL REFERENCES runs (id),
    step              TEXT NOT NULL,
    item              BIGINT NOT NULL,
    try               BIGINT NOT NULL,
    status            TEXT NOT NULL,
    result            TEXT,
    error             TEXT,
    approval          TEXT,
    at                BIGINT NOT NULL,
    UNIQUE (run, step, item)
);

-- The incident is not a foreign key: a message to people is never turned away.
CREATE TABLE notices (
    position          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    incident          TEXT NOT NULL,
    text              TEXT NOT NULL,
    created_at        BIGINT NOT NULL,
    sent_at           BIGINT,
    failures          BIGINT NOT NULL,
    owner             TEXT
);

CREATE INDEX notices_unsent ON notices (created_at) WHERE sent_at IS NULL;

CREATE TABLE schedules (
    runbook           TEXT PRIMARY KEY,
    expression        TEXT NOT NULL,
    moment            BIGINT NOT NULL,
    fired_at          BIGINT,
    owner             TEXT
);

-- The big red switch: one row while it is pulled.
CREATE TABLE suspension (
    id                BIGINT PRIMARY KEY CHECK (id = 1),
    pulled_by         TEXT NOT NULL,
    reason            TEXT NOT NULL,
    pulled_at         BIGINT NOT NULL,
    until             BIGINT
);

-- The last sign of life of whoever heals.
CREATE TABLE pulse (
    id                BIGINT PRIMARY KEY CHECK (id = 1),
    process           TEXT NOT NULL,
    at                BIGINT NOT NULL,
    has_stopped       BIGINT NOT NULL
);
