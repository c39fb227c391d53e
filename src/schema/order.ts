/** `orderBy`: input types made from an entity's definition, and what they say as an order. */
import { defineEnum } from '../entities/enums.js';
import type { OrderTerm } from '../sources/book.js';
import { HubError } from './errors.js';
import { field, inputType, type Listed } from './filters.js';

const Direction = defineEnum('Direction', 'Which way. Empty values come last in both. 排序方向', {
  ASC: 'From the least. 升序',
  DESC: 'From the greatest. 降序',
});

const MOST_TERMS = 5;
const orderTypes = new Map<string, new () => object>();

/** The `orderBy` input of a list: one field of it in each object. */
export function orderType(listed: Listed): new () => object {
  const name = `${listed.name}Order`;
  const known = orderTypes.get(name);
  if (known) return known;
  const type = inputType(name, `One term of an order of ${listed.name}: exactly one field. 排序项`);
  orderTypes.set(name, type);
  field(type, 'sourceId', () => Direction.object, 'The id of the source. 来源标识');
  for (const attribute of listed.attributes.values()) if (attribute.order) field(type, attribute.name, () => Direction.object, attribute.description);
  return type;
}

/** The terms of an `orderBy`; rows that tie in all of them come by source and key. Throws a HubError for a term that is not one field. */
export function orderOf(orderBy: readonly Readonly<Record<string, unknown>>[] | null | undefined): OrderTerm[] {
  const terms = (orderBy ?? []).map((given, index) => {
    const named = Object.entries(given).filter(([, direction]) => direction !== undefined && direction !== null);
    const [only] = named;
    if (!only || named.length > 1) {
      throw new HubError(
        'BAD_USER_INPUT',
        `orderBy[${index}]: expected exactly one field, but got: ${named.length}. Write one object for each term: [{amount: DESC}, {date: ASC}].`,
      );
    }
    return { attribute: only[0] === 'sourceId' ? 'source' : only[0], descending: only[1] === Direction.object.DESC, nullsFirst: false };
  });
  if (terms.length > MOST_TERMS) throw new HubError('BAD_USER_INPUT', `orderBy: expected at most ${MOST_TERMS} terms, but got: ${terms.length}.`);
  return terms;
}
