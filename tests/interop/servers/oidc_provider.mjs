// An authorization server that ProofKey did not write: npm oidc-provider, in memory, on loopback, with
// a resource behind it, and another one for tokens that are bound to a key.
//
// With the argument `strict` authorization requests must be pushed (RFC 9126 §4), and every proof of
// possession needs a nonce of this server (RFC 9449 §8).
//
// It prints one line of JSON once it listens, and ends when its standard input ends, so it never
// outlives the program that started it, however that ends.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';
import { boundResource } from './bound_resource.mjs';

const strict = process.argv[2] === 'strict';

// The issuer holds the port, so the port comes first.
const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const NOTES = 'https://notes.example/api';
// One that can be called: it is here, below.
const CALLABLE = `${issuer}/notes`;
const SCOPES = ['notes.read', 'notes.write'];
// RFC 9728 §3.1.
const RESOURCE_METADATA = '/.well-known/oauth-protected-resource/notes';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const known = (client_id, more = {}) => ({
  ...more,
  client_id,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
  response_types: ['code'],
  // RFC 8252 §7.3: any port of it.
  redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
});
// What this client gets for a code lives for a second, and what it gets by a refresh for an hour: so a
// refresh is seen without waiting for long.
const BRIEF = 'proofkey-brief';
// It may also register itself, under that name.
const isBrief = (client) => client.clientId === BRIEF || client.clientName === BRIEF;
// ID tokens of the others are signed by RS256, which is the default of OpenID.
const ES256 = { id_token_signed_response_alg: 'ES256' };
// RFC 9449 §5.2: no token but a bound one.
const BOUND = { dpop_bound_access_tokens: true };

const signing = (alg, ...kind) => ({
  ...generateKeyPairSync(...kind).privateKey.export({ format: 'jwk' }),
  kid: `of ${alg}`,
  use: 'sig',
  alg,
});
const bound = await boundResource(issuer, (value) => provider.AccessToken.find(value));

const provider = new Provider(issuer, {
  clients: [
    known('proofkey-agent'),
    known(BRIEF),
    known('proofkey-es256', ES256),
    known('proofkey-bound', BOUND),
  ],
  cookies: { keys: ['only for this test'] },
  jwks: {
    keys: [
      signing('RS256', 'rsa', { modulusLength: 2048 }),
      signing('ES256', 'ec', { namedCurve: 'P-256' }),
    ],
  },
  // A client that registers itself may name no others, those of a resource included.
  scopes: ['openid', 'offline_access', 'notes', ...SCOPES],
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  ttl: {
    AccessToken: (ctx, _token, client) =>
      isBrief(client) && ctx.oidc.params.grant_type !== 'refresh_token' ? 1 : 3600,
  },
  // By default `offline_access` decides, which is ignored without `prompt=consent`.
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  // Its own fetches nothing from this machine, where the document of a client lies here.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  features: {
    clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => strict },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: strict },
    introspection: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo(_ctx, resource) {
        if (![NOTES, CALLABLE, bound].includes(resource)) {
          throw new Error(`unknown resource ${resource}`);
        }
        return { scope: SCOPES.join(' '), audience: resource, accessTokenFormat: 'opaque' };
      },
    },
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));

// The resource: it takes only a token that was issued for it, in the header (RFC 6750 §2.1).
provider.use(async (ctx, next) => {
  if (ctx.path === RESOURCE_METADATA) {
    ctx.body = {
      resource: CALLABLE,
      authorization_servers: [issuer],
      scopes_supported: ['notes.read'],
    };
    return;
  }
  if (ctx.path !== '/notes') return next();
  const [, value] = /^Bearer (.+)$/.exec(ctx.get('Authorization')) ?? [];
  const token = value && (await provider.AccessToken.find(value));
  if (!token?.isValid || token.aud !== CALLABLE) {
    ctx.status = 401;
    const why = value ? 'error="invalid_token", ' : '';
    ctx.set('WWW-Authenticate', `Bearer ${why}resource_metadata="${issuer}${RESOURCE_METADATA}"`);
    return;
  }
  const grant = token.gty.split(' ').at(-1);
  ctx.body = { subject: token.accountId, client: token.clientId, scope: token.scope, grant };
});
server.on('request', provider.callback());

process.stdin.on('end', () => process.exit(0)).resume();
console.log(
  JSON.stringify({
    issuer,
    resource: CALLABLE,
    bound_resource: bound,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    iss_promised: true,
  }),
);
