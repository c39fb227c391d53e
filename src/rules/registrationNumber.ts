/**
 * Business registration number 注册号, GS 15-2006: 15 digits, the last one a check digit over the first fourteen
 * (ISO 7064, MOD 11,10). Companies had it before the USCC came in 2015; older books still name them by it.
 */

/** The check digit of the first fourteen digits. */
export function registrationCheckDigit(firstFourteen: string): string {
  let product = 10;
  for (let index = 0; index < 14; index++) {
    const sum = (product + Number(firstFourteen[index])) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** Whether the text is fifteen digits whose check digit is right. */
export function isRegistrationNumber(text: string): boolean {
  return /^\d{15}$/.test(text) && registrationCheckDigit(text) === text[14];
}
