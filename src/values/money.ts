/**
 * Money in CNY. Inside the hub an amount is a whole number of fen in a bigint; outside it is a decimal string in yuan
 * with two places ("14500000.00"). Nothing in between is ever a float.
 */

/** An amount in fen (1 yuan = 100 fen). */
export type Fen = bigint;

const YUAN = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/;

/** Fen of a decimal string in yuan, or undefined when it is not one ("12", "12.5", "-12.50"; no separators, at most two places). */
export function parseYuan(text: string): Fen | undefined {
  const match = YUAN.exec(text);
  if (!match) return undefined;
  const fen = BigInt(match[2] as string) * 100n + BigInt((match[3] ?? '').padEnd(2, '0') || '0');
  return match[1] ? -fen : fen;
}

/** The decimal string in yuan of an amount in fen, always with two places. */
export function formatYuan(fen: Fen): string {
  const sign = fen < 0n ? '-' : '';
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
