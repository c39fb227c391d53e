/** The bounds of one answer, and of one document. */
import { HubError } from './errors.js';

/** Rows of a page where `first` and `last` are left out. */
export const DEFAULT_PAGE = 50;

/** Most rows of one page. */
export const LARGEST_PAGE = 1_000;

/** Most values of one `in`. */
export const MOST_VALUES = 1_000;

/** Most nested and/or/not of one `where`. */
export const DEEPEST_WHERE = 10;

/** Most comparisons of one `where`: SQLite nests an expression at most 1,000 deep, and each of an `or` is one deeper. */
export const MOST_CONDITIONS = 200;

/** Most values of all comparisons of one `where`: SQLite takes 32,766 in a statement, and needs some for itself. */
export const MOST_VALUES_OF_WHERE = 20_000;

/** Most levels of lists and objects in the variables of one request: deeper than anything that an input type takes. */
export const DEEPEST_VARIABLES = 64;

/** Groups that a document's cost takes totals to have: how many there are is known when they are read. */
export const GROUPS_ASSUMED = 100;

/** What one operation may ask. `limits` of park.yml may set each otherwise. */
export interface Limits {
  /** Fields within fields. */
  readonly depth: number;
  /** Fields under another name than their own. */
  readonly aliases: number;
  /** Directives at one place. */
  readonly directives: number;
  /** Words and signs of the document. */
  readonly tokens: number;
  /** Fields of the operation itself. */
  readonly rootFields: number;
  /** Fields in all, those of a fragment as often as it is spread. */
  readonly fields: number;
  /** The same field written again beside itself. */
  readonly repeats: number;
  /** Objects that the answer may hold. */
  readonly nodes: number;
  /** Rows that the sources may have to give for it; see cost.ts. */
  readonly cost: number;
  /** Rows of an export. */
  readonly exportRows: number;
  /** Milliseconds that the operation may take. */
  readonly timeBudget: number;
}

/** The limits of a park whose park.yml says nothing of them. */
export const DEFAULT_LIMITS: Limits = {
  depth: 20,
  aliases: 50,
  directives: 5,
  tokens: 4_000,
  rootFields: 20,
  fields: 1_000,
  repeats: 10,
  nodes: 250_000,
  cost: 1_000_000,
  exportRows: 100_000,
  timeBudget: 30_000,
};

/** The limits that a document is measured by. */
export type DocumentLimit = Exclude<keyof Limits, 'timeBudget'>;

const ADVICE: Readonly<Record<DocumentLimit, string>> = {
  depth: 'Ask for less within one another.',
  aliases: 'Ask in several operations, or by lists.',
  directives: 'Say each directive once.',
  tokens: 'Ask in several operations.',
  rootFields: 'Ask in several operations.',
  fields: 'Ask in several operations.',
  repeats: 'Write each field once.',
  nodes: 'Ask for smaller pages (first, last).',
  cost: 'Ask for smaller pages (first, last), for fewer lists, or name the sources in `where`.',
  exportRows: 'Ask for fewer rows by `where`, or for one part after the other (first, after).',
};

/** The refusal of a document that is above a limit: it says the figure and the bound, to people and to programs. */
export function aboveLimit(limit: DocumentLimit, figure: number, bound: number): HubError {
  return new HubError('LIMIT_EXCEEDED', `${limit}: expected at most ${bound}, but got: ${figure}. ${ADVICE[limit]}`, { limit, figure, bound });
}
