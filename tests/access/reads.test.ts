import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { companysEntities } from '../../src/access/reads.js';
import { ReadTrace, type TracedRead } from '../../src/access/trace.js';
import type { Viewer } from '../../src/access/viewer.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { anyone, askAs, bank, investor, park, refusalOf, service, tenant } from '../helpers/viewers.js';
import { startTestServer } from '../server/testServer.js';

const HASH = 'ab'.repeat(32);
const now = new Date('2022-03-15T10:00:00+08:00');
let hub: TestHub;
let file: string;
/** A borrower of icbc that an investor holds; and another company. */
let company: string;
let other: string;

beforeAll(async () => {
  hub = await openTestHub({ clock: () => now });
  const { tenants } = await hub.ask(
    '{ tenants(first: 200, where: { loans: { some: {} }, investments: { some: {} } }) { nodes { uscc loans { nodes { provenance { sourceId } } } } } }',
  );
  const nodes = tenants.nodes as { uscc: string; loans: { nodes: { provenance: { sourceId: string } }[] } }[];
  company = nodes.find(({ loans }) => loans.nodes.some(({ provenance }) => provenance.sourceId === 'icbc'))?.uscc as string;
  other = nodes.find(({ uscc }) => uscc !== company)?.uscc as string;
  await askAs(hub.hub, anyone, '{ __typename }');
  file = path.join(hub.store, `${hub.hub.parkId}.trace.db`);
});
afterAll(() => hub.close());

/** What the trace has of a company since a document was executed by a viewer: nothing before it. */
async function readsBy(viewer: Viewer, document: string, uscc = company): Promise<TracedRead[]> {
  const trace = new ReadTrace(file, hub.hub.parkId);
  const since = (await trace.readsOf(uscc, { limit: 1 }))[0]?.id ?? 0;
  await askAs(hub.hub, viewer, document);
  const found = (await trace.readsOf(uscc, { limit: 100 })).filter(({ id }) => id > since);
  await trace.close();
  return found;
}

const told = (reads: readonly TracedRead[]) =>
  reads.flatMap(({ reads: rows }) => rows.map((read) => `${read.source} ${read.entity} ${read.ask} ${read.scopes.join('+')} ${read.rows}`)).sort();

describe('a record is kept', () => {
  test('of who read what of whom, in which scopes, from where and how many rows', async () => {
    const [read, ...more] = await readsBy(bank('icbc'), `query Book { loans(where: { tenantUscc: { eq: "${company}" } }) { nodes { number balance } } }`);
    expect(more).toEqual([]);
    const rows = (await hub.ask(`{ loans(where: { tenantUscc: { eq: "${company}" } }) { nodes { provenance { sourceId } } } }`)).loans.nodes.filter(
      ({ provenance }: { provenance: { sourceId: string } }) => provenance.sourceId === 'icbc',
    ).length;
    expect(read).toEqual({
      id: expect.any(Number),
      at: now.toISOString(),
      viewer: { kind: 'BANK', name: 'officer of icbc', via: 'test', of: 'icbc' },
      origin: expect.stringMatching(/^[0-9a-f]{12}$/),
      operation: 'Book',
      document: null,
      exported: false,
      reads: [{ source: 'icbc', entity: 'Loan', ask: 'ROWS', scopes: ['CREDIT'], rows, companies: new Map([[company, rows]]) }],
      authorizations: [],
    });
  });

  test.each<[string, Viewer | 'company', string, readonly (string | RegExp)[]]>([
    ['of a figure', bank('icbc'), '{ loans { totals { sum { balance } } } }', [/^icbc Loan TOTALS CREDIT \d+$/]],
    ['of a count', bank('icbc'), '{ loans { totalCount } }', [/^icbc Loan TOTALS CREDIT \d+$/]],
    ['of a figure by group', bank('icbc'), '{ loans { totals(groupBy: [CLASSIFICATION]) { count } } }', [/^icbc Loan TOTALS CREDIT \d+$/]],
    [
      'of a filter that rests on it',
      bank('icbc'),
      '{ tenants(where: { loans: { some: { balance: { gt: "0.00" } } } }, first: 1000) { nodes { name } } }',
      [/^icbc Loan TOTALS CREDIT /],
    ],
    ['of one’s own file', 'company', '{ tenants(where: { uscc: { eq: "$" } }) { nodes { registeredCapital } } }', ['park Tenant ROWS IDENTITY 1']],
  ])('%s', async (_what, viewer, document, expected) => {
    const reads = told(await readsBy(viewer === 'company' ? tenant(company) : viewer, document.replace('$', company)));
    for (const line of expected) expect(reads).toContainEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    if (expected.length > 0) expect(reads).toHaveLength(expected.length);
  });

  test('of rows that name their company by another row of their book', async () => {
    const { investments } = await hub.ask(
      '{ investments(first: 1000, where: { valuations: { some: {} } }) { nodes { tenantUscc provenance { sourceId } valuations { totalCount } } } }',
    );
    const { tenantUscc, provenance } = investments.nodes[0];
    const own = (investments.nodes as { tenantUscc: string; provenance: { sourceId: string }; valuations: { totalCount: number } }[]).filter(
      (one) => one.tenantUscc === tenantUscc && one.provenance.sourceId === provenance.sourceId,
    );
    const reads = await readsBy(investor(provenance.sourceId), '{ investments(first: 1000) { nodes { valuations { nodes { date } } } } }', tenantUscc);
    const count = own.reduce((sum, { valuations }) => sum + valuations.totalCount, 0);
    expect(told(reads)).toContainEqual(expect.stringMatching(new RegExp(`^${provenance.sourceId} Valuation ROWS .*\\b${count}$`)));
    expect(companysEntities()).toEqual(expect.arrayContaining([{ entity: 'Valuation', by: 'investmentNumber', through: 'Investment' }]));
  });

  test('under the authorization that opened it', async () => {
    const grant = `mutation { grantAuthorization(grantee: "spdb", scopes: [CREDIT], purpose: BEFORE_LENDING, validFrom: "2022-03-01", validTo: "2022-03-31", documentHash: "${HASH}") { id } }`;
    const { id } = (await askAs(hub.hub, tenant(company), grant)).grantAuthorization;
    const [read] = await readsBy(bank('spdb'), '{ loans(first: 1000) { nodes { balance } } }');
    expect(read?.authorizations).toContain(Number(id));
    await askAs(hub.hub, tenant(company), `mutation { revokeAuthorization(authorization: "${id}") { id } }`);
    expect(told(await readsBy(bank('spdb'), '{ loans(first: 1000) { nodes { balance } } }')).filter((line) => line.startsWith('icbc'))).toEqual([]);
  });
});

describe('no record is kept', () => {
  test.each<[string, Viewer, string]>([
    ['of what anyone may read', bank('icbc'), '{ tenants(first: 1000) { nodes { uscc name industry status certifications { nodes { kind } } } } }'],
    ['of what is public, for anyone', anyone, '{ tenants(first: 1000) { nodes { name registeredCapital loans { nodes { balance } totalCount } } } }'],
    ['of what is hidden from who asks', service('huakai'), '{ tenants(first: 1000) { nodes { name registeredCapital } } loans { totalCount } }'],
    ['of the park’s figures, which the hub adds up', bank('icbc'), '{ park { figures(years: [2021]) { year evictedCount } } }'],
    ['of a count of what is public', park('ANALYST'), '{ tenants { totalCount } }'],
  ])('%s', async (_what, viewer, document) => {
    expect(told(await readsBy(viewer, document))).toEqual([]);
  });

  test('of rows beyond the page that was given', async () => {
    const document = '{ tenants(first: 1, orderBy: [{ uscc: ASC }]) { nodes { uscc registeredCapital } } }';
    const { tenants } = await hub.ask('{ tenants(first: 3, orderBy: [{ uscc: ASC }]) { nodes { uscc } } }');
    const [first, second] = (tenants.nodes as { uscc: string }[]).map(({ uscc }) => uscc) as [string, string];
    expect(told(await readsBy(park('OPERATOR'), document, first))).toEqual(['park Tenant ROWS IDENTITY 1']);
    expect(told(await readsBy(park('OPERATOR'), document, second))).toEqual([]);
  });
});

describe('readsOfMyData', () => {
  const MINE =
    '{ readsOfMyData(first: 100) { nodes { id by kind of origin reads { sourceId entity ask scopes rows } authorizations } pageInfo { hasNextPage } } }';

  test('gives a company the reads of its own data, and nothing of others', async () => {
    await askAs(hub.hub, bank('icbc'), '{ loans(first: 1000) { nodes { balance } } }');
    const { readsOfMyData } = await askAs(hub.hub, tenant(company), MINE);
    expect(readsOfMyData.nodes[0]).toMatchObject({
      by: 'officer of icbc',
      kind: 'BANK',
      of: 'icbc',
      reads: [{ sourceId: 'icbc', entity: 'Loan', ask: 'ROWS', scopes: ['CREDIT'] }],
    });
    expect(JSON.stringify(readsOfMyData)).not.toContain('192.0.2.7');
    expect(JSON.stringify(readsOfMyData)).not.toContain(other);
    const own = await askAs(hub.hub, tenant(company), '{ tenant(uscc: "$") { loans { nodes { number } } } }'.replace('$', company));
    expect(readsOfMyData.nodes[0].reads[0].rows).toBeLessThanOrEqual(own.tenant.loans.nodes.length);
  });

  test('is paged', async () => {
    for (let index = 0; index < 3; index++) await askAs(hub.hub, bank('icbc'), '{ loans { totalCount } }');
    const page = async (given: string) =>
      (await askAs(hub.hub, tenant(company), `{ readsOfMyData(${given}) { nodes { id } pageInfo { hasNextPage endCursor } } }`)).readsOfMyData;
    const first = await page('first: 2');
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
    const ids = [...first.nodes, ...second.nodes].map(({ id }: { id: string }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    expect(first.pageInfo.hasNextPage).toBe(true);
  });

  test('answers nobody else', async () => {
    const viewers = [anyone, bank('icbc'), investor('huakai'), park('ANALYST'), park('ADMIN'), service('icbc')];
    const refusals = await Promise.all(viewers.map((viewer) => refusalOf(hub.hub, viewer, MINE)));
    expect(new Set(refusals)).toEqual(new Set(['NOT_FOUND: readsOfMyData: expected a company that asks of itself, but found none.']));
  });
});

test('an answer over HTTP is recorded with its document and address, and withheld where it cannot be', async () => {
  const own = await openTestHub({ viewer: bank('icbc') });
  const server = await startTestServer(own.hub);
  const post = (query: string) =>
    fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
  const book = 'query Book { loans(first: 1000) { nodes { balance } } }';
  try {
    expect(((await (await post(book)).json()) as { data: { loans: { nodes: unknown[] } } }).data.loans.nodes.length).toBeGreaterThan(0);
    const trace = new ReadTrace(path.join(own.store, `${own.hub.parkId}.trace.db`), own.hub.parkId);
    const [read] = await trace.readsOf(company, { limit: 1 });
    expect(read).toMatchObject({ operation: 'Book', document: expect.stringMatching(/^[0-9a-f]{64}$/), origin: expect.any(String) });
    await trace.close();
  } finally {
    await server.close();
    await own.close();
  }
  const broken = await openTestHub({ viewer: bank('icbc') });
  writeFileSync(path.join(broken.store, `${broken.hub.parkId}.trace.db`), 'this is no database, and long enough to be taken for one: '.repeat(20));
  const withholding = await startTestServer(broken.hub);
  try {
    const ask = async (query: string) => {
      const answer = await fetch(`${withholding.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask(book)).toEqual({
      status: 503,
      body: {
        errors: [{ message: 'This read could not be recorded, so its answer is withheld. Ask again later.', extensions: { code: 'TRACE_UNAVAILABLE' } }],
      },
    });
    expect((await ask('{ tenants(first: 1) { nodes { name } } }')).status).toBe(200);
    for (const name of readdirSync(broken.store).filter((name) => name.includes('.trace.db'))) rmSync(path.join(broken.store, name));
    expect((await ask(book)).status).toBe(200);
  } finally {
    await withholding.close();
    await broken.close();
  }
});
