/** Paging through lists over several sources, forwards and backwards, as Relay has it. */
import type { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { inOrder, type ModelRow, type OrderInput, readBook } from './model.js';

interface Page {
  readonly ids: string[];
  readonly cursors: string[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

interface PageArguments {
  readonly orderBy?: readonly OrderInput[];
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

let hub: TestHub;

beforeAll(async () => {
  // The clock stands still, so that a book that an API gives in whole is read once.
  hub = await openTestHub({ clock: () => new Date('2022-01-05T02:00:00.000Z') });
});

afterAll(() => hub?.close());

const orderTypes: Readonly<Record<string, string>> = {
  loans: 'LoanOrder',
  tenants: 'TenantOrder',
  loanProducts: 'LoanProductOrder',
  financing: 'FinancingOrder',
};

function documentOf(list: string): string {
  return `query ($orderBy: [${orderTypes[list]}!], $first: Int, $last: Int, $after: String, $before: String) {
    ${list}(orderBy: $orderBy, first: $first, last: $last, after: $after, before: $before) {
      edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
}

async function pageOf(list: string, given: PageArguments): Promise<Page> {
  const data = await hub.ask(documentOf(list), { ...given });
  const { edges, nodes, pageInfo } = data[list] as { edges: { cursor: string; node: { id: string } }[]; nodes: { id: string }[]; pageInfo: Page['pageInfo'] };
  const ids = edges.map(({ node }) => node.id);
  expect(nodes.map(({ id }) => id)).toEqual(ids);
  expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
  expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
  return { ids, cursors: edges.map(({ cursor }) => cursor), pageInfo };
}

/** All pages of a size, from the start to the end, or from the end to the start. */
async function walk(list: string, orderBy: readonly OrderInput[], size: number, backwards: boolean): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < 2_000; turn++) {
    const page: Page = await pageOf(list, { orderBy, ...(backwards ? { last: size, before: cursor } : { first: size, after: cursor }) });
    pages.push(page);
    cursor = backwards ? page.pageInfo.startCursor : page.pageInfo.endCursor;
    if (!(backwards ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage)) return pages;
  }
  throw new Error('The walk does not end.');
}

async function refusal(list: string, given: PageArguments): Promise<{ code: unknown; message: string }> {
  const { errors, data } = await hub.execute(documentOf(list), { ...given });
  expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
  expect(errors).toHaveLength(1);
  const error = errors?.[0] as GraphQLError;
  return { code: error.extensions.code, message: error.message };
}

const lists: [list: string, entities: readonly string[], orders: readonly OrderInput[][], sizes: readonly number[]][] = [
  [
    'loans',
    ['Loan'],
    [[], [{ amount: 'DESC' }], [{ date: 'ASC' }], [{ rate: 'ASC' }, { amount: 'DESC' }], [{ sourceId: 'DESC' }, { balance: 'ASC' }]],
    [1, 7, 50],
  ],
  ['tenants', ['Tenant'], [[], [{ leftOn: 'ASC' }], [{ leftOn: 'DESC' }], [{ industry: 'DESC' }, { leftOn: 'DESC' }, { name: 'ASC' }]], [7, 50]],
  ['loanProducts', ['LoanProduct'], [[{ maximumAmount: 'ASC' }], [{ maximumAmount: 'DESC' }], [{ maximumMonths: 'DESC' }, { maximumAmount: 'ASC' }]], [1, 7]],
  ['financing', ['Investment', 'Loan', 'ParkFunding'], [[], [{ amount: 'DESC' }], [{ date: 'ASC' }, { amount: 'ASC' }]], [1, 7, 50]],
];

describe.each(lists)('%s', (list, entities, orders, sizes) => {
  const cases = orders.map((orderBy) => [JSON.stringify(orderBy), orderBy] as const);
  let rows: ModelRow[];

  beforeAll(async () => {
    rows = list === 'financing' ? await financingRows() : await readBook(hub, entities[0] as string);
  });

  it.each(cases)('come in the order %s, as one page or as many, forwards and backwards', async (_name, orderBy) => {
    const expected = inOrder(rows, orderBy).map(({ id }) => id);
    const whole = await pageOf(list, { orderBy, first: 1_000 });
    expect(whole.ids).toEqual(expected);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    expect((await pageOf(list, { orderBy, last: 1_000 })).ids).toEqual(expected);

    for (const size of sizes) {
      const forwards = await walk(list, orderBy, size, false);
      expect(forwards.flatMap(({ ids }) => ids)).toEqual(expected);
      expect(forwards.length).toBe(Math.ceil(expected.length / size));
      expect(forwards.flatMap(({ cursors }) => cursors)).toEqual(whole.cursors);
      expect(forwards.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(forwards.map((_page, index) => index > 0));

      const backwards = await walk(list, orderBy, size, true);
      expect([...backwards].reverse().flatMap(({ ids }) => ids)).toEqual(expected);
      expect(backwards.length).toBe(forwards.length);
      expect(backwards.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual(backwards.map((_page, index) => index > 0));
    }
  });
});

async function financingRows(): Promise<ModelRow[]> {
  const investments = await readBook(hub, 'Investment');
  const loans = await readBook(hub, 'Loan');
  const data = await hub.ask('{ park { parkFundings(first: 1000) { nodes { id amount date number } } } }');
  const own = (data.park.parkFundings.nodes as { id: string; amount: string; date: string; number: string }[]).map(
    ({ id, amount, date, number }): ModelRow => ({
      id,
      entity: 'ParkFunding',
      source: 'park',
      key: number,
      values: { amount: BigInt(amount.replace('.', '')), date },
    }),
  );
  expect(new Set([...investments, ...loans, ...own].map(({ source }) => source)).size).toBe(7);
  return [...investments, ...loans, ...own];
}

describe('a page', () => {
  it('may be of no rows, and still says whether there are some', async () => {
    const none = { ids: [], cursors: [] };
    expect(await pageOf('loans', { first: 0 })).toEqual({
      ...none,
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    expect(await pageOf('loans', { last: 0 })).toEqual({
      ...none,
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it('is of fifty rows where nothing is told', async () => {
    const page = await pageOf('tenants', {});
    expect(page.ids).toHaveLength(50);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(await pageOf('tenants', { first: null, last: null, after: null, before: null })).toEqual(page);
  });

  it('after the last row and before the first row is empty', async () => {
    const { pageInfo } = await pageOf('loans', { first: 1_000 });
    expect((await pageOf('loans', { first: 10, after: pageInfo.endCursor })).ids).toEqual([]);
    expect((await pageOf('loans', { last: 10, before: pageInfo.startCursor })).ids).toEqual([]);
  });

  it('goes on where a row was that is gone', async () => {
    const { cursors, ids } = await pageOf('loans', { first: 1_000, orderBy: [{ amount: 'ASC' }] });
    const [signature, values, part, key] = decoded(cursors[20] as string);
    const gone = encoded([signature, values, part, `${key}-gone`]);
    expect((await pageOf('loans', { first: 3, after: gone, orderBy: [{ amount: 'ASC' }] })).ids).toEqual(ids.slice(21, 24));
  });

  it('of more than one order at once is as long as it was asked for', async () => {
    const orderBy = [{ status: 'ASC' }] as never;
    expect((await refusal('loans', { orderBy })).message).toContain('Field "status" is not defined by type "LoanOrder"');
    const { message, code } = await refusal('loans', { orderBy: [{ amount: 'ASC', date: 'ASC' }] as never });
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toBe('orderBy[0]: expected exactly one field, but got: 2. Write one object for each term: [{amount: DESC}, {date: ASC}].');
    expect((await refusal('loans', { orderBy: [{}] })).message).toContain('orderBy[0]: expected exactly one field, but got: 0.');
    const six = Array.from({ length: 6 }, () => ({ amount: 'ASC' }) as const);
    expect((await refusal('loans', { orderBy: six })).message).toBe('orderBy: expected at most 5 terms, but got: 6.');
  });
});

describe('bounds that are none', () => {
  it.each<[string, PageArguments, string]>([
    ['first below zero', { first: -1 }, 'first: expected 0 to 1000, but got: -1. Page with after.'],
    ['first above the largest page', { first: 1_001 }, 'first: expected 0 to 1000, but got: 1001. Page with after.'],
    ['last below zero', { last: -5 }, 'last: expected 0 to 1000, but got: -5. Page with before.'],
    ['last above the largest page', { last: 100_000 }, 'last: expected 0 to 1000, but got: 100000. Page with before.'],
    ['first and last', { first: 1, last: 1 }, 'Expected first or last, but got both. Ask for one end of the list.'],
    ['after with last', { last: 1, after: 'x' }, 'Expected after with first, but got it with last or before. To page backwards write last and before.'],
    [
      'after with before',
      { first: 1, after: 'x', before: 'x' },
      'Expected after with first, but got it with last or before. To page backwards write last and before.',
    ],
    ['before without last', { before: 'x' }, 'Expected before with last. To page backwards write last and before.'],
    ['before with first', { first: 1, before: 'x' }, 'Expected before with last. To page backwards write last and before.'],
  ])('%s is refused with what to do', async (_name, given, message) => {
    expect(await refusal('loans', given)).toEqual({ code: 'BAD_USER_INPUT', message });
  });
});

describe('a cursor', () => {
  const orderBy: readonly OrderInput[] = [{ amount: 'DESC' }, { maturesOn: 'ASC' }];
  let cursor: string;
  beforeAll(async () => {
    cursor = (await pageOf('loans', { orderBy, first: 3 })).cursors[2] as string;
  });

  const takeItFrom = 'but got another text. Take it from pageInfo or edges of the list that you are paging.';

  it.each<[string, PageArguments]>([
    ['no order', {}],
    ['the other direction', { orderBy: [{ amount: 'ASC' }, { maturesOn: 'ASC' }] }],
    ['fewer terms', { orderBy: [{ amount: 'DESC' }] }],
    ['more terms', { orderBy: [...orderBy, { date: 'ASC' }] }],
    ['other terms', { orderBy: [{ balance: 'DESC' }, { maturesOn: 'ASC' }] }],
  ])('of another order is refused by %s', async (_name, given) => {
    const expected = { code: 'BAD_USER_INPUT', message: `after: expected a cursor of the same orderBy, ${takeItFrom}` };
    expect(await refusal('loans', { ...given, first: 2, after: cursor })).toEqual(expected);
    expect(await refusal('loans', { ...given, last: 2, before: cursor })).toEqual({ ...expected, message: expected.message.replace('after', 'before') });
  });

  it('of another list is refused', async () => {
    const { cursors } = await pageOf('tenants', { first: 2 });
    expect(await refusal('loans', { first: 2, after: cursors[0] as string })).toEqual({
      code: 'BAD_USER_INPUT',
      message: `after: expected a cursor that this list gave, ${takeItFrom}`,
    });
    // A loan is financing too.
    const loan = await pageOf('loans', { first: 2 });
    expect((await pageOf('financing', { first: 2, after: loan.cursors[0] as string })).ids[0]).toBe(loan.ids[1]);
  });

  it.each(['', ' ', 'x', 'garbage', '!!!!', 'bnVsbA', 'W10', 'eyJhIjoxfQ', '游标', 'A'.repeat(100_000), '\u0000'])(
    'that is none is refused: %j',
    async (garbage) => {
      for (const given of [
        { after: garbage, first: 2 },
        { before: garbage, last: 2 },
      ]) {
        const { code, message } = await refusal('loans', given);
        expect(code).toBe('BAD_USER_INPUT');
        expect(message).toContain('expected a cursor that this list gave');
        expect(message.length).toBeLessThan(200);
      }
    },
  );

  it.each<[string, (parts: [string, unknown[], unknown, unknown]) => unknown]>([
    ['an amount that is a text', ([s, [, d], p, k]) => [s, ['1', d], p, k]],
    ['an amount that is a number', ([s, [, d], p, k]) => [s, [1, d], p, k]],
    ['an amount with a point', ([s, [, d], p, k]) => [s, [{ n: '1.5' }, d], p, k]],
    ['an amount too great', ([s, [, d], p, k]) => [s, [{ n: '9'.repeat(30) }, d], p, k]],
    ['an amount that is code', ([s, [, d], p, k]) => [s, [{ n: '1 OR 1=1' }, d], p, k]],
    ['an amount that is an array', ([s, [, d], p, k]) => [s, [[1], d], p, k]],
    ['an amount that is empty, which none is', ([s, [, d], p, k]) => [s, [null, d], p, k]],
    ['a day that is none', ([s, [a], p, k]) => [s, [a, '2021-02-30'], p, k]],
    ['a day that is a number', ([s, [a], p, k]) => [s, [a, 20210228], p, k]],
    ['a day that is true', ([s, [a], p, k]) => [s, [a, true], p, k]],
    ['too few values', ([s, [a], p, k]) => [s, [a], p, k]],
    ['too many values', ([s, v, p, k]) => [s, [...v, 1], p, k]],
    ['values that are no list', ([s, , p, k]) => [s, 'x', p, k]],
    ['a part that is none', ([s, v, , k]) => [s, v, 7, k]],
    ['a part of another list', ([s, v, , k]) => [s, v, 'Tenant/park', k]],
    ['a key that is none', ([s, v, p]) => [s, v, p, { a: 1 }]],
    ['a key too many', ([s, v, p, k]) => [s, v, p, k, k]],
    ['an object', ([s, v, p, k]) => ({ s, v, p, k })],
  ])('that was changed to %s is refused', async (_name, change) => {
    const changed = encoded(change(decoded(cursor)));
    const { code, message } = await refusal('loans', { orderBy, first: 2, after: changed });
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toMatch(/^after: expected a cursor (that this list gave|of the same orderBy), but got another text\./);
  });

  it('whose values are of another row gives the rows after them', async () => {
    const [signature, , part, key] = decoded(cursor);
    const moved = encoded([signature, [{ n: '50000000' }, '2021-12-31'], part, key]);
    const page = await pageOf('loans', { orderBy, first: 1_000, after: moved });
    const rows = inOrder(await readBook(hub, 'Loan'), orderBy);
    const after = rows.filter(
      ({ values }) => (values.amount as bigint) < 50_000_000n || (values.amount === 50_000_000n && (values.maturesOn as string) > '2021-12-31'),
    );
    expect(page.ids).toEqual(after.map(({ id }) => id));
    expect(after.length).toBeGreaterThan(5);
  });
});

describe('a list under a row', () => {
  it('is paged for each row by itself', async () => {
    const data = await hub.ask(
      `{ banks { nodes { code loans(first: 4, orderBy: [{amount: DESC}]) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
    );
    const loans = await readBook(hub, 'Loan');
    for (const bank of data.banks.nodes) {
      const own = inOrder(
        loans.filter(({ source }) => source === bank.code),
        [{ amount: 'DESC' }],
      );
      expect(bank.loans.nodes.map(({ id }: { id: string }) => id)).toEqual(own.slice(0, 4).map(({ id }) => id));
      expect(bank.loans.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      const next = await hub.ask(
        `query ($bank: String!, $after: String!) { banks(where: {code: {eq: $bank}}) { nodes { loans(first: 1000, after: $after, orderBy: [{amount: DESC}]) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } } } }`,
        { bank: bank.code, after: bank.loans.pageInfo.endCursor },
      );
      expect(next.banks.nodes[0].loans.nodes.map(({ id }: { id: string }) => id)).toEqual(own.slice(4).map(({ id }) => id));
      expect(next.banks.nodes[0].loans.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
    }
  });

  it('gives at most so many of each row, from either end', async () => {
    const selection = (name: string, given: string): string =>
      `${name}: annualReports(${given}, orderBy: [{year: ASC}]) { nodes { year } pageInfo { hasNextPage hasPreviousPage } }`;
    const data = await hub.ask(
      `{ tenants(first: 1000) { nodes { ${selection('all', 'first: 1000')} ${selection('few', 'first: 2')} ${selection('late', 'last: 2')} ${selection('none', 'first: 0')} } } }`,
    );
    const years = (list: { nodes: { year: number }[] }): number[] => list.nodes.map(({ year }) => year);
    let many = 0;
    for (const { all, few, late, none } of data.tenants.nodes) {
      expect(years(all)).toEqual([...years(all)].sort());
      expect(years(few)).toEqual(years(all).slice(0, 2));
      expect(years(late)).toEqual(years(all).slice(-2));
      expect(few.pageInfo).toEqual({ hasNextPage: years(all).length > 2, hasPreviousPage: false });
      expect(late.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: years(all).length > 2 });
      expect(none).toEqual({ nodes: [], pageInfo: { hasNextPage: years(all).length > 0, hasPreviousPage: false } });
      if (years(all).length > 2) many++;
    }
    expect(many).toBeGreaterThan(50);
  });

  it('may be asked several times with other arguments in one document, each at one statement a source', async () => {
    const document = `{ banks { nodes { code
      one: loans(first: 1, orderBy: [{date: ASC}]) { nodes { id } }
      bad: loans(first: 50, where: {classification: {in: [SUBSTANDARD, DOUBTFUL, LOSS]}}) { totalCount nodes { classification } }
      last: loans(last: 2, orderBy: [{date: ASC}]) { nodes { id } }
      same: loans(first: 1, orderBy: [{date: ASC}]) { nodes { id } }
    } } }`;
    const data = await hub.ask(document);
    const loans = await readBook(hub, 'Loan');
    for (const bank of data.banks.nodes) {
      const own = inOrder(
        loans.filter(({ source }) => source === bank.code),
        [{ date: 'ASC' }],
      ).map(({ id }) => ({ id }));
      expect(bank.one.nodes).toEqual(own.slice(0, 1));
      expect(bank.same).toEqual(bank.one);
      expect(bank.last.nodes).toEqual(own.slice(-2));
      expect(bank.bad.nodes).toHaveLength(bank.bad.totalCount);
      expect(bank.bad.totalCount).toBe(
        loans.filter(({ source, values }) => source === bank.code && ['SUBSTANDARD', 'DOUBTFUL', 'LOSS'].includes(values.classification as string)).length,
      );
    }
    expect(data.banks.nodes.some((bank: { bad: { totalCount: number } }) => bank.bad.totalCount > 0)).toBe(true);
    // one and same are one ask; bad is two, its rows and its count; last is another.
    expect(await hub.counts(document)).toEqual({ park: 1, bocom: 4, icbc: 4 });
  });

  it('costs nothing where it is left out by a directive or nothing of it is asked', async () => {
    const document = 'query ($with: Boolean!) { banks { nodes { code loans @include(if: $with) { nodes { id } } } } }';
    expect(await hub.counts(document, { with: false })).toEqual({ park: 1 });
    expect(await hub.counts(document, { with: true })).toEqual({ park: 1, bocom: 1, icbc: 1 });
    expect(await hub.counts('{ banks { nodes { loans { __typename } } } }')).toEqual({ park: 1 });
  });
});

describe('the reports of a connection', () => {
  const ofThree = ['bocom MIRRORED', 'icbc LIVE', 'spdb LIVE'];
  const told = (sources: { sourceId: string; state: string }[]): string[] => sources.map(({ sourceId, state }) => `${sourceId} ${state}`);

  it.each([
    ['before its rows', 'sources { sourceId state } nodes { id }'],
    ['after its rows', 'nodes { id } sources { sourceId state }'],
    ['before its count', 'sources { sourceId state } totalCount'],
    ['before its totals', 'sources { sourceId state } totals { count sum { amount } }'],
    ['after its grouped totals', 'totals(groupBy: [SOURCE_ID]) { count } sources { sourceId state }'],
    ['alone', 'sources { sourceId state }'],
  ])('name each source once, and cost nothing of their own: %s', async (_name, selection) => {
    const document = `{ loans { ${selection} } }`;
    expect(told((await hub.ask(document)).loans.sources)).toEqual(ofThree);
    expect(await hub.counts(document)).toEqual({ bocom: 1, icbc: 1 });
    const nested = `{ tenants(first: 20) { nodes { loans { ${selection} } } } }`;
    expect(told((await hub.ask(nested)).tenants.nodes[7].loans.sources)).toEqual(ofThree);
    const asksRows = !selection.includes('total');
    expect(await hub.counts(nested)).toEqual({ park: 1, bocom: 1, icbc: 1, ...(asksRows ? { spdb: 1 } : {}) });
  });
});

function decoded(cursor: string): [string, unknown[], string, string] {
  return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
}

function encoded(parts: unknown): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}
