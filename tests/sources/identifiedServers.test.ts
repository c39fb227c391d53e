/** Books of companies that are named by registration number and name, in every database, live. */
import { afterAll, beforeAll, expect, it, onTestFinished, describe as suite } from 'vitest';
import { type SqlSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import '../../src/entities/index.js';
import { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerSqlite } from '../../src/sources/connectors/sql/partnerSqlite.js';
import type { SqlDatabase } from '../../src/sources/connectors/sql/reader.js';
import { type Designation, designated, designationText, identifiedBooks, withDesignations } from '../../src/sources/identity/designation.js';
import { identified } from '../../src/sources/identity/identified.js';
import type { Statement } from '../../src/sources/source.js';
import { hasServer, type RunningServer, startServer } from '../helpers/databases.js';
import { databaseIn, loansAsk, loanTotals, never, temporaryFolder, uscc } from './sqlPartner.js';
import { openHubDatabase, ServerDatabase, serverSourceFile } from './sqlServer.js';

const books = {
  Loan: {
    from: { table: 'dk' },
    columns: {
      number: 'bh',
      tenantUscc: { identify: { name: 'mc', registrationNumber: 'zch' } },
      kind: { constant: 'CREDIT' },
      amount: 'je',
      balance: { constant: 1 },
      rate: { constant: 1 },
      date: { constant: '2021-03-05' },
      maturesOn: { constant: '2030-01-01' },
      classification: { constant: 'NORMAL' },
      status: { constant: 'ACTIVE' },
    },
  },
};

type Cells = readonly [number: string, name: string | null, registration: string | null, amount: number];

const ROWS: readonly Cells[] = [
  ['A', '百都', '410771000000018', 1],
  ['B', '百都', '410771000000018', 2],
  ['C', '百都', null, 4],
  ['D', null, '410771000000018', 8],
  ['E', null, null, 16],
  ['F', "O'百都\\", '1', 32],
  ['G', '百都-1', '4', 64],
];

/** What each is said to be; E names nobody, and of G nobody has said anything. */
const ALIASES: readonly (readonly [Designation, string])[] = [
  [{ name: '百都', registrationNumber: '410771000000018' }, uscc(1)],
  [{ name: '百都', registrationNumber: null }, uscc(2)],
  [{ name: null, registrationNumber: '410771000000018' }, uscc(1)],
  [{ name: "O'百都\\", registrationNumber: '1' }, uscc(3)],
];

const FIRST = { attribute: 'amount', descending: true, nullsFirst: false };
const KEY = { attribute: 'key', descending: false, nullsFirst: false };

/** A live source over the database, asked in USCCs. */
async function liveBook(file: SqlSourceFile, database: SqlDatabase) {
  const statements: Statement[] = [];
  const attributes = identifiedBooks(file).get('Loan');
  const source = new LiveSqlSource({
    file: withDesignations(file),
    definitions: new Map(allDefinitions().map((definition) => [definition.name, designated(definition, definition.name === 'Loan' ? attributes : undefined)])),
    database,
    clock: () => new Date('2022-01-01T00:00:00Z'),
    onStatement: (statement) => statements.push(statement),
  });
  onTestFinished(() => source.close());
  const usccs = new Map(ALIASES.map(([company, code]) => [designationText(company, 'both') as string, code]));
  const texts = new Map<string, string[]>();
  for (const [text, code] of usccs) texts.set(code, [...(texts.get(code) ?? []), text]);
  const book = identified(source, async () => new Map([['tenantUscc', { usccs, texts }]]));
  // The survey, once.
  await book.totals(loanTotals(), never());
  statements.length = 0;
  return { book, statements, source };
}

async function check({ book, statements, source }: Awaited<ReturnType<typeof liveBook>>): Promise<void> {
  const received = () => statements.splice(0).length;
  const rows = await book.rows(loansAsk(), never());
  expect(rows.map(({ key, tenantUscc }) => [key, tenantUscc])).toEqual([
    ['A', uscc(1)],
    ['B', uscc(1)],
    ['C', uscc(2)],
    ['D', uscc(1)],
    ['E', null],
    ['F', uscc(3)],
    ['G', null],
  ]);
  expect(received()).toBe(1);
  const keysOf = async (is: 'eq' | 'in' | 'isNull' | 'gte', value: never | unknown) =>
    (await book.rows(loansAsk({ where: { attribute: 'tenantUscc', is, value: value as never } }), never())).map(({ key }) => key).join('');
  expect(await keysOf('eq', uscc(1))).toBe('ABD');
  expect(await keysOf('in', [uscc(2), uscc(3), uscc(9)])).toBe('CF');
  expect(await keysOf('isNull', true)).toBe('EG');
  expect(await keysOf('isNull', false)).toBe('ABCDF');
  expect(await keysOf('gte', uscc(2))).toBe('CF');
  expect(received()).toBe(5);
  const ofEach = await book.rows(loansAsk({ keys: { attribute: 'tenantUscc', values: [uscc(1), uscc(3)] }, order: [FIRST, KEY], limit: 2 }), never());
  expect(ofEach.map(({ key }) => key).sort()).toEqual(['B', 'D', 'F']);
  expect(received()).toBe(1);
  const totals = await book.totals(loanTotals({ groupBy: [{ attribute: 'tenantUscc', year: false }] }), never());
  expect(totals.map(({ group, figures }) => [...group, ...figures]).sort((a, b) => Number(a[2]) - Number(b[2]))).toEqual([
    [uscc(2), 1, 400n],
    [uscc(1), 3, 1100n],
    [uscc(3), 1, 3200n],
    [null, 2, 8000n],
  ]);
  expect(received()).toBe(1);
  expect((await source.survey(never()))[0]).toMatchObject({ read: 7, accepted: 7, setAside: [] });
}

suite('a book of registration numbers and names', () => {
  it('is asked in a SQLite file', async () => {
    const folder = temporaryFolder();
    const database = databaseIn(folder, 'CREATE TABLE dk (bh TEXT PRIMARY KEY, mc TEXT, zch TEXT, je INTEGER)');
    database.insert('dk', ROWS);
    const file = sourceFileSchema.parse({
      id: 'icbc',
      title: '台账',
      partner: { kind: 'bank', name: '工商银行', shortName: '工行' },
      connector: 'sql',
      connection: { type: 'sqlite', file: 'book.db' },
      books,
    }) as SqlSourceFile;
    await check(await liveBook(file, await openPartnerSqlite('icbc', database.file)));
  });

  it('is answered from all rows where blanks or empty texts stand in its cells', async () => {
    const folder = temporaryFolder();
    const database = databaseIn(folder, 'CREATE TABLE dk (bh TEXT PRIMARY KEY, mc TEXT, zch INTEGER, je INTEGER)');
    database.insert(
      'dk',
      ROWS.map(([number, name, registration, amount]) => [number, name === null ? '' : ` ${name}`, registration, amount]),
    );
    const file = sourceFileSchema.parse({
      id: 'icbc',
      title: '台账',
      partner: { kind: 'bank', name: '工商银行', shortName: '工行' },
      connector: 'sql',
      connection: { type: 'sqlite', file: 'book.db' },
      books,
    }) as SqlSourceFile;
    await check(await liveBook(file, await openPartnerSqlite('icbc', database.file)));
  });

  suite.each(['PostgreSQL', 'MariaDB'] as const)('on %s', (kind) => {
    let server: RunningServer;
    beforeAll(async () => {
      if (hasServer(kind)) server = await startServer(kind);
    });
    afterAll(() => server?.remove());

    it.skipIf(!hasServer(kind)).each(['VARCHAR(200)', 'CHAR(40)'])('is asked in columns of %s', async (type) => {
      const database = await ServerDatabase.create(server);
      await database.run(`CREATE TABLE dk (bh VARCHAR(60) PRIMARY KEY, mc ${type}, zch ${type}, je DECIMAL(20, 2))`);
      await database.insert('dk', ROWS);
      const file = serverSourceFile(database.connection, books);
      await check(await liveBook(file, await openHubDatabase(file)));
    });
  });
});
