/** Why a partner's cell could not be read. */
import type { RawValue } from './raw.js';

const LONGEST_GOT = 80;

/** A cell that the mapping cannot turn into our value; the row is set aside with this as its reason. */
export class MappingProblem extends Error {
  /**
   * @param expected what would have been right
   * @param got what came, for people: at most 80 characters
   * @param where the attribute and the column: "amount (column 贷款金额)"; empty while it is not known
   */
  constructor(
    readonly expected: string,
    readonly got: string,
    readonly where = '',
  ) {
    super(`${where ? `${where}: ` : ''}expected ${expected}, but got: ${got}`);
    this.name = 'MappingProblem';
  }

  /** The same problem, with its place in the row. */
  at(where: string): MappingProblem {
    return new MappingProblem(this.expected, this.got, where);
  }
}

/** The problem that a cell poses. */
export function problem(expected: string, raw: RawValue): MappingProblem {
  return new MappingProblem(expected, showRaw(raw));
}

/** A cell for people: texts in quotes with control characters escaped, at most 80 characters. */
export function showRaw(raw: RawValue): string {
  if (raw === null || raw === undefined || raw === '') return 'an empty cell';
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? 'a date that does not exist' : raw.toISOString();
  const shown = typeof raw === 'string' ? JSON.stringify(raw.slice(0, LONGEST_GOT + 1)) : String(raw);
  const characters = [...shown];
  return characters.length > LONGEST_GOT ? `${characters.slice(0, LONGEST_GOT - 1).join('')}…` : shown;
}
