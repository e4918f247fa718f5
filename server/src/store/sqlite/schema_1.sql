-- ProofKey's grant store, schema version 1.
-- Times are seconds since the epoch by the store's clock. Of codes and tokens there are only the
-- SHA-256 hashes; verifiers never come here at all.

CREATE TABLE grants (
    grant_id              TEXT    NOT NULL PRIMARY KEY,
    code_hash             BLOB    NOT NULL CHECK (length(code_hash) = 32),
    code_challenge        TEXT             CHECK (length(code_challenge) = 43),
    client_id             TEXT    NOT NULL,
    subject               TEXT    NOT NULL,
    redirect_uri          TEXT    NOT NULL,
    redirect_uri_was_sent INTEGER NOT NULL CHECK (redirect_uri_was_sent IN (0, 1)),
    scope                 TEXT    NOT NULL,
    resource              TEXT,
    expires_at            INTEGER NOT NULL,
    keep_until            INTEGER NOT NULL,
    used                  INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    revoked               INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)),
    mismatches            INTEGER NOT NULL DEFAULT 0 CHECK (mismatches >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_keep_until ON grants (keep_until);

CREATE TABLE tokens (
    grant_id   TEXT    NOT NULL REFERENCES grants (grant_id) ON DELETE CASCADE,
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    kind       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (grant_id, token_hash)
) STRICT, WITHOUT ROWID;

-- A grant is kept as long as one of its tokens is valid: a revocation must have something to mark.
CREATE TRIGGER tokens_keep_their_grant AFTER INSERT ON tokens BEGIN
    UPDATE grants SET keep_until = max(keep_until, NEW.expires_at) WHERE grant_id = NEW.grant_id;
END;

-- How many grants there are, so that a bounded store need not count them at every put.
CREATE TABLE tally (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    grants INTEGER NOT NULL CHECK (grants >= 0)
) STRICT;

INSERT INTO tally (id, grants) VALUES (1, 0);

CREATE TRIGGER grants_inserted AFTER INSERT ON grants BEGIN
    UPDATE tally SET grants = grants + 1;
END;

CREATE TRIGGER grants_deleted AFTER DELETE ON grants BEGIN
    UPDATE tally SET grants = grants - 1;
END;
