-- Of codes and tokens there are only hashes: a copy of the database signs nobody in.
CREATE TABLE IF NOT EXISTS grants (
    grant_id              TEXT    NOT NULL PRIMARY KEY,
    code_hash             BLOB    NOT NULL,
    client_id             TEXT    NOT NULL,
    subject               TEXT    NOT NULL,
    redirect_uri          TEXT    NOT NULL,
    redirect_uri_was_sent INTEGER NOT NULL,
    code_challenge        TEXT,
    scope                 TEXT    NOT NULL,
    resource              TEXT,
    refreshable           INTEGER NOT NULL,
    dpop_jkt              TEXT,
    nonce                 TEXT,
    auth_time             INTEGER,
    acr                   TEXT,
    authorization_details TEXT,
    expires_at            INTEGER NOT NULL,
    used                  INTEGER NOT NULL DEFAULT 0,
    revoked               INTEGER NOT NULL DEFAULT 0,
    mismatches            INTEGER NOT NULL DEFAULT 0,
    generation            INTEGER NOT NULL DEFAULT 0,
    rotated_at            INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS grants_by_expiry ON grants (expires_at);

CREATE TABLE IF NOT EXISTS tokens (
    grant_id         TEXT    NOT NULL REFERENCES grants (grant_id) ON DELETE CASCADE,
    token_hash       BLOB    NOT NULL,
    kind             TEXT    NOT NULL,
    token_expires_at INTEGER NOT NULL,
    token_scope      TEXT,
    token_dpop_jkt   TEXT,
    token_generation INTEGER NOT NULL,
    PRIMARY KEY (grant_id, token_hash)
);
CREATE INDEX IF NOT EXISTS tokens_by_expiry ON tokens (token_expires_at);

CREATE TABLE IF NOT EXISTS proofs (
    name             TEXT    NOT NULL PRIMARY KEY,
    proof_expires_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS proofs_by_expiry ON proofs (proof_expires_at);
