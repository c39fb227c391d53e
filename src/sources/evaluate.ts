/**
 * Asks answered over rows that are in memory: for connectors whose partner cannot filter, order or add up itself, and
 * the reference that the databases' answers are tested against.
 */
import type { Value } from '../entities/kinds.js';
import { compareText } from '../values/text.js';
import type { Condition, Figure, Grouping, OrderTerm, Position, Row, RowsAsk, TotalsAsk, TotalsRow } from './source.js';

/** The rows that the ask wants, in its order. Rows keep all their attributes. */
export function selectRows(rows: readonly Row[], ask: RowsAsk): Row[] {
  const wanted = matching(rows, ask);
  const after = ask.after;
  const reached = after ? wanted.filter((row) => isAfter(row, ask.order, after)) : wanted;
  const inOrder = (a: Row, b: Row): number => compareRows(a, b, ask.order);
  if (ask.limit !== undefined && !ask.keys) return firstOf(reached, inOrder, ask.limit);
  const ordered = reached.sort(inOrder);
  return ask.limit === undefined || !ask.keys ? ordered : limitPerKey(ordered, ask.keys.attribute, ask.limit);
}

/** The first rows of an order, without putting the others in order. Rows that tie stay as they came. */
function firstOf(rows: readonly Row[], inOrder: (a: Row, b: Row) => number, limit: number): Row[] {
  const most = Math.max(1_000, limit * 4);
  let kept: Row[] = [];
  let last: Row | undefined;
  for (const row of rows) {
    if (last && inOrder(row, last) >= 0) continue;
    kept.push(row);
    if (kept.length < most) continue;
    kept = kept.sort(inOrder).slice(0, limit);
    last = kept.at(-1);
  }
  return kept.sort(inOrder).slice(0, limit);
}

/** The figures of each group; without groups one result, even over no rows. */
export function totalRows(rows: readonly Row[], ask: TotalsAsk): TotalsRow[] {
  const groups = new Map<string, { group: Value[]; rows: Row[] }>();
  if (ask.groupBy.length === 0) groups.set(identify([]), { group: [], rows: [] });
  for (const row of matching(rows, ask)) {
    const group = ask.groupBy.map((grouping) => groupValue(row, grouping));
    const name = identify(group);
    const found = groups.get(name);
    if (found) found.rows.push(row);
    else groups.set(name, { group, rows: [row] });
  }
  return [...groups.values()].map(({ group, rows: members }) => ({ group, figures: ask.figures.map((figure) => figureOf(members, figure)) }));
}

/** A text that is the same for equal lists of values and different for others. */
export function identify(values: readonly Value[]): string {
  // Keys are texts in most cases, and a hundred thousand of them are told apart by this.
  if (values.every((value) => typeof value === 'string')) return values.map((value) => `${value.length}:${value}`).join('');
  return JSON.stringify(values.map((value) => (typeof value === 'bigint' ? { big: value.toString() } : value)));
}

/** Whether the row keeps the condition. */
export function matches(row: Row, condition: Condition): boolean {
  if ('all' in condition) return condition.all.every((part) => matches(row, part));
  if ('any' in condition) return condition.any.some((part) => matches(row, part));
  if ('not' in condition) return !matches(row, condition.not);
  return compares(valueOf(row, condition.attribute), condition);
}

/** Order of two values of one kind, neither empty: texts by code point, false before true. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const left = typeof a === 'boolean' ? Number(a) : (a as bigint | number);
  const right = typeof b === 'boolean' ? Number(b) : (b as bigint | number);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Order of two values in one term of an order, empty values and direction included. */
export function compareInTerm(a: Value, b: Value, term: OrderTerm): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === term.nullsFirst ? -1 : 1;
  }
  return term.descending ? compareValues(b, a) : compareValues(a, b);
}

/** Order of two rows. */
export function compareRows(a: Row, b: Row, order: readonly OrderTerm[]): number {
  for (const term of order) {
    const result = compareInTerm(valueOf(a, term.attribute), valueOf(b, term.attribute), term);
    if (result !== 0) return result;
  }
  return 0;
}

/** The value of an attribute; an attribute that the row lacks is empty. */
export function valueOf(row: Row, attribute: string): Value {
  return row[attribute] ?? null;
}

function matching(rows: readonly Row[], ask: Pick<RowsAsk, 'where' | 'keys'>): Row[] {
  const { where, keys } = ask;
  const wanted = keys && new Set(keys.values);
  return rows.filter((row) => (!keys || wanted?.has(valueOf(row, keys.attribute))) && (!where || matches(row, where)));
}

function compares(actual: Value, condition: Extract<Condition, { attribute: string }>): boolean {
  const { is, value } = condition;
  if (is === 'isNull') return (actual === null) === value;
  if (actual === null) return false;
  switch (is) {
    case 'in':
      return asSet(value as readonly Value[]).has(actual);
    case 'contains':
      return (actual as string).includes(value as string);
    case 'startsWith':
      return (actual as string).startsWith(value as string);
  }
  const order = value === null ? undefined : compareValues(actual, value as Value);
  if (order === undefined) return false;
  switch (is) {
    case 'eq':
      return order === 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
  }
}

const sets = new WeakMap<readonly Value[], ReadonlySet<Value>>();

/** The values as a set, made once: a list that another book gave is long, and asked of every row. */
function asSet(values: readonly Value[]): ReadonlySet<Value> {
  const set = sets.get(values) ?? new Set(values);
  sets.set(values, set);
  return set;
}

function isAfter(row: Row, order: readonly OrderTerm[], position: Position): boolean {
  for (const [index, value] of position.values.entries()) {
    const term = order[index] as OrderTerm;
    const result = compareInTerm(valueOf(row, term.attribute), value, term);
    if (result !== 0) return result > 0;
  }
  return position.inclusive;
}

function limitPerKey(rows: readonly Row[], attribute: string, limit: number): Row[] {
  const counts = new Map<Value, number>();
  return rows.filter((row) => {
    const key = valueOf(row, attribute);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= limit;
  });
}

function groupValue(row: Row, grouping: Grouping): Value {
  const value = valueOf(row, grouping.attribute);
  return grouping.year && value !== null ? Number((value as string).slice(0, 4)) : value;
}

function figureOf(rows: readonly Row[], figure: Figure): Value {
  if (figure.function === 'count') return rows.length;
  const values = rows.map((row) => valueOf(row, figure.attribute as string)).filter((value) => value !== null);
  switch (figure.function) {
    case 'countValues':
      return values.length;
    case 'countDistinct':
      return new Set(values).size;
    case 'sum':
      return values.length === 0 ? null : values.reduce((sum: bigint, value) => sum + BigInt(value as bigint | number), 0n);
    case 'minimum':
      return values.reduce<Value>((least, value) => (least === null || compareValues(value, least) < 0 ? value : least), null);
    case 'maximum':
      return values.reduce<Value>((most, value) => (most === null || compareValues(value, most) > 0 ? value : most), null);
  }
}
