/** What happens to an export midway: sources that fail, tokens and authorizations that are revoked, clients that stall or go. */
import http from 'node:http';
import { GraphQLError, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UnauthenticatedError } from '../../src/access/refusal.js';
import type { Hub } from '../../src/hub.js';
import type { Source } from '../../src/sources/source.js';
import { declareInPark, dying, hubForTest, kill, Meddler, parkForTest } from '../graph/faultyPark.js';
import type { TestHub } from '../helpers/hub.js';
import { askAs, bank, park, tenant } from '../helpers/viewers.js';
import { exportAs, jsonLinesOf, viewedBy } from './exports.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

/** A hub of small pages, and what is done before each operation: it is told how many there were. */
function betweenPages(hub: Hub, act: (operation: number) => void | Promise<void>): Hub {
  let count = 0;
  return {
    ...hub,
    limits: { ...hub.limits, nodes: 10 },
    authenticate: async (authorization) => {
      await act(count);
      return hub.authenticate(authorization);
    },
    createContext: (options) => {
      count += 1;
      return hub.createContext(options);
    },
  };
}

/** Reads what comes until the connection ends; whether that was the end of the answer. */
function received(url: string, query: string, headers: Record<string, string>, pause = 0): Promise<{ status: number; text: string; isWhole: boolean }> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/export`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', () => undefined);
      response.pause();
      setTimeout(() => response.resume(), pause);
      response.on('close', () => resolve({ status: response.statusCode ?? 0, text, isWhole: response.complete }));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ query }));
  });
}

const LOANS = '{ loans(orderBy: [{ number: ASC }]) { nodes { number tenantUscc balance } } }';
const lines = { authorization: 'asking', accept: 'application/x-ndjson' };
const lastOf = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

describe('a source that fails', () => {
  it('refuses the export whole, and is named; the others are exported when they are named', async () => {
    const opened = await hubForTest(await kill(await parkForTest(), 'icbc'));
    const server = await startTestServer(opened.hub);
    for (const accept of ['text/csv', 'application/x-ndjson']) {
      const { status, headers, text } = await exportAs(server, undefined, LOANS, { accept });
      expect([status, headers.get('retry-after')]).toEqual([503, '30']);
      expect(JSON.parse(text)).toEqual({
        errors: [
          {
            message: expect.stringMatching(
              /^icbc: The database file of this source is not in its folder\..* An export is whole or not at all: ask again later, or for the other sources alone \(sourceId in `where`\)\.$/,
            ),
            extensions: { code: 'SOURCE_UNAVAILABLE', source: 'icbc' },
          },
        ],
      });
    }
    const others = '{ loans(where: { sourceId: { in: ["bocom", "spdb"] } }) { nodes { provenance { sourceId } } } }';
    const { rows } = jsonLinesOf((await exportAs(server, undefined, others, { accept: 'application/x-ndjson' })).text);
    expect(new Set(rows.map(({ provenance }) => provenance.sourceId))).toEqual(new Set(['bocom', 'spdb']));
  });

  it('midway breaks it off, and is named where the form has a place', async () => {
    const meddler = new Meddler();
    const opened = await hubForTest({ intercept: meddler.intercept });
    const server = await startTestServer(betweenPages(opened.hub, (operation) => meddler.let('icbc', operation >= 3 ? dying : undefined)));
    const jsonLines = await received(server.url, LOANS, { accept: 'application/x-ndjson' });
    expect(jsonLines).toMatchObject({ status: 200, isWhole: false });
    expect(lastOf(jsonLines.text)).toMatchObject({ errors: [{ extensions: { code: 'SOURCE_UNAVAILABLE', source: 'icbc' } }] });
    expect(server.logged.map(({ msg }) => msg)).toContain('An export broke off.');
  });

  it('midway leaves no table that looks whole', async () => {
    const opened = await hubForTest({});
    const server = await startTestServer(
      betweenPages(opened.hub, (operation) => {
        if (operation >= 3) throw new UnauthenticatedError('revoked');
      }),
    );
    const csv = await received(server.url, LOANS, { accept: 'text/csv' });
    expect(csv).toMatchObject({ status: 200, isWhole: false });
    expect(csv.text.split('\r\n').length).toBeGreaterThan(5);
    await expect(exportAs(server, undefined, LOANS)).resolves.toMatchObject({ status: 401 });
  });
});

describe('a source that answers otherwise', () => {
  const icbc = '{ loans(where: { sourceId: { eq: "icbc" } }) { nodes { number } } }';

  it('from its last good copy is named, in the header and in the last line', async () => {
    const [park, meddler] = [await parkForTest(), new Meddler()];
    await declareInPark(park, 'icbc', 'policy: stale');
    const opened = await hubForTest({ ...park, intercept: meddler.intercept });
    await opened.hub.sourceStatuses();
    meddler.let('icbc', dying);
    const server = await startTestServer(opened.hub);
    const { status, headers, text } = await exportAs(server, undefined, icbc, { accept: 'application/x-ndjson' });
    expect(status).toBe(200);
    expect(JSON.parse(headers.get('x-parkhub-notes') ?? '')).toEqual({
      leftOut: [],
      sources: [{ sourceId: 'icbc', state: 'STALE', asOf: expect.any(String) }],
    });
    const { rows, end } = jsonLinesOf(text);
    expect(rows.length).toBeGreaterThan(10);
    expect(end.sources).toMatchObject([{ sourceId: 'icbc', state: 'STALE' }]);
  });

  it('from its last good copy only midway breaks the export off', async () => {
    const [park, meddler] = [await parkForTest(), new Meddler()];
    await declareInPark(park, 'icbc', 'policy: stale');
    const opened = await hubForTest({ ...park, intercept: meddler.intercept });
    await opened.hub.sourceStatuses();
    const server = await startTestServer(betweenPages(opened.hub, (operation) => meddler.let('icbc', operation >= 3 ? dying : undefined)));
    const { text, isWhole } = await received(server.url, icbc, { accept: 'application/x-ndjson' });
    expect(isWhole).toBe(false);
    expect(lastOf(text).errors[0].message).toMatch(/^icbc failed; .* It answered earlier pages itself\. Ask again later\.$/);
  });

  it('while its first reading is under way refuses the export: rows may be missing', async () => {
    const intercept = (source: Source): Source =>
      source.id === 'icbc'
        ? new Proxy(source, { get: (target, name) => (name === 'note' ? () => 'It is being read: 5 of 9 rows.' : boundTo(target, name)) })
        : source;
    const opened = await hubForTest({ intercept });
    const { status, text } = await exportAs(await startTestServer(opened.hub), undefined, icbc);
    expect([status, JSON.parse(text).errors[0].message]).toEqual([503, expect.stringMatching(/^icbc: It is being read: 5 of 9 rows\. An export is whole/)]);
  });
});

function boundTo(target: Source, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}

describe('what is revoked', () => {
  it('as a token, counts from the next page on', async () => {
    const opened = await hubForTest({});
    const known = viewedBy(opened.hub, { asking: park('ADMIN') });
    const server = await startTestServer(
      betweenPages(known, (operation) => {
        if (operation >= 3) throw new UnauthenticatedError('revoked');
      }),
    );
    const { text, isWhole } = await received(server.url, '{ tenants { nodes { uscc } } }', lines);
    expect(isWhole).toBe(false);
    expect(lastOf(text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(text.split('\n').length).toBeLessThan(40);
  });

  it('as an authorization, counts from the next page on: no row of its company comes after', async () => {
    const opened: TestHub = await hubForTest({ clock: () => new Date('2022-03-15T10:00:00+08:00') });
    const query = '{ loans(orderBy: [{ number: ASC }], where: { sourceId: { eq: "icbc" } }) { nodes { number tenantUscc balance } } }';
    const all = (await opened.ask('{ loans(orderBy: [{ number: ASC }], first: 1000, where: { sourceId: { eq: "icbc" } }) { nodes { number tenantUscc } } }'))
      .loans.nodes as { number: string; tenantUscc: string }[];
    const companies = [...new Set(all.map(({ tenantUscc }) => tenantUscc))];
    const grants = await Promise.all(
      companies.map(async (uscc) => {
        const grant = `mutation { grantAuthorization(grantee: "spdb", scopes: [CREDIT], purpose: BEFORE_LENDING, validFrom: "2022-03-01", validTo: "2022-03-31", documentHash: "${'ab'.repeat(32)}") { id } }`;
        return { uscc, id: (await askAs(opened.hub, tenant(uscc), grant)).grantAuthorization.id as string };
      }),
    );
    const known = viewedBy(opened.hub, { asking: bank('spdb') });
    const whole = jsonLinesOf((await exportAs(await startTestServer(known), 'asking', query, { accept: 'application/x-ndjson' })).text).rows;
    expect(whole.map(({ number }) => number)).toEqual(all.map(({ number }) => number));

    const server = await startTestServer(
      betweenPages(known, async (operation) => {
        if (operation !== 3) return;
        for (const { uscc, id } of grants) await askAs(opened.hub, tenant(uscc), `mutation { revokeAuthorization(authorization: "${id}") { id } }`);
      }),
    );
    const { text } = await received(server.url, query, lines);
    const given = text.split('\n').filter((line) => line.startsWith('{"number"'));
    expect(given.length).toBeGreaterThan(0);
    expect(given.length).toBeLessThan(whole.length);
    expect(given.map((line) => JSON.parse(line))).toEqual(whole.slice(0, given.length));
  });
});

describe('what cannot be recorded', () => {
  it('does not leave: neither at the start nor midway', async () => {
    const opened = await hubForTest({});
    const known = viewedBy(opened.hub, { asking: bank('icbc') });
    for (const failing of [1, 3]) {
      const hub: Hub = { ...known, limits: { ...known.limits, nodes: 10 } };
      let count = 0;
      hub.createContext = (options) => {
        count += 1;
        const context = known.createContext(options);
        if (count !== failing) return context;
        return Object.assign(context, { recordReads: async () => Promise.reject(new Error('the disk is full')) });
      };
      const server = await startTestServer(hub);
      const { status, text, isWhole } = await received(server.url, LOANS, lines);
      expect({ status, isWhole }).toEqual(failing === 1 ? { status: 503, isWhole: true } : { status: 200, isWhole: false });
      expect(lastOf(text)).toMatchObject({ errors: [{ extensions: { code: 'TRACE_UNAVAILABLE' } }] });
      expect(text).not.toContain('disk');
    }
  });
});

/** A hub with a list without end, of rows of this many characters, ten a page. */
function endlessHub(characters: number, fields: { pages?: number; failing?: number } = {}): { hub: Hub; asked: () => number } {
  let asked = 0;
  const thing = new GraphQLObjectType({ name: 'Thing', fields: { text: { type: GraphQLString } } });
  const pageInfo = new GraphQLObjectType({ name: 'PageInfo', fields: { hasNextPage: { type: GraphQLString }, endCursor: { type: GraphQLString } } });
  const things = new GraphQLObjectType({ name: 'ThingConnection', fields: { nodes: { type: new GraphQLList(thing) }, pageInfo: { type: pageInfo } } });
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        things: {
          type: things,
          args: { first: { type: GraphQLInt }, after: { type: GraphQLString } },
          resolve: () => {
            asked += 1;
            if (asked === fields.failing) throw new GraphQLError('a secret of /etc/passwd');
            const nodes = Array.from({ length: 10 }, (_, index) => ({ text: `${asked}.${index}`.padEnd(characters, 'x') }));
            return { nodes, pageInfo: { hasNextPage: asked === fields.pages ? null : 'yes', endCursor: String(asked) } };
          },
        },
      },
    }),
  });
  return { hub: { ...handMadeHub(), schema }, asked: () => asked };
}

const THINGS = '{ things { nodes { text } } }';
const settled = async (figure: () => number): Promise<number> => {
  for (let last = -1; ; await new Promise((resolve) => setTimeout(resolve, 300))) {
    if (figure() === last) return last;
    last = figure();
  }
};

describe('a client', () => {
  it('that takes nothing is given no more than fits on the way; the sources rest meanwhile', async () => {
    const { hub, asked } = endlessHub(100_000);
    const server = await startTestServer(hub);
    const request = http.request(`${server.url}/export`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => response.pause());
    onTestFinished(() => void request.destroy());
    request.on('error', () => undefined).end(JSON.stringify({ query: THINGS }));
    await expect.poll(asked).toBeGreaterThan(1);
    // A page is a megabyte; what is on the way is a few of them.
    expect(await settled(asked)).toBeLessThan(30);
  });

  it('that goes ends the export', async () => {
    const { hub, asked } = endlessHub(1_000);
    const server = await startTestServer(hub);
    const request = http.request(`${server.url}/export`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      response.once('data', () => request.destroy());
    });
    request.on('error', () => undefined).end(JSON.stringify({ query: THINGS }));
    await expect.poll(asked).toBeGreaterThan(0);
    const last = await settled(asked);
    expect(last).toBeLessThan(10_000);
    expect(server.logged).toEqual([]);
  });

  it('is not told of a fault inside, at the start or midway', async () => {
    for (const failing of [1, 3]) {
      const server = await startTestServer(endlessHub(10, { failing }).hub);
      const { status, text, isWhole } = await received(server.url, THINGS, { accept: 'application/x-ndjson' });
      expect({ status, isWhole }).toEqual(failing === 1 ? { status: 500, isWhole: true } : { status: 200, isWhole: false });
      expect(lastOf(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
      expect(text).not.toContain('passwd');
    }
  });

  it('that is slow hears of a break, however much is on its way to it', async () => {
    const endless = endlessHub(1_000);
    const stalled = await startTestServer(endless.hub);
    const request = http.request(`${stalled.url}/export`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => response.pause());
    request.on('error', () => undefined).end(JSON.stringify({ query: THINGS }));
    await expect.poll(endless.asked).toBeGreaterThan(1);
    const most = await settled(endless.asked);
    request.destroy();
    // The break comes just before and just after the way is full.
    await Promise.all(
      [-40, -20, -10, -5, -3, -2, -1, 0, 1].map(async (beyond) => {
        const server = await startTestServer(endlessHub(1_000, { failing: most + beyond }).hub);
        const { text, isWhole } = await received(server.url, THINGS, { accept: 'application/x-ndjson' }, 1_500);
        expect(isWhole).toBe(false);
        expect(lastOf(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
      }),
    );
  });

  it('is served as fast as its rate allows, and not refused midway', async () => {
    const server = await startTestServer(endlessHub(10, { pages: 12 }).hub, undefined, { settings: { rate: 60 } });
    const since = performance.now();
    const { rows } = jsonLinesOf((await exportAs(server, undefined, THINGS, { accept: 'application/x-ndjson' })).text);
    expect(rows).toHaveLength(120);
    // Ten at once, and one a second after.
    expect(performance.now() - since).toBeGreaterThan(1_000);
  });

  it('is not given more rows than an export may have, where the list has no count', async () => {
    const { hub, asked } = endlessHub(10);
    const server = await startTestServer({ ...hub, limits: { ...hub.limits, exportRows: 25 } });
    const { text, isWhole } = await received(server.url, THINGS, { accept: 'application/x-ndjson' });
    expect(isWhole).toBe(false);
    expect(lastOf(text)).toMatchObject({ errors: [{ extensions: { limit: 'exportRows', bound: 25 } }] });
    expect(asked()).toBe(3);
  });
});
