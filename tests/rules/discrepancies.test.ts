import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDiscrepancies, type RowStatement, type StatedValue } from '../../src/rules/discrepancies.js';

type Statement = RowStatement<string>;

let made = 0;
/** A statement of staff in 2020, unless told otherwise. */
const said = (source: string, value: StatedValue, more: Partial<Statement> = {}): Statement => {
  const key = more.key ?? `row-${++made}`;
  return { fact: 'STAFF', subject: '2020', source, entity: 'Report', date: null, several: 'latest', value, ...more, key, row: key };
};
const values = (statements: readonly Statement[]): [string, StatedValue][][] =>
  findDiscrepancies(statements).map(({ statements: all }) => all.map(({ source, value }): [string, StatedValue] => [source, value]));

describe('a discrepancy', () => {
  it('lists every source with its value, the difference and its part of the greatest value', () => {
    expect(findDiscrepancies([said('park', 40, { key: 'a' }), said('icbc', 50, { key: 'b', date: '2021-05-06' }), said('bocom', 40, { key: 'c' })])).toEqual([
      {
        fact: 'STAFF',
        subject: '2020',
        statements: [
          { source: 'bocom', entity: 'Report', date: null, value: 40, rows: ['c'] },
          { source: 'icbc', entity: 'Report', date: '2021-05-06', value: 50, rows: ['b'] },
          { source: 'park', entity: 'Report', date: null, value: 40, rows: ['a'] },
        ],
        difference: 10,
        relativeDifference: 200_000n,
      },
    ]);
  });

  it('is none where all say the same, where one source speaks alone, and where they speak of different years, facts or companies’ patents', () => {
    expect(findDiscrepancies([said('park', 40), said('icbc', 40)])).toEqual([]);
    expect(findDiscrepancies([said('park', 40)])).toEqual([]);
    expect(findDiscrepancies([said('park', 40), said('icbc', 50, { subject: '2019' })])).toEqual([]);
    expect(findDiscrepancies([said('park', 40), said('icbc', 50, { fact: 'REVENUE' })])).toEqual([]);
    expect(findDiscrepancies([])).toEqual([]);
  });

  it('is found to the fen, for no tolerance is assumed', () => {
    const [found] = findDiscrepancies([said('park', 999_999_999_999_999_999n), said('icbc', 999_999_999_999_999_998n)]);
    expect(found).toMatchObject({ difference: 1n, relativeDifference: 0n });
  });

  it('is whole where one says nothing is held, and has no part where all say nothing', () => {
    expect(findDiscrepancies([said('park', 0n), said('huakai', 51_600n)])).toMatchObject([{ difference: 51_600n, relativeDifference: 1_000_000n }]);
    expect(findDiscrepancies([said('park', 0n), said('huakai', 0n)])).toEqual([]);
  });

  it('of yes and no has no difference', () => {
    expect(findDiscrepancies([said('park', true), said('icbc', false)])).toMatchObject([{ difference: null, relativeDifference: null }]);
  });
});

describe('several rows of one source', () => {
  it('state what the latest of them says', () => {
    const rows = [said('icbc', 30, { date: '2020-03-01' }), said('icbc', 40, { date: '2021-03-01' }), said('icbc', 35, { date: null })];
    expect(values([...rows, said('park', 40)])).toEqual([]);
    expect(values([...rows, said('park', 30)])).toEqual([
      [
        ['icbc', 40],
        ['park', 30],
      ],
    ]);
  });

  it('of the latest day that differ are each a statement, beside another source’s', () => {
    const rows = [said('icbc', 30, { date: '2021-03-01' }), said('icbc', 40, { date: '2021-03-01' }), said('icbc', 40, { date: '2021-03-01' })];
    expect(values(rows)).toEqual([]);
    expect(values([...rows, said('park', 40)])).toEqual([
      [
        ['icbc', 30],
        ['icbc', 40],
        ['park', 40],
      ],
    ]);
  });

  it('are added up where they are parts: two funds of one investor', () => {
    const sum = { fact: 'STAKE', subject: 'huakai', several: 'sum' as const };
    const rows = [said('huakai', 30_000n, { ...sum, date: '2019-01-01', key: 'b' }), said('huakai', 20_000n, { ...sum, date: '2020-01-01', key: 'a' })];
    expect(findDiscrepancies([...rows, said('park', 50_000n, sum)])).toEqual([]);
    expect(findDiscrepancies([...rows, said('park', 30_000n, sum)])).toMatchObject([
      { statements: [{ value: 50_000n, date: '2020-01-01', rows: ['a', 'b'] }, { value: 30_000n }], difference: 20_000n },
    ]);
  });

  it('say yes where any does: a patent that was pledged, released and pledged again', () => {
    const pledge = { fact: 'PATENT_PLEDGE', subject: 'p', several: 'any' as const, entity: 'PatentPledge' };
    const rows = [said('icbc', false, { ...pledge, date: '2019-01-01' }), said('icbc', true, { ...pledge, date: '2018-01-01' })];
    expect(findDiscrepancies([...rows, said('park', true, { ...pledge, entity: 'PatentExtract', several: 'latest' })])).toEqual([]);
  });

  it('that say no yield to another partner’s yes, for a bank knows only of its own pledges', () => {
    const pledge = { fact: 'PATENT_PLEDGE', subject: 'p', several: 'any' as const, entity: 'PatentPledge' };
    const register = { ...pledge, entity: 'PatentExtract', several: 'latest' as const };
    const [released, running] = [said('icbc', false, pledge), said('spdb', true, pledge)];
    expect(values([released, running])).toEqual([]);
    expect(values([released, running, said('park', true, register)])).toEqual([]);
    expect(values([released, running, said('park', false, register)])).toEqual([
      [
        ['park', false],
        ['spdb', true],
      ],
    ]);
    expect(values([released, said('park', true, register)])).toEqual([
      [
        ['icbc', false],
        ['park', true],
      ],
    ]);
  });
});

describe('for any rows', () => {
  const source = fc.constantFrom('park', 'icbc', 'bocom', 'huakai');
  const statement = fc.record({
    fact: fc.constantFrom('REVENUE', 'STAKE'),
    subject: fc.constantFrom('2019', '2020', null),
    source,
    entity: fc.constantFrom('A', 'B'),
    date: fc.constantFrom('2020-12-31', '2021-12-31', null),
    several: fc.constant('latest' as const),
    value: fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })),
    key: fc.uuid(),
  });
  const rows = fc.uniqueArray(
    statement.map((one) => ({ ...one, row: one.key })),
    { selector: ({ key }) => key, maxLength: 30 },
  );

  it('the order of the rows does not matter', () => {
    const shuffled = rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(findDiscrepancies(other)).toEqual(findDiscrepancies(all));
      }),
    );
  });

  it('equal values are no discrepancy', () => {
    fc.assert(
      fc.property(rows, fc.bigInt({ min: 0n, max: 10n ** 17n }), (all, value) => {
        expect(findDiscrepancies(all.map((row) => ({ ...row, value })))).toEqual([]);
      }),
    );
  });

  it('each found has two sources, two values, an exact difference, and is in its place', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const found = findDiscrepancies(all);
        for (const { statements, difference } of found) {
          expect(new Set(statements.map((one) => one.source)).size).toBeGreaterThan(1);
          const stated = statements.map(({ value }) => value as bigint);
          expect(new Set(stated).size).toBeGreaterThan(1);
          const least = stated.reduce((a, b) => (a < b ? a : b));
          expect(stated.every((value) => value - least <= (difference as bigint))).toBe(true);
          expect(stated).toContain(least + (difference as bigint));
        }
        const names = found.map(({ fact, subject }) => `${fact} ${subject ?? ''}`);
        expect(names).toEqual([...new Set(names)].sort());
      }),
    );
  });
});
