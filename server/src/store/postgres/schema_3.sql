-- ProofKey's grant store in PostgreSQL, schema version 3: clients that registered themselves (RFC 7591).
-- Public clients: of the token that manages a registration (RFC 7592) there is the SHA-256 hash alone.

CREATE TABLE {schema}.clients (
    client_id     text    COLLATE "C" NOT NULL PRIMARY KEY,
    token_hash    bytea   NOT NULL CHECK (octet_length(token_hash) = 32),
    -- What the client said of itself and was registered, as JSON.
    metadata      text    NOT NULL,
    registered_at bigint  NOT NULL,
    keep_until    bigint  NOT NULL,
    -- Whether something was issued to it.
    used          boolean NOT NULL DEFAULT false
);

CREATE INDEX clients_by_keep_until ON {schema}.clients (keep_until);

CREATE INDEX unused_clients ON {schema}.clients (registered_at) WHERE NOT used;

-- Keeps a client of a new identifier: 'kept', 'known' or 'full'. A few that are over go with it; where there are as
-- many as there may be, the oldest that were never used make room, once they are spared no more. Those that come at
-- once may pass the bound together.
CREATE FUNCTION {schema}.client_register(
    the_id text, the_hash bytea, the_metadata text, lifetime_s bigint, at_most bigint, spared_s bigint
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    at_s bigint := {schema}.now_s();
    too_many bigint;
    gone bigint;
BEGIN
    -- An array is made once. Rows that were just deleted make no room for others within a limit.
    DELETE FROM {schema}.clients WHERE client_id = ANY (ARRAY(
        SELECT client_id FROM {schema}.clients WHERE keep_until <= at_s
        ORDER BY keep_until LIMIT 32 FOR UPDATE SKIP LOCKED));
    PERFORM FROM {schema}.clients WHERE client_id = the_id;
    IF FOUND THEN
        RETURN 'known';
    END IF;
    too_many := (SELECT count(*) FROM {schema}.clients) - at_most + 1;
    IF too_many > 0 THEN
        -- One that is just being used is locked, or it is looked at again: it stays.
        DELETE FROM {schema}.clients WHERE client_id = ANY (ARRAY(
            SELECT client_id FROM {schema}.clients WHERE NOT used AND registered_at <= at_s - spared_s
            ORDER BY registered_at LIMIT least(too_many, 32) FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone < too_many THEN
            RETURN 'full';
        END IF;
    END IF;
    INSERT INTO {schema}.clients (client_id, token_hash, metadata, registered_at, keep_until)
        VALUES (the_id, the_hash, the_metadata, at_s, {schema}.after_s(at_s, lifetime_s))
        ON CONFLICT (client_id) DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'kept' ELSE 'known' END;
END $$;
