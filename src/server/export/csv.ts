/**
 * Rows as CSV: RFC 4180 (CRLF, quotes doubled), UTF-8 with a byte order mark, by which spreadsheets know it.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"). What is a number
 * or a day by its type stays as it is: "-3.50" is an amount. The guard can be undone: of a text that begins with apostrophes
 * and such a sign, the first apostrophe is the guard's.
 */
import type { Column } from './rowShape.js';

/** What a spreadsheet begins a formula with, the full-width signs of East Asian ones among them, however often it was guarded. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/u;

/** Types whose values are no text of anybody's: numbers, amounts, days. */
const EXACT: ReadonlySet<string> = new Set(['Int', 'Float', 'Boolean', 'Money', 'Decimal', 'Date', 'DateTime']);

/** The last column: the columns of the row whose value is hidden, with spaces between them. */
const HIDDEN = 'extensions.hidden';

/** The head of a table. */
export function csvHead(columns: readonly Column[]): string {
  return `\uFEFF${line([...columns.map(({ name }) => name), HIDDEN])}`;
}

/** A row of the table, with what is hidden of it. */
export function csvRow(columns: readonly Column[], row: object, hidden: readonly string[]): string {
  return line([...columns.map(({ path, type }) => cellOf(valueAt(row, path), type)), hidden.join(' ')]);
}

/** A cell: nothing for null, so that an empty text, which is quoted, is another thing. */
export function cellOf(value: unknown, type: string): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (text === '') return '""';
  if (EXACT.has(type) || !FORMULA.test(text)) return quoted(text);
  return `"'${text.replaceAll('"', '""')}"`;
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function line(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

function valueAt(row: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value === null || value === undefined ? null : (value as Record<string, unknown>)[name]), row);
}
