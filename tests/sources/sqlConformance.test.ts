import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/entities/kinds.js';
import { identify, selectRows, totalRows } from '../../src/sources/evaluate.js';
import type { RawValue } from '../../src/sources/raw.js';
import type { Row, Source, TotalsRow } from '../../src/sources/source.js';
import { compareText } from '../../src/values/text.js';
import { mainColumns, type PartnerBook, type PartnerRows, partnerBooks, partnerRows, rowsAsks, totalsAsks } from './conformance.js';
import { MemoryFeed, mirroredSource, newStore } from './memoryFeed.js';
import { liveSource, never, partnerDatabase } from './sqlPartner.js';

/** A property that fails takes a while to find its least example. */
const PATIENCE = { timeout: 120_000 };

/** A source that must answer as the reference does. Another database is another line of the table. */
interface ConformingSource {
  readonly name: string;
  open(book: PartnerBook, rows: PartnerRows): Promise<Source>;
}

const sources: readonly ConformingSource[] = [
  { name: 'a partner’s SQLite', open: (book, rows) => openSqlite(book, rows, (cell) => cell) },
  { name: 'a partner’s SQLite that hands have written in', open: (book, rows) => openSqlite(book, rows, untidy) },
  { name: 'the store', open: openMirror },
];

const quote = (name: string): string => `"${name}"`;

async function openSqlite(book: PartnerBook, rows: PartnerRows, written: (cell: RawValue, column: string, index: number) => RawValue): Promise<Source> {
  const columns = mainColumns(book);
  const { table } = book.mapping.from as { table: string };
  const database = partnerDatabase(
    `CREATE TABLE ${quote(table)} (${columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')})`,
    'CREATE TABLE kh (khh TEXT, xydm TEXT)',
    'BEGIN',
  );
  database.insert(
    table,
    rows.main.map(({ cells }, index) => columns.map(({ name }) => written(cells[name], name, index))),
  );
  database.insert('kh', rows.joined);
  database.run('COMMIT');
  return (await liveSource(database, { [book.definition.name]: book.mapping })).source;
}

/** As hands write: blanks, days with one digit, small letters, separators. Each means what it meant. */
function untidy(cell: RawValue, column: string, index: number): RawValue {
  if (typeof cell !== 'string' || index % 3 !== 0 || column === 'scbz' || column === 'khh') return cell;
  if (/^\d{4}\/\d\d\/\d\d$/.test(cell)) return cell.replaceAll('/0', '/');
  if (/^91410771MA/.test(cell)) return cell.toLowerCase();
  if (column === 'je') return cell.replace(/^\d{4,}/, (whole) => whole.replace(/(\d)(?=(\d{3})+$)/g, '$1,'));
  return column === 'bh' || column === '名称' || column === 'cp' ? ` ${cell} ` : cell;
}

async function openMirror(book: PartnerBook, rows: PartnerRows): Promise<Source> {
  const kept = rows.main.filter(({ filtered }) => !filtered);
  const records = kept.map(({ cells }, index) => ({
    place: `line ${index + 2}`,
    cells: { ...cells, ...(book.mapping.joins ? { 'k.xydm': rows.joined.find(([key]) => key === cells.khh)?.[1] } : {}) },
  }));
  return mirroredSource(new MemoryFeed('icbc', [{ definition: book.definition, mapping: book.mapping, records }]), await newStore()).source;
}

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

describe.each(sources)('$name', ({ open }) => {
  describe.each(partnerBooks.map((book) => ({ name: book.definition.plural, book })))('of $name', ({ book }) => {
    it('gives the rows of every ask that the reference gives, in the same order', PATIENCE, async () => {
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(partnerRows(book), fc.array(rowsAsks(book), { minLength: 15, maxLength: 30, size: 'max' }), async (rows, asks) => {
          const source = await open(book, rows);
          const reference = referenceRows(book, rows);
          for (const ask of asks) {
            const attributes = [...new Set([...ask.attributes, ...(ask.keys ? [ask.keys.attribute] : [])])];
            const found = await source.rows({ ...ask, attributes }, never());
            const expected = selectRows(reference, ask);
            answered += expected.length;
            const compared = (own: readonly Row[]) => byKey(own, ask.keys?.attribute).map(([key, group]) => [key, group.map((row) => shown(row, attributes))]);
            expect(
              compared(found),
              JSON.stringify(ask, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value)),
            ).toEqual(compared(expected));
          }
          await source.close();
        }),
        { numRuns: 12 },
      );
      expect(answered).toBeGreaterThan(100);
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
            expect(
              byGroup(await source.totals(ask, never())),
              JSON.stringify(ask, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value)),
            ).toEqual(byGroup(expected));
          }
          await source.close();
        }),
        { numRuns: 12 },
      );
      expect(answered).toBeGreaterThan(100);
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
          await source.close();
        }),
        { numRuns: 6 },
      );
    });
  });
});
