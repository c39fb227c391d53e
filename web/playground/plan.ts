/** What the hub tells of the way of the last answer (`extensions.explain`), kept for the panel that draws it. */

/** One ask that a source received. */
export interface PlannedAsk {
  readonly sourceId: string;
  readonly entity: string;
  readonly ask: 'ROWS' | 'TOTALS';
  readonly by: 'VIEWER' | 'HUB';
  /** Null where it failed, and of what the hub asked for itself. */
  readonly rows: number | null;
  readonly state: 'LIVE' | 'MIRRORED' | 'STALE' | 'UNAVAILABLE';
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** One link that a filter followed into another book. */
export interface PlannedCrossing {
  readonly crossing: string;
  readonly askingRows: number | null;
  readonly otherRows: number | null;
  readonly first: string;
  readonly keys: number;
  readonly milliseconds: number;
}

/** A figure of the document and its bound. */
interface Bounded {
  readonly figure: number;
  readonly bound: number;
}

/** The way of one answer. */
export interface Plan {
  readonly cost?: { readonly nodes: Bounded; readonly cost: Bounded };
  readonly asks: readonly PlannedAsk[];
  readonly crossings: readonly PlannedCrossing[];
}

let plan: Plan | undefined;
const listeners = new Set<() => void>();

/** The plan of the last answer; undefined before there is one. */
export function lastPlan(): Plan | undefined {
  return plan;
}

/** Calls the listener at each new plan, until the function that it gives is called. */
export function onPlan(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The answer without its plan, which is kept for the panel: an answer is easier to read without. */
export function withoutPlan<T>(answer: T): T {
  const { extensions, ...rest } = answer as { extensions?: { explain?: Plan } & Record<string, unknown> };
  if (!extensions?.explain) return answer;
  const { explain, ...others } = extensions;
  plan = explain;
  for (const listener of listeners) listener();
  return (Object.keys(others).length > 0 ? { ...rest, extensions: others } : rest) as T;
}
