/** 交通银行's book as it is dropped: three CSV files in GB18030 with Chinese headers, amounts in 万元 and balances in 元, a totals row. */
import iconv from 'iconv-lite';
import { compareText } from '../../src/values/text.js';
import { formatYuan, sum, tenThousands, withSeparators } from './amounts.js';
import { AS_OF } from './calendar.js';
import type { Company } from './companies.js';
import type { Faults } from './faults.js';
import { balanceAt, type LoanRow } from './lending.js';
import type { World } from './world.js';
import { csvText } from './write-csv.js';

const KINDS: Readonly<Record<LoanRow['kind'], string>> = {
  CREDIT: '信用',
  GUARANTEED: '保证',
  MORTGAGE: '抵押',
  PLEDGE_IP: '知识产权质押',
  PLEDGE_OTHER: '其他质押',
  TECH_LOAN: '科技贷',
  VENTURE_LINKED: '投联贷',
};
const CLASSES: Readonly<Record<LoanRow['classification'], string>> = {
  NORMAL: '正常',
  SPECIAL_MENTION: '关注',
  SUBSTANDARD: '次级',
  DOUBTFUL: '可疑',
  LOSS: '损失',
};
const STATES: Readonly<Record<LoanRow['status'], string>> = { ACTIVE: '未结清', OVERDUE: '逾期', REPAID: '已结清', WRITTEN_OFF: '已核销' };

/** The quarter before: a drop that the later one supersedes, left in the folder as partners do. */
const EARLIER = '2021-09-30';

/** The files by name. */
export function bocomFiles(world: World, faults: Faults): Map<string, Buffer> {
  const { loans, products } = world.banks.bocom;
  const customers = [...new Set([...loans, faults.unreadableAmount].map((loan) => loan.company))].sort((a, b) => compareText(a.uscc, b.uscc));
  const numberOf = (company: Company): string => `C${String(41_070_000 + customers.indexOf(company) * 13 + 5)}`;
  const files = new Map<string, Buffer>();
  const add = (name: string, rows: readonly (readonly (string | null)[])[]): void => {
    files.set(name, iconv.encode(csvText(rows, '\r\n'), 'gb18030'));
  };
  const ledger = (day: string): (string | null)[][] => {
    const known = loans.filter((loan) => loan.date <= day);
    const rows = known.map((loan) => loanCells(day === AS_OF ? loan : asOf(loan, day), numberOf(loan.company)));
    if (day === AS_OF)
      rows.push(loanCells(faults.unreadableAmount, numberOf(faults.unreadableAmount.company)).map((cell, index) => (index === 4 ? '约120万' : cell)));
    const total = sum(known.map((loan) => loan.amount));
    const header = [
      '借据编号',
      '客户编号',
      '产品代码',
      '担保方式',
      '发放金额（万元）',
      '贷款余额（元）',
      '年利率（%）',
      '发放日期',
      '到期日期',
      '五级分类',
      '台账状态',
    ];
    return [header, ...rows, ['合计', null, null, null, withSeparators(tenThousands(total)), null, null, null, null, null, null]];
  };
  add('贷款台账_20210930.csv', ledger(EARLIER));
  add('贷款台账_20211231.csv', ledger(AS_OF));
  add('客户信息_20211231.csv', [
    ['客户编号', '客户名称', '统一社会信用代码', '开户网点'],
    ...customers.map((company) => [numberOf(company), company.name, company.uscc, '新乡高新区支行']),
  ]);
  add('产品目录_20211231.csv', [
    ['产品代码', '产品名称', '担保方式', '最高额度（万元）', '最长期限（月）'],
    ...products.map((product) => [
      product.code,
      product.name,
      KINDS[product.kind],
      product.maximumAmount === null ? '-' : withSeparators(tenThousands(product.maximumAmount)),
      String(product.maximumMonths ?? '-'),
    ]),
  ]);
  add('授信客户资料_20211231.csv', [
    ['资料编号', '客户编号', '资料日期', '报表年度', '年末从业人员（人）', '营业收入（万元）', '注册资本（万元）'],
    ...world.stated.profiles.bocom.map((row) => [
      row.number,
      numberOf(row.company),
      row.date.replaceAll('-', '/'),
      String(row.year ?? '-'),
      String(row.staff ?? '-'),
      row.revenue === null ? '-' : withSeparators(tenThousands(row.revenue)),
      withSeparators(tenThousands(row.registeredCapital)),
    ]),
  ]);
  return files;
}

/** A loan as the earlier ledger had it; those in trouble since then still went well. */
function asOf(loan: LoanRow, day: string): LoanRow {
  const balance = balanceAt(loan, day);
  return { ...loan, balance, classification: 'NORMAL', status: balance === 0n ? 'REPAID' : 'ACTIVE' };
}

function loanCells(loan: LoanRow, customer: string): (string | null)[] {
  return [
    loan.number,
    customer,
    loan.productCode,
    KINDS[loan.kind],
    tenThousands(loan.amount),
    withSeparators(formatYuan(loan.balance)),
    (loan.rate / 100).toFixed(2),
    loan.date.replaceAll('-', '/'),
    loan.maturesOn.replaceAll('-', '/'),
    CLASSES[loan.classification],
    STATES[loan.status],
  ];
}
