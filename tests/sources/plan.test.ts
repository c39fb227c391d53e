/** Conditions that cross books: planned as a whole, and probed page by page, against a plain model. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/entities/definition.js';
import { Investment, Loan } from '../../src/entities/index.js';
import {
  Book,
  type BookCondition,
  type BookPosition,
  type Crossing,
  compareInTerm,
  MOST_KEYS,
  matches,
  Planner,
  type SourceReport,
  TooManyKeysError,
  valueOf,
} from '../../src/sources/book.js';
import { type ProbedRequest, probedPage } from '../../src/sources/probe.js';
import { SourceRegistry } from '../../src/sources/registry.js';
import type { OrderTerm, Row } from '../../src/sources/source.js';
import { declare, MemorySource, row } from './memorySource.js';

const definitions = { Loan: definitionOf(Loan), Investment: definitionOf(Investment) };
const crossing = (withinSource = false): Crossing => ({
  name: 'Loan.investments',
  entities: ['Investment'],
  from: 'tenantUscc',
  to: 'tenantUscc',
  withinSource,
});

/** Two sources, each with loans and investments. */
function open(rows: readonly Row[]) {
  const sources = ['s0', 's1'].map(
    (id) =>
      new MemorySource(
        id,
        rows.filter(({ source }) => source === id),
        new Set(['Loan', 'Investment']),
      ),
  );
  const registry = new SourceRegistry(
    sources.map((source) => declare(source)),
    () => new Date(),
  );
  const books = new Map(Object.entries(definitions).map(([name, definition]) => [name, new Book([definition], registry, () => undefined)]));
  const planner = new Planner<SourceReport>((entities) => books.get(entities[0] as string) as Book);
  const asked = () => ({
    rows: sources.reduce((sum, source) => sum + source.asked.length, 0),
    totals: sources.reduce((sum, source) => sum + source.totalled.length, 0),
  });
  return { planner, loans: books.get('Loan') as Book, asked, sources };
}

function keeps(rows: readonly Row[], held: Row, condition: BookCondition): boolean {
  if ('all' in condition) return condition.all.every((part) => keeps(rows, held, part));
  if ('any' in condition) return condition.any.some((part) => keeps(rows, held, part));
  if ('not' in condition) return !keeps(rows, held, condition.not);
  if (!('crossing' in condition)) return matches(held, condition);
  const { crossing: link, some } = condition;
  const value = valueOf(held, link.from);
  return rows.some(
    (other) =>
      link.entities.includes(other.entity) &&
      value !== null &&
      valueOf(other, link.to) === value &&
      (!link.withinSource || other.source === held.source) &&
      (!some || keeps(rows, other, some)),
  );
}

const conditions: fc.Arbitrary<BookCondition> = fc.letrec<{ where: BookCondition; inner: BookCondition }>((tie) => ({
  inner: fc.oneof(
    fc.integer({ min: 0, max: 9 }).map((value): BookCondition => ({ attribute: 'amount', is: 'lt', value: BigInt(value) })),
    tie('inner').map((not): BookCondition => ({ not })),
  ),
  where: fc.oneof(
    { maxDepth: 2 },
    fc.record({ crossing: fc.boolean().map(crossing), some: fc.option(tie('inner'), { nil: undefined }) }),
    fc.integer({ min: 0, max: 9 }).map((value): BookCondition => ({ attribute: 'amount', is: 'gte', value: BigInt(value) })),
    fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((all): BookCondition => ({ all })),
    fc.array(tie('where'), { minLength: 1, maxLength: 2 }).map((any): BookCondition => ({ any })),
    tie('where').map((not): BookCondition => ({ not })),
  ),
})).where;

/** Many loans, each of one of so many companies, and fewer investments. */
const manyRows = fc
  .record({ loans: fc.integer({ min: 0, max: 700 }), investments: fc.integer({ min: 0, max: 60 }), tenants: fc.integer({ min: 1, max: 200 }), seed: fc.nat() })
  .map(({ loans, investments, tenants, seed }) => {
    let state = seed;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    const made = (entity: string, count: number): Row[] =>
      Array.from({ length: count }, (_, index) =>
        row(entity, next(2) ? 's0' : 's1', `${entity}${index}`, {
          tenantUscc: next(20) ? `T${next(tenants)}` : null,
          amount: next(10) ? BigInt(next(10)) : null,
        }),
      );
    return [...made('Loan', loans), ...made('Investment', investments)];
  });

const orders: fc.Arbitrary<readonly OrderTerm[]> = fc.constantFrom(
  [],
  [{ attribute: 'amount', descending: false, nullsFirst: false }],
  [{ attribute: 'amount', descending: true, nullsFirst: false }],
);

function inOrder(rows: readonly Row[], order: readonly OrderTerm[]): string[] {
  const keys = order.at(-1)?.descending ? -1 : 1;
  return [...rows]
    .sort((a, b) => {
      for (const term of order) {
        const result = compareInTerm(valueOf(a, term.attribute), valueOf(b, term.attribute), term);
        if (result !== 0) return result;
      }
      return a.source < b.source ? -1 : a.source > b.source ? 1 : a.key < b.key ? -keys : keys;
    })
    .map(({ key }) => key);
}

const attributes: ProbedRequest['attributes'] = new Map([['Loan', ['number']]]);

describe('a condition that crosses books', () => {
  it('is planned as one that keeps the rows that the model keeps', async () => {
    await fc.assert(
      fc.asyncProperty(manyRows, conditions, async (rows, where) => {
        const { planner, loans } = open(rows);
        const planned = await planner.plan(['Loan'], where);
        const page = await loans.page({ where: planned.condition, order: [], attributes });
        const expected = rows.filter((held) => held.entity === 'Loan' && keeps(rows, held, where));
        expect(page.rows.map(({ key }) => key)).toEqual(inOrder(expected, []));
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same pages where it is probed, forwards and backwards', async () => {
    await fc.assert(
      fc.asyncProperty(manyRows, conditions, orders, fc.integer({ min: 1, max: 80 }), fc.boolean(), async (rows, where, order, limit, backwards) => {
        const { planner, loans } = open(rows);
        const expected = inOrder(
          rows.filter((held) => held.entity === 'Loan' && keeps(rows, held, where)),
          order,
        );
        const walked: string[] = [];
        let after: BookPosition | undefined;
        for (;;) {
          const page = await probedPage(planner, loans, where, { order, limit, backwards, after, attributes });
          // It may give up wherever rows that keep the condition are far apart; what it gives is right.
          if (!page) break;
          const keys = page.rows.map(({ key }) => key);
          if (backwards) walked.unshift(...keys);
          else walked.push(...keys);
          expect(keys.length).toBe(Math.min(limit, expected.length - walked.length + keys.length));
          expect(page.more).toBe(walked.length < expected.length);
          if (!page.more) break;
          after = loans.positionOf((backwards ? page.rows[0] : page.rows.at(-1)) as Row, order);
        }
        expect(walked).toEqual(backwards ? expected.slice(expected.length - walked.length) : expected.slice(0, walked.length));
      }),
      { numRuns: 150 },
    );
  });
});

const loansOf = (tenants: number, loansEach = 1): Row[] =>
  Array.from({ length: tenants * loansEach }, (_, index) =>
    row('Loan', 's0', `L${String(index).padStart(6, '0')}`, { tenantUscc: `T${index % tenants}`, amount: 1n }),
  );
const investmentsOf = (tenants: number, each = 1): Row[] =>
  Array.from({ length: tenants * each }, (_, index) => row('Investment', 's0', `I${index}`, { tenantUscc: `T${index % tenants}`, amount: 1n }));
const all = (attribute: string): BookCondition => ({ attribute, is: 'gte', value: 0n });

describe('the planner', () => {
  it('takes the keys of the asking side first where they are few, and counts nothing', async () => {
    const { planner, asked } = open([...loansOf(10), ...investmentsOf(3_000)]);
    await planner.plan(['Loan'], { all: [all('amount'), { crossing: crossing(), some: undefined }] });
    expect(planner.steps).toMatchObject([{ askingRows: 10, otherRows: null, first: 'ASKING_SIDE', keys: 10 }]);
    expect(asked()).toEqual({ rows: 0, totals: 4 });
  });

  it.each([
    ['the other side', 2_500, 2_400, 'OTHER_SIDE'],
    ['the asking side', 2_500, 2_600, 'ASKING_SIDE'],
  ])('counts both sides where the keys are many, and takes those of %s, which has fewer rows, first', async (_name, loans, investments, first) => {
    const { planner } = open([...loansOf(loans), ...investmentsOf(investments)]);
    await planner.plan(['Loan'], { all: [all('amount'), { crossing: crossing(), some: undefined }] });
    expect(planner.steps).toMatchObject([{ askingRows: loans, otherRows: investments, first, keys: Math.min(loans, investments) }]);
  });

  it('carries no more keys than the bound, and asks no source for more', async () => {
    const { planner, sources } = open(investmentsOf(MOST_KEYS + 1));
    const planned = planner.plan(['Loan'], { crossing: crossing(), some: undefined });
    await expect(planned).rejects.toThrow(TooManyKeysError);
    await expect(planned).rejects.toThrow('expected a condition that at most 100000 keys keep, but more do');
    expect(sources[0]?.totalled[0]).toMatchObject({ figures: [], limit: MOST_KEYS + 1 });
    const fits = open(investmentsOf(MOST_KEYS));
    await fits.planner.plan(['Loan'], { crossing: crossing(), some: undefined });
    expect(fits.planner.steps).toMatchObject([{ keys: MOST_KEYS }]);
  });
});

describe('a page of a crossing condition', () => {
  const request: ProbedRequest = { order: [], limit: 10, attributes };

  it('is found in the next rows of the list, whatever the number of keys that keep it', async () => {
    const { planner, loans, asked } = open([...loansOf(5_000), ...investmentsOf(4_000)]);
    const page = await probedPage(planner, loans, { crossing: crossing(), some: undefined }, request);
    expect(page).toMatchObject({ more: true });
    expect(page?.rows).toHaveLength(10);
    // Both sources are asked for their next rows, and for which of these have investments.
    expect(asked()).toEqual({ rows: 2, totals: 2 });
    expect(planner.steps).toMatchObject([{ crossing: 'Loan.investments', askingRows: 100, otherRows: null, first: 'ASKING_PAGE', keys: 100 }]);
  });

  it('is given up as soon as none of the next rows keeps the condition, so that it is planned', async () => {
    const { planner, loans, asked } = open([...loansOf(5_000), row('Investment', 's0', 'I', { tenantUscc: 'T4999', amount: 1n })]);
    expect(await probedPage(planner, loans, { crossing: crossing(), some: undefined }, request)).toBeUndefined();
    expect(asked()).toEqual({ rows: 2, totals: 2 });
  });

  it('is asked for in at most four rounds', async () => {
    const sparse = Array.from({ length: 60 }, (_, index) => row('Investment', 's0', `I${index}`, { tenantUscc: `T${index * index * 2}`, amount: 1n }));
    const { planner, loans, asked } = open([...loansOf(8_000), ...sparse]);
    await probedPage(planner, loans, { crossing: crossing(), some: undefined }, { ...request, limit: 50 });
    expect(asked().rows).toBeLessThanOrEqual(8);
    expect(asked().totals).toBeLessThanOrEqual(8);
  });
});
