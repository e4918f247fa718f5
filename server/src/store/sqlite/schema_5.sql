-- ProofKey's grant store, schema version 5: clients that registered themselves (RFC 7591).
-- Public clients: of the token that manages a registration (RFC 7592) there is the SHA-256 hash alone.

CREATE TABLE clients (
    client_id     TEXT    NOT NULL PRIMARY KEY,
    token_hash    BLOB    NOT NULL CHECK (length(token_hash) = 32),
    -- What the client said of itself and was registered, as JSON.
    metadata      TEXT    NOT NULL,
    registered_at INTEGER NOT NULL,
    keep_until    INTEGER NOT NULL,
    -- Whether something was issued to it.
    used          INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX clients_by_keep_until ON clients (keep_until);

CREATE INDEX unused_clients ON clients (registered_at) WHERE used = 0;
