/** What each tenant reported of each year: output and staff add up to the article. */
import { compareText } from '../../src/values/text.js';
import { allocate, allocateSteps, permille, sum, yuan } from './amounts.js';
import { ARTICLE, GUANGXING } from './article.js';
import { daysBetween, yearOf } from './calendar.js';
import { type Company, inParkOn } from './companies.js';
import { Random } from './random.js';

/** A row of annualReports.csv; money in fen. */
export interface ReportRow {
  readonly key: string;
  readonly tenantUscc: string;
  readonly year: number;
  readonly output: bigint;
  readonly revenue: bigint;
  readonly researchSpending: bigint;
  readonly taxPaid: bigint;
  readonly staff: number;
  readonly scienceStaff: number;
}

const YEARS = [2018, 2019, 2020, 2021] as const;
type Year = (typeof YEARS)[number];

/** Staff of all tenants; 2021 is the article's. */
const STAFF: Readonly<Record<Year, number>> = { 2018: 668, 2019: 812, 2020: 984, 2021: ARTICLE.jobs2021 };

/** The rows: for each year, those who were in the park at its end. */
export function makeReports(companies: readonly Company[]): ReportRow[] {
  const random = new Random('xinxiang/reports');
  const sizes = new Map(companies.map((company) => [company, sizeOf(random, company)]));
  const rows: ReportRow[] = [];
  for (const year of YEARS) {
    const present = companies.filter((company) => inParkOn(company, `${year}-12-31`));
    const outputs = outputsOf(random, present, sizes, year);
    const staff = staffOf(random, present, outputs, year);
    for (const company of present) rows.push(reportOf(random, company, year, outputs.get(company) as bigint, staff.get(company) as number));
  }
  return rows.sort((a, b) => a.year - b.year || compareText(a.tenantUscc, b.tenantUscc));
}

/** A company's size: about thousands of yuan of output in a full year. */
function sizeOf(random: Random, company: Company): number {
  if (company.name === GUANGXING) return 6_200;
  if (company.reason === 'NOT_MOVED_IN' || company.reason === 'NO_PATENT_NO_OUTPUT') return 0;
  if (company.reason === 'BELOW_EXPECTATION') return random.skewed(20, 260);
  if (company.ground === 'REVENUE') return random.integer(5_600, 8_200);
  if (company.ground) return random.integer(2_600, 6_000);
  if (company.highTechIssues.length > 0) return 3_600 + random.skewed(0, 12_000);
  if (company.techSmeYears.length > 0) return 900 + random.skewed(0, 3_600);
  return 150 + random.skewed(0, 2_600);
}

function outputsOf(random: Random, present: readonly Company[], sizes: ReadonlyMap<Company, number>, year: Year): Map<Company, bigint> {
  const weights = new Map(
    present.map((company) => {
      // The first year is a part of one, and slow; then the company grows.
      const months = Math.min(Math.max(Math.floor(daysBetween(company.enteredOn, `${year}-12-31`) / 30), 0), 48);
      const growth = months < 12 ? 8 + months * 5 : 60 + months;
      return [company, Math.floor(((sizes.get(company) as number) * growth * random.integer(88, 112)) / 1000)] as const;
    }),
  );
  const outputs = new Map<Company, bigint>();
  const share = (group: readonly Company[], total: bigint): void => {
    const shares = allocate(
      total,
      group.map((company) => weights.get(company) as number),
    );
    for (const [index, company] of group.entries()) outputs.set(company, shares[index] as bigint);
  };
  if (year !== 2021) {
    // Graduates on revenue made more than ten million in two years running: theirs is set, the others share the rest.
    const set = present.filter((company) => company.ground === 'REVENUE');
    for (const company of set) outputs.set(company, yuan((sizes.get(company) as number) * 1_000 + random.integer(0, 99_999)));
    share(
      present.filter((company) => company.ground !== 'REVENUE'),
      ARTICLE.output[year] - sum([...outputs.values()]),
    );
    return outputs;
  }
  const highTech = present.filter((company) => company.highTechIssues.length > 0);
  share(highTech, ARTICLE.highTechOutput2021);
  share(
    present.filter((company) => company.highTechIssues.length === 0),
    ARTICLE.output[2021] - ARTICLE.highTechOutput2021,
  );
  return outputs;
}

function staffOf(random: Random, present: readonly Company[], outputs: ReadonlyMap<Company, bigint>, year: Year): Map<Company, number> {
  // A base of people whatever the output, and some for every part of a million yuan.
  const weights = present.map((company) => 12 + Number((outputs.get(company) as bigint) / 30_000_000n) + random.integer(0, 14));
  const shares = allocateSteps(BigInt(STAFF[year]), 1n, weights, 2n);
  return new Map(present.map((company, index) => [company, Number(shares[index])]));
}

function reportOf(random: Random, company: Company, year: Year, output: bigint, staff: number): ReportRow {
  const isHighTech = company.highTechIssues.some((day) => yearOf(day) <= year);
  const isTechSme = company.techSmeYears.includes(year);
  const revenue = permille(output, random.integer(905, 1_045));
  const research = isHighTech ? random.integer(56, 118) : isTechSme ? random.integer(45, 160) : random.integer(0, 70);
  const science = isHighTech ? random.integer(28, 55) : isTechSme ? random.integer(30, 65) : random.integer(8, 40);
  return {
    key: `${company.uscc}-${year}`,
    tenantUscc: company.uscc,
    year,
    output,
    revenue,
    researchSpending: permille(revenue, research),
    taxPaid: permille(revenue, random.integer(12, 46)),
    staff,
    scienceStaff: Math.min(staff, Math.ceil((staff * science) / 100)),
  };
}
