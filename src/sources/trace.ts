/** What an operation asked of its sources, and what became of it. */
import type { TimeBudget } from './budget.js';
import type { SourceError } from './source.js';
import type { SourceReport } from './sourceReport.js';

/** One ask that a source received. */
export interface AskTrace {
  readonly sourceId: string;
  readonly entity: string;
  readonly ask: 'ROWS' | 'TOTALS';
  /** HUB: for what it adds up by itself (the figures of the park), or to find out what the viewer holds. */
  readonly by: 'VIEWER' | 'HUB';
  /** Rows (or groups) that came and that the asker sees; null where the source failed. */
  readonly rows: number | null;
  readonly state: SourceReport['state'];
  /** When it was asked, in milliseconds from the beginning of the operation. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** What an operation asked of its sources, and what became of each, ask by ask. */
export interface Trace {
  /** The beginning of the operation, on the clock of `performance`. */
  readonly since: number;
  readonly asks: AskTrace[];
  readonly reports: SourceReport[];
  /** Sources that were waited for in vain, by id: an operation waits for a source that hangs once, not once for each of its steps. */
  readonly late: Map<string, SourceError>;
  /** Whether who is answered may read of a source's inside: its columns, its files, how many rows it has. */
  readonly seesInside: (source: string) => boolean;
  /** The operation's time. */
  readonly budget?: TimeBudget | undefined;
}
