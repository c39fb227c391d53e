/**
 * The rows of a sheet of an XLSX workbook.
 *
 * What the reader gives (read-excel-file 9): a cell with a date format is a Date, midnight UTC; a percent cell is its
 * ratio (12.5 % is 0.125); of merged cells the first has the value and the others are empty; an empty cell is null;
 * a formula is its last result. Rows and columns without cells are kept, so that the index of a row is its number.
 */
import type { FileHandle } from 'node:fs/promises';
import readWorkbook, { SheetNotFoundError } from 'read-excel-file/node';
import type { FileTable } from '../../../config/sourceFile.js';
import type { RawValue } from '../../raw.js';
import { SourceError } from '../../source.js';
import { malformed, type TableFile, type TableRow } from './tableFile.js';
import { repack } from './workbook.js';
import { ZipError } from './zip.js';

const FIRST_DAY = Date.UTC(1900, 0, 1);

/** The rows of one sheet of an opened workbook, blank ones too. Throws a SourceError when it cannot be read or has no such sheet. */
export async function* xlsxRows(file: TableFile, table: FileTable, handle: FileHandle): AsyncGenerator<TableRow> {
  const { name, rows } = await readSheet(file, table.sheet, await handle.readFile());
  for (const [index, cells] of rows.entries()) {
    yield { row: index + 1, place: `sheet ${name} row ${index + 1}`, line: index + 1, sheet: name, cells: cells.map(cellValue) };
  }
}

async function readSheet(file: TableFile, sheet: string | undefined, archive: Buffer): Promise<{ name: string; rows: readonly (readonly RawValue[])[] }> {
  try {
    // `sheets` (names, or numbers from 1) is what the library's own readSheet passes on; its types keep it to themselves,
    // and call a Date `typeof Date`.
    const options: object = { sheets: [sheet ?? 1] };
    const [found] = await readWorkbook(await repack(archive), options);
    if (!found) throw malformed(file, 'the workbook has no sheet.');
    return { name: found.sheet, rows: found.data as unknown as RawValue[][] };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (error instanceof ZipError) throw malformed(file, error.message, error);
    if (error instanceof SheetNotFoundError) throw malformed(file, `expected a sheet named ${sheet}, but the workbook has none.`, error);
    throw malformed(file, 'the workbook cannot be read: it is damaged, or not what Excel writes.', error);
  }
}

/**
 * Excel keeps 15 digits and shows them; its file may carry the binary noise behind them (0.30000000000000004). It has no day
 * before the first of 1900 and shows none; the reader makes one of any number.
 */
function cellValue(value: RawValue): RawValue {
  if (value instanceof Date && value.getTime() < FIRST_DAY) return new Date(Number.NaN);
  return typeof value === 'number' ? Number(value.toPrecision(15)) : value;
}
