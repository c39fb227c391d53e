import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUscc, organisationCheckCharacter, usccCheckCharacter } from '../../src/rules/uscc.js';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const character = fc.constantFrom(...ALPHABET);
const digit = fc.constantFrom(...'0123456789');

/** The first seventeen characters of a code: two, six digits of an area, nine. */
const firstSeventeen = fc
  .tuple(
    fc.array(character, { minLength: 2, maxLength: 2 }),
    fc.array(digit, { minLength: 6, maxLength: 6 }),
    fc.array(character, { minLength: 9, maxLength: 9 }),
  )
  .map((parts) => parts.flat().join(''));

describe('the check character of a USCC', () => {
  it.each([
    ['the example of GB 32100-2015', '91350100M000100Y4', '3'],
    ['工商银行', '91100000100003962', 'T'],
    ['交通银行', '9131000010000595X', 'D'],
    ['浦发银行', '9131000013221158X', 'C'],
  ])('is that of %s', (_, first, check) => {
    expect(usccCheckCharacter(first)).toBe(check);
    expect(isUscc(first + check)).toBe(true);
  });

  it.each([
    '911100001000044477',
    '911100001000054748',
    '911000001000013428',
    '9144030071526726XG',
    '91330100799655058B',
    '914403001922038216',
    '91110000802100433B',
    '91410771MA00000155',
    '91410771MA3X000103',
    '91410771MA9G123401',
  ])('accepts %s', (code) => {
    expect(isUscc(code)).toBe(true);
  });

  it.each(['91410771MA00000230', '91410771MA9G001550'])('accepts %s, whose check character is 0', (code) => {
    expect(isUscc(code)).toBe(true);
  });

  it.each(['N2410702MF1234567', 'Y1110000MA1234567'])('is made for the department of %s too, which is a letter', (first) => {
    expect(isUscc(first + usccCheckCharacter(first))).toBe(true);
  });

  it('is right for whatever code it completes, and for no other last character', () => {
    fc.assert(
      fc.property(firstSeventeen, (first) => {
        const right = [...ALPHABET].filter((last) => isUscc(first + last));
        expect(right).toEqual([usccCheckCharacter(first)]);
      }),
    );
  });

  it('notices any one character that was changed', () => {
    fc.assert(
      fc.property(firstSeventeen, fc.nat({ max: 16 }), character, (first, position, other) => {
        fc.pre(first[position] !== other);
        const code = first + usccCheckCharacter(first);
        expect(isUscc(code.slice(0, position) + other + code.slice(position + 1))).toBe(false);
      }),
    );
  });
});

describe('what is no USCC', () => {
  it.each([
    ['the misprint of the standard', '91350100M000100Y4Z'],
    ['a registered code whose check character is wrong', '91350211M0000XUF46'],
    ['one character too few', '91410771MA0000015'],
    ['one character too many', '91410771MA000001550'],
    ['small letters', '91410771ma00000155'],
    ['blanks around it', ' 91410771MA00000155 '],
    ['a line break after it', '91410771MA00000155\n'],
    ['full-width digits', '９１410771MA00000155'],
    ['the letter O for the digit 0', '9141O771MA00000155'],
    ['a letter in the area', '91A10771MA00000155'],
    ['nothing', ''],
  ])('is %s', (_, text) => {
    expect(isUscc(text)).toBe(false);
  });
});

describe('the check character of the organisation code inside', () => {
  it.each([
    ['10000396', '2'],
    ['10000595', 'X'],
    ['13221158', 'X'],
    ['10000444', '7'],
    ['71526726', 'X'],
    ['79965505', '8'],
    ['MA000001', '5'],
    ['MA3X0001', '0'],
    ['MA9G1234', '0'],
    ['MA000002', '3'],
    ['MA9G0015', '5'],
  ])('of %s is %s', (first, check) => {
    expect(organisationCheckCharacter(first)).toBe(check);
  });
});
