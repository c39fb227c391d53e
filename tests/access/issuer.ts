/** An issuer of access tokens for tests: its keys over HTTP, and tokens signed as a test wants them, right or wrong. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import type { OidcSettings, Signature } from '../../src/config/oidcSettings.js';
import { SIGNATURES } from '../../src/config/oidcSettings.js';

/** The present in tests of tokens. */
export const NOW = new Date('2026-11-25T08:00:00Z');
/** The hub's name at its issuer. */
export const AUDIENCE = 'https://hub.example/graphql';

/** A key pair of the issuer. */
export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** Public. */
  readonly jwk: JWK;
}

/** What a token is made of; what is undefined is left out. */
export interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: SigningKey;
}

/** An issuer that runs until the test is finished. */
export interface Issuer {
  readonly settings: OidcSettings;
  readonly key: SigningKey;
  /** How often its keys were asked for. */
  asked(): number;
  /** The keys that it gives from now on. */
  publish(keys: readonly JWK[]): void;
  /** What it does instead of giving its keys; undefined: it gives them again. */
  behave(instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined): void;
  sign(made?: Made): Promise<string>;
}

export async function makeKey(alg: Signature, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Starts an issuer with one ES256 key, and says how a hub finds it. */
export async function startIssuer(settings: Partial<OidcSettings> = {}): Promise<Issuer> {
  const key = await makeKey('ES256', 'first');
  let keys: readonly JWK[] = [key.jwk];
  let asked = 0;
  let instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  const server = createServer((request, response) => {
    asked += 1;
    if (instead) return instead(request, response);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: { issuer, audience: AUDIENCE, jwksUrl: `${issuer}/jwks`, algorithms: SIGNATURES, ...settings },
    key,
    asked: () => asked,
    publish: (others) => {
      keys = others;
    },
    behave: (other) => {
      instead = other;
    },
    sign: async ({ claims = {}, header = {}, key: by = key } = {}) => {
      const seconds = Math.floor(NOW.getTime() / 1000);
      const all = { iss: issuer, aud: AUDIENCE, sub: 'u-17', iat: seconds, exp: seconds + 600, parkhub: { kind: 'BANK', source: 'icbc' }, ...claims };
      return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
        .setProtectedHeader({ alg: by.alg, kid: by.kid, typ: 'at+jwt', ...header } as { alg: string })
        .sign(by.privateKey, { crit: { 'exp-x': true } });
    },
  };
}
