/** Which columns the tables of a book have now, by the names that its mapping uses, and what can be read of them. */
import type { BookMapping, SqlTable } from '../../../config/sourceFile.js';
import { type Columns, type Layout, layoutOf } from '../../drift.js';
import { SourceError } from '../../source.js';
import type { ColumnType } from './columnType.js';
import type { RawRow } from './reader.js';
import type { SqlStatement } from './statement.js';
import type { ReadableBook, SqlBook } from './survey.js';
import { columnsOf, type TypesOfTables, tablesOf } from './tables.js';

/** The tables of a book as they are now. */
export interface TablesNow {
  /** The book without what rests on columns that are gone. */
  readonly readable: ReadableBook;
  /** Every column that is there. */
  readonly present: readonly string[];
}

/**
 * Looks at the tables of a book.
 *
 * @param before the columns that it had when it was last whole
 * @param read runs a statement
 * @throws SourceError where a table is not there
 */
export async function lookAtTables(
  book: SqlBook,
  before: readonly string[] | undefined,
  read: (statement: SqlStatement) => Promise<RawRow[]>,
): Promise<TablesNow> {
  const { definition, mapping, source, dialect } = book;
  const present: string[] = [];
  const types = new Map<string, ReadonlyMap<string, ColumnType>>();
  const wanted = columnsOf(mapping);
  const main = mainName(mapping);
  for (const [name, table] of tablesOf(mapping)) {
    const columns = (await read(dialect.columns.statement(table))).map(dialect.columns.read);
    if (columns.length === 0) throw new SourceError(source.id, 'MALFORMED', `The database of ${source.id} has no table ${table.table} that the hub may read.`);
    present.push(...columns.map((column) => (name === main ? column.name : `${name}.${column.name}`)));
    // The mapping may write a name in other letters than the database does.
    const typeOf = new Map(columns.flatMap((column) => (column.type ? [[folded(dialect, column.name), column.type] as const] : [])));
    const named = [...(wanted.get(name) ?? [])].flatMap((column) => {
      const type = typeOf.get(folded(dialect, column));
      return type ? [[column, type] as const] : [];
    });
    if (typeOf.size > 0) types.set(name, new Map(named));
  }
  const layout: Layout = layoutOf(definition, mapping, { present, before, lacks: lackingIn(book, present) });
  const declared: TypesOfTables | undefined = types.size > 0 ? types : undefined;
  return { readable: { ...book, ...layout, ...(declared ? { types: declared } : {}) }, present };
}

function lackingIn({ mapping, dialect }: SqlBook, present: readonly string[]): Columns['lacks'] {
  const main = `${mainName(mapping)}.`;
  const known = new Set(present.map((column) => folded(dialect, column)));
  return (column) => !known.has(folded(dialect, column.startsWith(main) ? column.slice(main.length) : column));
}

function folded({ ignoresCase }: SqlBook['dialect'], column: string): string {
  return ignoresCase ? column.toLowerCase() : column;
}

function mainName(mapping: BookMapping): string {
  const { table, as } = mapping.from as SqlTable;
  return as ?? table;
}
