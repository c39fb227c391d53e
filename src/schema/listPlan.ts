/**
 * What a list field asks: its condition, order, bounds and attributes. Worked out once for all rows of an operation that have
 * the field (`HubContext.once`), for the document says it, and no row.
 */
import type { GraphQLResolveInfo } from 'graphql';
import type { BookCondition, BookPosition, Condition, RowsRequest, SourceReport } from '../sources/book.js';
import type { ListedType } from './connection.js';
import { readCursor } from './cursor.js';
import { HubError } from './errors.js';
import { conditionOf } from './filters.js';
import { DEFAULT_PAGE, LARGEST_PAGE } from './limits.js';
import { type ListOrderTerm, orderAttributes, orderOf } from './order.js';
import { attributesFor, Selection } from './selection.js';

/** Where a page begins, which way it goes, and how many rows it has at most. */
export interface PageBounds {
  readonly limit: number;
  readonly backwards: boolean;
  readonly after: BookPosition | undefined;
}

/** The plan of one field. */
export class ListPlan {
  readonly where: BookCondition | undefined;
  readonly order: readonly ListOrderTerm[];
  readonly bounds: PageBounds;
  /** The order wants what another book knows. */
  readonly crossesOrder: boolean;
  readonly readsRows: boolean;
  readonly readsTotals: boolean;
  /** Attributes of each entity that the selected fields of its rows need. */
  readonly attributes: RowsRequest['attributes'];
  /** What became of the condition, where it is the same for all parents. */
  planned?: Promise<{ condition: Condition | undefined; reports: readonly SourceReport[] }>;
  private last?: RowsRequest;

  /** Throws a HubError for arguments that cannot be answered. */
  constructor(listed: ListedType, info: GraphQLResolveInfo, given: Readonly<Record<string, unknown>>) {
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

  /** @param where the condition as the list's own book can answer it; the same condition gives the same request, so that it is known again */
  requestFor(where: Condition | undefined): RowsRequest {
    if (!this.last || this.last.where !== where) this.last = { where, order: this.order, ...this.bounds, attributes: this.attributes };
    return this.last;
  }
}

function boundsOf(listed: ListedType, order: readonly ListOrderTerm[], given: Readonly<Record<string, unknown>>): PageBounds {
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
