/** Exact sharing out of totals, and the ways in which books write amounts. Amounts are whole numbers of fen in bigints. */
import { formatYuan } from '../../src/values/money.js';

/** Yuan as fen. */
export function yuan(amount: number): bigint {
  return BigInt(amount) * 100n;
}

/** Shares a total out by weights, exactly: what rounding leaves goes to the largest remainders, first come first served. */
export function allocate(total: bigint, weights: readonly number[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n);
  if (sum === 0n) throw new Error('allocate: expected a weight above zero.');
  const shares = weights.map((weight) => (total * BigInt(weight)) / sum);
  const remainders = weights.map((weight, index) => ({ index, remainder: (total * BigInt(weight)) % sum }));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  let left = total - shares.reduce((all, share) => all + share, 0n);
  for (const { index } of remainders) {
    if (left === 0n) break;
    shares[index] = (shares[index] as bigint) + 1n;
    left -= 1n;
  }
  return shares;
}

/** Like `allocate`, in whole steps (the total must be a whole number of them), each share at least `least` steps. */
export function allocateSteps(total: bigint, step: bigint, weights: readonly number[], least = 0n): bigint[] {
  if (total % step !== 0n) throw new Error(`allocateSteps: expected a multiple of ${step}, but got: ${total}.`);
  const free = total / step - least * BigInt(weights.length);
  if (free < 0n) throw new Error(`allocateSteps: ${total} is too little for ${weights.length} shares of ${least} steps.`);
  return allocate(free, weights).map((share) => (share + least) * step);
}

/** The sum of amounts. */
export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n);
}

/** A share of an amount in thousandths, rounded down to whole yuan. */
export function permille(amount: bigint, thousandths: number): bigint {
  return ((amount * BigInt(thousandths)) / 1000n / 100n) * 100n;
}

/** A plain decimal of an amount in another unit: `inUnit(fen, 1_000_000n, 2)` gives 万元 with at least two places, never rounded. */
export function inUnit(fen: bigint, fenPerUnit: bigint, places: number): string {
  const whole = fen / fenPerUnit;
  const width = fenPerUnit.toString().length - 1;
  const digits = (fen % fenPerUnit).toString().padStart(width, '0').replace(/0+$/, '').padEnd(places, '0');
  return digits ? `${whole}.${digits}` : `${whole}`;
}

/** 万元 with at least two places. */
export const tenThousands = (fen: bigint): string => inUnit(fen, 1_000_000n, 2);

/** 千元 with as many places as it needs. */
export const thousands = (fen: bigint): string => inUnit(fen, 100_000n, 0);

/** A decimal text with commas between groups of three digits. */
export function withSeparators(decimal: string): string {
  const [whole = '', places] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return places === undefined ? grouped : `${grouped}.${places}`;
}

export { formatYuan };
