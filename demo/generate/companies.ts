/** Who came to the park, when, and how each left it. */
import type { EvictionReason, GraduationGround } from '../../src/entities/operations/enums.js';
import type { CarrierKind, TechnologyField, TenantStatus } from '../../src/entities/tenancy/enums.js';
import { compareText } from '../../src/values/text.js';
import { yuan } from './amounts.js';
import { GUANGXING, TUOXIN } from './article.js';
import { addDays, daysBetween, later, randomWorkday } from './calendar.js';
import { UsccMaker } from './codes.js';
import { NameMaker } from './names.js';
import { Random } from './random.js';
import { FIELDS, wordsOf } from './vocabulary.js';

/** A company, past or present, with what the generator knows of it beside its row. */
export interface Company {
  readonly uscc: string;
  readonly name: string;
  readonly industry: string;
  readonly technologyField: TechnologyField;
  readonly status: TenantStatus;
  readonly registeredCapital: bigint;
  readonly foundedOn: string;
  readonly enteredOn: string;
  readonly leftOn: string | null;
  /** The carrier of its unit; for companies that left before the park's operation, where it was incubated. */
  stage: CarrierKind;
  /** Of an evicted company. */
  readonly reason?: EvictionReason;
  /** Of a graduate. */
  readonly ground?: GraduationGround;
  /** Its HNTE certificates: days of issue, oldest first. */
  highTechIssues: string[];
  /** Years in which it is entered as tech SME. */
  techSmeYears: number[];
}

/** The first day of the park's present operation, from which every entry has an application. */
export const OPERATED_SINCE = '2018-12-01';

/** Companies that came in one period and left in another (or stayed). */
interface Cohort {
  readonly count: number;
  readonly status: TenantStatus;
  readonly entered: readonly [first: string, last: string];
  readonly left?: readonly [first: string, last: string];
  /** Fewest days between. */
  readonly stay?: number;
}

const cohort = (count: number, status: TenantStatus, entered: readonly [string, string], left?: readonly [string, string], stay?: number): Cohort => ({
  count,
  status,
  entered,
  ...(left ? { left } : {}),
  ...(stay ? { stay } : {}),
});

const YEAR = (year: number): readonly [string, string] => [`${year}-01-04`, `${year}-12-28`];

/** Graduates before the park's operation, by year from 2004: 176 of the 206. */
const EARLY_GRADUATES = [3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 18];

/** 92 in the park on 2018-11-30, 148 entries since, 64 evicted, 30 graduated: 146. */
const COHORTS: readonly Cohort[] = [
  // In the park today.
  cohort(40, 'IN_PARK', ['2017-03-01', '2018-11-15']),
  cohort(2, 'IN_PARK', ['2018-12-20', '2018-12-30']),
  cohort(23, 'IN_PARK', YEAR(2019)),
  cohort(32, 'IN_PARK', YEAR(2020)),
  cohort(49, 'IN_PARK', YEAR(2021)),
  // Evicted; the first 28 had come before bottom elimination began.
  cohort(8, 'EVICTED', ['2017-03-01', '2018-05-15'], ['2018-12-14', '2018-12-31']),
  cohort(15, 'EVICTED', ['2017-03-01', '2018-11-15'], ['2019-01-10', '2019-12-25'], 150),
  cohort(3, 'EVICTED', ['2017-06-01', '2018-11-15'], ['2020-05-10', '2020-12-25']),
  cohort(2, 'EVICTED', ['2017-06-01', '2018-11-15'], ['2021-03-10', '2021-12-20']),
  cohort(1, 'EVICTED', ['2018-12-20', '2018-12-30'], ['2019-06-25', '2019-09-30']),
  cohort(10, 'EVICTED', ['2019-01-04', '2019-05-20'], ['2019-06-20', '2019-12-27'], 150),
  cohort(8, 'EVICTED', ['2019-06-01', '2019-12-25'], ['2020-04-20', '2020-12-25'], 190),
  cohort(2, 'EVICTED', YEAR(2019), ['2021-03-01', '2021-11-30']),
  cohort(3, 'EVICTED', ['2020-01-06', '2020-05-20'], ['2020-10-10', '2020-12-25'], 150),
  cohort(6, 'EVICTED', ['2020-04-01', '2020-12-25'], ['2021-02-01', '2021-12-20'], 190),
  cohort(6, 'EVICTED', ['2021-01-06', '2021-05-20'], ['2021-08-10', '2021-12-24'], 150),
  // Graduated since the park's operation began.
  cohort(9, 'GRADUATED', ['2015-06-01', '2017-06-30'], YEAR(2019)),
  cohort(9, 'GRADUATED', ['2016-06-01', '2018-03-31'], YEAR(2020)),
  cohort(6, 'GRADUATED', ['2017-03-01', '2018-09-30'], YEAR(2021)),
  cohort(1, 'GRADUATED', ['2019-01-04', '2019-03-31'], ['2020-11-02', '2020-12-28']),
  cohort(4, 'GRADUATED', ['2019-02-01', '2019-09-30'], YEAR(2021)),
  cohort(1, 'GRADUATED', ['2020-01-06', '2020-04-30'], ['2021-10-11', '2021-12-20']),
  // Graduated before.
  ...EARLY_GRADUATES.map((count, index) => {
    const year = 2004 + index;
    return cohort(
      count - (year === 2008 ? 1 : 0),
      'GRADUATED',
      [`${year - 4}-06-01`, `${year - 2}-09-30`],
      [`${year}-01-04`, year === 2018 ? '2018-11-20' : `${year}-12-28`],
    );
  }),
];

const CAPITALS: readonly (readonly [number, number])[] = [
  [500_000, 10],
  [1_000_000, 24],
  [2_000_000, 18],
  [3_000_000, 14],
  [5_000_000, 18],
  [10_000_000, 12],
  [20_000_000, 4],
];

/** All companies, in the order of their entry. */
export function makeCompanies(): Company[] {
  const random = new Random('xinxiang/companies');
  const names = new NameMaker(new Random('xinxiang/names'));
  const codes = new UsccMaker(new Random('xinxiang/uscc'));
  const companies: Company[] = [];
  for (const entry of COHORTS) {
    for (let index = 0; index < entry.count; index++) {
      const words = random.pickWeighted(FIELDS.map((field) => [field, field.weight] as const));
      const enteredOn = randomWorkday(random, ...entry.entered);
      const leftOn = entry.left ? randomWorkday(random, later(entry.left[0], addDays(enteredOn, entry.stay ?? 30)), entry.left[1]) : null;
      // Not older than 24 months on entry (国科发区〔2018〕300号).
      const foundedOn = randomWorkday(random, addDays(enteredOn, -715), addDays(enteredOn, -20));
      companies.push({
        uscc: codes.make(foundedOn),
        name: names.make(words),
        industry: random.pick(words.industries),
        technologyField: words.field,
        status: entry.status,
        registeredCapital: yuan(random.pickWeighted(CAPITALS)),
        foundedOn,
        enteredOn,
        leftOn,
        stage: 'INCUBATOR',
        ...(entry.status === 'EVICTED' ? { reason: reasonFor(random, enteredOn, leftOn as string) } : {}),
        ...(entry.status === 'GRADUATED' ? { ground: groundFor(random, leftOn as string) } : {}),
        highTechIssues: [],
        techSmeYears: [],
      });
    }
  }
  companies.push(tuoxin(codes));
  const guangxing = companies.findIndex((company) => company.enteredOn >= OPERATED_SINCE && company.status === 'IN_PARK');
  companies[guangxing] = asGuangxing(companies[guangxing] as Company);
  // One graduate of 2021 graduated on venture money; the investors' books hold what it got.
  const financed = companies.findIndex(
    (company) => company.enteredOn < '2018-07-01' && company.status === 'GRADUATED' && (company.leftOn as string) >= '2021-01-01',
  );
  companies[financed] = { ...(companies[financed] as Company), ground: 'FINANCED' };
  return companies.sort((a, b) => compareText(a.enteredOn, b.enteredOn) || compareText(a.uscc, b.uscc));
}

/** One of the article's three reasons, as the length of the stay allows: the observation period is six months. */
function reasonFor(random: Random, enteredOn: string, leftOn: string): EvictionReason {
  const days = daysBetween(enteredOn, leftOn);
  if (days < 184) return 'NOT_MOVED_IN';
  if (days < 400) {
    return random.pickWeighted<EvictionReason>([
      ['NOT_MOVED_IN', 2],
      ['NO_PATENT_NO_OUTPUT', 6],
      ['BELOW_EXPECTATION', 2],
    ]);
  }
  return random.pickWeighted<EvictionReason>([
    ['NOT_MOVED_IN', 1],
    ['NO_PATENT_NO_OUTPUT', 2],
    ['BELOW_EXPECTATION', 7],
  ]);
}

/** HNTEs have been recognised since 2008. */
function groundFor(random: Random, leftOn: string): GraduationGround {
  return random.pickWeighted<GraduationGround>([
    ['REVENUE', 45],
    ['HNTE', leftOn >= '2009-06-01' ? 30 : 0],
    ['FINANCED', leftOn >= OPERATED_SINCE ? 0 : 10],
    ['MERGED_OR_LISTED', 15],
  ]);
}

/** The graduate that the article names. Its code and its days here are made up. */
function tuoxin(codes: UsccMaker): Company {
  return {
    uscc: codes.make('2002-05-15'),
    name: TUOXIN,
    industry: 'C27',
    technologyField: 'BIOLOGY_AND_MEDICINE',
    status: 'GRADUATED',
    registeredCapital: yuan(20_000_000),
    foundedOn: '2002-05-15',
    enteredOn: '2003-06-02',
    leftOn: '2008-10-27',
    stage: 'ACCELERATOR',
    ground: 'MERGED_OR_LISTED',
    highTechIssues: [],
    techSmeYears: [],
  };
}

/** The tenant that the article tells of, in the place of one that chance made. */
function asGuangxing(company: Company): Company {
  const words = wordsOf('ADVANCED_MANUFACTURING');
  return { ...company, name: GUANGXING, industry: 'C35', technologyField: words.field, registeredCapital: yuan(5_000_000), foundedOn: '2017-09-12' };
}

/** Whether it was in the park at the end of the day. */
export function inParkOn(company: Company, day: string): boolean {
  return company.enteredOn <= day && (company.leftOn === null || company.leftOn > day);
}

/** Among the companies, the one of that name. Throws when there is none. */
export function companyNamed(companies: readonly Company[], name: string): Company {
  const found = companies.find((company) => company.name === name);
  if (!found) throw new Error(`companyNamed: expected a company ${name}, but there is none.`);
  return found;
}
