/** Orders by what another book knows, compared with sorting all rows in the test. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareText } from '../../src/values/text.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

type Sortable = bigint | number | string | null;

function compare(a: Sortable, b: Sortable, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}

const fen = (yuan: string | null): bigint | null => (yuan === null ? null : BigInt(yuan.replace('.', '')));

describe.each([
  {
    list: 'loans',
    orderBy: '[{tenant: {name: ASC}}]',
    fields: 'tenant { name }',
    valueOf: (row: { tenant: { name: string } | null }): Sortable => row.tenant?.name ?? null,
    descending: false,
  },
  {
    list: 'loans',
    orderBy: '[{tenant: {registeredCapital: DESC}}, {amount: DESC}]',
    fields: 'tenant { registeredCapital }',
    valueOf: (row: { tenant: { registeredCapital: string } | null }): Sortable => fen(row.tenant?.registeredCapital ?? null),
    descending: true,
  },
  {
    list: 'tenants',
    orderBy: '[{loans: {sum: {amount: DESC}}}]',
    fields: 'loans { totals { sum { amount } } }',
    valueOf: (row: { loans: { totals: { sum: { amount: string | null } }[] } }): Sortable => fen(row.loans.totals[0]?.sum.amount ?? null),
    descending: true,
  },
  {
    list: 'tenants',
    orderBy: '[{patents: {count: ASC}}]',
    fields: 'patents { totalCount }',
    valueOf: (row: { patents: { totalCount: number } }): Sortable => row.patents.totalCount,
    descending: false,
  },
  {
    list: 'investments',
    orderBy: '[{fund: {vintageYear: DESC}}, {date: ASC}]',
    fields: 'fund { vintageYear }',
    valueOf: (row: { fund: { vintageYear: number } | null }): Sortable => row.fund?.vintageYear ?? null,
    descending: true,
  },
  {
    list: 'financing',
    orderBy: '[{tenant: {enteredOn: DESC}}, {amount: ASC}]',
    fields: 'tenant { enteredOn }',
    valueOf: (row: { tenant: { enteredOn: string } | null }): Sortable => row.tenant?.enteredOn ?? null,
    descending: true,
  },
])('$list ordered by $orderBy', ({ list, orderBy, fields, valueOf, descending }) => {
  const read = async (
    page: string,
  ): Promise<{ rows: { id: string }[]; pageInfo: { endCursor: string; startCursor: string; hasNextPage: boolean; hasPreviousPage: boolean } }> => {
    const answer = await hub.ask(
      `{ list: ${list}(orderBy: ${orderBy}, ${page}) { nodes { id ${fields} } pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } }`,
    );
    return { rows: answer.list.nodes, pageInfo: answer.list.pageInfo };
  };

  it('come in the order of the other book, empty values last', async () => {
    const { rows } = await read('first: 1000');
    expect(rows.length).toBeGreaterThan(10);
    const values = rows.map((row) => valueOf(row as never));
    expect(values).toEqual([...values].sort((a, b) => compare(a, b, descending)));
    const { list: all } = await hub.ask(`{ list: ${list} { totalCount } }`);
    expect(rows).toHaveLength(all.totalCount);
  });

  it('page forwards and backwards over every row once', async () => {
    const { rows: whole } = await read('first: 1000');
    const size = Math.ceil(whole.length / 4);
    const forwards: string[] = [];
    for (let after = ''; ; ) {
      const { rows, pageInfo } = await read(`first: ${size}${after}`);
      forwards.push(...rows.map(({ id }) => id));
      if (!pageInfo.hasNextPage) break;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(forwards).toEqual(whole.map(({ id }) => id));
    const backwards: string[] = [];
    for (let before = ''; ; ) {
      const { rows, pageInfo } = await read(`last: ${size}${before}`);
      backwards.unshift(...rows.map(({ id }) => id));
      if (!pageInfo.hasPreviousPage) break;
      before = `, before: "${pageInfo.startCursor}"`;
    }
    expect(backwards).toEqual(forwards);
  });
});

describe('an order over a link', () => {
  it('holds within each parent, and is read once for all of them', async () => {
    const document = '{ banks { nodes { loans(orderBy: [{tenant: {name: DESC}}], first: 3) { nodes { tenant { name } } } } } }';
    const { banks } = await hub.ask(document);
    for (const { loans } of banks.nodes) {
      const names = loans.nodes.map((loan: { tenant: { name: string } | null }) => loan.tenant?.name ?? null);
      expect(names).toHaveLength(3);
      expect(names).toEqual([...names].sort((a, b) => compare(a, b, true)));
    }
    // The banks, and their borrowers' names, which serve the order and the page; each bank gives its keys, then its page.
    expect(await hub.counts(document)).toEqual({ bocom: 2, icbc: 2, park: 2 });
  });

  it('costs each source one statement for the values and one for the page', async () => {
    expect(await hub.counts('{ tenants(orderBy: [{loans: {sum: {balance: DESC}}}], first: 5) { nodes { name } } }')).toEqual({
      bocom: 1,
      icbc: 1,
      park: 2,
    });
  });

  it('goes with a filter over a link', async () => {
    const { tenants } = await hub.ask(
      '{ tenants(where: {loans: {some: {classification: {in: [SUBSTANDARD, DOUBTFUL, LOSS]}}}}, orderBy: [{loans: {sum: {balance: DESC}}}]) { nodes { loans { totals { sum { balance } } } } } }',
    );
    const balances = tenants.nodes.map((node: { loans: { totals: { sum: { balance: string } }[] } }) => fen(node.loans.totals[0]?.sum.balance ?? null));
    expect(balances.length).toBeGreaterThan(1);
    expect(balances).toEqual([...balances].sort((a, b) => compare(a, b, true)));
  });

  it.each([
    ['[{tenant: {name: ASC, uscc: ASC}}]', 'orderBy[0].tenant: expected exactly one field, but got: 2'],
    ['[{tenant: {}}]', 'orderBy[0].tenant: expected exactly one field, but got: 0'],
    ['[{bank: {name: ASC}, tenant: {name: ASC}}]', 'orderBy[0]: expected exactly one field, but got: 2'],
  ])('of %s is refused', async (orderBy, message) => {
    const { errors } = await hub.execute(`{ loans(orderBy: ${orderBy}) { totalCount } }`);
    expect(errors?.[0]?.message).toContain(message);
  });

  it('takes no cursor of another order', async () => {
    const { loans } = await hub.ask('{ loans(orderBy: [{tenant: {name: ASC}}], first: 1) { pageInfo { endCursor } } }');
    const { errors } = await hub.execute(`{ loans(orderBy: [{tenant: {uscc: ASC}}], first: 1, after: "${loans.pageInfo.endCursor}") { nodes { id } } }`);
    expect(errors?.[0]?.message).toContain('expected a cursor of the same orderBy');
  });
});
