import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/entities/definition.js';
import { Investment, Loan } from '../../src/entities/index.js';
import { Book, type BookKey, type BookPosition, keyOf, type RowsRequest } from '../../src/sources/book.js';
import { compareRows, compareValues, identify, matches, totalRows, valueOf } from '../../src/sources/evaluate.js';
import { type SourceDeclaration, SourceRegistry } from '../../src/sources/registry.js';
import type { Condition, Figure, Grouping, OrderTerm, Row, Source, TotalsRow } from '../../src/sources/source.js';
import { SourceError } from '../../src/sources/source.js';
import { compareText } from '../../src/values/text.js';
import { type Disorder, declare, disorders, MemorySource, orderly, row } from './memorySource.js';

const definitions = [definitionOf(Loan), definitionOf(Investment)];
const ENTITIES = new Set(['Loan', 'Investment']);
const TENANTS = ['T1', 'T2', 'T3'];
const wanted: ReadonlyMap<string, readonly string[]> = new Map([...ENTITIES].map((entity) => [entity, ['tenantUscc', 'amount', 'date', 'kind']]));

function bookOf(declarations: readonly SourceDeclaration[], failures: SourceError[] = []): Book {
  return new Book(definitions, new SourceRegistry(declarations, () => new Date()), (error) => failures.push(error));
}

function memory(id: string, rows: readonly Row[], disorder: Disorder = orderly): MemorySource {
  return new MemorySource(id, rows, ENTITIES, disorder);
}

/** Ties and nulls are the rule, not the exception. */
const attributes = fc.record({
  tenantUscc: fc.constantFrom(...TENANTS, null),
  amount: fc.option(fc.bigInt({ min: 0n, max: 3n }), { nil: null }),
  date: fc.option(fc.constantFrom('2019-03-01', '2019-12-31', '2020-01-01'), { nil: null }),
  kind: fc.constantFrom('CREDIT', 'MORTGAGE'),
});

const heldRows = (id: string) =>
  fc
    .uniqueArray(fc.record({ key: fc.constantFrom(...'abcdefghij'), entity: fc.constantFrom('Loan', 'Investment'), attributes }), {
      selector: ({ entity, key }) => entity + key,
      maxLength: 14,
    })
    .map((entries) => entries.map((entry) => row(entry.entity, id, entry.key, entry.attributes)));

const sources = (disorder: fc.Arbitrary<Disorder> = disorders): fc.Arbitrary<MemorySource[]> =>
  fc
    .integer({ min: 1, max: 4 })
    .chain((count) =>
      fc.tuple(
        ...Array.from({ length: count }, (_, index) => fc.tuple(heldRows(`s${index}`), disorder).map(([rows, spoilt]) => memory(`s${index}`, rows, spoilt))),
      ),
    );

const orders: fc.Arbitrary<OrderTerm[]> = fc
  .uniqueArray(fc.constantFrom('amount', 'date', 'kind', 'tenantUscc', 'source'), { maxLength: 3 })
  .chain((names) =>
    fc.tuple(...names.map((attribute) => fc.record({ attribute: fc.constant(attribute), descending: fc.boolean(), nullsFirst: fc.boolean() }))),
  );

const conditions: fc.Arbitrary<Condition | undefined> = fc.option(
  fc.oneof(
    fc.constantFrom<Condition>(
      { attribute: 'amount', is: 'gte', value: 1n },
      { not: { attribute: 'date', is: 'lt', value: '2020-01-01' } },
      { attribute: 'source', is: 'in', value: ['s0', 's2'] },
      {
        all: [
          { attribute: 'source', is: 'eq', value: 's1' },
          { attribute: 'kind', is: 'eq', value: 'CREDIT' },
        ],
      },
      {
        any: [
          { attribute: 'source', is: 'eq', value: 's1' },
          { attribute: 'amount', is: 'isNull', value: true },
        ],
      },
      {
        all: [
          { attribute: 'source', is: 'eq', value: 's0' },
          { attribute: 'source', is: 'eq', value: 's1' },
        ],
      },
    ),
  ),
  { nil: undefined },
);

/** What a book is: all rows of all sources as one table. */
function straight(all: readonly MemorySource[], order: readonly OrderTerm[], where?: Condition): Row[] {
  const part = (held: Row): string => `${held.entity}/${held.source}`;
  return all
    .flatMap((source) => source.held)
    .filter((held) => !where || matches(held, where))
    .sort((a, b) => compareRows(a, b, order) || compareText(part(a), part(b)) || compareText(a.key, b.key) * (order.at(-1)?.descending ? -1 : 1));
}

const names = (rows: readonly Row[]): string[] => rows.map((held) => `${held.entity}/${held.source}/${held.key}`);

function request(order: readonly OrderTerm[], rest: Partial<RowsRequest> = {}): RowsRequest {
  return { order, attributes: wanted, ...rest };
}

async function walk(book: Book, order: readonly OrderTerm[], limit: number, backwards: boolean, where?: Condition): Promise<string[]> {
  const walked: string[] = [];
  let after: BookPosition | undefined;
  for (let page = 0; ; page++) {
    if (page > 100) throw new Error('The walk does not end.');
    const { rows, more } = await book.page(request(order, { limit, backwards, where, after }));
    expect(rows.length).toBeLessThanOrEqual(limit);
    if (backwards) walked.unshift(...names(rows));
    else walked.push(...names(rows));
    if (!more) return walked;
    after = book.positionOf((backwards ? rows[0] : rows.at(-1)) as Row, order);
  }
}

describe('a page', () => {
  it('walks every row of all sources exactly once, forwards and backwards, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(sources(), orders, conditions, fc.integer({ min: 1, max: 5 }), async (all, order, where, limit) => {
        const book = bookOf(all.map((source) => declare(source)));
        const expected = names(straight(all, order, where));
        expect(await walk(book, order, limit, false, where)).toEqual(expected);
        expect(await walk(book, order, limit, true, where)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('without a limit holds every row, each with the attributes of its source', async () => {
    await fc.assert(
      fc.asyncProperty(sources(), orders, async (all, order) => {
        const { rows, more } = await bookOf(all.map((source) => declare(source))).page(request(order));
        expect(rows).toEqual(straight(all, order));
        expect(more).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('asks each source once for each entity, for one row more than the page, and only sources that the condition allows', async () => {
    const all = [memory('s0', []), memory('s1', []), memory('s2', [])];
    const book = bookOf(all.map((source) => declare(source)));
    const order = [{ attribute: 'amount', descending: true, nullsFirst: false }];
    const { reports } = await book.page(request(order, { limit: 5, where: { all: [{ attribute: 'source', is: 'in', value: ['s0', 's2'] }] } }));
    expect(all.map((source) => source.asked.map(({ entity, limit }) => [entity, limit]))).toEqual([
      [
        ['Investment', 6],
        ['Loan', 6],
      ],
      [],
      [
        ['Investment', 6],
        ['Loan', 6],
      ],
    ]);
    expect(reports.map((report) => report.sourceId)).toEqual(['s0', 's2']);
    expect(all[0]?.asked[0]?.order).toEqual([...order, { attribute: 'key', descending: order.at(-1)?.descending ?? false, nullsFirst: false }]);
  });

  it('says that there are no more when the last row is the last of the page', async () => {
    const book = bookOf([
      declare(
        memory(
          's0',
          ['a', 'b'].map((key) => row('Loan', 's0', key)),
        ),
      ),
    ]);
    expect(await book.page(request([], { limit: 2 }))).toMatchObject({ rows: [{ key: 'a' }, { key: 'b' }], more: false });
    expect(await book.page(request([], { limit: 1 }))).toMatchObject({ rows: [{ key: 'a' }], more: true });
  });
});

const bookKeys: fc.Arbitrary<BookKey[]> = fc.uniqueArray(
  fc.record({ value: fc.constantFrom(...TENANTS, 'unknown'), source: fc.constantFrom(undefined, 's0', 's1', 'nowhere') }),
  { selector: keyOf, maxLength: 6 },
);

describe('rows by key', () => {
  it('are matched by key and source, never by position, in order and within the limit of each key', async () => {
    await fc.assert(
      fc.asyncProperty(
        sources(),
        bookKeys,
        orders,
        conditions,
        fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        fc.boolean(),
        async (all, keys, order, where, limit, backwards) => {
          const book = bookOf(all.map((source) => declare(source)));
          const found = await book.byKey('tenantUscc', keys, request(order, { where, backwards, ...(limit === undefined ? {} : { limit }) }));
          expect([...found.keys()].sort()).toEqual(keys.map(keyOf).sort());
          for (const key of keys) {
            const own = straight(all, order).filter(
              (held) => held.tenantUscc === key.value && (key.source === undefined || held.source === key.source) && (!where || matches(held, where)),
            );
            const rows = limit === undefined ? own : backwards ? own.slice(Math.max(0, own.length - limit)) : own.slice(0, limit);
            expect(names(found.get(keyOf(key))?.rows ?? [])).toEqual(names(rows));
            expect(found.get(keyOf(key))?.more).toBe(own.length > rows.length);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that a source leaves out cost only themselves', async () => {
    await fc.assert(
      fc.asyncProperty(sources(disorders.map((disorder) => ({ ...disorder, extra: false, missing: true }))), bookKeys, orders, async (all, keys, order) => {
        const found = await bookOf(all.map((source) => declare(source))).byKey('tenantUscc', keys, request(order));
        for (const key of keys) {
          const own = names(straight(all, order).filter((held) => held.tenantUscc === key.value && (key.source === undefined || held.source === key.source)));
          const given = names(found.get(keyOf(key))?.rows ?? []);
          expect(own.filter((name) => given.includes(name))).toEqual(given);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('cost one ask for each source and entity, which names each key once', async () => {
    const all = [memory('s0', []), memory('s1', [])];
    const keys: BookKey[] = [{ value: 'T1' }, { value: 'T1', source: 's1' }, { value: 'T2', source: 's1' }];
    await bookOf(all.map((source) => declare(source))).byKey('tenantUscc', keys, request([], { limit: 3 }));
    expect(all.map((source) => source.asked.map(({ keys: asked }) => asked))).toEqual([
      [
        { attribute: 'tenantUscc', values: ['T1'] },
        { attribute: 'tenantUscc', values: ['T1'] },
      ],
      [
        { attribute: 'tenantUscc', values: ['T1', 'T2'] },
        { attribute: 'tenantUscc', values: ['T1', 'T2'] },
      ],
    ]);
  });

  it('of a source are asked of it alone', async () => {
    const all = [memory('s0', [row('Loan', 's0', 'a')]), memory('s1', [row('Loan', 's1', 'a'), row('Investment', 's1', 'b')])];
    const found = await bookOf(all.map((source) => declare(source))).byKey('source', [{ value: 's1' }, { value: 'nowhere' }], request([]));
    expect(names(found.get(keyOf({ value: 's1' }))?.rows ?? [])).toEqual(['Investment/s1/b', 'Loan/s1/a']);
    expect(found.get(keyOf({ value: 's1' }))?.reports.map((report) => report.sourceId)).toEqual(['s1']);
    expect(found.get(keyOf({ value: 'nowhere' }))).toEqual({ rows: [], more: false, reports: [] });
    expect(all[0]?.asked).toEqual([]);
    expect(all[1]?.asked[0]?.keys).toBeUndefined();
  });

  it('need no ask where there are no keys', async () => {
    const source = memory('s0', []);
    expect(await bookOf([declare(source)]).byKey('tenantUscc', [], request([]))).toEqual(new Map());
    expect(source.asked).toEqual([]);
  });
});

const figures: readonly Figure[] = [
  { function: 'count' },
  { function: 'sum', attribute: 'amount' },
  { function: 'minimum', attribute: 'amount' },
  { function: 'maximum', attribute: 'date' },
  { function: 'countValues', attribute: 'date' },
];
const groupings: fc.Arbitrary<Grouping[]> = fc.uniqueArray(
  fc.constantFrom<Grouping>({ attribute: 'kind', year: false }, { attribute: 'date', year: true }, { attribute: 'source', year: false }),
  {
    selector: ({ attribute }) => attribute,
  },
);

const byGroup = (rows: readonly TotalsRow[]): TotalsRow[] => [...rows].sort((a, b) => compareText(identify(a.group), identify(b.group)));

describe('totals', () => {
  it('are those of all rows as one table', async () => {
    await fc.assert(
      fc.asyncProperty(sources(), conditions, groupings, async (all, where, groupBy) => {
        const { rows } = await bookOf(all.map((source) => declare(source))).total(where, groupBy, figures);
        expect(byGroup(rows)).toEqual(byGroup(totalRows(straight(all, []), { entity: '', where, groupBy, figures })));
      }),
      { numRuns: 150 },
    );
  });

  it('by key are those of the rows of each key', async () => {
    await fc.assert(
      fc.asyncProperty(sources(), bookKeys, conditions, groupings, async (all, keys, where, groupBy) => {
        const found = await bookOf(all.map((source) => declare(source))).totalByKey('tenantUscc', keys, where, groupBy, figures);
        for (const key of keys) {
          const own = straight(all, []).filter((held) => held.tenantUscc === key.value && (key.source === undefined || held.source === key.source));
          expect(byGroup(found.get(keyOf(key))?.rows ?? [])).toEqual(byGroup(totalRows(own, { entity: '', where, groupBy, figures })));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of a source are asked of it alone', async () => {
    const all = [
      memory('s0', [row('Loan', 's0', 'a', { amount: 1n })]),
      memory('s1', [row('Loan', 's1', 'a', { amount: 2n }), row('Investment', 's1', 'b', { amount: 3n })]),
    ];
    const found = await bookOf(all.map((source) => declare(source))).totalByKey(
      'source',
      [{ value: 's1' }],
      undefined,
      [],
      [{ function: 'sum', attribute: 'amount' }],
    );
    expect(found.get(keyOf({ value: 's1' }))?.rows).toEqual([{ group: [], figures: [5n] }]);
    expect(all[0]?.totalled).toEqual([]);
  });

  it('over nothing are nothing: a count of 0, and no sum', async () => {
    const { rows } = await bookOf([]).total(undefined, [], figures);
    expect(rows).toEqual([{ group: [], figures: [0, null, null, null, 0] }]);
    expect((await bookOf([]).total(undefined, [{ attribute: 'kind', year: false }], figures)).rows).toEqual([]);
  });

  it('keep sums beyond 2^53 exact', async () => {
    const most = 9_007_199_254_740_993n;
    const all = ['s0', 's1', 's2'].map((id) => memory(id, [row('Loan', id, 'a', { amount: most })]));
    const { rows } = await bookOf(all.map((source) => declare(source))).total(undefined, [], [{ function: 'sum', attribute: 'amount' }]);
    expect(rows).toEqual([{ group: [], figures: [most * 3n] }]);
  });

  it('refuse a distinct count over several parts, which their counts do not tell', async () => {
    const all = ['s0', 's1'].map((id) => memory(id, [row('Loan', id, 'a', { kind: 'CREDIT' })]));
    await expect(bookOf(all.map((source) => declare(source))).total(undefined, [], [{ function: 'countDistinct', attribute: 'kind' }])).rejects.toThrow(
      /distinct count over several parts/,
    );
  });
});

describe('a source that fails', () => {
  const good = memory('good', [row('Loan', 'good', 'a', { tenantUscc: 'T1', amount: 1n })]);
  const failing = (rows: Source['rows'], options: Partial<SourceDeclaration> = {}): SourceDeclaration => {
    const source = memory('poor', []);
    return declare(Object.assign(Object.create(source) as MemorySource, { id: 'poor', entities: ENTITIES, how: 'LIVE', rows, totals: rows }), options);
  };

  it.each([
    ['refuses', async () => Promise.reject(new SourceError('poor', 'REFUSED', 'The partner refused.')), 'REFUSED', 'The partner refused.'],
    [
      'throws what it should not',
      async () => Promise.reject(new Error('SELECT secret FROM dk_jj at /srv/book.db')),
      'REFUSED',
      'poor failed; the log has the cause.',
    ],
    [
      'throws at once',
      () => {
        throw new Error('SELECT secret at 10.0.0.1');
      },
      'REFUSED',
      'poor failed; the log has the cause.',
    ],
    ['never answers', () => new Promise<never>(() => undefined), 'TIMED_OUT', 'poor did not answer within 40 ms.'],
  ] as [string, Source['rows'], string, string][])('and %s costs its own rows, and is named', async (_how, rows, reason, message) => {
    const failures: SourceError[] = [];
    const book = bookOf([declare(good), failing(rows, { deadline: 40, breaker: { failures: 100, rest: 5_000 } })], failures);
    const reports = [
      { sourceId: 'good', state: 'LIVE', asOf: '2022-01-01T00:00:00.000Z', message: null },
      { sourceId: 'poor', state: 'UNAVAILABLE', asOf: null, message, failure: expect.objectContaining({ source: 'poor', reason, message }) },
    ];
    const page = await book.page(request([]));
    expect(page).toEqual({ rows: good.held, more: false, reports });
    expect(failures.map((failure) => [failure.source, failure.reason])).toEqual([
      ['poor', reason],
      ['poor', reason],
    ]);
    expect((await book.byKey('tenantUscc', [{ value: 'T1' }], request([]))).get(keyOf({ value: 'T1' }))).toEqual({ rows: good.held, more: false, reports });
    const totals = { rows: [{ group: [], figures: [1] }], reports };
    expect(await book.total(undefined, [], [{ function: 'count' }])).toEqual(totals);
    expect((await book.totalByKey('tenantUscc', [{ value: 'T1' }], undefined, [], [{ function: 'count' }])).get(keyOf({ value: 'T1' }))).toEqual(totals);
  });

  it('is not in the reports of keys that another source answers', async () => {
    const book = bookOf([declare(good), failing(async () => Promise.reject(new Error('x')))]);
    const keys: BookKey[] = [
      { value: 'T1', source: 'good' },
      { value: 'T1', source: 'poor' },
    ];
    const found = await book.byKey('tenantUscc', keys, request([]));
    expect(keys.map((key) => found.get(keyOf(key))?.reports.map(({ sourceId, state }) => [sourceId, state]))).toEqual([
      [['good', 'LIVE']],
      [['poor', 'UNAVAILABLE']],
    ]);
  });

  it('and cannot say as of when it speaks is unavailable, not fatal', async () => {
    const book = bookOf([
      declare(good),
      failing(async () => [], {
        open: async () =>
          Object.assign(memory('poor', []), {
            asOf: () => {
              throw new Error('no clock at /srv');
            },
          }),
      }),
    ]);
    expect((await book.page(request([]))).reports.map(({ sourceId, state }) => [sourceId, state])).toEqual([
      ['good', 'LIVE'],
      ['poor', 'UNAVAILABLE'],
    ]);
  });
});

it('tells keys of one value apart by their source and by their kind', () => {
  const keys: BookKey[] = [{ value: '1' }, { value: 1 }, { value: 1n }, { value: null }, { value: '1', source: 's' }, { value: 's' }];
  expect(new Set(keys.map(keyOf)).size).toBe(keys.length);
  expect(compareValues(1n, 2)).toBe(-1);
  expect(valueOf(row('Loan', 's', 'a'), 'absent')).toBeNull();
});
