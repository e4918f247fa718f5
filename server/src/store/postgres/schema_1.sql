-- ProofKey's grant store in PostgreSQL, schema version 1. `{schema}` is the schema that it lies in.
-- Times are seconds since the epoch by the database's clock. Of codes and tokens there are only the SHA-256
-- hashes; verifiers never come here at all.

CREATE TABLE {schema}.proofkey_schema (
    id      integer PRIMARY KEY CHECK (id = 1),
    version integer NOT NULL
);

INSERT INTO {schema}.proofkey_schema (id, version) VALUES (1, 1);

CREATE TABLE {schema}.grants (
    grant_id              text COLLATE "C" NOT NULL PRIMARY KEY,
    code_hash             bytea   NOT NULL CHECK (octet_length(code_hash) = 32),
    code_challenge        text             CHECK (length(code_challenge) = 43),
    client_id             text    NOT NULL,
    subject               text    NOT NULL,
    redirect_uri          text    NOT NULL,
    redirect_uri_was_sent boolean NOT NULL,
    scope                 text    NOT NULL,
    resource              text,
    refreshable           boolean NOT NULL,
    dpop_jkt              text,
    nonce                 text,
    auth_time             bigint,
    acr                   text,
    authorization_details text,
    expires_at            bigint  NOT NULL,
    -- The end of the code or of the last token: a revocation must have something to mark until then.
    keep_until            bigint  NOT NULL,
    used                  boolean NOT NULL DEFAULT false,
    revoked               boolean NOT NULL DEFAULT false,
    mismatches            bigint  NOT NULL DEFAULT 0 CHECK (mismatches >= 0),
    -- The newest generation of refresh tokens, and when it began.
    generation            bigint  NOT NULL DEFAULT 0 CHECK (generation >= 0),
    rotated_at            bigint  NOT NULL DEFAULT 0,
    -- How many rows of `tokens` are this grant's, so that a refresh need not count them.
    tokens                bigint  NOT NULL DEFAULT 0 CHECK (tokens >= 0)
);

CREATE INDEX grants_by_keep_until ON {schema}.grants (keep_until);

CREATE TABLE {schema}.tokens (
    grant_id   text COLLATE "C" NOT NULL REFERENCES {schema}.grants (grant_id) ON DELETE CASCADE,
    token_hash bytea  NOT NULL CHECK (octet_length(token_hash) = 32),
    kind       text   NOT NULL,
    expires_at bigint NOT NULL,
    -- A scope that is narrower than the grant's; null: the grant's.
    scope      text,
    dpop_jkt   text,
    generation bigint NOT NULL CHECK (generation >= 0),
    PRIMARY KEY (grant_id, token_hash)
);

-- A refresh forgets the tokens of its grant that have expired, and looks at no others.
CREATE INDEX tokens_by_expires_at ON {schema}.tokens (grant_id, expires_at);

-- How many grants there are: the sum of these rows. One row would be a queue in which all servers stand; so each
-- connection has its own, and one may be below zero, because who deletes is not who has inserted.
CREATE TABLE {schema}.tally (
    id     integer PRIMARY KEY,
    grants bigint  NOT NULL
) WITH (fillfactor = 10);

INSERT INTO {schema}.tally (id, grants) SELECT id, 0 FROM generate_series(0, 63) AS id;

CREATE FUNCTION {schema}.grants_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more bigint;
BEGIN
    SELECT count(*) INTO more FROM changed;
    IF more > 0 THEN
        UPDATE {schema}.tally SET grants = grants + CASE TG_OP WHEN 'INSERT' THEN more ELSE -more END
            WHERE id = pg_backend_pid() % 64;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER grants_inserted AFTER INSERT ON {schema}.grants
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {schema}.grants_counted();

CREATE TRIGGER grants_deleted AFTER DELETE ON {schema}.grants
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {schema}.grants_counted();

-- The store's clock. Not that of the transaction's begin: what waited for a lock past an expiry has expired.
CREATE FUNCTION {schema}.now_s() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT floor(extract(epoch FROM clock_timestamp()))::bigint
$$;

-- `lifetime_s` later; never beyond the largest number there is.
CREATE FUNCTION {schema}.after_s(at_s bigint, lifetime_s bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT at_s + least(lifetime_s, 9223372036854775807 - at_s)
$$;

-- Forgets a few grants of which neither code nor token is valid any more: at most 32, with at most 1000 tokens. A
-- grant that has more of them goes with one of the next calls. Servers that sweep at once take different ones.
CREATE FUNCTION {schema}.sweep(at_s bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    expired text[] := ARRAY(SELECT grant_id FROM {schema}.grants WHERE keep_until <= at_s
                            ORDER BY keep_until LIMIT 32 FOR UPDATE SKIP LOCKED);
BEGIN
    IF expired = '{}' THEN
        RETURN;
    END IF;
    DELETE FROM {schema}.tokens WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM {schema}.tokens WHERE grant_id = ANY (expired) LIMIT 1000));
    DELETE FROM {schema}.grants g WHERE grant_id = ANY (expired)
        AND NOT EXISTS (SELECT FROM {schema}.tokens t WHERE t.grant_id = g.grant_id);
END $$;

CREATE FUNCTION {schema}.put(
    the_id text, the_hash bytea, the_challenge text, the_client text, the_subject text, the_redirect_uri text,
    was_sent boolean, the_scope text, the_resource text, may_refresh boolean, the_key text,
    the_nonce text, the_auth_time bigint, the_acr text, the_details text, lifetime_s bigint, max_grants bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    at_s bigint := {schema}.now_s();
BEGIN
    PERFORM {schema}.sweep(at_s);
    -- Grants that others are just putting are not seen: the bound may be exceeded by so many.
    IF (SELECT sum(grants) FROM {schema}.tally) >= max_grants THEN
        RETURN false;
    END IF;
    INSERT INTO {schema}.grants (
        grant_id, code_hash, code_challenge, client_id, subject, redirect_uri, redirect_uri_was_sent,
        scope, resource, refreshable, dpop_jkt, nonce, auth_time, acr, authorization_details,
        expires_at, keep_until
    ) VALUES (
        the_id, the_hash, the_challenge, the_client, the_subject, the_redirect_uri, was_sent,
        the_scope, the_resource, may_refresh, the_key, the_nonce, the_auth_time, the_acr, the_details,
        {schema}.after_s(at_s, lifetime_s), {schema}.after_s(at_s, lifetime_s)
    ) ON CONFLICT (grant_id) DO NOTHING;
    RETURN FOUND;
END $$;

-- The claim is the one UPDATE: whoever changes the row has won. The others wait for it, look at the row again, and
-- find it used. The winner's tokens are there before anybody can revoke them, and a crash leaves both or neither.
CREATE FUNCTION {schema}.claim(
    the_id text, the_hash bytea, max_mismatches bigint,
    kinds text[], hashes bytea[], lifetimes_s bigint[], scopes text[], keys text[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    longest_s bigint := coalesce((SELECT max(s) FROM unnest(lifetimes_s) AS s), 0);
    at_s bigint;
    ends_at bigint;
BEGIN
    UPDATE {schema}.grants SET used = true, tokens = tokens + cardinality(hashes),
        keep_until = greatest(keep_until, {schema}.after_s({schema}.now_s(), longest_s))
    WHERE grant_id = the_id AND code_hash = the_hash AND NOT used AND NOT revoked
        AND mismatches < max_mismatches AND expires_at > {schema}.now_s()
    RETURNING {schema}.now_s(), expires_at INTO at_s, ends_at;
    -- The row may have been waited for, behind one that failed, and its time may have ended meanwhile. That it is
    -- marked used then changes nothing: no code can be claimed after its time.
    IF NOT FOUND OR ends_at <= at_s THEN
        RETURN false;
    END IF;
    INSERT INTO {schema}.tokens
        SELECT the_id, hash, kind, {schema}.after_s(at_s, lifetime_s), scope, key, 0
        FROM unnest(hashes, kinds, lifetimes_s, scopes, keys) AS t (hash, kind, lifetime_s, scope, key);
    RETURN true;
END $$;

-- Of those who bring a token of the newest generation, the one who gets the grant's row first begins the next one.
-- Of a predecessor that is spared, the tokens are written beside those that are there.
CREATE FUNCTION {schema}.rotate(
    the_id text, the_hash bytea, reuse_window_s bigint, max_tokens bigint,
    kinds text[], hashes bytea[], lifetimes_s bigint[], scopes text[], keys text[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    longest_s bigint := coalesce((SELECT max(s) FROM unnest(lifetimes_s) AS s), 0);
    old record;
    family record;
    at_s bigint;
    gone bigint;
    kept bigint;
BEGIN
    -- A token's row is never changed.
    SELECT expires_at, generation INTO old FROM {schema}.tokens
        WHERE grant_id = the_id AND token_hash = the_hash AND kind = 'refresh';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Whoever comes second waits here, and sees what the first has made of the row.
    SELECT generation, rotated_at, tokens INTO family FROM {schema}.grants
        WHERE grant_id = the_id AND NOT revoked
            AND (generation = old.generation OR generation = old.generation + 1 AND reuse_window_s > 0)
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    at_s := {schema}.now_s();
    IF old.expires_at <= at_s THEN
        RETURN false;
    END IF;
    IF family.generation = old.generation THEN
        family.generation := family.generation + 1;
        family.rotated_at := at_s;
    ELSIF family.rotated_at > at_s OR at_s - family.rotated_at >= reuse_window_s THEN
        RETURN false;
    END IF;
    DELETE FROM {schema}.tokens WHERE grant_id = the_id AND expires_at <= at_s;
    GET DIAGNOSTICS gone = ROW_COUNT;
    kept := family.tokens - gone;
    IF kept + cardinality(hashes) > max_tokens THEN
        UPDATE {schema}.grants SET tokens = kept WHERE grant_id = the_id AND gone > 0;
        RETURN false;
    END IF;
    UPDATE {schema}.grants SET generation = family.generation, rotated_at = family.rotated_at,
        tokens = kept + cardinality(hashes),
        keep_until = greatest(keep_until, {schema}.after_s(at_s, longest_s))
    WHERE grant_id = the_id;
    INSERT INTO {schema}.tokens
        SELECT the_id, hash, kind, {schema}.after_s(at_s, lifetime_s), scope, key, family.generation
        FROM unnest(hashes, kinds, lifetimes_s, scopes, keys) AS t (hash, kind, lifetime_s, scope, key);
    RETURN true;
END $$;
