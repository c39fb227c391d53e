/** What the three banks lent, as made-up rows before any of them writes them its own way. */
import type { LoanClassification, LoanKind, LoanStatus } from '../../src/entities/lending/enums.js';
import { compareText } from '../../src/values/text.js';
import { allocateSteps, yuan } from './amounts.js';
import { GUANGXING } from './article.js';
import { AS_OF, addDays, addMonths, daysBetween, later, pad, randomWorkday } from './calendar.js';
import type { Company } from './companies.js';
import { Random } from './random.js';

/** A loan product; money in fen. */
export interface ProductRow {
  readonly code: string;
  readonly name: string;
  readonly kind: LoanKind;
  readonly maximumAmount: bigint | null;
  readonly maximumMonths: number | null;
}

/** A loan; money in fen, the rate in basis points. */
export interface LoanRow {
  readonly number: string;
  readonly company: Company;
  readonly productCode: string | null;
  readonly kind: LoanKind;
  readonly amount: bigint;
  /** At the end of 2021. */
  readonly balance: bigint;
  readonly rate: number;
  readonly date: string;
  readonly maturesOn: string;
  readonly classification: LoanClassification;
  readonly status: LoanStatus;
}

/** The book of one bank. */
export interface BankBook {
  readonly products: readonly ProductRow[];
  readonly loans: readonly LoanRow[];
}

interface BankPlan {
  readonly number: (year: number, count: number) => string;
  readonly products: readonly ProductRow[];
  /** Loans of a year, and their sum in yuan. */
  readonly years: readonly (readonly [year: number, count: number, yuan: number])[];
  /** Loans that did not go well: which class, which state, to whom. */
  readonly troubled: readonly (readonly [LoanClassification, LoanStatus, 'tenant' | 'evicted'])[];
}

const product = (code: string, name: string, kind: LoanKind, maximumAmount: number | null, maximumMonths: number | null): ProductRow => ({
  code,
  name,
  kind,
  maximumAmount: maximumAmount === null ? null : yuan(maximumAmount),
  maximumMonths,
});

/** The banks' ids and plans. In 2021: 3.0, 2.2 and 1.8 million yuan. */
const PLANS: Readonly<Record<'icbc' | 'bocom' | 'spdb', BankPlan>> = {
  icbc: {
    number: (year, count) => `17040${year}${pad(count, 5)}`,
    products: [
      product('P0101', '科创信用快贷', 'CREDIT', 500_000, 12),
      product('P0203', '小微企业保证贷款', 'GUARANTEED', 2_000_000, 24),
      product('P0305', '小微企业抵押贷款', 'MORTGAGE', 5_000_000, 36),
      product('P0412', '知识产权质押贷款', 'PLEDGE_IP', 3_000_000, 24),
      product('P0530', '河南省科技贷', 'TECH_LOAN', 5_000_000, 36),
    ],
    years: [
      [2018, 4, 1_400_000],
      [2019, 6, 2_100_000],
      [2020, 9, 2_700_000],
      [2021, 9, 3_000_000],
    ],
    troubled: [['SPECIAL_MENTION', 'OVERDUE', 'tenant']],
  },
  bocom: {
    number: (year, count) => `BOCXX${year % 100}JJ${pad(count, 4)}`,
    products: [
      product('POJD', '普惠e贷', 'CREDIT', 1_000_000, 12),
      product('KJD', '科技贷', 'TECH_LOAN', 10_000_000, 36),
      product('ZSCQ', '知识产权质押融资', 'PLEDGE_IP', 5_000_000, 24),
      product('TDLD', '投贷联动', 'VENTURE_LINKED', null, 36),
    ],
    years: [
      [2018, 5, 1_300_000],
      [2019, 6, 1_600_000],
      [2020, 7, 2_000_000],
      [2021, 7, 2_200_000],
    ],
    troubled: [
      ['SPECIAL_MENTION', 'ACTIVE', 'tenant'],
      ['SUBSTANDARD', 'OVERDUE', 'tenant'],
    ],
  },
  spdb: {
    number: (year, count) => `SPD-${year}-${pad(count * 7, 6)}`,
    products: [
      product('spd-kjkd', '科技快贷', 'CREDIT', 800_000, 12),
      product('spd-dbd', '政府性担保贷', 'GUARANTEED', 3_000_000, null),
      product('spd-zlzy', '专利质押贷', 'PLEDGE_IP', 2_000_000, 24),
      product('spd-cdzy', '存单质押贷', 'PLEDGE_OTHER', null, 12),
    ],
    years: [
      [2018, 3, 900_000],
      [2019, 5, 1_200_000],
      [2020, 7, 1_600_000],
      [2021, 7, 1_800_000],
    ],
    troubled: [
      ['DOUBTFUL', 'OVERDUE', 'evicted'],
      ['LOSS', 'WRITTEN_OFF', 'evicted'],
    ],
  },
};

/** One-year rates in force from a day, in basis points: the benchmark rate, then the LPR. */
const BASE_RATES: readonly (readonly [from: string, rate: number])[] = [
  ['2015-10-24', 435],
  ['2019-08-20', 425],
  ['2019-09-20', 420],
  ['2019-11-20', 415],
  ['2020-02-20', 405],
  ['2020-04-20', 385],
  ['2021-12-20', 380],
];

/** The one-year rate in force on the day, in basis points. */
export function baseRate(day: string): number {
  return BASE_RATES.reduce((rate, [from, value]) => (from <= day ? value : rate), 435);
}

/** The books of the three banks. */
export function makeBankBooks(companies: readonly Company[]): Record<keyof typeof PLANS, BankBook> {
  return { icbc: bookOf('icbc', companies), bocom: bookOf('bocom', companies), spdb: bookOf('spdb', companies) };
}

function bookOf(id: keyof typeof PLANS, companies: readonly Company[]): BankBook {
  const random = new Random(`xinxiang/lending/${id}`);
  const { products, years, number } = PLANS[id];
  const troubled = [...PLANS[id].troubled];
  const loans: Omit<LoanRow, 'number'>[] = [];
  for (const [year, count, total] of years) {
    const amounts = allocateSteps(
      yuan(total),
      yuan(1_000),
      Array.from({ length: count }, () => random.integer(4, 16)),
      60n,
    );
    amounts.forEach((amount, index) => {
      // What went wrong was lent in 2020: it has had the time to.
      const trouble = year === 2020 ? troubled.shift() : undefined;
      const guangxing = year === 2021 && index === 0 && id !== 'bocom';
      const company = borrowerFor(
        random,
        companies,
        year,
        guangxing ? 'guangxing' : (trouble?.[2] ?? (year < 2020 && random.chance(25) ? 'graduate' : 'tenant')),
      );
      const date = randomWorkday(random, later(`${year}-01-08`, addDays(company.enteredOn, 15)), lastDay(company, year));
      const fitting = products.filter(
        (candidate) =>
          (candidate.maximumAmount ?? amount) >= amount &&
          (candidate.kind !== 'TECH_LOAN' || company.highTechIssues.length > 0 || company.techSmeYears.length > 0),
      );
      const chosen = guangxing
        ? (products.find((candidate) => candidate.kind === 'TECH_LOAN' || candidate.kind === 'PLEDGE_IP') as ProductRow)
        : random.pick(fitting);
      const months = Math.min(chosen.maximumMonths ?? 24, random.pick([12, 12, 24, 36]));
      loans.push({ company, ...termsOf(random, chosen, amount, date, months, trouble) });
    });
  }
  loans.sort((a, b) => compareText(a.date, b.date) || compareText(a.company.uscc, b.company.uscc));
  return { products, loans: loans.map((loan, index) => ({ number: number(Number(loan.date.slice(0, 4)), index + 1), ...loan })) };
}

function lastDay(company: Company, year: number): string {
  const end = `${year}-12-24`;
  return company.leftOn !== null && company.leftOn < end ? addDays(company.leftOn, -10) : end;
}

function borrowerFor(random: Random, companies: readonly Company[], year: number, who: 'guangxing' | 'tenant' | 'graduate' | 'evicted'): Company {
  const present = companies.filter((company) => company.enteredOn < `${year}-09-01` && (company.leftOn === null || company.leftOn > `${year}-09-01`));
  const candidates = present.filter((company) => {
    if (who === 'guangxing') return company.name === GUANGXING;
    if (who === 'graduate') return company.status === 'GRADUATED';
    if (who === 'evicted') return company.reason === 'BELOW_EXPECTATION';
    return (
      company.status === 'IN_PARK' &&
      company.name !== GUANGXING &&
      (company.highTechIssues.length > 0 || (company.techSmeYears.length > 0 && random.chance(45)))
    );
  });
  if (candidates.length === 0) throw new Error(`borrowerFor: nobody fits ${who} in ${year}.`);
  return random.pick(candidates);
}

function termsOf(
  random: Random,
  chosen: ProductRow,
  amount: bigint,
  date: string,
  months: number,
  trouble: readonly [LoanClassification, LoanStatus, string] | undefined,
): Omit<LoanRow, 'number' | 'company'> {
  const terms = { productCode: random.chance(94) ? chosen.code : null, kind: chosen.kind, amount, rate: baseRate(date) + random.integer(0, 22) * 5, date };
  if (trouble) {
    const [classification, status] = trouble;
    // Overdue: it should have been repaid by now.
    const maturesOn = status === 'ACTIVE' ? addMonths(date, 36) : addMonths(date, 12);
    return { ...terms, balance: (amount * BigInt(random.integer(4, 9))) / 10n, maturesOn, classification, status };
  }
  const maturesOn = addMonths(date, months);
  if (maturesOn <= AS_OF) return { ...terms, balance: 0n, maturesOn, classification: 'NORMAL', status: 'REPAID' };
  return { ...terms, balance: balanceAt({ amount, date, maturesOn }, AS_OF), maturesOn, classification: 'NORMAL', status: 'ACTIVE' };
}

/** What is outstanding on a day of a loan that goes well: all of a loan of a year, of a longer one less every quarter; whole yuan. */
export function balanceAt(loan: Pick<LoanRow, 'amount' | 'date' | 'maturesOn'>, day: string): bigint {
  if (day >= loan.maturesOn) return 0n;
  const quarters = BigInt(Math.round(daysBetween(loan.date, loan.maturesOn) / 91));
  if (quarters <= 4n) return loan.amount;
  const passed = BigInt(Math.floor(daysBetween(loan.date, day) / 91));
  return ((loan.amount * (quarters - passed)) / quarters / 100n) * 100n;
}
