-- Which operations a caller's credential is for; null for all of them.
ALTER TABLE approvals ADD COLUMN caller_scope TEXT;
ALTER TABLE changes ADD COLUMN caller_scope TEXT;
ALTER TABLE incidents ADD COLUMN caller_scope TEXT;
ALTER TABLE runs ADD COLUMN caller_scope TEXT;
ALTER TABLE hushes ADD COLUMN caller_scope TEXT;

-- Bearer keys that were given to programs. The key itself is kept nowhere.
CREATE TABLE api_keys (
    hash              TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    level             TEXT NOT NULL,
    scope             TEXT,
    per_minute        BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    created_by        TEXT NOT NULL,
    expires_at        BIGINT,
    revoked_at        BIGINT,
    used_at           BIGINT
);

-- What was taken back keeps its name, for the audit.
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE revoked_at IS NULL;

-- Codes and tokens of OAuth.
CREATE TABLE grants (
    hash              TEXT PRIMARY KEY,
    kind              TEXT NOT NULL,
    family            TEXT NOT NULL,
    client            TEXT NOT NULL,
    level             TEXT NOT NULL,
    scope             TEXT,
    resource          TEXT NOT NULL,
    issued_at         BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    used_at           BIGINT,
    revoked_at        BIGINT,
    redirect          TEXT,
    challenge         TEXT
);

CREATE INDEX grants_of_family ON grants (family);
CREATE INDEX grants_of_client ON grants (client);

-- OAuth clients that registered themselves.
CREATE TABLE clients (
    id                TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    redirects         TEXT NOT NULL,
    secret_hash       TEXT,
    created_at        BIGINT NOT NULL
);
