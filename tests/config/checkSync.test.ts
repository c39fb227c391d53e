import { describe, expect, it } from 'vitest';
import { checkSourceFile } from '../../src/config/checkSourceFile.js';
import { describeProblem } from '../../src/config/problem.js';
import { isMirrored, type SourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { changedLoanBook, loanBook, loanSource } from '../helpers/loanPark.js';

const problems = (declared: object): string[] => checkSourceFile(sourceFileSchema.parse(declared), () => 1).map((problem) => describeProblem(problem));
const { asOfFileName: _asOf, ...undated } = loanSource() as { asOfFileName: string };
const sql = (rest: object = {}): object => ({
  ...undated,
  connector: 'sql',
  connection: { type: 'sqlite', file: 'book.db' },
  books: { Loan: { ...loanBook, from: { table: 'dk' } } },
  ...rest,
});
const schedule = (text: string): Record<string, unknown> => ({ sync: { schedule: text } });

describe('a source that is mirrored', () => {
  it('is every drop folder, and what says so', () => {
    expect(isMirrored(sourceFileSchema.parse(loanSource()))).toBe(true);
    expect(isMirrored(sourceFileSchema.parse(sql()) as SourceFile)).toBe(false);
    expect(isMirrored(sourceFileSchema.parse(sql({ mode: 'mirrored', ...schedule('@daily') })))).toBe(true);
  });

  it.each(['30 2 * * *', '*/10 9-18 * * MON-FRI', '0 30 2 * * *', '@daily', '0 0 L * *'])('has a schedule: %s', (text) => {
    expect(problems(loanSource(loanBook, schedule(text)))).toEqual([]);
    expect(problems(sql({ mode: 'mirrored', ...schedule(text) }))).toEqual([]);
  });

  it.each(['', 'daily', '60 * * * *', '* * * *', '* * * * * * *', '2027-01-01T00:00:00', '@noon', '*/0 * * * *'])('has no schedule such as "%s"', (text) => {
    const declared = loanSource(loanBook, schedule(text));
    if (text === '') return expect(() => sourceFileSchema.parse(declared)).toThrow();
    expect(problems(declared)).toEqual([
      `bank/source.yml:1: sync.schedule: expected the fields of cron (minute, hour, day, month, weekday; seconds may stand first) such as 30 2 * * *, but got: ${text}`,
    ]);
  });

  it('has no schedule that never comes', () => {
    expect(problems(loanSource(loanBook, schedule('0 0 30 2 *')))).toEqual([expect.stringContaining('that comes to pass some day, but got: 0 0 30 2 *')]);
  });

  it('needs one where nothing else tells that it has changed', () => {
    expect(problems(sql({ mode: 'mirrored' }))).toEqual([
      'bank/source.yml:1: sync: expected a schedule, for nothing else tells when a database or an API has changed, but got: none',
    ]);
  });

  it('is not read live, and what is read live has no schedule', () => {
    expect(problems(loanSource(loanBook, { mode: 'live' }))).toEqual([
      'bank/source.yml:1: mode: expected mirrored or nothing, for files are always mirrored, but got: live',
    ]);
    expect(problems(sql(schedule('@daily')))).toEqual([
      'bank/source.yml:1: sync: expected no schedule, for the source is read live (mode: mirrored would copy it), but got: one',
    ]);
  });
});

describe('files of changes', () => {
  it('are put in order by the days in their names', () => {
    expect(problems(loanSource(changedLoanBook))).toEqual([]);
    expect(problems({ ...undated, books: { Loan: changedLoanBook } })).toEqual([
      'bank/source.yml:1: books.Loan.changes: expected asOfFileName beside it: the day in their names puts the files in order, but got: none',
    ]);
  });

  it('are files of the drop folder', () => {
    expect(problems(sql({ books: { Loan: { ...loanBook, from: { table: 'dk' }, changes: { file: '变动_*.csv' } } } }))).toEqual([
      'bank/source.yml:1: books.Loan.changes: expected no files of changes, for the source is no drop folder, but got: some',
    ]);
    expect(problems(loanSource({ ...loanBook, changes: { file: '../变动_*.csv' } }))).toEqual([
      "bank/source.yml:1: books.Loan.changes.file: expected the name of a file in the source's folder, without folders, but got: ../变动_*.csv",
    ]);
  });
});

describe('what a format has no use for', () => {
  it.each([
    ['tsv', { delimiter: ';' }, 'delimiter'],
    ['tsv', { sheet: '台账' }, 'sheet'],
    ['jsonl', { headerRow: 2 }, 'headerRow'],
    ['jsonl', { delimiter: ';' }, 'delimiter'],
    ['jsonl', { sheet: '台账' }, 'sheet'],
  ])('is told: %s with %j', (format, rest, field) => {
    const declared = loanSource({ ...loanBook, from: { file: 'a', format, ...rest } });
    expect(problems(declared)).toEqual([expect.stringContaining(`books.Loan.from.${field}: expected no ${field}, for the format is ${format}, but got: `)]);
  });
});
