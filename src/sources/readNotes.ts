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
}

/** An ask for rows. */
export interface NotedRows {
  /** What must be read beside the attributes that are asked for, to tell whose the rows are and what of them is public. */
  readonly beside: readonly string[];
  /** A row as it was read, where the viewer sees it otherwise. */
  shown(read: Row, shown: Row): void;
  /** Rows that the book gives, as the viewer sees them: of those that came only some may be within its limit. Looked at later. */
  given(shown: readonly Row[]): void;
}

/** An ask for totals, with the viewer's rules in it. */
export interface NotedTotals {
  /** Counts the rows of each company, where the totals do not tell whose they are. */
  readonly whose: TotalsAsk | undefined;
  read(totals: readonly TotalsRow[], whose: readonly TotalsRow[]): void;
}

/** Tells which rows a book gives, of each part who notes them. */
export function noteGiven(answers: readonly { readonly part: NotedPart; readonly noted?: NotedRows | undefined }[], given: readonly (readonly Row[])[]): void {
  for (const { part, noted } of answers) {
    if (!noted) continue;
    for (const rows of given) {
      const own = answers.length === 1 ? rows : rows.filter(({ entity, source }) => source === part.source.id && entity === part.definition.name);
      if (own.length > 0) noted.given(own);
    }
  }
}
