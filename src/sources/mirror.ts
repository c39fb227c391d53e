/**
 * A mirrored source: its books are copied into the hub's store and asked there. The copy is looked after at most every
 * few seconds: where the feed has changed, every row is read, mapped and checked, and the new state becomes visible in
 * one transaction. Rows that do not fit are kept in quarantine with their reason.
 */
import type { DataSource } from 'typeorm';
import { allDefinitions, type EntityDefinition } from '../entities/definition.js';
import { readableDatabase } from './connectors/sql/database.js';
import { SqlReader } from './connectors/sql/reader.js';
import { sqlite } from './connectors/sql/sqlite.js';
import { storeBinding } from './connectors/sql/storeBinding.js';
import { driftedError, refuseDrifted } from './drift.js';
import { type Mapper, type RawRecord, setAsideDuplicates } from './mapping.js';
import { type ReadBook, setAsideDangling } from './references.js';
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
} from './source.js';
import { columnsOf, insert, type Run } from './storeRows.js';

/** Where a mirrored source's rows come from. */
export interface MirrorFeed {
  readonly definitions: readonly EntityDefinition[];
  /** A text that changes when the rows, or what they are to become, may have changed. */
  fingerprint(): Promise<string>;
  /** As of when the rows speak. */
  asOf(): Promise<string>;
  /** Looks at the columns of every book: those that are not as their mapping expects. Asked before records and mappers. */
  drifts?(fingerprint: string): Promise<ReadonlyMap<string, Drift>>;
  records(definition: EntityDefinition): AsyncIterable<RawRecord>;
  mapper(definition: EntityDefinition): Mapper;
  /** Whether a required link to another book of this source must lead somewhere. */
  readonly checksLinks: boolean;
}

/** The hub's store, as a mirrored source needs it. */
export interface MirrorStore {
  readonly reader: DataSource;
  readonly writer: DataSource;
  /** Runs the work when no other write is under way. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

interface MirrorOptions {
  readonly id: string;
  readonly how: 'LIVE' | 'MIRRORED';
  readonly feed: MirrorFeed;
  readonly store: MirrorStore;
  readonly clock: () => Date;
  readonly onStatement?: StatementListener | undefined;
  /** A state whose columns changed is not taken where there is an older one. */
  readonly keepsWhole?: boolean;
}

/** How long a copy is trusted before the feed is looked at again, in milliseconds. */
const LOOK_AGAIN_AFTER = 5_000;
const NOTHING_EXCLUDED = { keys: [] };

/** A source whose rows the store holds. */
export class MirroredSource implements Source {
  readonly id: string;
  readonly how: 'LIVE' | 'MIRRORED';
  readonly entities: ReadonlySet<string>;
  private readonly reader: SqlReader;
  private readonly definitions: ReadonlyMap<string, EntityDefinition>;
  private looking?: Promise<void> | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private statedAt = '';
  private drifts: ReadonlyMap<string, Drift> = new Map();

  constructor(private readonly options: MirrorOptions) {
    this.id = options.id;
    this.how = options.how;
    this.definitions = new Map(options.feed.definitions.map((definition) => [definition.name, definition]));
    this.entities = new Set(this.definitions.keys());
    this.reader = new SqlReader(options.id, readableDatabase(options.store.reader), options.onStatement);
  }

  asOf(): string {
    return this.statedAt;
  }

  drift(entity: string): Drift | undefined {
    return this.drifts.get(entity);
  }

  async rows(ask: RowsAsk, signal: AbortSignal): Promise<Row[]> {
    await this.fresh();
    refuseDrifted(this.id, this.drifts.get(ask.entity), ask);
    return (await this.reader.rows(this.binding(ask.entity), ask, NOTHING_EXCLUDED, this.statedAt, signal)).rows;
  }

  async totals(ask: TotalsAsk, signal: AbortSignal): Promise<TotalsRow[]> {
    await this.fresh();
    refuseDrifted(this.id, this.drifts.get(ask.entity), ask);
    return this.reader.totals(this.binding(ask.entity), ask, NOTHING_EXCLUDED, signal);
  }

  async survey(): Promise<Survey[]> {
    this.lookedAt = Number.NEGATIVE_INFINITY;
    await this.fresh();
    const { reader } = this.options.store;
    const states = (await reader.query('SELECT entity, rows_read, rows_accepted FROM sync_state WHERE source = ? ORDER BY entity', [this.id])) as {
      entity: string;
      rows_read: number;
      rows_accepted: number;
    }[];
    const quarantine = (await reader.query('SELECT entity, place, reason, raw FROM quarantine WHERE source = ? ORDER BY id', [this.id])) as {
      entity: string;
      place: string;
      reason: string;
      raw: string;
    }[];
    return states.map((state) => ({
      entity: state.entity,
      read: state.rows_read,
      accepted: state.rows_accepted,
      drift: this.drifts.get(state.entity),
      setAside: quarantine.filter((row) => row.entity === state.entity).map((row) => ({ ...row, raw: JSON.parse(row.raw) as SetAside['raw'] })),
    }));
  }

  async sample(entity: string, count: number): Promise<{ raw: Readonly<Record<string, unknown>>; row: Row | SetAside }[]> {
    const { feed } = this.options;
    const definition = this.definitionOf(entity);
    await feed.drifts?.(await feed.fingerprint());
    const mapper = feed.mapper(definition);
    const asOf = await feed.asOf();
    const sampled: { raw: Readonly<Record<string, unknown>>; row: Row | SetAside }[] = [];
    for await (const record of feed.records(definition)) {
      if (sampled.length === count) break;
      const mapped = mapper.map(record, asOf);
      sampled.push({ raw: record.cells, row: mapped.ok ? mapped.row : mapped.setAside });
    }
    return sampled;
  }

  async close(): Promise<void> {
    await this.looking?.catch(() => undefined);
  }

  /** Looks at the feed, at most every few seconds; all asks of that moment wait for one look. */
  async fresh(): Promise<void> {
    if (this.options.clock().getTime() - this.lookedAt < LOOK_AGAIN_AFTER) return;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    await this.looking;
  }

  private async look(): Promise<void> {
    const { feed, store } = this.options;
    const fingerprint = await feed.fingerprint();
    const known = (await store.reader.query('SELECT entity, fingerprint, as_of FROM sync_state WHERE source = ?', [this.id])) as {
      entity: string;
      fingerprint: string;
      as_of: string;
    }[];
    const drifts: ReadonlyMap<string, Drift> = (await feed.drifts?.(fingerprint)) ?? new Map();
    const isCurrent = known.length === this.definitions.size && known.every((state) => state.fingerprint === fingerprint && this.definitions.has(state.entity));
    if (isCurrent) this.statedAt = known[0]?.as_of ?? '';
    else {
      const [drift] = drifts.values();
      if (drift && this.options.keepsWhole && known.length > 0) throw driftedError(this.id, drift);
      const asOf = await feed.asOf();
      const books = await this.read(asOf);
      await store.exclusively(() => this.replace(books, fingerprint, asOf));
      this.statedAt = asOf;
    }
    this.drifts = drifts;
    this.lookedAt = this.options.clock().getTime();
  }

  private async read(asOf: string): Promise<ReadBook[]> {
    const { feed } = this.options;
    const books: ReadBook[] = [];
    for (const definition of feed.definitions) {
      const mapper = feed.mapper(definition);
      const good: { row: Row; record: RawRecord }[] = [];
      const setAside: SetAside[] = [];
      let read = 0;
      for await (const record of feed.records(definition)) {
        read++;
        const mapped = mapper.map(record, asOf);
        if (mapped.ok) good.push({ row: mapped.row, record });
        else setAside.push(mapped.setAside);
      }
      const parted = setAsideDuplicates(good);
      books.push({ definition, read, rows: parted.accepted, setAside: [...setAside, ...parted.setAside.map((entry) => entry.setAside)] });
    }
    return feed.checksLinks ? setAsideDangling(books) : books;
  }

  private async replace(books: readonly ReadBook[], fingerprint: string, asOf: string): Promise<void> {
    const syncedAt = this.options.clock().toISOString();
    await this.options.store.writer.transaction(async (manager) => {
      const run: Run = (text, parameters) => manager.query(text, [...parameters]);
      // A book that the source holds no more leaves no rows behind.
      const known = (await run('SELECT entity FROM sync_state WHERE source = ?', [this.id])) as { entity: string }[];
      for (const definition of allDefinitions()) {
        if (!this.definitions.has(definition.name) && known.some(({ entity }) => entity === definition.name)) await this.clear(run, definition);
      }
      await run('DELETE FROM quarantine WHERE source = ?', [this.id]);
      await run('DELETE FROM sync_state WHERE source = ?', [this.id]);
      for (const book of books) {
        const columns = columnsOf(book.definition);
        await this.clear(run, book.definition);
        await insert(
          run,
          book.definition.table,
          ['source', 'key', 'as_of', ...columns.map(({ column }) => column)],
          book.rows.map(({ row }) => [row.source, row.key, row.asOf, ...columns.map(({ name }) => row[name] ?? null)]),
        );
        await insert(
          run,
          'quarantine',
          ['source', 'entity', 'place', 'reason', 'raw'],
          book.setAside.map((row) => [this.id, row.entity, row.place, row.reason, rawText(row.raw)]),
        );
        await run('INSERT INTO sync_state (source, entity, fingerprint, as_of, synced_at, rows_read, rows_accepted) VALUES (?, ?, ?, ?, ?, ?, ?)', [
          this.id,
          book.definition.name,
          fingerprint,
          asOf,
          syncedAt,
          book.read,
          book.rows.length,
        ]);
      }
    });
  }

  private async clear(run: Run, definition: EntityDefinition): Promise<void> {
    await run(`DELETE FROM ${sqlite.quote(definition.table)} WHERE source = ?`, [this.id]);
  }

  private binding(entity: string) {
    return storeBinding(sqlite, this.definitionOf(entity), this.id, this.how);
  }

  private definitionOf(entity: string): EntityDefinition {
    const definition = this.definitions.get(entity);
    if (!definition) throw new SourceError(this.id, 'MISCONFIGURED', `${this.id} holds no book of ${entity}.`);
    return definition;
  }
}

/** The raw row as JSON; a whole number of any length as a text. */
function rawText(raw: SetAside['raw']): string {
  return JSON.stringify(raw, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
