/**
 * Makes a workbook safe for the XLSX reader, which fills every gap between two cells and so would spend all memory on a
 * sheet whose only cell says that it stands in row 999,999,999.
 *
 * The archive is unpacked under a limit, the addresses in its sheets are measured, and what was measured, and nothing
 * else, is packed anew (without compression) for the reader.
 */
import { strToU8, type Zippable, zipSync } from 'fflate';
import { unzip, ZipError } from './zip.js';

/** What Excel itself allows. */
const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;

/** Most cells of the rectangle that the reader fills. */
const MOST_CELLS = 10_000_000;

const MOST_UNPACKED = 128 * 1024 * 1024;

/** Excel's longest cell has 32,767 characters. The reader starts a tag or text anew with each piece of it: a very long one would take it hours. */
const LONGEST_TOKEN = 128 * 1024;

const SHEET = /<(?:[\w.-]+:)?sheetData[\s/>]/;
// No alternative can match what another one does, and none passes a `<`: the time is linear in the length of the sheet.
const TAG = /<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>/g;
const TAG_START = /<(?:[\w.-]+:)?(?:row|c)(?=[\s/>])/g;
const ADDRESS = /(?:^|\s)(?:[\w.-]+:)?r\s*=\s*(?:"([^"]*)"|'([^']*)')/;
const ERROR_TYPE = /((?:^|\s)t\s*=\s*)(?:"e"|'e')/;

/** The workbook, repacked. Throws ZipError, whose message says what was expected and what came. */
export async function repack(archive: Buffer): Promise<Buffer> {
  if (archive.length >= 8 && archive.readUInt32BE(0) === 0xd0cf11e0) {
    throw new ZipError('expected an .xlsx workbook, but got: an old .xls one or one with a password. Save it as .xlsx without a password.');
  }
  if (archive.length < 4 || archive.readUInt32BE(0) !== 0x504b0304) throw new ZipError('expected an .xlsx workbook, but got: another kind of file.');
  const files: Zippable = {};
  for (const [name, content] of await unzip(archive, (entry) => entry.endsWith('.xml') || entry.endsWith('.xml.rels'), MOST_UNPACKED)) {
    const text = content.toString('utf8');
    checkXml(text);
    files[name] = SHEET.test(text) ? strToU8(checkSheet(text)) : content;
  }
  return Buffer.from(zipSync(files, { level: 0 }));
}

/** No program writes a document type into a workbook; who does wants entities to be filled in, from elsewhere or without end. */
function checkXml(text: string): void {
  if (/<!DOCTYPE/i.test(text)) throw new ZipError('expected XML without a document type, but got: one. Save the workbook with a spreadsheet program.');
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('<', start + 1);
    const end = next < 0 ? text.length : next;
    if (end - start > LONGEST_TOKEN) throw new ZipError(`expected tags and texts of at most ${LONGEST_TOKEN} characters, but got: longer ones.`);
    start = end;
  }
}

/** The sheet, its error cells turned into texts (`#REF!`) so that they are seen and set aside; the reader would call them empty. */
function checkSheet(sheet: string): string {
  let tags = 0;
  let lastRow = 0;
  let lastColumn = 0;
  const checked = sheet.replace(TAG, (tag: string, kind: string, attributes: string) => {
    tags += 1;
    const match = ADDRESS.exec(attributes);
    const address = match?.[1] ?? match?.[2];
    if (address === undefined) return tag;
    const { row, column } = position(kind, address);
    // An empty cell has no end tag; the reader does not reach out for it.
    if (kind === 'c' && !attributes.endsWith('/')) {
      lastRow = Math.max(lastRow, row);
      lastColumn = Math.max(lastColumn, column);
    }
    return kind === 'c' ? tag.replace(ERROR_TYPE, '$1"str"') : tag;
  });
  if (tags !== (sheet.match(TAG_START)?.length ?? 0)) throw new ZipError('a sheet of the workbook is not well-formed.');
  if (lastRow * lastColumn > MOST_CELLS) {
    throw new ZipError(
      `expected at most ${MOST_CELLS} cells in a sheet, but got: ${lastRow} rows of ${lastColumn} columns. Delete the stray cells or split it.`,
    );
  }
  return checked;
}

function position(kind: string, address: string): { row: number; column: number } {
  const match = (kind === 'row' ? /^()(\d{1,7})$/ : /^([A-Z]{1,3})(\d{1,7})$/).exec(address);
  const row = Number(match?.[2]);
  const column = [...(match?.[1] ?? '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  if (!match || row < 1 || row > LAST_ROW || column > LAST_COLUMN) {
    throw new ZipError(
      `expected rows up to ${LAST_ROW} and columns up to ${LAST_COLUMN}, but got: a ${kind === 'row' ? 'row' : 'cell'} at "${address.slice(0, 20)}".`,
    );
  }
  return { row, column };
}
