/**
 * A book whose columns are not as its mapping expects. What can still be read is read: the mapping is reduced to the
 * columns that are there, rows lack the attributes that rest on the missing ones, and an ask that compares, orders or
 * adds up such an attribute is refused, for to the database an attribute without a column looks like one without values.
 */
import type { BookMapping, ColumnMapping } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import { keyAttributeOf } from './mapping.js';
import { type Condition, type Drift, type Row, type RowsAsk, SourceError, type TotalsAsk } from './source.js';

/** An ask, or an attribute of a row, rests on a column that the partner's book has no more. */
export class DriftedError extends SourceError {
  constructor(
    source: string,
    readonly drift: Drift,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(source, 'DRIFTED', message, options);
    this.name = 'DriftedError';
  }
}

/** A book as far as it can be read. */
export interface Layout {
  /** The mapping without what rests on missing columns. */
  readonly mapping: BookMapping;
  readonly drift: Drift | undefined;
}

/** What is known of a book's columns. */
export interface Columns {
  /** The columns that are there, by the names that a mapping uses: `fkje`, `k.tyxydm`, `borrower.creditCode`. */
  readonly present: readonly string[];
  /** Those that were there when the book was last whole, where it was seen whole. */
  readonly before?: readonly string[] | undefined;
  /** Whether a column that the mapping names is missing; one that is not present unless told. */
  readonly lacks?: (column: string, attribute: string | undefined) => boolean;
}

const MOST_NAMED = 20;

/** What of a mapping can be read where these columns are there. */
export function layoutOf(definition: EntityDefinition, mapping: BookMapping, columns: Columns): Layout {
  const present = new Set(columns.present);
  const lacks = columns.lacks ?? ((column: string) => !present.has(column));
  const missing = new Set<string>();
  const isLacking = (names: readonly string[], attribute?: string): boolean => {
    const lacking = names.filter((name) => lacks(name, attribute));
    for (const name of lacking) missing.add(name);
    return lacking.length > 0;
  };

  // A join whose own columns are gone joins nothing: what is read of it is missing too.
  const broken = new Set<string>();
  for (const join of mapping.joins ?? []) {
    const own = Object.keys(join.on).map((column) => `${join.as}.${column}`);
    if (isLacking([...own, ...Object.values(join.on)])) broken.add(join.as);
  }
  const isUnread = (column: string): boolean => broken.has(column.split('.', 1)[0] as string);
  const attributes = Object.entries(mapping.columns)
    .filter(([name, column]) => {
      const names = columnsOf(column);
      const lacking = isLacking(names, name);
      return lacking || names.some(isUnread);
    })
    .map(([name]) => name);
  const filters = (mapping.where ?? []).map((filter) => filter.column);
  const isFilterLacking = isLacking(filters) || filters.some(isUnread);
  if (missing.size === 0) return { mapping, drift: undefined };

  const unreadable = isFilterLacking || attributes.includes(keyAttributeOf(definition).name);
  const named = new Set(namedColumns(mapping));
  const before = new Set(columns.before);
  const drift: Drift = {
    entity: definition.name,
    missing: [...missing],
    added: columns.present.filter((column) => !named.has(column) && !before.has(column)),
    attributes: unreadable ? [...definition.attributes.keys()] : attributes,
    unreadable,
  };
  return {
    mapping: {
      ...mapping,
      joins: mapping.joins?.filter((join) => !broken.has(join.as)),
      columns: Object.fromEntries(Object.entries(mapping.columns).filter(([name]) => !attributes.includes(name))),
    },
    drift,
  };
}

/**
 * Whether a column is missing in rows that may leave out what is empty: of an attribute that may be empty, or a filter, only
 * if it was there before.
 */
export function lacksOfSparse(definition: EntityDefinition, has: (column: string) => boolean, before: readonly string[] = []): NonNullable<Columns['lacks']> {
  const known = new Set(before);
  return (column, name) => {
    if (has(column)) return false;
    const key = keyAttributeOf(definition);
    const attribute = name === key.name ? key : definition.attributes.get(name ?? '');
    return known.has(column) || (attribute !== undefined && !attribute.nullable);
  };
}

/** Every column that a mapping reads, filters or joins by. */
export function namedColumns(mapping: BookMapping): string[] {
  const mapped = Object.values(mapping.columns).flatMap(columnsOf);
  const filtered = (mapping.where ?? []).map((filter) => filter.column);
  const joined = (mapping.joins ?? []).flatMap((join) => [...Object.keys(join.on).map((column) => `${join.as}.${column}`), ...Object.values(join.on)]);
  return [...new Set([...mapped, ...filtered, ...joined])];
}

/** What changed, for people: "Loan: fkje is missing, so that amount cannot be read. New: fkje_yuan." */
export function describeDrift(drift: Drift): string {
  const { entity, missing, added, attributes, unreadable, columns } = drift;
  const cost = unreadable ? 'no row can be read' : `${listed(attributes)} cannot be read`;
  if (columns === 'HIDDEN') return `${entity}: ${cost}.`;
  const fresh = added.length === 0 ? '' : ` New: ${listed(added)}.`;
  return `${entity}: ${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} missing, so that ${cost}.${fresh}`;
}

/** The error of an ask, or of a field, that rests on what is missing. */
export function driftedError(source: string, drift: Drift, options?: { cause?: unknown }): DriftedError {
  return new DriftedError(source, drift, `The columns of ${source} changed. ${describeDrift(drift)}`, options);
}

/** Throws a DriftedError where an ask cannot be answered without a missing column. What it merely selects is no reason. */
export function refuseDrifted(source: string, drift: Drift | undefined, ask: RowsAsk | TotalsAsk): void {
  if (drift && (drift.unreadable || touches(drift, attributesIn(ask)))) throw driftedError(source, drift);
}

/** Whether any of these attributes cannot be read. */
export function touches(drift: Drift | undefined, attributes: Iterable<string>): boolean {
  if (!drift) return false;
  for (const attribute of attributes) if (drift.attributes.includes(attribute)) return true;
  return false;
}

/** The row, on which reading an attribute that is missing throws: the field that reads it fails, and no other. */
export function withoutDrifted(row: Row, drift: Drift, error: SourceError): Row {
  const marked = { ...row };
  for (const name of drift.attributes) {
    Object.defineProperty(marked, name, {
      get: () => {
        throw error;
      },
      enumerable: false,
      configurable: true,
    });
  }
  return marked;
}

/** The attributes that an ask compares, orders, groups or adds up by. */
export function attributesIn(ask: RowsAsk | TotalsAsk): string[] {
  const keys = ask.keys ? [ask.keys.attribute] : [];
  const own =
    'order' in ask
      ? ask.order.map((term) => term.attribute)
      : [...ask.groupBy.map((grouping) => grouping.attribute), ...ask.figures.flatMap((figure) => figure.attribute ?? [])];
  return [...keys, ...own, ...(ask.where ? comparedIn(ask.where) : [])];
}

function comparedIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(comparedIn);
  if ('any' in condition) return condition.any.flatMap(comparedIn);
  if ('not' in condition) return comparedIn(condition.not);
  return [condition.attribute];
}

function columnsOf(column: ColumnMapping): readonly string[] {
  return column.columns ?? (column.column === undefined ? [] : [column.column]);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  return shown.join(', ') + (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '');
}
