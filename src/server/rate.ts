/** How often one viewer may ask, and how much of it at once: a bucket of tokens that fills again, and a count. */

/** What a viewer may ask. */
export interface RateOptions {
  /** Operations a minute; 0 for no bound. */
  readonly perMinute: number;
  /** Operations at once; 0 for no bound. */
  readonly atOnce: number;
  /** The present in milliseconds; that of a clock that is never set back unless told. */
  readonly now?: () => number;
}

/** A viewer that asks too often, or too much at once. */
export interface TooMany {
  readonly limit: 'rate' | 'atOnce';
  readonly bound: number;
  /** Whole seconds after which it may ask again. */
  readonly retryAfter: number;
}

interface Bucket {
  tokens: number;
  /** As of when. */
  at: number;
}

/** A bucket holds what is earned in so many seconds: so much may come at once. */
const BURST_SECONDS = 10;
/** Viewers that are remembered; beyond, those who asked least lately are forgotten. */
const MOST_VIEWERS = 10_000;

/** The rates of all viewers of a server. */
export class Rates {
  private readonly buckets = new Map<string, Bucket>();
  private readonly running = new Map<string, number>();
  private readonly now: () => number;

  constructor(private readonly options: RateOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  /** Begins an operation of a viewer: what to call when it is over, or why it is refused. */
  enter(viewer: string): { readonly leave: () => void } | { readonly refused: TooMany } {
    const { atOnce } = this.options;
    const running = this.running.get(viewer) ?? 0;
    if (atOnce > 0 && running >= atOnce) return { refused: { limit: 'atOnce', bound: atOnce, retryAfter: 1 } };
    const refused = this.take(viewer);
    if (refused) return { refused };
    this.running.set(viewer, running + 1);
    let isOver = false;
    return {
      leave: () => {
        if (isOver) return;
        isOver = true;
        const left = (this.running.get(viewer) ?? 1) - 1;
        if (left > 0) this.running.set(viewer, left);
        else this.running.delete(viewer);
      },
    };
  }

  /** Counts another operation of work that has entered; the whole seconds after which to try again where it is one too many, else 0. */
  spend(viewer: string): number {
    return this.take(viewer)?.retryAfter ?? 0;
  }

  private take(viewer: string): TooMany | undefined {
    const { perMinute } = this.options;
    if (perMinute === 0) return undefined;
    const perMillisecond = perMinute / 60_000;
    const most = Math.max(1, perMillisecond * BURST_SECONDS * 1_000);
    const now = this.now();
    const known = this.buckets.get(viewer);
    const tokens = known ? Math.min(most, known.tokens + Math.max(0, now - known.at) * perMillisecond) : most;
    // Last in the map is who asked last.
    this.buckets.delete(viewer);
    this.buckets.set(viewer, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (this.buckets.size > MOST_VIEWERS) this.buckets.delete(this.buckets.keys().next().value as string);
    if (tokens >= 1) return undefined;
    return { limit: 'rate', bound: perMinute, retryAfter: Math.max(1, Math.ceil((1 - tokens) / perMillisecond / 1_000)) };
  }
}

/** Whose an address is: all of an IPv6 network of 64 bits are one customer's. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return `${[...first, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
