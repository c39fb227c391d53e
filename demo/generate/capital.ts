/** What the three investors hold, as made-up rows before any of them writes them its own way; and the park's own money. */
import type { CashFlowKind, FundState, InvestmentRound, InvestmentStatus, ParkFundingKind, ValuationMethod } from '../../src/entities/capital/enums.js';
import { compareText } from '../../src/values/text.js';
import { permille, yuan } from './amounts.js';
import { GUANGXING } from './article.js';
import { AS_OF, addDays, addMonths, earlier, later, pad, randomWorkday, yearOf } from './calendar.js';
import { type HoldingPlan, INVESTOR_PLANS } from './capital-plans.js';
import type { Company } from './companies.js';
import { Random } from './random.js';

/** A fund; money in fen. */
export interface FundRow {
  readonly code: string;
  readonly name: string;
  readonly filingCode: string | null;
  readonly vintageYear: number;
  readonly commitment: bigint;
  readonly state: FundState;
}

/** A holding; money in fen, the stake in basis points. */
export interface InvestmentRow {
  readonly number: string;
  readonly company: Company;
  readonly fundCode: string;
  readonly round: InvestmentRound;
  readonly amount: bigint;
  readonly date: string;
  readonly stake: number;
  readonly status: InvestmentStatus;
}

/** Money between an investor and a company; in fen. */
export interface CashFlowRow {
  readonly number: string;
  readonly investmentNumber: string;
  readonly kind: CashFlowKind;
  readonly date: string;
  readonly amount: bigint;
}

/** A holding's worth at a year's end; in fen. */
export interface ValuationRow {
  readonly number: string;
  readonly investmentNumber: string;
  readonly date: string;
  readonly value: bigint;
  readonly method: ValuationMethod;
}

/** The book of one investor. */
export interface InvestorBook {
  readonly funds: readonly FundRow[];
  readonly investments: readonly InvestmentRow[];
  readonly cashFlows: readonly CashFlowRow[];
  readonly valuations: readonly ValuationRow[];
}

/** The books of the three investors. */
export function makeInvestorBooks(companies: readonly Company[]): Record<keyof typeof INVESTOR_PLANS, InvestorBook> {
  return { huakai: bookOf('huakai', companies), hongtu: bookOf('hongtu', companies), huayu: bookOf('huayu', companies) };
}

function bookOf(id: keyof typeof INVESTOR_PLANS, companies: readonly Company[]): InvestorBook {
  const random = new Random(`xinxiang/capital/${id}`);
  const { prefix, funds, holdings } = INVESTOR_PLANS[id];
  const chosen = new Set<Company>();
  const investments = holdings.map((holding, index): InvestmentRow => {
    const company = companyFor(random, companies, holding, chosen);
    chosen.add(company);
    const first = later(`${holding.year}-01-10`, addDays(company.enteredOn, 10));
    const date = randomWorkday(random, first, earlier(`${holding.year}-12-20`, company.leftOn === null ? AS_OF : addDays(company.leftOn, -5)));
    const amount = BigInt(Math.round(holding.thousandYuan * 10)) * 10_000n;
    const open = funds.filter((candidate) => candidate.vintageYear <= holding.year && (candidate.state !== 'LIQUIDATION' || holding.year < 2017));
    return {
      number: `${prefix}-${holding.year}-${pad(index + 1, 3)}`,
      company,
      fundCode: (open.at(-1) as FundRow).code,
      round: amount >= yuan(2_000_000) ? 'A' : amount >= yuan(900_000) ? 'PRE_A' : amount >= yuan(400_000) ? 'ANGEL' : 'SEED',
      amount,
      date,
      stake: random.integer(250, 1_500),
      status: holding.status,
    };
  });
  return { funds, investments, ...flowsAndValuations(random, prefix, investments) };
}

/** A company that fits the plan and that the investor does not hold yet; of the years before its tenancy nobody invests. */
function companyFor(random: Random, companies: readonly Company[], holding: HoldingPlan, chosen: ReadonlySet<Company>): Company {
  const end = `${holding.year}-12-01`;
  const fits = (company: Company): boolean => {
    if (company.enteredOn >= `${holding.year}-11-01` || (company.leftOn !== null && company.leftOn < `${holding.year}-03-01`)) return false;
    switch (holding.who) {
      case 'guangxing':
        return company.name === GUANGXING;
      case 'financed':
        return company.ground === 'FINANCED' && company.leftOn !== null && company.leftOn > end;
      case 'graduate':
        return (
          company.status === 'GRADUATED' &&
          company.ground !== 'FINANCED' &&
          company.ground !== undefined &&
          (company.leftOn as string) > end &&
          (company.leftOn as string) < '2021-06-01'
        );
      case 'evicted':
        return company.reason === 'BELOW_EXPECTATION' && (company.leftOn as string) > end;
      case 'highTech':
        return company.status === 'IN_PARK' && company.highTechIssues.length > 0 && company.name !== GUANGXING;
      case 'tenant':
        return company.status === 'IN_PARK' && company.highTechIssues.length === 0 && company.techSmeYears.length > 0;
    }
  };
  const candidates = companies.filter((company) => fits(company) && !chosen.has(company));
  if (candidates.length === 0) throw new Error(`companyFor: nobody fits ${holding.who} in ${holding.year}.`);
  return random.pick(candidates);
}

/** Paid in at once or in two parts; yearly valuations while it is held; distributions on an exit. */
function flowsAndValuations(random: Random, prefix: string, investments: readonly InvestmentRow[]): Pick<InvestorBook, 'cashFlows' | 'valuations'> {
  const flows: Omit<CashFlowRow, 'number'>[] = [];
  const values: Omit<ValuationRow, 'number'>[] = [];
  for (const investment of investments) {
    const { number: investmentNumber, amount, date, status } = investment;
    const secondOn = addMonths(date, 4);
    if (amount >= yuan(1_000_000) && secondOn <= AS_OF) {
      const first = permille(amount, 600);
      flows.push(
        { investmentNumber, kind: 'CONTRIBUTION', date, amount: first },
        { investmentNumber, kind: 'CONTRIBUTION', date: secondOn, amount: amount - first },
      );
    } else {
      flows.push({ investmentNumber, kind: 'CONTRIBUTION', date, amount });
    }
    const over = status === 'EXITED' || status === 'WRITTEN_OFF';
    const exitOn = status === 'HELD' ? null : randomWorkday(random, later(addMonths(date, 15), '2019-03-01'), '2021-11-30');
    if (status === 'EXITED')
      flows.push({ investmentNumber, kind: 'DISTRIBUTION', date: exitOn as string, amount: permille(amount, random.integer(900, 2_900)) });
    if (status === 'PARTLY_EXITED')
      flows.push({ investmentNumber, kind: 'DISTRIBUTION', date: exitOn as string, amount: permille(amount, random.integer(400, 1_100)) });
    if (status === 'HELD' && addMonths(date, 24) < AS_OF && random.chance(40)) {
      flows.push({
        investmentNumber,
        kind: 'DISTRIBUTION',
        date: randomWorkday(random, addMonths(date, 20), '2021-12-20'),
        amount: permille(amount, random.integer(30, 90)),
      });
    }
    let worth = 1_000;
    for (let year = yearOf(date); year <= 2021; year++) {
      const day = `${year}-12-31`;
      if (over && (exitOn as string) <= day) {
        if (status === 'WRITTEN_OFF') values.push({ investmentNumber, date: day, value: 0n, method: 'NET_ASSETS' });
        break;
      }
      const fresh = year === yearOf(date);
      if (!fresh) worth = Math.floor((worth * (status === 'WRITTEN_OFF' ? random.integer(350, 700) : random.integer(900, 1_420))) / 1_000);
      if (status === 'PARTLY_EXITED' && (exitOn as string) <= day && yearOf(exitOn as string) === year) worth = Math.floor((worth * 6) / 10);
      const method: ValuationMethod = fresh ? 'COST' : random.pick(['LAST_ROUND', 'MULTIPLES', 'MULTIPLES', 'NET_ASSETS']);
      values.push({ investmentNumber, date: day, value: permille(amount, worth), method });
    }
  }
  flows.sort((a, b) => compareText(a.date, b.date) || compareText(a.investmentNumber, b.investmentNumber));
  values.sort((a, b) => compareText(a.date, b.date) || compareText(a.investmentNumber, b.investmentNumber));
  return {
    cashFlows: flows.map((row, index) => ({ number: `${prefix}-CF-${pad(index + 1, 4)}`, ...row })),
    valuations: values.map((row, index) => ({ number: `${prefix}-GZ-${pad(index + 1, 4)}`, ...row })),
  };
}

/** A row of parkFundings.csv; money in fen. */
export interface ParkFundingRow {
  readonly number: string;
  readonly tenantUscc: string;
  readonly kind: ParkFundingKind;
  readonly amount: bigint;
  readonly date: string;
}

/** The park's own money by year, in thousands of yuan: 1.5 million in 2021. */
const PARK_MONEY: readonly (readonly [year: number, thousandYuan: number, kind: ParkFundingKind])[] = [
  [2018, 200, 'EQUITY'],
  [2019, 300, 'LOAN'],
  [2019, 250, 'EQUITY'],
  [2020, 400, 'EQUITY'],
  [2020, 300, 'LOAN'],
  [2020, 200, 'LOAN'],
  [2021, 500, 'EQUITY'],
  [2021, 400, 'LOAN'],
  [2021, 350, 'EQUITY'],
  [2021, 250, 'LOAN'],
];

/** The park's own money in tenants. */
export function makeParkFundings(companies: readonly Company[]): ParkFundingRow[] {
  const random = new Random('xinxiang/capital/park');
  const rows = PARK_MONEY.map(([year, thousandYuan, kind]) => {
    const company = random.pick(
      companies.filter(
        (candidate) =>
          candidate.status === 'IN_PARK' && candidate.techSmeYears.length > 0 && candidate.enteredOn < `${year}-09-01` && candidate.name !== GUANGXING,
      ),
    );
    const date = randomWorkday(random, later(`${year}-01-15`, addDays(company.enteredOn, 20)), `${year}-12-15`);
    return { tenantUscc: company.uscc, kind, amount: yuan(thousandYuan * 1_000), date };
  });
  rows.sort((a, b) => compareText(a.date, b.date) || compareText(a.tenantUscc, b.tenantUscc));
  return rows.map((row, index) => ({ number: `ZY-${pad(index + 1, 3)}`, ...row }));
}
