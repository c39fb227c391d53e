import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatYuan } from '../../src/values/money.js';
import { decode, problemOf } from './mappingFixtures.js';

describe('an amount', () => {
  it.each([
    ['分', '1234', 1234n],
    ['元', '1,234,567.89', 123_456_789n],
    ['元', '１，２３４．５', 123_450n],
    ['元', '¥1,234', 123_400n],
    ['元', '￥ 12.30', 1230n],
    ['元', '-¥5', -500n],
    ['元', '¥-5', -500n],
    ['元', '+5', 500n],
    ['元', '−5', -500n],
    ['元', '(1,234.00)', -123_400n],
    ['元', '（１２）', -1200n],
    ['元', '12.340000', 1234n],
    ['元', '.5', 50n],
    ['元', '45.5元', 4550n],
    ['元', '1.0e-02', 1n],
    ['千元', '45.5', 4_550_000n],
    ['万元', '45.5', 45_500_000n],
    ['万元', '45.5万元', 45_500_000n],
    ['万元', '45.5 万元', 45_500_000n],
    ['万元', '0.000001', 1n],
    ['百万元', '1.5', 150_000_000n],
    ['亿元', '4.2', 42_000_000_000n],
    ['元', 0.1, 10n],
    ['元', 1e-2, 1n],
    ['元', -0, 0n],
    ['万元', 1e-6, 1n],
    ['万元', 145.05, 145_050_000n],
    ['分', 9_007_199_254_740_991, 9_007_199_254_740_991n],
    ['分', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['元', '9999999999999999.99', 999_999_999_999_999_999n],
  ] as const)('in %s, %o, is %s fen', (unit, raw, fen) => {
    expect(decode('money', raw, { unit })).toBe(fen);
  });

  it('is in yuan where no unit is named', () => {
    expect(decode('money', '12.5')).toBe(1250n);
    expect(problemOf('money', '12.5万元').expected).toBe('an amount in 元 that is a whole number of fen (source.yml says 元)');
  });

  it.each([
    ['a part of a fen', '元', '0.001'],
    ['a part of a fen', '万元', '0.0000001'],
    ['a float that is no amount', '元', 0.1 + 0.2],
    ['a number that lost its last digits', '分', 2 ** 53],
    ['an infinite number', '元', Number.POSITIVE_INFINITY],
    ['no number', '元', Number.NaN],
    ['more than the store holds', '元', '10000000000000000'],
    ['more than the store holds', '亿元', 1e15],
    ['an amount that a spreadsheet rounded', '元', '1.23457E+06'],
    ['a comma in the wrong place', '元', '12,34'],
    ['a comma in the wrong place', '元', '1,2345'],
    ['a decimal comma', '元', '12,5'],
    ['two points', '元', '1.2.3'],
    ['two signs', '元', '-¥-5'],
    ['a sign in parentheses', '元', '(-5)'],
    ['a minus after it', '元', '5-'],
    ['a bare sign', '元', '-'],
    ['a bare point', '元', '.'],
    ['a point without places', '元', '5.'],
    ['blanks within', '元', '1 234'],
    ['words', '元', '约12'],
    ['another unit', '万元', '45.5亿元'],
    ['a percent sign', '元', '45%'],
    ['hexadecimal', '元', '0x10'],
    ['a day', '元', new Date('2021-12-31')],
    ['a truth value', '元', true],
    ['a very long text', '元', '1'.repeat(100_000)],
  ] as const)('is not %s (in %s, %o)', (_, unit, raw) => {
    const problem = problemOf('money', raw, { unit });
    expect(problem.expected).toContain(unit);
    expect([...problem.got].length).toBeLessThanOrEqual(80);
  });

  it('is exact whatever two-place number a float stands for', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (fen) => {
        expect(decode('money', Number(formatYuan(fen)))).toBe(fen);
      }),
    );
  });
});

describe('a ratio or measure', () => {
  it.each([
    [undefined, '0.5685', 568_500n],
    [undefined, '56.85%', 568_500n],
    [undefined, '５６．８５％', 568_500n],
    [undefined, '3‰', 3000n],
    [undefined, '36,000', 36_000_000_000n],
    [undefined, '0.12345600', 123_456n],
    [undefined, '1.0e-05', 10n],
    [undefined, '-0.15', -150_000n],
    [undefined, 0.075, 75_000n],
    [undefined, 0.07500000000000001, 75_000n],
    [undefined, 0.1 + 0.2, 300_000n],
    [undefined, 36_000, 36_000_000_000n],
    ['%', 12.5, 125_000n],
    ['%', '12.5', 125_000n],
    ['%', '12.5%', 125_000n],
    ['%', 3.8500000000000001, 38_500n],
    ['%', 0.1 + 0.2, 3000n],
    ['‰', '3.5', 3500n],
    ['‰', '3.5‰', 3500n],
    ['bp', 385, 38_500n],
    ['bp', '385 BP', 38_500n],
  ] as const)('in %s, %o, is %s millionths', (unit, raw, millionths) => {
    expect(decode('decimal', raw, unit && { unit })).toBe(millionths);
  });

  it.each([
    ['more than six places', undefined, '0.1234567'],
    ['more than six places', undefined, 0.1234567],
    ['more than six places once scaled', '%', '0.00001'],
    ['a percent sign where the unit is another', '‰', '12.5%'],
    ['another unit', undefined, '300㎡'],
    ['currency', undefined, '¥5'],
    ['a fraction', undefined, '1/3'],
    ['more than the store holds', undefined, '1000000000000'],
    ['no number', undefined, Number.NaN],
    ['two percent signs', '%', '12%%'],
  ] as const)('is not %s (in %s, %o)', (_, unit, raw) => {
    expect(problemOf('decimal', raw, unit && { unit }).expected).toContain('a number');
  });
});

describe('a whole number', () => {
  it.each([
    ['1,235', 1235],
    ['１２', 12],
    ['12.00', 12],
    ['-7', -7],
    [1235, 1235],
    [12n, 12],
    [2_147_483_647, 2_147_483_647],
    [-2_147_483_648, -2_147_483_648],
  ] as const)('%o is %s', (raw, value) => {
    expect(decode('integer', raw)).toBe(value);
  });

  it.each(['12.5', 12.5, '12人', '2,147,483,648', 2_147_483_648, -2_147_483_649, 1e300, '¥12', '(12)', '12%', 'twelve', Number.NaN] as const)(
    '%o is none',
    (raw) => {
      expect(problemOf('integer', raw).expected).toContain('a whole number');
    },
  );
});
