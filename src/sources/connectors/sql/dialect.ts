/** What differs between databases in the statements of the sql connector. One file per database keeps the same names. */
export interface Dialect {
  readonly name: string;
  /** Most parameters in one statement; longer key lists are cut into several. */
  readonly maximumParameters: number;
  /** A query for the names of a table's columns, as `name`; no rows where there is no such table. @param parameter the placeholder of the table's name */
  columnNames(parameter: string): string;
  /** The placeholder of the nth parameter, from 1. */
  parameter(index: number): string;
  quote(identifier: string): string;
  /** A decimal text parameter as a number of the database. */
  number(parameter: string): string;
  /** A text as it is compared by code point, capital letters told apart, whatever the column's own collation. */
  text(expression: string): string;
  /** A number that is compared as its text. */
  numberAsText(expression: string): string;
  /** How the value is stored: `whole`, `fractional` or `text`; null where it is empty or anything else. */
  storage(expression: string): string;
  /** A whole number that the driver might round, as text. */
  exact(expression: string): string;
  /** A number times an integer factor, rounded to the whole number that it stands for. */
  scaled(expression: string, factor: bigint): string;
  /** Whether an expression is one of the texts (or the numbers written as texts) of a JSON array, which is one parameter however long it is. */
  oneOfArray(expression: string, parameter: string, numeric: boolean): string;
  /** The place (from 1) of a text in another, capital letters told apart; 0 where it is not. */
  placeOf(expression: string, parameter: string): string;
  /** The first four characters as a whole number. */
  year(expression: string): string;
}
