import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText, toHalfWidth } from '../../src/values/text.js';

describe('the order of texts', () => {
  it('is that of their bytes in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });

  it('puts a character beyond the basic plane after all within it', () => {
    expect(compareText('\u{20000}', '\uffef')).toBeGreaterThan(0);
    expect(compareText('ａ', '\u{1f600}')).toBeLessThan(0);
  });

  it('puts a text before those that it begins', () => {
    expect(compareText('新乡', '新乡市')).toBeLessThan(0);
    expect(compareText('', 'a')).toBeLessThan(0);
    expect(compareText('同', '同')).toBe(0);
  });
});

describe('half-width forms', () => {
  it.each([
    ['１２，３４５．６７', '12,345.67'],
    ['９１４１０７７１ＭＡ', '91410771MA'],
    ['（５６．８５％）', '(56.85%)'],
    ['　甲　', ' 甲 '],
    ['河南·新乡', '河南·新乡'],
    ['\u{20000}ａ', '\u{20000}a'],
    ['', ''],
  ])('%s becomes %s', (text, half) => {
    expect(toHalfWidth(text)).toBe(half);
  });

  it('leave ASCII as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        expect(toHalfWidth(text)).toBe(text);
      }),
    );
  });
});
