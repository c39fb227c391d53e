import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { discrepancies } from '../../web/operations/discrepancies.js';
import { financingBySource } from '../../web/operations/financingBySource.js';
import { parkFigures } from '../../web/operations/parkFigures.js';
import { portfolio } from '../../web/operations/portfolio.js';
import { tenantsPage } from '../../web/operations/tenantsPage.js';
import { type Ask, createClient } from '../../web/src/client.js';
import { type Demonstration, startDemonstration } from '../helpers/demonstration.js';
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

/** Every list of an answer that holds rows, by its path. */
function listsIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const rows = Array.isArray(inner) ? inner : undefined;
    const own = (name === 'nodes' || name === 'edges') && rows && rows.length > 0 ? [path] : [];
    return [...own, ...(rows ? rows.flatMap((row) => listsIn(row, `${path}.${name}`)) : listsIn(inner, `${path}.${name}`))];
  });
}

describe('the ready queries of the playground, asked as whom they are meant for', () => {
  let demonstration: Demonstration;
  beforeAll(async () => {
    demonstration = await startDemonstration();
  });
  afterAll(() => demonstration?.close());

  const holders: Readonly<Record<string, string>> = { BANK: 'bank icbc', INVESTOR: 'investor hongtu', 'PARK OPERATOR': 'park operator' };
  /** What others' books and the register add, in each of them, to what the viewer's own has. */
  const expected: Readonly<Record<string, readonly string[]>> = {
    '1-public.graphql': [],
    '2-park-staff.graphql': ['.park.certifications', '.park.evictions', '.tenants', '.discrepancies'],
    '3-investor.graphql': ['.portfolio.holdings', '.portfolio.holdings.nodes.tenant.certifications', '.portfolio.holdings.nodes.tenant.loans'],
    '4-bank-officer.graphql': ['.loans', '.loans.nodes.tenant.annualReports'],
    '5-front-end.graphql': ['.tenants'],
  };

  it.each(readyQueryFiles().map((file) => [file.file, file] as const))('%s is answered by the demonstration park, with rows', async (name, file) => {
    const server = await startTestServer(demonstration.hub);
    const holder = holders[file.meant];
    const { body } = await server.ask(file.text, file.variables, holder === undefined ? {} : { authorization: `Bearer ${demonstration.tokenOf(holder)}` });
    expect(body.errors).toBeUndefined();
    const reports = reportsIn(body.data);
    expect(reports.length).toBeGreaterThan(0);
    expect(reports.filter(({ state }) => state === 'UNAVAILABLE')).toEqual([]);
    expect(listsIn(body.data)).toEqual(expect.arrayContaining([...(expected[name] ?? ['a list of this file'])]));
    expect(server.logged).toEqual([]);
  });

  it("give anyone less: the portfolio is its investor's, the credit book its bank's", async () => {
    const server = await startTestServer(demonstration.hub);
    for (const file of readyQueryFiles().filter(({ meant }) => meant === 'INVESTOR' || meant === 'BANK')) {
      const { body } = await server.ask(file.text, file.variables);
      expect(
        listsIn(body.data).filter((list) => /holdings|loans/.test(list)),
        file.file,
      ).toEqual([]);
    }
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
