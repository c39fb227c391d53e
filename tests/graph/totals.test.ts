/** `totals` and `totalCount` over several sources, compared with sums over all rows in the test. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphQLEnumType, GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snakeCase } from '../../src/entities/definition.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { copyPark } from './bigPark.js';
import { compare, definitionNamed, type ModelRow, type ModelValue, readBook, rowOf, written } from './model.js';

/** A row of totals as the graph gives it. */
interface TotalsRow {
  readonly group: Record<string, ModelValue>;
  readonly count: number;
  readonly sum?: Record<string, string | number | null>;
  readonly average?: Record<string, string | null>;
  readonly minimum?: Record<string, string | number | null>;
  readonly maximum?: Record<string, string | number | null>;
}

let hub: TestHub;

beforeAll(async () => {
  // The clock stands still, so that a book that an API gives in whole is read once.
  hub = await openTestHub({ clock: () => new Date('2022-01-05T02:00:00.000Z') });
});

afterAll(() => hub?.close());

/** What `groupBy` names: SOURCE_ID and CLASSIFICATION are fields by themselves, DATE_YEAR is the year of one. */
function groupingOf(entity: string, choice: string): { field: string; valueOf: (row: ModelRow) => ModelValue } {
  const field = choice.toLowerCase().replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  const { attributes } = definitionNamed(entity);
  if (field === 'sourceId' || attributes.has(field)) return { field, valueOf: (row) => row.values[field] ?? null };
  const attribute = field.replace(/Year$/, '');
  return { field, valueOf: ({ values }) => (values[attribute] === null ? null : Number(String(values[attribute]).slice(0, 4))) };
}

function amountsOf(entity: string): string[] {
  return [...definitionNamed(entity).attributes.values()].filter(({ total }) => total).map(({ name }) => name);
}

/** The selection of everything that totals of an entity can tell. */
function selectionOf(entity: string): string {
  const group = Object.keys((hub.hub.schema.getType(`${entity}Group`) as GraphQLObjectType).getFields()).join(' ');
  const amounts = amountsOf(entity).join(' ');
  const figures = amounts && ['sum', 'average', 'minimum', 'maximum'].map((name) => `${name} { ${amounts} }`).join(' ');
  return `group { ${group} } count ${figures}`;
}

/** The totals of rows, made in the test. */
function expectedTotals(entity: string, rows: readonly ModelRow[], choices: readonly string[]): TotalsRow[] {
  const groupings = choices.map((choice) => groupingOf(entity, choice));
  const groups = new Map<string, ModelRow[]>(choices.length === 0 ? [['[]', []]] : []);
  for (const row of rows) {
    const name = JSON.stringify(groupings.map(({ valueOf }) => valueOf(row)));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const blank = Object.fromEntries(Object.keys((hub.hub.schema.getType(`${entity}Group`) as GraphQLObjectType).getFields()).map((field) => [field, null]));
  const made = [...groups].map(([name, members]): TotalsRow & { values: ModelValue[] } => {
    const values = JSON.parse(name) as ModelValue[];
    return {
      values,
      group: { ...blank, ...Object.fromEntries(groupings.map(({ field }, index) => [field, values[index] as ModelValue])) },
      count: members.length,
      ...figuresOf(entity, members),
    };
  });
  const order = (a: ModelValue[], b: ModelValue[]): number => {
    for (const [index, left] of a.entries()) {
      const right = b[index] as ModelValue;
      if (left === right) continue;
      return left === null ? 1 : right === null ? -1 : compare(left, right);
    }
    return 0;
  };
  return made.sort((a, b) => order(a.values, b.values)).map(({ values: _values, ...row }) => row);
}

function figuresOf(entity: string, rows: readonly ModelRow[]): Partial<TotalsRow> {
  const amounts = amountsOf(entity);
  if (amounts.length === 0) return {};
  const each = (make: (values: bigint[], kind: string) => string | number | null): Record<string, string | number | null> =>
    Object.fromEntries(
      amounts.map((name) => {
        const values = rows.flatMap((row) => (row.values[name] === null ? [] : [BigInt(row.values[name] as bigint | number)]));
        return [name, values.length === 0 ? null : make(values, definitionNamed(entity).attributes.get(name)?.kind as string)];
      }),
    );
  const plain = (value: bigint, kind: string): string | number => (kind === 'integer' ? Number(value) : shown(kind, value));
  const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
  return {
    sum: each((values, kind) => plain(sum(values), kind)),
    minimum: each((values, kind) =>
      plain(
        values.reduce((a, b) => (a < b ? a : b)),
        kind,
      ),
    ),
    maximum: each((values, kind) =>
      plain(
        values.reduce((a, b) => (a > b ? a : b)),
        kind,
      ),
    ),
    average: each((values, kind) => {
      const units = kind === 'integer' ? 1_000_000n : 1n;
      return shown(kind === 'integer' ? 'decimal' : kind, rounded(sum(values) * units, BigInt(values.length)));
    }) as Record<string, string | null>,
  };
}

/** Half away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const twice = 2n * numerator;
  return (twice + (twice < 0n ? -denominator : denominator)) / (2n * denominator);
}

/** As the graph writes it: decimals without zeros at their end. */
function shown(kind: string, value: bigint): string {
  const text = String(written(kind, value));
  return kind === 'decimal' ? text.replace(/\.?0+$/, '') : text;
}

/** What totals can be grouped by of the entity's own; groupings over links are in crossTotals.test.ts. */
function choicesOf(entity: string): string[] {
  const own = new Set(['SOURCE_ID']);
  for (const { name, group, kind } of definitionNamed(entity).attributes.values())
    if (group) own.add(`${snakeCase(name).toUpperCase()}${kind === 'date' ? '_YEAR' : ''}`);
  const choices = (hub.hub.schema.getType(`${entity}GroupBy`) as GraphQLEnumType).getValues().map(({ name }) => name);
  expect(choices).toEqual(expect.arrayContaining([...own]));
  return choices.filter((choice) => own.has(choice));
}

describe.each(['Loan', 'Tenant', 'Investment', 'LoanProduct', 'Fund'])('totals of %s', (entity) => {
  let rows: ModelRow[];
  beforeAll(async () => {
    rows = await readBook(hub, entity);
  });

  it('are the sums of all rows, by any one and any two of its groupings', async () => {
    const choices = choicesOf(entity);
    const groupings = [[], ...choices.map((choice) => [choice]), ...choices.flatMap((a) => choices.filter((b) => a !== b).map((b) => [a, b]))];
    const { plural } = definitionNamed(entity);
    for (const groupBy of groupings) {
      const data = await hub.ask(
        `query ($groupBy: [${entity}GroupBy!]) { ${plural}(first: 0) { totalCount totals(groupBy: $groupBy) { ${selectionOf(entity)} } } }`,
        { groupBy },
      );
      expect(data[plural].totals, groupBy.join(', ')).toEqual(expectedTotals(entity, rows, groupBy));
      expect(data[plural].totalCount).toBe(rows.length);
    }
    expect(groupings.length).toBeGreaterThan(4);
  });
});

describe('totals', () => {
  const document = `query ($where: LoanWhere, $groupBy: [LoanGroupBy!]) { loans(where: $where) { totalCount totals(groupBy: $groupBy) { group { sourceId classification dateYear } count sum { amount balance } average { amount } minimum { amount } maximum { amount } } } }`;
  const nothing = { amount: null };

  it('over the three banks are one row a group, whoever holds the rows', async () => {
    const { loans } = await hub.ask(document, { groupBy: ['CLASSIFICATION', 'DATE_YEAR'] });
    const rows = (await readBook(hub, 'Loan')).filter(({ values }) => values.classification === 'NORMAL' && String(values.date).startsWith('2021'));
    const group = loans.totals.find((row: TotalsRow) => row.group.classification === 'NORMAL' && row.group.dateYear === 2021);
    expect(group.count).toBe(rows.length);
    expect(new Set(rows.map(({ source }) => source)).size).toBe(3);
    expect(BigInt(group.sum.amount.replace('.', ''))).toBe(rows.reduce((sum, { values }) => sum + (values.amount as bigint), 0n));
    expect(group.group.sourceId).toBeNull();
  });

  it('over no rows are one row of nothing, and no row where they are grouped', async () => {
    const where = { amount: { lt: '0' } };
    const empty = {
      group: { sourceId: null, classification: null, dateYear: null },
      count: 0,
      sum: { amount: null, balance: null },
      average: nothing,
      minimum: nothing,
      maximum: nothing,
    };
    expect((await hub.ask(document, { where })).loans).toEqual({ totalCount: 0, totals: [empty] });
    expect((await hub.ask(document, { where: { sourceId: { eq: 'nobody' } } })).loans).toEqual({ totalCount: 0, totals: [empty] });
    expect((await hub.ask(document, { where, groupBy: ['SOURCE_ID'] })).loans).toEqual({ totalCount: 0, totals: [] });
  });

  it('speak of the whole list, whatever its page', async () => {
    const data = await hub.ask(
      '{ a: loans(first: 1) { totalCount totals { count } nodes { id } } b: loans(last: 2, orderBy: [{amount: DESC}]) { totalCount totals { count } nodes { id } } }',
    );
    const count = (await readBook(hub, 'Loan')).length;
    for (const list of [data.a, data.b]) expect([list.totalCount, list.totals[0].count]).toEqual([count, count]);
  });

  it('may be asked several times with other groupings, and the same twice', async () => {
    const rows = await readBook(hub, 'Loan');
    const { loans } = await hub.ask(
      '{ loans { kinds: totals(groupBy: [KIND]) { group { kind } count } all: totals { count } twice: totals(groupBy: [KIND, KIND]) { group { kind } count } } }',
    );
    expect(loans.all).toEqual([{ count: rows.length }]);
    expect(loans.twice).toEqual(loans.kinds);
    expect(loans.kinds.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(rows.length);
  });

  it('cost one statement a source each, and none where they are asked twice', async () => {
    expect(await hub.counts('{ loans { totals(groupBy: [SOURCE_ID]) { count sum { amount } } } }')).toEqual({ bocom: 1, icbc: 1 });
    expect(await hub.counts('{ loans { totalCount totals { count } again: totals { count } } }')).toEqual({ bocom: 1, icbc: 1 });
    expect(await hub.counts('{ loans { totals { sum { amount } } other: totals(groupBy: [KIND]) { sum { amount } } } }')).toEqual({ bocom: 2, icbc: 2 });
  });

  it('are refused by a grouping that is none', async () => {
    for (const [given, message] of [
      [['AMOUNT'], 'Value "AMOUNT" does not exist in "LoanGroupBy" enum.'],
      [['classification'], 'Value "classification" does not exist in "LoanGroupBy" enum. Did you mean the enum value "CLASSIFICATION"?'],
      [[null], 'Expected non-nullable type "LoanGroupBy!" not to be null.'],
    ] as const) {
      const { errors } = await hub.execute(document, { groupBy: given });
      expect(errors?.[0]?.message).toContain(message);
    }
  });
});

describe('totals under a row', () => {
  it('are those of its own rows', async () => {
    const rows = await readBook(hub, 'Loan');
    const data = await hub.ask(
      `{ tenants(first: 1000) { nodes { uscc loans { totals(groupBy: [KIND, DATE_YEAR]) { ${selectionOf('Loan')} } all: totals { ${selectionOf('Loan')} } } } } }`,
    );
    let withLoans = 0;
    for (const { uscc, loans } of data.tenants.nodes) {
      const own = rows.filter(({ values }) => values.tenantUscc === uscc);
      expect(loans.totals).toEqual(expectedTotals('Loan', own, ['KIND', 'DATE_YEAR']));
      expect(loans.all).toEqual(expectedTotals('Loan', own, []));
      if (own.length > 0) withLoans++;
    }
    expect(withLoans).toBeGreaterThan(20);
  });

  it('are those of each bank, and of the rows that keep the where', async () => {
    const rows = await readBook(hub, 'Loan');
    const { banks } = await hub.ask(
      `{ banks { nodes { code loans(where: {status: {eq: ACTIVE}}) { totals(groupBy: [SOURCE_ID, CLASSIFICATION]) { ${selectionOf('Loan')} } } } } }`,
    );
    for (const { code, loans } of banks.nodes) {
      const own = rows.filter(({ source, values }) => source === code && values.status === 'ACTIVE');
      expect(loans.totals).toEqual(expectedTotals('Loan', own, ['SOURCE_ID', 'CLASSIFICATION']));
      expect(own.length).toBeGreaterThan(0);
    }
  });

  it('add up whole numbers, and average them exactly', async () => {
    const { attributes } = definitionNamed('AnnualReport');
    const data = await hub.ask(
      `{ park { annualReports(first: 1000) { nodes { id ${[...attributes.keys()].join(' ')} } totals(groupBy: [YEAR]) { ${selectionOf('AnnualReport')} } } } }`,
    );
    const rows = data.park.annualReports.nodes.map((node: Record<string, unknown>) => rowOf(node, attributes));
    expect(data.park.annualReports.totals).toEqual(expectedTotals('AnnualReport', rows, ['YEAR']));
    const averages = data.park.annualReports.totals.map((row: TotalsRow) => row.average?.staff);
    expect(averages.some((average: string) => /\.\d{6}$/.test(average))).toBe(true);
  });
});

describe('totals of financing', () => {
  it('are those of seven sources and three entities', async () => {
    const data = await hub.ask(
      '{ financing(first: 1000) { nodes { __typename amount date provenance { sourceId } } totals(groupBy: [SOURCE_ID, DATE_YEAR]) { group { sourceId dateYear } count sum { amount } } all: totals { count sum { amount } average { amount } } sources { sourceId } } }',
    );
    const { nodes, totals, all, sources } = data.financing as {
      nodes: { __typename: string; amount: string; date: string; provenance: { sourceId: string } }[];
      totals: { group: { sourceId: string; dateYear: number }; count: number; sum: { amount: string } }[];
      all: { count: number; sum: { amount: string }; average: { amount: string } }[];
      sources: unknown[];
    };
    const fen = ({ amount }: { amount: string }): bigint => BigInt(amount.replace('.', ''));
    const whole = nodes.reduce((sum, node) => sum + fen(node), 0n);
    expect(all).toEqual([
      { count: nodes.length, sum: { amount: written('money', whole) }, average: { amount: written('money', rounded(whole, BigInt(nodes.length))) } },
    ]);
    expect(new Set(nodes.map(({ __typename }) => __typename))).toEqual(new Set(['Investment', 'Loan', 'ParkFunding']));
    expect(sources).toHaveLength(7);
    for (const { group, count, sum } of totals) {
      const own = nodes.filter(({ date, provenance }) => provenance.sourceId === group.sourceId && date.startsWith(`${group.dateYear}-`));
      expect([count, fen(sum)]).toEqual([own.length, own.reduce((total, node) => total + fen(node), 0n)]);
    }
    expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(nodes.length);
    const keys = totals.map(({ group }) => `${group.sourceId} ${group.dateYear}`);
    expect(keys).toEqual([...keys].sort());
  });
});

describe('amounts that no float holds', () => {
  it('are added up to the fen, in the store and out of an API', async () => {
    const park = await copyPark();
    const uscc = '91410771MA477G3A3X';
    const amounts = ['70000000000000.01', '70000000000000.02', '90000000000000.99', '-30000000000000.07'];
    await writeFile(
      join(park.parkFolder, 'register/parkFundings.csv'),
      ['number,tenantUscc,kind,amount,date', ...amounts.map((amount, index) => `X-${index},${uscc},EQUITY,${amount},2021-01-0${index + 1}`), ''].join('\n'),
    );
    const loan = (amount: string, index: number): object => ({
      loanNo: `S-${index}`,
      borrower: { creditCode: uscc },
      product: null,
      security: 'unsecured',
      principal: { amount },
      outstanding: 0,
      annualRate: '0.04',
      disbursedAt: 1_614_873_600_000,
      dueDate: '2022-03-05',
      riskLevel: 'PASS',
      state: 'PERFORMING',
    });
    await writeFile(join(park.partnerData, 'spdb.json'), JSON.stringify({ resources: { '/v1/loans': amounts.map(loan), '/v1/products': [] } }));
    const own = await openTestHub(park);
    try {
      const figures = 'totals { count sum { amount } average { amount } minimum { amount } maximum { amount } }';
      const data = await own.ask(`{ park { parkFundings { ${figures} nodes { amount } } } loans(where: {sourceId: {eq: "spdb"}}) { ${figures} } }`);
      const expected = {
        count: 4,
        sum: { amount: '200000000000000.95' },
        average: { amount: '50000000000000.24' },
        minimum: { amount: '-30000000000000.07' },
        maximum: { amount: '90000000000000.99' },
      };
      expect(data.park.parkFundings.totals).toEqual([expected]);
      expect(data.loans.totals).toEqual([expected]);
      expect(data.park.parkFundings.nodes.map(({ amount }: { amount: string }) => amount)).toEqual(amounts);
    } finally {
      await own.close();
      await park.remove();
    }
  });
});
