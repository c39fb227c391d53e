/** Which columns the tables of a book have, by the names that its mapping uses. */
import type { BookMapping, SqlTable } from '../../../config/sourceFile.js';
import { type Columns, type Layout, layoutOf } from '../../drift.js';
import type { RawRow } from './reader.js';
import type { SqlStatement } from './statement.js';
import type { SqlBook } from './survey.js';

/** What of a book can be read. @param read runs a statement @param before the columns that it had when it was last whole */
export async function readLayout(
  book: SqlBook,
  before: readonly string[] | undefined,
  read: (statement: SqlStatement) => Promise<RawRow[]>,
): Promise<Layout & { readonly present: readonly string[] }> {
  const { definition, mapping, dialect } = book;
  const joins = mapping.joins ?? [];
  const tables = [mapping.from, ...joins.map((join) => join.from)].map((from) => (from as SqlTable).table);
  const parts = tables.map((_table, index) => `SELECT ${index} AS part, name FROM (${dialect.columnNames(dialect.parameter(index + 1))}) AS t${index}`);
  const found = await read({ text: parts.join(' UNION ALL '), parameters: tables });
  const columnsOf = (part: number): string[] => found.filter((row) => Number(row.part) === part).map((row) => String(row.name));
  const main = columnsOf(0);
  // Without its table a book has not changed its columns: the statement that wants them will say what is the matter.
  if (main.length === 0) return { mapping, drift: undefined, present: [] };
  const joined = joins.flatMap(({ as }, index) => columnsOf(index + 1).map((name) => `${as}.${name}`));
  const present = [...main, ...joined];
  return { ...layoutOf(definition, mapping, { present, before, lacks: lackingIn(mapping, present) }), present };
}

/** Names of columns are told apart as databases do: not by capital letters. The main table may be named by its alias. */
function lackingIn(mapping: BookMapping, present: readonly string[]): Columns['lacks'] {
  const { table, as } = mapping.from as SqlTable;
  const main = `${as ?? table}.`;
  const known = new Set(present.map((column) => column.toLowerCase()));
  return (column) => !known.has((column.startsWith(main) ? column.slice(main.length) : column).toLowerCase());
}
