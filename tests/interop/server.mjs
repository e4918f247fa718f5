// An authorization server that ProofKey did not write: npm oidc-provider, in memory, on loopback.
//
// It prints one line of JSON once it listens: {"issuer": "http://127.0.0.1:…", "resource": …}; the
// resource takes tokens that are for it. It ends when its standard input ends, so it never outlives
// the program that started it, however that ends.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

// The issuer holds the port, so the port comes first.
const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const NOTES = 'https://notes.example/api';
// One that can be called: it is here, below.
const CALLABLE = `${issuer}/notes`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'proofkey-agent',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      // RFC 8252 §7.3: any port of it.
      redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
    },
  ],
  cookies: { keys: ['only for this test'] },
  scopes: ['openid', 'offline_access', 'notes'],
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  features: {
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo(_ctx, resource) {
        if (resource !== NOTES && resource !== CALLABLE) {
          throw new Error(`unknown resource ${resource}`);
        }
        return { scope: 'notes.read notes.write', audience: resource, accessTokenFormat: 'opaque' };
      },
    },
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));

// The resource: it takes only a token that was issued for it, in the header (RFC 6750 §2.1).
provider.use(async (ctx, next) => {
  if (ctx.path !== '/notes') return next();
  const [, value] = /^Bearer (.+)$/.exec(ctx.get('Authorization')) ?? [];
  const token = value && (await provider.AccessToken.find(value));
  if (!token?.isValid || token.aud !== CALLABLE) {
    ctx.status = 401;
    ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
    return;
  }
  ctx.body = { subject: token.accountId, client: token.clientId, scope: token.scope };
});
server.on('request', provider.callback());

process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ issuer, resource: CALLABLE }));
