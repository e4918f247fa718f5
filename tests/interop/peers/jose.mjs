// What is signed, by npm jose, which oidc-provider brings: an ID token is verified, and a proof of possession is
// made and checked, with what a program writes around it by hand. The inputs are those of core/benches.
//
//   jose.mjs FOLDER     measures, and writes FOLDER/JOB/jose/new/sample.json as criterion does
//   jose.mjs --smoke    does each job once, and says "Success" after it
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EmbeddedJWK,
  SignJWT,
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose';

const top = join(import.meta.dirname, '../../..');
const constant = (file, name) => {
  const source = readFileSync(join(top, file), 'utf8');
  return new RegExp(`const ${name}: [^=]*=\\s*"?([^";]*)"?;`).exec(source)[1];
};
const NOW = Number(constant('core/benches/src/inputs.rs', 'NOW').replaceAll('_', ''));
const ACCESS_TOKEN = constant('core/benches/src/inputs.rs', 'ACCESS_TOKEN');
const RESOURCE = constant('core/benches/alone/src/dpop.rs', 'RESOURCE');
const NONCE = constant('core/benches/alone/src/dpop.rs', 'NONCE');
const WINDOW = Number(constant('core/benches/alone/src/dpop.rs', 'WINDOW'));
const currentDate = new Date(NOW * 1000);

const sha256 = (text) => createHash('sha256').update(text).digest();
const ensure = (holds, what) => {
  if (!holds) throw new Error(what);
};

/** The good token that is signed by this algorithm. */
function idToken(algorithm) {
  const { vectors } = JSON.parse(readFileSync(join(top, 'tests/vectors/id_tokens.json'), 'utf8'));
  const { input } = vectors.find(({ id }) => id === `id-token-good-${algorithm}`);
  const keys = createLocalJWKSet(JSON.parse(input.keys));
  const asked = { issuer: input.issuer, audience: input.client_id, currentDate };
  return async () => {
    const { payload } = await jwtVerify(input.token, keys, asked);
    ensure(payload.nonce === input.nonce, 'another nonce');
    // OpenID Connect Core §3.1.3.6.
    const half = sha256(input.access_token).subarray(0, 16).toString('base64url');
    ensure(payload.at_hash === half, 'another access token');
    return payload.sub;
  };
}

const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = await exportJWK(publicKey);
const ath = () => sha256(ACCESS_TOKEN).toString('base64url');

async function proof() {
  const jti = randomBytes(16).toString('base64url');
  return new SignJWT({ jti, htm: 'GET', htu: RESOURCE, iat: NOW, nonce: NONCE, ath: ath() })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .sign(privateKey);
}

const made = await proof();
async function check() {
  const asked = { typ: 'dpop+jwt', algorithms: ['ES256'], currentDate };
  const { payload, protectedHeader } = await jwtVerify(made, EmbeddedJWK, asked);
  ensure(payload.htm === 'GET' && payload.htu === RESOURCE, 'another request');
  ensure(Math.abs(payload.iat - NOW) <= WINDOW, 'another time');
  ensure(payload.nonce === NONCE && payload.ath === ath(), 'another nonce or token');
  return calculateJwkThumbprint(protectedHeader.jwk);
}

const jobs = {
  id_token_rs256: idToken('rs256'),
  id_token_es256: idToken('es256'),
  dpop_proof: proof,
  dpop_check: check,
};

/** So many iterations, in nanoseconds. */
async function timed(job, iterations) {
  const begun = process.hrtime.bigint();
  for (let n = 0; n < iterations; n++) ensure(await job(), 'nothing came of it');
  return Number(process.hrtime.bigint() - begun);
}

const [folder] = process.argv.slice(2);
for (const [name, job] of Object.entries(jobs)) {
  if (folder === '--smoke') {
    await timed(job, 1);
    console.log(`Testing ${name}/jose\nSuccess`);
    continue;
  }
  // The engine compiles what it runs often: a second of it first. Then samples of some ten milliseconds.
  let warm = 0;
  for (let spent = 0; spent < 1e9; warm += 10) spent += await timed(job, 10);
  const size = Math.max(1, Math.round(warm / 100));
  const [times, iters] = [[], []];
  for (let n = 0; n < 100; n++) {
    times.push(await timed(job, size));
    iters.push(size);
  }
  const place = join(folder, name, 'jose/new');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'sample.json'), JSON.stringify({ times, iters }));
}
