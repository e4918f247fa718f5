-- ProofKey's grant store in PostgreSQL, schema version 2: what a server keeps for minutes.
-- Pushed requests, devices that wait, proofs that were seen. No value holds a code, a token or a verifier.

CREATE TABLE {schema}.pending (
    kind       text   NOT NULL,
    name       text   COLLATE "C" NOT NULL,
    value      bytea  NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE INDEX pending_by_expires_at ON {schema}.pending (kind, expires_at);

-- Keeps a value under a name that nobody has: 'kept', 'known' or 'full'. Of many that come at once with one name
-- the first has the row, and the others wait for it. They may pass the bound together.
CREATE FUNCTION {schema}.pending_put(a_kind text, a_name text, a_value bytea, lifetime_s bigint, at_most bigint)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM {schema}.pending p WHERE (p.kind, p.name) IN (
        SELECT q.kind, q.name FROM {schema}.pending q
        WHERE q.kind = a_kind AND q.expires_at <= {schema}.now_s() LIMIT 64 FOR UPDATE SKIP LOCKED);
    PERFORM FROM {schema}.pending p
        WHERE p.kind = a_kind AND p.name = a_name AND p.expires_at > {schema}.now_s();
    IF FOUND THEN
        RETURN 'known';
    END IF;
    IF (SELECT count(*) FROM {schema}.pending p WHERE p.kind = a_kind) >= at_most THEN
        RETURN 'full';
    END IF;
    INSERT INTO {schema}.pending AS p (kind, name, value, expires_at)
        VALUES (a_kind, a_name, a_value, {schema}.now_s() + lifetime_s)
        ON CONFLICT (kind, name) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at
            WHERE p.expires_at <= {schema}.now_s();
    RETURN CASE WHEN FOUND THEN 'kept' ELSE 'known' END;
END $$;
