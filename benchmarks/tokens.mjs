/**
 * How many tokens a hub checks a second on one core: `cd benchmarks && node tokens.mjs [--seconds 3]`.
 *
 * Opens the demonstration park with an issuer of access tokens beside it, makes a thousand tokens of each kind, and has
 * the hub say who sent a header, one after the other and sixteen at once. The goal is 1,000 a second. "One core" is the
 * processor time of the whole process, signatures in other threads and the writing of last uses included.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3' } } });
const seconds = Number(values.seconds);
const count = 1_000;

prepare();
const [{ openHub }, { createEnvironment }, { default: pino }, jose] = await Promise.all([
  import(path.join(root, 'dist/src/hub.js')),
  import(path.join(root, 'dist/src/config/environment.js')),
  import('pino'),
  import('jose'),
]);

const folder = await mkdtemp(path.join(tmpdir(), 'parkhub-tokens-'));
const pairs = await Promise.all(['RS256', 'PS256', 'ES256', 'EdDSA'].map(async (alg) => ({ alg, ...(await jose.generateKeyPair(alg)) })));
const keys = await Promise.all(pairs.map(async ({ alg, publicKey }) => ({ ...(await jose.exportJWK(publicKey)), alg, kid: alg, use: 'sig' })));
const server = http.createServer((_request, response) => response.end(JSON.stringify({ keys })));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const environment = createEnvironment({
  PARKHUB_STORE: folder,
  PARKHUB_OIDC_ISSUER: issuer,
  PARKHUB_OIDC_AUDIENCE: 'https://hub.example',
  PARKHUB_OIDC_JWKS_URL: `${issuer}/keys`,
});
const hub = await openHub({ parkFolder: path.join(root, 'parks/xinxiang'), environment, log: pino({ level: 'silent' }) });
try {
  const rows = [];
  const own = [];
  const grant = { kind: 'BANK', source: 'icbc' };
  for (let number = 0; number < count; number++)
    own.push((await hub.tokens.issue({ name: `token ${number}`, grant, lifetime: 3_600_000, by: 'benchmark' })).token);
  rows.push(await measure('hub token', own));
  const unknown = own.map((token) => `phk_${token[4] === 'A' ? 'B' : 'A'}${token.slice(5)}`);
  rows.push(await measure('hub token that is not known', unknown));
  for (const { alg, privateKey } of pairs) {
    const sign = (number) =>
      new jose.SignJWT({ parkhub: grant })
        .setProtectedHeader({ alg, kid: alg, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience('https://hub.example')
        .setSubject(`u-${number}`)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey);
    rows.push(await measure(`access token, ${alg}`, await Promise.all(own.map((_token, number) => sign(number)))));
  }
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; ${count} tokens of each kind, ${seconds} s for each figure`);
  console.table(rows);
} finally {
  await hub.close();
  server.close();
  await rm(folder, { recursive: true, force: true });
}

/** Tokens checked a second of the clock, and a second of processor time. */
async function measure(what, tokens) {
  const isKnown = !what.endsWith('not known');
  await run(tokens, 1, 0.5, isKnown);
  const single = await run(tokens, 1, seconds, isKnown);
  const several = await run(tokens, 16, seconds, isKnown);
  return {
    what,
    'one after the other, a second': single.perSecond,
    'a second of one core': single.perCoreSecond,
    '16 at once, a second': several.perSecond,
    '16 at once, a second of one core': several.perCoreSecond,
  };
}

async function run(tokens, atOnce, lasting, isKnown) {
  let next = 0;
  let done = 0;
  const started = performance.now();
  const used = process.cpuUsage();
  const worker = async () => {
    while (performance.now() - started < lasting * 1_000) {
      const token = tokens[next++ % tokens.length];
      const viewer = await hub.authenticate(`Bearer ${token}`).catch((error) => error);
      // What was not checked is not measured.
      if ((viewer.kind === 'BANK') !== isKnown) throw new Error(`Expected ${isKnown ? 'a bank' : 'a refusal'}, but got: ${viewer.message ?? viewer.kind}.`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await hub.tokens.settle();
  const { user, system } = process.cpuUsage(used);
  return { perSecond: Math.round((done / (performance.now() - started)) * 1_000), perCoreSecond: Math.round((done / (user + system)) * 1_000_000) };
}
