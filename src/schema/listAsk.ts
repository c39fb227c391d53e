/** What a field that is a list asks, whichever object it is asked of: read once from its arguments and from what is selected under it. */
import type { GraphQLResolveInfo } from 'graphql';
import type { EntityDefinition } from '../entities/definition.js';
import type { BookCondition, BookKey, BookPosition, Rows } from '../sources/book.js';
import { readCursor } from './cursor.js';
import { HubError } from './errors.js';
import { conditionOf, type Listed } from './filters.js';
import { DEFAULT_PAGE, LARGEST_PAGE } from './limits.js';
import { type ListOrderTerm, orderAttributes, orderOf } from './order.js';
import { attributesFor, Selection } from './selection.js';

/** What a list's field asks. Throws a HubError for arguments that cannot be. */
export class ListAsk {
  readonly where: BookCondition | undefined;
  readonly order: readonly ListOrderTerm[];
  readonly bounds: PageBounds;
  /** Attributes of each entity that the selected rows need. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  /** A term of the order is another book's. */
  readonly crossesOrder: boolean;
  readonly readsRows: boolean;
  readonly readsTotals: boolean;
  /** Reads the rows of a key, once it has been made. */
  reader?: (key: BookKey) => Promise<Rows>;

  constructor(listed: Asked, info: GraphQLResolveInfo, given: Readonly<Record<string, unknown>>) {
    this.where = conditionOf(listed, given.where as Readonly<Record<string, unknown>> | undefined);
    this.order = orderOf(listed, given.orderBy as Readonly<Record<string, unknown>>[] | undefined);
    this.bounds = boundsOf(listed, this.order, given);
    this.crossesOrder = this.order.some(({ via }) => via);
    const selection = Selection.of(info);
    const fields = selection.fields();
    this.readsRows = ['edges', 'nodes', 'pageInfo'].some((name) => fields.has(name));
    this.readsTotals = fields.has('totalCount') || fields.has('totals');
    const rows = selection.under('nodes').with(selection.under('edges', 'node'));
    this.attributes = new Map(listed.definitions.map((definition) => [definition.name, attributesFor(rows, definition)]));
  }
}

interface Asked extends Listed {
  readonly definitions: readonly EntityDefinition[];
}

/** Rows of the page that a list's arguments ask for; a page of more than the most is refused when it is reached. */
export function pageSize({ first, last }: Readonly<Record<string, unknown>>): number {
  return Math.min(LARGEST_PAGE, Math.max(0, (first ?? last ?? DEFAULT_PAGE) as number));
}

interface PageBounds {
  readonly limit: number;
  readonly backwards: boolean;
  readonly after: BookPosition | undefined;
}

function boundsOf(listed: Asked, order: readonly ListOrderTerm[], given: Readonly<Record<string, unknown>>): PageBounds {
  const { first, last, after, before } = given as { first?: number | null; last?: number | null; after?: string | null; before?: string | null };
  if (first != null && last != null) throw new HubError('BAD_USER_INPUT', 'Expected first or last, but got both. Ask for one end of the list.');
  if (after != null && (last != null || before != null))
    throw new HubError('BAD_USER_INPUT', 'Expected after with first, but got it with last or before. To page backwards write last and before.');
  if (before != null && last == null) throw new HubError('BAD_USER_INPUT', 'Expected before with last. To page backwards write last and before.');
  const backwards = last != null;
  const limit = first ?? last ?? DEFAULT_PAGE;
  const argument = backwards ? 'last' : 'first';
  if (limit < 0 || limit > LARGEST_PAGE)
    throw new HubError('BAD_USER_INPUT', `${argument}: expected 0 to ${LARGEST_PAGE}, but got: ${limit}. Page with ${backwards ? 'before' : 'after'}.`);
  const cursor = backwards ? before : after;
  const position =
    cursor == null
      ? undefined
      : readCursor(cursor, backwards ? 'before' : 'after', order, { definitions: listed.definitions, attributes: orderAttributes(listed, order) });
  return { limit, backwards, after: position };
}
