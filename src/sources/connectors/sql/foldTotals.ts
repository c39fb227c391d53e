/** Totals of rows that come in pieces. */
import type { Value } from '../../../entities/kinds.js';
import { identify, totalRows } from '../../evaluate.js';
import { mergeTotals } from '../../mergeTotals.js';
import type { Figure, Row, TotalsAsk, TotalsRow } from '../../source.js';

/** Adds up pieces; keeps a row for each group, and the different values where they are counted. */
export class TotalsOfPieces {
  private found: readonly TotalsRow[] = [];
  private readonly distinct: readonly { readonly index: number; readonly attribute: string; readonly values: Map<string, Set<string>> }[];
  /** What can be added up piece by piece. */
  private readonly addable: TotalsAsk;

  constructor(private readonly ask: TotalsAsk) {
    this.distinct = ask.figures.flatMap(({ function: name, attribute }, index) =>
      name === 'countDistinct' ? [{ index, attribute: attribute as string, values: new Map() }] : [],
    );
    this.addable = { ...ask, figures: ask.figures.map((figure): Figure => (figure.function === 'countDistinct' ? { function: 'count' } : figure)) };
  }

  take(rows: readonly Row[]): void {
    this.found = mergeTotals([...this.found, ...totalRows(rows, this.addable)], this.addable.figures);
    for (const { attribute, values } of this.distinct) {
      const groups = totalRows(rows, { ...this.ask, groupBy: [...this.ask.groupBy, { attribute, year: false }], figures: [] });
      for (const { group } of groups) {
        const value = group.at(-1) as Value;
        if (value === null) continue;
        const name = identify(group.slice(0, -1));
        values.set(name, (values.get(name) ?? new Set()).add(identify([value])));
      }
    }
  }

  /** One result for each group; without groups one, even where no piece came. */
  result(): TotalsRow[] {
    const found = this.found.length === 0 ? totalRows([], this.addable) : this.found;
    return found.map(({ group, figures }) => {
      const counted = new Map(this.distinct.map(({ index, values }) => [index, values.get(identify(group))?.size ?? 0]));
      return { group, figures: figures.map((figure, index) => counted.get(index) ?? figure) };
    });
  }
}
