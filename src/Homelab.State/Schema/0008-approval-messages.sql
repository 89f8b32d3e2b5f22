-- What people were asked about and how that ended, the messages by which they are asked, and messages for one channel alone.

ALTER TABLE approvals ADD COLUMN world TEXT;
ALTER TABLE approvals ADD COLUMN closed_at INTEGER;
ALTER TABLE approvals ADD COLUMN voided_by TEXT;

CREATE INDEX approvals_by_time ON approvals (requested_at);
CREATE INDEX changes_of_approval ON changes (approval) WHERE approval IS NOT NULL;

-- The nonce is what buttons carry; a row whose reference is null was claimed, and perhaps put.
CREATE TABLE approval_messages (
    approval          TEXT NOT NULL REFERENCES approvals (id),
    channel           TEXT NOT NULL,
    nonce             TEXT NOT NULL UNIQUE,
    reference         TEXT,
    shown             TEXT NOT NULL,
    people            TEXT NOT NULL, -- JSON
    is_final          INTEGER NOT NULL,
    PRIMARY KEY (approval, channel)
);

CREATE INDEX approval_messages_open ON approval_messages (channel, approval) WHERE is_final = 0;

-- "owner" is the process that puts questions on the channel and hears the answers: two of them would be told of half the answers each.
CREATE TABLE approval_channels (
    channel           TEXT NOT NULL PRIMARY KEY,
    owner             TEXT,
    seen_at           INTEGER,
    cursor            TEXT
);

ALTER TABLE notices ADD COLUMN channel TEXT;
