import fc from 'fast-check';
import type { ColumnMapping } from '../../src/config/sourceFile.js';
import type { Attribute } from '../../src/entities/definition.js';
import type { Value, ValueKind } from '../../src/entities/kinds.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { decodeCell, MappingProblem } from '../../src/sources/decode.js';
import type { RawValue } from '../../src/sources/mapping.js';

export const SHANGHAI = 'Asia/Shanghai';
export const USCC = '91410771MA00000155';

const CLASSES = ['NORMAL', 'SPECIAL_MENTION', 'LOSS'] as const;
const classes = { name: 'LoanClassification', object: { NORMAL: 'NORMAL', SPECIAL_MENTION: 'SPECIAL_MENTION', LOSS: 'LOSS' }, values: CLASSES };

/** An attribute for a test, named as its kind is. */
export function attributeOf(kind: ValueKind, options: Partial<Attribute> = {}): Attribute {
  return { name: kind, kind, column: kind, description: '', ...(kind === 'enum' && { enum: classes }), ...options };
}

/** The value of a cell of a column `c`. */
export function decode(kind: ValueKind, raw: RawValue, column: ColumnMapping = {}, options: Partial<Attribute> = {}): Value {
  return decodeCell(attributeOf(kind, options), { ...(column.constant === undefined && !column.columns && { column: 'c' }), ...column }, raw, SHANGHAI);
}

/** The problem that a cell poses; fails where it poses none. */
export function problemOf(kind: ValueKind, raw: RawValue, column: ColumnMapping = {}, options: Partial<Attribute> = {}): MappingProblem {
  let value: Value;
  try {
    value = decode(kind, raw, column, options);
  } catch (error) {
    if (error instanceof MappingProblem) return error;
    throw error;
  }
  throw new Error(`expected a problem with ${JSON.stringify(String(raw))}, but got the value ${String(value)}`);
}

/** Columns that can be written as well as read, for each kind. */
export const columnsOf: Readonly<Record<ValueKind, readonly ColumnMapping[]>> = {
  text: [{}, { values: { '01': '制造业', '02': '信息业', '2': '信息业' } }],
  uscc: [{}],
  money: [{}, ...(['分', '元', '千元', '万元', '百万元', '亿元'] as const).map((unit) => ({ unit }))],
  decimal: [{}, ...(['%', '‰', 'bp'] as const).map((unit) => ({ unit }))],
  integer: [{}],
  date: [{}, ...(['yyyy-MM-dd', 'yyyyMMdd', 'yyyy/MM/dd', 'yyyy.MM.dd', 'yyyy年MM月dd日', 'excel'] as const).map((format) => ({ format }))],
  dateTime: [{ format: 'epochSeconds' }, { format: 'epochMilliseconds' }],
  boolean: [{ values: { 有: 'true', 无: 'false', '0': 'false' } }],
  enum: [{}, { values: { '1': 'NORMAL', '2': 'SPECIAL_MENTION', '5': 'LOSS', E: 'LOSS' } }],
};

const some = <T>(length: number, of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: length, maxLength: length });
const big = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n });
/** Days from the first that Excel knows to its last. */
const day = fc.date({ min: new Date('1900-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const second = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000).toISOString());
const firstSeventeen = fc
  .tuple(
    some(2, fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY')),
    some(6, fc.constantFrom(...'0123456789')),
    some(9, fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY')),
  )
  .map((parts) => parts.flat().join(''));

/** Values of each kind; of a text with codes only those that codes mean. */
export function valuesOf(kind: ValueKind, column: ColumnMapping): fc.Arbitrary<Exclude<Value, null>> {
  switch (kind) {
    case 'text':
      return column.values ? fc.constantFrom(...Object.values(column.values)) : fc.stringMatching(/^[0-9A-Za-z一-龥-]{1,30}$/);
    case 'uscc':
      return firstSeventeen.map((first) => first + usccCheckCharacter(first));
    case 'money':
    case 'decimal':
      return big;
    case 'integer':
      return fc.integer();
    case 'date':
      return day;
    case 'dateTime':
      return second;
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...CLASSES);
  }
}
