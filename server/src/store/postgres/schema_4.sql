-- ProofKey's grant store in PostgreSQL, schema version 4: what waits is counted as it comes and goes, and plans hold.
-- Else each put would walk over all that wait: a hundred thousand proofs of keys, in a busy minute.

-- How many entries of a kind there are: the sum of its rows, of which each connection has its own.
CREATE TABLE {schema}.pending_tally (
    kind    text    NOT NULL,
    id      integer NOT NULL,
    entries bigint  NOT NULL,
    PRIMARY KEY (kind, id)
) WITH (fillfactor = 10);

INSERT INTO {schema}.pending_tally (kind, id, entries) SELECT kind, 0, count(*) FROM {schema}.pending GROUP BY kind;

CREATE FUNCTION {schema}.pending_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.pending_tally AS t (kind, id, entries)
        SELECT kind, pg_backend_pid() % 64, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
        FROM changed GROUP BY kind
        ON CONFLICT (kind, id) DO UPDATE SET entries = t.entries + EXCLUDED.entries;
    RETURN NULL;
END $$;

CREATE TRIGGER pending_inserted AFTER INSERT ON {schema}.pending
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {schema}.pending_counted();

CREATE TRIGGER pending_deleted AFTER DELETE ON {schema}.pending
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {schema}.pending_counted();

CREATE OR REPLACE FUNCTION {schema}.pending_put(
    a_kind text, a_name text, a_value bytea, lifetime_s bigint, at_most bigint
) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM {schema}.pending p WHERE (p.kind, p.name) IN (
        SELECT q.kind, q.name FROM {schema}.pending q
        WHERE q.kind = a_kind AND q.expires_at <= {schema}.now_s() LIMIT 64 FOR UPDATE SKIP LOCKED);
    PERFORM FROM {schema}.pending p
        WHERE p.kind = a_kind AND p.name = a_name AND p.expires_at > {schema}.now_s();
    IF FOUND THEN
        RETURN 'known';
    END IF;
    IF (SELECT sum(entries) FROM {schema}.pending_tally WHERE kind = a_kind) >= at_most THEN
        RETURN 'full';
    END IF;
    INSERT INTO {schema}.pending AS p (kind, name, value, expires_at)
        VALUES (a_kind, a_name, a_value, {schema}.now_s() + lifetime_s)
        ON CONFLICT (kind, name) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at
            WHERE p.expires_at <= {schema}.now_s();
    RETURN CASE WHEN FOUND THEN 'kept' ELSE 'known' END;
END $$;

-- A connection keeps the plan that it made when it came, and in a new schema all tables are empty then: it would walk
-- over the whole of a table that has grown since, at each call, until the statistics are made. An index is right always.
ALTER FUNCTION {schema}.sweep(bigint) SET enable_seqscan = off;
ALTER FUNCTION {schema}.rotate(text, bytea, bigint, bigint, text[], bytea[], bigint[], text[], text[])
    SET enable_seqscan = off;
ALTER FUNCTION {schema}.pending_put(text, text, bytea, bigint, bigint) SET enable_seqscan = off;
ALTER FUNCTION {schema}.client_register(text, bytea, text, bigint, bigint, bigint) SET enable_seqscan = off;
