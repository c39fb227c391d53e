/** Puts the rows that the parts of a book gave into one order. */
import { compareText } from '../values/text.js';
import type { RowsRequest } from './book.js';
import { keysDescend } from './bookAsk.js';
import { compareInTerm, valueOf } from './evaluate.js';
import type { OrderTerm, Row } from './source.js';

/** The rows in the request's order, each once, cut to its limit; a row that came twice counts as it came last. */
export function mergeRows(rows: readonly Row[], { order, limit, backwards }: RowsRequest): { rows: readonly Row[]; more: boolean } {
  const ordered = rows.length > 1 ? distinct(rows).sort(inOrder(order)) : rows;
  if (limit === undefined || ordered.length <= limit) return { rows: ordered, more: false };
  return { rows: backwards ? ordered.slice(ordered.length - limit) : ordered.slice(0, limit), more: true };
}

function distinct(rows: readonly Row[]): Row[] {
  // Of rows of one part the key tells; thousands of texts made of all three would be the larger half of the work.
  const parts = new Map<string, Map<string, Map<string, Row>>>();
  let count = 0;
  for (const row of rows) {
    const own = within(within(parts, row.entity), row.source);
    const before = own.size;
    own.set(row.key, row);
    count += own.size - before;
  }
  if (count === rows.length) return [...rows];
  return [...parts.values()].flatMap((sources) => [...sources.values()].flatMap((own) => [...own.values()]));
}

function within<T>(maps: Map<string, Map<string, T>>, name: string): Map<string, T> {
  let found = maps.get(name);
  if (!found) {
    found = new Map();
    maps.set(name, found);
  }
  return found;
}

/** The order of rows; rows that tie in all terms come by entity, source and key. */
function inOrder(order: readonly OrderTerm[]): (a: Row, b: Row) => number {
  const descend = keysDescend(order);
  return (a, b) => {
    for (const term of order) {
      const result = compareInTerm(valueOf(a, term.attribute), valueOf(b, term.attribute), term);
      if (result !== 0) return result;
    }
    return compareText(a.entity, b.entity) || compareText(a.source, b.source) || (descend ? compareText(b.key, a.key) : compareText(a.key, b.key));
  };
}
