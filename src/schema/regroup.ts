/** Totals grouped by what another book knows: asked by the link's key, and put together by what the key leads to. */
import { allDefinitions } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { type Figure, type Grouping, identify, mergeTotals, type SourceReport, type Totals, type TotalsRow, valueOf } from '../sources/book.js';
import type { HubContext } from './context.js';
import type { ListGrouping } from './totals.js';

/** What a list's own books are grouped by, so that the groups over links can be made of the answer. */
export function ownGroupings(groupings: readonly ListGrouping[]): Grouping[] {
  const own = new Map<string, Grouping>();
  const add = (attribute: string, year: boolean): void => {
    own.set(identify([attribute, year]), { attribute, year });
  };
  for (const { attribute, year, crossing } of groupings) {
    if (!crossing) add(attribute, year);
    else {
      add(crossing.from, false);
      if (crossing.withinSource) add('source', false);
    }
  }
  return [...own.values()];
}

/** Totals by `ownGroupings` as totals by the groupings themselves. A key that leads nowhere counts to the group without a value. */
export async function regrouped(context: HubContext, own: Totals, groupings: readonly ListGrouping[], figures: readonly Figure[]): Promise<Totals> {
  if (!groupings.some(({ crossing }) => crossing)) return own;
  const places = new Map(ownGroupings(groupings).map(({ attribute, year }, index) => [identify([attribute, year]), index]));
  const valueIn = (row: TotalsRow, attribute: string, year: boolean): Value => row.group[places.get(identify([attribute, year])) ?? -1] ?? null;
  const reports: SourceReport[] = [...own.reports];

  const follow = async (row: TotalsRow, { attribute, year, crossing }: ListGrouping): Promise<Value> => {
    if (!crossing) return valueIn(row, attribute, year);
    const key = valueIn(row, crossing.from, false);
    if (key === null) return null;
    const definitions = allDefinitions().filter((definition) => crossing.entities.includes(definition.name));
    // Every grouping over one link reads the same attributes: one batch serves them all.
    const wanted = groupings.flatMap((other) => (other.crossing?.name === crossing.name ? [other.attribute] : []));
    const request = { order: [], attributes: new Map(definitions.map((definition) => [definition.name, wanted])) };
    const source = crossing.withinSource ? (valueIn(row, 'source', false) as string) : undefined;
    const found = await context.rows({ definitions, attribute: crossing.to }, request, { value: key, source });
    reports.push(...found.reports);
    const value = found.rows[0] ? valueOf(found.rows[0], attribute) : null;
    return year && value !== null ? Number(String(value).slice(0, 4)) : value;
  };
  const moved = await Promise.all(
    own.rows.map(async (row) => ({ group: await Promise.all(groupings.map((grouping) => follow(row, grouping))), figures: row.figures })),
  );
  return { rows: mergeTotals(moved, figures), reports };
}
