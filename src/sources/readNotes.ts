/** How a book says whose data an operation reads. */
import type { EntityDefinition } from '../entities/definition.js';
import type { Row, RowsAsk, TotalsAsk, TotalsRow } from './source.js';

/** Which book of which source is asked. */
export interface NotedPart {
  readonly definition: EntityDefinition;
  readonly source: { readonly id: string };
}

/** Notes of one operation. Each ask is shown before it is made; undefined where nothing that it may give needs a note. */
export interface ReadNotes {
  rows(part: NotedPart, ask: RowsAsk): Promise<NotedRows | undefined>;
  totals(part: NotedPart, ask: TotalsAsk): Promise<NotedTotals | undefined>;
  /** Rows that the book gave: of those that came only some may be within its limit. */
  given(shown: readonly Row[]): void;
}

/** An ask for rows. */
export interface NotedRows {
  /** What must be read beside the attributes that are asked for, to tell whose the rows are and what of them is public. */
  readonly beside: readonly string[];
  /** A row as it was read, and as the viewer sees it. Noted once it is given. */
  row(read: Row, shown: Row): void;
}

/** An ask for totals, with the viewer's rules in it. */
export interface NotedTotals {
  /** Counts the rows of each company, where the totals do not tell whose they are. */
  readonly whose: TotalsAsk | undefined;
  read(totals: readonly TotalsRow[], whose: readonly TotalsRow[]): void;
}
