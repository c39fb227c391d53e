import { describe, expect, it } from 'vitest';
import { compareInTerm, identify, matches, selectRows, totalRows } from '../../src/sources/evaluate.js';
import { mergeTotals } from '../../src/sources/mergeTotals.js';
import type { Comparison, Condition, Figure, OrderTerm, RowsAsk } from '../../src/sources/source.js';
import { row } from './memorySource.js';

const KEY: OrderTerm = { attribute: 'key', descending: false, nullsFirst: false };
const rows = [
  row('Loan', 's', 'a', { amount: 5n, date: '2020-02-29', name: '广兴Tech', open: true }),
  row('Loan', 's', 'b', { amount: null, date: null, name: null, open: null }),
  row('Loan', 's', 'c', { amount: 9_007_199_254_740_993n, date: '2019-12-31', name: "%_'", open: false }),
  row('Loan', 's', 'd', { amount: 9_007_199_254_740_992n, date: '2020-01-01', name: '广兴tech', open: true }),
];

const ask = (rest: Partial<RowsAsk> = {}): RowsAsk => ({ entity: 'Loan', attributes: [], order: [KEY], ...rest });
const keys = (rest: Partial<RowsAsk>): string =>
  selectRows(rows, ask(rest))
    .map((found) => found.key)
    .join('');
const where = (attribute: string, is: Comparison, value: Condition extends { value: infer V } ? V : never | unknown): Condition =>
  ({ attribute, is, value }) as Condition;

describe('a comparison', () => {
  it.each([
    ['eq', 'amount', 9_007_199_254_740_993n, 'c'],
    ['lt', 'amount', 9_007_199_254_740_993n, 'ad'],
    ['lte', 'amount', 5n, 'a'],
    ['gt', 'date', '2020-01-01', 'a'],
    ['gte', 'date', '2020-01-01', 'ad'],
    ['in', 'name', ['广兴Tech', "%_'", 'x'], 'ac'],
    ['in', 'name', [], ''],
    ['contains', 'name', 'Tech', 'a'],
    ['contains', 'name', '%', 'c'],
    ['startsWith', 'name', '广兴', 'ad'],
    ['eq', 'open', false, 'c'],
    ['gte', 'open', false, 'acd'],
    ['isNull', 'amount', true, 'b'],
    ['isNull', 'amount', false, 'acd'],
    ['eq', 'amount', null, ''],
    ['lt', 'amount', null, ''],
    ['eq', 'absent', 'x', ''],
    ['isNull', 'absent', true, 'abcd'],
  ] as [Comparison, string, unknown, string][])('%s of %s with %s keeps %s', (is, attribute, value, expected) => {
    expect(keys({ where: where(attribute, is, value) })).toBe(expected);
    // Two-valued: what is not kept is kept by its opposite, empty values too.
    const opposite = [...'abcd'].filter((key) => !expected.includes(key)).join('');
    expect(keys({ where: { not: where(attribute, is, value) } })).toBe(opposite);
  });

  it('of nothing is true for all, and false for any', () => {
    expect(keys({ where: { all: [] } })).toBe('abcd');
    expect(keys({ where: { any: [] } })).toBe('');
    expect(matches(rows[0] as never, { not: { any: [] } })).toBe(true);
  });
});

describe('rows in memory', () => {
  it.each([
    [false, false, 'adcb'],
    [true, false, 'cdab'],
    [false, true, 'badc'],
    [true, true, 'bcda'],
  ])('are ordered by an amount (descending %s, nulls first %s)', (descending, nullsFirst, expected) => {
    expect(keys({ order: [{ attribute: 'amount', descending, nullsFirst }, KEY] })).toBe(expected);
  });

  it('go on after a position, with it or without', () => {
    const order = [{ attribute: 'open', descending: false, nullsFirst: false }, KEY];
    expect(keys({ order, after: { values: [true, 'a'], inclusive: false } })).toBe('db');
    expect(keys({ order, after: { values: [true, 'a'], inclusive: true } })).toBe('adb');
    // Fewer values than terms: a place before or behind all rows that share them.
    expect(keys({ order, after: { values: [true], inclusive: true } })).toBe('adb');
    expect(keys({ order, after: { values: [true], inclusive: false } })).toBe('b');
    expect(keys({ order, after: { values: [null, 'b'], inclusive: false } })).toBe('');
  });

  it('are limited as a whole, or by key', () => {
    expect(keys({ limit: 2 })).toBe('ab');
    expect(keys({ keys: { attribute: 'open', values: [true, false] }, limit: 1 })).toBe('ac');
    expect(keys({ keys: { attribute: 'open', values: [] }, limit: 1 })).toBe('');
    expect(keys({ limit: 0 })).toBe('');
  });

  it('leave the list that they came from as it was', () => {
    const own = [...rows].reverse();
    selectRows(own, ask());
    expect(own.map((found) => found.key).join('')).toBe('dcba');
  });
});

describe('figures in memory', () => {
  const figures: Figure[] = [
    { function: 'count' },
    ...(['sum', 'minimum', 'maximum', 'countValues', 'countDistinct'] as const).map((name): Figure => ({ function: name, attribute: 'amount' })),
  ];

  it('are exact beyond 2^53 and leave empty values out', () => {
    expect(totalRows(rows, { entity: 'Loan', groupBy: [], figures })).toEqual([
      { group: [], figures: [4, 18_014_398_509_481_990n, 5n, 9_007_199_254_740_993n, 3, 3] },
    ]);
  });

  it('group by a value or a year, with a group for the empty ones', () => {
    const byYear = totalRows(rows, { entity: 'Loan', groupBy: [{ attribute: 'date', year: true }], figures: [{ function: 'count' }] });
    expect(byYear).toEqual([
      { group: [2020], figures: [2] },
      { group: [null], figures: [1] },
      { group: [2019], figures: [1] },
    ]);
  });

  it('over no rows are one result without groups, and none with them', () => {
    expect(totalRows([], { entity: 'Loan', groupBy: [], figures })).toEqual([{ group: [], figures: [0, null, null, null, 0, 0] }]);
    expect(totalRows([], { entity: 'Loan', groupBy: [{ attribute: 'open', year: false }], figures })).toEqual([]);
  });

  it('of parts are put together group by group', () => {
    const own: Figure[] = figures.slice(0, 5);
    const parts = [
      { group: ['x'], figures: [2, null, null, null, 0] },
      { group: [null], figures: [1, 1n, 1n, 1n, 1] },
      { group: ['x'], figures: [1, -5n, -5n, -5n, 1] },
      { group: ['x'], figures: [1, 7n, 7n, 7n, 1] },
    ];
    expect(mergeTotals(parts, own)).toEqual([
      { group: ['x'], figures: [4, 2n, -5n, 7n, 2] },
      { group: [null], figures: [1, 1n, 1n, 1n, 1] },
    ]);
    expect(() => mergeTotals([parts[0], parts[2]] as never, [{ function: 'countDistinct', attribute: 'amount' }])).toThrow(/distinct count/);
  });
});

it('tells values of different kinds apart', () => {
  const values = [['1'], [1], [1n], [true], [null], [], ['1', '1'], ['11'], ['{"big":"1"}']];
  expect(new Set(values.map(identify)).size).toBe(values.length);
});

it('orders texts by code point, beyond the sixteen-bit units too', () => {
  const term = { attribute: 'x', descending: false, nullsFirst: false };
  expect(['\u{20000}', '\uFF01', 'a', 'B', '一'].sort((a, b) => compareInTerm(a, b, term))).toEqual(['B', 'a', '一', '\uFF01', '\u{20000}']);
});
