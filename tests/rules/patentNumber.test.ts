import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPatentNumber, patentCheckCharacter } from '../../src/rules/patentNumber.js';

const digits = (count: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{${count}}$`));
const twelve = fc.tuple(digits(4), fc.constantFrom('1', '2', '3', '8', '9'), digits(7)).map((parts) => parts.join(''));

describe('the check character of an application number', () => {
  it.each([
    ['201710601862', '3'],
    ['201310699744', '2'],
    ['97101765', '4'],
    ['95115608', 'X'],
  ])('of %s is %s', (number, check) => {
    expect(patentCheckCharacter(number)).toBe(check);
    expect(isPatentNumber(`${number}.${check}`)).toBe(true);
  });

  it('is right for whatever number it completes, and for no other last character', () => {
    fc.assert(
      fc.property(twelve, (number) => {
        const right = [...'0123456789X'].filter((last) => isPatentNumber(`${number}.${last}`));
        expect(right).toEqual([patentCheckCharacter(number)]);
      }),
    );
  });
});

describe('what is no application number', () => {
  it.each([
    ['a wrong check character', '201710601862.4'],
    ['a kind that there is not', '201740601862.3'],
    ['no point', '2017106018623'],
    ['the patent number with its ZL', 'ZL201710601862.3'],
    ['a small x', '95115608.x'],
    ['blanks around it', ' 201710601862.3'],
    ['a line break after it', '201710601862.3\n'],
    ['eleven digits', '20171060186.3'],
    ['nothing', ''],
  ])('is %s', (_, text) => {
    expect(isPatentNumber(text)).toBe(false);
  });
});
