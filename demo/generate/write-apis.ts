/** The books of the two partners with an HTTP API, in the shape in which each answers; the stand-in serves them. */
import { formatYuan, thousands } from './amounts.js';
import { dayNumber } from './calendar.js';
import type { CashFlowRow, FundRow, InvestmentRow, ValuationRow } from './capital.js';
import { type Faults, SECOND_BALANCE } from './faults.js';
import type { LoanRow } from './lending.js';
import type { World } from './world.js';

/** Rows by the path of their resource, as the stand-in reads them. */
export interface ApiData {
  readonly notice: string;
  readonly resources: Readonly<Record<string, readonly object[]>>;
}

const NOTICE = 'Made up by demo/generate; no figure is a real one. 数据均为虚构。';

const SPDB_CLASSES: Readonly<Record<LoanRow['classification'], string>> = {
  NORMAL: 'PASS',
  SPECIAL_MENTION: 'WATCH',
  SUBSTANDARD: 'SUBSTANDARD',
  DOUBTFUL: 'DOUBTFUL',
  LOSS: 'LOSS',
};
const SPDB_STATES: Readonly<Record<LoanRow['status'], string>> = { ACTIVE: 'PERFORMING', OVERDUE: 'PAST_DUE', REPAID: 'SETTLED', WRITTEN_OFF: 'CHARGED_OFF' };
const SPDB_KINDS: Readonly<Record<LoanRow['kind'], string>> = {
  CREDIT: 'unsecured',
  GUARANTEED: 'guaranteed',
  MORTGAGE: 'mortgage',
  PLEDGE_IP: 'ipPledge',
  PLEDGE_OTHER: 'otherPledge',
  TECH_LOAN: 'techLoan',
  VENTURE_LINKED: 'ventureLinked',
};

/** 浦发银行: camelCase, nested, yuan as texts, drawn at an instant in milliseconds. */
export function spdbData(world: World, faults: Faults): ApiData {
  const { loans, products } = world.banks.spdb;
  const row = (loan: LoanRow, other: { uscc?: string; name?: string; state?: string; balance?: bigint } = {}): object => ({
    loanNo: loan.number,
    borrower: { name: other.name ?? loan.company.name, creditCode: other.uscc ?? loan.company.uscc },
    product: loan.productCode === null ? null : { code: loan.productCode },
    security: SPDB_KINDS[loan.kind],
    // The amount is a text and the balance a number: the bank's two systems write them so.
    principal: { amount: formatYuan(loan.amount), currency: 'CNY' },
    outstanding: Number(other.balance ?? loan.balance) / 100,
    annualRate: (loan.rate / 10_000).toFixed(4),
    disbursedAt: midnightInShanghai(loan.date),
    dueDate: loan.maturesOn,
    riskLevel: SPDB_CLASSES[loan.classification],
    state: other.state ?? SPDB_STATES[loan.status],
  });
  const { row: stranger, uscc, name } = faults.stranger;
  return {
    notice: NOTICE,
    resources: {
      '/v1/loans': [
        ...loans.map((loan) => row(loan)),
        row(stranger, { uscc, name }),
        row(faults.cancelled, { state: 'CANCELLED' }),
        row(faults.twice),
        row(faults.twice, { balance: SECOND_BALANCE }),
      ],
      '/v1/pledges': world.stated.pledges.spdb.map((pledge) => ({
        pledgeNo: pledge.number,
        pledgor: { name: pledge.company.name, creditCode: pledge.company.uscc },
        patentNo: pledge.patentNumber,
        loanNo: pledge.loanNumber,
        registeredAt: midnightInShanghai(pledge.registeredOn),
        releasedAt: pledge.releasedOn === null ? null : midnightInShanghai(pledge.releasedOn),
      })),
      '/v1/products': products.map((product) => ({
        code: product.code,
        title: product.name,
        security: SPDB_KINDS[product.kind],
        limit: { amount: product.maximumAmount === null ? null : formatYuan(product.maximumAmount), months: product.maximumMonths },
      })),
    },
  };
}

/** The first moment of a day in China, in milliseconds since 1970: in UTC it is still the day before. */
function midnightInShanghai(day: string): number {
  return dayNumber(day) * 86_400_000 - 8 * 3_600_000;
}

const HUAYU_STAGES: Readonly<Record<InvestmentRow['round'], string>> = {
  SEED: 'seed',
  ANGEL: 'angel',
  PRE_A: 'pre_a',
  A: 'series_a',
  B: 'series_b',
  C: 'series_c',
  STRATEGIC: 'strategic',
};
const HUAYU_STATES: Readonly<Record<InvestmentRow['status'], string>> = {
  HELD: 'active',
  PARTLY_EXITED: 'partial_exit',
  EXITED: 'exited',
  WRITTEN_OFF: 'written_off',
};
const HUAYU_FUND_STATES: Readonly<Record<FundRow['state'], string>> = {
  OPERATING: 'operating',
  EARLY_LIQUIDATION: 'wound_up_early',
  LIQUIDATION: 'wound_up',
  DELAYED_LIQUIDATION: 'wound_up_late',
};
const HUAYU_TYPES: Readonly<Record<CashFlowRow['kind'], string>> = { CONTRIBUTION: 'capital_call', DISTRIBUTION: 'distribution' };
const HUAYU_BASES: Readonly<Record<ValuationRow['method'], string>> = {
  COST: 'cost',
  LAST_ROUND: 'last_round',
  MULTIPLES: 'multiples',
  NET_ASSETS: 'net_assets',
};

/** 华誉齐贤: snake_case, thousands of yuan, stakes in basis points. */
export function huayuData(world: World, faults: Faults): ApiData {
  const book = world.investors.huayu;
  const thousand = (fen: bigint): number => Number(thousands(fen));
  return {
    notice: NOTICE,
    resources: {
      '/api/v2/reviews': world.stated.followUps.huayu.map((row) => ({
        review_no: row.number,
        company: { name: row.company.name, credit_code: row.company.uscc },
        fiscal_year: row.year,
        reviewed_on: row.date,
        headcount: row.staff,
        revenue_k: thousand(row.revenue),
      })),
      '/api/v2/funds': book.funds.map((fund) => ({
        fund_code: fund.code,
        fund_name: fund.name,
        amac_code: fund.filingCode,
        vintage: fund.vintageYear,
        committed_k: thousand(fund.commitment),
        state: HUAYU_FUND_STATES[fund.state],
      })),
      '/api/v2/holdings': book.investments.map((row) => ({
        holding_no: row.number,
        company: { name: row.company.name, credit_code: row.company.uscc },
        fund_code: row.fundCode,
        stage: HUAYU_STAGES[row.round],
        cost_k: thousand(row.amount),
        closed_on: row.date,
        ownership_bp: row.stake,
        state: HUAYU_STATES[row.status],
      })),
      '/api/v2/cash-flows': book.cashFlows.map((row) => ({
        flow_no: row.number,
        holding_no: row.investmentNumber,
        type: HUAYU_TYPES[row.kind],
        value_date: `${row.date}T00:00:00+08:00`,
        amount_k: thousand(row.amount),
      })),
      '/api/v2/valuations': [...book.valuations, faults.unknownMethod].map((row) => ({
        mark_no: row.number,
        holding_no: row.investmentNumber,
        as_of: row.date.replaceAll('-', '.'),
        fair_value_k: thousand(row.value),
        basis: row === faults.unknownMethod ? 'dcf' : HUAYU_BASES[row.method],
      })),
    },
  };
}
