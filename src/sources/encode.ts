/** From our value back to the partner's own form, so that a filter can be answered where the data lives. */
import type { ColumnMapping } from '../config/sourceFile.js';
import type { Attribute } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { encodeDecimal, encodeMoney } from './decodeNumber.js';
import { type DateFormat, encodeDate } from './decodeTime.js';

/**
 * The value as the partner's column holds it: an amount as an exact decimal text in the partner's unit, a day as the
 * partner writes it, a whole number as a number. A list where several raw values mean the value (codes; days whose month
 * may be written with one digit or two): none where no raw value does. null for null, which the empty text and the
 * mapping's `empty` texts mean too.
 *
 * @throws TypeError where `isEncodable` is false: no finite list of raw values means the value
 */
export function encodeCell(attribute: Attribute, column: ColumnMapping, value: Value): string | number | null | (string | number)[] {
  if (value === null) return null;
  if (!isEncodable(attribute, column)) throw new TypeError(`${attribute.name}: its column has no single form of a value. Compare it after it was read.`);
  if (column.values) return codesOf(column.values, attribute, value);
  switch (attribute.kind) {
    case 'money':
      return encodeMoney(value as bigint, column.unit);
    case 'decimal':
      return encodeDecimal(value as bigint, column.unit);
    case 'integer':
      return value as number;
    case 'date':
      return encodeDate(value as string, dateFormat(attribute, column));
    case 'dateTime':
      return Date.parse(value as string) / (column.format === 'epochSeconds' ? 1000 : 1);
    case 'enum':
      return [value as string];
    default:
      return value as string;
  }
}

/**
 * Whether order and range on the raw column are those of our value. Numbers are taken to lie in a numeric column, and
 * texts to be compared by code point; a connector that cannot promise either must not rely on this.
 */
export function isMonotone(attribute: Attribute, column: ColumnMapping): boolean {
  // A text that means "no value" would stand among the values.
  if (column.values || column.empty?.length) return false;
  switch (attribute.kind) {
    case 'enum':
    case 'boolean':
      return false;
    case 'date':
      return ['yyyy-MM-dd', 'yyyyMMdd', 'excel'].includes(dateFormat(attribute, column));
    case 'dateTime':
      return isEncodable(attribute, column);
    default:
      return true;
  }
}

/** Whether a value has a finite list of raw values that mean it. A day is not one instant, and an instant has a text in every zone. */
export function isEncodable(attribute: Attribute, column: ColumnMapping): boolean {
  const format = dateFormat(attribute, column);
  switch (attribute.kind) {
    case 'date':
      return !['iso', 'epochSeconds', 'epochMilliseconds'].includes(format);
    case 'dateTime':
      return ['epochSeconds', 'epochMilliseconds'].includes(format);
    case 'boolean':
      return column.values !== undefined;
    default:
      return true;
  }
}

function dateFormat(attribute: Attribute, column: ColumnMapping): DateFormat {
  return column.format ?? (attribute.kind === 'dateTime' ? 'iso' : 'yyyy-MM-dd');
}

function codesOf(values: Readonly<Record<string, string>>, attribute: Attribute, value: Value): string[] {
  const means = (meaning: string): boolean => (attribute.kind === 'boolean' ? meaning.trim() === String(value) : meaning.trim() === value);
  return Object.keys(values).filter((code) => means(values[code] as string));
}
