/** From one cell of a partner to one value of ours. `encode.ts` is the way back. */
import type { ColumnMapping } from '../config/sourceFile.js';
import type { Attribute } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { isUscc, usccCheckCharacter } from '../rules/uscc.js';
import { toHalfWidth } from '../values/text.js';
import { decodeDecimal, decodeInteger, decodeMoney } from './decodeNumber.js';
import { MappingProblem, problem } from './decodeProblem.js';
import { decodeDate, decodeDateTime } from './decodeTime.js';
import { joinDesignation, splitDesignation } from './designationText.js';
import type { RawValue } from './raw.js';

export { MappingProblem, showRaw } from './decodeProblem.js';
export { encodeCell, isEncodable, isMonotone } from './encode.js';

const USCC_SHAPE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
/** Control characters, halves of characters, marks that turn the direction of writing, and the mark of a wrong encoding. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffd]/u;
const DEFAULT_LENGTH = 200;
const TRUE = new Set(['是', 'y', 'yes', 'true', '1']);
const FALSE = new Set(['否', 'n', 'no', 'false', '0']);

/**
 * The value of a cell, or of the mapping's constant. Of several `columns` the cell is their texts joined with `-`.
 *
 * @param timeZone the zone of the partner's clocks, such as Asia/Shanghai
 * @throws MappingProblem when the cell is not what the attribute and its mapping want
 */
export function decodeCell(attribute: Attribute, column: ColumnMapping, raw: RawValue, timeZone: string): Value {
  try {
    const given = column.constant ?? raw;
    const cell = isEmpty(given, column) ? null : given;
    if (cell === null || cell === undefined) {
      if (attribute.nullable) return null;
      throw problem('a value, for the attribute may not be empty', raw);
    }
    const value = column.designation ? decodeDesignation(cell, column, attribute.length ?? DEFAULT_LENGTH) : decodeFilled(attribute, column, cell, timeZone);
    const expected = typeof value === 'string' ? attribute.check?.(value) : undefined;
    if (expected !== undefined) throw problem(expected, given);
    return value;
  } catch (error) {
    if (error instanceof MappingProblem) throw error.at(`${attribute.name} (${describeColumn(column)})`);
    throw error;
  }
}

/** Where a mapping reads an attribute, for people: "column 贷款金额". */
export function describeColumn(column: ColumnMapping): string {
  if (column.columns) return `columns ${column.columns.join(', ')}`;
  return column.column === undefined ? 'constant' : `column ${column.column}`;
}

function isEmpty(raw: RawValue, column: ColumnMapping): boolean {
  if (raw === null || raw === undefined) return true;
  if (raw instanceof Date) return false;
  const text = String(raw).trim();
  return text === '' || (column.empty?.includes(text) ?? false);
}

function decodeFilled(attribute: Attribute, column: ColumnMapping, raw: Exclude<RawValue, null | undefined>, timeZone: string): Value {
  const cell = column.values && column.constant === undefined ? meaningOf(raw, column.values) : raw;
  switch (attribute.kind) {
    case 'text':
      return decodeText(cell, attribute.length ?? DEFAULT_LENGTH);
    case 'uscc':
      return decodeUscc(cell);
    case 'money':
      return decodeMoney(cell, column.unit);
    case 'decimal':
      return decodeDecimal(cell, column.unit);
    case 'integer':
      return decodeInteger(cell);
    case 'date':
      return decodeDate(cell, column.format ?? 'yyyy-MM-dd', timeZone);
    case 'dateTime':
      return decodeDateTime(cell, column.format ?? 'iso', timeZone);
    case 'boolean':
      return decodeBoolean(cell);
    case 'enum':
      return decodeEnum(cell, attribute.enum?.values ?? [], attribute.enum?.name ?? attribute.name);
  }
}

/** What a partner's code means. */
function meaningOf(raw: Exclude<RawValue, null | undefined>, values: Readonly<Record<string, string>>): string {
  const code = raw instanceof Date ? '' : String(raw).trim();
  if (!Object.hasOwn(values, code)) throw problem(`one of the known codes ${list(Object.keys(values))}`, raw);
  return values[code] as string;
}

function decodeText(raw: RawValue, length: number): string {
  // A date cell is what a spreadsheet made of "3-5"; a long number has lost its last digits.
  if (raw instanceof Date || typeof raw === 'boolean') throw problem('a text', raw);
  if (typeof raw === 'number' && !(Math.abs(raw) <= Number.MAX_SAFE_INTEGER)) throw problem('a text; a number this long has lost digits', raw);
  const text = String(raw).trim();
  if (UNPRINTABLE.test(text)) {
    throw problem(text.includes('\ufffd') ? 'a text in the encoding that source.yml says' : 'a text without control characters', raw);
  }
  if (text.length > length && [...text].length > length) throw problem(`a text of at most ${length} characters`, raw);
  return text;
}

/** A registration number and a name as one text; null where both are empty. */
function decodeDesignation(raw: RawValue, column: ColumnMapping, length: number): string | null {
  const texts = splitDesignation(String(raw));
  // More than two: a cell holds the character that stands between them.
  if (texts.length !== column.columns?.length) throw problem('a text without control characters', raw);
  const parts = texts.map((part) => (isEmpty(part, column) ? '' : decodeText(part, length)));
  return parts.every((part) => part === '') ? null : joinDesignation(parts);
}

function decodeUscc(raw: RawValue): string {
  // What is written as it should be is most of what comes.
  if (typeof raw === 'string' && isUscc(raw)) return raw;
  const text = typeof raw === 'string' || typeof raw === 'bigint' ? toHalfWidth(String(raw)).trim().toUpperCase() : '';
  if (!USCC_SHAPE.test(text)) throw problem('a USCC: 18 digits and capital letters without I, O, S, V and Z, the third to the eighth digits', raw);
  if (!isUscc(text)) throw problem(`a USCC whose check character (the last) is ${usccCheckCharacter(text)}`, raw);
  return text;
}

function decodeBoolean(raw: RawValue): boolean {
  if (typeof raw === 'boolean') return raw;
  const text = raw instanceof Date ? '' : toHalfWidth(String(raw)).trim().toLowerCase();
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw problem('是 or 否, Y or N, true or false, 1 or 0', raw);
}

function decodeEnum(raw: RawValue, values: readonly string[], name: string): string {
  const text = typeof raw === 'string' ? raw.trim() : String(raw);
  if (!values.includes(text)) throw problem(`one of the values of ${name}: ${list(values)}`, raw);
  return text;
}

function list(names: readonly string[]): string {
  const most = 30;
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
}
