/** 联创华凯's book as its portfolio system keeps it: English names, 万元, ISO dates, codes of its own, stakes in per cent. */
import { compareText } from '../../src/values/text.js';
import { tenThousands } from './amounts.js';
import type { CashFlowRow, FundRow, InvestmentRow, ValuationRow } from './capital.js';
import type { World } from './world.js';
import { writeDatabase } from './write-sqlite.js';

const ROUNDS: Readonly<Record<InvestmentRow['round'], string>> = { SEED: 'SD', ANGEL: 'AN', PRE_A: 'PA', A: 'A', B: 'B', C: 'C', STRATEGIC: 'ST' };
const STATES: Readonly<Record<InvestmentRow['status'], string>> = { HELD: 'H', PARTLY_EXITED: 'PE', EXITED: 'FE', WRITTEN_OFF: 'WO' };
const FUND_STATES: Readonly<Record<FundRow['state'], string>> = {
  OPERATING: 'RUN',
  EARLY_LIQUIDATION: 'EARLY',
  LIQUIDATION: 'END',
  DELAYED_LIQUIDATION: 'LATE',
};
const DIRECTIONS: Readonly<Record<CashFlowRow['kind'], string>> = { CONTRIBUTION: 'OUT', DISTRIBUTION: 'IN' };
const BASES: Readonly<Record<ValuationRow['method'], string>> = { COST: 'COST', LAST_ROUND: 'ROUND', MULTIPLES: 'COMP', NET_ASSETS: 'NAV' };

/** Writes book.db. */
export function writeHuakai(path: string, world: World): void {
  const book = world.investors.huakai;
  const companies = [...new Set(book.investments.map((row) => row.company))].sort((a, b) => compareText(a.uscc, b.uscc));
  const wan = (fen: bigint): number => Number(tenThousands(fen));
  writeDatabase(path, [
    {
      name: 'companies',
      columns: ['id INTEGER PRIMARY KEY', 'legal_name TEXT', 'credit_code TEXT'],
      rows: companies.map((company, index) => [101 + index, company.name, company.uscc]),
    },
    {
      name: 'funds',
      columns: ['fund_code TEXT PRIMARY KEY', 'fund_name TEXT', 'amac_code TEXT', 'first_close_year INTEGER', 'committed_wan NUMERIC', 'state_code TEXT'],
      rows: book.funds.map((fund) => [fund.code, fund.name, fund.filingCode, fund.vintageYear, wan(fund.commitment), FUND_STATES[fund.state]]),
    },
    {
      name: 'deals',
      columns: [
        'deal_no TEXT PRIMARY KEY',
        'company_id INTEGER',
        'fund_code TEXT',
        'round_code TEXT',
        'invested_wan NUMERIC',
        'invested_on TEXT',
        'stake_pct NUMERIC',
        'status_code TEXT',
      ],
      rows: book.investments.map((row) => [
        row.number,
        101 + companies.indexOf(row.company),
        row.fundCode,
        ROUNDS[row.round],
        wan(row.amount),
        row.date,
        row.stake / 100,
        STATES[row.status],
      ]),
    },
    {
      name: 'cash_flows',
      columns: ['flow_no TEXT PRIMARY KEY', 'deal_no TEXT', 'direction TEXT', 'value_date TEXT', 'amount_wan NUMERIC'],
      rows: book.cashFlows.map((row) => [row.number, row.investmentNumber, DIRECTIONS[row.kind], row.date, wan(row.amount)]),
    },
    {
      name: 'marks',
      columns: ['mark_no TEXT PRIMARY KEY', 'deal_no TEXT', 'as_of TEXT', 'fair_value_wan NUMERIC', 'basis TEXT'],
      rows: book.valuations.map((row) => [row.number, row.investmentNumber, row.date, wan(row.value), BASES[row.method]]),
    },
    {
      name: 'reviews',
      columns: ['review_no TEXT PRIMARY KEY', 'company_id INTEGER', 'fiscal_year INTEGER', 'reviewed_on TEXT', 'headcount INTEGER', 'revenue_wan NUMERIC'],
      rows: world.stated.followUps.huakai.map((row) => [row.number, 101 + companies.indexOf(row.company), row.year, row.date, row.staff, wan(row.revenue)]),
    },
  ]);
}
