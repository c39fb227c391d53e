/** What a database declares of a column, so far as it decides how cells are read, compared and ordered. */

/**
 * `any`: each cell has a type of its own (SQLite). `whole`, `decimal` and `float` are numbers, `day` is a day without a
 * time, `moment` a day with one, `bytes` no text; `other` is all that is read and compared as the text that it shows.
 */
export type ColumnKind = 'any' | 'text' | 'whole' | 'decimal' | 'float' | 'day' | 'moment' | 'bytes' | 'other';

/** How far a column's own equality and order, which are those of its indexes, are the ones of code points. */
export interface Collation {
  readonly name: string;
  /** What is equal: `same` texts alone; texts that differ in `blanks` at their end; `more` than that (letters of either case). */
  readonly equals: 'same' | 'blanks' | 'more';
  /** Which texts it puts into the order of code points: `all`, those that match, or none. */
  readonly orders: 'all' | RegExp | undefined;
}

/** The type of a column. */
export interface ColumnType {
  readonly kind: ColumnKind;
  /** The database's own name of it. */
  readonly name: string;
  /** No cell is empty. */
  readonly filled: boolean;
  /** Of texts. */
  readonly collation?: Collation;
}

/** A column of which nothing is declared. */
export const ANY_TYPE: ColumnType = { kind: 'any', name: '', filled: false };

/** Texts that every collation of a language puts into the order of code points: digits, then capital letters. */
export const DIGITS_AND_CAPITALS = /^[0-9A-Z]*$/;
