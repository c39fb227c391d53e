/** One entity's book behind a partner's API: read in whole and kept for a while, or asked for many keys at once. */
import { setImmediate as turn } from 'node:timers/promises';
import type { BookMapping, HttpSourceFile } from '../../../config/sourceFile.js';
import type { Value } from '../../../entities/kinds.js';
import { sharedController } from '../../abort.js';
import { encodeCell, isEncodable } from '../../decode.js';
import { type Layout, lacksOfSparse, layoutOf } from '../../drift.js';
import { type MappedRecord, type Mapper, setAsideDuplicates } from '../../mapping.js';
import type { RawRecord, RawValue } from '../../raw.js';
import { type Drift, type Row, type SetAside, SourceError, type Survey } from '../../source.js';
import { recordOf } from '../json.js';
import { keepsRowFilters } from '../rowFilter.js';
import type { ResourceReader } from './resource.js';

/** A whole book as it was at one instant. */
export interface Snapshot {
  readonly rows: readonly Row[];
  readonly survey: Survey;
  /** When the reading began, in milliseconds. */
  readonly at: number;
  readonly drift: Drift | undefined;
}

/** Rows of one answer. */
interface Piece {
  readonly rows: readonly unknown[];
  readonly place: string;
}

/** Called for each column that a row has. */
type See = (name: string, value: RawValue) => void;

/** A piece of a book: its raw rows, the columns that any of them has, and those that are empty in any. */
interface Raws {
  readonly records: readonly RawRecord[];
  readonly columns: ReadonlySet<string>;
  readonly empty: ReadonlySet<string>;
}

/** Rows that are mapped before others have their turn. */
const ROWS_OF_A_TURN = 500;
/** Requests of one ask that run at once. */
const MOST_AT_ONCE = 4;

/** One entity's book of an HTTP source. */
export class HttpBook {
  private readonly closing = sharedController();
  private snapshot?: Snapshot;
  private reading?: Promise<Snapshot> | undefined;
  /** The columns of the last reading that lacked none. */
  private whole?: readonly string[];

  constructor(
    private readonly file: HttpSourceFile,
    private readonly mapping: BookMapping,
    private readonly mapper: Mapper,
    private readonly reader: ResourceReader,
    private readonly clock: () => Date,
  ) {}

  /**
   * Whether the keys of an attribute can be asked for in batches: they are the batch's, and each has one form at the
   * partner's that a request can carry.
   */
  canBatch(keys: { readonly attribute: string; readonly values: readonly Value[] } | undefined): boolean {
    const batch = this.batchOf();
    const mapped = batch && this.mapper.attributes.get(batch.attribute);
    if (!batch || !mapped || keys?.attribute !== batch.attribute) return false;
    if (!isEncodable(mapped.attribute, mapped.column) || keys.values.includes(null)) return false;
    // A comma parts the keys of a GET.
    return batch.method === 'POST' || this.encoded(keys.values).every((key) => !String(key).includes(','));
  }

  /** The rows of many keys, asked for now: one request for as many keys as the partner takes at once. See `canBatch`. */
  async batch(values: readonly Value[], signal: AbortSignal): Promise<Row[]> {
    const keys = this.encoded(values);
    const maximum = this.batchOf()?.maximum ?? 1;
    const parts: (string | number)[][] = [];
    for (let start = 0; start < keys.length; start += maximum) parts.push(keys.slice(start, start + maximum));
    const asOf = this.clock().toISOString();
    const answers = await inParallel(parts, MOST_AT_ONCE, (part) => this.reader.batch(part, signal));
    const raws = this.raws(answers.map((rows, index) => ({ rows, place: `batch ${index + 1}` })));
    const drift = await this.driftNow(raws, Date.parse(asOf), signal);
    return (await this.accept(raws.records, asOf, drift)).rows.map(({ row }) => row);
  }

  /** Where the columns were not as the mapping expects when the whole book was last read. */
  get drift(): Drift | undefined {
    return this.snapshot?.drift;
  }

  /** The whole book, at most `freshFor` old. Those who ask while it is read share the reading; who gives up leaves it to the others. */
  async all(signal: AbortSignal): Promise<Snapshot> {
    const kept = this.snapshot;
    if (kept && this.clock().getTime() - kept.at < this.file.freshFor) return kept;
    return this.readAnew(signal);
  }

  /** The whole book, read now. */
  async readAnew(signal: AbortSignal): Promise<Snapshot> {
    this.reading ??= this.readWhole().finally(() => {
      this.reading = undefined;
    });
    return unlessAborted(this.reading, signal, this.file.id);
  }

  /** The first rows that the partner gives, raw and mapped. */
  async sample(count: number, signal: AbortSignal): Promise<{ raw: RawRecord['cells']; row: Row | SetAside }[]> {
    const asOf = this.clock().toISOString();
    const result: { raw: RawRecord['cells']; row: Row | SetAside }[] = [];
    for await (const page of this.reader.pages(signal)) {
      for (const [index, json] of page.rows.entries()) {
        const record = this.record(json, `page ${page.number} row ${index + 1}`);
        if (!this.isOfBook(record)) continue;
        const mapped = this.mapper.map(record, asOf);
        result.push({ raw: record.cells, row: mapped.ok ? mapped.row : mapped.setAside });
        if (result.length >= count) return result;
      }
    }
    return result;
  }

  /** Stops a reading that is under way. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.reading?.catch(() => undefined);
  }

  private async readWhole(): Promise<Snapshot> {
    const at = this.clock();
    const raws = { records: [] as RawRecord[], columns: new Set<string>(), empty: new Set<string>() };
    // Page by page as they come: a big book all at once would hold up everybody else.
    for await (const page of this.reader.pages(this.closing.signal)) {
      const { records, columns, empty } = this.raws([{ rows: page.rows, place: `page ${page.number}` }]);
      for (const record of records) raws.records.push(record);
      for (const column of columns) raws.columns.add(column);
      for (const column of empty) raws.empty.add(column);
    }
    const drift = this.driftIn(raws);
    if (!drift && raws.records.length > 0) this.whole = [...raws.columns];
    const { rows, setAside, read } = await this.accept(raws.records, at.toISOString(), drift);
    const survey = { entity: this.mapper.definition.name, read, accepted: rows.length, setAside, drift };
    this.snapshot = { rows: rows.map(({ row }) => row), survey, at: at.getTime(), drift };
    return this.snapshot;
  }

  private raws(parts: readonly Piece[]): Raws {
    return rawsOf(parts, this.mapper, this.mapping);
  }

  /**
   * Where the columns of the whole book are not as expected now. A few rows cannot tell a column that is gone from one that
   * they leave out, so that where they lack one the book is read; and so it is, when due, for one that lacked some before.
   */
  private async driftNow(raws: Raws, since: number, signal: AbortSignal): Promise<Drift | undefined> {
    const known = this.snapshot;
    if (this.driftIn(raws)) return (known?.drift || (known && known.at >= since) ? await this.all(signal) : await this.readAnew(signal)).drift;
    return known?.drift && (await this.all(signal)).drift;
  }

  private driftIn(raws: Raws): Drift | undefined {
    return layoutOfRaws(raws, this.mapper, this.mapping, this.whole)?.drift;
  }

  private record(json: unknown, place: string, see?: See): RawRecord {
    return rawRowOf(json, place, this.mapper, this.mapping, see);
  }

  private isOfBook(record: RawRecord): boolean {
    return isOfBook(record, this.mapping);
  }

  private async accept(
    records: readonly RawRecord[],
    asOf: string,
    drift: Drift | undefined,
  ): Promise<{ rows: MappedRecord[]; setAside: SetAside[]; read: number }> {
    if (drift?.unreadable) return { rows: [], setAside: [], read: 0 };
    const mapper = drift ? this.mapper.only([...this.mapper.attributes.keys()].filter((name) => !drift.attributes.includes(name))) : this.mapper;
    const mappedRows: MappedRecord[] = [];
    const setAside: SetAside[] = [];
    const seen = new Map<string, string>();
    let read = 0;
    for (const [index, record] of records.entries()) {
      // A big book takes seconds, which the answers of other sources must not wait for.
      if (index % ROWS_OF_A_TURN === ROWS_OF_A_TURN - 1) await turn();
      if (!this.isOfBook(record)) continue;
      const mapped = mapper.map(record, asOf);
      if (mapped.ok) {
        // A row that is added at the partner's between two pages pushes another one from the first page to the second, so
        // that it comes twice. The very same row is one row; rows that differ under one key are set aside below.
        const content = JSON.stringify(record.cells);
        if (seen.get(mapped.row.key) === content) continue;
        seen.set(mapped.row.key, content);
        mappedRows.push({ row: mapped.row, record });
      } else setAside.push(mapped.setAside);
      read += 1;
    }
    const parted = setAsideDuplicates(mappedRows);
    return { rows: parted.accepted, setAside: [...setAside, ...parted.setAside.map((entry) => entry.setAside)], read };
  }

  private encoded(values: readonly Value[]): (string | number)[] {
    const mapped = this.mapper.attributes.get(this.batchOf()?.attribute ?? '');
    if (!mapped) return [];
    const encoded = values.flatMap((value) => encodeCell(mapped.attribute, mapped.column, value) ?? []);
    return [...new Set(encoded)];
  }

  private batchOf() {
    return 'path' in this.mapping.from ? this.mapping.from.batch : undefined;
  }
}

/** A row of an answer, with an empty cell for each column of the mapping that it lacks. @param see called for each column that it has */
export function rawRowOf(json: unknown, place: string, mapper: Mapper, mapping: BookMapping, see?: See): RawRecord {
  const filtered = (mapping.where ?? []).map((filter) => filter.column);
  return recordOf(json, place, [...mapper.columns, ...filtered], see);
}

/** The raw rows of some pieces of a book, and what is known of their columns. */
export function rawsOf(pieces: readonly Piece[], mapper: Mapper, mapping: BookMapping): Raws {
  const columns = new Set<string>();
  const empty = new Set<string>();
  const see: See = (name, value) => {
    columns.add(name);
    if (value === null) empty.add(name);
  };
  const records = pieces.flatMap(({ rows, place }) => rows.map((json, index) => rawRowOf(json, `${place} row ${index + 1}`, mapper, mapping, see)));
  return { records, columns, empty };
}

/** What of a book can be read where these are its rows; undefined where they cannot tell. @param before the columns when it last lacked none */
export function layoutOfRaws({ records, columns, empty }: Raws, mapper: Mapper, mapping: BookMapping, before?: readonly string[]): Layout | undefined {
  if (records.every((record) => record.problem !== undefined)) return undefined;
  const lacks = lacksOfSparse(mapper.definition, (column) => columns.has(column) || isWithin(empty, column), before);
  return layoutOf(mapper.definition, mapping, { present: [...columns], before, lacks });
}

/** Whether a row is the book's. One that cannot be read as a whole is set aside, not filtered away by one of its cells. */
export function isOfBook(record: RawRecord, mapping: BookMapping): boolean {
  return record.problem !== undefined || keepsRowFilters(record.cells, mapping.where);
}

async function inParallel<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}

/** Whether the object that the column would be in is empty. */
function isWithin(empty: ReadonlySet<string>, column: string): boolean {
  const parts = column.split('.');
  return parts.some((_part, index) => index > 0 && empty.has(parts.slice(0, index).join('.')));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, source: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new SourceError(source, 'TIMED_OUT', 'the ask was given up before the whole book was read.'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
