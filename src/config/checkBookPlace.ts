/** Where a book lies in its source: does the form fit the connector, are the names in it declared. */
import type { Report } from './checkSourceFile.js';
import { isInnerName } from './confine.js';
import type { BookMapping, FileTable, SourceFile, SqlTable } from './sourceFile.js';
import { suggestion } from './suggestion.js';
import type { FieldPath } from './yaml.js';

type From = BookMapping['from'];

/** What says nothing of a file of a format. */
const UNFITTING: Record<FileTable['format'], readonly (keyof FileTable)[]> = {
  csv: ['sheet'],
  tsv: ['sheet', 'delimiter'],
  xlsx: ['encoding', 'delimiter'],
  jsonl: ['sheet', 'delimiter', 'headerRow'],
};

const WANTED: Record<SourceFile['connector'], string> = {
  sql: 'a table of the database (a block with table)',
  file: 'a file of the drop folder (a block with file and format)',
  http: 'a resource of the API (a block with path and rows)',
};

/** Checks `from`, `joins` and every name of a column of a book. */
export function checkBookPlace(connector: SourceFile['connector'], book: BookMapping, path: FieldPath, report: Report): void {
  const places: [From, FieldPath][] = [[book.from, [...path, 'from']]];
  for (const [index, join] of (book.joins ?? []).entries()) places.push([join.from, [...path, 'joins', index, 'from']]);
  for (const [from, here] of places) {
    if (connectorOf(from) !== connector) report(here, `${WANTED[connector]}, for the connector is ${connector}`, WANTED[connectorOf(from)]);
    else if ('file' in from) checkFile(from, here, report);
  }
  if (connector === 'http') {
    if (book.joins?.length) report([...path, 'joins'], 'no joins: an API gives nested objects, which are read by their path', `${book.joins.length} joins`);
  } else checkAliases(connector, book, path, report);
}

function connectorOf(from: From): SourceFile['connector'] {
  return 'table' in from ? 'sql' : 'file' in from ? 'file' : 'http';
}

function checkFile(table: FileTable, path: FieldPath, report: Report): void {
  if (!isInnerName(table.file) || table.file.includes('/')) report([...path, 'file'], "the name of a file in the source's folder, without folders", table.file);
  for (const other of UNFITTING[table.format])
    if (table[other] !== undefined) report([...path, other], `no ${other}, for the format is ${table.format}`, String(table[other]));
}

function checkAliases(connector: 'sql' | 'file', book: BookMapping, path: FieldPath, report: Report): void {
  const joins = book.joins ?? [];
  const main = connector === 'sql' && 'table' in book.from ? mainName(book.from) : undefined;
  const aliases = new Set(main === undefined ? [] : [main]);
  for (const [index, join] of joins.entries()) {
    if (aliases.has(join.as)) report([...path, 'joins', index, 'as'], 'an alias of its own', `${join.as}, which is taken`);
    aliases.add(join.as);
    if (Object.keys(join.on).length === 0) report([...path, 'joins', index, 'on'], 'at least one pair of columns', 'none');
  }
  const check = (column: string, here: FieldPath): void => {
    const point = column.indexOf('.');
    // A header of a file may hold a point; without joins there is nothing else that it could mean.
    if (point < 0 || (connector === 'file' && joins.length === 0)) return;
    const alias = column.slice(0, point);
    const declared = aliases.size ? `one of the declared aliases ${[...aliases].join(', ')}` : 'an alias that joins declares';
    if (!aliases.has(alias)) report(here, `${declared} before the point${suggestion(alias, aliases)}`, column);
  };
  for (const [attribute, mapped] of Object.entries(book.columns)) {
    const here = [...path, 'columns', attribute];
    if (mapped.column !== undefined) check(mapped.column, here);
    for (const [index, column] of (mapped.columns ?? []).entries()) check(column, [...here, 'columns', index]);
    for (const [part, column] of Object.entries(mapped.identify ?? {})) if (column !== undefined) check(column, [...here, 'identify', part]);
  }
  for (const [index, filter] of (book.where ?? []).entries()) check(filter.column, [...path, 'where', index, 'column']);
  for (const [index, join] of joins.entries()) for (const [joined, own] of Object.entries(join.on)) check(own, [...path, 'joins', index, 'on', joined]);
}

function mainName(table: SqlTable): string {
  return table.as ?? table.table;
}
