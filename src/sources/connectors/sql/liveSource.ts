/**
 * A partner's database, read live.
 *
 * What an ask says is done in the database, so far as the column's own form allows it. Whether it does is not assumed:
 * a survey reads every row once, sets aside those that break the mapping (the statements leave them out by key), and
 * finds the columns in which some row is written unlike the others (an amount kept as text, "2021/3/5" among
 * "2021/03/05"). An ask that compares, orders or adds up such a column is answered from all rows in memory instead:
 * slower, never wrong. The survey is made anew when it has grown old, or when a reading meets a row that it did not know.
 */
import type { BookMapping, SqlSourceFile } from '../../../config/sourceFile.js';
import type { EntityDefinition } from '../../../entities/definition.js';
import { MappingProblem } from '../../decode.js';
import { DriftedError, driftedError, refuseDrifted } from '../../drift.js';
import { selectRows, totalRows } from '../../evaluate.js';
import {
  type Condition,
  type Drift,
  type Row,
  type RowsAsk,
  type SetAside,
  type Source,
  SourceError,
  type StatementListener,
  type Survey,
  type TotalsAsk,
  type TotalsRow,
} from '../../source.js';
import type { Binding, Parameter } from './binding.js';
import { mappedBinding } from './mappedBinding.js';
import { type RawRow, type SqlDatabase, SqlReader } from './reader.js';
import { type Excluded, everyRowStatement } from './statement.js';
import { type BookReading, readBook, type SqlBook } from './survey.js';
import { readLayout } from './tableColumns.js';

interface LiveOptions {
  readonly file: SqlSourceFile;
  readonly definitions: ReadonlyMap<string, EntityDefinition>;
  readonly database: SqlDatabase;
  readonly clock: () => Date;
  readonly onStatement?: StatementListener | undefined;
}

interface LiveBook extends SqlBook {
  /** What can be read of it, as of the last survey. */
  drift?: Drift | undefined;
  /** The columns that it had when it lacked none. */
  whole?: readonly string[];
  /** The mapping without what rests on columns that are gone. */
  readable?: BookMapping;
  surveyed?: { readonly since: number; readonly found: Promise<Surveyed> };
}

/** What a survey found, as the statements need it. */
type Surveyed = Omit<BookReading, 'rows'>;

/** How long a survey is believed, in milliseconds. */
const SURVEY_LASTS = 300_000;
/** A partner that changes rows faster than it can be surveyed gets its page short. */
const MOST_ATTEMPTS = 3;

/** A partner's database as a source. */
export class LiveSqlSource implements Source {
  readonly id: string;
  readonly how = 'LIVE';
  readonly entities: ReadonlySet<string>;
  private readonly books = new Map<string, LiveBook>();
  private readonly reader: SqlReader;

  constructor(private readonly options: LiveOptions) {
    const { file, definitions, database } = options;
    this.id = file.id;
    this.reader = new SqlReader(file.id, database, options.onStatement);
    for (const [entity, mapping] of Object.entries(file.books)) {
      const definition = definitions.get(entity);
      if (!definition) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} declares a book of ${entity}, which the hub does not know.`);
      this.books.set(entity, { definition, mapping, source: { id: file.id, timeZone: file.timeZone }, dialect: database.dialect });
    }
    this.entities = new Set(this.books.keys());
  }

  asOf(): string {
    return this.options.clock().toISOString();
  }

  drift(entity: string): Drift | undefined {
    return this.books.get(entity)?.drift;
  }

  async rows(ask: RowsAsk, signal: AbortSignal): Promise<Row[]> {
    const book = this.bookOf(ask.entity);
    return this.unlessDrifted(book, signal, async () => {
      const touched = new Set([...attributesIn(ask.where), ...ask.order.map((term) => term.attribute), ...(ask.keys ? [ask.keys.attribute] : [])]);
      const ordered = [...orderedIn(ask.where), ...ask.order.map((term) => term.attribute)];
      for (let attempt = 1; ; attempt++) {
        const found = this.surveyOf(book, signal);
        const { binding, excluded, irregular } = await found;
        refuseDrifted(this.id, book.drift, ask);
        if (!excluded || !isTrusted(irregular, touched) || !keepsOrder(binding, ordered) || !keepsKeysTogether(binding, ask))
          return selectRows(await this.allRows(book, signal), ask);
        const reading = await this.reader.rows(binding, ask, excluded, this.asOf(), signal);
        if (reading.setAside.length === 0 || attempt === MOST_ATTEMPTS) return reading.rows;
        // The partner changed a row since the survey: the rows that it pushed out of a page are only found by asking again.
        forget(book, found);
      }
    });
  }

  async totals(ask: TotalsAsk, signal: AbortSignal): Promise<TotalsRow[]> {
    const book = this.bookOf(ask.entity);
    return this.unlessDrifted(book, signal, async () => {
      const touched = new Set([
        ...attributesIn(ask.where),
        ...ask.groupBy.map((grouping) => grouping.attribute),
        ...ask.figures.flatMap((figure) => figure.attribute ?? []),
        ...(ask.keys ? [ask.keys.attribute] : []),
      ]);
      const ordered = [
        ...orderedIn(ask.where),
        ...ask.groupBy.flatMap((grouping) => (grouping.year ? [grouping.attribute] : [])),
        ...ask.figures.flatMap((figure) => (figure.function === 'minimum' || figure.function === 'maximum' ? [figure.attribute as string] : [])),
      ];
      const summed = ask.figures.flatMap((figure) => (figure.function === 'sum' ? [figure.attribute as string] : []));
      // Several codes of the partner may mean one value: only our values can be told apart.
      const distinct = ask.figures.some((figure) => figure.function === 'countDistinct');
      for (let attempt = 1; ; attempt++) {
        const found = this.surveyOf(book, signal);
        const { binding, excluded, irregular } = await found;
        refuseDrifted(this.id, book.drift, ask);
        const trusted = excluded && !distinct && isTrusted(irregular, touched) && keepsOrder(binding, ordered) && addsUp(binding, summed);
        if (!trusted || attempt === MOST_ATTEMPTS) return totalRows(await this.allRows(book, signal), ask);
        const totals = await this.totalsUnlessChanged(binding, ask, excluded, signal);
        if (totals) return totals;
        forget(book, found);
      }
    });
  }

  async survey(signal: AbortSignal): Promise<Survey[]> {
    return this.guarded(async () => {
      const surveys: Survey[] = [];
      for (const book of this.books.values()) {
        delete book.surveyed;
        surveys.push(await this.surveyOf(book, signal).then(({ survey }) => survey, unreadable));
      }
      return surveys;
    });
  }

  async sample(entity: string, count: number, signal: AbortSignal): Promise<{ raw: RawRow; row: Row | SetAside }[]> {
    return this.guarded(async () => {
      const book = this.bookOf(entity);
      const { definition, dialect } = book;
      const binding = mappedBinding(await this.readable(book, signal));
      const attributes = [...definition.attributes.keys()];
      const raws = await this.reader.run(entity, everyRowStatement(dialect, binding, attributes, [], count), signal);
      return raws.map((raw) => {
        const result = binding.row(raw, attributes, this.asOf());
        return { raw, row: result.ok ? result.row : result.setAside };
      });
    });
  }

  async close(): Promise<void> {
    await this.options.database.close();
  }

  private bookOf(entity: string): LiveBook {
    const book = this.books.get(entity);
    if (!book) throw new Error(`${this.id} holds no book of ${entity}.`);
    return book;
  }

  /** One survey serves all asks that wait for it, until it is old; a failed one is not kept. */
  private surveyOf(book: LiveBook, signal: AbortSignal): Promise<Surveyed> {
    const now = this.options.clock().getTime();
    if (book.surveyed && now - book.surveyed.since < SURVEY_LASTS) return book.surveyed.found;
    const found = this.makeSurvey(book, signal);
    book.surveyed = { since: now, found };
    found.catch(() => forget(book, found));
    return found;
  }

  private async makeSurvey(book: LiveBook, signal: AbortSignal): Promise<Surveyed> {
    const { rows: _rows, ...surveyed } = await this.readBook(await this.readable(book, signal), signal);
    return { ...surveyed, survey: { ...surveyed.survey, drift: book.drift } };
  }

  /** Every accepted row, for asks that the database cannot answer. */
  private async allRows(book: LiveBook, signal: AbortSignal): Promise<readonly Row[]> {
    return (await this.readBook({ ...book, mapping: book.readable ?? book.mapping }, signal)).rows;
  }

  private readBook(book: SqlBook, signal: AbortSignal): Promise<BookReading> {
    return readBook(book, this.asOf(), (statement) => this.reader.run(book.definition.name, statement, signal));
  }

  /** The book without what rests on columns that are gone. Throws a DriftedError where nothing of it can be read. */
  private async readable(book: LiveBook, signal: AbortSignal): Promise<SqlBook> {
    const { mapping, drift, present } = await readLayout(book, book.whole, (statement) => this.reader.run(book.definition.name, statement, signal));
    book.drift = drift;
    book.readable = mapping;
    if (!drift) book.whole = present;
    else if (drift.unreadable) throw driftedError(this.id, drift);
    return { ...book, mapping };
  }

  /** Does the work, and once more where it failed because the partner changed its columns since the survey. */
  private async unlessDrifted<T>(book: LiveBook, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.guarded(async () => {
      const before = book.surveyed;
      try {
        return await work();
      } catch (error) {
        if (error instanceof SourceError || signal.aborted || book.surveyed !== before || !before) throw error;
        const known = book.drift;
        await this.readable(book, signal);
        if (JSON.stringify(known) === JSON.stringify(book.drift)) throw error;
        forget(book, before.found);
        return work();
      }
    });
  }

  /** Undefined where a row that a group or figure rests on has become unreadable since the survey. */
  private async totalsUnlessChanged(binding: Binding, ask: TotalsAsk, excluded: Excluded, signal: AbortSignal): Promise<TotalsRow[] | undefined> {
    try {
      return await this.reader.totals(binding, ask, excluded, signal);
    } catch (error) {
      if (error instanceof MappingProblem) return undefined;
      throw error;
    }
  }

  /** Whatever the driver throws becomes an error without its SQL. */
  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SourceError || (error instanceof Error && error.name === 'AbortError') || (error instanceof Error && error.name === 'TimeoutError'))
        throw error;
      throw new SourceError(this.id, 'REFUSED', 'The database of this source did not answer a statement.', { cause: error });
    }
  }
}

/** A book of which no row can be read has nothing to survey; the source's other books have. */
function unreadable(error: unknown): Survey {
  if (!(error instanceof DriftedError)) throw error;
  return { entity: error.drift.entity, read: 0, accepted: 0, setAside: [], drift: error.drift };
}

function forget(book: LiveBook, found: Promise<Surveyed>): void {
  if (book.surveyed?.found === found) delete book.surveyed;
}

/** Whether the database can be trusted with an ask that touches these attributes. */
function isTrusted(irregular: ReadonlySet<string>, touched: ReadonlySet<string>): boolean {
  for (const attribute of touched) if (irregular.has(attribute)) return false;
  return true;
}

/** Whether the partner's own form of all these attributes has the order (and the letters) of our values. */
function keepsOrder(binding: Binding, attributes: readonly string[]): boolean {
  return attributes.every((name) => {
    const column = binding.column(name);
    return column.constant !== undefined || column.monotone;
  });
}

/** Whether each key is one raw value, so that the database can order and count the rows of each. */
function keepsKeysTogether(binding: Binding, { keys }: RowsAsk): boolean {
  if (!keys) return true;
  const column = binding.column(keys.attribute);
  return column.constant !== undefined || keys.values.every((value) => !isSeveral(column.encode(value)));
}

function isSeveral(encoded: Parameter | Parameter[]): boolean {
  return Array.isArray(encoded) && encoded.length > 1;
}

function addsUp(binding: Binding, attributes: readonly string[]): boolean {
  return attributes.every((name) => {
    const column = binding.column(name);
    return column.constant !== undefined || column.numeric;
  });
}

/** Attributes of which a condition asks more than equality. */
function orderedIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(orderedIn);
  if ('any' in condition) return condition.any.flatMap(orderedIn);
  if ('not' in condition) return orderedIn(condition.not);
  return condition.is === 'eq' || condition.is === 'in' || condition.is === 'isNull' ? [] : [condition.attribute];
}

function attributesIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(attributesIn);
  if ('any' in condition) return condition.any.flatMap(attributesIn);
  if ('not' in condition) return attributesIn(condition.not);
  return [condition.attribute];
}
