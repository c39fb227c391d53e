/** Databases that must answer as the reference does: partners' own, copied ones, and the hub's store. */
import type { BookMapping } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { openPartnerSqlite } from '../../src/sources/connectors/sql/partnerSqlite.js';
import { LastGoodCopy } from '../../src/sources/lastGoodCopy.js';
import type { RawValue } from '../../src/sources/raw.js';
import type { Answering, Source } from '../../src/sources/source.js';
import { sqlFeed } from '../../src/sources/sqlFeed.js';
import { hasServer, type RunningServer, type ServerKind, startServer } from '../helpers/databases.js';
import type { ConformingSource } from './conformance.js';
import { MemoryFeed, mirroredSource, newStore } from './memoryFeed.js';
import { mainColumns, type PartnerBook, type PartnerRows } from './partnerBooks.js';
import { liveSource, never, type PartnerDatabase, partnerDatabase, sqlSourceFile } from './sqlPartner.js';
import { openHubDatabase, ServerDatabase, serverSource, serverSourceFile } from './sqlServer.js';

const definitions = new Map(allDefinitions().map((definition) => [definition.name, definition]));

/** The hub's own store, and partners' SQLite files. */
export const sqliteSources: readonly ConformingSource[] = [
  { name: 'a partner’s SQLite', covers: ['sql live sqlite'], open: async (book, rows) => openLive(book, makeSqlite(book, rows)) },
  { name: 'a partner’s SQLite that hands have written in', covers: [], open: async (book, rows) => openLive(book, makeSqlite(book, rows, untidy)) },
  { name: 'a copy of a partner’s SQLite', covers: ['sql mirrored sqlite'], open: openCopy },
  { name: 'the store', covers: ['the store'], open: openMirror },
  { name: 'a last good copy', covers: ['a last good copy'], open: openLastGoodCopy },
];

/** Partners' database servers. */
export const serverSources: readonly ConformingSource[] = (
  [
    ['PostgreSQL', 'postgres'],
    ['MariaDB', 'mariadb'],
  ] as const
)
  .flatMap(([server, type]): ConformingSource[] => [
    { name: `a partner’s ${server}`, covers: [`sql live ${type}`], server, open: (book, rows) => openServer(server, book, rows, TYPES[server]) },
    {
      name: `a copy of a partner’s ${server}`,
      covers: [`sql mirrored ${type}`],
      server,
      open: (book, rows) => openServerCopy(server, book, rows, TYPES[server]),
    },
    {
      name: `a partner’s ${server} that is read in pieces`,
      covers: [],
      server,
      open: (book, rows) => openServer(server, book, rows, TYPES[server], { piece: 3 }),
    },
    { name: `a partner’s ${server} of other types`, covers: [], server, open: (book, rows) => openServer(server, book, rows, OTHER_TYPES[server]) },
    {
      name: `a partner’s ${server} of texts that hands have written in`,
      covers: [],
      server,
      open: (book, rows) => openServer(server, book, rows, {}, { piece: 7, written: untidy }),
    },
  ])
  .concat(
    {
      name: 'a partner’s MariaDB that is said to be MySQL',
      covers: ['sql live mysql'],
      server: 'MariaDB',
      open: (book, rows) => openServer('MariaDB', book, rows, TYPES.MariaDB, { connection: { type: 'mysql' } }),
    },
    {
      name: 'a copy of a partner’s MariaDB that is said to be MySQL',
      covers: ['sql mirrored mysql'],
      server: 'MariaDB',
      open: (book, rows) => openServerCopy('MariaDB', book, rows, TYPES.MariaDB, { type: 'mysql' }),
    },
  );

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

/** A partner's database file that holds the rows. */
function makeSqlite(book: PartnerBook, rows: PartnerRows, written: Written = (cell) => cell): PartnerDatabase {
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
  return database;
}

type Written = (cell: RawValue, column: string, index: number) => RawValue;
const booksOf = (book: PartnerBook): Record<string, BookMapping> => ({ [book.definition.name]: book.mapping });

async function openLive(book: PartnerBook, database: PartnerDatabase): Promise<Source> {
  return (await liveSource(database, booksOf(book))).source;
}

async function openCopy(book: PartnerBook, rows: PartnerRows): Promise<Source> {
  const { file } = makeSqlite(book, rows);
  const feed = sqlFeed({ ...FEED, file: sqlSourceFile(booksOf(book)), openDatabase: () => openPartnerSqlite('icbc', file) });
  return mirroredSource(feed, await newStore()).source;
}

const FEED = { definitions, version: '1', clock: () => new Date('2022-01-01T00:00:00Z'), onStatement: () => undefined };

/** The copy of a live source that answers while the source is down. */
async function openLastGoodCopy(book: PartnerBook, rows: PartnerRows): Promise<Source> {
  const source = await openLive(book, makeSqlite(book, rows));
  const last = new LastGoodCopy({ id: 'icbc', definitions: [book.definition], store: await newStore(), clock: FEED.clock, form: '1' });
  await last.take(source, never());
  const copyOf = async (entity: string): Promise<Answering> => {
    const copy = await last.of(entity);
    if (!copy) throw new Error(`Expected a last good copy of ${entity}, but got: none.`);
    return copy;
  };
  const { asOf } = await copyOf(book.definition.name);
  return {
    id: source.id,
    entities: source.entities,
    how: source.how,
    asOf,
    rows: async (ask, signal) => (await copyOf(ask.entity)).rows(ask, signal),
    totals: async (ask, signal) => (await copyOf(ask.entity)).totals(ask, signal),
    survey: source.survey.bind(source),
    sample: source.sample.bind(source),
    close: source.close.bind(source),
  };
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

interface ServerOptions {
  readonly piece?: number;
  readonly written?: Written;
  readonly connection?: Record<string, unknown>;
}

async function openServer(kind: ServerKind, book: PartnerBook, rows: PartnerRows, types: Types, options: ServerOptions = {}): Promise<Source> {
  return (await serverSource(await fillServer(kind, book, rows, types, options.written), booksOf(book), options)).source;
}

async function openServerCopy(kind: ServerKind, book: PartnerBook, rows: PartnerRows, types: Types, connection: object = {}): Promise<Source> {
  const database = await fillServer(kind, book, rows, types);
  const file = serverSourceFile({ ...database.connection, ...connection }, booksOf(book), { deadline: 30_000 });
  return mirroredSource(sqlFeed({ ...FEED, file, openDatabase: () => openHubDatabase(file) }), await newStore()).source;
}

/** The server's one database, with the rows. */
async function fillServer(kind: ServerKind, book: PartnerBook, rows: PartnerRows, types: Types, written?: Written): Promise<ServerDatabase> {
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
    rows.main.map(({ cells }, index) => columns.map(({ name, type }) => taken(written?.(cells[name], name, index) ?? cells[name], name, type))),
  );
  await database.insert('kh', rows.joined);
  return database;
}

/** Stops the servers that were started. For afterAll. */
export async function stopServers(): Promise<void> {
  for (const { server } of running.values()) await server.remove();
}

/** Starts a server unless it runs, or this machine has none. For beforeAll. */
export async function startOnce(kind: ServerKind): Promise<void> {
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
