/**
 * The contract of a source, as one suite: the same rows in, the same answers out, whatever connector, database, format,
 * encoding or paging they come by. A harness (conformingSql.ts, conformingFiles.ts, conformingHttp.ts) puts a partner's rows
 * where its source finds them; here is what every source must do with them. conformance.test.ts sees to it that no way in
 * which a source.yml can name a source is without a harness.
 */
import fc from 'fast-check';
import { beforeAll, expect, it, describe as suite } from 'vitest';
import type { Value } from '../../src/entities/kinds.js';
import { identify, selectRows, totalRows } from '../../src/sources/evaluate.js';
import type { OrderTerm, Row, RowsAsk, Source, TotalsRow } from '../../src/sources/source.js';
import { compareText } from '../../src/values/text.js';
import { hasServer, type ServerKind } from '../helpers/databases.js';
import { startOnce } from './conformingSql.js';
import { type PartnerBook, type PartnerRows, partnerBooks, partnerRows, rowsAsks, totalsAsks } from './partnerBooks.js';
import { never } from './sqlPartner.js';

/** A source that must answer as the reference does. */
export interface ConformingSource {
  readonly name: string;
  /** Which of the ways in which a source.yml can name a source it stands for: see conformance.test.ts. */
  readonly covers: readonly string[];
  /** The server that it wants, where it wants one. */
  readonly server?: ServerKind;
  /** A source named icbc over the partner's rows. */
  open(book: PartnerBook, rows: PartnerRows): Promise<Source>;
}

/** A property that fails takes a while to find its least example. */
const PATIENCE = { timeout: 120_000 };

/** The rows that the book is, as the reference holds them. */
function referenceRows(book: PartnerBook, rows: PartnerRows): Row[] {
  return rows.main.flatMap(({ row }) =>
    row ? [{ ...row, entity: book.definition.name, source: 'icbc', key: row[book.definition.key as string] } as unknown as Row] : [],
  );
}

function shown(row: Row, attributes: readonly string[]): Record<string, Value> {
  return Object.fromEntries(['entity', 'source', 'key', ...attributes].map((name) => [name, row[name] as Value]));
}

/** With keys the rows of each key are in order; the keys themselves come as the source likes. */
function byKey(rows: readonly Row[], attribute: string | undefined): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = attribute === undefined ? '' : identify([row[attribute] ?? null]);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b));
}

const byGroup = (rows: readonly TotalsRow[]): TotalsRow[] => [...rows].sort((a, b) => compareText(identify(a.group), identify(b.group)));
const text = (ask: unknown): string => JSON.stringify(ask, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value));
const KEY: OrderTerm = { attribute: 'key', descending: false, nullsFirst: false };

/** The rows of an order, page after page from its start. */
async function walk(source: Source, ask: RowsAsk, size: number): Promise<string[]> {
  const keys: string[] = [];
  for (let after: RowsAsk['after']; ; ) {
    const page = await source.rows({ ...ask, after, limit: size }, never());
    keys.push(...page.map(({ key }) => key));
    const last = page.at(-1);
    if (!last || page.length < size) return keys;
    after = { values: ask.order.map(({ attribute }) => last[attribute] as Value), inclusive: false };
  }
}

/**
 * Runs the suite on the sources.
 *
 * @param runs made of each property, on a source without a server; a server takes a while to make its tables anew
 */
export function conform(sources: readonly ConformingSource[], runs = 12): void {
  suite.each(sources)('$name', ({ open, server }) => {
    if (server) beforeAll(() => startOnce(server));
    const times = (numRuns: number) => (server ? { numRuns: Math.ceil(numRuns / 3), endOnFailure: true } : { numRuns, endOnFailure: true });
    const describe = server && !hasServer(server) ? suite.skip : suite;

    describe.each(partnerBooks.map((book) => ({ name: book.definition.plural, book })))('of $name', ({ book }) => {
      const attributes = [...book.definition.attributes.keys()];

      it('gives the rows of every ask that the reference gives, in the same order', PATIENCE, async () => {
        let answered = 0;
        await fc.assert(
          fc.asyncProperty(partnerRows(book), fc.array(rowsAsks(book), { minLength: 15, maxLength: 30, size: 'max' }), async (rows, asks) => {
            const source = await open(book, rows);
            const reference = referenceRows(book, rows);
            // Random conditions may leave nothing in a run: the first ask has none.
            const everything: RowsAsk = { entity: book.definition.name, attributes, order: [KEY] };
            for (const ask of [everything, ...asks]) {
              const wanted = [...new Set([...ask.attributes, ...(ask.keys ? [ask.keys.attribute] : [])])];
              const found = await source.rows({ ...ask, attributes: wanted }, never());
              const expected = selectRows(reference, ask);
              answered += expected.length;
              const compared = (own: readonly Row[]) => byKey(own, ask.keys?.attribute).map(([key, group]) => [key, group.map((row) => shown(row, wanted))]);
              expect(compared(found), text(ask)).toEqual(compared(expected));
            }
            await source.close();
          }),
          times(runs),
        );
        expect(answered).toBeGreaterThan(0);
      });

      it('gives the totals of every ask that the reference gives', PATIENCE, async () => {
        let answered = 0;
        await fc.assert(
          fc.asyncProperty(partnerRows(book), fc.array(totalsAsks(book), { minLength: 15, maxLength: 30, size: 'max' }), async (rows, asks) => {
            const source = await open(book, rows);
            const reference = referenceRows(book, rows);
            for (const ask of asks) {
              const expected = totalRows(reference, ask);
              answered += expected.length;
              expect(byGroup(await source.totals(ask, never())), text(ask)).toEqual(byGroup(expected));
            }
            await source.close();
          }),
          times(runs),
        );
        expect(answered).toBeGreaterThan(0);
      });

      it('gives every row once, page after page, and the same the other way round', PATIENCE, async () => {
        const orders = fc.record({ attribute: fc.constantFrom(...attributes), descending: fc.boolean(), nullsFirst: fc.boolean() });
        await fc.assert(
          fc.asyncProperty(partnerRows(book), orders, fc.integer({ min: 1, max: 7 }), async (rows, term, size) => {
            const source = await open(book, rows);
            const order = [term, KEY];
            const ask = { entity: book.definition.name, attributes: [term.attribute], order };
            const expected = selectRows(referenceRows(book, rows), ask).map(({ key }) => key);
            expect(await walk(source, ask, size)).toEqual(expected);
            const reversed = order.map(({ attribute, descending, nullsFirst }) => ({ attribute, descending: !descending, nullsFirst: !nullsFirst }));
            expect(await walk(source, { ...ask, order: reversed }, size)).toEqual([...expected].reverse());
            await source.close();
          }),
          times(Math.ceil(runs / 2)),
        );
      });

      it('tells the rows of the book from those that are set aside, and leaves out those of none', PATIENCE, async () => {
        await fc.assert(
          fc.asyncProperty(partnerRows(book), async (rows) => {
            const source = await open(book, rows);
            const kept = rows.main.filter(({ filtered }) => !filtered).length;
            const accepted = referenceRows(book, rows).length;
            const [survey] = await source.survey(never());
            expect(survey).toMatchObject({ entity: book.definition.name, read: kept, accepted });
            expect(survey?.setAside).toHaveLength(kept - accepted);
            for (const { entity, place, reason } of survey?.setAside ?? []) {
              expect(entity).toBe(book.definition.name);
              expect(place).not.toBe('');
              expect(reason).toMatch(/expected .+, but got: /);
            }
            await source.close();
          }),
          times(Math.ceil(runs / 2)),
        );
      });

      it('shows a sample: raw rows beside what became of them', PATIENCE, async () => {
        await fc.assert(
          fc.asyncProperty(partnerRows(book), async (rows) => {
            const source = await open(book, rows);
            const kept = rows.main.filter(({ filtered }) => !filtered).length;
            const reference = new Map(referenceRows(book, rows).map((row) => [row.key, row]));
            const sample = await source.sample(book.definition.name, 5, never());
            expect(sample).toHaveLength(Math.min(5, kept));
            for (const { raw, row } of sample) {
              expect(Object.keys(raw).length).toBeGreaterThan(0);
              if ('reason' in row) expect(row.reason).toMatch(/expected/);
              else expect(shown(row, attributes)).toEqual(shown(reference.get(row.key) as Row, attributes));
            }
            await source.close();
          }),
          times(Math.ceil(runs / 4)),
        );
      });

      it('says where its rows are from and as of when; is not asked by who has gone, and answers the next; is closed, twice too', PATIENCE, async () => {
        const [rows] = fc.sample(
          partnerRows(book).filter(({ main }) => main.some(({ row }) => row)),
          { numRuns: 1, seed: 1 },
        ) as [PartnerRows];
        const source = await open(book, rows);
        const ask = { entity: book.definition.name, attributes, order: [KEY] };
        const gone = new AbortController();
        const left = Promise.allSettled([
          source.rows(ask, gone.signal),
          source.totals({ entity: ask.entity, groupBy: [], figures: [{ function: 'count' }] }, gone.signal),
        ]);
        gone.abort();
        await left;
        const found = await source.rows(ask, never());
        expect(found.map(({ key }) => key)).toEqual(selectRows(referenceRows(book, rows), ask).map(({ key }) => key));
        for (const row of found) expect(row).toMatchObject({ entity: ask.entity, source: 'icbc', asOf: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
        expect([...source.entities]).toEqual([ask.entity]);
        await expect(source.rows({ ...ask, entity: 'Nothing' }, never())).rejects.toThrow();
        await source.close();
        await source.close();
      });
    });
  });
}
