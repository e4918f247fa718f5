-- ProofKey's grant store, schema version 2: refresh tokens.
-- A grant's refresh tokens come in generations. A rotation of the newest begins the next one, and the
-- grant's row says which is the newest and when it began.

ALTER TABLE grants ADD COLUMN refreshable INTEGER NOT NULL DEFAULT 0 CHECK (refreshable IN (0, 1));
ALTER TABLE grants ADD COLUMN generation  INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0);
ALTER TABLE grants ADD COLUMN rotated_at  INTEGER NOT NULL DEFAULT 0;

-- A scope that is narrower than the grant's; NULL: the grant's.
ALTER TABLE tokens ADD COLUMN scope      TEXT;
ALTER TABLE tokens ADD COLUMN generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0);
