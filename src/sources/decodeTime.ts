/** Days and instants of partners, in the forms that they write them. */
import type { ColumnMapping } from '../config/sourceFile.js';
import { dateOf, isDate, parseDateTime } from '../values/time.js';
import { problem } from './decodeProblem.js';
import { instantIn, wallClock } from './decodeZone.js';
import type { RawValue } from './raw.js';

/** How a partner writes a day or an instant. */
export type DateFormat = NonNullable<ColumnMapping['format']>;

/** Where hands write the months, a month may have one digit; systems always write two, which keeps text in the order of time. */
const WRITTEN: Partial<Record<DateFormat, RegExp>> = {
  'yyyy-MM-dd': /^(\d{4})-(\d{2})-(\d{2})$/,
  yyyyMMdd: /^(\d{4})(\d{2})(\d{2})$/,
  'yyyy/MM/dd': /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  'yyyy.MM.dd': /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/,
  yyyy年MM月dd日: /^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$/,
};

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;
const DAY = 86_400_000;
/** The years 1 to 9999. */
const [FIRST_INSTANT, LAST_INSTANT] = [-62_135_596_800_000, 253_402_300_799_999];
/** Excel's last day, 9999-12-31. */
const LAST_SERIAL = 2_958_465;

/** The day of a cell, "2021-03-05"; of an instant, the day that the zone's clocks show. Throws a MappingProblem. */
export function decodeDate(raw: RawValue, format: DateFormat, timeZone: string): string {
  if (format === 'iso' || format === 'epochSeconds' || format === 'epochMilliseconds') {
    const local = format === 'iso' && typeof raw === 'string' ? LOCAL.exec(raw.trim()) : null;
    const day = local ? (isLocalTime(local) ? (local[1] as string) : undefined) : dayOf(instantOf(raw, format), timeZone);
    if (day !== undefined && isDate(day)) return day;
    throw problem(`${describeFormat(format)} of a day that exists`, raw);
  }
  const expected = `a day that exists, ${describeFormat(format)}`;
  if (raw instanceof Date) {
    // A cell that is a date comes as midnight in UTC. One with a time of day is no day: whose midnight it crosses is not known.
    if (Number.isNaN(raw.getTime()) || raw.getTime() % DAY !== 0) throw problem(`${expected}, without a time of day`, raw);
    const day = raw.toISOString().slice(0, 10);
    if (isDate(day)) return day;
    throw problem(expected, raw);
  }
  const day = format === 'excel' ? dayOfSerial(numberOf(raw)) : writtenDay(raw, format);
  if (day === undefined) throw problem(expected, raw);
  return day;
}

/** The instant of a cell, in UTC; a text without a zone, a serial or a bare day is read on the zone's clocks. Throws a MappingProblem. */
export function decodeDateTime(raw: RawValue, format: DateFormat, timeZone: string): string {
  const expected = `an instant that exists, ${describeFormat(format)}`;
  const instant = zonedInstant(raw, format, timeZone);
  if (instant === undefined || !(instant >= FIRST_INSTANT && instant <= LAST_INSTANT)) throw problem(expected, raw);
  return new Date(instant).toISOString();
}

/** A day as the partner writes it. Where it may be written in several ways, all of them. */
export function encodeDate(date: string, format: DateFormat): string | number | string[] {
  const [year, month, day] = date.split('-') as [string, string, string];
  const all = (write: (month: string, day: string) => string): string[] => {
    const [months, days] = [month, day].map((digits) => (digits.startsWith('0') ? [digits, digits.slice(1)] : [digits])) as [string[], string[]];
    return months.flatMap((m) => days.map((d) => write(m, d)));
  };
  switch (format) {
    case 'yyyyMMdd':
      return year + month + day;
    case 'yyyy/MM/dd':
      return all((m, d) => `${year}/${m}/${d}`);
    case 'yyyy.MM.dd':
      return all((m, d) => `${year}.${m}.${d}`);
    case 'yyyy年MM月dd日':
      return all((m, d) => `${year}年${m}月${d}日`);
    case 'excel':
      return serialOf(date);
    default:
      return date;
  }
}

/** A format, for people. */
export function describeFormat(format: DateFormat): string {
  switch (format) {
    case 'excel':
      return 'an Excel date';
    case 'epochSeconds':
      return 'seconds since 1970';
    case 'epochMilliseconds':
      return 'milliseconds since 1970';
    case 'iso':
      return 'an ISO 8601 time';
    default:
      return `written ${format}`;
  }
}

function writtenDay(raw: RawValue, format: DateFormat): string | undefined {
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined;
  const match = WRITTEN[format]?.exec(String(raw).trim());
  return match ? dateOf(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
}

/** Excel counts days from 1900-01-01 as 1, and counts a 1900-02-29 that never was as 60. */
function dayOfSerial(serial: number | undefined): string | undefined {
  if (serial === undefined || !Number.isInteger(serial) || serial < 1 || serial > LAST_SERIAL || serial === 60) return undefined;
  return new Date(Date.UTC(1899, 11, serial > 60 ? 30 : 31) + serial * DAY).toISOString().slice(0, 10);
}

function serialOf(date: string): number {
  const days = (Date.parse(`${date}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / DAY;
  return days > 60 ? days : days - 1;
}

function numberOf(raw: RawValue): number | undefined {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'bigint') return Number(raw);
  return typeof raw === 'string' && /^\s*-?\d{1,16}(\.\d{1,12})?\s*$/.test(raw) ? Number(raw) : undefined;
}

/** Milliseconds since 1970 of a cell that names an instant by itself. */
function instantOf(raw: RawValue, format: DateFormat): number | undefined {
  if (raw instanceof Date) return raw.getTime();
  if (format === 'iso') {
    const instant = typeof raw === 'string' ? parseDateTime(raw.trim().replace(' ', 'T')) : undefined;
    return instant === undefined ? undefined : Date.parse(instant);
  }
  const count = numberOf(raw);
  return count === undefined ? undefined : Math.floor(format === 'epochSeconds' ? count * 1000 : count);
}

function dayOf(instant: number | undefined, timeZone: string): string | undefined {
  if (instant === undefined || !(instant >= FIRST_INSTANT && instant <= LAST_INSTANT)) return undefined;
  return new Date(wallClock(instant, timeZone)).toISOString().slice(0, 10);
}

function zonedInstant(raw: RawValue, format: DateFormat, timeZone: string): number | undefined {
  if (format === 'epochSeconds' || format === 'epochMilliseconds') return instantOf(raw, format);
  if (format === 'iso') {
    const local = typeof raw === 'string' ? LOCAL.exec(raw.trim()) : null;
    if (!local) return instantOf(raw, format);
    if (!isLocalTime(local)) return undefined;
    const milliseconds = Number((local[5] ?? '').padEnd(3, '0').slice(0, 3));
    const time = (Number(local[2] ?? 0) * 60 + Number(local[3] ?? 0)) * 60_000 + Number(local[4] ?? 0) * 1000 + milliseconds;
    return instantIn(timeZone, Date.parse(`${local[1]}T00:00:00Z`) + time);
  }
  // A spreadsheet's date cell is what a clock on the wall showed, handed over as if that were UTC.
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? undefined : instantIn(timeZone, raw.getTime());
  if (format === 'excel') {
    const serial = numberOf(raw);
    const day = serial === undefined ? undefined : dayOfSerial(Math.floor(serial));
    if (serial === undefined || day === undefined) return undefined;
    return instantIn(timeZone, Date.parse(`${day}T00:00:00Z`) + Math.round((serial % 1) * 86_400) * 1000);
  }
  const day = writtenDay(raw, format);
  return day === undefined ? undefined : instantIn(timeZone, Date.parse(`${day}T00:00:00Z`));
}

function isLocalTime(match: RegExpExecArray): boolean {
  return isDate(match[1] as string) && Number(match[2] ?? 0) < 24 && Number(match[3] ?? 0) < 60 && Number(match[4] ?? 0) < 60;
}
