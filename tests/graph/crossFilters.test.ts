/** Filters that follow links into other books, compared with a plain model over all rows. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';

interface ModelRow {
  readonly id: string;
  readonly sourceId: string;
  readonly [field: string]: string | number | null;
}
type Where = { [field: string]: unknown };

/** Fields that are read of each entity, the first of them a text or enum to filter by. */
const fields = {
  tenants: ['uscc', 'stage', 'status', 'industry'],
  loans: ['tenantUscc', 'number', 'classification', 'kind', 'status', 'productCode'],
  investments: ['tenantUscc', 'number', 'fundCode', 'round', 'status'],
  funds: ['code', 'state'],
  banks: ['code'],
  investors: ['code'],
} as const;
type Book = keyof typeof fields;

/** The links that the model follows: from book to book, by which fields, within one source or not. */
const links: Record<string, { from: Book; to: Book; own: string; other: string; many: boolean; within?: boolean }> = {
  'tenants.loans': { from: 'tenants', to: 'loans', own: 'uscc', other: 'tenantUscc', many: true },
  'tenants.investments': { from: 'tenants', to: 'investments', own: 'uscc', other: 'tenantUscc', many: true },
  'loans.tenant': { from: 'loans', to: 'tenants', own: 'tenantUscc', other: 'uscc', many: false },
  'loans.bank': { from: 'loans', to: 'banks', own: 'sourceId', other: 'code', many: false },
  'investments.tenant': { from: 'investments', to: 'tenants', own: 'tenantUscc', other: 'uscc', many: false },
  'investments.fund': { from: 'investments', to: 'funds', own: 'fundCode', other: 'code', many: false, within: true },
  'funds.investments': { from: 'funds', to: 'investments', own: 'code', other: 'fundCode', many: true, within: true },
  'funds.investor': { from: 'funds', to: 'investors', own: 'sourceId', other: 'code', many: false },
  'banks.loans': { from: 'banks', to: 'loans', own: 'code', other: 'sourceId', many: true },
  'investors.funds': { from: 'investors', to: 'funds', own: 'code', other: 'sourceId', many: true },
  'investors.investments': { from: 'investors', to: 'investments', own: 'code', other: 'sourceId', many: true },
};

let hub: TestHub;
const data = {} as Record<Book, ModelRow[]>;

beforeAll(async () => {
  hub = await openTestHub();
  for (const book of Object.keys(fields) as Book[]) {
    const answer = await hub.ask(`{ rows: ${book}(first: 1000) { totalCount nodes { id provenance { sourceId } ${fields[book].join(' ')} } } }`);
    data[book] = answer.rows.nodes.map(({ provenance, ...row }: { provenance: { sourceId: string } }) => ({ ...row, sourceId: provenance.sourceId }));
    expect(data[book]).toHaveLength(answer.rows.totalCount);
  }
});
afterAll(() => hub.close());

function keeps(book: Book, row: ModelRow, where: Where): boolean {
  return Object.entries(where).every(([name, given]) => {
    if (name === 'and') return (given as Where[]).every((part) => keeps(book, row, part));
    if (name === 'or') return (given as Where[]).some((part) => keeps(book, row, part));
    if (name === 'not') return !keeps(book, row, given as Where);
    const link = links[`${book}.${name}`];
    if (!link) return (given as { in: unknown[] }).in.includes(row[name]);
    const others = data[link.to].filter(
      (other) => row[link.own] !== null && other[link.other] === row[link.own] && (!link.within || other.sourceId === row.sourceId),
    );
    if (!link.many) return others.some((other) => keeps(link.to, other, given as Where));
    return Object.entries(given as Where).every(([quantifier, inner]) => {
      const kept = others.filter((other) => keeps(link.to, other, inner as Where)).length;
      return quantifier === 'some' ? kept > 0 : quantifier === 'none' ? kept === 0 : kept === others.length;
    });
  });
}

/** A random `where` of a book that goes at most so many links deep. */
function anyWhere(book: Book, depth: number): fc.Arbitrary<Where> {
  const own = fields[book].map((field) => {
    const values = [...new Set(data[book].map((row) => row[field]))].filter((value) => value !== null);
    return fc
      .uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: Math.min(4, values.length) })
      .map((chosen): Where => ({ [field]: { in: chosen } }));
  });
  if (depth === 0) return fc.oneof(...own);
  const crossed = Object.entries(links)
    .filter(([, link]) => link.from === book)
    .map(([name, link]) => {
      const field = name.slice(book.length + 1);
      const inner = fc.oneof(fc.constant({}), anyWhere(link.to, depth - 1));
      if (!link.many) return inner.map((where): Where => ({ [field]: where }));
      return fc.tuple(fc.constantFrom('some', 'none', 'every'), inner).map(([quantifier, where]): Where => ({ [field]: { [quantifier]: where } }));
    });
  const one = fc.oneof(...own, ...crossed);
  return fc.oneof(
    { weight: 3, arbitrary: one },
    { weight: 2, arbitrary: fc.tuple(one, one).map(([a, b]): Where => ({ and: [a, b] })) },
    { weight: 1, arbitrary: fc.tuple(one, one).map(([a, b]): Where => ({ or: [a, b] })) },
    { weight: 1, arbitrary: one.map((where): Where => ({ not: where })) },
  );
}

describe.each(Object.keys(fields) as Book[])('filters over links of %s', (book) => {
  it('keep the rows that the model keeps, in any nesting', async () => {
    const type = { tenants: 'Tenant', loans: 'Loan', investments: 'Investment', funds: 'Fund', banks: 'Bank', investors: 'Investor' }[book];
    const document = `query ($where: ${type}Where) { rows: ${book}(where: $where, first: 1000) { totalCount nodes { id } } }`;
    await fc.assert(
      fc.asyncProperty(anyWhere(book, 3), async (where) => {
        const { rows } = await hub.ask(document, { where });
        const expected = data[book].filter((row) => keeps(book, row, where)).map(({ id }) => id);
        expect(rows.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(expected.sort());
        expect(rows.totalCount).toBe(expected.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(['tenants', 'loans', 'funds'] as const)('pages of %s under filters over links', (book) => {
  it('hold the rows that the model keeps, forwards and backwards, and say whether there are more', async () => {
    const type = { tenants: 'Tenant', loans: 'Loan', funds: 'Fund' }[book];
    const document = `query ($where: ${type}Where, $first: Int, $after: String, $last: Int, $before: String) {
      rows: ${book}(where: $where, first: $first, after: $after, last: $last, before: $before) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`;
    await fc.assert(
      fc.asyncProperty(anyWhere(book, 2), fc.integer({ min: 3, max: 40 }), fc.boolean(), async (where, size, backwards) => {
        const found: string[] = [];
        let cursor: string | null = null;
        for (;;) {
          const page: Record<string, unknown> = backwards ? { last: size, before: cursor } : { first: size, after: cursor };
          const { rows } = await hub.ask(document, { where, ...page });
          const ids = rows.nodes.map(({ id }: { id: string }) => id);
          if (backwards) found.unshift(...ids);
          else found.push(...ids);
          if (!(backwards ? rows.pageInfo.hasPreviousPage : rows.pageInfo.hasNextPage)) break;
          expect(ids).toHaveLength(size);
          cursor = backwards ? rows.pageInfo.startCursor : rows.pageInfo.endCursor;
        }
        // The model's rows come in the order of the whole list.
        expect(found).toEqual(data[book].filter((row) => keeps(book, row, where)).map(({ id }) => id));
      }),
      { numRuns: 25 },
    );
  });
});

describe('a filter over a link', () => {
  it('costs each source one statement for its keys, whatever they are', async () => {
    const counts = await hub.counts('{ tenants(where: {loans: {some: {classification: {in: [SUBSTANDARD, DOUBTFUL, LOSS]}}}}) { totalCount } }');
    // spdb answers from the reading of its API that the first run made.
    expect(counts).toEqual({ bocom: 1, icbc: 1, park: 1 });
  });

  it('costs a page one statement for its next rows and one of each source for which of these it keeps, while they hold the page', async () => {
    const counts = await hub.counts('{ loans(where: {tenant: {}}, first: 5) { nodes { number } } }');
    expect(counts).toEqual({ bocom: 1, icbc: 1, park: 1 });
  });

  it('costs a page at most four rounds of that, and then what it costs without', async () => {
    const counts = await hub.counts('{ tenants(where: {loans: {some: {classification: {in: [LOSS]}}}}, first: 5) { nodes { name } } }');
    for (const count of Object.values(counts)) expect(count).toBeLessThanOrEqual(5);
  });

  it('asks the side with fewer rows first', async () => {
    const document = '{ tenants(where: {name: {contains: "百都"}, loans: {some: {}}}) { nodes { name } } }';
    await hub.ask(document);
    hub.statements.length = 0;
    expect((await hub.ask(document)).tenants.nodes).toEqual([{ name: '新乡百都医疗器械有限公司' }]);
    // One company is found by its name, and the banks are asked for its loans only.
    const loans = hub.statements.filter(({ entity }) => entity === 'Loan');
    expect(loans.map(({ source }) => source).sort()).toEqual(['bocom', 'icbc']);
    for (const { text } of loans) expect(text).toMatch(/ = \? LIMIT \?/);
  });

  it('is followed once for the rows, the count and the totals of one list', async () => {
    const counts = await hub.counts('{ tenants(where: {loans: {some: {}}}) { totalCount nodes { name } totals(groupBy: [STAGE]) { count } } }');
    expect(counts).toEqual({ bocom: 1, icbc: 1, park: 3 });
  });

  it('reports the sources that it was followed to', async () => {
    const { tenants } = await hub.ask('{ tenants(where: {loans: {some: {}}}, first: 1) { nodes { name } sources { sourceId } } }');
    expect(tenants.sources.map(({ sourceId }: { sourceId: string }) => sourceId)).toEqual(['bocom', 'icbc', 'park', 'spdb']);
  });

  it.each([
    ['{ tenants(where: {loans: {some: null}}) { totalCount } }', 'where.loans.some: expected a condition, but got: null'],
    ['{ tenants(where: {loans: null}) { totalCount } }', 'where.loans: expected a condition, but got: null'],
    [`{ tenants(where: ${'{loans: {some: {tenant: '.repeat(6)}{status: {eq: IN_PARK}}${'}}}'.repeat(6)}) { totalCount } }`, 'expected at most 10 levels'],
  ])('is refused when it says nothing or goes too deep', async (document, message) => {
    const { errors } = await hub.execute(document);
    expect(errors?.[0]?.message).toContain(message);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
