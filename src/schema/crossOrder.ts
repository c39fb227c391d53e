/**
 * A page of a list in an order that another book knows: tenants by what banks lent them, loans by their borrowers' names.
 *
 * No source can order by what it does not hold. So the list's keys are read with what their links need, the other books
 * give the values that the order asks for, one batch each, the hub sorts, and the rows of the page alone are read in full.
 * Above a stated number of rows the order is refused.
 */
import { allDefinitions } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import {
  type Book,
  type BookKey,
  type BookPosition,
  type Condition,
  type Crossing,
  type Figure,
  identify,
  keyOf,
  MOST_KEYS,
  type Row,
  type Rows,
  type RowsRequest,
  type SourceReport,
  selectRows,
  valueOf,
} from '../sources/book.js';
import type { Anchor, ListedType } from './connection.js';
import type { HubContext } from './context.js';
import { HubError } from './errors.js';
import type { ListOrderTerm } from './order.js';

/** What page of a list is wanted. */
export interface CrossOrderRequest {
  readonly listed: ListedType;
  readonly anchor: Anchor;
  readonly where: Condition | undefined;
  readonly order: readonly ListOrderTerm[];
  readonly limit: number;
  readonly backwards: boolean;
  readonly after: BookPosition | undefined;
  readonly attributes: RowsRequest['attributes'];
}

/** A row with the values that the order asks for. */
type Valued = Row & { [attribute: string]: Value };

/** The rows of the page in their order, each with the values of the terms over links by the terms' names. Throws a HubError above the bound. */
export async function pageInCrossOrder(context: HubContext, request: CrossOrderRequest): Promise<Rows> {
  const { listed, order, limit, backwards, after } = request;
  const all = await readKeys(context, request);
  if (all.more || all.rows.length > MOST_KEYS) {
    throw new HubError('LIMIT_EXCEEDED', `orderBy: expected at most ${MOST_KEYS} rows to order over a link, but the list has more. Narrow it with where.`);
  }
  const reports: SourceReport[] = [...all.reports];
  const valued = request.anchor.at
    ? await Promise.all(all.rows.map((row) => withValues(context, row, order, reports)))
    : await withValuesAtOnce(context, all.rows, order, reports);
  const terms = [...order, ...['part', 'key'].map((attribute) => ({ attribute, descending: false, nullsFirst: false }))];
  const walked = backwards ? terms.map((term) => ({ ...term, descending: !term.descending, nullsFirst: !term.nullsFirst })) : terms;
  const selected = selectRows(valued, {
    entity: listed.name,
    attributes: [],
    order: walked,
    after: after && { values: [...after.values, after.part, after.key], inclusive: false },
    limit: limit + 1,
  });
  const page = selected.slice(0, limit);
  if (backwards) page.reverse();
  return { rows: await inFull(context, request, page, reports), more: selected.length > limit, reports };
}

function readKeys(context: HubContext, { listed, anchor, where, order }: CrossOrderRequest): Promise<Rows> {
  const needed = order.map(({ attribute, via }) => via?.crossing.from ?? attribute);
  const request = { where, order: [], attributes: new Map(listed.definitions.map((definition) => [definition.name, needed])), rests: needed };
  const { at } = anchor;
  return at ? context.rows(at.link, request, at.key) : context.books.of(listed.definitions).page({ ...request, limit: MOST_KEYS });
}

/** A row of one parent's list with its values: the keys of all parents' lists go to the other book as one batch. */
async function withValues(context: HubContext, row: Row, order: readonly ListOrderTerm[], reports: SourceReport[]): Promise<Valued> {
  const values: Record<string, Value> = { part: `${row.entity}/${row.source}` };
  for (const term of order) if (term.via) values[term.attribute] = await valueOver(context, row, term, reports);
  return { ...row, ...values } as Valued;
}

async function valueOver(context: HubContext, row: Row, { via }: ListOrderTerm, reports: SourceReport[]): Promise<Value> {
  if (!via) return null;
  const { crossing, attribute, figure } = via;
  const value = valueOf(row, crossing.from);
  const definitions = allDefinitions().filter((definition) => crossing.entities.includes(definition.name));
  const link = { definitions, attribute: crossing.to };
  const key = { value, source: crossing.withinSource ? row.source : undefined };
  if (!figure) {
    if (value === null) return null;
    const request = { order: [], attributes: new Map(definitions.map((definition) => [definition.name, [attribute?.name ?? 'key']])) };
    const found = await context.rows(link, request, key);
    reports.push(...found.reports);
    return found.rows[0] ? valueOf(found.rows[0], attribute?.name ?? 'key') : null;
  }
  if (value === null) return figure.function === 'count' ? 0 : null;
  const found = await context.totals(link, undefined, [], [figure], key);
  reports.push(...found.reports);
  const given = found.rows[0]?.figures[0] ?? null;
  return attribute?.kind === 'integer' && given !== null ? Number(given) : given;
}

/** Beyond so many keys the other side is asked for all of its rows: the list of the keys would cost more than the rows that it leaves out. */
const MOST_NAMED = 20_000;

/** The rows of a book with their values: each other book is asked once, and no row has a promise of its own. */
async function withValuesAtOnce(context: HubContext, rows: readonly Row[], order: readonly ListOrderTerm[], reports: SourceReport[]): Promise<Valued[]> {
  const valued = rows.map((row): Valued => ({ ...row, part: `${row.entity}/${row.source}` }));
  await Promise.all(order.map((term) => addValues(context, valued, term, reports)));
  return valued;
}

/** Adds the values of a term over a link to the rows, by the term's name. */
async function addValues(context: HubContext, rows: readonly Valued[], { attribute: name, via }: ListOrderTerm, reports: SourceReport[]): Promise<void> {
  if (!via) return;
  const { crossing, attribute, figure } = via;
  const definitions = allDefinitions().filter((definition) => crossing.entities.includes(definition.name));
  const book = context.books.of(definitions);
  if (figure) return addFigures(book, rows, { name, crossing, figure, isInteger: attribute?.kind === 'integer' }, reports);
  const keyOfRow = (row: Row): BookKey | undefined => {
    const value = valueOf(row, crossing.from);
    return value === null ? undefined : { value, source: crossing.withinSource ? row.source : undefined };
  };
  const keys = new Map(rows.flatMap((row) => keyOfRow(row) ?? []).map((key) => [keyOf(key), key]));
  const wanted = attribute?.name ?? 'key';
  const request = { order: [], attributes: new Map(definitions.map((definition) => [definition.name, [wanted]])) };
  const found = await book.byKey(crossing.to, [...keys.values()], request);
  for (const { reports: own } of found.values()) addReports(reports, own);
  for (const row of rows) {
    const key = keyOfRow(row);
    const other = key && found.get(keyOf(key))?.rows[0];
    row[name] = other ? valueOf(other, wanted) : null;
  }
}

interface FigureTerm {
  readonly name: string;
  readonly crossing: Crossing;
  readonly figure: Figure;
  readonly isInteger: boolean;
}

async function addFigures(book: Book, rows: readonly Valued[], { name, crossing, figure, isInteger }: FigureTerm, reports: SourceReport[]): Promise<void> {
  const { from, to, withinSource } = crossing;
  const grouping = [...(withinSource ? ['source'] : []), to].map((attribute) => ({ attribute, year: false }));
  const values = [...new Set(rows.map((row) => valueOf(row, from)))].filter((value) => value !== null);
  const where: Condition | undefined = values.length > MOST_NAMED ? undefined : { attribute: to, is: 'in', value: values };
  const totals = await book.total(where, grouping, [figure]);
  addReports(reports, totals.reports);
  // Within a source, the source and the key; else the key by itself: of a hundred thousand no text is made.
  const nameOf = (group: readonly Value[]): Value => (withinSource ? identify(group) : (group[0] ?? null));
  const figures = new Map(totals.rows.map(({ group, figures: [given] }) => [nameOf(group), given ?? null]));
  for (const row of rows) {
    const value = valueOf(row, from);
    const given = value === null ? null : (figures.get(withinSource ? nameOf([row.source, value]) : value) ?? null);
    row[name] = given === null ? (figure.function === 'count' ? 0 : null) : isInteger ? Number(given) : given;
  }
}

/** Adds reports that are not there yet: every key has the same ones. */
function addReports(reports: SourceReport[], more: readonly SourceReport[]): void {
  const known = new Set(reports);
  for (const report of more) if (!known.has(report)) reports.push(report);
}

/** The rows with all that the document asks of them, and the values that they were ordered by. */
async function inFull(
  context: HubContext,
  { listed, attributes, where, order }: CrossOrderRequest,
  page: readonly Row[],
  reports: SourceReport[],
): Promise<Row[]> {
  const found = await Promise.all(
    page.map((row) => {
      const definitions = listed.definitions.filter((definition) => definition.name === row.entity);
      return context.rows({ definitions, attribute: 'key' }, { where, order: [], attributes }, { value: row.key, source: row.source });
    }),
  );
  return found.flatMap(({ rows: [full], reports: own }, index) => {
    reports.push(...own);
    // Over the row, not a copy of it: what it lacks (a drifted column, a field that is hidden) still tells so when it is read.
    return full ? [Object.assign(Object.create(full), orderValues(page[index] as Row, order, full))] : [];
  });
}

/** The values that a row was ordered by, but for those that it has in full. */
function orderValues(row: Row, order: readonly ListOrderTerm[], full: Row): Record<string, Value> {
  return Object.fromEntries(order.flatMap(({ attribute }) => (attribute in full ? [] : [[attribute, valueOf(row, attribute)]])));
}
