import fc from 'fast-check';
import { selectRows, totalRows } from '../../src/sources/evaluate.js';
import type { SourceDeclaration } from '../../src/sources/registry.js';
import type { Row, RowsAsk, Source, TotalsAsk } from '../../src/sources/source.js';

/** How an answer is spoilt on its way: a source may hand its rows over in any order, twice, not at all, or with others among them. */
export interface Disorder {
  readonly seed: number;
  readonly duplicates: boolean;
  readonly missing: boolean;
  readonly extra: boolean;
}

export const orderly: Disorder = { seed: 0, duplicates: false, missing: false, extra: false };

/** A row of an entity with its attributes; the key is the number unless told. */
export function row(entity: string, source: string, key: string, attributes: Record<string, unknown> = {}): Row {
  return { entity, source, key, asOf: '2022-01-01T00:00:00.000Z', how: 'LIVE', number: key, ...attributes } as Row;
}

/** A source in memory that keeps what it was asked. */
export class MemorySource implements Source {
  readonly how = 'LIVE';
  readonly asked: RowsAsk[] = [];
  readonly totalled: TotalsAsk[] = [];
  closed = 0;

  constructor(
    readonly id: string,
    readonly held: readonly Row[],
    readonly entities: ReadonlySet<string>,
    private readonly disorder: Disorder = orderly,
  ) {}

  /** What a failing property shows of it. */
  [fc.toStringMethod](): string {
    return `${this.id} ${JSON.stringify(this.disorder)} ${fc.stringify(this.held)}`;
  }

  asOf(): string {
    return '2022-01-01T00:00:00.000Z';
  }

  async rows(ask: RowsAsk): Promise<Row[]> {
    this.asked.push(ask);
    const own = this.held.filter((held) => held.entity === ask.entity);
    const random = generator(this.disorder.seed + this.asked.length);
    let answer = selectRows(own, ask);
    if (this.disorder.missing) answer = answer.filter(() => random() < 0.7);
    if (this.disorder.duplicates) answer = answer.flatMap((held) => (random() < 0.5 ? [held, { ...held }] : [held]));
    // Rows of keys that were not asked for, and rows beyond the page.
    if (this.disorder.extra) answer = [...answer, ...selectRows(own, { ...ask, keys: undefined, limit: undefined })];
    return shuffled(answer, random);
  }

  async totals(ask: TotalsAsk) {
    this.totalled.push(ask);
    const own = this.held.filter((held) => held.entity === ask.entity);
    const asked = this.disorder.extra ? { ...ask, keys: undefined } : ask;
    return shuffled(totalRows(own, asked), generator(this.disorder.seed));
  }

  async survey() {
    return [];
  }

  async sample() {
    return [];
  }

  async close() {
    this.closed++;
  }
}

/** Declares a source that is there, or whatever else `open` does. */
export function declare(source: Source, options: Partial<SourceDeclaration> = {}): SourceDeclaration {
  return {
    id: source.id,
    title: source.id,
    connector: 'store',
    demonstration: false,
    entities: source.entities,
    deadline: 2_000,
    open: async () => source,
    ...options,
  };
}

export const disorders: fc.Arbitrary<Disorder> = fc.record({ seed: fc.nat(), duplicates: fc.boolean(), missing: fc.constant(false), extra: fc.boolean() });

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
