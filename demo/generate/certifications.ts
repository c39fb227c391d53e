/** Which tenants are recognised as HNTE or entered as tech SME, when, and under which numbers. */
import { compareText } from '../../src/values/text.js';
import { ARTICLE, GUANGXING } from './article.js';
import { addDays, addMonths, daysBetween, later, pad, randomWorkday, yearOf } from './calendar.js';
import { type Company, companyNamed, inParkOn } from './companies.js';
import { Random } from './random.js';

/** A row of certifications.csv. */
export interface CertificationRow {
  readonly number: string;
  readonly tenantUscc: string;
  readonly kind: 'HNTE' | 'TECH_SME';
  readonly issuedOn: string;
  readonly validTo: string;
}

/** Days on which Henan issued certificates, two batches a year. */
const BATCHES = {
  2018: ['2018-09-12', '2018-11-29'],
  2019: ['2019-10-31', '2019-12-03'],
  2020: ['2020-09-09', '2020-12-04'],
  2021: ['2021-10-28', '2021-12-15'],
} as const;

/** The last day of an HNTE certificate: three years from its issue. */
export function highTechValidTo(issuedOn: string): string {
  return addMonths(issuedOn, 36);
}

/**
 * Chooses the HNTEs and tech SMEs so that the article's counts come out, and writes their days and years into the companies.
 * Two thirds of the HNTEs and more were recognised after they had come to the park.
 */
export function chooseCertified(companies: readonly Company[]): void {
  const random = new Random('xinxiang/certified');
  chooseHighTech(random, companies);
  chooseTechSmes(random, companies);
}

function chooseHighTech(random: Random, companies: readonly Company[]): void {
  const free = random.shuffled(companies.filter((company) => company.status === 'IN_PARK' && company.name !== GUANGXING));
  /** Takes so many of those who fit. */
  const take = (count: number, issues: readonly string[], fits: (company: Company) => boolean): void => {
    for (let taken = 0; taken < count; taken++) {
      const index = free.findIndex((company) => fits(company) && daysBetween(company.foundedOn, issues[0] as string) > 500);
      const [company] = index < 0 ? [] : free.splice(index, 1);
      if (!company) throw new Error(`chooseHighTech: too few companies fit certificates of ${issues.join(' and ')}.`);
      company.highTechIssues.push(...issues);
    }
  };
  const before = (day: string) => (company: Company) => company.enteredOn < day;
  // Valid at the end of 2018: five, renewed when three years were over.
  take(1, ['2017-12-01', BATCHES[2020][1]], before('2018-01-31'));
  take(2, [BATCHES[2018][0], BATCHES[2021][0]], before('2018-06-30'));
  take(2, [BATCHES[2018][1], BATCHES[2021][1]], before('2018-06-30'));
  // Ten more by the end of 2020; two of them were HNTEs before they came.
  take(1, [BATCHES[2019][0]], (company) => company.enteredOn > BATCHES[2019][0] && company.enteredOn < '2020-12-01');
  take(1, [BATCHES[2020][0]], (company) => company.enteredOn > BATCHES[2020][0] && company.enteredOn < '2020-12-31');
  take(2, [BATCHES[2019][0]], before('2019-05-01'));
  take(2, [BATCHES[2019][1]], before('2019-05-01'));
  take(2, [BATCHES[2020][0]], before('2020-03-01'));
  take(2, [BATCHES[2020][1]], before('2020-03-01'));
  // Nine more in 2021, 广兴科技 among them.
  companyNamed(companies, GUANGXING).highTechIssues.push(BATCHES[2021][0]);
  take(4, [BATCHES[2021][0]], before('2021-01-31'));
  take(4, [BATCHES[2021][1]], before('2021-03-31'));
  // Graduates on this ground left in the year of their recognition.
  for (const company of companies) {
    if (company.ground === 'HNTE')
      company.highTechIssues.push(
        randomWorkday(random, later(`${yearOf(company.leftOn as string)}-01-01`, addDays(company.leftOn as string, -60)), company.leftOn as string),
      );
  }
}

function chooseTechSmes(random: Random, companies: readonly Company[]): void {
  let last: Company[] = [];
  for (const year of [2018, 2019, 2020, 2021] as const) {
    const end = `${year}-12-31`;
    const eligible = companies.filter((company) => company.status === 'IN_PARK' && company.enteredOn <= `${year}-07-31`);
    const must = eligible.filter(
      (company) => (company.name === GUANGXING && year >= 2020) || (year === 2018 && company.highTechIssues.some((day) => day <= end)),
    );
    // Most of last year's are entered again; HNTEs may take the direct way.
    const again = last.filter((company) => !must.includes(company) && random.chance(93));
    const others = random.shuffled(eligible.filter((company) => !must.includes(company) && !again.includes(company)));
    const highTech = others.filter((company) => company.highTechIssues.length > 0 && random.chance(80));
    last = [...must, ...again, ...highTech, ...others.filter((company) => !highTech.includes(company))].slice(0, ARTICLE.techSme[year]);
    if (last.length !== ARTICLE.techSme[year]) throw new Error(`chooseTechSmes: expected ${ARTICLE.techSme[year]} in ${year}, but got: ${last.length}.`);
    for (const company of last) company.techSmeYears.push(year);
  }
  // Some who have left since were entered as well; not in 2018, nor in the year in which they left.
  for (const company of companies) {
    if (company.status !== 'GRADUATED' || !inParkOn(company, '2019-12-31') || !random.chance(50)) continue;
    company.techSmeYears.push(...[2019, 2020].filter((year) => company.enteredOn < `${year}-01-01` && yearOf(company.leftOn as string) > year));
  }
}

/** The rows, in the order of their days. */
export function makeCertifications(companies: readonly Company[]): CertificationRow[] {
  const random = new Random('xinxiang/certifications');
  const made = new Set<string>();
  const unique = (make: () => string): string => {
    for (;;) {
      const number = make();
      if (!made.has(number)) {
        made.add(number);
        return number;
      }
    }
  };
  const rows: CertificationRow[] = [];
  for (const company of companies) {
    for (const issuedOn of company.highTechIssues) {
      const number = unique(() => `GR${yearOf(issuedOn)}41${pad(random.integer(0, 3_200), 6)}`);
      rows.push({ number, tenantUscc: company.uscc, kind: 'HNTE', issuedOn, validTo: highTechValidTo(issuedOn) });
    }
    for (const year of company.techSmeYears) {
      const letter = yearOf(company.foundedOn) === year ? 'B' : random.chance(60) && company.enteredOn < `${year}-05-01` ? '0' : 'A';
      const number = unique(() => `${year}410771${letter}${pad(random.integer(1, 9_999), 7)}`);
      const issuedOn = letter === '0' ? randomWorkday(random, `${year}-04-10`, `${year}-06-30`) : randomWorkday(random, `${year}-08-05`, `${year}-11-25`);
      rows.push({ number, tenantUscc: company.uscc, kind: 'TECH_SME', issuedOn, validTo: `${year}-12-31` });
    }
  }
  return rows.sort((a, b) => compareText(a.issuedOn, b.issuedOn) || compareText(a.number, b.number));
}
