/**
 * Every row of a book, in pieces that fit the memory.
 *
 * A small book is read by one statement. A larger one is read along its key: for each piece the database is asked at which
 * key it ends, which an index answers, and then for all rows from where the last one ended up to there. Each is a short
 * statement of its own, so that the partner's database holds no long transaction, no connection is kept, and a deadline
 * holds for each of them. The key is ordered by the partner's own collation, whatever that is: a piece is never cut between
 * two rows whose keys are equal in it, and rows that share a key are found in one piece.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { ColumnMapping } from '../../../config/sourceFile.js';
import { SourceError } from '../../source.js';
import type { Binding, Parameter } from './binding.js';
import type { ColumnType } from './columnType.js';
import type { Dialect } from './dialect.js';
import type { RawRow } from './reader.js';
import { everyRowStatement, type SqlStatement } from './statement.js';
import type { BookTables } from './tables.js';

/** What is read of each row, and how. */
export interface BookOfRows {
  readonly source: string;
  readonly dialect: Dialect;
  readonly binding: Binding;
  readonly tables: BookTables;
  readonly key: ColumnMapping;
  readonly attributes: readonly string[];
  /** Columns beside those of the attributes. */
  readonly more: readonly { readonly name: string; readonly expression: string }[];
  /** Rows of a piece. */
  readonly size: number;
  readonly read: (statement: SqlStatement) => Promise<RawRow[]>;
}

/** A piece may be so many times as long as it should be, where many rows share a key. */
const MOST_OF_ONE_KEY = 10;
/** Rows that are worked on before other work has its turn. */
const AT_ONCE = 500;

/** All rows in pieces, the rows without a key last; `isWhole` where one piece is all. @throws SourceError where too many rows share one key */
export async function* piecesOf(book: BookOfRows): AsyncGenerator<{ rows: RawRow[]; isWhole: boolean }> {
  const columns = keyColumns(book);
  const { size, read } = book;
  const all = everyRowStatement(book.dialect, book.binding, book.attributes, book.more, columns && { limit: size + 1 });
  const first = await read(all);
  if (!columns || first.length <= size) return yield { rows: first, isWhole: true };
  let after: readonly Parameter[] | undefined;
  for (;;) {
    const upTo = await endOfPiece(book, columns, after);
    const from = after;
    const condition = (parameter: (value: Parameter) => string): string[] => [
      ...filled(columns),
      ...(from ? [beyond(columns, '>', from, parameter, false)] : []),
      ...(upTo ? [beyond(columns, '<', upTo, parameter, true)] : []),
    ];
    const rows = await read(everyRowStatement(book.dialect, book.binding, book.attributes, book.more, { condition, limit: size * MOST_OF_ONE_KEY + 1 }));
    if (rows.length > size * MOST_OF_ONE_KEY)
      throw new SourceError(
        book.source,
        'MALFORMED',
        `More than ${size * (MOST_OF_ONE_KEY - 1)} rows of ${book.source} share one key of ${book.binding.entity}.`,
      );
    yield { rows, isWhole: false };
    if (!upTo) break;
    after = upTo;
  }
  const condition = (): string[] => [`(${columns.map(({ expression }) => `${expression} IS NULL`).join(' OR ')})`];
  const keyless = await read(everyRowStatement(book.dialect, book.binding, book.attributes, book.more, { condition, limit: size }));
  if (keyless.length > 0) yield { rows: keyless, isWhole: false };
}

/** Works on rows one by one, and lets other work have its turn in between where they are many. */
export async function eachInTurn<T>(rows: readonly T[], work: (row: T) => void): Promise<void> {
  for (const [index, row] of rows.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await breathe();
    work(row);
  }
}

interface KeyColumn {
  /** As it is ordered. */
  readonly expression: string;
  /** As it is selected. */
  readonly cell: string;
  readonly type: ColumnType;
}

/** The columns that the key is read from; undefined where nothing can be ordered by them. */
function keyColumns({ dialect, tables, key }: BookOfRows): KeyColumn[] | undefined {
  const names = key.columns ?? (key.column === undefined ? [] : [key.column]);
  const columns = names.map((name): KeyColumn => {
    const [quoted, type] = [tables.quoted(name), tables.typeOf(name)];
    // Some types (lists of values) are compared in another way than they are ordered; as texts both are one.
    return { expression: type.kind === 'other' ? dialect.text(quoted, type) : quoted, cell: dialect.cell(quoted, type), type };
  });
  return columns.length === 0 || columns.some(({ type }) => type.kind === 'bytes') ? undefined : columns;
}

async function endOfPiece({ dialect, binding, size, read }: BookOfRows, columns: readonly KeyColumn[], after: readonly Parameter[] | undefined) {
  const statement = everyRowStatement(
    dialect,
    binding,
    undefined,
    columns.flatMap(({ cell, expression }, index) => [
      { name: `k${index}`, expression: cell },
      ...(dialect.storage ? [{ name: `s${index}`, expression: dialect.storage(expression) }] : []),
    ]),
    {
      condition: (parameter) => [...filled(columns), ...(after ? [beyond(columns, '>', after, parameter, false)] : [])],
      order: columns.map(({ expression }) => expression),
      limit: 1,
      offset: size - 1,
    },
  );
  const [row] = await read(statement);
  return row && columns.map(({ type }, index) => asStored(row[`k${index}`] as string | number, row[`s${index}`], type));
}

/** A cell as a parameter that is compared as the cell itself is. */
function asStored(cell: string | number, storage: unknown, type: ColumnType): Parameter {
  const isWhole = storage === 'whole' || type.kind === 'whole';
  return isWhole && /^-?\d+$/.test(String(cell)) ? BigInt(cell) : cell;
}

function filled(columns: readonly KeyColumn[]): string[] {
  return columns.map(({ expression }) => `${expression} IS NOT NULL`);
}

/** Beyond a place in the order of the key's columns, or at it. */
function beyond(
  columns: readonly KeyColumn[],
  operator: '<' | '>',
  place: readonly Parameter[],
  parameter: (value: Parameter) => string,
  inclusive: boolean,
): string {
  const [column, ...others] = columns as [KeyColumn, ...KeyColumn[]];
  const [value, ...rest] = place as [Parameter, ...Parameter[]];
  if (others.length === 0) return `${column.expression} ${operator}${inclusive ? '=' : ''} ${parameter(value)}`;
  const bound = `${column.expression} ${operator}= ${parameter(value)}`;
  const further = `${column.expression} ${operator} ${parameter(value)}`;
  return `(${bound} AND (${further} OR (${column.expression} = ${parameter(value)} AND ${beyond(others, operator, rest, parameter, inclusive)})))`;
}
