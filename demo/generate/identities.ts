/** By what else books may know the companies: registration numbers from before the USCC, and former names. All made up. */
import { registrationCheckDigit } from '../../src/rules/registrationNumber.js';
import { AS_OF, addDays, pad, randomWorkday } from './calendar.js';
import type { Company } from './companies.js';
import { NameMaker } from './names.js';
import { Random } from './random.js';
import { wordsOf } from './vocabulary.js';

/** A row of formerNames.csv, without its key. */
export interface FormerNameRow {
  readonly tenantUscc: string;
  readonly name: string;
  readonly changedOn: string;
}

/** Companies registered before this day had a registration number first (国发〔2015〕33号). */
const USCC_SINCE = '2015-10-01';
const FORMER_NAMES = 24;

/** The registration numbers of the companies that had one, by USCC: of the area 410771, which no registrar uses. */
export function registrationNumbers(companies: readonly Company[]): ReadonlyMap<string, string> {
  const older = companies.filter(({ foundedOn }) => foundedOn < USCC_SINCE);
  return new Map(
    older.map(({ uscc }, index) => {
      const fourteen = `410771${pad(index * 37 + 1_200, 8)}`;
      return [uscc, fourteen + registrationCheckDigit(fourteen)];
    }),
  );
}

/** Names that some companies bore before, no two alike, and none that another company bears. */
export function makeFormerNames(companies: readonly Company[]): FormerNameRow[] {
  const random = new Random('xinxiang/former-names');
  const names = new NameMaker(
    random,
    companies.map(({ name }) => name),
  );
  // A company changes its name a good while after it was founded.
  const old = companies.filter(({ foundedOn }) => addDays(foundedOn, 800) < AS_OF);
  return random
    .shuffled(old)
    .slice(0, FORMER_NAMES)
    .map(({ uscc, foundedOn, technologyField }) => ({
      tenantUscc: uscc,
      name: names.make(wordsOf(technologyField)),
      changedOn: randomWorkday(random, addDays(foundedOn, 120), addDays(foundedOn, 780)),
    }))
    .sort((a, b) => (a.changedOn < b.changedOn ? -1 : 1));
}
