/**
 * Unified social credit code 统一社会信用代码, GB 32100-2015: 18 characters, the last one a check character over the
 * first seventeen. Our own because `stdnum` 1.12.0 refuses every code whose check character is 0.
 */

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** GB 32100-2015, table 1: 3^(i-1) mod 31. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;

/** The number of each character of the alphabet, by its code in ASCII; -1 for the others. */
const NUMBERS = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)));

/** The check character of the first seventeen characters of a code (GB 32100-2015, 5.1). */
export function usccCheckCharacter(firstSeventeen: string): string {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += (NUMBERS[firstSeventeen.charCodeAt(index)] ?? -1) * (WEIGHTS[index] as number);
  return ALPHABET[(31 - (sum % 31)) % 31] as string;
}

/** Whether the text is a code of 18 capital characters whose check character is right. */
export function isUscc(text: string): boolean {
  if (text.length !== 18) return false;
  // One walk, and no expression: a list of keys has a hundred thousand of them.
  let sum = 0;
  for (let index = 0; index < 18; index++) {
    const number = NUMBERS[text.charCodeAt(index)] ?? -1;
    if (number < 0 || (number > 9 && index > 1 && index < 8)) return false;
    if (index === 17) return number === (31 - (sum % 31)) % 31;
    sum += number * (WEIGHTS[index] as number);
  }
  return false;
}

/** GB 11714 weights of the organisation code inside a USCC. */
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The GB 11714 check character (position 17 of a code) of the eight characters before it. */
export function organisationCheckCharacter(firstEight: string): string {
  let sum = 0;
  for (let index = 0; index < 8; index++) sum += Number.parseInt(firstEight[index] as string, 36) * (ORGANISATION_WEIGHTS[index] as number);
  const check = 11 - (sum % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}
