import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createEnvironment, EnvironmentError, readEnvironment } from '../../src/config/environment.js';

describe('the settings', () => {
  it('have defaults that need nothing to be configured', () => {
    expect(createEnvironment({}).settings).toEqual({
      port: 4000,
      host: '127.0.0.1',
      store: resolve('.parkhub'),
      logLevel: 'info',
      introspection: undefined,
      playground: undefined,
      onlyPersisted: false,
      manifest: undefined,
      rate: 1200,
      atOnce: 32,
      corsOrigins: [],
      proxies: [],
      tls: undefined,
    });
  });

  it('come from the variables', () => {
    const { settings } = createEnvironment({ PORT: '0', PARKHUB_HOST: '::', PARKHUB_STORE: '/data/hub', LOG_LEVEL: 'debug' });
    expect(settings).toMatchObject({ port: 0, host: '::', store: '/data/hub', logLevel: 'debug' });
  });

  it('come from the variables of what is served, and to whom', () => {
    const { settings } = createEnvironment({
      PARKHUB_INTROSPECTION: 'park',
      PARKHUB_PLAYGROUND: 'off',
      PARKHUB_OPERATIONS: 'persisted',
      PARKHUB_MANIFEST: '/data/manifest.json',
      PARKHUB_RATE: '0',
      PARKHUB_AT_ONCE: '4',
      PARKHUB_CORS_ORIGINS: 'https://board.example.cn, http://localhost:5173',
      PARKHUB_PROXIES: '10.0.0.0/8,fd00::1',
      PARKHUB_TLS_CERT: '/data/cert.pem',
      PARKHUB_TLS_KEY: '/data/key.pem',
    });
    expect(settings).toMatchObject({
      introspection: 'park',
      playground: false,
      onlyPersisted: true,
      manifest: '/data/manifest.json',
      rate: 0,
      atOnce: 4,
      corsOrigins: ['https://board.example.cn', 'http://localhost:5173'],
      proxies: ['10.0.0.0/8', 'fd00::1'],
      tls: { certificate: '/data/cert.pem', key: '/data/key.pem' },
    });
  });

  it.each([
    ['PARKHUB_CORS_ORIGINS', '*'],
    ['PARKHUB_CORS_ORIGINS', 'null'],
    ['PARKHUB_CORS_ORIGINS', 'board.example.cn'],
    ['PARKHUB_CORS_ORIGINS', 'https://board.example.cn/'],
    ['PARKHUB_CORS_ORIGINS', 'https://a.example.cn,,https://b.example.cn'],
    ['PARKHUB_PROXIES', 'loopback'],
    ['PARKHUB_PROXIES', '10.0.0.0/33'],
    ['PARKHUB_RATE', '-1'],
    ['PARKHUB_INTROSPECTION', 'yes'],
    ['PARKHUB_OPERATIONS', 'Persisted'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => createEnvironment({ [name]: value })).toThrow(`${name}: expected `);
  });

  it('want a certificate and its key, or neither', () => {
    expect(() => createEnvironment({ PARKHUB_TLS_CERT: '/data/cert.pem' })).toThrow(
      'PARKHUB_TLS_KEY: expected the path of a file, with PARKHUB_TLS_CERT, but it is not set.',
    );
  });

  it('count an empty variable as not set', () => {
    expect(createEnvironment({ PORT: '', LOG_LEVEL: '' }).settings).toMatchObject({ port: 4000, logLevel: 'info' });
  });

  it.each(['65536', '-1', '4000.5', '0x10', 'http', '1e3', ' 4000', '4000\n'])('refuse PORT=%j', (port) => {
    expect(() => createEnvironment({ PORT: port })).toThrow(`PORT: expected a port number between 0 and 65535, but got: ${JSON.stringify(port)}`);
  });

  it('name every one that is wrong', () => {
    try {
      createEnvironment({ PORT: 'x', PARKHUB_HOST: 'http://a b', PARKHUB_STORE: 'a\0b', LOG_LEVEL: 'loud' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EnvironmentError);
      expect((error as EnvironmentError).problems.map((problem) => problem.split(':')[0])).toEqual(['PORT', 'PARKHUB_HOST', 'PARKHUB_STORE', 'LOG_LEVEL']);
    }
  });
});

describe('the settings of the issuer of access tokens', () => {
  const given = { PARKHUB_OIDC_ISSUER: 'https://login.example/realms/park', PARKHUB_OIDC_AUDIENCE: 'https://hub.example' };

  it('are none unless set: nobody is an issuer by default', () => {
    expect(createEnvironment({}).settings.oidc).toBeUndefined();
  });

  it('are the issuer and the audience; keys and signatures need not be named', () => {
    expect(createEnvironment(given).settings.oidc).toEqual({
      issuer: 'https://login.example/realms/park',
      audience: 'https://hub.example',
      jwksUrl: undefined,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    });
    const { settings } = createEnvironment({ ...given, PARKHUB_OIDC_JWKS_URL: 'https://keys.example/jwks', PARKHUB_OIDC_ALGORITHMS: 'ES256, EdDSA' });
    expect(settings.oidc).toMatchObject({ jwksUrl: 'https://keys.example/jwks', algorithms: ['ES256', 'EdDSA'] });
  });

  it.each(['http://127.0.0.1:9/x', 'http://localhost:9', 'http://[::1]:9/'])('may be on this machine without TLS: %s', (issuer) => {
    expect(createEnvironment({ ...given, PARKHUB_OIDC_ISSUER: issuer }).settings.oidc?.issuer).toBe(issuer);
  });

  it.each([
    ['PARKHUB_OIDC_ISSUER', 'http://login.example'],
    ['PARKHUB_OIDC_ISSUER', 'login.example'],
    ['PARKHUB_OIDC_ISSUER', 'https://user:secret@login.example'],
    ['PARKHUB_OIDC_ISSUER', 'http://localhost.evil.example'],
    ['PARKHUB_OIDC_ISSUER', 'file:///etc/passwd'],
    ['PARKHUB_OIDC_JWKS_URL', 'http://203.0.113.7/jwks'],
    ['PARKHUB_OIDC_AUDIENCE', 'a\nb'],
    ['PARKHUB_OIDC_ALGORITHMS', 'none'],
    ['PARKHUB_OIDC_ALGORITHMS', 'HS256'],
    ['PARKHUB_OIDC_ALGORITHMS', 'ES256,HS256'],
    ['PARKHUB_OIDC_ALGORITHMS', ','],
  ])('refuse %s=%j', (name, value) => {
    expect(() => createEnvironment({ ...given, [name]: value })).toThrow(`${name}: expected `);
  });

  it.each([
    ['PARKHUB_OIDC_AUDIENCE', { PARKHUB_OIDC_ISSUER: 'https://login.example' }],
    ['PARKHUB_OIDC_ISSUER', { PARKHUB_OIDC_AUDIENCE: 'https://hub.example' }],
    ['PARKHUB_OIDC_ISSUER', { PARKHUB_OIDC_JWKS_URL: 'https://keys.example' }],
    ['PARKHUB_OIDC_ISSUER', { PARKHUB_OIDC_ALGORITHMS: 'ES256' }],
  ])('refuse to be halves of settings: %s is missing', (name, variables) => {
    expect(() => createEnvironment(variables)).toThrow(new RegExp(`^${name}: expected .*, but got: none$`));
  });
});

describe('a secret', () => {
  const environment = createEnvironment({ SPDB_API_TOKEN: 'hunter2', EMPTY: '' });

  it('is handed out by its name', () => {
    expect(environment.secret('SPDB_API_TOKEN')).toBe('hunter2');
    expect(environment.secret('EMPTY')).toBeUndefined();
    expect(environment.secret('OTHER')).toBeUndefined();
    expect(environment.secret('constructor')).toBeUndefined();
    expect(environment.secret('__proto__')).toBeUndefined();
  });

  it('is not shown with the environment', () => {
    expect(inspect(environment, { depth: null, showHidden: true }) + JSON.stringify(environment)).not.toContain('hunter2');
  });
});

describe('an overlay', () => {
  it('sets, keeps and unsets, and leaves the environment below as it was', () => {
    const below = createEnvironment({ A: '1', B: '2', PORT: '4001' });
    const above = below.overlay({ B: '3', C: '4', A: undefined, PORT: '4002' });
    expect(['A', 'B', 'C'].map((name) => above.secret(name))).toEqual([undefined, '3', '4']);
    expect(above.settings.port).toBe(4002);
    expect(['A', 'B', 'C'].map((name) => below.secret(name))).toEqual(['1', '2', undefined]);
    expect(below.settings.port).toBe(4001);
  });
});

describe("the process's environment", () => {
  it('is what it was when it was read', () => {
    expect(readEnvironment().secret('TZ')).toBe('UTC');
  });
});
