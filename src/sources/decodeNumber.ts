/**
 * Amounts, ratios and whole numbers of partners, exactly.
 *
 * A number is never calculated with as a float: a JS number is read through its shortest decimal text, which names the
 * number that the partner wrote, and units are powers of ten, so that scaling moves the point.
 */
import type { ColumnMapping } from '../config/sourceFile.js';
import { toHalfWidth } from '../values/text.js';
import { problem } from './decodeProblem.js';
import type { RawValue } from './raw.js';

type Unit = NonNullable<ColumnMapping['unit']>;

/** How many fen one of the unit is, as a power of ten. */
const MONEY_UNITS: Partial<Record<Unit, number>> = { 分: 0, 元: 2, 千元: 5, 万元: 6, 百万元: 8, 亿元: 10 };
/** How many millionths one of the unit is, as a power of ten. */
const RATIO_UNITS: Partial<Record<Unit, number>> = { '%': 4, '‰': 3, bp: 2 };
const PLAIN_RATIO = 6;

/** The store keeps 64 bits; the scalars write eighteen digits. */
const LIMIT = 10n ** 18n;
const LONGEST_NUMBER = 60;
/** A binary float that a spreadsheet calculated is right to fifteen digits; twelve leave room for a chain of sums. */
const FLOAT_DIGITS = 12;

/** Units that an amount may be given in. */
export const moneyUnits: readonly string[] = Object.keys(MONEY_UNITS);
/** Units that a ratio may be given in. */
export const ratioUnits: readonly string[] = Object.keys(RATIO_UNITS);

/** coefficient × 10^exponent, and the unit that was written after it. */
interface Exact {
  readonly coefficient: bigint;
  readonly exponent: number;
  readonly tail: string;
}

/** Fen of an amount in the unit (元 unless told). Throws a MappingProblem when it is not a whole number of fen. */
export function decodeMoney(raw: RawValue, unit: Unit = '元'): bigint {
  const expected = `an amount in ${unit} that is a whole number of fen`;
  const exact = readExact(raw, expected, true);
  if (exact.tail !== '' && exact.tail !== unit) throw problem(`${expected} (source.yml says ${unit})`, raw);
  return within(scaled(exact, MONEY_UNITS[unit] ?? 2), expected, raw);
}

/** Millionths of a ratio or measure in the unit (1 unless told). Throws a MappingProblem when it needs more than six places. */
export function decodeDecimal(raw: RawValue, unit?: Unit): bigint {
  const expected = `a number${unit ? ` in ${unit}` : ''} with at most six decimal places${unit ? ' as a ratio' : ''}`;
  const exact = readExact(raw, expected, false);
  const written = exact.tail.toLowerCase() as Unit;
  const power = RATIO_UNITS[written];
  if (written && (power === undefined || (unit && unit !== written))) throw problem(`${expected}${unit ? ` (source.yml says ${unit})` : ''}`, raw);
  const shift = power ?? (unit ? (RATIO_UNITS[unit] ?? PLAIN_RATIO) : PLAIN_RATIO);
  const whole = scaled(exact, shift) ?? (typeof raw === 'number' ? scaled(ofNumber(Number(raw.toPrecision(FLOAT_DIGITS))), shift) : undefined);
  return within(whole, expected, raw);
}

/** A whole number of 32 bits. Throws a MappingProblem when it is not one. */
export function decodeInteger(raw: RawValue): number {
  const expected = 'a whole number between -2147483648 and 2147483647';
  const exact = readExact(raw, expected, false);
  const whole = exact.tail === '' ? scaled(exact, 0) : undefined;
  if (whole === undefined || whole < -2147483648n || whole > 2147483647n) throw problem(expected, raw);
  return Number(whole);
}

/** Fen as an exact decimal text in the unit: 45500000n in 万元 is "45.5". */
export function encodeMoney(fen: bigint, unit: Unit = '元'): string {
  return decimalText(fen, MONEY_UNITS[unit] ?? 2);
}

/** Millionths as an exact decimal text in the unit: 38500n in % is "3.85". */
export function encodeDecimal(millionths: bigint, unit?: Unit): string {
  return decimalText(millionths, unit ? (RATIO_UNITS[unit] ?? PLAIN_RATIO) : PLAIN_RATIO);
}

function within(value: bigint | undefined, expected: string, raw: RawValue): bigint {
  if (value === undefined) throw problem(expected, raw);
  if (value >= LIMIT || value <= -LIMIT) throw problem(`${expected}, within eighteen digits`, raw);
  return value;
}

function readExact(raw: RawValue, expected: string, currency: boolean): Exact {
  if (typeof raw === 'bigint') return { coefficient: raw, exponent: 0, tail: '' };
  if (typeof raw === 'number') {
    if (!Number.isFinite(raw)) throw problem(expected, raw);
    // Beyond 2^53 neighbouring whole numbers share one float: which of them the partner meant is lost.
    if (Math.abs(raw) > Number.MAX_SAFE_INTEGER) throw problem(`${expected}; a number this long must come as a text`, raw);
    return ofNumber(raw);
  }
  const exact = typeof raw === 'string' && raw.length <= LONGEST_NUMBER ? ofText(raw, currency) : undefined;
  if (!exact) throw problem(expected, raw);
  return exact;
}

/** The number that a float's shortest decimal text names. */
function ofNumber(value: number): Exact {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!match) throw problem('a finite number', value);
  const [, sign, whole = '', places = '', exponent = '0'] = match;
  const coefficient = BigInt(whole + places);
  return { coefficient: sign ? -coefficient : coefficient, exponent: Number(exponent) - places.length, tail: '' };
}

/**
 * Sign, currency, digits in groups of three or in one run, places, and what is written after. An exponent may only be
 * negative: a spreadsheet that writes 1.23457E+06 has rounded, and the amount is gone.
 */
const NUMBER = /^([-+]?)([¥￥]?)\s*([-+]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d+))?(?:[eE](-\d{1,3}))?\s*(\D{0,6})$/;

function ofText(text: string, currency: boolean): Exact | undefined {
  const plain = toHalfWidth(text).replaceAll('\u2212', '-').trim();
  // Books of account write a negative amount in parentheses.
  const bracketed = currency ? /^\((?![-+])(.*)\)$/.exec(plain) : null;
  const match = NUMBER.exec(bracketed ? (bracketed[1] as string) : plain);
  if (!match) return undefined;
  const [, outerSign, symbol, innerSign, whole = '', places = '', exponent = '0', tail = ''] = match;
  if (whole + places === '' || (outerSign && innerSign) || (symbol && !currency)) return undefined;
  const coefficient = BigInt(whole.replaceAll(',', '') + places);
  const negative = bracketed !== null || (outerSign || innerSign) === '-';
  return { coefficient: negative ? -coefficient : coefficient, exponent: Number(exponent) - places.length, tail: tail.trim() };
}

/** The number times 10^power, or undefined when that is not whole. */
function scaled({ coefficient, exponent }: Exact, power: number): bigint | undefined {
  const shift = exponent + power;
  if (shift >= 0) return coefficient * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return coefficient % divisor === 0n ? coefficient / divisor : undefined;
}

/** value / 10^power as a plain decimal text without trailing zeros. */
function decimalText(value: bigint, power: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(power + 1, '0');
  const places = power ? digits.slice(-power).replace(/0+$/, '') : '';
  return `${sign}${power ? digits.slice(0, -power) : digits}${places ? `.${places}` : ''}`;
}
