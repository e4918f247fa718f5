// A resource for tokens that are bound to a key (RFC 9449 §7), at an address of its own: so it has
// nonces of its own. The proof is checked with npm jose, which ProofKey did not write either.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';

const METADATA = '/.well-known/oauth-protected-resource/notes';

// Starts it and gives its URL. `find` gives what the authorization server knows of an access token.
export async function boundResource(issuer, find) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const url = `${origin}/notes`;
  const nonce = randomUUID();
  const seen = new Set();

  // What is wrong with the request as RFC 9449 §7.1 names it, and the token where nothing is.
  async function check(request) {
    const [, value] = /^DPoP (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!value) return { status: 401, error: undefined };
    const token = await find(value);
    if (!token?.isValid || token.aud !== url) return { status: 401, error: 'invalid_token' };
    const options = { algorithms: ['ES256'], typ: 'dpop+jwt', maxTokenAge: 60, clockTolerance: 5 };
    let proof;
    try {
      proof = await jwtVerify(request.headers.dpop ?? '', EmbeddedJWK, options);
    } catch {
      return { status: 401, error: 'invalid_dpop_proof' };
    }
    const { payload, protectedHeader } = proof;
    // The query is no part of it (RFC 9449 §4.2).
    const fits =
      payload.htm === request.method &&
      payload.htu === url &&
      request.url.split('?')[0] === '/notes' &&
      payload.ath === createHash('sha256').update(value).digest('base64url') &&
      (await calculateJwkThumbprint(protectedHeader.jwk)) === token.jkt &&
      !seen.has(payload.jti);
    if (!fits) return { status: 401, error: 'invalid_dpop_proof' };
    if (payload.nonce !== nonce) return { status: 401, error: 'use_dpop_nonce' };
    seen.add(payload.jti);
    return { status: 200, token };
  }

  server.on('request', async (request, response) => {
    const said = { 'Content-Type': 'application/json' };
    if (request.url === METADATA) {
      const about = { resource: url, authorization_servers: [issuer], scopes_supported: ['notes.read'] };
      response.writeHead(200, said).end(JSON.stringify(about));
      return;
    }
    const { status, error, token } = await check(request);
    if (token) {
      const { accountId: subject, clientId: client, scope, gty } = token;
      const grant = gty.split(' ').at(-1);
      response.writeHead(200, said).end(JSON.stringify({ subject, client, scope, grant }));
      return;
    }
    if (error === 'use_dpop_nonce') said['DPoP-Nonce'] = nonce;
    const why = error ? `error="${error}", ` : '';
    said['WWW-Authenticate'] =
      `DPoP ${why}algs="ES256", resource_metadata="${origin}${METADATA}"`;
    response.writeHead(status, said).end('{}');
  });
  return url;
}
