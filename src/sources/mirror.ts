/**
 * A mirrored source: its books are copied into the hub's store and asked there. See `sync/syncer.ts` for how a copy is made.
 *
 * Where source.yml has a schedule, the copy is made by it. Else the feed is looked at when the source is asked, at most
 * every few seconds; who asks waits for the copy, and not for long where there is an older one. Rows that do not fit are
 * kept in quarantine with their reason.
 */

import type { EntityDefinition } from '../entities/definition.js';
import { sharedController } from './abort.js';
import { readableDatabase } from './connectors/sql/database.js';
import { SqlReader } from './connectors/sql/reader.js';
import { sqlite } from './connectors/sql/sqlite.js';
import { storeBinding } from './connectors/sql/storeBinding.js';
import { refuseDrifted } from './drift.js';
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
import type { MirrorFeed } from './sync/feed.js';
import { runsOf, type SyncRun } from './sync/runs.js';
import type { MirrorStore } from './sync/store.js';
import { runSync, type SyncOptions } from './sync/syncer.js';

export type { MirrorFeed } from './sync/feed.js';
export type { MirrorStore } from './sync/store.js';

interface MirrorOptions {
  readonly id: string;
  readonly how: 'LIVE' | 'MIRRORED';
  readonly feed: MirrorFeed;
  readonly store: MirrorStore;
  readonly clock: () => Date;
  readonly onStatement?: StatementListener | undefined;
  /** It is copied by a schedule: those who ask take the copy that there is. */
  readonly isScheduled?: boolean;
  /** Longest that who asks waits for a newer copy where there is an older one, in milliseconds. */
  readonly patience?: number;
  /** No other source has rows of its entities: the register. */
  readonly isAlone?: boolean;
  /** A state whose columns changed is not taken where there is an older one. */
  readonly keepsWhole?: boolean;
}

/** How long a copy is trusted before the feed is looked at again, in milliseconds. */
const LOOK_AGAIN_AFTER = 5_000;
/** A feed that failed is left alone, while it stays as it is, for so many times as long as it took to fail, */
const REST_FACTOR = 10;
/** and no longer than this, in milliseconds. */
const LONGEST_REST = 60_000;
const PATIENCE = 2_500;
/** Rows in quarantine that a survey lists of each book. */
const MOST_LISTED = 1_000;
const NOTHING_EXCLUDED = { keys: [] };

/** A source whose rows the store holds. */
export class MirroredSource implements Source {
  readonly id: string;
  readonly how: 'LIVE' | 'MIRRORED';
  readonly entities: ReadonlySet<string>;
  private readonly reader: SqlReader;
  private readonly definitions: ReadonlyMap<string, EntityDefinition>;
  private readonly closing = sharedController();
  private looking?: Promise<void> | undefined;
  private syncing: Promise<unknown> = Promise.resolve();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private hasCopy = false;
  private statedAt = '';
  private fingerprint = '';
  private failure?: { readonly error: unknown; readonly fingerprint: string; readonly until: number } | undefined;
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
    await this.lookNow();
    const { reader } = this.options.store;
    const states = (await reader.query('SELECT entity, rows_read, rows_accepted FROM sync_state WHERE source = ? ORDER BY entity', [
      this.id,
    ])) as StateColumns[];
    return Promise.all(
      states.map(async (state) => ({
        entity: state.entity,
        read: state.rows_read,
        accepted: state.rows_accepted,
        drift: this.drifts.get(state.entity),
        setAside: await this.quarantine(state.entity),
      })),
    );
  }

  async sample(entity: string, count: number, signal = this.closing.signal): Promise<{ raw: Readonly<Record<string, unknown>>; row: Row | SetAside }[]> {
    const { feed } = this.options;
    const definition = this.definitionOf(entity);
    await feed.drifts?.(await feed.fingerprint(), signal);
    const mapper = feed.mapper(definition);
    const { asOf, books } = await feed.deliver(new Map());
    const sampled: { raw: Readonly<Record<string, unknown>>; row: Row | SetAside }[] = [];
    for (const { records } of books.find((book) => book.definition === definition)?.parts ?? []) {
      for await (const record of records(signal)) {
        if (sampled.length >= count) return sampled;
        const mapped = mapper.map(record, asOf);
        sampled.push({ raw: record.cells, row: mapped.ok ? mapped.row : mapped.setAside });
      }
    }
    return sampled;
  }

  /** Copies the source anew, and gives the record of the run; undefined where the copy is what the feed holds. One at a time. */
  async sync(options: Omit<SyncOptions, 'signal'> & { readonly signal?: AbortSignal | undefined }): Promise<SyncRun | undefined> {
    const { signal } = options;
    const run = async (): Promise<SyncRun | undefined> => {
      const done = await runSync(this.options, { ...options, signal: signal ? AbortSignal.any([this.closing.signal, signal]) : this.closing.signal });
      await this.readState();
      return done;
    };
    const running = this.syncing.then(run, run);
    this.syncing = running.catch(() => undefined);
    return running;
  }

  /** The last runs, newest first. */
  runs(count: number): Promise<SyncRun[]> {
    return runsOf(this.options.store.reader, this.id, count);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.looking?.catch(() => undefined);
    await this.syncing;
  }

  /** Looks at the feed, at most every few seconds; all asks of that moment wait for one look. */
  async fresh(): Promise<void> {
    if (this.options.clock().getTime() - this.lookedAt < LOOK_AGAIN_AFTER) return;
    const looking = this.lookNow();
    if (this.hasCopy) await unlessLate(looking, this.options.patience ?? PATIENCE);
    else await looking;
  }

  private lookNow(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async look(): Promise<void> {
    await this.readState();
    if (await this.isDue()) await this.syncUnlessFailed();
    this.lookedAt = this.options.clock().getTime();
  }

  /** Whether to look for something new now; what a schedule or another process has copied was noted already. */
  private async isDue(): Promise<boolean> {
    const { feed, isScheduled } = this.options;
    if (!this.hasCopy) return true;
    // What was copied before the mapping was changed is not what it says.
    if (feed.isPolled) return this.fingerprint !== (await feed.fingerprint());
    return !isScheduled || this.lookedAt === Number.NEGATIVE_INFINITY;
  }

  /** What has failed will probably fail again as long as the feed is the same: a long drop is not read again for every ask. */
  private async syncUnlessFailed(): Promise<void> {
    const { feed, clock } = this.options;
    const fingerprint = await feed.fingerprint();
    const { failure } = this;
    const started = clock().getTime();
    if (failure?.fingerprint === fingerprint && started < failure.until) throw failure.error;
    try {
      await this.sync({ by: 'hub' });
      this.failure = undefined;
    } catch (error) {
      const now = clock().getTime();
      this.failure = { error, fingerprint, until: now + Math.min(LONGEST_REST, (now - started) * REST_FACTOR) };
      throw error;
    }
  }

  /** Takes note of the copy that the store holds. */
  private async readState(): Promise<void> {
    const states = (await this.options.store.reader.query('SELECT entity, fingerprint, as_of, drift FROM sync_state WHERE source = ?', [
      this.id,
    ])) as StateColumns[];
    this.hasCopy = states.length > 0 && [...this.entities].every((entity) => states.some((state) => state.entity === entity));
    this.statedAt = states[0]?.as_of ?? '';
    this.fingerprint = states[0]?.fingerprint ?? '';
    this.drifts = new Map(states.flatMap(({ entity, drift }) => (drift === null ? [] : [[entity, JSON.parse(drift) as Drift]])));
  }

  private async quarantine(entity: string): Promise<SetAside[]> {
    const rows = (await this.options.store.reader.query(
      'SELECT entity, place, file, sheet, line, reason, raw FROM quarantine WHERE source = ? AND entity = ? ORDER BY id LIMIT ?',
      [this.id, entity, MOST_LISTED],
    )) as QuarantineColumns[];
    return rows.map(({ place, reason, raw, file, sheet, line }) => ({
      entity,
      place,
      ...(file !== null && line !== null && { at: { file, line, ...(sheet !== null && { sheet }) } }),
      reason,
      raw: JSON.parse(raw) as SetAside['raw'],
    }));
  }

  private binding(entity: string) {
    return storeBinding(sqlite, this.definitionOf(entity), this.id, this.how, this.options.isAlone);
  }

  private definitionOf(entity: string): EntityDefinition {
    const definition = this.definitions.get(entity);
    if (!definition) throw new SourceError(this.id, 'MISCONFIGURED', `${this.id} holds no book of ${entity}.`);
    return definition;
  }
}

interface StateColumns {
  readonly entity: string;
  readonly fingerprint: string;
  readonly as_of: string;
  readonly drift: string | null;
  readonly rows_read: number;
  readonly rows_accepted: number;
}

interface QuarantineColumns {
  readonly place: string;
  readonly reason: string;
  readonly raw: string;
  readonly file: string | null;
  readonly sheet: string | null;
  readonly line: number | null;
}

/** Waits for the work, but no longer than so many milliseconds; what becomes of it after that is no concern of who waited. */
async function unlessLate(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
