import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, describe as suite } from 'vitest';
import { allDefinitions, definitionOf } from '../../src/entities/definition.js';
import { Loan } from '../../src/entities/index.js';
import { Book, type RowsRequest } from '../../src/sources/book.js';
import type { Parameter } from '../../src/sources/connectors/sql/binding.js';
import { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerDatabase } from '../../src/sources/connectors/sql/openDatabase.js';
import type { SqlDatabase } from '../../src/sources/connectors/sql/reader.js';
import { SourceRegistry } from '../../src/sources/registry.js';
import type { RowsAsk } from '../../src/sources/source.js';
import { hasServer, type RunningServer, type ServerKind, startServer } from '../helpers/databases.js';
import { declare } from './memorySource.js';
import { databaseIn, never, sqlSourceFile, uscc } from './sqlPartner.js';
import { READER, ServerDatabase, serverSourceFile } from './sqlServer.js';

/** Rows of the book: enough for a planner to prefer an index where one serves. */
const ROWS = 50_000;
/** A page, and what may be read beside it. */
const PAGE = 50;
const MOST_READ = 120;

const loans = {
  from: { table: 'dk' },
  columns: {
    number: 'bh',
    tenantUscc: 'xydm',
    productCode: { constant: 'P' },
    kind: { column: 'zl', values: { '10': 'CREDIT', '20': 'MORTGAGE' } },
    amount: 'je',
    balance: { constant: 1 },
    rate: { constant: 1 },
    date: 'rq',
    maturesOn: { constant: '2030-01-01' },
    classification: { constant: 'NORMAL' },
    status: { constant: 'ACTIVE' },
  },
};

const rows = Array.from({ length: ROWS }, (_, index) => {
  const day = new Date(Date.UTC(2015, 0, 1 + (index % 2_500))).toISOString().slice(0, 10);
  return [
    `JJ${String((index * 7_919) % ROWS).padStart(8, '0')}`,
    uscc(index % 4_000),
    index % 3 ? '10' : '20',
    String((index * 31) % 9_973),
    day,
    'x'.repeat(60),
  ];
});

const INDEXES = ['CREATE INDEX dk_rq ON dk (rq, bh)', 'CREATE INDEX dk_xydm ON dk (xydm)', 'CREATE INDEX dk_je ON dk (je, bh)'];

/** What a plan says of the reading of the table: by which index, and how many of its rows. */
interface Reading {
  readonly byIndex: boolean;
  readonly rows: number;
  readonly plan: string;
}

interface Planned {
  readonly name: string;
  readonly server?: ServerKind;
  /** The book, with its indexes. */
  fill(): Promise<{ database: SqlDatabase; close(): Promise<void> }>;
  reading(database: SqlDatabase, text: string, parameters: readonly Parameter[]): Promise<Reading>;
}

const databases: readonly Planned[] = [
  {
    name: 'SQLite',
    fill: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'parkhub-plans-'));
      const partner = databaseIn(folder, 'CREATE TABLE dk (bh TEXT PRIMARY KEY, xydm TEXT, zl TEXT, je NUMERIC, rq TEXT, bz TEXT)', ...INDEXES, 'BEGIN');
      partner.insert('dk', rows);
      partner.run('COMMIT');
      partner.run('ANALYZE');
      const file = { ...sqlSourceFile({ Loan: loans }), connection: { type: 'sqlite' as const, file: 'book.db' } };
      const database = await openPartnerDatabase(file, folder, () => '');
      return {
        database,
        close: async () => {
          await database.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
    // SQLite counts no rows in its plan: a search of an index without a sort ends with the limit.
    reading: async (database, text, parameters) => {
      const lines = (await database.query(`EXPLAIN QUERY PLAN ${text}`, parameters)).map((row) => String(row.detail));
      const ofTable = lines.filter((line) => /^(SEARCH|SCAN) dk/.test(line));
      const byIndex = ofTable.length === 1 && /^(SEARCH|SCAN) dk USING (COVERING )?INDEX/.test(ofTable[0] as string);
      // What equality finds is few, and may be sorted.
      const isOfOneKey = / \((xydm|rq|bh)=\?\)/.test(ofTable[0] ?? '');
      const sorts = lines.some((line) => line === 'USE TEMP B-TREE FOR ORDER BY') && !isOfOneKey;
      return { byIndex, rows: sorts ? ROWS : PAGE, plan: lines.join('\n') };
    },
  },
  {
    name: 'PostgreSQL',
    server: 'PostgreSQL',
    fill: () =>
      fillServer(
        'PostgreSQL',
        'CREATE TABLE dk (bh VARCHAR(40) PRIMARY KEY, xydm CHAR(18) NOT NULL, zl VARCHAR(2), je NUMERIC(20, 2) NOT NULL, rq DATE NOT NULL, bz VARCHAR(200))',
        'VACUUM ANALYZE dk',
      ),
    reading: async (database, text, parameters) => {
      const [row] = await database.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, parameters);
      const plan = String(row?.['QUERY PLAN']);
      const scans = nodesOf(JSON.parse(plan)).filter((node) => node['Relation Name'] === 'dk');
      const read = scans.reduce(
        (sum, node) => sum + (Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)) * Number(node['Actual Loops']),
        0,
      );
      return { byIndex: scans.length > 0 && scans.every((node) => /Index|Bitmap/.test(String(node['Node Type']))), rows: read, plan };
    },
  },
  {
    name: 'MariaDB',
    server: 'MariaDB',
    fill: () =>
      fillServer(
        'MariaDB',
        'CREATE TABLE dk (bh VARCHAR(40) PRIMARY KEY, xydm CHAR(18) NOT NULL, zl VARCHAR(2), je DECIMAL(20, 2) NOT NULL, rq DATE NOT NULL, bz VARCHAR(200))',
        'ANALYZE TABLE dk',
      ),
    reading: async (database, text, parameters) => {
      const [row] = await database.query(`ANALYZE FORMAT=JSON ${text}`, parameters);
      const plan = String(row?.ANALYZE);
      const scans = nodesOf(JSON.parse(plan)).filter((node) => node.table_name === 'dk');
      const read = scans.reduce((sum, node) => sum + Number(node.r_rows) * Number(node.r_loops), 0);
      return { byIndex: scans.length > 0 && scans.every((node) => node.access_type !== 'ALL'), rows: read, plan };
    },
  },
];

const running = new Map<ServerKind, RunningServer>();

async function fillServer(kind: ServerKind, table: string, last: string): Promise<{ database: SqlDatabase; close(): Promise<void> }> {
  const server = await startServer(kind);
  running.set(kind, server);
  const partner = await ServerDatabase.create(server);
  await partner.run(table, ...INDEXES);
  await partner.insert('dk', rows);
  await partner.run(last);
  const file = serverSourceFile(partner.connection, { Loan: loans }, { deadline: 60_000 });
  const database = await openPartnerDatabase(file, '/', () => READER.password);
  return { database, close: () => database.close() };
}

/** Every object in a plan. */
function nodesOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(nodesOf)];
}

const order = (attribute: string, descending = false) => [...new Set([attribute, 'key'])].map((name) => ({ attribute: name, descending, nullsFirst: false }));

const asks: readonly (readonly [string, Partial<RowsAsk>])[] = [
  ['the first page by key', { order: order('key'), limit: PAGE }],
  ['a page by key from a place in the middle', { order: order('key'), limit: PAGE, after: { values: ['JJ00010000'], inclusive: false } }],
  ['a page by key, backwards', { order: order('key', true), limit: PAGE, after: { values: ['JJ00010000'], inclusive: false } }],
  ['the first page by day', { order: order('date'), limit: PAGE }],
  ['a page by day from a place in the middle', { order: order('date'), limit: PAGE, after: { values: ['2018-06-15', 'JJ00003000'], inclusive: false } }],
  ['a page by day from a place of another book’s', { order: order('date'), limit: PAGE, after: { values: ['2018-06-15'], inclusive: true } }],
  ['the last page by day', { order: order('date', true), limit: PAGE }],
  ['a page by day, backwards', { order: order('date', true), limit: PAGE, after: { values: ['2018-06-15', 'JJ00003000'], inclusive: false } }],
  ['a page by amount', { order: order('amount'), limit: PAGE, after: { values: [500_000n, 'JJ00003000'], inclusive: false } }],
  ['the rows of some keys', { order: order('key'), keys: { attribute: 'number', values: ['JJ00000001', 'JJ00000500', 'JJ00007777'] } }],
  ['the rows of some tenants, two each', { order: order('date', true), keys: { attribute: 'tenantUscc', values: [uscc(1), uscc(77), uscc(1_234)] }, limit: 2 }],
  ['the rows of one tenant', { order: order('key'), where: { attribute: 'tenantUscc', is: 'eq', value: uscc(9) }, limit: PAGE }],
  ['a day', { order: order('key'), where: { attribute: 'date', is: 'eq', value: '2018-06-15' }, limit: PAGE }],
];

const by = (attribute: string, descending: boolean) => [{ attribute, descending, nullsFirst: false }];

const pages: readonly (readonly [string, Partial<RowsRequest>])[] = [
  ['by key', {}],
  ['by key, backwards', { backwards: true }],
  ['by day, oldest first', { order: by('date', false) }],
  ['by day, newest first', { order: by('date', true) }],
  ['by day, newest first, backwards', { order: by('date', true), backwards: true }],
  ['by amount, greatest first', { order: by('amount', true) }],
  ['by amount, least first, backwards', { order: by('amount', false), backwards: true }],
];

suite.each(databases)('the plan of $name for', ({ server, fill, reading }) => {
  const isThere = server === undefined || hasServer(server);
  const own = isThere ? it : it.skip;
  let database: SqlDatabase;
  let close: () => Promise<void>;
  let source: LiveSqlSource;
  const asked: { text: string; parameters: readonly Parameter[] }[] = [];

  beforeAll(async () => {
    if (!isThere) return;
    ({ database, close } = await fill());
    source = new LiveSqlSource({
      file: { ...sqlSourceFile({ Loan: loans }), deadline: 60_000 },
      definitions: new Map(allDefinitions().map((definition) => [definition.name, definition])),
      database: {
        ...database,
        query: (text, parameters, signal) => {
          asked.push({ text, parameters });
          return database.query(text, parameters, signal);
        },
      },
      clock: () => new Date('2022-01-01T00:00:00Z'),
    });
    await source.survey(never());
  }, 120_000);
  afterAll(async () => {
    await close?.();
    if (server) await running.get(server)?.remove();
  });

  own.each(asks)('%s is one reading of an index, of no more rows than are wanted', async (_name, ask) => {
    asked.length = 0;
    const found = await source.rows({ entity: 'Loan', attributes: ['number', 'tenantUscc', 'amount', 'date', 'kind'], order: order('key'), ...ask }, never());
    expect(found.length).toBeGreaterThan(0);
    expect(asked).toHaveLength(1);
    const { text, parameters } = asked[0] as (typeof asked)[number];
    const read = await reading(database, text, parameters);
    expect(read.byIndex, `${text}\n${read.plan}`).toBe(true);
    expect(read.rows, `${text}\n${read.plan}`).toBeLessThanOrEqual(MOST_READ);
  });

  own.each(pages)('a book’s page %s is one reading of an index too', async (_name, request) => {
    const book = new Book([definitionOf(Loan)], new SourceRegistry([declare(source, { deadline: 60_000 })], () => new Date()), () => undefined);
    const whole = { order: [], attributes: new Map([['Loan', ['number', 'amount', 'date']]]), limit: PAGE, ...request };
    const first = await book.page(whole);
    // The next page begins at a row, and at the place of another book's row.
    const at = book.positionOf((whole.backwards ? first.rows[0] : first.rows.at(-1)) as (typeof first.rows)[number], whole.order);
    for (const after of [undefined, at, ...(whole.order.length > 0 ? [{ ...at, part: 'Loan/another' }] : [])]) {
      asked.length = 0;
      expect((await book.page({ ...whole, after })).rows).toHaveLength(PAGE);
      expect(asked).toHaveLength(1);
      const { text, parameters } = asked[0] as (typeof asked)[number];
      const read = await reading(database, text, parameters);
      expect(read.byIndex, `${text}\n${read.plan}`).toBe(true);
      // Rows that tie with the place are read beside those that are wanted.
      expect(read.rows, `${text}\n${read.plan}`).toBeLessThanOrEqual(MOST_READ);
    }
  });
});
