import { describe, expect, it } from 'vitest';
import { decodeCell } from '../../src/sources/decode.js';
import { attributeOf, decode, problemOf } from './mappingFixtures.js';

describe('a day', () => {
  it.each([
    [undefined, '2021-03-05', '2021-03-05'],
    ['yyyy-MM-dd', ' 2021-03-05 ', '2021-03-05'],
    ['yyyyMMdd', '20210305', '2021-03-05'],
    ['yyyyMMdd', 20_210_305, '2021-03-05'],
    ['yyyy/MM/dd', '2021/03/05', '2021-03-05'],
    ['yyyy/MM/dd', '2021/3/5', '2021-03-05'],
    ['yyyy.MM.dd', '2021.3.05', '2021-03-05'],
    ['yyyy年MM月dd日', '2021年3月5日', '2021-03-05'],
    ['yyyy年MM月dd日', '2021年 12 月 31 日', '2021-12-31'],
    ['yyyy年MM月dd日', new Date('2021-12-31T00:00:00Z'), '2021-12-31'],
    [undefined, new Date('2021-12-31T00:00:00Z'), '2021-12-31'],
    ['excel', 44_561, '2021-12-31'],
    ['excel', '44561', '2021-12-31'],
    ['excel', new Date('2021-12-31T00:00:00Z'), '2021-12-31'],
    ['excel', 1, '1900-01-01'],
    ['excel', 59, '1900-02-28'],
    ['excel', 61, '1900-03-01'],
    ['excel', 2_958_465, '9999-12-31'],
    ['epochSeconds', 1_640_966_399, '2021-12-31'],
    ['epochSeconds', 1_640_966_400, '2022-01-01'],
    ['epochSeconds', '1640966400', '2022-01-01'],
    ['epochMilliseconds', 1_640_966_400_000, '2022-01-01'],
    ['epochMilliseconds', 1_640_966_400_000n, '2022-01-01'],
    ['iso', '2021-12-31T16:00:00Z', '2022-01-01'],
    ['iso', '2022-01-01T00:30:00+08:00', '2022-01-01'],
    ['iso', '2021-12-31T23:30:00', '2021-12-31'],
    ['iso', '2021-12-31 23:30', '2021-12-31'],
    ['iso', '2021-12-31', '2021-12-31'],
    ['iso', new Date('2021-12-31T16:00:00Z'), '2022-01-01'],
  ] as const)('written %s, %o, is %s', (format, raw, day) => {
    expect(decode('date', raw, format && { format })).toBe(day);
  });

  it.each([
    ['yyyy-MM-dd', '2021-02-29'],
    ['yyyy-MM-dd', '2021-3-5'],
    ['yyyy-MM-dd', '2021/03/05'],
    ['yyyy-MM-dd', '2021-03-05 00:00:00'],
    ['yyyy-MM-dd', '长期'],
    ['yyyy-MM-dd', 44_561],
    ['yyyy-MM-dd', new Date('2021-12-31T16:00:00Z')],
    ['yyyy-MM-dd', new Date(Number.NaN)],
    ['yyyyMMdd', '20211301'],
    ['yyyyMMdd', '2021035'],
    ['yyyyMMdd', 0],
    ['yyyy/MM/dd', '05/03/2021'],
    ['yyyy/MM/dd', '21/3/5'],
    ['yyyy年MM月dd日', '2021年3月'],
    ['yyyy年MM月dd日', '二〇二一年三月五日'],
    ['excel', 60],
    ['excel', 0],
    ['excel', -1],
    ['excel', 44_561.5],
    ['excel', 2_958_466],
    ['excel', '2021-12-31'],
    ['excel', Number.NaN],
    ['epochSeconds', 1_640_966_400_000],
    ['epochSeconds', '2021-12-31'],
    ['epochMilliseconds', Number.POSITIVE_INFINITY],
    ['epochMilliseconds', -1e18],
    ['iso', '2021-12-31T25:00:00'],
    ['iso', '2021-02-30'],
    ['iso', '20211231'],
    ['yyyy-MM-dd', true],
  ] as const)('written %s, is not %o', (format, raw) => {
    expect(problemOf('date', raw, { format }).expected).toContain('exists');
  });

  it('of an instant is that of the zone, not of the machine or of UTC', () => {
    const day = (zone: string) => decodeCell(attributeOf('date'), { column: 'c', format: 'iso' }, '2021-12-31T22:30:00Z', zone);
    expect([day('Asia/Shanghai'), day('UTC'), day('America/New_York')]).toEqual(['2022-01-01', '2021-12-31', '2021-12-31']);
  });
});

describe('an instant', () => {
  it.each([
    [undefined, '2022-01-05T10:24:54+08:00', '2022-01-05T02:24:54.000Z'],
    [undefined, '2022-01-05 10:24:54', '2022-01-05T02:24:54.000Z'],
    ['iso', '2022-01-05T10:24:54.5', '2022-01-05T02:24:54.500Z'],
    ['iso', '2022-01-05', '2022-01-04T16:00:00.000Z'],
    ['iso', new Date('2022-01-05T02:24:54Z'), '2022-01-05T02:24:54.000Z'],
    ['epochSeconds', 1_641_349_494, '2022-01-05T02:24:54.000Z'],
    ['epochMilliseconds', 1_641_349_494_123, '2022-01-05T02:24:54.123Z'],
    ['yyyyMMdd', '20220105', '2022-01-04T16:00:00.000Z'],
    ['excel', 44_566.5, '2022-01-05T04:00:00.000Z'],
    ['excel', new Date('2022-01-05T12:00:00Z'), '2022-01-05T04:00:00.000Z'],
  ] as const)('written %s, %o, is %s', (format, raw, instant) => {
    expect(decode('dateTime', raw, format && { format })).toBe(instant);
  });

  it.each(['2022-01-05T10:24:54+0800x', '2022-02-30 10:00:00', '2022-01-05 24:00:00', '10:24', 'now', 5, new Date(Number.NaN)] as const)('is not %o', (raw) => {
    expect(problemOf('dateTime', raw).expected).toContain('an instant that exists');
  });

  it('is not an hour that the clocks skipped, and is the first of two that they show', () => {
    const instant = (text: string) => decodeCell(attributeOf('dateTime'), { column: 'c' }, text, 'Europe/Berlin');
    expect(() => instant('2021-03-28 02:30:00')).toThrow('an instant that exists');
    expect(instant('2021-10-31 02:30:00')).toBe('2021-10-31T00:30:00.000Z');
  });
});
