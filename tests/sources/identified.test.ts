import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/entities/kinds.js';
import { identify, selectRows, totalRows } from '../../src/sources/evaluate.js';
import { type CodeList, identified } from '../../src/sources/identity/identified.js';
import type { Answering, Comparison, Condition, Figure, Row, RowsAsk, TotalsAsk } from '../../src/sources/source.js';
import { MemorySource, row } from './memorySource.js';

const TEXTS = ['甲', '乙', '丙', '丁', '戊'];
const USCCS = ['U1', 'U2', 'U3'];
const ATTRIBUTE = 'tenantUscc';
const signal = new AbortController().signal;

function codeList(pairs: readonly (readonly [text: string, uscc: string])[]): CodeList {
  const usccs = new Map(pairs);
  const texts = new Map<string, string[]>();
  for (const [text, uscc] of usccs) texts.set(uscc, [...(texts.get(uscc) ?? []), text]);
  return { usccs, texts };
}

interface Case {
  readonly held: readonly Row[];
  readonly list: CodeList;
}

const values = fc.oneof(fc.constantFrom(...USCCS, 'U9'), fc.constant('甲'));
const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ attribute: fc.constant(ATTRIBUTE), is: fc.constantFrom<Comparison>('eq', 'lt', 'lte', 'gt', 'gte', 'contains', 'startsWith'), value: values }),
  fc.record({ attribute: fc.constant(ATTRIBUTE), is: fc.constant<Comparison>('in'), value: fc.array(values) }),
  fc.record({ attribute: fc.constant(ATTRIBUTE), is: fc.constant<Comparison>('isNull'), value: fc.boolean() }),
  fc.record({ attribute: fc.constant('amount'), is: fc.constantFrom<Comparison>('lt', 'gte'), value: fc.bigInt(0n, 5n) }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

const cases: fc.Arbitrary<Case> = fc.record({
  held: fc
    .array(fc.record({ text: fc.option(fc.constantFrom(...TEXTS)), amount: fc.option(fc.bigInt(0n, 5n)) }), { maxLength: 12 })
    .map((rows) => rows.map(({ text, amount }, index) => row('Loan', 's', `k${String(index).padStart(2, '0')}`, { [ATTRIBUTE]: text, amount }))),
  list: fc.array(fc.tuple(fc.constantFrom(...TEXTS), fc.constantFrom(...USCCS)), { maxLength: 5 }).map(codeList),
});

/** The rows as they would be if the book held USCCs. */
function resolved({ held, list }: Case): Row[] {
  return held.map((entry) => ({ ...entry, [ATTRIBUTE]: list.usccs.get(entry[ATTRIBUTE] as string) ?? null }) as Row);
}

const asked = ({ held, list }: Case) => {
  const source = new MemorySource('s', held, new Set(['Loan']));
  return { source, identified: identified(source, async () => new Map([[ATTRIBUTE, list]])) };
};

const directions = fc.record({ descending: fc.boolean(), nullsFirst: fc.boolean() });
const term = (attribute: string) => directions.map((direction) => ({ attribute, ...direction }));
const KEY = { attribute: 'key', descending: false, nullsFirst: false };

const rowsAsks: fc.Arbitrary<RowsAsk> = fc
  .record({
    where: fc.option(condition, { nil: undefined }),
    order: fc.oneof(fc.constant([]), fc.tuple(term('amount')), fc.tuple(term(ATTRIBUTE)), fc.tuple(term('amount'), term(ATTRIBUTE))),
    limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    keys: fc.option(fc.uniqueArray(fc.constantFrom<Value>(...USCCS, 'U9')), { nil: undefined }),
  })
  .map(({ where, order, limit, keys }) => ({
    entity: 'Loan',
    attributes: [ATTRIBUTE, 'amount'],
    where,
    order: [...order, KEY],
    limit,
    keys: keys && { attribute: ATTRIBUTE, values: keys },
  }));

const figure: fc.Arbitrary<Figure> = fc.oneof(
  fc.constant<Figure>({ function: 'count' }),
  fc.record({ function: fc.constantFrom<Figure['function']>('sum', 'minimum', 'maximum', 'countValues', 'countDistinct'), attribute: fc.constant('amount') }),
  fc.record({ function: fc.constantFrom<Figure['function']>('minimum', 'maximum', 'countValues', 'countDistinct'), attribute: fc.constant(ATTRIBUTE) }),
);

const totalsAsks: fc.Arbitrary<TotalsAsk> = fc
  .record({
    where: fc.option(condition, { nil: undefined }),
    keys: fc.option(fc.uniqueArray(fc.constantFrom<Value>(...USCCS)), { nil: undefined }),
    groupBy: fc.subarray([ATTRIBUTE, 'amount']),
    figures: fc.array(figure, { maxLength: 4 }),
  })
  .map(({ where, keys, groupBy, figures }) => ({
    entity: 'Loan',
    where,
    keys: keys && { attribute: ATTRIBUTE, values: keys },
    groupBy: [...(keys ? [ATTRIBUTE] : []), ...groupBy.filter((name) => !keys || name !== ATTRIBUTE)].map((attribute) => ({ attribute, year: false })),
    figures,
  }));

const shape = (rows: readonly Row[]) => rows.map(({ key, [ATTRIBUTE]: uscc, amount }) => [key, uscc, amount]);
const sorted = (texts: readonly string[]) => [...texts].sort();

describe('a book whose companies are identified', () => {
  it('gives the rows that it would give if it held the USCCs, with one ask', async () => {
    await fc.assert(
      fc.asyncProperty(cases, rowsAsks, async (given, ask) => {
        const { source, identified: book } = asked(given);
        const rows = await book.rows(ask, signal);
        const expected = selectRows(resolved(given), ask);
        // Rows of many keys come in any order; the book puts them in theirs.
        if (ask.keys)
          expect(sorted(shape(rows).map((entry) => identify(entry as Value[])))).toEqual(sorted(shape(expected).map((entry) => identify(entry as Value[]))));
        else expect(shape(selectRows(rows, { ...ask, where: undefined }))).toEqual(shape(expected));
        expect(source.asked).toHaveLength(1);
      }),
    );
  });

  it('goes on after a place in the order', async () => {
    await fc.assert(
      fc.asyncProperty(cases, rowsAsks, fc.nat(), async (given, ask, place) => {
        const all = selectRows(resolved(given), { ...ask, keys: undefined, limit: undefined });
        const from = all[place % Math.max(1, all.length)];
        if (!from) return;
        const after = { values: ask.order.map(({ attribute }) => from[attribute] as Value), inclusive: false };
        const rows = await asked(given).identified.rows({ ...ask, keys: undefined, after }, signal);
        expect(sorted(rows.map(({ key }) => key))).toEqual(sorted(selectRows(resolved(given), { ...ask, keys: undefined, after }).map(({ key }) => key)));
      }),
    );
  });

  it('gives the totals that it would give if it held the USCCs, with one ask', async () => {
    await fc.assert(
      fc.asyncProperty(cases, totalsAsks, async (given, ask) => {
        const { source, identified: book } = asked(given);
        const lines = (rows: readonly { group: readonly Value[]; figures: readonly Value[] }[]) =>
          sorted(rows.map(({ group, figures }) => identify([...group, '|', ...figures])));
        expect(lines(await book.totals(ask, signal))).toEqual(lines(totalRows(resolved(given), ask)));
        expect(source.totalled).toHaveLength(1);
      }),
    );
  });

  it('gives every group where there are no more than are wanted, however many texts there are', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 4 }), async (given, limit) => {
        const ask: TotalsAsk = { entity: 'Loan', groupBy: [{ attribute: ATTRIBUTE, year: false }], figures: [] };
        const groups = (rows: readonly { group: readonly Value[] }[]) => rows.map(({ group }) => identify(group));
        const { source } = asked(given);
        // A source that leaves out every group beyond the limit, as it may.
        const strict: Answering = {
          how: source.how,
          asOf: () => source.asOf(),
          rows: source.rows,
          totals: async (own: TotalsAsk) => (await source.totals(own)).slice(0, own.limit),
        };
        const book = identified(strict, async () => new Map([[ATTRIBUTE, given.list]]));
        const found = groups(await book.totals({ ...ask, limit }, signal));
        const expected = groups(totalRows(resolved(given), ask));
        expect(expected).toEqual(expect.arrayContaining(found));
        expect(new Set(found).size).toBe(found.length);
        expect(found.length).toBeGreaterThanOrEqual(Math.min(limit, expected.length));
      }),
    );
  });

  it('leaves limits and conditions to the source', async () => {
    const list = codeList([
      ['甲', 'U1'],
      ['乙', 'U2'],
    ]);
    const { source, identified: book } = asked({ held: [], list });
    await book.rows({ entity: 'Loan', attributes: [], order: [KEY], limit: 5, keys: { attribute: ATTRIBUTE, values: ['U2', 'U9', 'U1'] } }, signal);
    expect(source.asked[0]).toMatchObject({ limit: 5, keys: { attribute: ATTRIBUTE, values: ['乙', '甲'] } });
    await book.rows({ entity: 'Loan', attributes: [], order: [KEY], limit: 5, where: { attribute: ATTRIBUTE, is: 'isNull', value: true } }, signal);
    expect(source.asked[1]).toMatchObject({ limit: 5, where: { not: { attribute: ATTRIBUTE, is: 'in', value: ['甲', '乙'] } } });
  });

  it('is asked as it is for what no company is asked of', async () => {
    const { source, identified: book } = asked({ held: [], list: codeList([]) });
    const ask: TotalsAsk = { entity: 'Loan', groupBy: [{ attribute: 'date', year: true }], figures: [{ function: 'sum', attribute: 'amount' }] };
    await book.totals(ask, signal);
    expect(source.totalled[0]).toMatchObject(ask);
  });
});
