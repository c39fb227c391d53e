/**
 * A book: all rows of one entity (or of an interface's entities) over every source that holds them, asked as if they
 * were one table. Resolvers talk to books, never to sources.
 *
 * Each ask goes to all sources concerned at once, one statement each. A source that fails costs its own rows and is
 * named in the reports. The pieces are put together by key and by order, never by position: a part's answer may come
 * shuffled, with rows missing or too many.
 */
import type { Access } from '../access/bound.js';
import type { EntityDefinition } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { compareText } from '../values/text.js';
import { askOf, sourcesIn } from './bookAsk.js';
import { driftedError, touches, withoutDrifted } from './drift.js';
import { identify, valueOf } from './evaluate.js';
import { answeredFromOutside, faultFromOutside } from './fromOutside.js';
import { mergeRows } from './mergeRows.js';
import { mergeTotals } from './mergeTotals.js';
import { type NotedRows, noteGiven, type ReadNotes } from './readNotes.js';
import type { RegisteredSource, SourceRegistry } from './registry.js';
import {
  type Answering,
  type Condition,
  type Drift,
  type Figure,
  type Grouping,
  type OrderTerm,
  type Row,
  type RowsAsk,
  SourceError,
  type TotalsAsk,
  type TotalsRow,
} from './source.js';
import { deniedReport, failureReport, mergeReports, reportOf, type SourceReport } from './sourceReport.js';
import type { AskTrace, Trace } from './trace.js';

export type { TimeBudget } from './budget.js';
export { compareInTerm, identify, matches, selectRows, valueOf } from './evaluate.js';
export { stateFromOutside } from './fromOutside.js';
export { mergeTotals } from './mergeTotals.js';
export { type BookCondition, type Crossing, isPlain, MOST_KEYS, Planner, type PlanStep, TooManyKeysError } from './plan.js';
export type { Condition, Drift, Figure, Grouping, OrderTerm, Row, TotalsRow } from './source.js';
export { SourceError } from './source.js';
export { mergeReports, type SourceReport } from './sourceReport.js';
export type { AskTrace, Trace } from './trace.js';

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
  /** Attributes that the asker rests on: rows in which the viewer does not see them are left out. */
  readonly rests?: readonly string[];
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
  readonly definition: EntityDefinition;
  readonly source: RegisteredSource;
}

interface Answer<T> {
  readonly part: Part;
  readonly value?: T;
  readonly report: SourceReport;
  /** Who is told which of its rows are given. */
  readonly noted?: NotedRows | undefined;
}

/** Called with every failure of a source. */
export type FailureListener = (error: SourceError) => void;

/** The book of one entity, or of the entities of one interface. */
export class Book {
  private readonly parts: readonly Part[];
  private trace: Trace | undefined;
  private access: Access | undefined;
  private notes: ReadNotes | undefined;

  constructor(
    definitions: readonly EntityDefinition[],
    registry: SourceRegistry,
    private readonly onFailure: FailureListener,
  ) {
    this.parts = definitions
      .flatMap((definition) =>
        registry.holding(definition).map((source) => ({ name: `${definition.name}/${source.id}`, entity: definition.name, definition, source })),
      )
      .sort((a, b) => compareText(a.name, b.name));
  }

  /**
   * The same book for one operation: it notes what it asks of each source and what becomes of it, and every ask carries the
   * rules of the viewer who asks. Without `access` it is asked by the hub itself. `notes` learn whose data it gives.
   */
  asked(trace: Trace, access?: Access, notes?: ReadNotes): Book {
    const book: Book = Object.assign(Object.create(Book.prototype), this);
    book.trace = trace;
    book.access = access;
    book.notes = notes;
    return book;
  }

  /** One page: each part gives its next rows, merged into one order. */
  async page(request: RowsRequest): Promise<Rows> {
    const parts = this.partsWithin(request.where);
    const answers = await Promise.all(parts.map((part) => this.rowsOf(part, askOf(request, part), request.rests)));
    const page = this.merged(
      answers.flatMap((answer) => answer.value ?? []),
      request,
      reportsOf(answers),
    );
    noteGiven(answers, [page.rows]);
    return page;
  }

  /** The rows of each key by its identity (see keyOf): per key one page, all of them with one statement a source. */
  async byKey(attribute: string, keys: readonly BookKey[], request: RowsRequest): Promise<ReadonlyMap<string, Rows>> {
    const answers = await Promise.all(
      this.partsFor(attribute, keys, request.where).map((asked) => {
        const ask = askOf(request, asked.part, attribute);
        // All rows of a source have the same `source`: the key chose the part, and there is nothing left to ask.
        return this.rowsOf(asked.part, attribute === 'source' ? ask : { ...ask, keys: { attribute, values: asked.values } }, request.rests);
      }),
    );
    const rowsOf = groupByKey(keys, answers, (row) => valueOf(row, attribute));
    const reportsOfKey = reportsByKey(attribute, answers);
    const pages = new Map(
      keys.map((key) => {
        const name = keyOf(key);
        return [name, this.merged(rowsOf.get(name) ?? [], request, reportsOfKey(key))];
      }),
    );
    noteGiven(
      answers,
      [...pages.values()].map(({ rows }) => rows),
    );
    return pages;
  }

  /** Exact figures by group over all parts; without figures the groups alone, of each part at most so many. */
  async total(where: Condition | undefined, groupBy: readonly Grouping[], figures: readonly Figure[], limit?: number): Promise<Totals> {
    const parts = this.partsWithin(where);
    const most = limit === undefined ? {} : { limit };
    const answers = await Promise.all(parts.map((part) => this.totalsOf(part, { entity: part.entity, where, groupBy, figures, ...most })));
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
        this.totalsOf(asked.part, {
          entity: asked.part.entity,
          where,
          groupBy: grouping,
          figures,
          ...(attribute === 'source' ? {} : { keys: { attribute, values: asked.values } }),
        }),
      ),
    );
    const rowsOf = groupByKey(keys, answers, (row) => row.group[0] ?? null);
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
    return { ...mergeRows(rows, request), reports };
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

  /** The rows of one part, as the viewer sees them. What a drifted book lacks of them fails where it is read. */
  private async rowsOf(part: Part, wanted: RowsAsk, rests: readonly string[] = []): Promise<Answer<Row[]>> {
    const view = await this.access?.of(part.definition, part.source.id);
    const noted = await this.notes?.rows(part, wanted);
    const ask = noted ? { ...wanted, attributes: [...new Set([...wanted.attributes, ...noted.beside])] } : wanted;
    if (!view || view.isOpen) return this.readRows(part, ask, (_row, shown) => shown, noted);
    const bound = view.rows({ ...ask, rests: [...ask.order.map((term) => term.attribute), ...rests] }, ask.attributes);
    return bound ? this.readRows(part, { ...ask, where: bound.where, attributes: bound.attributes }, bound.show, noted) : this.denied(part);
  }

  private async readRows(part: Part, ask: RowsAsk, show: (row: Row, shown: Row) => Row | undefined, noted?: NotedRows): Promise<Answer<Row[]>> {
    const shownOf = (rows: Row[], drift: Drift | undefined): Row[] => {
      const error = drift && touches(drift, ask.attributes) ? driftedError(part.source.id, drift) : undefined;
      if (error) this.onFailure(error);
      const seen = error && this.seen(error);
      const readable = (row: Row): Row => (drift && seen ? withoutDrifted(row, drift, seen) : row);
      return rows.flatMap((row) => {
        const shown = show(row, readable(row));
        if (shown && shown !== row) noted?.shown(row, shown);
        return shown ?? [];
      });
    };
    return { ...(await this.ask(part, 'ROWS', ask.attributes, (source, signal) => source.rows(ask, signal), shownOf)), noted };
  }

  /** The figures of one part, over the rows in which the viewer sees what they rest on. */
  private async totalsOf(part: Part, ask: TotalsAsk): Promise<Answer<TotalsRow[]>> {
    const view = await this.access?.of(part.definition, part.source.id);
    const rests = [...ask.groupBy.map(({ attribute }) => attribute), ...ask.figures.flatMap(({ attribute }) => attribute ?? [])];
    const bound = view ? view.where({ ...ask, rests }) : { condition: ask.where };
    if (!bound) return this.denied(part);
    const boundAsk = { ...ask, where: bound.condition };
    const noted = await this.notes?.totals(part, boundAsk);
    return this.ask(part, 'TOTALS', [], async (source, signal) => {
      const whose = noted?.whose;
      const [totals, companies] = await Promise.all([source.totals(boundAsk, signal), whose ? source.totals(whose, signal) : []]);
      noted?.read(totals, companies);
      return totals;
    });
  }

  /** Of a part of which the viewer can see nothing: its source is not asked. */
  private denied<T>(part: Part): Answer<T> {
    const report = deniedReport(part.source.id);
    this.trace?.reports.push(report);
    return { part, report };
  }

  /** A fault as who is answered may read it. */
  private seen(fault: SourceError): SourceError {
    return !this.trace || this.trace.seesInside(fault.source) ? fault : faultFromOutside(fault);
  }

  /**
   * Throws the SourceError of a source whose policy is to fail, and an OperationStopped.
   *
   * @param attributes those that are wanted of rows
   * @param shownOf what the asker sees of what came, under the drift of the book
   */
  private async ask<T extends readonly unknown[]>(
    part: Part,
    kind: AskTrace['ask'],
    attributes: readonly string[],
    work: (source: Answering, signal: AbortSignal) => Promise<T>,
    shownOf: (value: T, drift: Drift | undefined) => T = (value) => value,
  ): Promise<Answer<T>> {
    const sourceId = part.source.id;
    const late = this.trace?.late;
    const known = late?.get(sourceId);
    const start = performance.now();
    const note = (report: SourceReport, rows: number | null): void => {
      if (!this.trace) return;
      const { asks, reports, since } = this.trace;
      const { state } = report;
      const by = this.access ? 'VIEWER' : 'HUB';
      asks.push({ sourceId, entity: part.entity, ask: kind, by, rows, state, startedAt: start - since, milliseconds: performance.now() - start });
      reports.push(report);
    };
    try {
      const answered = await part.source.answer({ entity: part.entity, attributes }, work, known, this.trace?.budget);
      if (answered.fault && answered.fault !== known) {
        this.onFailure(answered.fault);
        if (answered.fault.reason === 'TIMED_OUT') late?.set(sourceId, answered.fault);
      }
      const seesInside = this.trace?.seesInside(sourceId) ?? true;
      const report = reportOf(sourceId, seesInside ? answered : answeredFromOutside(answered));
      // A copy is whole, whatever has become of the book since.
      const value = shownOf(answered.value, answered.fault ? undefined : answered.drift);
      note(report, value.length);
      return { part, value, report };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (error !== known) this.onFailure(error);
      if (error.reason === 'TIMED_OUT') late?.set(sourceId, error);
      const fault = this.seen(error);
      const report = failureReport(sourceId, fault);
      note(report, null);
      if (part.source.policy === 'fail') throw fault;
      return { part, report };
    }
  }
}

/** The identity of a key, as the maps of byKey and totalByKey hold it. */
export function keyOf(key: BookKey): string {
  return identify(key.source === undefined ? [key.value] : [key.source, key.value]);
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

/** Rows by the identities of the keys that they answer: with their source, without, or both, as the keys are. */
function groupByKey<T>(keys: readonly BookKey[], answers: readonly Answer<readonly T[]>[], keyValue: (row: T) => Value): ReadonlyMap<string, T[]> {
  const [named, unnamed] = [keys.some(({ source }) => source !== undefined), keys.some(({ source }) => source === undefined)];
  const groups = new Map<string, T[]>();
  const add = (name: string, row: T): void => {
    const found = groups.get(name);
    if (found) found.push(row);
    else groups.set(name, [row]);
  };
  for (const { value: rows, part } of answers) {
    for (const row of rows ?? []) {
      const value = keyValue(row);
      if (unnamed) add(keyOf({ value }), row);
      if (named) add(keyOf({ value, source: part.source.id }), row);
    }
  }
  return groups;
}

function nothing(figures: readonly Figure[]): TotalsRow {
  return { group: [], figures: figures.map((figure) => (figure.function.startsWith('count') ? 0 : null)) };
}
