import { createHmac, createPublicKey } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { base64url, type JWK } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OidcTokens } from '../../src/access/oidc.js';
import { UnauthenticatedError } from '../../src/access/refusal.js';
import { SIGNATURES } from '../../src/config/oidcSettings.js';
import { AUDIENCE, type Issuer, type Made, makeKey, NOW, startIssuer } from './issuer.js';

const bank = { kind: 'BANK', source: 'icbc', name: 'u-17', via: 'oidc' };
const seconds = Math.floor(NOW.getTime() / 1000);
const part = (value: object | string): string => base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));

/** A hub's check of an issuer's tokens, with a clock that the test turns. */
function tokensOf(issuer: Issuer) {
  const clock = { now: NOW };
  const problems: unknown[] = [];
  const tokens = new OidcTokens(
    issuer.settings,
    undefined,
    () => clock.now,
    (error) => problems.push(error),
  );
  const pass = (milliseconds: number): void => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
  };
  return { check: (token: string) => tokens.check(token), pass, problems };
}

async function refusal(work: Promise<unknown>): Promise<UnauthenticatedError> {
  const error = await work.then(
    (viewer) => viewer,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UnauthenticatedError);
  return error as UnauthenticatedError;
}

describe('an access token', () => {
  it.each(SIGNATURES)('signed by %s is of whom its claims say', async (alg) => {
    const issuer = await startIssuer();
    const key = await makeKey(alg, 'k');
    issuer.publish([key.jwk]);
    expect(await tokensOf(issuer).check(await issuer.sign({ key }))).toEqual(bank);
  });

  it.each<[string, Made]>([
    ['is called a JWT', { header: { typ: 'JWT' } }],
    ['is called nothing', { header: { typ: undefined } }],
    ['is called by the whole media type', { header: { typ: 'application/at+JWT' } }],
    ['is for several', { claims: { aud: ['https://other.example', AUDIENCE] } }],
    ['names no key where the issuer has one', { header: { kid: undefined } }],
    ['expired within what clocks may differ', { claims: { exp: seconds - 4 } }],
  ])('is taken that %s', async (_what, made) => {
    const issuer = await startIssuer();
    expect(await tokensOf(issuer).check(await issuer.sign(made))).toEqual(bank);
  });

  it.each<[string, Made, RegExp]>([
    ['has expired', { claims: { exp: seconds - 6 } }, /"exp" claim timestamp check failed/],
    ['is not valid yet', { claims: { nbf: seconds + 6 } }, /"nbf" claim timestamp check failed/],
    ['never expires', { claims: { exp: undefined } }, /"exp"/],
    ['expires at no number', { claims: { exp: 'tomorrow' } }, /"exp"/],
    ['is for another', { claims: { aud: 'https://other.example' } }, /unexpected "aud"/],
    ['is for one whose name only begins like ours', { claims: { aud: `${AUDIENCE}/x` } }, /unexpected "aud"/],
    ['is for nobody', { claims: { aud: undefined } }, /"aud"/],
    ['is of another issuer', { claims: { iss: 'https://evil.example' } }, /unexpected "iss"/],
    ['is of an issuer with a slash more', { claims: { iss: 'http://127.0.0.1/' } }, /unexpected "iss"/],
    ['is of no issuer', { claims: { iss: undefined } }, /"iss"/],
    ['is of nobody', { claims: { sub: undefined } }, /"sub"/],
    ['is of an empty name', { claims: { sub: '' } }, /subject is no name/],
    ['is of a name with a line break', { claims: { sub: 'a\nlevel: 30' } }, /subject is no name/],
    ['is of a name that is a list', { claims: { sub: ['u-17'] } }, /sub/],
    ['has no claim that makes a viewer', { claims: { parkhub: undefined } }, /make no viewer/],
    ['has a claim that makes no viewer', { claims: { parkhub: { kind: 'SYSTEM' } } }, /make no viewer/],
    ['claims the register', { claims: { parkhub: { kind: 'BANK', source: 'park' } } }, /make no viewer/],
    ['is of a type that is no access', { header: { typ: 'logout+jwt' } }, /of a type that is none/],
    ['names a key that is not known', { header: { kid: 'second' } }, /no applicable key/],
    ['wants an extension to be understood', { header: { crit: ['exp-x'], 'exp-x': 1 } }, /exp-x/],
  ])('is refused that %s', async (_what, made, reason) => {
    const issuer = await startIssuer();
    const { check } = tokensOf(issuer);
    const error = await refusal(issuer.sign(made).then(check));
    expect(error.reason).toMatch(reason);
    expect(error.message).toBe('The Authorization header was not accepted. Send a valid "Bearer" token, or no such header to ask as the public.');
    expect(error.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  it('is refused whose text was changed, in any part, at any place', async () => {
    const issuer = await startIssuer();
    const { check } = tokensOf(issuer);
    const token = await issuer.sign();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const admin = part({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), parkhub: { kind: 'PARK', role: 'ADMIN' } });
    await refusal(check(`${header}.${admin}.${signature}`));
    for (const place of [0, 5, header.length + 3, token.length - 40, token.length - 3])
      await refusal(check(token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1)));
    for (const text of [
      '',
      '.',
      '..',
      'a.b.c',
      `${token}.`,
      `.${token}`,
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${token}.${token}`,
      '…'.repeat(100),
    ])
      await refusal(check(text));
    expect(await check(token)).toEqual(bank);
  });
});

describe('a token whose header says how it is to be checked', () => {
  const claims = (issuer: Issuer): string =>
    part({ iss: issuer.settings.issuer, aud: AUDIENCE, sub: 'u-17', exp: seconds + 600, parkhub: { kind: 'PARK', role: 'ADMIN' } });

  it.each(['none', 'None', 'NONE', 'nOnE', ''])('is refused with alg %j and no signature', async (alg) => {
    const issuer = await startIssuer();
    const { check } = tokensOf(issuer);
    for (const end of ['', part('x')]) {
      const error = await refusal(check(`${part({ alg, kid: 'first', typ: 'at+jwt' })}.${claims(issuer)}.${end}`));
      expect(error.reason).toMatch(/"?alg"?/i);
    }
  });

  it.each(['HS256', 'HS384', 'HS512'])("is refused that is signed by %s with the issuer's public key as the secret", async (alg) => {
    const issuer = await startIssuer();
    const rsa = await makeKey('RS256', 'rsa');
    const { alg: _alg, use: _use, ...bare } = rsa.jwk;
    for (const published of [rsa.jwk, bare] as JWK[]) {
      issuer.publish([published]);
      const { check } = tokensOf(issuer);
      const pem = createPublicKey({ key: published as never, format: 'jwk' });
      const secrets = [
        pem.export({ type: 'spki', format: 'pem' }),
        String(pem.export({ type: 'spki', format: 'pem' })).trim(),
        pem.export({ type: 'spki', format: 'der' }),
        pem.export({ type: 'pkcs1', format: 'pem' }),
        JSON.stringify(published),
      ];
      for (const secret of secrets) {
        const signed = `${part({ alg, kid: 'rsa', typ: 'at+jwt' })}.${claims(issuer)}`;
        const hash = `sha${alg.slice(2)}`;
        const error = await refusal(check(`${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`));
        expect(error.reason).toMatch(/"alg" \(Algorithm\) Header Parameter value not allowed/);
      }
    }
  });

  it('is refused that is signed with a secret that the issuer published by mistake', async () => {
    const issuer = await startIssuer();
    const secret = Buffer.alloc(32, 7);
    issuer.publish([issuer.key.jwk, { kty: 'oct', kid: 'shared', alg: 'HS256', k: base64url.encode(secret) }]);
    const signed = `${part({ alg: 'HS256', kid: 'shared' })}.${claims(issuer)}`;
    await refusal(tokensOf(issuer).check(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`));
  });

  it('is refused whose signature is of a kind that the settings do not name', async () => {
    const issuer = await startIssuer({ algorithms: ['RS256'] });
    expect((await refusal(issuer.sign().then(tokensOf(issuer).check))).reason).toMatch(/not allowed/);
  });

  it('is refused that brings its own key, or says where one is, and nobody is asked for it', async () => {
    const issuer = await startIssuer();
    const stranger = await startIssuer();
    const { check } = tokensOf(issuer);
    const own = await makeKey('ES256', 'own');
    stranger.publish([own.jwk]);
    const { issuer: elsewhere } = stranger.settings;
    for (const header of [
      { jwk: own.jwk },
      { jku: `${elsewhere}/jwks` },
      { x5u: `${elsewhere}/x` },
      { jwk: own.jwk, kid: 'first' },
      { jku: `${elsewhere}/jwks`, kid: 'first' },
    ])
      await refusal(issuer.sign({ key: own, header }).then(check));
    expect(stranger.asked()).toBe(0);
  });

  it('is refused whose key has the right name and is of another kind', async () => {
    const issuer = await startIssuer();
    const rsa = await makeKey('RS256', 'first');
    await refusal(issuer.sign({ key: rsa }).then(tokensOf(issuer).check));
  });

  it('is refused that is encrypted', async () => {
    const issuer = await startIssuer();
    await refusal(tokensOf(issuer).check([part({ alg: 'dir', enc: 'A256GCM' }), '', 'aa', 'bb', 'cc'].join('.')));
  });
});

describe("the issuer's keys", () => {
  it('are fetched once for many tokens', async () => {
    const issuer = await startIssuer();
    const { check } = tokensOf(issuer);
    const token = await issuer.sign();
    await Promise.all(Array.from({ length: 20 }, () => check(token)));
    await check(token);
    expect(issuer.asked()).toBe(1);
  });

  it('are found by way of the configuration of the issuer', async () => {
    const issuer = await startIssuer({ jwksUrl: undefined });
    const asked: string[] = [];
    const { issuer: name } = issuer.settings;
    issuer.behave((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify(request.url?.startsWith('/.well-known') ? { issuer: name, jwks_uri: `${name}/keys` } : { keys: [issuer.key.jwk] }));
    });
    expect(await tokensOf(issuer).check(await issuer.sign())).toEqual(bank);
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it.each<[string, (name: string) => object]>([
    ['of another issuer', (name) => ({ issuer: 'https://other.example', jwks_uri: `${name}/keys` })],
    ['that leads to an address that is not safe', (name) => ({ issuer: name, jwks_uri: 'http://203.0.113.7/keys' })],
    ['that leads to a file', (name) => ({ issuer: name, jwks_uri: 'file:///etc/passwd' })],
    ['that leads nowhere', (name) => ({ issuer: name })],
  ])('are not taken from a configuration %s', async (_what, configuration) => {
    const issuer = await startIssuer({ jwksUrl: undefined });
    issuer.behave((request, response) =>
      response.end(JSON.stringify(request.url?.startsWith('/.well-known') ? configuration(issuer.settings.issuer) : { keys: [issuer.key.jwk] })),
    );
    const { check, problems } = tokensOf(issuer);
    await refusal(issuer.sign().then(check));
    expect(problems).toHaveLength(1);
    expect(issuer.asked()).toBe(1);
  });

  it('that are new are fetched when a token first names one; those that are gone count no longer', async () => {
    const issuer = await startIssuer();
    const { check, pass } = tokensOf(issuer);
    const old = await issuer.sign();
    await check(old);
    const next = await makeKey('RS256', 'next');
    issuer.publish([next.jwk]);
    pass(10_000);
    expect(await check(await issuer.sign({ key: next }))).toEqual(bank);
    await refusal(check(old));
  });

  it('are not asked for again and again by tokens with invented ones', async () => {
    const issuer = await startIssuer();
    const { check, pass } = tokensOf(issuer);
    await check(await issuer.sign());
    pass(10_000);
    for (let turn = 0; turn < 20; turn++) await refusal(issuer.sign({ header: { kid: `invented-${turn}` } }).then(check));
    expect(issuer.asked()).toBe(2);
    issuer.behave((_request, response) => response.writeHead(500).end());
    pass(10_000);
    for (let turn = 0; turn < 20; turn++) await refusal(issuer.sign({ header: { kid: `invented-${turn}` } }).then(check));
    expect(issuer.asked()).toBe(3);
  });

  it('count for an hour while they cannot be fetched, and no longer', async () => {
    const issuer = await startIssuer();
    const { check, pass, problems } = tokensOf(issuer);
    const token = await issuer.sign({ claims: { exp: seconds + 10_000 } });
    await check(token);
    issuer.behave((request) => request.socket.destroy());
    pass(3_599_999);
    expect(await check(token)).toEqual(bank);
    await expect.poll(() => problems.length).toBe(1);
    pass(10_000);
    expect((await refusal(check(token))).reason).toMatch(/could not be fetched/);
    expect(problems).toHaveLength(2);
    issuer.behave(undefined);
    await refusal(check(token));
    pass(10_000);
    expect(await check(token)).toEqual(bank);
  });

  it('are fetched again after ten minutes beside the answers, so that one that was withdrawn counts no longer', async () => {
    const issuer = await startIssuer();
    const { check, pass } = tokensOf(issuer);
    const token = await issuer.sign({ claims: { exp: seconds + 10_000 } });
    await check(token);
    issuer.publish([(await makeKey('ES256', 'next')).jwk]);
    pass(600_000);
    expect(await check(token)).toEqual(bank);
    await expect.poll(() => issuer.asked()).toBe(2);
    pass(10_000);
    await expect
      .poll(() =>
        check(token).then(
          () => 'taken',
          () => 'refused',
        ),
      )
      .toBe('refused');
  });

  it.each<[string, Parameters<Issuer['behave']>[0]]>([
    ['answers with a failure', (_request, response) => response.writeHead(503).end('{"keys":[]}')],
    ['sends the hub elsewhere', (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/keys' }).end()],
    ['sends no JSON', (_request, response) => response.end('<html>')],
    ['sends a list', (_request, response) => response.end('[]')],
    ['sends no keys', (_request, response) => response.end('{"keys":[]}')],
    ['sends nothing like keys', (_request, response) => response.end('{"keys":[null,7]}')],
    ['sends more than 256 KiB', (_request, response) => response.end(JSON.stringify({ keys: [], pad: 'x'.repeat(300 * 1024) }))],
    ['breaks off', (request) => request.socket.destroy()],
  ])('are none where the issuer %s: the token is refused', async (_what, behaviour) => {
    const issuer = await startIssuer();
    issuer.behave(behaviour);
    const { check, problems } = tokensOf(issuer);
    await refusal(issuer.sign().then(check));
    expect(problems).toHaveLength(1);
  });

  it('are not waited for beyond five seconds where the issuer never answers', async () => {
    const issuer = await startIssuer();
    issuer.behave((_request, response) => void response.write('{'));
    const { check, problems } = tokensOf(issuer);
    // A signal that nobody holds is collected, and with it what it should end.
    setFlagsFromString('--expose-gc');
    const collecting = setInterval(runInNewContext('gc') as () => void, 200);
    onTestFinished(() => clearInterval(collecting));
    await refusal(issuer.sign().then(check));
    expect(problems).toHaveLength(1);
  }, 15_000);

  it('are not followed to where a redirect leads', async () => {
    const [issuer, stranger] = [await startIssuer(), await startIssuer()];
    stranger.publish([issuer.key.jwk]);
    issuer.behave((_request, response) => response.writeHead(307, { location: stranger.settings.jwksUrl }).end());
    await refusal(issuer.sign().then(tokensOf(issuer).check));
    expect(stranger.asked()).toBe(0);
  });
});
