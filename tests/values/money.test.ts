import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatYuan, parseYuan } from '../../src/values/money.js';

describe('yuan as text', () => {
  it.each([
    ['14500000.00', 1_450_000_000n],
    ['12', 1200n],
    ['12.5', 1250n],
    ['-12.50', -1250n],
    ['0.01', 1n],
    ['-0.01', -1n],
    ['0', 0n],
    ['007.10', 710n],
    ['9999999999999999.99', 999_999_999_999_999_999n],
  ])('reads %s as %s fen', (text, fen) => {
    expect(parseYuan(text)).toBe(fen);
  });

  it.each([
    [1n, '0.01'],
    [-1n, '-0.01'],
    [0n, '0.00'],
    [99n, '0.99'],
    [100n, '1.00'],
    [-12_345n, '-123.45'],
    [9_007_199_254_740_993n, '90071992547409.93'],
  ])('writes %s fen as %s', (fen, text) => {
    expect(formatYuan(fen)).toBe(text);
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), (fen) => {
        expect(parseYuan(formatYuan(fen))).toBe(fen);
      }),
    );
  });

  it.each(['', ' 12', '12 ', '1,000', '12.345', '1e3', '+1', '--1', '.5', '5.', '１２', '12元', 'NaN', '12\n', '10000000000000000'])(
    'does not read %j',
    (text) => {
      expect(parseYuan(text)).toBeUndefined();
    },
  );
});
