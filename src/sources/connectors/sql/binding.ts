/** How an entity lies in a database: which tables, and for each attribute which column and how its values are written. */
import type { Value } from '../../../entities/kinds.js';
import type { RawValue } from '../../mapping.js';
import type { Place, Row, SetAside } from '../../source.js';
import type { ColumnType } from './columnType.js';
import type { ComparedAs } from './dialect.js';

/** A parameter of a statement. */
export type Parameter = string | number | bigint | null;

/** One attribute in a database. */
export interface BoundColumn {
  /** The same for every row; then there is no expression. */
  readonly constant?: Value;
  /** The column as it is compared exactly, quoted. */
  readonly expression: string;
  /** What the database declares of it. */
  readonly type: ColumnType;
  readonly as: ComparedAs;
  /** The bare column, where an index of it can serve and `expression` is another. */
  readonly indexed?: IndexedColumn;
  readonly nullable: boolean;
  /** A number: parameters are decimal texts or whole numbers, sums are scaled. */
  readonly numeric: boolean;
  /** Order and range of the column are those of our value. */
  readonly monotone: boolean;
  /** Each value has one form in the column. */
  readonly singular: boolean;
  /** How many of our units (fen, millionths, 1) one of the column's is; for sums. */
  readonly factor: bigint;
  /** The value in the column's own form; a list where several codes mean it. */
  encode(value: Value): Parameter | Parameter[];
  /** Our value of the column's. Throws where it has none. */
  decode(raw: RawValue): Value;
}

/** A bare column, whose own equality and order an index has. */
export interface IndexedColumn {
  readonly expression: string;
  readonly as: ComparedAs;
  /** Which rows equality with a value finds: the `same` as `expression`, `more`, or `none` for no row has it. */
  equals(value: Parameter): 'same' | 'more' | 'none';
  /** Its order is that of `expression`, for all rows. */
  readonly ordered: boolean;
  /** Whether a value stands in that order where it stands in the order of `expression`. */
  orders(value: Parameter): boolean;
}

/** An entity in a database. */
export interface Binding {
  readonly entity: string;
  /** FROM and JOIN, quoted, without the word FROM. */
  readonly from: string;
  /** Conditions that every row of the book keeps; each is written with the placeholders that it is handed. */
  readonly base: readonly ((parameter: (value: Parameter) => string) => string)[];
  /** In place of `base` where no index serves the ask, and the book has its tables to itself: all rows are walked, not looked up one by one. */
  readonly walked?: {
    readonly base: Binding['base'];
    isIndexed(attribute: string): boolean;
  };
  /** Whether a row of the tables may lack its key: such rows are in no answer. */
  readonly mayLackKeys: boolean;
  /** Of an attribute, of `source`, or of `key`. Throws for a name that it does not hold. */
  column(attribute: string): BoundColumn;
  /** All raw columns needed to make a row with these attributes, by their result names. */
  selection(attributes: readonly string[]): readonly { readonly name: string; readonly expression: string }[];
  /** The row of a raw result, or why there is none. */
  row(raw: Readonly<Record<string, RawValue>>, attributes: readonly string[], asOf: string): { ok: true; row: Row } | { ok: false; setAside: SetAside };
  /** Where a raw row stands, for people. */
  place(raw: Readonly<Record<string, RawValue>>): Place;
}
