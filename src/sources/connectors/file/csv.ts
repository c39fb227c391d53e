/** The rows of a CSV or TSV file: decoded, split, counted. Streams: a file of any size costs the same memory. */
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import type { FileTable } from '../../../config/sourceFile.js';
import { malformed, type TableFile, type TableRow } from './tableFile.js';

/** A quote that is never closed swallows what follows it: beyond this many characters in one row the file is refused. */
const LONGEST_ROW = 1024 * 1024;

const NEW_LINES = /\r\n|\n|\r/g;

/** The rows of an opened CSV file, blank ones too. Throws a SourceError where quotes do not close. */
export async function* csvRows(file: TableFile, table: FileTable, handle: FileHandle): AsyncGenerator<TableRow> {
  const width = (table.headerRow ?? 1) > 1 ? await headerWidth(table, handle) : 0;
  // To the parser the first row sets how long a row is, and it spends more on each that is longer than on all else. A title
  // is not as long as the rows: they are given a first row that is.
  const parser = parse(optionsOf(table));
  if (width > 1) parser.write(`${delimiterOf(table).repeat(width - 1)}\n`);
  const bytes = handle.createReadStream({ autoClose: false, start: 0 });
  // Errors reach the loop below through the parser; the callback only keeps them from being thrown twice.
  pipeline(bytes, iconv.decodeStream(table.encoding ?? 'utf-8'), parser, () => undefined);
  let row = width > 1 ? -1 : 0;
  let line = 1;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (row === 0) continue;
      yield { row, place: `line ${line}`, line, cells };
      // The parser's own count takes the two characters of a Windows line end inside quotes for two lines.
      line += 1;
      for (const cell of cells) line += cell.match(NEW_LINES)?.length ?? 0;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(file, `line ${line}: ${csvProblem(error)}`, error);
  }
}

function optionsOf(table: FileTable): Options {
  return {
    delimiter: delimiterOf(table),
    // All three, so that a file with mixed line ends is split at each of them.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // 5" pipes: a quote inside an unquoted cell is a character.
    relax_quotes: true,
    max_record_size: LONGEST_ROW,
  };
}

function delimiterOf({ format, delimiter }: FileTable): string {
  return format === 'tsv' ? '\t' : (delimiter ?? ',');
}

/** How many cells the row of column names has; 0 where it is not found near the start of the file. */
async function headerWidth(table: FileTable, handle: FileHandle): Promise<number> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(LONGEST_ROW), position: 0 });
  const text = iconv.decode(buffer.subarray(0, bytesRead), table.encoding ?? 'utf-8');
  try {
    const rows: string[][] = parseSync(text, { ...optionsOf(table), to: table.headerRow });
    return rows[(table.headerRow ?? 1) - 1]?.length ?? 0;
  } catch (error) {
    // The reading proper meets it again, and says where.
    if (error instanceof CsvError) return 0;
    throw error;
  }
}

function csvProblem(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened here and never closed. Close it, or double the quotes inside the cell.';
    case 'CSV_MAX_RECORD_SIZE':
      return `expected a row of at most ${LONGEST_ROW} characters, but got: more. Is a quote opened here that is not closed?`;
    default:
      return `the row cannot be split into cells (${error.code}).`;
  }
}
