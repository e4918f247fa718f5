-- ProofKey's grant store, schema version 4: what a server keeps for minutes.
-- Pushed requests, devices that wait, proofs that were seen. No value holds a code, a token or a verifier.

CREATE TABLE pending (
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    value      BLOB    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX pending_by_expiry ON pending (kind, expires_at);
