import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateIn, dateOf, isDate, parseDateTime } from '../../src/values/time.js';

describe('a day', () => {
  it.each(['2021-12-31', '2020-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s exists', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '2021-02-29',
    '1900-02-29',
    '2021-13-01',
    '2021-00-10',
    '2021-04-31',
    '2021-01-00',
    '0000-01-01',
    '2021-1-5',
    '20210105',
    '2021-01-05 ',
    '2021-01-05\n',
    '',
  ])('%j does not, or is not written so', (text) => {
    expect(isDate(text)).toBe(false);
  });

  it('exists exactly where the calendar has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 33 }), (year, month, day) => {
        const calendar = new Date(0);
        calendar.setUTCFullYear(year, month - 1, day);
        const exists = month >= 1 && day >= 1 && calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day && calendar.getUTCFullYear() === year;
        expect(dateOf(year, month, day) !== undefined).toBe(exists);
      }),
    );
  });
});

describe('an instant', () => {
  it.each([
    ['2022-01-05T10:24:54+08:00', '2022-01-05T02:24:54.000Z'],
    ['2021-12-31T16:00:00Z', '2021-12-31T16:00:00.000Z'],
    ['2021-12-31T16:00:00.123Z', '2021-12-31T16:00:00.123Z'],
    ['2021-12-31T20:30:00-05:30', '2022-01-01T02:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(parseDateTime(text)).toBe(utc);
  });

  it.each([
    '2022-01-05T10:24:54',
    '2022-01-05',
    '2022-02-30T00:00:00Z',
    '2022-01-05T25:00:00Z',
    '2022-01-05T10:60:00Z',
    '2022-01-05 10:24:54Z',
    '2022-01-05T10:24:54+0800',
    '',
  ])('%j is none', (text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });

  it('falls on the day that the clocks of the zone show', () => {
    expect(dateIn('Asia/Shanghai', new Date('2021-12-31T15:59:59Z'))).toBe('2021-12-31');
    expect(dateIn('Asia/Shanghai', new Date('2021-12-31T16:00:00Z'))).toBe('2022-01-01');
    expect(dateIn('UTC', new Date('2021-12-31T16:00:00Z'))).toBe('2021-12-31');
  });
});
