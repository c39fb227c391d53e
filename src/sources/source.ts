/**
 * The contract between the hub and a source.
 *
 * A source holds the books of some entities. It is asked in two ways: for rows and for totals; both say which rows, and
 * a source does as much as it can where the data lives. Rows that break the mapping are set aside, with their reason.
 */
import type { Value } from '../entities/kinds.js';
import type { Freshness, SourcedRow } from '../entities/sourced.js';

/** A row of a book: its attributes by name, beside what the hub knows of every row. */
export type Row = SourcedRow & { readonly [attribute: string]: Value };

/** How an attribute is compared. `contains` and `startsWith` tell capital letters apart. */
export type Comparison = 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'contains' | 'startsWith' | 'isNull';

/**
 * Which rows. A comparison with an empty value is false, and `not` makes it true: two-valued, unlike SQL's own logic.
 * `value` is a list for `in`, a boolean for `isNull`.
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly attribute: string; readonly is: Comparison; readonly value: Value | readonly Value[] };

/** One term of an order. Empty values come last in either direction, unless `nullsFirst`. */
export interface OrderTerm {
  readonly attribute: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A place in an order: a value for each of its terms. */
export interface Position {
  readonly values: readonly Value[];
  /** Rows that stand exactly there are given too. */
  readonly inclusive: boolean;
}

/** Asks for rows. */
export interface RowsAsk {
  readonly entity: string;
  /** The attributes wanted, without source, key and asOf, which every row has. */
  readonly attributes: readonly string[];
  readonly where?: Condition | undefined;
  /** Only rows whose attribute is one of these keys; with `limit`, at most so many of each key. */
  readonly keys?: { readonly attribute: string; readonly values: readonly Value[] } | undefined;
  /** The full order; the last term is `key`, so that no two rows of a source are equal in it. */
  readonly order: readonly OrderTerm[];
  /** Only rows after this place in the order. */
  readonly after?: Position | undefined;
  readonly limit?: number | undefined;
}

/** One figure over rows. `count` counts rows; the others need an attribute, and leave empty values out. */
export interface Figure {
  readonly function: 'count' | 'sum' | 'minimum' | 'maximum' | 'countValues' | 'countDistinct';
  readonly attribute?: string;
}

/** What totals are grouped by: an attribute, or the year of a date or instant. */
export interface Grouping {
  readonly attribute: string;
  readonly year: boolean;
}

/** Asks for figures over rows, for each group of them; without groups one result, even over no rows. */
export interface TotalsAsk {
  readonly entity: string;
  readonly where?: Condition | undefined;
  readonly keys?: { readonly attribute: string; readonly values: readonly Value[] } | undefined;
  /** With `keys`, the first grouping is the keys' attribute. */
  readonly groupBy: readonly Grouping[];
  /** Without any, the groups alone are wanted: the distinct values of what is grouped by. */
  readonly figures: readonly Figure[];
  /** More groups than this are of no use: a source may leave out any beyond it. */
  readonly limit?: number | undefined;
}

/** The figures of one group, in the order in which they were asked; a sum is a bigint, null over no values. */
export interface TotalsRow {
  readonly group: readonly Value[];
  readonly figures: readonly Value[];
}

/** Where a raw row stands at the partner's: "贷款台账_20211231.csv, line 17". */
export type Place = string;

/** Where a raw row stands in a file. */
export interface PlaceInFile {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly sheet?: string;
  /** From 1; of a sheet its row. */
  readonly line: number;
}

/** A row that was set aside, with its reason. */
export interface SetAside {
  readonly entity: string;
  readonly place: Place;
  /** The place in parts, where it is one in a file. */
  readonly at?: PlaceInFile | undefined;
  /** What was expected and what came, naming the attribute and the column. */
  readonly reason: string;
  /** The raw row, as the partner gave it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What a full reading of a source found of one entity. */
export interface Survey {
  readonly entity: string;
  readonly read: number;
  readonly accepted: number;
  /** The rows that were read and not accepted, or the first of them where there are many. */
  readonly setAside: readonly SetAside[];
  /** Where the book's columns are not as its mapping expects. */
  readonly drift?: Drift | undefined;
}

/** Columns of one book that are not as its mapping expects. */
export interface Drift {
  readonly entity: string;
  /** HIDDEN: the names of columns are left out, for they are not for who reads this. */
  readonly columns?: 'HIDDEN';
  /** Columns that the mapping names and the book has no more. */
  readonly missing: readonly string[];
  /** Columns that came since the book was last seen whole; of a book not seen whole so far, all that the mapping does not name. */
  readonly added: readonly string[];
  /** Attributes that cannot be read. */
  readonly attributes: readonly string[];
  /** A column is missing without which no row can be read: of the key, or of a filter that says which rows are the book's. */
  readonly unreadable: boolean;
}

/** One statement or request that a source received; counted in tests, shown by explain. */
export interface Statement {
  readonly source: string;
  readonly entity: string;
  /** SQL text, or "POST /v1/loans/query". Never leaves the process. */
  readonly text: string;
  readonly rows: number;
  readonly milliseconds: number;
}

/** Called for every statement or request. */
export type StatementListener = (statement: Statement) => void;

/** What answers asks: a source, or the last good copy of one. */
export interface Answering {
  readonly how: Freshness;
  /** As of when it states its rows: for a live source the present. */
  asOf(): string;
  /** Rows of a drifted book lack the attributes that cannot be read. Throws a DriftedError where the ask rests on one of them. */
  rows(ask: RowsAsk, signal: AbortSignal): Promise<Row[]>;
  totals(ask: TotalsAsk, signal: AbortSignal): Promise<TotalsRow[]>;
}

/** A source. */
export interface Source extends Answering {
  readonly id: string;
  /** Names of the entities whose rows it holds. */
  readonly entities: ReadonlySet<string>;
  readonly how: 'LIVE' | 'MIRRORED';
  /** Where the columns of a book were not as its mapping expects when it was last read; a source whose columns cannot change has none. */
  drift?(entity: string): Drift | undefined;
  /** What else an answer should say of a book, for people: that it has not been read in full yet. */
  note?(entity: string): string | undefined;
  /** Reads every row of every entity and says what became of it. */
  survey(signal: AbortSignal): Promise<Survey[]>;
  /** A few mapped rows beside their raw form, for `parkhub sources --check`. */
  sample(entity: string, count: number, signal: AbortSignal): Promise<{ raw: Readonly<Record<string, unknown>>; row: Row | SetAside }[]>;
  close(): Promise<void>;
}

/** A source could not give its rows. The message is for people and carries no path, host, SQL or secret. */
export class SourceError extends Error {
  constructor(
    readonly source: string,
    readonly reason: 'UNREACHABLE' | 'TIMED_OUT' | 'REFUSED' | 'MALFORMED' | 'MISCONFIGURED' | 'DRIFTED' | 'UNREAD',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'SourceError';
  }
}
