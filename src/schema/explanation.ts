/**
 * What `explain` tells a viewer of the way of its operation.
 *
 * Of what the viewer asks itself, the rows that came and that it sees: the rules are in the statement, and what they take
 * away afterwards is not counted. Of what the hub asks for itself (the figures of the park rest on rows that are nobody's to
 * see) that it was asked, and no number. Times are in whole milliseconds: a client that asks one source alone can measure as
 * much by its own clock, so that they tell it nothing more, and a reader needs no finer ones.
 */
import { hasDuty } from '../access/duties.js';
import type { Viewer } from '../access/viewer.js';
import type { AskTrace, PlanStep } from '../sources/book.js';
import type { Limits } from './limits.js';

/** What is counted of a document before it is answered, and the bound. */
interface Bounded {
  readonly figure: number;
  readonly bound: number;
}

/** What an operation may cost, what it asked of its sources, and how its filters followed links. */
export interface Explanation {
  /** Undefined where it was not reckoned: of an operation from within. */
  readonly cost?: { readonly nodes: Bounded; readonly cost: Bounded } | undefined;
  readonly asks: readonly AskTrace[];
  readonly crossings: readonly PlanStep[];
}

/** What a document may cost beside its bounds. */
export function costBesideBounds({ nodes, cost }: { readonly nodes: number; readonly cost: number }, limits: Limits): Explanation['cost'] {
  return { nodes: { figure: nodes, bound: limits.nodes }, cost: { figure: cost, bound: limits.cost } };
}

/** The way of an operation as its viewer may see it. */
export function explanationFor(viewer: Viewer, { cost, asks, crossings }: Explanation): Explanation {
  const seen = viewer.kind === 'SYSTEM' ? asks : asks.map((ask) => (ask.by === 'HUB' ? { ...ask, rows: null } : ask));
  return {
    ...(cost ? { cost } : {}),
    asks: seen.map((ask) => ({ ...ask, startedAt: Math.round(ask.startedAt), milliseconds: Math.round(ask.milliseconds) })),
    crossings: crossings.map((step) => ({ ...step, milliseconds: Math.round(step.milliseconds) })),
  };
}

/** Whether a viewer may read of the inside of a source: who sees what is found in its books. */
export function insideSeenBy(viewer: Viewer): (source: string) => boolean {
  return (source) => hasDuty(viewer, 'SEE_SURVEY', source);
}
