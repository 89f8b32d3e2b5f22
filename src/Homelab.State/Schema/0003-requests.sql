-- Runs on request, which belong to no incident and may concern no service, and what the clock has set off.
-- SQLite cannot make a column nullable, so the runs and what refers to them are built anew.

CREATE TABLE runs_new (
    id                TEXT NOT NULL PRIMARY KEY,
    incident          TEXT REFERENCES incidents (id),
    service           TEXT,
    runbook           TEXT NOT NULL,
    attempt           INTEGER NOT NULL,
    caller_face       TEXT NOT NULL,
    caller_identity   TEXT NOT NULL,
    caller_ceiling    TEXT NOT NULL,
    caller_incident   TEXT,
    caller_run        TEXT,
    given             TEXT NOT NULL, -- JSON
    status            TEXT NOT NULL,
    summary           TEXT NOT NULL,
    owner             TEXT,
    started_at        INTEGER NOT NULL,
    verifying_since   INTEGER,
    ended_at          INTEGER,
    evidence          TEXT NOT NULL -- JSON
);

INSERT INTO runs_new
SELECT
    r.id, r.incident, r.service, r.runbook, r.attempt,
    i.caller_face, i.caller_identity, i.caller_ceiling, i.caller_incident, i.caller_run,
    '{}', r.status, '', NULL, r.started_at, r.verifying_since, r.ended_at, r.evidence
FROM runs r JOIN incidents i ON i.id = r.incident;

CREATE TABLE steps_new (
    position          INTEGER PRIMARY KEY,
    run               TEXT NOT NULL REFERENCES runs_new (id),
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

INSERT INTO steps_new SELECT position, run, step, item, try, status, result, error, approval, at FROM steps;

DROP TABLE steps;
DROP TABLE runs;
ALTER TABLE runs_new RENAME TO runs;
ALTER TABLE steps_new RENAME TO steps;

CREATE INDEX runs_of_incident ON runs (incident, started_at);
CREATE INDEX runs_of_service ON runs (runbook, service, started_at);
CREATE INDEX runs_by_time ON runs (started_at);
CREATE INDEX runs_open ON runs (started_at) WHERE ended_at IS NULL;

-- Every moment up to "moment" is dealt with; "owner" is the process that runs what was fired.
CREATE TABLE schedules (
    runbook           TEXT NOT NULL PRIMARY KEY,
    expression        TEXT NOT NULL,
    moment            INTEGER NOT NULL,
    fired_at          INTEGER,
    owner             TEXT
);
