/** 工商银行's book as its core system keeps it: pinyin abbreviations, yuan, yyyyMMdd, code lists of its own, a deleted flag. */
import { compareText } from '../../src/values/text.js';
import { tenThousands } from './amounts.js';
import type { Company } from './companies.js';
import type { Faults } from './faults.js';
import type { LoanRow, ProductRow } from './lending.js';
import type { World } from './world.js';
import { type Cell, writeDatabase } from './write-sqlite.js';

const KINDS: Readonly<Record<LoanRow['kind'], string>> = {
  CREDIT: '10',
  GUARANTEED: '20',
  MORTGAGE: '30',
  PLEDGE_IP: '41',
  PLEDGE_OTHER: '42',
  TECH_LOAN: '50',
  VENTURE_LINKED: '60',
};
const CLASSES: Readonly<Record<LoanRow['classification'], string>> = { NORMAL: '1', SPECIAL_MENTION: '2', SUBSTANDARD: '3', DOUBTFUL: '4', LOSS: '5' };
const STATES: Readonly<Record<LoanRow['status'], string>> = { ACTIVE: '01', OVERDUE: '02', REPAID: '03', WRITTEN_OFF: '04' };

/** Writes book.db. */
export function writeIcbc(path: string, world: World, faults: Faults): void {
  const { loans, products } = world.banks.icbc;
  const faulty = [faults.unknownClass, ...faults.deleted];
  const customers = [...new Set([...loans, ...faulty].map((loan) => loan.company))].sort((a, b) => compareText(a.uscc, b.uscc));
  const numberOf = (company: Company): string => `KH${String(1_700_100 + customers.indexOf(company) * 37)}`;
  const loanCells = (loan: LoanRow, deleted: boolean): Cell[] => [
    loan.number,
    numberOf(loan.company),
    loan.productCode,
    KINDS[loan.kind],
    yuanNumber(loan.amount),
    yuanNumber(loan.balance),
    loan.rate / 100,
    compactDay(loan.date),
    compactDay(loan.maturesOn),
    loan === faults.unknownClass ? '9' : CLASSES[loan.classification],
    STATES[loan.status],
    deleted ? '1' : '0',
  ];
  writeDatabase(path, [
    {
      name: 'kh_jbxx',
      columns: ['khh TEXT PRIMARY KEY', 'khmc TEXT', 'tyshxydm TEXT', 'khzt TEXT'],
      rows: customers.map((company) => [numberOf(company), company.name, company.uscc, company.status === 'IN_PARK' ? '1' : '0']),
    },
    {
      name: 'cp_ml',
      columns: ['cpbh TEXT PRIMARY KEY', 'cpmc TEXT', 'cplx TEXT', 'zged NUMERIC', 'zcqx INTEGER', 'qybz TEXT'],
      rows: [...products.map(productCells), ['P0009', '小额信用贷款（已停办）', '10', 100_000, 6, '0']],
    },
    {
      // The credit file: revenue in 元, registered capital in 万元.
      name: 'kh_zl',
      columns: ['zlbh TEXT PRIMARY KEY', 'khh TEXT', 'zlrq TEXT', 'bbnd INTEGER', 'cyrs INTEGER', 'yysr NUMERIC', 'zczb NUMERIC'],
      rows: world.stated.profiles.icbc.map((row) => [
        row.number,
        numberOf(row.company),
        compactDay(row.date),
        row.year,
        row.staff,
        row.revenue === null ? null : yuanNumber(row.revenue),
        Number(tenThousands(row.registeredCapital)),
      ]),
    },
    {
      name: 'zl_zy',
      columns: ['zybh TEXT PRIMARY KEY', 'khh TEXT', 'zlh TEXT', 'jjbh TEXT', 'djrq TEXT', 'zxrq TEXT'],
      rows: world.stated.pledges.icbc.map((row) => [
        row.number,
        numberOf(row.company),
        row.patentNumber,
        row.loanNumber,
        compactDay(row.registeredOn),
        row.releasedOn === null ? null : compactDay(row.releasedOn),
      ]),
    },
    {
      name: 'dk_jj',
      columns: [
        'jjbh TEXT PRIMARY KEY',
        'khh TEXT',
        'cpbh TEXT',
        'dklx TEXT',
        'fkje NUMERIC',
        'dkye NUMERIC',
        'nll REAL',
        'fkrq TEXT',
        'dqrq TEXT',
        'wjfl TEXT',
        'jjzt TEXT',
        'scbz TEXT',
      ],
      rows: [...loans.map((loan) => loanCells(loan, false)), loanCells(faults.unknownClass, false), ...faults.deleted.map((loan) => loanCells(loan, true))],
    },
  ]);
}

function productCells(product: ProductRow): Cell[] {
  return [
    product.code,
    product.name,
    KINDS[product.kind],
    product.maximumAmount === null ? null : yuanNumber(product.maximumAmount),
    product.maximumMonths,
    '1',
  ];
}

function yuanNumber(fen: bigint): number {
  return Number(fen) / 100;
}

function compactDay(day: string): string {
  return day.replaceAll('-', '');
}
