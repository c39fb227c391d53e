/** What differs between databases in the statements of the sql connector. One file per database keeps the same names. */
import type { ColumnType } from './columnType.js';
import type { RawRow } from './reader.js';
import type { SqlStatement } from './statement.js';

/** A table, and the schema that holds it where it is not the connection's own. */
export interface TableName {
  readonly table: string;
  readonly schema?: string | undefined;
}

/** How a parameter is compared: as the text that it is, as a number, a whole number or a day. */
export type ComparedAs = 'text' | 'number' | 'whole' | 'day';

/** One database's ways. */
export interface Dialect {
  readonly name: string;
  /** Most parameters in one statement; longer key lists are cut into several. */
  readonly maximumParameters: number;
  /** Asks for the columns of a table, a row for each; the types are those that the database declares, unless each cell has a type of its own. */
  readonly columns: {
    statement(table: TableName): SqlStatement;
    read(row: RawRow): { readonly name: string; readonly type?: ColumnType };
  };
  /** Names of columns are not told apart by capital letters. */
  readonly ignoresCase: boolean;
  /** Where each cell has a type of its own, which: `whole`, `fractional` or `text`; null where it is empty or anything else. */
  readonly storage?: (expression: string) => string;
  /** The placeholder of the nth parameter, from 1. */
  parameter(index: number): string;
  quote(identifier: string): string;
  /** A parameter as what it is compared as. */
  typed(parameter: string, as: ComparedAs): string;
  /** A cell as it is selected: exact, and where it is a day, as yyyy-MM-dd. */
  cell(expression: string, type: ColumnType): string;
  /** A cell as a number that compares and adds up exactly as its text says. */
  amount(expression: string, type: ColumnType): string;
  /** A cell as a text that is compared by code point, capital letters told apart, whatever the column's own type and collation. */
  text(expression: string, type: ColumnType): string;
  /** A number, or a figure over numbers, as an exact text. */
  exact(expression: string): string;
  /** A number times an integer factor, rounded to the whole number that it stands for. */
  scaled(expression: string, factor: bigint): string;
  /** Texts with `-` (or another character) between them; empty where one of them is. */
  joined(expressions: readonly string[], between?: string): string;
  /** One term of an order over cells that may be empty. */
  order(expression: string, descending: boolean, nullsFirst: boolean): string;
  /** A list of values as one parameter however long it is, and the condition that an expression is one of them; undefined where lists are written out. */
  readonly list?: {
    parameter(values: readonly string[]): string;
    holds(expression: string, parameter: string, as: ComparedAs, type: ColumnType): string;
  };
  /** The columns of all rows as one text of JSON, a list of lists, of one column a list of its cells; undefined where rows come one by one. */
  readonly gathered?: (columns: readonly string[]) => string;
  /** The expression as it is grouped by: where rows are picked by other columns, not by walking an index of this one; the expression itself unless told. */
  readonly ungrouped?: (expression: string) => string;
  /** The place (from 1) of a text in another, capital letters told apart; 0 where it is not. */
  placeOf(expression: string, parameter: string): string;
  /** The year of a day, or the first four characters of a text. */
  year(expression: string, type: ColumnType): string;
}
