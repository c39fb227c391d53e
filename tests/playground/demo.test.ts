import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { discrepancies } from '../../web/operations/discrepancies.js';
import { financingBySource } from '../../web/operations/financingBySource.js';
import { parkFigures } from '../../web/operations/parkFigures.js';
import { portfolio } from '../../web/operations/portfolio.js';
import { tenantsPage } from '../../web/operations/tenantsPage.js';
import { type Ask, createClient } from '../../web/src/client.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';
import { readyQueryFiles } from './readyQueryFiles.js';

let opened: TestHub;

beforeAll(async () => {
  opened = await openTestHub();
});
afterAll(() => opened?.close());

async function startAsking(): Promise<Ask> {
  const { url } = await startTestServer(opened.hub);
  return createClient({ url: `${url}/graphql` });
}

/** Every `sources` of an answer, however deep. */
function reportsIn(value: unknown): { state: string }[] {
  if (Array.isArray(value)) return value.flatMap(reportsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'sources' ? (inner as { state: string }[]) : reportsIn(inner)));
}

/** A list is null only beside an error, which the client throws. */
function there<T>(list: T | null): T {
  if (list === null) throw new Error('Expected a list, but got: null without an error.');
  return list;
}

describe('the ready queries of the playground', () => {
  it.each(readyQueryFiles().map((file) => [file.file, file] as const))('%s is answered whole by the demonstration park', async (_name, { text, variables }) => {
    const server = await startTestServer(opened.hub);
    const { body } = await server.ask(text, variables);
    expect(body.errors).toBeUndefined();
    const [root] = Object.values(body.data ?? {});
    expect(root).toEqual(expect.any(Object));
    const reports = reportsIn(body.data);
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.filter(({ state }) => state === 'UNAVAILABLE')).toEqual([]);
    expect(server.logged).toEqual([]);
  });
});

describe('the typed operations', () => {
  it('page through the tenants without losing or repeating one', async () => {
    const ask = await startAsking();
    const read = async (after: string | null) => there((await ask(tenantsPage, { first: 60, after, where: { status: { eq: 'IN_PARK' } } })).tenants);
    const seen: string[] = [];
    let page = await read(null);
    for (;;) {
      expect(page.totalCount).toBe(146);
      seen.push(...page.nodes.map(({ uscc }) => uscc));
      if (!page.pageInfo.hasNextPage) break;
      page = await read(page.pageInfo.endCursor);
    }
    expect(seen).toHaveLength(146);
    expect(new Set(seen).size).toBe(146);
  });

  it('give the money of 2021 by source, as exact text', async () => {
    const financing = there((await (await startAsking())(financingBySource, { from: '2021-01-01', to: '2021-12-31' })).financing);
    const amounts = financing.totals.map(({ sum }) => sum.amount);
    expectTypeOf(amounts).toEqualTypeOf<(string | null)[]>();
    expect(financing.totals).toHaveLength(7);
    expect(amounts.reduce((total, amount) => total + Number(amount), 0)).toBe(14_500_000);
  });

  it("give an investor's portfolio, and null for nobody's", async () => {
    const ask = await startAsking();
    const found = await ask(portfolio, { investor: 'huakai', first: 5 });
    expect(found.portfolio?.holdings?.nodes).toHaveLength(5);
    expect(found.portfolio?.totals.cost).toMatch(/^\d+\.\d\d$/);
    expect((await ask(portfolio, { investor: 'nobody', first: 5 })).portfolio).toBeNull();
  });

  it('page through what sources state differently', async () => {
    const ask = await startAsking();
    const read = async (after: string | null) =>
      there((await ask(discrepancies, { first: 5, after, facts: ['STAFF', 'REVENUE', 'PATENT_PLEDGE'] })).discrepancies);
    const first = await read(null);
    const second = await read(first.pageInfo.endCursor);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    const found = [...first.nodes, ...second.nodes].map(({ fact, difference }) => `${fact} ${difference?.text ?? '-'}`).sort();
    expect(found).toEqual(['PATENT_PLEDGE -', 'PATENT_PLEDGE -', 'REVENUE 210008.00', 'REVENUE 265292.00', 'STAFF 3', 'STAFF 4']);
  });

  it("give the park's figures of the years that were asked", async () => {
    const { park } = await (await startAsking())(parkFigures, { years: [2018, 2021] });
    expect(park.figures.map(({ year, tenantCount, hnteCount }) => [year, tenantCount, hnteCount])).toEqual([
      [2018, expect.any(Number), 5],
      [2021, 146, 24],
    ]);
  });

  it('do not compile with a value that the schema does not know', async () => {
    const ask = await startAsking();
    // @ts-expect-error the enum has no such value
    await expect(ask(tenantsPage, { first: 1, where: { status: { eq: 'GONE' } } })).rejects.toThrow('Value "GONE" does not exist in "TenantStatus" enum.');
  });
});
