/** Totals of several parts as one: of several sources, of pieces of a cut key list, of several codes that mean one value. */
import type { Value } from '../entities/kinds.js';
import { compareValues, identify } from './evaluate.js';
import type { Figure, TotalsRow } from './source.js';

/** One row a group, with the figures of all rows of that group put together. A distinct count of several parts cannot be. */
export function mergeTotals(rows: readonly TotalsRow[], figures: readonly Figure[]): TotalsRow[] {
  if (figures.length === 0) return eachOnce(rows);
  const groups = new Map<Value, TotalsRow>();
  for (const row of rows) {
    const name = nameOf(row);
    const found = groups.get(name);
    if (!found) groups.set(name, row);
    else
      groups.set(name, {
        group: row.group,
        figures: figures.map((figure, index) => together(figure, found.figures[index] ?? null, row.figures[index] ?? null)),
      });
  }
  return [...groups.values()];
}

/** Groups without figures, each once. */
function eachOnce(rows: readonly TotalsRow[]): TotalsRow[] {
  const known = new Set<Value>();
  return rows.filter((row) => {
    const before = known.size;
    known.add(nameOf(row));
    return known.size > before;
  });
}

/** One value is told from others by itself; a list of keys has a hundred thousand of them. */
function nameOf({ group }: TotalsRow): Value {
  return group.length === 1 ? (group[0] ?? null) : identify(group);
}

function together(figure: Figure, a: Value, b: Value): Value {
  switch (figure.function) {
    case 'count':
    case 'countValues':
      return Number(a) + Number(b);
    case 'countDistinct':
      throw new Error('A distinct count over several parts is not their sum: ask one part, or group by the attribute.');
    case 'sum':
      return a === null ? b : b === null ? a : (a as bigint) + (b as bigint);
    case 'minimum':
      return a === null ? b : b === null ? a : compareValues(a, b) <= 0 ? a : b;
    case 'maximum':
      return a === null ? b : b === null ? a : compareValues(a, b) >= 0 ? a : b;
  }
}
