/** What a request of a book is to one of its parts: the ask of one entity in one source. */
import { compareText } from '../values/text.js';
import type { BookPosition, RowsRequest } from './book.js';
import type { Condition, OrderTerm, Position, RowsAsk } from './source.js';

/** A part, as far as an ask needs to know it: "Loan/icbc". */
interface AskedPart {
  readonly name: string;
  readonly entity: string;
}

/** The same order from its other end. */
function reversed(order: readonly OrderTerm[]): OrderTerm[] {
  return order.map((term) => ({ attribute: term.attribute, descending: !term.descending, nullsFirst: !term.nullsFirst }));
}

/**
 * The ask for the rows of one part.
 *
 * @param by the attribute that rows are matched by: read whether it was asked for or not
 */
export function askOf(request: RowsRequest, part: AskedPart, by?: string): RowsAsk {
  const backwards = request.backwards ?? false;
  return {
    entity: part.entity,
    attributes: [
      ...new Set([...(request.attributes.get(part.entity) ?? []), ...request.order.map((term) => term.attribute), ...(by === undefined ? [] : [by])]),
    ].filter((name) => name !== 'source' && name !== 'key'),
    where: request.where,
    order: [
      ...(backwards ? reversed(request.order) : request.order),
      { attribute: 'key', descending: keysDescend(request.order) !== backwards, nullsFirst: backwards },
    ],
    after: request.after && positionIn(part, request.after, backwards),
    // One more than asked tells whether there are more.
    limit: request.limit === undefined ? undefined : request.limit + 1,
  };
}

/** Rows of other parts that tie with the cursor's row come before or after it by the name of their part. */
function positionIn(part: AskedPart, after: BookPosition, backwards: boolean): Position {
  if (part.name === after.part) return { values: [...after.values, after.key], inclusive: false };
  const isLater = compareText(part.name, after.part) > 0 !== backwards;
  return { values: after.values, inclusive: isLater };
}

/** Keys of rows that tie go the way of the last term: an index of the term and the key is walked in one direction. */
export function keysDescend(order: readonly OrderTerm[]): boolean {
  return order.at(-1)?.descending ?? false;
}

/** The only sources whose rows can keep the condition, where it says so. */
export function sourcesIn(where: Condition | undefined): ReadonlySet<string> | undefined {
  if (!where) return undefined;
  if ('all' in where) {
    const sets = where.all.map(sourcesIn).filter((set) => set !== undefined);
    return sets.length === 0 ? undefined : new Set([...(sets[0] as ReadonlySet<string>)].filter((id) => sets.every((set) => set.has(id))));
  }
  if ('attribute' in where && where.attribute === 'source' && (where.is === 'eq' || where.is === 'in')) {
    return new Set((Array.isArray(where.value) ? where.value : [where.value]) as string[]);
  }
  return undefined;
}
