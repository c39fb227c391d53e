import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRegistrationNumber, registrationCheckDigit } from '../../src/rules/registrationNumber.js';

describe('a registration number', () => {
  // The example that descriptions of GS 15-2006 give.
  it.each(['110108000000016'])('%s is one', (number) => {
    expect(isRegistrationNumber(number)).toBe(true);
  });

  it.each(['110108000000015', '11010800000001', '1101080000000160', '11010800000001X', '１１０１０８００００００００１６', ' 110108000000016', ''])(
    '%j is none',
    (number) => {
      expect(isRegistrationNumber(number)).toBe(false);
    },
  );

  it('has one check digit that is right, and a wrong digit is found', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{14}$/), fc.nat(13), fc.integer({ min: 1, max: 9 }), (first, place, shift) => {
        const number = first + registrationCheckDigit(first);
        expect(isRegistrationNumber(number)).toBe(true);
        const mistyped = [...number].with(place, String((Number(number[place]) + shift) % 10)).join('');
        expect(isRegistrationNumber(mistyped)).toBe(false);
      }),
    );
  });
});
