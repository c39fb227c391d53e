/**
 * A partner's database, read live.
 *
 * What an ask says is done in the database, so far as the column's own form allows it. Whether it does is not assumed:
 * a survey reads every row once, sets aside those that break the mapping (the statements leave them out by key), and
 * finds the columns in which some row is written unlike the others (an amount kept as text, "2021/3/5" among
 * "2021/03/05"). An ask that compares, orders or adds up such a column is answered from all rows in memory instead:
 * slower, never wrong.
 *
 * A survey of a large book takes longer than an ask may. It belongs to no ask: it is made once for all that wait, in pieces
 * (see chunks.ts), each a statement of its own with the source's deadline, and it goes on when an ask has given up, so that
 * a later one finds it done. Until the first is done, a page is answered with what the survey knows so far, and says so: each
 * of its rows is checked as it comes, but a row that is written unlike those that were read may be missing from it, and of
 * two rows with one key both may be in it. Totals wait, for they show no row that could be checked. After that no ask waits for another survey longer than a moment: when it has grown old, the next is made beside
 * the asks, which believe the old one meanwhile; and the larger the book, the longer a survey is believed, so that reading
 * the whole of it is a hundredth of the partner's time at most. Where a reading meets a row that breaks the mapping and
 * was not known, it is left out by its key at once, the page is asked again, and a new survey is begun.
 */
import type { SqlSourceFile } from '../../../config/sourceFile.js';
import type { EntityDefinition } from '../../../entities/definition.js';
import { sharedController, unlessAborted, withDeadline, within } from '../../abort.js';
import { MappingProblem } from '../../decode.js';
import { DriftedError, driftedError, refuseDrifted } from '../../drift.js';
import { selectRows } from '../../evaluate.js';
import {
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
import type { Binding } from './binding.js';
import { TotalsOfPieces } from './foldTotals.js';
import { mappedBinding } from './mappedBinding.js';
import { type RawRow, type SqlDatabase, SqlReader } from './reader.js';
import { type Excluded, everyRowStatement } from './statement.js';
import { alsoExcluded, type ReadableBook, type Reading, readBook, type SqlBook, type Surveyed } from './survey.js';
import { lookAtTables } from './tableColumns.js';
import { addsUp, attributesIn, isTrusted, keepsKeysTogether, keepsOrder, orderedIn } from './trust.js';

interface LiveOptions {
  readonly file: SqlSourceFile;
  readonly definitions: ReadonlyMap<string, EntityDefinition>;
  readonly database: SqlDatabase;
  readonly clock: () => Date;
  readonly onStatement?: StatementListener | undefined;
  /** Rows that a survey reads with one statement; 5,000 unless told. */
  readonly piece?: number;
  /** How long a page waits for the first survey of its book before it takes what is known so far, in milliseconds. */
  readonly patience?: number;
}

interface LiveBook extends SqlBook {
  /** The last survey that was finished; it is old from this instant on. */
  last?: { readonly surveyed: Surveyed; readonly until: number };
  /** The survey that is under way, */
  running?: Promise<Surveyed>;
  /** what it knows so far, */
  soFar?: Surveyed;
  /** and when it first knows something. */
  begun?: Promise<unknown>;
  /** When it was begun, by the machine's own steady clock. */
  begunAt?: number;
  /** Where its columns were not as the mapping expects when its tables were last looked at. */
  drift?: Drift | undefined;
  /** The columns that it had when it lacked none. */
  whole?: readonly string[];
}

/** How long a survey is believed, in milliseconds. */
const SURVEY_LASTS = 300_000;
/** A survey is believed so many times as long as it took. */
const TIMES_ITS_LENGTH = 100;
/** How long an ask that has an old survey waits for a new one, and a page for the first, in milliseconds. */
const PATIENCE = 500;
/** How much of its deadline an ask waits for the first survey, where it cannot do without: it is told why in good time. */
const SHARE_OF_DEADLINE = 0.8;
/** A partner that changes rows faster than it can be surveyed gets its page short. */
const MOST_ATTEMPTS = 3;

/** A partner's database as a source. */
export class LiveSqlSource implements Source {
  readonly id: string;
  readonly how = 'LIVE';
  readonly entities: ReadonlySet<string>;
  private readonly books = new Map<string, LiveBook>();
  private readonly reader: SqlReader;
  private readonly closing = sharedController();

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

  note(entity: string): string | undefined {
    const book = this.books.get(entity);
    return book && !book.last ? firstReading(this.id, book) : undefined;
  }

  drift(entity: string): Drift | undefined {
    return this.books.get(entity)?.drift;
  }

  async rows(ask: RowsAsk, signal: AbortSignal): Promise<Row[]> {
    const book = this.bookOf(ask.entity);
    return this.unlessDrifted(book, signal, async () => {
      const touched = new Set([...attributesIn(ask.where), ...ask.order.map((term) => term.attribute), ...(ask.keys ? [ask.keys.attribute] : [])]);
      const ordered = [...orderedIn(ask.where), ...ask.order.map((term) => term.attribute)];
      const goesOn = ({ binding, excluded, irregular }: Surveyed): boolean =>
        excluded !== undefined && isTrusted(irregular, touched) && keepsOrder(binding, ordered) && keepsKeysTogether(binding, ask);
      let surveyed = ask.limit === undefined ? await this.surveyOf(book, signal) : await this.knownOf(book, signal);
      // What is to be answered from all rows is answered from all of them.
      if (!goesOn(surveyed)) surveyed = await this.surveyOf(book, signal);
      for (let attempt = 1; ; attempt++) {
        refuseDrifted(this.id, surveyed.book.drift, ask);
        const { binding, excluded } = surveyed;
        if (!excluded || !goesOn(surveyed)) return this.rowsInMemory(surveyed, ask, signal);
        const reading = await this.reader.rows(binding, ask, excluded, this.asOf(), signal);
        if (reading.setAside.length === 0 || attempt === MOST_ATTEMPTS) return reading.rows;
        // A row that no survey knew of: the rows that it pushed out of a page are only found by asking again.
        surveyed = { ...surveyed, excluded: alsoExcluded(book, surveyed, reading.setAside) };
        if (!book.last) continue;
        this.doubt(book, surveyed);
        surveyed = await this.surveyOf(book, signal);
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
      // Several codes of the partner may mean one value, and a list of keys may have to be cut: distinct counts cannot be put together.
      const distinct = ask.figures.flatMap((figure) => (figure.function === 'countDistinct' ? [figure.attribute as string] : []));
      const grouped = distinct.length === 0 ? [] : ask.groupBy.map((grouping) => grouping.attribute);
      for (let attempt = 1; ; attempt++) {
        const surveyed = await this.surveyOf(book, signal);
        const { binding, excluded, irregular } = surveyed;
        refuseDrifted(this.id, surveyed.book.drift, ask);
        const countsHere = [...distinct, ...grouped].every((name) => binding.column(name).singular) && !(ask.keys && distinct.length > 0);
        const addsUpHere = keepsOrder(binding, ordered) && addsUp(binding, summed) && countsHere;
        if (!excluded || !isTrusted(irregular, touched) || !addsUpHere || attempt === MOST_ATTEMPTS) return this.totalsInMemory(surveyed, ask, signal);
        const totals = await this.totalsUnlessChanged(binding, ask, excluded, signal);
        if (totals) return totals;
        this.doubt(book, surveyed);
      }
    });
  }

  async survey(signal: AbortSignal): Promise<Survey[]> {
    return this.guarded(async () => {
      const surveys: Survey[] = [];
      for (const book of this.books.values()) {
        signal.throwIfAborted();
        surveys.push(await unlessAborted(this.beginSurvey(book), signal).then(({ survey }) => survey, unreadable));
      }
      return surveys;
    });
  }

  async sample(entity: string, count: number, signal: AbortSignal): Promise<{ raw: RawRow; row: Row | SetAside }[]> {
    return this.guarded(async () => {
      const book = this.bookOf(entity);
      const readable = await this.readable(book, signal);
      const binding = mappedBinding(readable);
      const attributes = [...book.definition.attributes.keys()];
      const raws = await this.reader.run(entity, everyRowStatement(book.dialect, binding, attributes, [], { limit: count }), signal);
      return raws.map((raw) => {
        const result = binding.row(raw, attributes, this.asOf());
        return { raw, row: result.ok ? result.row : result.setAside };
      });
    });
  }

  async close(): Promise<void> {
    this.closing.abort(new SourceError(this.id, 'UNREACHABLE', `${this.id} is closed.`));
    await Promise.allSettled([...this.books.values()].map((book) => book.running));
    await this.options.database.close();
  }

  private bookOf(entity: string): LiveBook {
    const book = this.books.get(entity);
    if (!book) throw new Error(`${this.id} holds no book of ${entity}.`);
    return book;
  }

  /** The last survey while it is not old; else a new one, or the old one where the new one takes its time. */
  private async surveyOf(book: LiveBook, signal: AbortSignal): Promise<Surveyed> {
    signal.throwIfAborted();
    const { last } = book;
    if (last && this.options.clock().getTime() < last.until) return last.surveyed;
    const running = this.beginSurvey(book);
    if (!last) {
      const wait = this.options.file.deadline * SHARE_OF_DEADLINE;
      const done = within(wait, running, () => {
        // A database that has given nothing yet is not slow to be read, but hangs.
        if (!book.soFar) return running;
        throw new SourceError(this.id, 'UNREAD', `${firstReading(this.id, book)} Totals and searches wait for that: ask again in a while.`);
      });
      return unlessAborted(done, signal);
    }
    // Why the survey fails, the ask itself will find.
    return within(
      PATIENCE,
      running.catch(() => last.surveyed),
      () => last.surveyed,
    );
  }

  /** The last survey as `surveyOf` gives it; before the first is done, and where that takes its time, what it knows so far. */
  private async knownOf(book: LiveBook, signal: AbortSignal): Promise<Surveyed> {
    if (book.last) return this.surveyOf(book, signal);
    signal.throwIfAborted();
    const running = this.beginSurvey(book);
    const { patience = PATIENCE } = this.options;
    const isDone = await unlessAborted(
      within(
        // Who comes later has no more patience than who came first.
        Math.max(0, patience - (performance.now() - (book.begunAt ?? 0))),
        running.then(() => true),
        () => false,
      ),
      signal,
    );
    if (isDone) return running;
    // Until its first piece is read it knows nothing.
    await unlessAborted(Promise.race([running, book.begun]), signal);
    return book.soFar ?? running;
  }

  /** The survey that is under way, or a new one. It serves all asks that wait for it; a failed one is not kept. */
  private beginSurvey(book: LiveBook): Promise<Surveyed> {
    if (book.running) return book.running;
    const begun = this.options.clock().getTime();
    book.begunAt = performance.now();
    let knowsMore: (surveyed: Surveyed) => void = () => undefined;
    book.begun = new Promise<void>((resolve) => {
      knowsMore = (surveyed) => {
        book.soFar = surveyed;
        resolve();
      };
    });
    const running = this.readable(book, this.closing.signal)
      .then((readable) => this.readBook(readable, this.closing.signal, undefined, knowsMore))
      .then(
        (surveyed) => {
          const ended = this.options.clock().getTime();
          book.last = { surveyed, until: begun + Math.max(SURVEY_LASTS, (ended - begun) * TIMES_ITS_LENGTH) };
          delete book.running;
          delete book.soFar;
          return surveyed;
        },
        (error: unknown) => {
          delete book.running;
          delete book.soFar;
          throw error;
        },
      );
    // An ask that gave up does not hear of its end.
    running.catch(() => undefined);
    book.running = running;
    return running;
  }

  /** Takes note that a survey has been overtaken: it is believed, as it is now known, only until a new one is there. */
  private doubt(book: LiveBook, surveyed: Surveyed): void {
    book.last = { surveyed, until: Number.NEGATIVE_INFINITY };
  }

  /** The rows of an ask that the database cannot answer, from all rows. */
  private async rowsInMemory({ book, shared }: Surveyed, ask: RowsAsk, signal: AbortSignal): Promise<Row[]> {
    let kept: Row[] = [];
    await this.readBook(book, signal, (rows) => {
      // What a piece gives up, no later one wants back.
      kept = selectRows([...kept, ...rows.filter((row) => !shared.has(row.key))], ask);
    });
    return kept;
  }

  private async totalsInMemory({ book, shared }: Surveyed, ask: TotalsAsk, signal: AbortSignal): Promise<TotalsRow[]> {
    const totals = new TotalsOfPieces(ask);
    await this.readBook(book, signal, (rows) => totals.take(rows.filter((row) => !shared.has(row.key))));
    return totals.result();
  }

  private readBook(book: ReadableBook, signal: AbortSignal, rows?: Reading['rows'], progress?: Reading['progress']): Promise<Surveyed> {
    const { piece } = this.options;
    return readBook(book, {
      asOf: this.asOf(),
      read: this.readerOf(book, signal),
      ...(piece === undefined ? {} : { piece }),
      ...(rows ? { rows } : {}),
      ...(progress ? { progress } : {}),
    });
  }

  /** Runs statements about a book, each within the source's deadline. */
  private readerOf(book: SqlBook, signal: AbortSignal): Reading['read'] {
    return (statement) => withDeadline(signal, this.options.file.deadline, (own) => this.reader.run(book.definition.name, statement, own));
  }

  /** The book without what rests on columns that are gone. Throws a DriftedError where nothing of it can be read. */
  private async readable(book: LiveBook, signal: AbortSignal): Promise<ReadableBook> {
    const { definition, mapping, source, dialect } = book;
    const { readable, present } = await lookAtTables({ definition, mapping, source, dialect }, book.whole, this.readerOf(book, signal));
    const { drift } = readable;
    book.drift = drift;
    if (!drift) book.whole = present;
    else if (drift.unreadable) throw driftedError(this.id, drift);
    return readable;
  }

  /** Does the work, and once more where it failed because the partner changed its columns since the survey. */
  private async unlessDrifted<T>(book: LiveBook, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.guarded(async () => {
      const before = book.last;
      try {
        return await work();
      } catch (error) {
        if (!mayBeDrift(error) || signal.aborted || !before || book.last !== before) throw error;
        await this.readable(book, signal);
        if (JSON.stringify(before.surveyed.book.drift) === JSON.stringify(book.drift)) throw error;
        delete book.last;
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
      if (error instanceof SourceError || (error instanceof Error && error.name === 'AbortError')) throw error;
      if (error instanceof Error && error.name === 'TimeoutError')
        throw new SourceError(this.id, 'TIMED_OUT', `The database of ${this.id} did not answer a statement within ${this.options.file.deadline} ms.`, {
          cause: error,
        });
      throw new SourceError(this.id, 'REFUSED', 'The database of this source did not answer a statement.', { cause: error });
    }
  }
}

function firstReading(source: string, { definition, soFar }: LiveBook): string {
  return `The book of ${definition.name} of ${source} is being read for the first time, ${soFar?.survey.read ?? 0} rows so far: until then a row that is written unlike those may be missing.`;
}

/** Whether a statement may have failed for want of a column: servers say so, SQLite's driver says it with all else. */
function mayBeDrift(error: unknown): boolean {
  return !(error instanceof SourceError) || error.reason === 'MALFORMED';
}

/** A book of which no row can be read has nothing to survey; the source's other books have. */
function unreadable(error: unknown): Survey {
  if (!(error instanceof DriftedError)) throw error;
  return { entity: error.drift.entity, read: 0, accepted: 0, setAside: [], drift: error.drift };
}
