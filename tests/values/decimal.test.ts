import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideRounded, formatDecimal, parseDecimal, ratio } from '../../src/values/decimal.js';

describe('a decimal as text', () => {
  it.each([
    ['0.5685', 568_500n],
    ['36000', 36_000_000_000n],
    ['-0.15', -150_000n],
    ['0.000001', 1n],
    ['1.300000', 1_300_000n],
    ['999999999999.999999', 999_999_999_999_999_999n],
  ])('reads %s as %s millionths', (text, millionths) => {
    expect(parseDecimal(text)).toBe(millionths);
  });

  it.each([
    [568_500n, '0.5685'],
    [-1n, '-0.000001'],
    [0n, '0'],
    [36_000_000_000n, '36000'],
    [100_000n, '0.1'],
  ])('writes %s millionths as %s', (millionths, text) => {
    expect(formatDecimal(millionths)).toBe(text);
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), (value) => {
        expect(parseDecimal(formatDecimal(value))).toBe(value);
      }),
    );
  });

  it.each(['', '.5', '5.', '1e3', '0.1234567', '1,000', ' 1', '1 ', '12%', '+1', '1000000000000', 'Infinity', '1\n'])('does not read %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });
});

describe('a ratio', () => {
  it('rounds halves away from zero, at the sixth place', () => {
    expect(ratio(24n, 146n)).toBe(164_384n);
    expect(ratio(1n, 3n)).toBe(333_333n);
    expect(ratio(2n, 3n)).toBe(666_667n);
    expect(ratio(1n, 2_000_000n)).toBe(1n);
    expect(ratio(-1n, 2_000_000n)).toBe(-1n);
  });

  it('over nothing is nothing, not zero', () => {
    expect(ratio(5n, 0n)).toBeNull();
  });

  it('is never further from the truth than half of its last place', () => {
    const some = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(
        some,
        some.filter((divisor) => divisor !== 0n),
        (numerator, divisor) => {
          const error = 2n * (divideRounded(numerator, divisor) * divisor - numerator);
          const [away, most] = [error < 0n ? -error : error, divisor < 0n ? -divisor : divisor];
          expect(away <= most).toBe(true);
        },
      ),
    );
  });
});
