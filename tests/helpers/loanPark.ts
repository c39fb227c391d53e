/** A park with one bank, whose loans are delivered as files: to be synced by tests, in this process and in others. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { usccCheckCharacter } from '../../src/rules/uscc.js';

/** A valid USCC for each number. */
export function uscc(number: number): string {
  const first = `91410771MA${String(number).padStart(7, '0')}`;
  return first + usccCheckCharacter(first);
}

/** A loan as the bank writes it. */
export interface LoanLine {
  readonly number: string;
  /** In 元, or what else stands in its place. */
  readonly balance: number | string;
  /** Of changes: 删除 closes the loan. */
  readonly operation?: string;
}

/** The book of the bank's source.yml. */
export const loanBook = {
  from: { file: '贷款_*.csv', format: 'csv' },
  columns: {
    number: '借据号',
    tenantUscc: { constant: uscc(1) },
    kind: { constant: 'CREDIT' },
    amount: { constant: 1000 },
    balance: '余额',
    rate: { constant: '0.04' },
    date: { constant: '2021-03-05' },
    maturesOn: { constant: '2022-03-05' },
    classification: { constant: 'NORMAL' },
    status: { constant: 'ACTIVE' },
  },
};

/** The same book, with files of changes. */
export const changedLoanBook = { ...loanBook, changes: { file: '变动_*.csv', closes: [{ column: '操作', equals: '删除' }] } };

/** The bank's source.yml as an object, with its one book. */
export function loanSource(book: object = loanBook, rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 'bank',
    title: '贷款台账',
    connector: 'file',
    partner: { kind: 'bank', name: '示范银行', shortName: '示范' },
    asOfFileName: '_(\\d{4})(\\d{2})(\\d{2})',
    books: { Loan: book },
    ...rest,
  };
}

/** A file of loans; of changes where any line has an operation. */
export function loanFile(lines: readonly LoanLine[], withOperations = lines.some(({ operation }) => operation !== undefined)): string {
  const header = ['借据号', '余额', ...(withOperations ? ['操作'] : [])];
  const rows = lines.map(({ number, balance, operation }) => [number, balance, ...(withOperations ? [operation ?? ''] : [])].join(','));
  return `${[header.join(','), ...rows].join('\n')}\n`;
}

/** Writes the park into a folder, and gives the folder of its bank. */
export function writeLoanPark(folder: string, source: object = loanSource()): string {
  const bank = join(folder, 'bank');
  mkdirSync(bank, { recursive: true });
  const park = {
    id: 'loans',
    name: '测试园',
    operator: '测试',
    city: '新乡市',
    zone: '新乡高新区',
    areaCode: '410771',
    operatedSince: '2018-12-01',
    asOf: '2021-12-31T23:59:59+08:00',
    carriers: [{ code: 'A', name: '孵化器', kind: 'INCUBATOR', level: 'NATIONAL', totalArea: 1 }],
    ruleSets: [],
    assessment: { observationMonths: 6, criteria: [] },
  };
  writeFileSync(join(folder, 'park.yml'), stringify(park));
  writeFileSync(join(bank, 'source.yml'), stringify(source));
  return bank;
}
