-- ProofKey's grant store, schema version 5: what comes together lies together.
-- A grant's identifier is random. With it as the key of the table, each write went to a page of its own; now rows lie
-- in the order in which they came, and the writes that share a commit share pages.

ALTER TABLE grants RENAME TO old_grants;
ALTER TABLE tokens RENAME TO old_tokens;
DROP INDEX grants_by_keep_until;
DROP TRIGGER tokens_keep_their_grant;
DROP TRIGGER grants_inserted;
DROP TRIGGER grants_deleted;

CREATE TABLE grants (
    entry                 INTEGER PRIMARY KEY,
    grant_id              TEXT    NOT NULL UNIQUE,
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
    mismatches            INTEGER NOT NULL DEFAULT 0 CHECK (mismatches >= 0),
    refreshable           INTEGER NOT NULL DEFAULT 0 CHECK (refreshable IN (0, 1)),
    generation            INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0),
    rotated_at            INTEGER NOT NULL DEFAULT 0,
    dpop_jkt              TEXT,
    nonce                 TEXT,
    auth_time             INTEGER,
    acr                   TEXT,
    authorization_details TEXT
) STRICT;

INSERT INTO grants (grant_id, code_hash, code_challenge, client_id, subject, redirect_uri, redirect_uri_was_sent,
    scope, resource, expires_at, keep_until, used, revoked, mismatches, refreshable, generation, rotated_at, dpop_jkt,
    nonce, auth_time, acr, authorization_details)
SELECT grant_id, code_hash, code_challenge, client_id, subject, redirect_uri, redirect_uri_was_sent,
    scope, resource, expires_at, keep_until, used, revoked, mismatches, refreshable, generation, rotated_at, dpop_jkt,
    nonce, auth_time, acr, authorization_details
FROM old_grants ORDER BY expires_at;

CREATE INDEX grants_by_keep_until ON grants (keep_until);

CREATE TABLE tokens (
    entry      INTEGER NOT NULL REFERENCES grants (entry) ON DELETE CASCADE,
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    kind       TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    scope      TEXT,
    generation INTEGER NOT NULL CHECK (generation >= 0),
    dpop_jkt   TEXT,
    PRIMARY KEY (entry, token_hash)
) STRICT, WITHOUT ROWID;

INSERT INTO tokens (entry, token_hash, kind, expires_at, scope, generation, dpop_jkt)
SELECT g.entry, t.token_hash, t.kind, t.expires_at, t.scope, t.generation, t.dpop_jkt
FROM old_tokens t JOIN grants g USING (grant_id);

DROP TABLE old_tokens;
DROP TABLE old_grants;

-- A grant is kept as long as one of its tokens is valid: a revocation must have something to mark.
CREATE TRIGGER tokens_keep_their_grant AFTER INSERT ON tokens BEGIN
    UPDATE grants SET keep_until = NEW.expires_at WHERE entry = NEW.entry AND keep_until < NEW.expires_at;
END;

CREATE TRIGGER grants_inserted AFTER INSERT ON grants BEGIN
    UPDATE tally SET grants = grants + 1;
END;

CREATE TRIGGER grants_deleted AFTER DELETE ON grants BEGIN
    UPDATE tally SET grants = grants - 1;
END;

-- How many entries of each kind wait, so that a put need not count them.
CREATE TABLE pending_tally (
    kind    TEXT    NOT NULL PRIMARY KEY,
    entries INTEGER NOT NULL CHECK (entries >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO pending_tally (kind, entries) SELECT kind, count(*) FROM pending GROUP BY kind;

CREATE TRIGGER pending_inserted AFTER INSERT ON pending BEGIN
    INSERT INTO pending_tally (kind, entries) VALUES (NEW.kind, 1)
        ON CONFLICT (kind) DO UPDATE SET entries = entries + 1;
END;

CREATE TRIGGER pending_deleted AFTER DELETE ON pending BEGIN
    UPDATE pending_tally SET entries = entries - 1 WHERE kind = OLD.kind;
END;
