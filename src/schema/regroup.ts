/** Totals grouped by what another book knows: asked by the link's key, and put together by what the key leads to. */
import { allDefinitions } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import {
  type Crossing,
  type Figure,
  type Grouping,
  identify,
  mergeTotals,
  type Row,
  type SourceReport,
  type Totals,
  type TotalsRow,
  valueOf,
} from '../sources/book.js';
import type { HubContext } from './context.js';
import type { Among, ListGrouping } from './totals.js';

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

/** How totals are put together. */
export interface Regrouping {
  readonly groupings: readonly ListGrouping[];
  readonly figures: readonly Figure[];
  readonly among: Among;
}

/**
 * Totals by `ownGroupings` as totals by the groupings themselves. A key that leads nowhere counts to the group without a
 * value; one that leads to many rows to the group of each, and once to each group.
 */
export async function regrouped(context: HubContext, own: Totals, { groupings, figures, among }: Regrouping): Promise<Totals> {
  const crossings = [...new Map(groupings.flatMap(({ crossing }) => (crossing ? [[crossing.name, crossing] as const] : []))).values()];
  if (crossings.length === 0) return own;
  const places = new Map(ownGroupings(groupings).map(({ attribute, year }, index) => [identify([attribute, year]), index]));
  const valueIn = (row: TotalsRow, attribute: string, year: boolean): Value => row.group[places.get(identify([attribute, year])) ?? -1] ?? null;
  const reports: SourceReport[] = [...own.reports];

  const conditions = new Map<string, Awaited<ReturnType<HubContext['plan']>>>();
  for (const crossing of crossings) {
    const planned = await context.plan(definitionsOf(crossing), among.get(crossing.name));
    conditions.set(crossing.name, planned);
    reports.push(...planned.reports);
  }
  /** The rows that a group's key leads to; one without a value where it leads nowhere. */
  const follow = async (row: TotalsRow, crossing: Crossing): Promise<readonly (Row | undefined)[]> => {
    const key = valueIn(row, crossing.from, false);
    if (key === null) return [undefined];
    const definitions = definitionsOf(crossing);
    // Every grouping over one link reads the same attributes: one batch serves them all.
    const wanted = groupings.flatMap((other) => (other.crossing?.name === crossing.name ? [other.attribute] : []));
    const request = { where: conditions.get(crossing.name)?.condition, order: [], attributes: new Map(definitions.map(({ name }) => [name, wanted])) };
    const source = crossing.withinSource ? (valueIn(row, 'source', false) as string) : undefined;
    const found = await context.rows({ definitions, attribute: crossing.to }, request, { value: key, source });
    reports.push(...found.reports);
    return found.rows.length === 0 ? [undefined] : found.rows;
  };
  const moved = await Promise.all(
    own.rows.map(async (row): Promise<TotalsRow[]> => {
      const reached = await Promise.all(crossings.map((crossing) => follow(row, crossing)));
      const groups = new Map<string, Value[]>();
      for (const rows of combinations(reached)) {
        const group = groupings.map(({ attribute, year, crossing }) => {
          if (!crossing) return valueIn(row, attribute, year);
          const other = rows[crossings.findIndex(({ name }) => name === crossing.name)];
          const value = other ? valueOf(other, attribute) : null;
          return year && value !== null ? Number(String(value).slice(0, 4)) : value;
        });
        groups.set(identify(group), group);
      }
      return [...groups.values()].map((group) => ({ group, figures: row.figures }));
    }),
  );
  return { rows: mergeTotals(moved.flat(), figures), reports };
}

function definitionsOf({ entities }: Crossing) {
  return allDefinitions().filter((definition) => entities.includes(definition.name));
}

/** One of each list, in every way. */
function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((ways, list) => ways.flatMap((way) => list.map((item) => [...way, item])), [[]]);
}
