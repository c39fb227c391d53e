import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GuardedLibsql } from '../../src/sources/connectors/sql/libsqlDriver.js';
import type { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerSqlite } from '../../src/sources/connectors/sql/partnerSqlite.js';
import { type RowsAsk, SourceError, type TotalsAsk } from '../../src/sources/source.js';
import { liveSource, loansAsk, loanTotals, never, type PartnerDatabase, partnerDatabase, temporaryFolder, uscc } from './sqlPartner.js';

const TABLE = 'CREATE TABLE dk (bh TEXT, xydm TEXT, zl TEXT, je NUMERIC, ye NUMERIC, ll NUMERIC, rq TEXT, dqr TEXT, fl TEXT, zt TEXT)';

const loans = {
  from: { table: 'dk' },
  columns: {
    number: 'bh',
    tenantUscc: 'xydm',
    kind: { column: 'zl', values: { '10': 'CREDIT', '11': 'CREDIT', '20': 'MORTGAGE' } },
    amount: { column: 'je', unit: '万元' },
    balance: { column: 'ye', unit: '元' },
    rate: { column: 'll', unit: '%' },
    date: { column: 'rq', format: 'yyyy/MM/dd' },
    maturesOn: { column: 'dqr', format: 'yyyyMMdd' },
    classification: { column: 'fl', values: { '1': 'NORMAL', '5': 'LOSS' } },
    status: { constant: 'ACTIVE' },
  },
};

/** A loan as the bank keeps it. */
function loan(number: string, cells: Partial<Record<'bh' | 'xydm' | 'zl' | 'je' | 'ye' | 'll' | 'rq' | 'dqr' | 'fl', unknown>> = {}): unknown[] {
  const whole = { bh: number, xydm: uscc(1), zl: '10', je: 100, ye: 500_000, ll: 3.85, rq: '2021/03/05', dqr: '20220305', fl: '1', ...cells };
  return [whole.bh, whole.xydm, whole.zl, whole.je, whole.ye, whole.ll, whole.rq, whole.dqr, whole.fl, '00'];
}

function bank(...rows: unknown[][]): PartnerDatabase {
  const database = partnerDatabase(TABLE);
  database.insert('dk', rows);
  return database;
}

const keys = async (source: LiveSqlSource, ask: Partial<RowsAsk> = {}): Promise<string[]> => (await source.rows(loansAsk(ask), never())).map((row) => row.key);
const totals = async (source: LiveSqlSource, ask: Partial<TotalsAsk> = {}) =>
  (await source.totals(loanTotals(ask), never())).map(({ group, figures }) => [...group, ...figures]);
const where = (attribute: string, is: string, value: unknown) => ({ where: { attribute, is, value } as RowsAsk['where'] });
const by = (attribute: string, descending = false): Pick<RowsAsk, 'order'> => ({
  order: [attribute, 'key'].map((name) => ({ attribute: name, descending, nullsFirst: false })),
});

async function refusal(asked: Promise<unknown>): Promise<SourceError> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('a row that breaks the mapping', () => {
  const faulty: [string, unknown[], RegExp][] = [
    [
      'a USCC whose check character is wrong',
      loan('X', { xydm: `${uscc(1).slice(0, 17)}${uscc(1).endsWith('0') ? '1' : '0'}` }),
      /tenantUscc \(column xydm\): expected a USCC/,
    ],
    ['an amount that cannot be read', loan('X', { je: '约一百' }), /amount \(column je\): expected an amount in 万元/],
    ['an amount of parts of a fen', loan('X', { ye: 0.001 }), /balance \(column ye\)/],
    ['a code that is not known', loan('X', { fl: '9' }), /classification \(column fl\): expected one of the known codes 1, 5, but got: "9"/],
    ['a day that does not exist', loan('X', { rq: '2021/02/30' }), /date \(column rq\)/],
    ['an empty cell that may not be empty', loan('X', { je: null }), /amount \(column je\): expected a value/],
    ['no key', loan('X', { bh: null }), /number \(column bh\): expected a value/],
    ['an empty key', loan('X', { bh: '  ' }), /number \(column bh\): expected a value/],
    ['bytes for a text', loan('X', { xydm: Buffer.from('北京') }), /bytes in column xydm/],
  ];

  it.each(faulty)('with %s is in no page and no total, and in the survey with its reason', async (_fault, row, reason) => {
    const { source } = await liveSource(bank(loan('A'), row, loan('B', { je: 50 })), { Loan: loans });
    expect(await keys(source)).toEqual(['A', 'B']);
    expect(await keys(source, by('amount', true))).toEqual(['A', 'B']);
    expect(await keys(source, { ...by('date'), limit: 2 })).toEqual(['A', 'B']);
    expect(await totals(source)).toEqual([[2, 150_000_000n]]);
    expect(await totals(source, { groupBy: [{ attribute: 'classification', year: false }] })).toEqual([['NORMAL', 2, 150_000_000n]]);
    const [survey] = await source.survey(never());
    expect(survey).toMatchObject({ entity: 'Loan', read: 3, accepted: 2, setAside: [{ entity: 'Loan', place: expect.stringMatching(/^dk /) }] });
    expect(survey?.setAside[0]?.reason).toMatch(reason);
    expect(Object.keys(survey?.setAside[0]?.raw ?? {}).sort()).toEqual(['bh', 'dqr', 'fl', 'je', 'll', 'rq', 'xydm', 'ye', 'zl']);
  });

  it('because its id is carried by another too is set aside with it, blanks around it or not', async () => {
    const { source } = await liveSource(bank(loan('A'), loan('B'), loan('B'), loan(' C'), loan('C'), loan(' D')), { Loan: loans });
    expect(await keys(source)).toEqual(['A', 'D']);
    expect(await totals(source)).toEqual([[2, 200_000_000n]]);
    const [survey] = await source.survey(never());
    expect(survey).toMatchObject({ read: 6, accepted: 2 });
    expect(survey?.setAside.map(({ place, reason }) => [place, /carried by 2 rows/.test(reason)])).toEqual([
      ['dk B', true],
      ['dk B', true],
      ['dk  C', true],
      ['dk C', true],
    ]);
  });

  it('takes with it a row that is right but carries its id, and says so', async () => {
    const { source } = await liveSource(bank(loan('A'), loan('B'), loan('B', { fl: '?' })), { Loan: loans });
    expect(await keys(source)).toEqual(['A']);
    expect(await keys(source, by('date'))).toEqual(['A']);
    expect(await totals(source)).toEqual([[1, 100_000_000n]]);
    const [survey] = await source.survey(never());
    expect(survey).toMatchObject({
      read: 3,
      accepted: 1,
      setAside: [{ reason: /classification/ }, { reason: /which a row that was set aside carries too/ }].map(({ reason }) => ({
        reason: expect.stringMatching(reason),
      })),
    });
  });

  it('is left out by a statement where there are a few, and in memory where there are thousands', async () => {
    const bad = Array.from({ length: 2_100 }, (_, index) => loan(`X${index}`, { fl: '?' }));
    const database = bank(loan('A'), loan('B', { je: 1 }));
    database.run('BEGIN');
    database.insert('dk', bad);
    database.run('COMMIT');
    const { source } = await liveSource(database, { Loan: loans });
    expect(await keys(source, by('amount'))).toEqual(['B', 'A']);
    expect(await totals(source)).toEqual([[2, 101_000_000n]]);
  });

  it('after the survey is left out, and the page stays full', async () => {
    const database = bank(...['A', 'B', 'C', 'D'].map((number) => loan(number)));
    const { source, statements } = await liveSource(database, { Loan: loans });
    expect(await keys(source, { limit: 2 })).toEqual(['A', 'B']);
    database.run("UPDATE dk SET xydm = 'none' WHERE bh = 'A'");
    statements.length = 0;
    expect(await keys(source, { limit: 2 })).toEqual(['B', 'C']);
    // The page, a survey (the columns, then every row), the page again.
    expect(statements).toHaveLength(4);
    statements.length = 0;
    expect(await keys(source, { limit: 2 })).toEqual(['B', 'C']);
    expect(statements).toHaveLength(1);
    expect(await totals(source)).toEqual([[3, 300_000_000n]]);
  });

  it('after the survey, in a group that means nothing, is left out of totals', async () => {
    const database = bank(loan('A'), loan('B'), loan('C', { fl: '5' }));
    const { source } = await liveSource(database, { Loan: loans });
    const groupBy = [{ attribute: 'classification', year: false }];
    expect(await totals(source, { groupBy })).toHaveLength(2);
    database.run("UPDATE dk SET fl = '7' WHERE bh = 'C'");
    expect(await totals(source, { groupBy })).toEqual([['NORMAL', 2, 200_000_000n]]);
  });
});

describe('a survey', () => {
  it('serves all asks of five minutes, those that come at once too', async () => {
    const { source, statements, pass } = await liveSource(bank(loan('A')), { Loan: loans });
    await Promise.all([keys(source), keys(source), totals(source)]);
    expect(statements).toHaveLength(5);
    pass(299_999);
    await keys(source);
    expect(statements).toHaveLength(6);
    pass(1);
    await keys(source);
    expect(statements).toHaveLength(9);
  });

  it('that fails is made again', async () => {
    const database = partnerDatabase('CREATE TABLE other (x)');
    const { source } = await liveSource(database, { Loan: loans });
    await refusal(keys(source));
    database.run(TABLE);
    database.insert('dk', [loan('A')]);
    expect(await keys(source)).toEqual(['A']);
  });
});

/** The same loans, written as a well-kept system writes them and as hands do. */
const regular = [
  loan('A', { je: 1200.5, rq: '2021/03/05', xydm: uscc(1) }),
  loan('B', { je: 99, rq: '2021/12/31', xydm: uscc(2), zl: '11' }),
  loan('C', { je: 1000, rq: '2021/10/05', xydm: uscc(1), fl: '5' }),
  loan('D', { je: 0.3, rq: '2020/01/01', xydm: uscc(3), zl: '20', ll: 0.3 }),
  loan('b', { je: 7, rq: '2022/06/01', xydm: uscc(4), ll: 3.5 }),
];

const asks: [string, Partial<RowsAsk>][] = [
  ['by amount', by('amount')],
  ['by amount, the largest first', { ...by('amount', true), limit: 2 }],
  ['by date', by('date')],
  ['by date after a day', { ...by('date'), after: { values: ['2021-03-05', 'A'], inclusive: false } }],
  ['of an amount', where('amount', 'eq', 12_005_000_00n)],
  ['of a small amount', where('amount', 'in', [300_000n])],
  ['above an amount', where('amount', 'gt', 990_000_00n)],
  ['of a day', where('date', 'eq', '2021-03-05')],
  ['before a day', where('date', 'lt', '2021-10-05')],
  ['of a tenant', where('tenantUscc', 'eq', uscc(1))],
  ['of tenants, one each', { keys: { attribute: 'tenantUscc', values: [uscc(1), uscc(2)] }, limit: 1 }],
  ['of a kind of two codes', where('kind', 'eq', 'CREDIT')],
  ['of kinds, one each', { ...by('amount', true), keys: { attribute: 'kind', values: ['CREDIT', 'MORTGAGE'] }, limit: 1 }],
  ['not of a kind', { where: { not: { attribute: 'kind', is: 'eq', value: 'CREDIT' } } }],
  ['of a number', where('number', 'eq', 'B')],
  ['of a number in small letters', where('number', 'in', ['b', 'a'])],
  ['of a rate', where('rate', 'eq', 3_000n)],
  ['below a rate', where('rate', 'lt', 35_000n)],
  ['of a number that holds a letter', where('number', 'contains', 'b')],
  ['after a number', where('number', 'gte', 'B')],
];

const figures: [string, Partial<TotalsAsk>][] = [
  ['by year', { groupBy: [{ attribute: 'date', year: true }] }],
  ['by kind', { groupBy: [{ attribute: 'kind', year: false }] }],
  ['by tenant', { groupBy: [{ attribute: 'tenantUscc', year: false }], keys: { attribute: 'tenantUscc', values: [uscc(1), uscc(3)] } }],
  [
    'from first to last',
    { figures: (['minimum', 'maximum', 'countDistinct'] as const).flatMap((name) => ['amount', 'date'].map((attribute) => ({ function: name, attribute }))) },
  ],
  ['of a tenant', { ...where('tenantUscc', 'eq', uscc(1)) }],
];

const byText = (rows: unknown[][]): string[] => rows.map((row) => row.map(String).join(' ')).sort();

describe('a column that is not written as it should be', () => {
  const irregular: [string, (row: unknown[]) => unknown[], string?][] = [
    ['amounts kept as texts with separators', (row) => row.with(3, row[0] === 'A' ? '1,200.50' : row[3])],
    ['amounts kept as texts throughout', (row) => row.with(3, String(row[3])), TABLE.replace('je NUMERIC', 'je TEXT')],
    ['a rate that a chain of floats made', (row) => row.with(5, row[0] === 'D' ? 0.1 + 0.2 : row[5])],
    ['days with one digit', (row) => row.with(6, row[0] === 'A' ? '2021/3/5' : row[6])],
    ['USCCs in small letters', (row) => row.with(1, row[0] === 'C' ? String(row[1]).toLowerCase() : row[1])],
    ['blanks around a number', (row) => row.with(0, row[0] === 'B' ? ' B ' : row[0])],
    ['codes kept as whole numbers, without a type', (row) => row.with(2, Number(row[2])), TABLE.replace('zl TEXT', 'zl')],
    ['codes kept as whole numbers, of whole numbers', (row) => row.with(2, Number(row[2])), TABLE.replace('zl TEXT', 'zl INTEGER')],
    ['codes kept as floats', (row) => row.with(2, Number(row[2])), TABLE.replace('zl TEXT', 'zl REAL')],
    [
      'a collation that takes small letters for capitals',
      (row) => row,
      TABLE.replace('bh TEXT', 'bh TEXT COLLATE NOCASE').replace('xydm TEXT', 'xydm TEXT COLLATE NOCASE'),
    ],
  ];

  it.each(irregular)('still gives exact answers: %s', async (_name, spoil, table = TABLE) => {
    const database = partnerDatabase(table);
    // What is stored as a code with an accident of its type must mean the same.
    const mapping = {
      Loan: table.includes('zl REAL')
        ? { ...loans, columns: { ...loans.columns, kind: { column: 'zl', values: { '10': 'CREDIT', '11': 'CREDIT', '20': 'MORTGAGE', '10.0': 'CREDIT' } } } }
        : loans,
    };
    database.insert('dk', regular.map(spoil));
    const { source: right } = await liveSource(bank(...regular), { Loan: loans });
    const { source } = await liveSource(database, mapping);
    for (const [name, ask] of asks) {
      const rows = (await source.rows(loansAsk(ask), never())).map((row) => ({ key: row.key, amount: row.amount, date: row.date, tenantUscc: row.tenantUscc }));
      const expected = (await right.rows(loansAsk(ask), never())).map((row) => ({
        key: row.key,
        amount: row.amount,
        date: row.date,
        tenantUscc: row.tenantUscc,
      }));
      expect(expected.length, name).toBeGreaterThan(0);
      expect(rows, name).toEqual(expected);
    }
    for (const [name, ask] of figures) expect(byText(await totals(source, ask)), name).toEqual(byText(await totals(right, ask)));
  });

  it('is asked in memory only where it is touched', async () => {
    const { source, statements } = await liveSource(bank(...regular.map((row) => row.with(3, row[0] === 'A' ? '1,200.50' : row[3]))), { Loan: loans });
    await keys(source);
    statements.length = 0;
    expect(await keys(source, { ...where('tenantUscc', 'eq', uscc(1)), limit: 1 })).toEqual(['A']);
    expect(statements.map(({ rows, text }) => [rows, / LIMIT /.test(text)])).toEqual([[1, true]]);
    statements.length = 0;
    expect(await keys(source, { ...by('amount', true), limit: 1 })).toEqual(['A']);
    expect(statements.map(({ rows }) => rows)).toEqual([5]);
  });

  it('of whole numbers that are texts of ours is compared as texts, in the database', async () => {
    const database = partnerDatabase(TABLE.replace('bh TEXT', 'bh INTEGER').replace('dqr TEXT', 'dqr INTEGER'));
    database.insert('dk', [loan('9'), loan('10', { dqr: '20211231' }), loan('1010')]);
    const { source, statements } = await liveSource(database, { Loan: loans });
    expect(await keys(source)).toEqual(['10', '1010', '9']);
    expect(await keys(source, by('maturesOn'))).toEqual(['10', '1010', '9']);
    statements.length = 0;
    expect(await keys(source, { limit: 1, after: { values: ['10'], inclusive: false } })).toEqual(['1010']);
    expect(await keys(source, where('number', 'contains', '01'))).toEqual(['1010']);
    expect(await keys(source, where('maturesOn', 'lt', '2022-01-01'))).toEqual(['10']);
    expect(await totals(source, { figures: [{ function: 'maximum', attribute: 'number' }], groupBy: [{ attribute: 'maturesOn', year: true }] })).toEqual([
      [2021, '10'],
      [2022, '9'],
    ]);
    expect(statements.map(({ rows }) => rows)).toEqual([1, 1, 1, 2]);
  });

  it('of instants, days or codes that have no one form is read in memory', async () => {
    const database = bank(loan('A', { rq: '2021-03-05 23:30:00' }), loan('B', { rq: '2021-03-06T00:00:00+08:00' }), loan('C', { rq: '2020-01-01' }));
    const { source } = await liveSource(database, { Loan: { ...loans, columns: { ...loans.columns, date: { column: 'rq', format: 'iso' } } } });
    expect(await keys(source, where('date', 'eq', '2021-03-05'))).toEqual(['A']);
    expect(await keys(source, by('date', true))).toEqual(['B', 'A', 'C']);
    expect(await totals(source, { groupBy: [{ attribute: 'date', year: true }], figures: [{ function: 'count' }] })).toEqual(
      expect.arrayContaining([
        [2021, 2],
        [2020, 1],
      ]),
    );
    const serials = bank(loan('A', { ye: 44_260, rq: '44260' }), loan('B', { rq: '43831' }));
    const excel = await liveSource(serials, { Loan: { ...loans, columns: { ...loans.columns, date: { column: 'rq', format: 'excel' } } } });
    expect(await totals(excel.source, { groupBy: [{ attribute: 'date', year: true }], figures: [{ function: 'count' }] })).toEqual(
      expect.arrayContaining([
        [2021, 1],
        [2020, 1],
      ]),
    );
  });
});

describe('what is not a column', () => {
  const constants = { ...loans, columns: { ...loans.columns, amount: { constant: '12.5', unit: '万元' }, date: { constant: '2021-03-05' } } };

  it('is the same for every row: it is counted, added up, grouped, ordered and asked for', async () => {
    const { source } = await liveSource(bank(loan('A'), loan('B')), { Loan: constants });
    const all = ['sum', 'minimum', 'maximum', 'countValues', 'countDistinct'] as const;
    expect(await totals(source, { figures: all.slice(0, 4).map((name) => ({ function: name, attribute: 'amount' })) })).toEqual([
      [25_000_000n, 12_500_000n, 12_500_000n, 2],
    ]);
    expect(await totals(source, { figures: all.map((name) => ({ function: name, attribute: 'amount' })) })).toEqual([
      [25_000_000n, 12_500_000n, 12_500_000n, 2, 1],
    ]);
    // Nothing is mapped to the product: it is empty.
    expect(
      await totals(source, {
        figures: [
          { function: 'countValues', attribute: 'productCode' },
          { function: 'maximum', attribute: 'productCode' },
        ],
      }),
    ).toEqual([[0, null]]);
    expect(
      await totals(source, {
        groupBy: [
          { attribute: 'date', year: true },
          { attribute: 'productCode', year: false },
        ],
      }),
    ).toEqual([[2021, null, 2, 25_000_000n]]);
    expect(await keys(source, { ...by('amount', true) })).toEqual(['B', 'A']);
    expect(await keys(source, { order: [{ attribute: 'date', descending: false, nullsFirst: false }], limit: 5 })).toHaveLength(2);
    expect(await keys(source, where('date', 'lt', '2021-03-05'))).toEqual([]);
    expect(await keys(source, { keys: { attribute: 'date', values: ['2021-03-05', 'x'] }, limit: 1 })).toEqual(['A']);
    expect(await keys(source, { keys: { attribute: 'productCode', values: ['P1'] }, limit: 1 })).toEqual([]);
  });

  it('makes no group where there are no rows', async () => {
    const { source } = await liveSource(bank(), { Loan: constants });
    expect(await totals(source, { groupBy: [{ attribute: 'date', year: true }] })).toEqual([]);
    expect(await totals(source)).toEqual([[0, null]]);
  });
});

describe('amounts beyond what a float holds', () => {
  const fen = { ...loans, columns: { ...loans.columns, amount: { column: 'je', unit: '分' } } };
  const yuan = { ...loans, columns: { ...loans.columns, amount: { column: 'je', unit: '元' } } };

  it('stay exact in rows, filters, orders, sums and bounds', async () => {
    const database = bank(loan('A', { je: 9_007_199_254_740_993n }), loan('B', { je: 9_007_199_254_740_992n }), loan('C', { je: 900_719_925_474_099_301n }));
    const { source, statements } = await liveSource(database, { Loan: fen });
    expect((await source.rows(loansAsk(by('amount')), never())).map(({ key, amount }) => [key, amount])).toEqual([
      ['B', 9_007_199_254_740_992n],
      ['A', 9_007_199_254_740_993n],
      ['C', 900_719_925_474_099_301n],
    ]);
    expect(await keys(source, where('amount', 'eq', 9_007_199_254_740_993n))).toEqual(['A']);
    expect(await keys(source, where('amount', 'lt', 9_007_199_254_740_993n))).toEqual(['B']);
    expect(await keys(source, { ...by('amount'), after: { values: [9_007_199_254_740_993n, 'A'], inclusive: false } })).toEqual(['C']);
    const all = (['sum', 'minimum', 'maximum'] as const).map((name) => ({ function: name, attribute: 'amount' }));
    expect(await totals(source, { figures: all })).toEqual([[918_734_323_983_581_286n, 9_007_199_254_740_992n, 900_719_925_474_099_301n]]);
    expect(statements.slice(2).every(({ text }) => !/ FROM "dk" AS "dk"$/.test(text))).toBe(true);
  });

  it('stay exact in a unit that is more than a fen', async () => {
    const { source } = await liveSource(bank(loan('A', { je: 1_000_000_000_000_001n }), loan('B', { je: 1_000_000_000_000_003n })), { Loan: yuan });
    expect(await totals(source)).toEqual([[2, 200_000_000_000_000_400n]]);
  });

  it('stay exact where a column of floats holds more digits than it can tell apart', async () => {
    const database = partnerDatabase(TABLE.replace('je NUMERIC', 'je REAL'));
    database.insert('dk', [loan('A', { je: 1_234_567_890_123_456.5 }), loan('B', { je: 0.25 }), loan('C', { je: 3 })]);
    const { source } = await liveSource(database, { Loan: yuan });
    expect(await totals(source)).toEqual([[3, 123_456_789_012_345_975n]]);
    expect(await keys(source, by('amount'))).toEqual(['B', 'C', 'A']);
  });
});

describe('a connection to a partner', () => {
  it('cannot write', async () => {
    const database = bank(loan('A'));
    const connection = await openPartnerSqlite('icbc', database.file);
    for (const text of ["INSERT INTO dk (bh) VALUES ('X')", "UPDATE dk SET bh = 'X'", 'DELETE FROM dk', 'DROP TABLE dk', 'CREATE TABLE x (y)'])
      await expect(connection.query(text, []), text).rejects.toThrow(/readonly/);
    expect(await connection.query('SELECT COUNT(*) AS n FROM dk', [])).toEqual([{ n: 1 }]);
    await connection.close();
    await connection.close();
  });

  it('leaves the file as it was', async () => {
    const database = bank(loan('A'));
    const before = readFileSync(database.file);
    const { source } = await liveSource(database, { Loan: loans });
    await keys(source);
    await source.survey(never());
    expect(readFileSync(database.file).equals(before)).toBe(true);
    expect(readdirSync(join(database.file, '..'))).toEqual(['book.db']);
  });

  it('to a file that is not there is an error, and the file is not made', async () => {
    const file = join(temporaryFolder(), 'missing', 'book.db');
    const error = await refusal(openPartnerSqlite('icbc', file));
    expect(error).toMatchObject({ source: 'icbc', reason: 'UNREACHABLE', message: 'The database file of this source is not there.' });
    expect(existsSync(join(file, '..'))).toBe(false);
    expect(await refusal(openPartnerSqlite('icbc', temporaryFolder()))).toMatchObject({ reason: 'UNREACHABLE' });
  });

  it.each([
    ['garbage', Buffer.from('这不是数据库，'.repeat(200))],
    ['a header and no more', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096, 7)])],
  ])('to a file of %s is an error without its path', async (_name, content) => {
    const file = join(temporaryFolder(), 'book.db');
    writeFileSync(file, content);
    const error = await refusal(openPartnerSqlite('icbc', file));
    expect(error).toMatchObject({ reason: 'MALFORMED', message: 'The database file of this source cannot be read as SQLite.' });
    expect(error.cause).toBeDefined();
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('to a file of garbage is that error whatever code the driver comes with: one in some hundreds is that of another step', async () => {
    const file = join(temporaryFolder(), 'book.db');
    writeFileSync(file, 'garbage '.repeat(2_000));
    const reasons = new Set<string>();
    for (let round = 0; round < 600; round++)
      for (const error of await Promise.all(Array.from({ length: 3 }, () => refusal(openPartnerSqlite('icbc', file))))) reasons.add(error.reason);
    expect([...reasons]).toEqual(['MALFORMED']);
  });

  it('says without its SQL that a table or a column is not there', async () => {
    const { source } = await liveSource(bank(loan('A')), { Loan: { ...loans, from: { table: 'none' } } });
    expect(await refusal(keys(source))).toMatchObject({ reason: 'MALFORMED', message: 'The database of icbc has no table none that the hub may read.' });
    const renamed = await liveSource(bank(loan('A')), { Loan: { ...loans, columns: { ...loans.columns, amount: 'je_new' } } });
    expect((await refusal(totals(renamed.source))).reason).toBe('DRIFTED');
  });

  it('is not asked once the asker has gone', async () => {
    const { source, statements } = await liveSource(bank(loan('A')), { Loan: loans });
    const gone = AbortSignal.abort(new DOMException('gone', 'AbortError'));
    await expect(source.rows(loansAsk(), gone)).rejects.toThrow('gone');
    expect(statements).toEqual([]);
    expect(await keys(source)).toEqual(['A']);
  });
});

describe('SQL in values and names', () => {
  const hostile = ["'; DROP TABLE dk; --", '100%', '_', '"', "''", '\\', '%_', 'a\u0000b', '? ?1 :x @y $z'];

  it('is harmless in values: each is compared letter by letter', async () => {
    const usable = hostile.filter((text) => !text.includes('\u0000'));
    const database = bank(...usable.map((text) => loan(text)), loan('plain'));
    const { source } = await liveSource(database, { Loan: loans });
    for (const text of hostile) {
      const itself = usable.includes(text) ? [text] : [];
      expect(await keys(source, where('number', 'eq', text))).toEqual(itself);
      expect(await keys(source, where('number', 'in', [text, 'plain'])), text).toEqual([...itself, 'plain'].sort());
      expect(await keys(source, where('number', 'contains', text)), text).toEqual(usable.filter((own) => own.includes(text)).sort());
      expect(await keys(source, where('number', 'startsWith', text)), text).toEqual(usable.filter((own) => own.startsWith(text)).sort());
      expect(await keys(source, { keys: { attribute: 'number', values: [text] }, limit: 3 })).toEqual(itself);
    }
    expect(await keys(source)).toHaveLength(usable.length + 1);
  });

  it('is harmless in the names of tables and columns, the names of databases too', async () => {
    const database = partnerDatabase(
      'CREATE TABLE "dk""; DROP TABLE x; --" ("bh"" OR 1=1 --" TEXT, "select" TEXT, "金额（万元）" NUMERIC, "a b" TEXT)',
      'CREATE TABLE x (y)',
    );
    database.insert('dk"; DROP TABLE x; --', [['A', uscc(1), 3, '2021-03-05']]);
    const { source } = await liveSource(database, {
      Loan: {
        from: { table: 'dk"; DROP TABLE x; --' },
        columns: {
          ...loans.columns,
          number: 'bh" OR 1=1 --',
          tenantUscc: 'select',
          kind: { constant: 'CREDIT' },
          amount: '金额（万元）',
          balance: { constant: 1 },
          rate: { constant: 1 },
          date: 'a b',
          maturesOn: 'a b',
          classification: { constant: 'NORMAL' },
        },
      },
    });
    expect(await source.rows(loansAsk({ ...by('amount'), where: { attribute: 'number', is: 'eq', value: 'A' } }), never())).toMatchObject([
      { key: 'A', amount: 300n, date: '2021-03-05' },
    ]);
    expect(await totals(source, { groupBy: [{ attribute: 'tenantUscc', year: false }] })).toEqual([[uscc(1), 1, 300n]]);
    database.run('SELECT y FROM x');
  });

  it('is harmless in row filters, which take a number for what is stored', async () => {
    const database = partnerDatabase(TABLE.replace('zt TEXT', 'zt TEXT, jg INTEGER'));
    database.insert('dk', [
      [...loan('A').slice(0, 9), '0', 7],
      [...loan('B').slice(0, 9), '1', 7],
      [...loan('C').slice(0, 9), null, 8],
      [...loan('D').slice(0, 9), '', null],
    ]);
    const held = async (filters: unknown[]) => keys((await liveSource(database, { Loan: { ...loans, where: filters } })).source);
    expect(await held([{ column: 'zt', equals: 0 }])).toEqual(['A']);
    expect(await held([{ column: 'zt', equals: '0' }])).toEqual(['A']);
    expect(await held([{ column: 'zt', notEquals: '0' }])).toEqual(['B', 'C', 'D']);
    expect(await held([{ column: 'zt', in: ['0', 1] }])).toEqual(['A', 'B']);
    expect(await held([{ column: 'zt', empty: true }])).toEqual(['C', 'D']);
    expect(
      await held([
        { column: 'zt', empty: false },
        { column: 'jg', equals: '7' },
      ]),
    ).toEqual(['A', 'B']);
    expect(await held([{ column: 'jg', notEquals: 7 }])).toEqual(['C', 'D']);
    expect(await held([{ column: 'zt', equals: "0' OR '1'='1" }])).toEqual([]);
  });
});

describe('groups without figures, of which many are wanted', () => {
  const byTenant = { groupBy: [{ attribute: 'tenantUscc', year: false }], figures: [] };
  const byTenantAndKind = { groupBy: [...byTenant.groupBy, { attribute: 'kind', year: false }], figures: [] };

  it('come each once with one statement, which gives rows; a second one tells them apart where there may be more', async () => {
    const database = bank();
    const insert = `INSERT INTO dk WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
      SELECT 'L' || i, CASE i % 3 WHEN 0 THEN ? WHEN 1 THEN ? ELSE ? END, CASE i % 2 WHEN 0 THEN '10' ELSE '20' END, 1, 1, 3.85, '2021/03/05', '20220305', '1', '00' FROM n`;
    database.run(insert, uscc(1), uscc(2), uscc(3));
    const { source, statements } = await liveSource(database, { Loan: loans });
    // What is read in full first is not counted below.
    await source.survey(never());
    const asked = async (ask: Partial<TotalsAsk>): Promise<{ groups: unknown[][]; statements: number }> => {
      statements.length = 0;
      const groups = (await totals(source, ask)).sort();
      return { groups, statements: statements.length };
    };
    const tenants = [[uscc(1)], [uscc(2)], [uscc(3)]].sort();
    expect(await asked({ ...byTenant, limit: 20_000 })).toEqual({ groups: tenants, statements: 1 });
    // As many rows came as were wanted groups: there may be groups behind them.
    expect(await asked({ ...byTenant, limit: 10_000 })).toEqual({ groups: tenants, statements: 2 });
    expect(await asked({ ...byTenant, limit: 12_000 })).toEqual({ groups: tenants, statements: 2 });
    expect(await asked({ ...byTenant, limit: 2 })).toMatchObject({ groups: { length: 2 }, statements: 1 });
    const pairs = tenants.flatMap(([code]) => [
      [code, 'CREDIT'],
      [code, 'MORTGAGE'],
    ]);
    expect(await asked({ ...byTenantAndKind, limit: 20_000 })).toEqual({ groups: pairs, statements: 1 });
    expect(await asked({ ...byTenantAndKind, limit: 10_000 })).toEqual({ groups: pairs, statements: 2 });
  });
});

describe('a parameter', () => {
  it('that libsql cannot bind is converted or refused with an ordinary error', async () => {
    const connection = await openPartnerSqlite('icbc', bank(loan('A')).file);
    const stored = async (value: unknown) => (await connection.query('SELECT typeof(?) AS type, CAST(? AS TEXT) AS text', [value, value] as never))[0];
    expect(await stored(true)).toEqual({ type: 'integer', text: '1' });
    expect(await stored(false)).toEqual({ type: 'integer', text: '0' });
    expect(await stored(new Date('2021-03-05T00:00:00Z'))).toEqual({ type: 'text', text: '2021-03-05T00:00:00.000Z' });
    expect(await stored(undefined)).toEqual({ type: 'null', text: null });
    expect(await stored(5)).toEqual({ type: 'integer', text: '5' });
    expect(await stored(-0)).toEqual({ type: 'integer', text: '0' });
    expect(await stored(5.5)).toEqual({ type: 'real', text: '5.5' });
    expect(await stored(9_007_199_254_740_993n)).toEqual({ type: 'integer', text: '9007199254740993' });
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      {},
      { a: 1 },
      () => 1,
      Symbol('s'),
      new Map(),
      new Uint8Array(2),
      2n ** 63n,
      -(2n ** 63n) - 1n,
    ]) {
      await expect(connection.query('SELECT ?', [value] as never)).rejects.toThrow();
    }
    await expect(connection.query('SELECT ?', [{ a: 1 }] as never)).rejects.toThrow(
      'SQL parameter 1: expected a text, a finite number, a bigint, a boolean, a Date or null, but got: object.',
    );
    expect(await connection.query('SELECT 1 AS alive', [])).toEqual([{ alive: 1 }]);
    await connection.close();
  });

  it('is converted or refused whoever hands it over: TypeORM, or a caller of the driver itself', () => {
    const statement = new GuardedLibsql(':memory:', {}).prepare('SELECT typeof(?) AS type');
    const typeOf = (...values: unknown[]) => (statement.all(values as never) as { type: string }[])[0]?.type;
    expect([true, new Date(0), 1, 1.5, 'x', null, undefined, Buffer.from('x')].map((value) => typeOf(value))).toEqual([
      'integer',
      'text',
      'integer',
      'real',
      'text',
      'null',
      'null',
      'blob',
    ]);
    for (const value of [{}, { 1: 'x' }, Number.NaN, new Map(), Symbol('s')]) expect(() => typeOf(value)).toThrow(TypeError);
    expect(typeOf('alive')).toBe('text');
  });

  it('list longer than a statement may have is cut, and each key is answered once', async () => {
    const { source, statements } = await liveSource(bank(loan('A'), loan('B', { xydm: uscc(2) }), loan('C', { xydm: uscc(2) })), { Loan: loans });
    await keys(source);
    statements.length = 0;
    const values = [uscc(2), ...Array.from({ length: 40_000 }, (_, index) => uscc(1_000 + index)), uscc(1), uscc(2)];
    const found = await source.rows(loansAsk({ keys: { attribute: 'tenantUscc', values }, limit: 1 }), never());
    expect(found.map(({ key }) => key).sort()).toEqual(['A', 'B']);
    expect(statements).toHaveLength(2);
    expect(await totals(source, { keys: { attribute: 'tenantUscc', values } })).toEqual([[3, 300_000_000n]]);
    // A day with one digit or two takes several parameters.
    const days = Array.from({ length: 20_000 }, (_, index) => new Date(Date.UTC(1990, 0, 1 + index)).toISOString().slice(0, 10));
    expect((await source.rows(loansAsk({ keys: { attribute: 'date', values: days } }), never())).map(({ key }) => key)).toEqual(['A', 'B', 'C']);
  });

  it('list of a filter is one parameter, however long it is', async () => {
    const { source, statements } = await liveSource(bank(loan('A'), loan('B', { xydm: uscc(2) })), { Loan: loans });
    await keys(source);
    statements.length = 0;
    const values = [...Array.from({ length: 40_000 }, (_, index) => uscc(1_000 + index)), uscc(2)];
    expect((await source.rows(loansAsk(where('tenantUscc', 'in', values)), never())).map(({ key }) => key)).toEqual(['B']);
    expect(statements).toHaveLength(1);
    const amounts = Array.from({ length: 200 }, (_, index) => 100_000_000n + BigInt(index));
    expect((await source.rows(loansAsk(where('amount', 'in', amounts)), never())).map(({ key }) => key)).toEqual(['A', 'B']);
  });
});

describe('a sample', () => {
  it('shows rows beside their raw form, those that break the mapping too', async () => {
    const { source } = await liveSource(bank(loan('A'), loan('B', { fl: '9' }), loan('C', { bh: null }), loan('D')), { Loan: loans });
    const sample = await source.sample('Loan', 3, never());
    expect(sample.map(({ raw }) => raw.bh)).toEqual(['A', 'B', null]);
    expect(sample[0]?.row).toMatchObject({ key: 'A', amount: 100_000_000n, kind: 'CREDIT' });
    expect(sample[1]?.row).toMatchObject({ place: 'dk B', reason: expect.stringContaining('classification') });
    expect(sample[2]?.row).toMatchObject({ place: 'dk without a key' });
  });

  it('of a book that is not held is refused', async () => {
    const { source } = await liveSource(bank(loan('A')), { Loan: loans });
    await refusal(source.sample('Tenant', 1, never()));
  });
});
