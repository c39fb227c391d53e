import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, describe as suite } from 'vitest';
import type { Value } from '../../src/entities/kinds.js';
import { identify, selectRows, totalRows } from '../../src/sources/evaluate.js';
import type { RawValue } from '../../src/sources/raw.js';
import type { Row, Source, TotalsRow } from '../../src/sources/source.js';
import { compareText } from '../../src/values/text.js';
import { hasServer, type RunningServer, type ServerKind, startServer } from '../helpers/databases.js';
import { mainColumns, type PartnerBook, type PartnerRows, partnerBooks, partnerRows, rowsAsks, totalsAsks } from './conformance.js';
import { MemoryFeed, mirroredSource, newStore } from './memoryFeed.js';
import { liveSource, never, partnerDatabase } from './sqlPartner.js';
import { ServerDatabase, serverSource } from './sqlServer.js';

/** A property that fails takes a while to find its least example. */
const PATIENCE = { timeout: 120_000 };

/** A source that must answer as the reference does. Another database is another line of the table. */
interface ConformingSource {
  readonly name: string;
  /** The server that it wants, where it wants one. */
  readonly server?: ServerKind;
  open(book: PartnerBook, rows: PartnerRows): Promise<Source>;
}

const sources: readonly ConformingSource[] = [
  { name: 'a partner’s SQLite', open: (book, rows) => openSqlite(book, rows, (cell) => cell) },
  { name: 'a partner’s SQLite that hands have written in', open: (book, rows) => openSqlite(book, rows, untidy) },
  { name: 'the store', open: openMirror },
  ...(['PostgreSQL', 'MariaDB'] as const).flatMap((server): ConformingSource[] => [
    { name: `a partner’s ${server}`, server, open: (book, rows) => openServer(server, book, rows, TYPES[server]) },
    { name: `a partner’s ${server} that is read in pieces`, server, open: (book, rows) => openServer(server, book, rows, TYPES[server], { piece: 3 }) },
    { name: `a partner’s ${server} of other types`, server, open: (book, rows) => openServer(server, book, rows, OTHER_TYPES[server]) },
    {
      name: `a partner’s ${server} of texts that hands have written in`,
      server,
      open: (book, rows) => openServer(server, book, rows, {}, { piece: 7, written: untidy }),
    },
  ]),
];

/** The types of a server for those of SQLite, and of columns by their name. Everything else is a text. */
type Types = Readonly<Record<string, string>>;

const TYPES: Readonly<Record<ServerKind, Types>> = {
  PostgreSQL: {
    NUMERIC: 'numeric',
    INTEGER: 'integer',
    BIGINT: 'bigint',
    REAL: 'double precision',
    day: 'date',
    '': 'varchar(10)',
    成立: 'date',
    入驻: 'date',
    bh: 'varchar(60) PRIMARY KEY',
  },
  MariaDB: {
    NUMERIC: 'DECIMAL(30, 6)',
    INTEGER: 'INT',
    BIGINT: 'BIGINT',
    REAL: 'DOUBLE',
    day: 'DATE',
    '': 'VARCHAR(10)',
    成立: 'DATE',
    入驻: 'DATE',
    bh: 'VARCHAR(60)',
  },
};

const OTHER_TYPES: Readonly<Record<ServerKind, Types>> = {
  PostgreSQL: {
    NUMERIC: 'numeric(30, 6)',
    INTEGER: 'numeric(8)',
    BIGINT: 'numeric(20)',
    REAL: 'real',
    day: 'timestamp',
    '': 'char(4)',
    成立: 'timestamptz',
    入驻: 'timestamp',
    bh: 'text COLLATE "C"',
    state: 'state',
    credit_code: 'char(18)',
    xydm: 'char(18)',
    cp: 'text COLLATE "zh-x-icu"',
    zl: 'smallint',
    je: 'double precision',
    行业: 'nocase',
  },
  MariaDB: {
    NUMERIC: 'DECIMAL(30, 6)',
    INTEGER: 'DECIMAL(8)',
    BIGINT: 'DECIMAL(20)',
    REAL: 'FLOAT',
    day: 'DATETIME',
    '': 'CHAR(4)',
    成立: 'DATETIME',
    入驻: 'TIMESTAMP NULL',
    bh: 'VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    state: "ENUM ('PARTLY_EXITED', 'HELD', 'EXITED', 'WRITTEN_OFF')",
    credit_code: 'CHAR(18) CHARACTER SET ascii',
    xydm: 'CHAR(18) CHARACTER SET latin1',
    cp: 'VARCHAR(60) CHARACTER SET gbk',
    zl: 'TINYINT',
    je: 'DOUBLE',
    行业: 'VARCHAR(3) COLLATE utf8mb4_unicode_ci',
  },
};

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

const running = new Map<ServerKind, { readonly server: RunningServer; readonly database: ServerDatabase }>();

async function openServer(
  kind: ServerKind,
  book: PartnerBook,
  rows: PartnerRows,
  types: Types,
  options: { piece?: number; written?: typeof untidy } = {},
): Promise<Source> {
  const { database } = running.get(kind) as { database: ServerDatabase };
  const columns = mainColumns(book);
  const { table } = book.mapping.from as { table: string };
  const text = kind === 'PostgreSQL' ? 'text' : 'VARCHAR(200)';
  const typeOf = (name: string, type: string): string => types[name] ?? types[type] ?? text;
  await database.run(
    `DROP TABLE IF EXISTS ${database.quote(table)}, kh`,
    `CREATE TABLE ${database.quote(table)} (${columns.map(({ name, type }) => `${database.quote(name)} ${typeOf(name, type)}`).join(', ')})`,
    `CREATE TABLE kh (khh ${text}, xydm ${typeOf('xydm', 'TEXT')})`,
  );
  // A cell that the type does not take is empty instead: the row is set aside all the same.
  const taken = (cell: RawValue, name: string, type: string): RawValue =>
    /text|char|nocase/i.test(typeOf(name, type)) || !/^[约?-]$|^约/.test(String(cell)) ? cell : null;
  await database.insert(
    table,
    rows.main.map(({ cells }, index) => columns.map(({ name, type }) => taken(options.written?.(cells[name], name, index) ?? cells[name], name, type))),
  );
  await database.insert('kh', rows.joined);
  return (await serverSource(database, { [book.definition.name]: book.mapping }, options)).source;
}

async function startOnce(kind: ServerKind): Promise<void> {
  if (!hasServer(kind) || running.has(kind)) return;
  const server = await startServer(kind);
  const database = await ServerDatabase.create(server);
  running.set(kind, { server, database });
  if (kind === 'PostgreSQL')
    await database.run(
      "CREATE TYPE state AS ENUM ('PARTLY_EXITED', 'HELD', 'EXITED', 'WRITTEN_OFF')",
      "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
      'CREATE DOMAIN nocase AS text COLLATE any_case',
    );
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

suite.each(sources)('$name', ({ open, server }) => {
  if (server) beforeAll(() => startOnce(server));
  // A server takes a while to make its tables anew: fewer runs, and the first example that fails is good enough.
  const runs = (numRuns: number) => (server ? { numRuns: Math.ceil(numRuns / 3), endOnFailure: true } : { numRuns });
  const describe = server && !hasServer(server) ? suite.skip : suite;

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
        runs(12),
      );
      expect(answered).toBeGreaterThan(server ? 0 : 100);
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
        runs(12),
      );
      expect(answered).toBeGreaterThan(server ? 0 : 100);
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
        runs(6),
      );
    });
  });
});

afterAll(async () => {
  for (const { server } of running.values()) await server.remove();
});
