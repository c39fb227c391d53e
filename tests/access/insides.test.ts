/**
 * What an answer tells of the inside of sources and of the hub's own asks: faults, drift, surveys and `explain`. Who has a
 * duty for a source reads which column, file or key it was; everybody else what happened to which source, and no more.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TokenViewer } from '../../src/access/viewer.js';
import type { Source } from '../../src/sources/source.js';
import { SourceError } from '../../src/sources/source.js';
import { hubForTest, kill, parkForTest } from '../graph/faultyPark.js';
import type { TestHub } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';
import { anyone, bank, investor, park, service, tenant } from './viewers.js';

/** Made up, and nowhere in what a client may know. */
const INSIDE = 'dk_jj.fkje row 4711 holds 91410700MA00000000';

const reports = 'sources { sourceId state asOf message drift { entity missingColumns newColumns attributes } }';

/** What of the hub stands behind a token. */
async function serverFor(hub: TestHub, viewer: TokenViewer) {
  return startTestServer({ ...hub.hub, createContext: (given) => hub.hub.createContext({ ...given, viewer }) });
}

async function answered(hub: TestHub, viewer: TokenViewer, document: string, headers: Record<string, string> = {}) {
  return (await serverFor(hub, viewer)).ask(document, undefined, headers);
}

/** icbc fails in the middle of an ask, and its error tells what it had in hand. */
const talkative = (reason: SourceError['reason']) => (source: Source) => {
  if (source.id !== 'icbc') return source;
  const fail = async (): Promise<never> => Promise.reject(new SourceError('icbc', reason, INSIDE));
  return new Proxy(source, {
    get: (target, name) => (['rows', 'totals', 'survey'].includes(name as string) ? fail : Reflect.get(target, name, target)),
  });
};

const borrower = '91410771MA476B5N3R';
const insiders: [string, TokenViewer][] = [
  ['the bank itself', bank('icbc')],
  ['its program', service('icbc')],
  ['an operator', park('OPERATOR')],
  ['the admin', park('ADMIN')],
];
const outsiders: [string, TokenViewer][] = [
  ['a tenant', tenant(borrower)],
  ['another bank', bank('bocom')],
  ['an investor', investor('huakai')],
  ['an analyst', park('ANALYST')],
  ['anyone', anyone],
];

describe('a fault of a source', () => {
  const asked = `{ loanProducts { nodes { name } ${reports} } sources { id state message } }`;

  it.each(insiders)('says to %s what it was', async (_who, viewer) => {
    const hub = await hubForTest({ intercept: talkative('MALFORMED') });
    const { body } = await answered(hub, viewer, asked);
    const { loanProducts, sources } = body.data as { loanProducts: { sources: object[] }; sources: object[] };
    expect(loanProducts.sources).toContainEqual(expect.objectContaining({ sourceId: 'icbc', state: 'UNAVAILABLE', message: INSIDE }));
    expect(sources).toContainEqual(expect.objectContaining({ id: 'icbc', message: INSIDE }));
    expect(body.extensions?.sources).toContainEqual(expect.objectContaining({ sourceId: 'icbc', message: INSIDE }));
  });

  it.each(outsiders)('says to %s that there was one, and nothing of the inside', async (_who, viewer) => {
    for (const [reason, said] of [
      ['MALFORMED', 'icbc gave what cannot be read.'],
      ['UNREACHABLE', 'icbc cannot be reached.'],
      ['TIMED_OUT', 'icbc did not answer in time.'],
    ] as const) {
      const hub = await hubForTest({ intercept: talkative(reason) });
      const { body, text } = await answered(hub, viewer, asked);
      const { loanProducts } = body.data as { loanProducts: { nodes: object[]; sources: object[] } };
      expect(loanProducts.sources).toContainEqual({ sourceId: 'icbc', state: 'UNAVAILABLE', asOf: null, message: said, drift: [] });
      expect(loanProducts.nodes.length).toBeGreaterThan(0);
      expect(text).not.toContain('4711');
    }
  });

  it('is whole in the log, whoever was answered', async () => {
    const hub = await hubForTest({ intercept: talkative('MALFORMED') });
    const server = await serverFor(hub, tenant(borrower));
    // A link to one row is an error where its source failed.
    await server.ask('{ node(id: "TG9hblByb2R1Y3Q6aWNiYzpYRDAx") { id } }');
    expect(JSON.stringify(server.logged)).toContain(INSIDE);
  });

  it('that fails a whole list says no more in its error', async () => {
    const copy = await parkForTest();
    const file = join(copy.parkFolder, 'icbc/source.yml');
    await writeFile(file, `policy: fail\n${await readFile(file, 'utf8')}`);
    const hub = await hubForTest({ ...copy, intercept: talkative('MALFORMED') });
    const outside = await answered(hub, anyone, '{ loanProducts { nodes { name } } }');
    expect(outside.body.errors).toMatchObject([{ message: 'icbc gave what cannot be read.', extensions: { code: 'SOURCE_UNAVAILABLE', source: 'icbc' } }]);
    expect(outside.text).not.toContain('4711');
    const inside = await answered(hub, bank('icbc'), '{ loanProducts { nodes { name } } }');
    expect(inside.body.errors).toMatchObject([{ message: INSIDE }]);
  });

  it('names no file of a drop to who is not its partner', async () => {
    const hub = await hubForTest(await kill(await parkForTest(), 'bocom'));
    const asksOf = `{ loanProducts { totalCount ${reports} } sources { id message } }`;
    expect((await answered(hub, bank('icbc'), asksOf)).text).not.toMatch(/csv|台账|drop folder/);
    expect((await answered(hub, bank('bocom'), asksOf)).text).toMatch(/drop folder/);
  });
});

describe('the list of sources', () => {
  const surveyed: string[] = [];
  const counting = (source: Source): Source =>
    new Proxy(source, {
      get: (target, name) => {
        if (name === 'survey') surveyed.push(source.id);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const asked = '{ sources { id state asOf message books { entity read } } }';
  const states = { bocom: 'MIRRORED', hongtu: 'MIRRORED', huakai: 'LIVE', huayu: 'LIVE', icbc: 'LIVE', park: 'LIVE', spdb: 'LIVE' };

  it.each(outsiders)('has no book read through for %s, but of a source of its own', async (_who, viewer) => {
    const hub = await hubForTest({ intercept: counting });
    surveyed.length = 0;
    const { body } = await answered(hub, viewer, asked);
    const { sources } = body.data as { sources: { id: string; state: string; asOf: string | null; message: null; books: object[] }[] };
    expect(Object.fromEntries(sources.map(({ id, state }) => [id, state]))).toEqual(states);
    const own = 'source' in viewer ? [viewer.source] : [];
    expect(surveyed).toEqual(own);
    for (const { id, asOf, message, books } of sources) {
      expect({ asOf, message }).toEqual({ asOf: expect.stringMatching(/^\d{4}-/), message: null });
      expect(books.length > 0).toBe(own.includes(id));
    }
  });

  it.each(insiders.slice(-2))('has every book read through for %s', async (_who, viewer) => {
    const hub = await hubForTest({ intercept: counting });
    surveyed.length = 0;
    const { body } = await answered(hub, viewer, asked);
    expect([...new Set(surveyed)].sort()).toEqual(Object.keys(states));
    for (const { books } of (body.data as { sources: { books: object[] }[] }).sources) expect(books.length).toBeGreaterThan(0);
  });

  it('says of a source that does not answer that it does not, to anyone', async () => {
    const hub = await hubForTest(await kill(await parkForTest(), 'spdb'));
    const { body } = await answered(hub, anyone, asked);
    expect((body.data as { sources: object[] }).sources).toContainEqual({
      id: 'spdb',
      state: 'UNAVAILABLE',
      asOf: null,
      message: 'spdb did not answer.',
      books: [],
    });
  });
});

describe('columns that changed', () => {
  /** icbc's products have lost a column that everyone may read. */
  async function drifted(): Promise<TestHub> {
    const copy = await parkForTest();
    const file = join(copy.parkFolder, 'icbc/source.yml');
    const text = await readFile(file, 'utf8');
    const renamed = /LoanProduct:[\s\S]*?name:\s*\{?\s*(?:column:\s*)?([\w]+)/.exec(text)?.[1] as string;
    await writeFile(file, text.replaceAll(new RegExp(`\\b${renamed}\\b`, 'g'), `${renamed}_neu`));
    return hubForTest(copy);
  }
  const asked = `{ loanProducts { nodes { id name } ${reports} } }`;

  it('are named to who has a duty for the source', async () => {
    const { body } = await answered(await drifted(), bank('icbc'), asked);
    const { sources } = (body.data as { loanProducts: { sources: { sourceId: string; drift: object[] }[] } }).loanProducts;
    const { drift } = sources.find(({ sourceId }) => sourceId === 'icbc') as { drift: object[] };
    expect(drift).toEqual([{ entity: 'LoanProduct', missingColumns: [expect.stringMatching(/_neu$/)], newColumns: expect.anything(), attributes: ['name'] }]);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'SOURCE_DRIFTED', missingColumns: [expect.stringMatching(/_neu$/)] });
  });

  it('are only fields of the graph to others', async () => {
    const { body, text } = await answered(await drifted(), anyone, asked);
    const { sources } = (body.data as { loanProducts: { sources: { sourceId: string }[] } }).loanProducts;
    const drift = [{ entity: 'LoanProduct', missingColumns: null, newColumns: null, attributes: ['name'] }];
    expect(sources.find(({ sourceId }) => sourceId === 'icbc')).toMatchObject({ state: 'LIVE', message: 'LoanProduct: name cannot be read.', drift });
    expect(body.errors?.[0]).toMatchObject({
      message: 'The columns of icbc changed. LoanProduct: name cannot be read.',
      extensions: { code: 'SOURCE_DRIFTED', source: 'icbc', entity: 'LoanProduct' },
    });
    expect(body.errors?.[0]?.extensions).not.toHaveProperty('missingColumns');
    expect(body.extensions?.sources).toMatchObject([{ sourceId: 'icbc', drift }]);
    expect(text).not.toContain('_neu');
  });
});

describe('explain', () => {
  const explained = { 'x-parkhub-explain': 'true' };
  interface Explained {
    cost: object;
    asks: { sourceId: string; entity: string; by: string; rows: number | null; startedAt: number; milliseconds: number }[];
    crossings: { keys: number }[];
  }
  async function explainedTo(viewer: TokenViewer, document: string): Promise<Explained> {
    const hub = await hubForTest({});
    return (await answered(hub, viewer, document, explained)).body.extensions?.explain as Explained;
  }

  it.each([...insiders, ...outsiders])("counts for %s no row of the hub's own asks", async (_who, viewer) => {
    const { asks } = await explainedTo(viewer, '{ park { figures(years: [2021]) { output hnteCount rentWaived } } }');
    const own = asks.filter(({ by }) => by === 'HUB');
    expect(own.map(({ entity }) => entity)).toEqual(expect.arrayContaining(['AnnualReport', 'RentWaiver', 'Certification']));
    for (const ask of own) expect(ask.rows).toBeNull();
  });

  it("counts no row that a viewer's funds were looked up by", async () => {
    const { asks } = await explainedTo(investor('huakai', ['HK01']), '{ portfolioReports { nodes { id } } }');
    for (const ask of asks) if (ask.by === 'HUB') expect(ask.rows).toBeNull();
    expect(asks.some(({ by }) => by === 'HUB')).toBe(true);
  });

  it('counts of the viewer’s own asks the rows that it sees', async () => {
    const { asks } = await explainedTo(bank('icbc'), '{ loans(first: 1000) { nodes { number } } }');
    const { asks: all } = await explainedTo(bank('bocom'), '{ loans(first: 1000) { nodes { number } } }');
    expect(asks.map(({ sourceId, by }) => [sourceId, by])).toEqual([['icbc', 'VIEWER']]);
    expect(all.map(({ sourceId }) => sourceId)).toEqual(['bocom']);
  });

  it('counts no row that came and is not the viewer’s, from a source that hands over more than it was asked for', async () => {
    const generous = (source: Source): Source =>
      source.id !== 'icbc'
        ? source
        : new Proxy(source, {
            get: (target, name) =>
              name === 'rows'
                ? (ask: Parameters<Source['rows']>[0], signal: AbortSignal) => target.rows({ ...ask, where: undefined, keys: undefined }, signal)
                : Reflect.get(target, name, target),
          });
    const hub = await hubForTest({ intercept: generous });
    const { body } = await answered(hub, tenant(borrower), '{ loans(first: 1000, where: {sourceId: {eq: "icbc"}}) { nodes { id } } }', explained);
    const explain = body.extensions?.explain as Explained | undefined;
    const { nodes } = (body.data as { loans: { nodes: object[] } }).loans;
    expect(nodes.length).toBeGreaterThan(0);
    expect(explain?.asks.map(({ rows }) => rows)).toEqual([nodes.length]);
  });

  it('counts for a crossing only what the viewer sees', async () => {
    const document = '{ tenants(where: {loans: {some: {}}}, first: 5) { nodes { name } totalCount } }';
    expect((await explainedTo(anyone, document)).crossings.map(({ keys }) => keys)).toEqual([0]);
    expect((await explainedTo(bank('icbc'), document)).crossings[0]?.keys).toBeGreaterThan(0);
  });

  it('says times in whole milliseconds', async () => {
    const { asks } = await explainedTo(anyone, '{ tenants { nodes { name } } }');
    for (const { startedAt, milliseconds } of asks) expect([startedAt, milliseconds].every(Number.isInteger)).toBe(true);
  });

  it.each([...insiders.slice(0, 1), ...outsiders.slice(-1)])('says to %s what the document may cost, and the bound', async (_who, viewer) => {
    const { cost } = await explainedTo(viewer, '{ tenants(first: 10) { nodes { name } } }');
    expect(cost).toEqual({ nodes: { figure: 11, bound: 250_000 }, cost: { figure: expect.any(Number), bound: 1_000_000 } });
  });
});
