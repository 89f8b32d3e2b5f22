-- Monitors that are paused and alerts that are silenced while something is healed: each is written down before it is made.

CREATE TABLE hushes (
    id                TEXT NOT NULL PRIMARY KEY,
    kind              TEXT NOT NULL,
    service           TEXT NOT NULL,
    subject           TEXT NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    created_at        INTEGER NOT NULL,
    until             INTEGER NOT NULL,
    status            TEXT NOT NULL,
    reference         TEXT,
    failures          INTEGER NOT NULL,
    error             TEXT,
    owner             TEXT NOT NULL
);

CREATE INDEX hushes_open ON hushes (created_at) WHERE status IN ('Intended', 'Made');
