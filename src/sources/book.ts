/**
 * A book: all rows of one entity (or of an interface's entities) over every source that holds them, asked as if they
 * were one table. Resolvers talk to books, never to sources.
 *
 * Each ask goes to all sources concerned at once, one statement each. A source that fails costs its own rows and is
 * named in the reports. The pieces are put together by key and by order, never by position: a part's answer may come
 * shuffled, with rows missing or too many.
 */
import type { EntityDefinition } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { compareText } from '../values/text.js';
import type { TimeBudget } from './budget.js';
import { driftedError, touches, withoutDrifted } from './drift.js';
import { compareRows, identify, valueOf } from './evaluate.js';
import { mergeTotals } from './mergeTotals.js';
import type { RegisteredSource, SourceRegistry } from './registry.js';
import {
  type Answering,
  type Condition,
  type Drift,
  type Figure,
  type Grouping,
  type OrderTerm,
  type Position,
  type Row,
  type RowsAsk,
  SourceError,
  type TotalsRow,
} from './source.js';
import { failureReport, mergeReports, reportOf, type SourceReport } from './sourceReport.js';

export type { TimeBudget } from './budget.js';
export { compareInTerm, identify, matches, selectRows, valueOf } from './evaluate.js';
export { mergeTotals } from './mergeTotals.js';
export { type BookCondition, type Crossing, isPlain, MOST_KEYS, Planner, type PlanStep, TooManyKeysError } from './plan.js';
export type { Condition, Drift, Figure, Grouping, OrderTerm, Row, TotalsRow } from './source.js';
export { SourceError } from './source.js';
export { mergeReports, type SourceReport } from './sourceReport.js';

/** A key that rows are asked by; with a source, only rows of that source answer it. */
export interface BookKey {
  readonly value: Value;
  readonly source?: string | undefined;
}

/** A row's place in a book's order. */
export interface BookPosition {
  readonly values: readonly Value[];
  readonly part: string;
  readonly key: string;
}

/** Which rows of a book, in which order, from where. */
export interface RowsRequest {
  readonly where?: Condition | undefined;
  readonly order: readonly OrderTerm[];
  readonly after?: BookPosition | undefined;
  /** Most rows (of each key, where keys are asked); all of them unless told. */
  readonly limit?: number;
  /** Walk the order from its end: the last rows before `after`. They are still given in the order itself. */
  readonly backwards?: boolean;
  /** Attributes wanted of each entity of the book. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Rows with what became of the sources. */
export interface Rows {
  readonly rows: readonly Row[];
  /** There are more beyond the limit. */
  readonly more: boolean;
  readonly reports: readonly SourceReport[];
}

/** Totals with what became of the sources. */
export interface Totals {
  readonly rows: readonly TotalsRow[];
  readonly reports: readonly SourceReport[];
}

/** One entity in one source. */
interface Part {
  readonly name: string;
  readonly entity: string;
  readonly source: RegisteredSource;
}

interface Answer<T> {
  readonly part: Part;
  readonly value?: T;
  readonly report: SourceReport;
  /** Where its rows lack attributes. */
  readonly drift?: Drift | undefined;
}

/** One ask that a source received, as explain shows it. */
export interface AskTrace {
  readonly sourceId: string;
  readonly entity: string;
  readonly ask: 'ROWS' | 'TOTALS';
  /** Rows (or groups) that came; null where the source failed. */
  readonly rows: number | null;
  readonly state: SourceReport['state'];
  /** When it was asked, in milliseconds from the beginning of the operation. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** Called with every failure of a source. */
export type FailureListener = (error: SourceError) => void;

/** What an operation asked of its sources, and what became of each, ask by ask. */
export interface Trace {
  /** The beginning of the operation, on the clock of `performance`. */
  readonly since: number;
  readonly asks: AskTrace[];
  readonly reports: SourceReport[];
  /** Sources that were waited for in vain, by id: an operation waits for a source that hangs once, not once for each of its steps. */
  readonly late: Map<string, SourceError>;
  /** The operation's time. */
  readonly budget?: TimeBudget | undefined;
}

/** The book of one entity, or of the entities of one interface. */
export class Book {
  private readonly parts: readonly Part[];
  private trace: Trace | undefined;

  constructor(
    definitions: readonly EntityDefinition[],
    registry: SourceRegistry,
    private readonly onFailure: FailureListener,
  ) {
    this.parts = definitions
      .flatMap((definition) => registry.holding(definition).map((source) => ({ name: `${definition.name}/${source.id}`, entity: definition.name, source })))
      .sort((a, b) => compareText(a.name, b.name));
  }

  /** The same book, which notes what it asks of each source and what becomes of it. */
  traced(trace: Trace): Book {
    const book: Book = Object.assign(Object.create(Book.prototype), this);
    book.trace = trace;
    return book;
  }

  /** One page: each part gives its next rows, merged into one order. */
  async page(request: RowsRequest): Promise<Rows> {
    const parts = this.partsWithin(request.where);
    const answers = await Promise.all(parts.map((part) => this.rowsOf(part, askOf(request, part))));
    return this.merged(
      answers.flatMap((answer) => answer.value ?? []),
      request,
      reportsOf(answers),
    );
  }

  /** The rows of each key by its identity (see keyOf): per key one page, all of them with one statement a source. */
  async byKey(attribute: string, keys: readonly BookKey[], request: RowsRequest): Promise<ReadonlyMap<string, Rows>> {
    const answers = await Promise.all(
      this.partsFor(attribute, keys, request.where).map((asked) => {
        const ask = askOf(request, asked.part, attribute);
        // All rows of a source have the same `source`: the key chose the part, and there is nothing left to ask.
        return this.rowsOf(asked.part, attribute === 'source' ? ask : { ...ask, keys: { attribute, values: asked.values } });
      }),
    );
    const rowsOf = groupByKey(answers, (row) => valueOf(row, attribute));
    const reportsOfKey = reportsByKey(attribute, answers);
    return new Map(keys.map((key) => [keyOf(key), this.merged(rowsOf.get(keyOf(key)) ?? [], request, reportsOfKey(key))]));
  }

  /** Exact figures by group over all parts; without figures the groups alone, of each part at most so many. */
  async total(where: Condition | undefined, groupBy: readonly Grouping[], figures: readonly Figure[], limit?: number): Promise<Totals> {
    const parts = this.partsWithin(where);
    const most = limit === undefined ? {} : { limit };
    const answers = await Promise.all(
      parts.map((part) => this.ask(part, 'TOTALS', [], (source, signal) => source.totals({ entity: part.entity, where, groupBy, figures, ...most }, signal))),
    );
    const rows = mergeTotals(
      answers.flatMap((answer) => answer.value ?? []),
      figures,
    );
    return { rows: rows.length === 0 && groupBy.length === 0 ? [nothing(figures)] : rows, reports: reportsOf(answers) };
  }

  /** Exact figures by group for each key, by its identity; the groups come without the key itself. */
  async totalByKey(
    attribute: string,
    keys: readonly BookKey[],
    where: Condition | undefined,
    groupBy: readonly Grouping[],
    figures: readonly Figure[],
  ): Promise<ReadonlyMap<string, Totals>> {
    const grouping = [{ attribute, year: false }, ...groupBy];
    const answers = await Promise.all(
      this.partsFor(attribute, keys, where).map((asked) =>
        this.ask(asked.part, 'TOTALS', [], (source, signal) =>
          source.totals(
            { entity: asked.part.entity, where, groupBy: grouping, figures, ...(attribute === 'source' ? {} : { keys: { attribute, values: asked.values } }) },
            signal,
          ),
        ),
      ),
    );
    const rowsOf = groupByKey(answers, (row) => row.group[0] ?? null);
    const reportsOfKey = reportsByKey(attribute, answers);
    return new Map(
      keys.map((key) => {
        const own = (rowsOf.get(keyOf(key)) ?? []).map((row) => ({ group: row.group.slice(1), figures: row.figures }));
        const rows = mergeTotals(own, figures);
        return [keyOf(key), { rows: rows.length === 0 && groupBy.length === 0 ? [nothing(figures)] : rows, reports: reportsOfKey(key) }];
      }),
    );
  }

  /** Where a row stands in an order. */
  positionOf(row: Row, order: readonly OrderTerm[]): BookPosition {
    return { values: order.map((term) => valueOf(row, term.attribute)), part: `${row.entity}/${row.source}`, key: row.key };
  }

  private merged(rows: readonly Row[], request: RowsRequest, reports: readonly SourceReport[]): Rows {
    const unique = new Map<string, Row>();
    for (const row of rows) unique.set(identify([row.entity, row.source, row.key]), row);
    const ordered = [...unique.values()].sort((a, b) => compareRows(a, b, request.order) || compareIdentity(a, b, keysDescend(request.order)));
    const { limit } = request;
    if (limit === undefined || ordered.length <= limit) return { rows: ordered, more: false, reports };
    return { rows: request.backwards ? ordered.slice(ordered.length - limit) : ordered.slice(0, limit), more: true, reports };
  }

  private partsWithin(where: Condition | undefined): readonly Part[] {
    const sources = sourcesIn(where);
    return sources ? this.parts.filter((part) => sources.has(part.source.id)) : this.parts;
  }

  private partsFor(attribute: string, keys: readonly BookKey[], where: Condition | undefined): { part: Part; values: Value[] }[] {
    return this.partsWithin(where).flatMap((part) => {
      const fitting = keys.filter((key) => (attribute === 'source' ? key.value === part.source.id : key.source === undefined || key.source === part.source.id));
      const values = [...new Set(fitting.map((key) => key.value))];
      return values.length === 0 ? [] : [{ part, values }];
    });
  }

  /** The rows of one part. What a drifted book lacks of them fails where it is read. */
  private async rowsOf(part: Part, ask: RowsAsk): Promise<Answer<Row[]>> {
    const answer = await this.ask(part, 'ROWS', ask.attributes, (source, signal) => source.rows(ask, signal));
    const { value, drift } = answer;
    if (!value || !drift || !touches(drift, ask.attributes)) return answer;
    const error = driftedError(part.source.id, drift);
    this.onFailure(error);
    return { ...answer, value: value.map((row) => withoutDrifted(row, drift, error)) };
  }

  /** @param attributes those that are wanted of rows. Throws the SourceError of a source whose policy is to fail, and an OperationStopped. */
  private async ask<T extends readonly unknown[]>(
    part: Part,
    kind: AskTrace['ask'],
    attributes: readonly string[],
    work: (source: Answering, signal: AbortSignal) => Promise<T>,
  ): Promise<Answer<T>> {
    const sourceId = part.source.id;
    const late = this.trace?.late;
    const known = late?.get(sourceId);
    const start = performance.now();
    const note = (report: SourceReport, rows: number | null): void => {
      if (!this.trace) return;
      const { asks, reports, since } = this.trace;
      const { state } = report;
      asks.push({ sourceId, entity: part.entity, ask: kind, rows, state, startedAt: start - since, milliseconds: performance.now() - start });
      reports.push(report);
    };
    try {
      const answered = await part.source.answer({ entity: part.entity, attributes }, work, known, this.trace?.budget);
      if (answered.fault && answered.fault !== known) {
        this.onFailure(answered.fault);
        if (answered.fault.reason === 'TIMED_OUT') late?.set(sourceId, answered.fault);
      }
      const report = reportOf(sourceId, answered);
      note(report, answered.value.length);
      // A copy is whole, whatever has become of the book since.
      return { part, value: answered.value, report, drift: answered.fault ? undefined : answered.drift };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (error !== known) this.onFailure(error);
      if (error.reason === 'TIMED_OUT') late?.set(sourceId, error);
      const report = failureReport(sourceId, error);
      note(report, null);
      if (part.source.policy === 'fail') throw error;
      return { part, report };
    }
  }
}

/** The identity of a key, as the maps of byKey and totalByKey hold it. */
export function keyOf(key: BookKey): string {
  return identify(key.source === undefined ? [key.value] : [key.source, key.value]);
}

/** The same order from its other end. */
function reversed(order: readonly OrderTerm[]): OrderTerm[] {
  return order.map((term) => ({ attribute: term.attribute, descending: !term.descending, nullsFirst: !term.nullsFirst }));
}

/** @param by the attribute that rows are matched by: read whether it was asked for or not */
function askOf(request: RowsRequest, part: Part, by?: string) {
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
function positionIn(part: Part, after: BookPosition, backwards: boolean): Position {
  if (part.name === after.part) return { values: [...after.values, after.key], inclusive: false };
  const isLater = compareText(part.name, after.part) > 0 !== backwards;
  return { values: after.values, inclusive: isLater };
}

function compareIdentity(a: Row, b: Row, keysDescend: boolean): number {
  return compareText(a.entity, b.entity) || compareText(a.source, b.source) || (keysDescend ? compareText(b.key, a.key) : compareText(a.key, b.key));
}

/** Keys of rows that tie go the way of the last term: an index of the term and the key is walked in one direction. */
function keysDescend(order: readonly OrderTerm[]): boolean {
  return order.at(-1)?.descending ?? false;
}

/** The only sources whose rows can keep the condition, where it says so. */
function sourcesIn(where: Condition | undefined): ReadonlySet<string> | undefined {
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

function reportsOf(answers: readonly Answer<unknown>[]): SourceReport[] {
  return mergeReports(answers.map((answer) => answer.report));
}

/** The reports of the sources that may hold rows of a key; found once for all keys of the same sources. */
function reportsByKey(attribute: string, answers: readonly Answer<unknown>[]): (key: BookKey) => readonly SourceReport[] {
  const known = new Map<unknown, readonly SourceReport[]>();
  return (key) => {
    const source = attribute === 'source' ? key.value : key.source;
    const reports = known.get(source) ?? reportsOf(source === undefined ? answers : answers.filter((answer) => answer.part.source.id === source));
    known.set(source, reports);
    return reports;
  };
}

/** Rows by the identities of the keys that they answer: with their source and without. */
function groupByKey<T>(answers: readonly Answer<readonly T[]>[], keyValue: (row: T) => Value): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const { value: rows, part } of answers) {
    for (const row of rows ?? []) {
      const value = keyValue(row);
      for (const name of [keyOf({ value }), keyOf({ value, source: part.source.id })]) {
        const found = groups.get(name);
        if (found) found.push(row);
        else groups.set(name, [row]);
      }
    }
  }
  return groups;
}

function nothing(figures: readonly Figure[]): TotalsRow {
  return { group: [], figures: figures.map((figure) => (figure.function.startsWith('count') ? 0 : null)) };
}
