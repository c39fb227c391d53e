/**
 * Exact decimals (ratios, rates, areas, measures). Inside the hub a decimal is a whole number of millionths in a bigint;
 * outside it is a plain decimal string without trailing zeros ("0.5685").
 */

/** A decimal in millionths (1 = 1_000_000n). */
export type Millionths = bigint;

/** How many places a decimal keeps. */
export const DECIMAL_PLACES = 6;

const ONE = 10n ** BigInt(DECIMAL_PLACES);
const PLAIN = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/;

/** Millionths of a plain decimal string, or undefined when it is not one (at most twelve digits before and six after the point). */
export function parseDecimal(text: string): Millionths | undefined {
  const match = PLAIN.exec(text);
  if (!match) return undefined;
  const value = BigInt(match[2] as string) * ONE + BigInt((match[3] ?? '').padEnd(DECIMAL_PLACES, '0'));
  return match[1] ? -value : value;
}

/** The plain decimal string of a value in millionths, without trailing zeros. */
export function formatDecimal(value: Millionths): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(DECIMAL_PLACES + 1, '0');
  const whole = digits.slice(0, -DECIMAL_PLACES);
  const places = digits.slice(-DECIMAL_PLACES).replace(/0+$/, '');
  return places ? `${sign}${whole}.${places}` : `${sign}${whole}`;
}

/** numerator / denominator in millionths, halves rounded away from zero; null when the denominator is zero. */
export function ratio(numerator: bigint, denominator: bigint): Millionths | null {
  if (denominator === 0n) return null;
  return divideRounded(numerator * ONE, denominator);
}

/** Integer division, halves rounded away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}
