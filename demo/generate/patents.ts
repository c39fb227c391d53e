/** 890 patents filed by the tenants that are in the park, 48 of them inventions. */
import { compareText } from '../../src/values/text.js';
import { allocateSteps } from './amounts.js';
import { ARTICLE, GUANGXING } from './article.js';
import { AS_OF, addDays, daysBetween, later, randomWorkday } from './calendar.js';
import { PatentNumberMaker } from './codes.js';
import type { Company } from './companies.js';
import { Random } from './random.js';
import { wordsOf } from './vocabulary.js';

/** A row of patents.csv. */
export interface PatentRow {
  readonly applicationNumber: string;
  readonly tenantUscc: string;
  readonly kind: 'INVENTION' | 'UTILITY_MODEL' | 'DESIGN';
  readonly title: string;
  readonly status: 'FILED' | 'GRANTED' | 'LAPSED';
  readonly filedOn: string;
  readonly grantedOn: string | null;
}

/** Of the 890; the rest are utility models. */
const DESIGNS = 61;

const LAST_FILING = '2021-12-24';

/** By kind: the number in the application number, the fewest and most days to the grant, how many of a hundred are refused. */
const TRAITS = {
  INVENTION: { digit: 1, days: [420, 1_050], refused: 18 },
  UTILITY_MODEL: { digit: 2, days: [150, 330], refused: 6 },
  DESIGN: { digit: 3, days: [95, 200], refused: 3 },
} as const;

/** The rows, in the order of their filing. */
export function makePatents(companies: readonly Company[]): PatentRow[] {
  const random = new Random('xinxiang/patents');
  const numbers = new PatentNumberMaker(new Random('xinxiang/patent-numbers'));
  const owners = random.shuffled(ownersOf(random, companies));
  const kinds = kindsOf(random, owners);
  const titles = new Set<string>();
  const rows = owners.map((company, index): PatentRow => {
    const kind = kinds[index] as PatentRow['kind'];
    const first = later(later(addDays(company.foundedOn, 20), addDays(company.enteredOn, -400)), '2016-01-04');
    // Filings grow from year to year: the later of two days.
    const filedOn = later(randomWorkday(random, first, LAST_FILING), randomWorkday(random, first, LAST_FILING));
    return {
      applicationNumber: numbers.make(TRAITS[kind].digit, filedOn),
      tenantUscc: company.uscc,
      kind,
      title: titleOf(random, company, kind, titles),
      filedOn,
      ...legalState(random, kind, filedOn),
    };
  });
  return rows.sort((a, b) => compareText(a.filedOn, b.filedOn) || compareText(a.applicationNumber, b.applicationNumber));
}

/** The owner of each patent: after the observation period nobody is without. */
function ownersOf(random: Random, companies: readonly Company[]): Company[] {
  const tenants = companies.filter((company) => company.status === 'IN_PARK');
  const weights = tenants.map((company) => {
    if (company.name === GUANGXING) return 130;
    if (company.highTechIssues.length > 0) return random.integer(80, 190);
    const months = Math.floor(daysBetween(company.enteredOn, AS_OF) / 30);
    if (months < 6) return random.integer(0, 14);
    return company.techSmeYears.length > 0 ? random.integer(34, 80) : random.integer(8, 44);
  });
  const settled = tenants.filter((company) => daysBetween(company.enteredOn, AS_OF) >= 183);
  const shares = allocateSteps(BigInt(ARTICLE.patents - settled.length), 1n, weights);
  return [...settled, ...tenants.flatMap((company, index) => Array.from({ length: Number(shares[index]) }, () => company))];
}

/** Inventions belong to HNTEs and tech SMEs mostly. */
function kindsOf(random: Random, owners: readonly Company[]): PatentRow['kind'][] {
  const kinds = owners.map((): PatentRow['kind'] => 'UTILITY_MODEL');
  const give = (kind: PatentRow['kind'], count: number, fits: (company: Company) => boolean): void => {
    const indices = owners.map((_, index) => index).filter((index) => kinds[index] === 'UTILITY_MODEL' && fits(owners[index] as Company));
    for (const index of random.shuffled(indices).slice(0, count)) kinds[index] = kind;
  };
  const guangxing = owners.findIndex((company) => company.name === GUANGXING);
  kinds[guangxing] = 'INVENTION';
  give('INVENTION', 35, (company) => company.highTechIssues.length > 0);
  give('INVENTION', ARTICLE.inventions - 36, (company) => company.highTechIssues.length === 0 && company.techSmeYears.length > 0);
  give('DESIGN', DESIGNS, () => true);
  return kinds;
}

function legalState(random: Random, kind: PatentRow['kind'], filedOn: string): Pick<PatentRow, 'status' | 'grantedOn'> {
  const traits = TRAITS[kind];
  const decidedOn = addDays(filedOn, random.integer(traits.days[0], traits.days[1]));
  if (decidedOn > AS_OF) return { status: 'FILED', grantedOn: null };
  if (random.chance(traits.refused)) return { status: 'LAPSED', grantedOn: null };
  // Some were given up later, for the yearly fee was not paid.
  return { status: daysBetween(decidedOn, AS_OF) > 700 && random.chance(12) ? 'LAPSED' : 'GRANTED', grantedOn: decidedOn };
}

/** A title that no other patent has. */
function titleOf(random: Random, company: Company, kind: PatentRow['kind'], taken: Set<string>): string {
  const words = wordsOf(company.technologyField);
  for (;;) {
    const product = random.pick(words.products);
    const feature = random.pick(words.features);
    const title =
      kind === 'DESIGN'
        ? `${product}（${random.pick(['A型', 'B型', '便携式', '立式', '桌面式', '2019款', '2020款', '2021款'])}）`
        : patterns(kind, product, feature, random);
    if (taken.has(title)) continue;
    taken.add(title);
    return title;
  }
}

function patterns(kind: PatentRow['kind'], product: string, feature: string, random: Random): string {
  const quality = random.pick(['', '', '便于维护的', '高效', '可调式', '节能型', '低噪音', '新型', '模块化', '稳定性好的', '便携式', '高精度']);
  if (kind === 'INVENTION') return `一种${quality}${product}${feature}及其${random.pick(['控制方法', '使用方法', '制造方法', '工作方法'])}`;
  return random.pick([`一种${quality}${product}用${feature}`, `一种${product}的${quality}${feature}`, `一种具有${quality}${feature}的${product}`]);
}
