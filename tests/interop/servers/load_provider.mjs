// npm oidc-provider as tests/bench-server measures it: in its own in-memory adapter, with one public client,
// and nothing switched on that the measurement does not use.
//
// The first authorization request of a browser is signed in at once, without a page; from then on, with its
// cookie, each is answered by a code. Each sign-in is a grant of its own, as with ProofKey: the adapter keeps
// a list of a grant's tokens and walks through it at each write, which would grow with the sign-ins.
//
// It prints one line of JSON once it listens, and ends when its standard input ends.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

const [client_id, redirect_uri, scope] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const provider = new Provider(issuer, {
  clients: [
    {
      client_id,
      redirect_uris: [redirect_uri],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  cookies: { keys: ['only for this measurement'] },
  jwks: { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'ES256' }] },
  scopes: ['openid', scope],
  pkce: { required: () => true },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: () => true,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/signed-in/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const { accountId } = ctx.oidc.session;
    const grant = new ctx.oidc.provider.Grant({ accountId, clientId: ctx.oidc.client.clientId });
    grant.addOIDCScope(scope);
    await grant.save();
    return grant;
  },
});
provider.on('server_error', (_ctx, error) => console.error(error));

const answer = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith('/signed-in/')) return answer(request, response);
  return provider.interactionFinished(request, response, { login: { accountId: 'developer' } });
});

process.stdin.on('end', () => process.exit(0)).resume();
console.log(
  JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
  }),
);
