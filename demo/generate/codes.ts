/** Made-up but well-formed codes: USCCs of the area 410771 (which no registrar uses), patent application numbers. */
import { patentCheckCharacter } from '../../src/rules/patentNumber.js';
import { organisationCheckCharacter, usccCheckCharacter } from '../../src/rules/uscc.js';
import { dayNumber, pad, yearOf } from './calendar.js';
import type { Random } from './random.js';

/** Enterprises (91) of the statistical area 新乡高新技术产业开发区: real companies of the zone are registered under other area codes. */
const USCC_PREFIX = '91410771';
const ORGANISATION_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Makes USCCs, each once, right in both check characters. */
export class UsccMaker {
  readonly #random: Random;
  readonly #made = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A code for a company founded on the day: from October 2015 on organisation codes begin with MA. */
  make(foundedOn: string): string {
    for (;;) {
      const organisation =
        foundedOn >= '2015-10-01'
          ? `MA${this.#random.pick(['3X', '40', '44', '45', '46', '47', '9F', '9G', '9K'])}${this.#serial(4)}`
          : this.#random.pick(['7', '0', '5', '3']) + this.#digits(7);
      const seventeen = USCC_PREFIX + organisation + organisationCheckCharacter(organisation);
      const code = seventeen + usccCheckCharacter(seventeen);
      if (this.#made.has(code)) continue;
      this.#made.add(code);
      return code;
    }
  }

  #serial(length: number): string {
    return Array.from({ length }, () => this.#random.pick([...ORGANISATION_ALPHABET])).join('');
  }

  #digits(length: number): string {
    return Array.from({ length }, () => this.#random.integer(0, 9)).join('');
  }
}

/** The code with a check character that is wrong, for a faulty row. */
export function brokenUscc(code: string): string {
  return code.slice(0, 17) + (code[17] === '7' ? '8' : '7');
}

/** About how many applications of each kind are numbered in a day. */
const APPLICATIONS_A_DAY = { 1: 4_100, 2: 7_600, 3: 2_100 } as const;

/** Makes patent application numbers, each once; within a year they rise with the day, as real ones do. */
export class PatentNumberMaker {
  readonly #random: Random;
  readonly #made = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A number of the kind (1 invention, 2 utility model, 3 design) filed on the day. */
  make(kind: 1 | 2 | 3, filedOn: string): string {
    const dayOfYear = dayNumber(filedOn) - dayNumber(`${yearOf(filedOn)}-01-01`);
    for (;;) {
      const serial = dayOfYear * APPLICATIONS_A_DAY[kind] + this.#random.integer(1, APPLICATIONS_A_DAY[kind]);
      const digits = `${yearOf(filedOn)}${kind}${pad(serial, 7)}`;
      if (this.#made.has(digits)) continue;
      this.#made.add(digits);
      return `${digits}.${patentCheckCharacter(digits)}`;
    }
  }
}
