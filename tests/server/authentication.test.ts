import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant } from '../../src/access/grant.js';
import { UnauthenticatedError } from '../../src/access/refusal.js';
import { publicViewer } from '../../src/access/viewer.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

const DAY = 86_400_000;

/** What every refused request reads. */
const refusal = JSON.stringify({
  errors: [
    {
      message: 'The Authorization header was not accepted. Send a valid "Bearer" token, or no such header to ask as the public.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
});

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub({ viewer: publicViewer });
});
afterAll(() => hub?.close());

const issue = async (grant: Grant = { kind: 'BANK', source: 'icbc' }) => hub.hub.tokens.issue({ name: '王敏', grant, lifetime: DAY, by: 'test' });

/** Sends the header lines as they stand. */
function ask(
  url: string,
  headers: readonly string[],
  body = '{"query":"{ park { name } }"}',
  method = 'POST',
): Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        hostname,
        port,
        path: pathname + search,
        method,
        headers: ['host', hostname, 'content-type', 'application/json', 'content-length', String(Buffer.byteLength(body)), ...headers],
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      },
    );
    request.on('error', reject).end(body);
  });
}

describe('who asks', () => {
  it('is the public without the header, and whoever the token was made for with it, in the context of the operation', async () => {
    const viewers: unknown[] = [];
    const server = await startTestServer(
      handMadeHub({
        authenticate: hub.hub.authenticate,
        createContext: (asked) => {
          viewers.push(asked?.viewer);
          return {};
        },
      }),
    );
    const { token } = await issue();
    await server.ask('{ greeting }');
    await server.ask('{ greeting }', {}, { authorization: `Bearer ${token}` });
    await server.ask('{ greeting }', {}, { authorization: `bearer   ${token}` });
    const bank = { kind: 'BANK', source: 'icbc', name: expect.stringMatching(/^王敏 \(token \d+\)$/), via: 'token' };
    expect(viewers).toEqual([publicViewer, bank, bank]);
    expect(server.logged).toEqual([]);
  });

  it('is in the context that the hub makes: the public unless it is told', async () => {
    expect(hub.hub.createContext()).toMatchObject({ viewer: { kind: 'PUBLIC' } });
    const viewer = { kind: 'PARK', role: 'ANALYST', name: 'x', via: 'test' } as const;
    expect(hub.hub.createContext({ viewer })).toMatchObject({ viewer });
  });

  it('is asked for at each request: a token that is revoked is refused at the next, by this hub and by another on its store', async () => {
    const other = await openTestHub({ store: hub.store, viewer: publicViewer });
    try {
      const servers = [await startTestServer(hub.hub), await startTestServer(other.hub)];
      const { token, issued } = await issue();
      const statuses = () =>
        Promise.all(servers.map(async (server) => (await server.ask('{ park { name } }', {}, { authorization: `Bearer ${token}` })).status));
      expect(await statuses()).toEqual([200, 200]);
      await other.hub.tokens.revoke(issued.id, 'test');
      expect(await statuses()).toEqual([401, 401]);
    } finally {
      // Not close(): it would take the store away.
      await other.hub.close();
    }
  });
});

describe('a header that is not accepted', () => {
  const known = async () => {
    const gone = await issue();
    await hub.hub.tokens.revoke(gone.issued.id, 'test');
    return { good: (await issue()).token, revoked: gone.token };
  };

  it.each<[string, (tokens: { good: string; revoked: string }) => string[]]>([
    ['that is empty', () => ['authorization', '']],
    ['without a token', () => ['authorization', 'Bearer']],
    ['with an empty token', () => ['authorization', 'Bearer  ']],
    ['with another scheme', ({ good }) => ['authorization', `Basic ${Buffer.from(`x:${good}`).toString('base64')}`]],
    ['with a token and no scheme', ({ good }) => ['authorization', good]],
    ['with two tokens', ({ good }) => ['authorization', `Bearer ${good} ${good}`]],
    ['with two tokens and a comma', ({ good }) => ['authorization', `Bearer ${good}, Bearer ${good}`]],
    ['that is there twice, the good one first', ({ good }) => ['authorization', `Bearer ${good}`, 'authorization', 'Bearer x']],
    ['that is there twice, both good', ({ good }) => ['authorization', `Bearer ${good}`, 'Authorization', `Bearer ${good}`]],
    ['with a token that is not known', () => ['authorization', `Bearer phk_${'A'.repeat(43)}`]],
    ['with a token that was revoked', ({ revoked }) => ['authorization', `Bearer ${revoked}`]],
    ['with a token and a character more', ({ good }) => ['authorization', `Bearer ${good}A`]],
    ['with a token in quotes', ({ good }) => ['authorization', `Bearer "${good}"`]],
    ['with SQL', () => ['authorization', "Bearer phk_' OR '1'='1"]],
    ['with a JWT where no issuer is set', () => ['authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.']],
    ['that is very long', () => ['authorization', `Bearer ${'a'.repeat(10_000)}`]],
    ['with bytes beyond ASCII', () => ['authorization', 'Bearer \u00e9\u00ff']],
  ])('%s, is refused like every other and never taken for none', async (_what, make) => {
    const tokens = await known();
    const server = await startTestServer(hub.hub);
    const headers = make(tokens);
    const { status, text, headers: answered } = await ask(`${server.url}/graphql`, headers);
    expect({ status, text }).toEqual({ status: 401, text: refusal });
    expect(answered['www-authenticate']).toBe('Bearer realm="parkhub", error="invalid_token"');
    expect(answered['cache-control']).toBe('no-store');
    expect(answered['content-type']).toBe('application/json; charset=utf-8');
    const [line, ...more] = server.logged;
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 40, reason: expect.any(String), address: '127.0.0.1' });
    // The log tells why, and nothing that could be used again.
    for (const secret of [tokens.good, tokens.revoked, 'eyJ']) expect(JSON.stringify(line)).not.toContain(secret);
  });

  it('is refused before the body is read, whatever it asks and however it is sent', async () => {
    const server = await startTestServer(hub.hub);
    const wrong = ['authorization', 'Bearer x'];
    for (const [path, body, method] of [
      ['/graphql', '{"query":"{ __schema { types { name } } }"}', 'POST'],
      ['/graphql', '{ no json', 'POST'],
      ['/graphql?query={__typename}', '', 'GET'],
      ['/graphql', '', 'DELETE'],
    ] as const) {
      const { status, text } = await ask(`${server.url}${path}`, wrong, body, method);
      expect({ status, text }).toEqual({ status: 401, text: refusal });
    }
  });

  it('is none of the business of /health and the Playground', async () => {
    const server = await startTestServer(hub.hub);
    expect((await fetch(`${server.url}/health`, { headers: { authorization: 'Bearer x' } })).status).toBe(200);
  });

  it('a token in the address or in the body is no token: the request is one of the public', async () => {
    const viewers: unknown[] = [];
    const server = await startTestServer(
      handMadeHub({ authenticate: hub.hub.authenticate, createContext: (asked) => ({ seen: viewers.push(asked?.viewer?.kind) }) }),
    );
    const { token } = await issue();
    await ask(
      `${server.url}/graphql?access_token=${token}`,
      ['x-authorization', `Bearer ${token}`, 'cookie', `token=${token}`],
      JSON.stringify({ query: '{ greeting }', extensions: { authorization: `Bearer ${token}` } }),
    );
    expect(viewers).toEqual(['PUBLIC']);
  });
});

describe('`viewer` of the graph', () => {
  const asked = '{ viewer { kind name uscc sourceId funds role } }';
  const nothing = { uscc: null, sourceId: null, funds: null, role: null };

  it.each<[Grant, object]>([
    [{ kind: 'TENANT', uscc: '91410771MA3XGWU758' }, { uscc: '91410771MA3XGWU758' }],
    [{ kind: 'INVESTOR', source: 'hongtu', funds: 'all' }, { sourceId: 'hongtu' }],
    [
      { kind: 'INVESTOR', source: 'hongtu', funds: ['F1', 'F2'] },
      { sourceId: 'hongtu', funds: ['F1', 'F2'] },
    ],
    [{ kind: 'BANK', source: 'icbc' }, { sourceId: 'icbc' }],
    [{ kind: 'PARK', role: 'OPERATOR' }, { role: 'OPERATOR' }],
    [{ kind: 'SERVICE', source: 'spdb' }, { sourceId: 'spdb' }],
  ])('tells whoever holds a token of %j that the hub takes it for just that', async (grant, expected) => {
    const server = await startTestServer(hub.hub);
    const { token, issued } = await issue(grant);
    const { body } = await server.ask(asked, {}, { authorization: `Bearer ${token}` });
    expect(body).toEqual({ data: { viewer: { ...nothing, kind: grant.kind, name: `王敏 (token ${issued.id})`, ...expected } } });
  });

  it('tells who sends none that it is anyone, and whoever sends a wrong one nothing', async () => {
    const server = await startTestServer(hub.hub);
    expect((await server.ask(asked)).body).toEqual({ data: { viewer: { ...nothing, kind: 'PUBLIC', name: 'anonymous' } } });
    expect((await server.ask(asked, {}, { authorization: 'Bearer phk_none' })).text).toBe(refusal);
  });
});

describe('where it cannot be told who asks', () => {
  it('nobody is answered: a failure of the check is an error, not the public', async () => {
    let contexts = 0;
    const server = await startTestServer(
      handMadeHub({
        authenticate: async () => {
          throw new Error('disk I/O error at /var/lib/hub.db');
        },
        createContext: () => ({ number: ++contexts }),
      }),
    );
    const { status, text } = await server.ask('{ greeting }');
    expect(status).toBe(500);
    expect(text).not.toMatch(/disk|var|hub\.db/);
    expect(contexts).toBe(0);
  });

  it('the reason of a refusal reaches the log alone', async () => {
    const server = await startTestServer(
      handMadeHub({
        authenticate: async () => {
          throw new UnauthenticatedError('token 17 was revoked', { cause: new Error('secret cause') });
        },
      }),
    );
    const { text } = await server.ask('{ greeting }', {}, { authorization: 'Bearer x' });
    expect(text).toBe(refusal);
    expect(server.logged).toMatchObject([{ reason: 'token 17 was revoked' }]);
  });
});
