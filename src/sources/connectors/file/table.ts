/** A table in a file: its header found, its rows named by it, and each row that cannot be read as a whole marked so. */
import type { FileHandle } from 'node:fs/promises';
import type { FileTable } from '../../../config/sourceFile.js';
import type { RawRecord, RawValue } from '../../raw.js';
import { SourceError } from '../../source.js';
import { cellsOf, textOf } from '../rowFilter.js';
import { csvRows } from './csv.js';
import { jsonRows } from './jsonLines.js';
import { MOST_BYTES, malformed, readOpened, type TableFile, type TableRow, tableFile } from './tableFile.js';
import { xlsxRows } from './xlsx.js';

const MOST_COLUMNS = 2_000;
const LONGEST_CELL = 10_000;
/** What is kept of a cell that is too long. */
const KEPT_OF_LONG_CELL = 200;

/** What a decoder writes for bytes that mean nothing in its encoding. */
const UNDECODABLE = '\uFFFD';

/**
 * The rows of a table below its header, blank and skipped ones left out. A row that is ragged, has undecodable bytes or a
 * cell of more than 10,000 characters is given with its `problem`.
 *
 * Throws a SourceError, which names the file without its folder, when the file cannot be read, is too big (64 MiB of XLSX,
 * 512 MiB of text), or has no header, or one with an empty or a double name.
 *
 * @param source the id of the source, for errors
 * @param wanted columns that JSON Lines may leave out where they are empty, and that the header of a table without rows must have
 */
export async function* readTable(path: string, table: FileTable, source = 'park', wanted: readonly string[] = []): AsyncGenerator<RawRecord> {
  const file = tableFile(path, source);
  if (table.format === 'jsonl') {
    const skipped = (table.skip ?? []).map((skip) => skip.column);
    const records = readOpened(file, MOST_BYTES.jsonl, (handle) => jsonRows(file, table, handle, [...wanted, ...skipped]));
    for await (const record of records) if (!isSkipped(table, record)) yield record;
    return;
  }
  const headerRow = table.headerRow ?? 1;
  let header: Header | undefined;
  let isEmpty = true;
  for await (const row of readOpened(file, MOST_BYTES[table.format], (handle) => rowsOf(file, table, handle))) {
    if (row.row < headerRow) continue;
    if (row.row === headerRow) {
      header = headerOf(file, table, row);
      continue;
    }
    if (row.cells.every((cell) => textOf(cell) === '')) continue;
    if (header === undefined) break;
    const record = recordOf(file, table, header, row);
    if (isSkipped(table, record)) continue;
    isEmpty = false;
    yield record;
  }
  // An empty book is as good as any, and closes every row of the one before: it must not be a misread one.
  if (isEmpty && header) checkColumns(file, header, wanted);
  if (header === undefined) throw malformed(file, `expected the column names in row ${headerRow}, but the file ends before it.`);
}

/** The names of a table's columns. */
export interface TableHeader {
  readonly names: readonly string[];
  /** False where rows may have further columns: JSON Lines leave out what is empty. */
  readonly isComplete: boolean;
}

/** Rows of JSON Lines that are looked at for the names of columns. */
const ROWS_LOOKED_AT = 1_000;

/** The names of a table's columns; of JSON Lines those of its first thousand rows. Throws as `readTable` does. */
export async function readHeader(path: string, table: FileTable, source: string): Promise<TableHeader> {
  const file = tableFile(path, source);
  if (table.format === 'jsonl') {
    const names = new Set<string>();
    let rows = 0;
    for await (const record of readOpened(file, MOST_BYTES.jsonl, (handle) => jsonRows(file, table, handle, []))) {
      for (const name of Object.keys(record.cells)) names.add(name);
      rows += 1;
      if (rows === ROWS_LOOKED_AT) break;
    }
    return { names: [...names], isComplete: false };
  }
  const headerRow = table.headerRow ?? 1;
  for await (const row of readOpened(file, MOST_BYTES[table.format], (handle) => rowsOf(file, table, handle))) {
    if (row.row === headerRow) return { names: headerOf(file, table, row).names, isComplete: true };
  }
  throw malformed(file, `expected the column names in row ${headerRow}, but the file ends before it.`);
}

interface Header {
  readonly names: readonly string[];
}

function checkColumns(file: TableFile, { names }: Header, wanted: readonly string[]): void {
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new SourceError(
    file.source,
    'MISCONFIGURED',
    `${file.name}: the mapping names columns that the file lacks: ${missing.join(', ')}. It has: ${names.join(', ')}, and no rows. Is its encoding right?`,
  );
}

function rowsOf(file: TableFile, table: FileTable, handle: FileHandle): AsyncIterable<TableRow> {
  return table.format === 'xlsx' ? xlsxRows(file, table, handle) : csvRows(file, table, handle);
}

function headerOf(file: TableFile, table: FileTable, row: TableRow): Header {
  const names = row.cells.map(textOf);
  // A trailing delimiter, or a sheet whose titles are wider than its table.
  while (names.at(-1) === '') names.pop();
  if (names.some((name) => name.includes(UNDECODABLE))) {
    throw malformed(file, `${row.place}: the column names are not ${table.encoding ?? 'utf-8'}. State the file's encoding in source.yml.`);
  }
  if (names.length === 0) throw malformed(file, `${row.place}: expected the column names, but got: an empty row. Is headerRow right?`);
  if (names.length > MOST_COLUMNS) throw malformed(file, `${row.place}: expected at most ${MOST_COLUMNS} columns, but got: ${names.length}.`);
  const empty = names.indexOf('');
  if (empty >= 0) throw malformed(file, `${row.place}: expected a name for each column, but got: none for column ${empty + 1}. Is headerRow right?`);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw malformed(file, `${row.place}: expected column names that differ, but got: ${double} twice.`);
  checkSkips(file, table, names);
  return { names };
}

/** A skip whose column is not there would let a totals row pass for a row of the book. */
function checkSkips(file: TableFile, table: FileTable, names: readonly string[]): void {
  const missing = (table.skip ?? []).find((skip) => !names.includes(skip.column));
  if (missing) {
    throw new SourceError(
      file.source,
      'MISCONFIGURED',
      `${file.name}: rows are to be skipped by the column ${missing.column}, but the file has: ${names.join(', ')}.`,
    );
  }
}

function recordOf(file: TableFile, table: FileTable, header: Header, row: TableRow): RawRecord {
  const { names } = header;
  const problem = raggedness(table, names, row.cells) ?? cellProblem(table, names, row.cells);
  const entries = names.map((name, index) => [name, shortened(row.cells[index])] as const);
  const surplus = row.cells
    .slice(names.length)
    .flatMap((cell, index) => (textOf(cell) === '' ? [] : [[`column ${names.length + index + 1}`, shortened(cell)] as const]));
  const at = { file: file.name, line: row.line, ...(row.sheet !== undefined && { sheet: row.sheet }) };
  return { place: `${file.name} ${row.place}`, at, cells: cellsOf([...entries, ...surplus.slice(0, MOST_COLUMNS)]), problem };
}

function raggedness(table: FileTable, names: readonly string[], cells: readonly RawValue[]): string | undefined {
  // A sheet pads its rows; a line does not.
  const short = table.format !== 'xlsx' && cells.length < names.length;
  const long = cells.slice(names.length).some((cell) => textOf(cell) !== '');
  return short || long ? `expected ${names.length} cells, one for each column name, but got: ${cells.length}` : undefined;
}

function cellProblem(table: FileTable, names: readonly string[], cells: readonly RawValue[]): string | undefined {
  for (const [index, name] of names.entries()) {
    const cell = cells[index];
    if (typeof cell !== 'string') continue;
    if (cell.length > LONGEST_CELL) return `${name}: expected at most ${LONGEST_CELL} characters, but got: ${cell.length}`;
    if (cell.includes(UNDECODABLE))
      return `${name}: expected text in ${table.format === 'xlsx' ? 'Unicode' : (table.encoding ?? 'utf-8')}, but got: bytes that mean nothing in it`;
  }
  return undefined;
}

function shortened(cell: RawValue): RawValue {
  return typeof cell === 'string' && cell.length > LONGEST_CELL ? `${cell.slice(0, KEPT_OF_LONG_CELL)}…` : cell;
}

function isSkipped(table: FileTable, record: RawRecord): boolean {
  return (table.skip ?? []).some((skip) => textOf(record.cells[skip.column]) === skip.equals.trim());
}
