-- ProofKey's grant store, schema version 3: keys and sign-ins.
-- What a grant was made under: the key that its code must be redeemed with (RFC 9449 §10), what its ID tokens
-- say again (OpenID Connect Core), and the details that were granted (RFC 9396, as JSON).

ALTER TABLE grants ADD COLUMN dpop_jkt              TEXT;
ALTER TABLE grants ADD COLUMN nonce                 TEXT;
ALTER TABLE grants ADD COLUMN auth_time             INTEGER;
ALTER TABLE grants ADD COLUMN acr                   TEXT;
ALTER TABLE grants ADD COLUMN authorization_details TEXT;

-- The thumbprint of the key that a token is bound to (RFC 9449 §6); NULL: a bearer token.
ALTER TABLE tokens ADD COLUMN dpop_jkt TEXT;
