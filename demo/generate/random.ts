/**
 * The generator's own source of chance: seeded, of whole numbers only, the same on every machine and every Node.
 * (mulberry32; floating-point functions such as Math.pow may differ between engines and are not used.)
 */

/** A seeded stream of chance. Two streams of the same seed give the same values. */
export class Random {
  #state: number;

  /** `seed`: any text. */
  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (let index = 0; index < seed.length; index++) hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193) >>> 0;
    this.#state = hash;
  }

  /** 32 random bits. */
  #bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from `lowest` to `highest`, both included. Throws when the range is empty. */
  integer(lowest: number, highest: number): number {
    if (highest < lowest) throw new Error(`Random.integer: expected lowest <= highest, but got: ${lowest} and ${highest}.`);
    return lowest + (this.#bits() % (highest - lowest + 1));
  }

  /** A whole number from `lowest` to `highest`, small ones more often: the lesser of two. */
  skewed(lowest: number, highest: number): number {
    return Math.min(this.integer(lowest, highest), this.integer(lowest, highest));
  }

  /** True in so many of a hundred cases. */
  chance(percent: number): boolean {
    return this.integer(0, 99) < percent;
  }

  /** One of the items. Throws when there is none. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** One of the items, each as often as its weight says. */
  pickWeighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    let left = this.integer(
      1,
      items.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [item, weight] of items) {
      left -= weight;
      if (left <= 0) return item;
    }
    throw new Error('Random.pickWeighted: expected weights above zero.');
  }

  /** The items in a random order, as a new list. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let index = result.length - 1; index > 0; index--) {
      const other = this.integer(0, index);
      [result[index], result[other]] = [result[other] as T, result[index] as T];
    }
    return result;
  }
}
