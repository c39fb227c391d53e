import { rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { openDrop } from '../../src/sources/connectors/file/drop.js';
import { endOfDay, fits } from '../../src/sources/connectors/file/dropFiles.js';
import { cells, collect, refusal, testFolder } from './fileFolder.js';

const folder = testFolder();

function source(books: Record<string, unknown>, rest: Record<string, unknown> = {}): FileSourceFile {
  const partner = { kind: 'bank', name: '工商银行', shortName: '工行' };
  return sourceFileSchema.parse({ id: 'icbc', title: '工行贷款台账', partner, connector: 'file', books, ...rest }) as FileSourceFile;
}

const loans = { from: { file: '贷款台账_*.csv', format: 'csv' }, columns: { number: '借据号', amount: '金额' } };

function drop(books: Record<string, unknown> = { Loan: loans }, rest: Record<string, unknown> = {}) {
  return openDrop('icbc', folder.path(), source(books, rest));
}

describe('a drop folder', () => {
  it('gives the rows of the last file by name that fits', async () => {
    folder.write('贷款台账_20211231.csv', '借据号,金额\nA,1\n');
    folder.write('贷款台账_20210930.csv', '借据号,金额\nB,2\n');
    folder.write('说明.txt', '不是台账');
    const rows = await collect(drop().read('Loan'));
    expect(cells(rows)).toEqual([{ 借据号: 'A', 金额: '1' }]);
    expect(rows[0]?.place).toBe('贷款台账_20211231.csv line 2');
  });

  it('passes over the lock files of Excel and hidden files', async () => {
    folder.write('台账.csv', '借据号,金额\nA,1\n');
    folder.write('~$台账.csv', 'x');
    folder.write('.台账.csv', 'x');
    expect(await collect(drop({ Loan: { ...loans, from: { file: '*.csv', format: 'csv' } } }).read('Loan'))).toHaveLength(1);
  });

  it('says which file it misses', async () => {
    const error = await refusal(collect(drop().read('Loan')));
    expect(error).toMatchObject({
      source: 'icbc',
      reason: 'UNREACHABLE',
      message: 'expected a file named 贷款台账_*.csv in the drop folder, but got: none. Has the partner delivered it?',
    });
    rmSync(folder.path(), { recursive: true });
    expect((await refusal(drop().fingerprint())).message).toBe('the drop folder cannot be read (ENOENT).');
  });

  it('does not follow a link out of the folder', async () => {
    symlinkSync(process.execPath, join(folder.path(), '贷款台账_20211231.csv'));
    const error = await refusal(collect(drop().read('Loan')));
    expect(error).toMatchObject({ reason: 'MALFORMED', message: expect.stringMatching(/^贷款台账_20211231\.csv: expected a file inside the drop folder/) });
    expect((await refusal(drop().fingerprint())).reason).toBe('MALFORMED');
  });

  it('takes no path for a file name', async () => {
    const error = await refusal(collect(drop({ Loan: { ...loans, from: { file: '../*.csv', format: 'csv' } } }).read('Loan')));
    expect(error.reason).toBe('UNREACHABLE');
  });

  it('keeps the rows that its filters keep, and every row that it cannot read', async () => {
    folder.write('贷款台账_1.csv', '借据号,金额,地区,注销\nA,1,新乡, \nB,2,郑州,\nC,3,新乡,x\nD,4\nE,5,新乡,\n');
    const where = [
      { column: '地区', in: ['新乡', '卫辉'] },
      { column: '注销', empty: true },
      { column: '借据号', notEquals: 'E' },
    ];
    const rows = await collect(drop({ Loan: { ...loans, where } }).read('Loan'));
    expect(rows.map((row) => [row.cells.借据号, row.problem])).toEqual([
      ['A', undefined],
      ['D', 'expected 4 cells, one for each column name, but got: 2'],
    ]);
  });

  it('tells which columns a file lacks, instead of setting aside all of its rows', async () => {
    folder.write('贷款台账_1.csv', '借据号,贷款金额\nA,1\n');
    expect(await refusal(collect(drop().read('Loan')))).toMatchObject({
      reason: 'MISCONFIGURED',
      message: '贷款台账_1.csv: the mapping of Loan names columns that the file lacks: 金额. It has: 借据号, 贷款金额.',
    });
  });

  it('refuses a book that it does not hold', async () => {
    expect(() => drop().read('Fund')).toThrow('expected one of the books Loan, but got: Fund.');
  });
});

describe('joins within a drop', () => {
  const joins = [{ from: { file: '客户.csv', format: 'csv' }, as: 'k', on: { 客户号: '客户号' } }];
  const joined = { Loan: { ...loans, joins, columns: { ...loans.columns, tenantUscc: 'k.信用代码' } } };

  it('add the cells of the row whose key has the same text', async () => {
    folder.write('贷款台账_1.csv', '借据号,金额,客户号\nA,1, 07 \nB,2,8\nC,3,\n');
    folder.write('客户.csv', '客户号,信用代码\n07,X\n7,Y\n,Z\n');
    const rows = await collect(drop(joined).read('Loan'));
    expect(rows.map((row) => [row.cells.借据号, row.cells['k.信用代码'], row.problem])).toEqual([
      ['A', 'X', undefined],
      ['B', null, undefined],
      ['C', null, undefined],
    ]);
  });

  it('give empty cells when the joined file has no rows', async () => {
    folder.write('贷款台账_1.csv', '借据号,金额,客户号\nA,1,7\n');
    folder.write('客户.csv', '客户号,信用代码\n');
    expect((await collect(drop(joined).read('Loan')))[0]?.cells['k.信用代码']).toBeNull();
  });

  it('mark a row that fits two rows, or one that cannot be read', async () => {
    folder.write('贷款台账_1.csv', '借据号,金额,客户号\nA,1,7\nB,2,8\n');
    folder.write('客户.csv', '客户号,信用代码\n7,X\n7,Y\n8\n');
    expect((await collect(drop(joined).read('Loan'))).map((row) => row.problem)).toEqual([
      'expected one row to join, but got: 2 (客户.csv line 2; 客户.csv line 3)',
      '客户.csv line 4: expected 2 cells, one for each column name, but got: 1',
    ]);
  });

  it('say which columns they lack, on either side', async () => {
    folder.write('贷款台账_1.csv', '借据号,金额\nA,1\n');
    folder.write('客户.csv', '客户号,信用代码\n7,X\n');
    expect((await refusal(collect(drop(joined).read('Loan')))).message).toMatch(/the file lacks: 客户号/);
    folder.write('客户.csv', '编号,信用代码\n7,X\n');
    expect((await refusal(collect(drop(joined).read('Loan')))).message).toBe(
      'the file joined as k lacks columns that it is joined by: 客户号. It has: 编号, 信用代码.',
    );
  });
});

describe('what a drop is as of', () => {
  const asOfFileName = '_(\\d{4})(\\d{2})(\\d{2})\\.csv$';

  it('is the end of the day that its file name states, in the partner’s zone', async () => {
    folder.write('贷款台账_20211231.csv', '借据号,金额\n');
    expect(await drop({ Loan: loans }, { asOfFileName }).asOf()).toBe('2021-12-31T15:59:59.999Z');
    expect(await drop({ Loan: loans }, { asOfFileName, timeZone: 'America/New_York' }).asOf('Loan')).toBe('2022-01-01T04:59:59.999Z');
  });

  it('takes groups by their names too', async () => {
    folder.write('贷款台账_31-12-2021.csv', '借据号,金额\n');
    expect(await drop({ Loan: loans }, { asOfFileName: '(?<day>\\d\\d)-(?<month>\\d\\d)-(?<year>\\d{4})' }).asOf()).toBe('2021-12-31T15:59:59.999Z');
  });

  it('is the latest of its books, and each book’s own', async () => {
    folder.write('贷款台账_20211231.csv', '借据号,金额\n');
    folder.write('产品_20210630.csv', '编号\n');
    const books = { Loan: loans, LoanProduct: { from: { file: '产品_*.csv', format: 'csv' }, columns: { code: '编号' } } };
    expect(await drop(books, { asOfFileName }).asOf()).toBe('2021-12-31T15:59:59.999Z');
    expect(await drop(books, { asOfFileName }).asOf('LoanProduct')).toBe('2021-06-30T15:59:59.999Z');
  });

  it('is the latest time of change where no name states a day', async () => {
    const path = folder.write('贷款台账_1.csv', '借据号,金额\n');
    utimesSync(path, new Date(), new Date('2022-03-04T05:06:07.000Z'));
    expect(await drop().asOf()).toBe('2022-03-04T05:06:07.000Z');
  });

  it('refuses a name without the day, a day that does not exist, and an expression that is none', async () => {
    folder.write('贷款台账_20211332.csv', '借据号,金额\n');
    expect((await refusal(drop({ Loan: loans }, { asOfFileName }).asOf())).message).toBe(
      '贷款台账_20211332.csv: expected a day in the file name, but got: 2021-13-32.',
    );
    expect((await refusal(drop({ Loan: loans }, { asOfFileName: '(\\d{9})' }).asOf())).reason).toBe('MISCONFIGURED');
    expect((await refusal(drop({ Loan: loans }, { asOfFileName: '(' }).asOf())).message).toBe('asOfFileName: expected a regular expression, but got: (');
  });

  it('knows nights on which clocks are put forward, back, or over midnight', () => {
    expect(endOfDay('2021-03-28', 'Europe/Berlin')).toBe('2021-03-28T21:59:59.999Z');
    expect(endOfDay('2021-10-31', 'Europe/Berlin')).toBe('2021-10-31T22:59:59.999Z');
    expect(endOfDay('2021-03-27', 'Asia/Beirut')).toBe('2021-03-27T21:59:59.999Z');
    expect(endOfDay('2021-12-31', 'Pacific/Kiritimati')).toBe('2021-12-31T09:59:59.999Z');
    expect(endOfDay('2021-12-31', 'Etc/GMT+12')).toBe('2022-01-01T11:59:59.999Z');
  });
});

describe('the fingerprint of a drop', () => {
  const named = { asOfFileName: '_(\\d{4})(\\d{2})(\\d{2})\\.csv$' };

  it('stays while the files that the books name stay, and changes with their contents and names', async () => {
    const path = folder.write('贷款台账_20211231.csv', '借据号,金额\nA,1\n');
    const first = await drop({ Loan: loans }, named).fingerprint();
    folder.write('说明.txt', '新的说明');
    utimesSync(path, new Date(), new Date('2022-03-04T05:06:07.000Z'));
    expect(await drop({ Loan: loans }, named).fingerprint()).toBe(first);
    writeFileSync(path, '借据号,金额\nA,2\n');
    const second = await drop({ Loan: loans }, named).fingerprint();
    expect(second).not.toBe(first);
    folder.write('贷款台账_20220331.csv', '借据号,金额\nA,2\n');
    expect(await drop({ Loan: loans }, named).fingerprint()).not.toBe(second);
  });

  it('changes with the joined files', async () => {
    folder.write('贷款台账_20211231.csv', '借据号,金额\n');
    folder.write('客户.csv', '客户号\n1\n');
    const books = { Loan: { ...loans, joins: [{ from: { file: '客户.csv', format: 'csv' }, as: 'k', on: { 客户号: '借据号' } }] } };
    const first = await drop(books, named).fingerprint();
    folder.write('客户.csv', '客户号\n2\n');
    expect(await drop(books, named).fingerprint()).not.toBe(first);
  });

  it('changes with the time of change where that is what the drop is as of', async () => {
    const path = folder.write('贷款台账_1.csv', '借据号,金额\n');
    const first = await drop().fingerprint();
    utimesSync(path, new Date(), new Date('2022-03-04T05:06:07.000Z'));
    expect(await drop().fingerprint()).not.toBe(first);
  });
});

describe('a file pattern', () => {
  it('means what the same pattern means as a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '台'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '台', '*'), maxLength: 6 });
    fc.assert(
      fc.property(text, pattern, (name, glob) => fits(name, glob) === new RegExp(`^${glob.replaceAll('*', '.*')}$`, 'u').test(name)),
      { numRuns: 2000 },
    );
  });

  it('takes all else literally, and no time on hostile names', () => {
    expect(fits('a+b(1).csv', 'a+b(1).csv')).toBe(true);
    expect(fits('aab1xcsv', 'a+b(1).csv')).toBe(false);
    const started = performance.now();
    expect(fits('a'.repeat(255), `${'a*'.repeat(60)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});
