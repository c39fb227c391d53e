/**
 * Conditions that cross books, as conditions that one book can answer.
 *
 * "Tenants that some bank lent to" is two questions: the book of loans gives the codes of its borrowers, and the book of
 * tenants takes them. All that can be asked over a link comes down to that one step: `none` is not `some`, `every` is not
 * `some` that does not. Where the asking side has conditions of its own, its keys come first while they are few; else both
 * sides are counted, and the side with fewer rows gives its keys first, so that the other is asked for those only. More keys
 * than a stated bound are refused: a clear error, not a slow answer.
 *
 * A page needs no such list where many rows keep the condition: see `probe.ts`.
 */
import type { Value } from '../entities/kinds.js';
import { valueOf } from './evaluate.js';
import type { Condition, Figure, Grouping, Row, TotalsRow } from './source.js';

/** A link as a condition follows it, from a row of one book to rows of another. */
export interface Crossing {
  /** For people: "Tenant.loans". */
  readonly name: string;
  /** The entities of the other side. */
  readonly entities: readonly string[];
  /** The attribute of this side whose value the other side's `to` has. */
  readonly from: string;
  readonly to: string;
  readonly withinSource: boolean;
}

/** A condition that may cross to other books. */
export type BookCondition =
  | { readonly all: readonly BookCondition[] }
  | { readonly any: readonly BookCondition[] }
  | { readonly not: BookCondition }
  | Extract<Condition, { attribute: string }>
  | { readonly crossing: Crossing; readonly some: BookCondition | undefined };

/** A book, as far as a plan asks it. */
export interface PlannedBook<Report> {
  total(
    where: Condition | undefined,
    groupBy: readonly Grouping[],
    figures: readonly Figure[],
    limit?: number,
  ): Promise<{ readonly rows: readonly TotalsRow[]; readonly reports: readonly Report[] }>;
}

/** What following one crossing did. */
export interface PlanStep {
  readonly crossing: string;
  /** Rows of the asking side under its own conditions, or their distinct keys where those were few; null where they were not counted. */
  readonly askingRows: number | null;
  /** Rows of the other side, where they were counted. */
  readonly otherRows: number | null;
  /** Which side gave its keys first; of a page the asking side gives those of its next rows only. */
  readonly first: 'ASKING_SIDE' | 'OTHER_SIDE' | 'ASKING_PAGE';
  /** Keys that were carried over. */
  readonly keys: number;
  readonly milliseconds: number;
}

/** A condition that one book can answer, and what became of the sources that were asked on the way. */
export interface Planned<Report> {
  readonly condition: Condition | undefined;
  readonly reports: readonly Report[];
}

/** Most keys that one crossing may carry. */
export const MOST_KEYS = 100_000;

/** So many keys of the asking side are taken over at once, for looking them up costs the other side less than being counted. */
const FEW_KEYS = 2_000;

/** A crossing would carry more keys than the bound. */
export class TooManyKeysError extends Error {
  constructor(crossing: string) {
    super(`${crossing}: expected a condition that at most ${MOST_KEYS} keys keep, but more do. Narrow it, or ask the other side and page through it.`);
    this.name = 'TooManyKeysError';
  }
}

const COUNT: readonly Figure[] = [{ function: 'count' }];

/** Plans the conditions of one operation; a crossing that occurs twice is followed once. */
export class Planner<Report> {
  readonly steps: PlanStep[] = [];
  private readonly followed = new Map<string, Promise<Planned<Report>>>();

  constructor(private readonly bookOf: (entities: readonly string[]) => PlannedBook<Report>) {}

  /** The condition as one that the book of these entities can answer. Throws TooManyKeysError. */
  async plan(entities: readonly string[], condition: BookCondition | undefined, narrowed?: Condition): Promise<Planned<Report>> {
    if (!condition) return { condition: undefined, reports: [] };
    if ('attribute' in condition) return { condition, reports: [] };
    if ('crossing' in condition) return this.follow(entities, condition.crossing, condition.some, narrowed);
    if ('not' in condition) {
      const inner = await this.plan(entities, condition.not);
      return { condition: { not: inner.condition ?? { all: [] } }, reports: inner.reports };
    }
    const parts = 'all' in condition ? condition.all : condition.any;
    // Only in a conjunction do the plain parts narrow the crossing ones.
    const own = 'all' in condition ? plainOf(parts, narrowed) : undefined;
    const planned = await Promise.all(parts.map((part) => this.plan(entities, part, own)));
    const conditions = planned.map((part) => part.condition ?? { all: [] });
    return { condition: 'all' in condition ? { all: conditions } : { any: conditions }, reports: planned.flatMap((part) => part.reports) };
  }

  private follow(entities: readonly string[], crossing: Crossing, some: BookCondition | undefined, narrowed: Condition | undefined): Promise<Planned<Report>> {
    const name = JSON.stringify([entities, crossing, some, narrowed], (_key, value) => (typeof value === 'bigint' ? `${value}n` : value));
    const known = this.followed.get(name) ?? this.cross(entities, crossing, some, narrowed);
    this.followed.set(name, known);
    return known;
  }

  private async cross(
    entities: readonly string[],
    crossing: Crossing,
    some: BookCondition | undefined,
    narrowed: Condition | undefined,
  ): Promise<Planned<Report>> {
    const start = performance.now();
    const asking = this.bookOf(entities);
    const other = this.bookOf(crossing.entities);
    const inner = await this.plan(crossing.entities, some);
    const reports = [...inner.reports];
    let where = inner.condition;
    let counts: { asking: number; other: number | null } | undefined;
    let first: PlanStep['first'] = 'OTHER_SIDE';

    if (narrowed) {
      let keys = await this.keys(asking, narrowed, crossing.from, crossing.withinSource, FEW_KEYS);
      reports.push(...keys.reports);
      counts = { asking: keys.count, other: null };
      if (keys.count > FEW_KEYS) {
        const [askingRows, otherRows] = await Promise.all([asking.total(narrowed, [], COUNT), other.total(where, [], COUNT)]);
        reports.push(...askingRows.reports, ...otherRows.reports);
        counts = { asking: countOf(askingRows.rows), other: countOf(otherRows.rows) };
        if (counts.asking < (counts.other ?? 0)) {
          keys = await this.keys(asking, narrowed, crossing.from, crossing.withinSource, MOST_KEYS);
          reports.push(...keys.reports);
          refuseMore(crossing, keys.count);
        }
      }
      if (counts.other === null || counts.asking < counts.other) {
        first = 'ASKING_SIDE';
        where = both(where, oneOf(crossing.to, keys.bySource));
      }
    }
    const found = await this.keys(other, where, crossing.to, crossing.withinSource, MOST_KEYS);
    reports.push(...found.reports);
    refuseMore(crossing, found.count);
    this.steps.push({
      crossing: crossing.name,
      askingRows: counts?.asking ?? null,
      otherRows: counts?.other ?? null,
      first,
      keys: found.count,
      milliseconds: performance.now() - start,
    });
    return { condition: oneOf(crossing.from, found.bySource), reports };
  }

  /** The condition as one that tells for these rows of the asking side, and for no others, whether they keep it. */
  async planForRows(condition: BookCondition, rows: readonly Row[]): Promise<Planned<Report>> {
    if ('attribute' in condition) return { condition, reports: [] };
    if ('crossing' in condition) return this.crossForRows(condition.crossing, condition.some, rows);
    if ('not' in condition) {
      const inner = await this.planForRows(condition.not, rows);
      return { condition: { not: inner.condition ?? { all: [] } }, reports: inner.reports };
    }
    const parts = 'all' in condition ? condition.all : condition.any;
    const planned = await Promise.all(parts.map((part) => this.planForRows(part, rows)));
    const conditions = planned.map((part) => part.condition ?? { all: [] });
    return { condition: 'all' in condition ? { all: conditions } : { any: conditions }, reports: planned.flatMap((part) => part.reports) };
  }

  private async crossForRows(crossing: Crossing, some: BookCondition | undefined, rows: readonly Row[]): Promise<Planned<Report>> {
    const start = performance.now();
    const inner = await this.plan(crossing.entities, some);
    const keys = keysOfRows(rows, crossing);
    const found = await this.keys(
      this.bookOf(crossing.entities),
      both(inner.condition, oneOf(crossing.to, keys)),
      crossing.to,
      crossing.withinSource,
      MOST_KEYS,
    );
    this.steps.push({
      crossing: crossing.name,
      askingRows: rows.length,
      otherRows: null,
      first: 'ASKING_PAGE',
      keys: found.count,
      milliseconds: performance.now() - start,
    });
    return { condition: oneOf(crossing.from, found.bySource), reports: [...inner.reports, ...found.reports] };
  }

  /** The distinct values of an attribute; by source where rows of one source only name rows of the same. Where there are more than `most`, some of them. */
  private async keys(book: PlannedBook<Report>, where: Condition | undefined, attribute: string, withinSource: boolean, most: number) {
    const grouping = [...(withinSource ? [{ attribute: 'source', year: false }] : []), { attribute, year: false }];
    const { rows, reports } = await book.total(where, grouping, [], most + 1);
    const bySource = new Map<string | undefined, Value[]>();
    let count = 0;
    for (const { group } of rows) {
      const value = group.at(-1) ?? null;
      if (value === null) continue;
      count++;
      const source = withinSource ? (group[0] as string) : undefined;
      const values = bySource.get(source);
      if (values) values.push(value);
      else bySource.set(source, [value]);
    }
    return { bySource, count, reports };
  }
}

function refuseMore({ name }: Crossing, keys: number): void {
  if (keys > MOST_KEYS) throw new TooManyKeysError(name);
}

function both(condition: Condition | undefined, other: Condition): Condition {
  return condition ? { all: [condition, other] } : other;
}

/** What the rows name of the other side. */
function keysOfRows(rows: readonly Row[], { from, withinSource }: Crossing): ReadonlyMap<string | undefined, readonly Value[]> {
  const bySource = new Map<string | undefined, Set<Value>>();
  for (const row of rows) {
    const value = valueOf(row, from);
    if (value === null) continue;
    const source = withinSource ? row.source : undefined;
    bySource.set(source, (bySource.get(source) ?? new Set()).add(value));
  }
  return new Map([...bySource].map(([source, values]) => [source, [...values]]));
}

/** The conjunction of the parts that cross nothing, with what is known to hold anyway; undefined where there is none. */
export function plainOf(parts: readonly BookCondition[], narrowed: Condition | undefined): Condition | undefined {
  const plain = parts.filter(isPlain);
  const all = narrowed ? [narrowed, ...plain] : plain;
  return all.length === 0 ? undefined : { all };
}

/** Whether a condition crosses to no other book. */
export function isPlain(condition: BookCondition): condition is Condition {
  if ('all' in condition) return condition.all.every(isPlain);
  if ('any' in condition) return condition.any.every(isPlain);
  if ('not' in condition) return isPlain(condition.not);
  return 'attribute' in condition;
}

function oneOf(attribute: string, bySource: ReadonlyMap<string | undefined, readonly Value[]>): Condition {
  const parts = [...bySource].map(([source, value]): Condition => {
    const isOne: Condition = { attribute, is: 'in', value };
    return source === undefined ? isOne : { all: [{ attribute: 'source', is: 'eq', value: source }, isOne] };
  });
  // Even where there is no key the condition rests on the attribute: a viewer who does not see it of a row must not see the row.
  if (parts.length === 0) return { attribute, is: 'in', value: [] };
  return parts.length === 1 ? (parts[0] as Condition) : { any: parts };
}

function countOf(rows: readonly TotalsRow[]): number {
  return (rows[0]?.figures[0] as number | undefined) ?? 0;
}
