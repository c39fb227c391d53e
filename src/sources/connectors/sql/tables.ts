/** The tables of a book in a database: how they are joined, and what the database declares of their columns. */
import type { BookMapping, SqlTable } from '../../../config/sourceFile.js';
import type { ColumnType } from './columnType.js';
import type { Dialect, TableName } from './dialect.js';

/** What a database declares of columns: by the name that a table has in the statement, then by column. */
export type TypesOfTables = ReadonlyMap<string, ReadonlyMap<string, ColumnType>>;

/** Columns as a mapping names them (`fkje`, `k.tyxydm`). */
export interface BookTables {
  /** With its table, quoted. */
  quoted(column: string): string;
  typeOf(column: string): ColumnType;
}

/** The tables of a book, by the name that each has in its statements. */
export function tablesOf(mapping: BookMapping): ReadonlyMap<string, TableName> {
  const main = mapping.from as SqlTable;
  return new Map([[main.as ?? main.table, main], ...(mapping.joins ?? []).map((join) => [join.as, join.from as SqlTable] as const)]);
}

/** Every column that the mapping names, by the name of its table. */
export function columnsOf(mapping: BookMapping): ReadonlyMap<string, ReadonlySet<string>> {
  const main = mapping.from as SqlTable;
  const columns = new Map<string, Set<string>>([...tablesOf(mapping).keys()].map((table) => [table, new Set()]));
  const add = (column: string): void => {
    const point = column.indexOf('.');
    columns.get(point < 0 ? (main.as ?? main.table) : column.slice(0, point))?.add(point < 0 ? column : column.slice(point + 1));
  };
  for (const column of Object.values(mapping.columns)) for (const name of column.columns ?? (column.column === undefined ? [] : [column.column])) add(name);
  for (const filter of mapping.where ?? []) add(filter.column);
  for (const join of mapping.joins ?? []) {
    for (const [joined, own] of Object.entries(join.on)) {
      columns.get(join.as)?.add(joined);
      add(own);
    }
  }
  return columns;
}

/** FROM and JOIN, quoted, without the word FROM. */
export function fromClause(dialect: Dialect, mapping: BookMapping, tables: BookTables): string {
  const named = [...tablesOf(mapping)].map(([name, { schema, table }]) => {
    const path = [...(schema === undefined ? [] : [schema]), table].map((part) => dialect.quote(part)).join('.');
    return `${path} AS ${dialect.quote(name)}`;
  });
  const joins = (mapping.joins ?? []).map((join, index) => {
    const on = Object.entries(join.on).map(([joined, own]) => joinCondition(dialect, tables, `${join.as}.${joined}`, own));
    return ` LEFT JOIN ${named[index + 1]} ON ${on.join(' AND ')}`;
  });
  return named[0] + joins.join('');
}

/** Two columns of one type are compared as the partner's own system does; others by their texts. */
function joinCondition(dialect: Dialect, tables: BookTables, joined: string, own: string): string {
  const [left, right] = [tables.typeOf(joined), tables.typeOf(own)];
  if (left.kind === right.kind && left.collation?.name === right.collation?.name) return `${tables.quoted(joined)} = ${tables.quoted(own)}`;
  return `${dialect.text(tables.quoted(joined), left)} = ${dialect.text(tables.quoted(own), right)}`;
}
