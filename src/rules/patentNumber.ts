/**
 * Chinese patent application number 专利申请号, ZC 0006-2003: year, kind, serial, then `.` and a check character
 * (201710601862.3); before 2003-10-01 two digits of year and a serial of five (97101765.4).
 */

const WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5] as const;
const SHAPE = /^(\d{4}[12389]\d{7}|\d{2}[12389]\d{5})\.([\dX])$/;

/** The check character over the twelve (or, before 2003, eight) digits of an application number. */
export function patentCheckCharacter(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) sum += Number(digits[index]) * (WEIGHTS[index] as number);
  const remainder = sum % 11;
  return remainder === 10 ? 'X' : String(remainder);
}

/** Whether the text is an application number, written with its point, whose check character is right. */
export function isPatentNumber(text: string): boolean {
  const match = SHAPE.exec(text);
  return match !== null && patentCheckCharacter(match[1] as string) === match[2];
}
